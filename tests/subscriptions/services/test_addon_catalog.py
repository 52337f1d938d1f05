"""What a merchant may change of what rides along, and what is kept for those who have ordered it."""

from dataclasses import replace

import pytest
from pendulum import DateTime

from ripeday.kit.errors import InvalidForm, NotFound
from subscriptions.adapters import addon_sheet, addon_store, merchant_page
from subscriptions.adapters.addon_store import AddonTerms
from subscriptions.adapters.merchant_page import Shop
from subscriptions.addon import Closing
from subscriptions.services.addon_catalog import AddonCatalogService
from subscriptions.services.riding import RidingService
from subscriptions.tax import TaxClass
from tests.market import BEFORE, DELIVERY_ON, open_market
from tests.subscriptions.services.test_riding import CLOSES, OPEN, Riders, riders
from tests.subscriptions.services.test_skipping import NEXT

TERMS = AddonTerms("Honey", "蜂蜜", 750, TaxClass.FOOD, 700, Closing(5, 720), None, None)


async def shop_of(r: Riders) -> Shop:
    (shop,) = await merchant_page.shops_of([r.market.merchant])
    return shop


async def refused(r: Riders, terms: AddonTerms, *, now: DateTime = OPEN) -> list[str]:
    """Return the fields that a change is refused for."""
    try:
        await AddonCatalogService().change(
            await shop_of(r), r.addon, terms, actor=r.people[0], now=now
        )
    except InvalidForm as error:
        return [fault.field for fault in error.errors]
    return []


async def test_who_has_ordered_it_keeps_its_price_and_what_is_kept_for_them(database: str) -> None:
    r = await riders(2, limit=9)
    assert await refused(r, replace(TERMS, price_minor=800)) == []
    await r.order(0, units=3, every_box=True)
    await r.order(1, units=2)
    assert await refused(r, replace(TERMS, price_minor=750)) == ["price"]
    assert await refused(r, replace(TERMS, price_minor=800, day_limit=4)) == ["day_limit"]
    assert await refused(r, replace(TERMS, price_minor=800, day_limit=5)) == []


async def test_ended_it_still_comes_where_it_had_closed_and_nowhere_else(database: str) -> None:
    r = await riders()
    await r.order(units=2, every_box=True)
    assert await refused(r, replace(TERMS, last_on=DELIVERY_ON.subtract(days=1)), now=CLOSES) == [
        "last_on"
    ]
    last_on = await AddonCatalogService().end(
        await shop_of(r), r.addon, actor=r.people[0], now=CLOSES
    )
    assert last_on == DELIVERY_ON
    look = await RidingService().look(r.people[0], r.market.subscriptions[0], NEXT, now=CLOSES)
    assert (look.choices, look.price) == ((), look.box_price)
    (day,) = await addon_sheet.sheet_of(r.market.merchant, since=DELIVERY_ON)
    assert (day.units, day.closes_at, day.is_locked) == ({r.addon: 2}, {r.addon: CLOSES}, False)


async def test_what_nobody_waits_for_ends_at_once(database: str) -> None:
    r = await riders()
    await r.order(units=2)
    await AddonCatalogService().end(await shop_of(r), r.addon, actor=r.people[0], now=OPEN)
    (addon,) = (await addon_store.addons_of([r.market.merchant]))[r.market.merchant]
    assert not addon.comes_on(DELIVERY_ON)


async def test_another_merchants_thing_is_as_missing(database: str) -> None:
    r, other = await riders(), await open_market(slug="other")
    (theirs,) = await merchant_page.shops_of([other.merchant])
    with pytest.raises(NotFound):
        await AddonCatalogService().change(theirs, r.addon, TERMS, actor=r.people[0], now=BEFORE)
