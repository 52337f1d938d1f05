"""Loading the sample farm into an empty database."""

import datetime as dt

from argon2 import PasswordHasher
from rich.progress import Progress

from delivery.adapters import stock_store
from ripeday.composition import House
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.sample import store
from ripeday.sample.card import save_cards
from ripeday.sample.farm import SampleFarm, grow
from ripeday.sample.merchant import MERCHANTS
from ripeday.sample.staff import SAMPLE_PASSWORD, logins
from subscriptions.adapters.catalog_tables import Lot


async def load(house: House, as_of: dt.date, bars: Progress) -> bool:
    """Load the sample farm of a day; False when the database has merchants already.

    Rows go in within one transaction; the cards follow, and a load that was cut off there goes on with them.
    """
    async with unit_of_work():
        await store.hold_the_door()
        is_new = await store.is_empty()
        if is_new:
            await _insert(grow(as_of, house.profiles), bars)
    known = await store.loaded_on()
    if known is not None:
        await save_cards(house, grow(known, house.profiles).subscribers, bars)
    return is_new


async def _insert(farm: SampleFarm, bars: Progress) -> None:
    bar = bars.add_task("Loading the sample farm", total=len(store.TABLES) + len(farm.receipts))
    for table in store.TABLES:
        await store.insert(table, farm.book.rows[table])
        bars.update(bar, advance=1)
    emails = [login.email for login in logins()]
    await store.give_password(emails, PasswordHasher().hash(SAMPLE_PASSWORD))
    await stock_store.announce([row["id"] for row in farm.book.rows[Lot]])
    for receipt in farm.receipts:
        await stock_store.receive(receipt.lot_id, units=receipt.units, now=receipt.at)
        bars.update(bar, advance=1)
    await store.note_loaded(farm.book, [farm.book.key(merchant.slug) for merchant in MERCHANTS])
