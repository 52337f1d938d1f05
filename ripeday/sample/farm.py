"""The sample farm as a whole: the same day always makes the same farm."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from ripeday.kit.clock import instant
from ripeday.sample.addon import add_addons
from ripeday.sample.calendar import SampleDays
from ripeday.sample.donation import add_donation
from ripeday.sample.household import SampleSubscriber, add_households
from ripeday.sample.merchant import MERCHANTS, add_merchant
from ripeday.sample.row import RowBook
from ripeday.sample.season import add_catalogs
from ripeday.sample.staff import add_platform_admin, add_staff
from ripeday.sample.stop import add_stops
from ripeday.sample.supply import Receipt, add_supply
from ripening.adapters.tables import Produce as ProduceTable
from ripening.produce import Produce


@dataclass(frozen=True, slots=True)
class SampleFarm:
    """Rows to insert, lots that have come in, and subscribers whose cards are still to be saved."""

    book: RowBook
    receipts: tuple[Receipt, ...]
    subscribers: tuple[SampleSubscriber, ...]


def grow(as_of: dt.date, profiles: Mapping[str, Produce]) -> SampleFarm:
    """Make the farm as it stands on `as_of`."""
    book, days = RowBook(as_of), SampleDays(as_of)
    for produce in profiles.values():
        book.add(
            ProduceTable,
            key=produce.key,
            kind=produce.kind,
            family=produce.family,
            name_en=produce.name_en,
            name_zh=produce.name_zh,
        )
    receipts: list[Receipt] = []
    everyone: list[SampleSubscriber] = []
    hired_on = as_of - dt.timedelta(days=400)
    for merchant in MERCHANTS:
        add_merchant(book, merchant, days)
        add_stops(book, merchant)
        add_catalogs(book, merchant, days, profiles)
        subscribers = add_households(book, merchant, days, profiles)
        add_addons(book, merchant, subscribers)
        add_donation(book, merchant, days, subscribers)
        receipts += add_supply(book, merchant, days, profiles, subscribers)
        add_staff(book, merchant, hired_at=instant(hired_on, dt.time(9), merchant.timezone))
        everyone += subscribers
    add_platform_admin(book, hired_at=instant(hired_on, dt.time(9), "UTC"))
    return SampleFarm(book, tuple(receipts), tuple(everyone))
