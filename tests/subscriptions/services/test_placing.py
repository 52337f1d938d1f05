"""Other places for boxes: which deliveries go there, what a full stop refuses, and what stays where it was."""

import asyncio
import datetime as dt
from uuid import UUID

import pytest

from ripeday.kit.adapters.engine import connection
from ripeday.kit.errors import Invalid, NotFound
from subscriptions.adapters import place_store
from subscriptions.errors import PastCutoff, PlaceTaken
from subscriptions.place import Door, HowLong, Places, StopPlace
from subscriptions.receipt import Deed
from subscriptions.services.placing import ELSEWHERE, HOME, Asked, PlacingService
from tests.market import (
    AFTER,
    BEFORE,
    DELIVERY_ON,
    Market,
    add_household,
    add_stop,
    broken_invariants,
    open_market,
)

NEIGHBOUR = Door("Nachbarweg 9", "Berlin", "10119", "at the back")
WEEK = dt.timedelta(weeks=1)
NEXT_ON = DELIVERY_ON + WEEK
placing = PlacingService()


def at(stop: UUID, how_long: HowLong = HowLong.ONCE, until: dt.date | None = None) -> Asked:
    return Asked(str(stop), how_long, until)


async def person_of(subscription: UUID) -> UUID:
    async with connection() as c:
        person: UUID = await c.fetchval(
            "SELECT person FROM household JOIN subscription ON subscription.household = household.id"
            " WHERE subscription.id = $1",
            subscription,
        )
    return person


async def places(subscription: UUID) -> Places:
    return (await place_store.places_of([subscription]))[subscription]


def names(found: Places, *days: dt.date) -> list[str | None]:
    there = [found.on(day) for day in days]
    return [
        None if each is None else each.name if isinstance(each, StopPlace) else each.street
        for each in there
    ]


async def one_order(m: Market) -> tuple[UUID, UUID]:
    order = await add_household(m)
    return await person_of(order), order


async def test_one_box_goes_elsewhere_and_the_next_ones_as_usual(database: str) -> None:
    m = await open_market()
    person, order = await one_order(m)
    stop = await add_stop(m)
    receipt = await placing.change(person, order, DELIVERY_ON, at(stop), now=BEFORE)
    assert receipt.done.deed is Deed.PLACE_CHANGED
    assert (receipt.done.delivery_on, receipt.done.effect_minor) == (DELIVERY_ON, 0)
    assert names(await places(order), DELIVERY_ON, NEXT_ON) == ["Old Bakery", "Lindenweg 0"]
    assert await broken_invariants() == []


async def test_a_change_for_good_leaves_the_box_past_its_cut_off_where_it_goes(
    database: str,
) -> None:
    m = await open_market()
    person, order = await one_order(m)
    stop = await add_stop(m)
    with pytest.raises(PastCutoff):
        await placing.change(person, order, DELIVERY_ON, at(stop, HowLong.GOOD), now=AFTER)

    await placing.change(person, order, NEXT_ON, at(stop, HowLong.GOOD), now=AFTER)

    found = await places(order)
    assert names(found, DELIVERY_ON, NEXT_ON, NEXT_ON + 20 * WEEK) == [
        "Lindenweg 0",
        *["Old Bakery"] * 2,
    ]
    home_again = Asked(HOME, HowLong.GOOD)
    await placing.change(person, order, NEXT_ON + WEEK, home_again, now=AFTER)
    found = await places(order)
    assert names(found, NEXT_ON, NEXT_ON + WEEK) == ["Old Bakery", "Lindenweg 0"]


async def test_a_span_can_be_ended_with_any_box_of_it_and_no_other_may_cross_it(
    database: str,
) -> None:
    m = await open_market()
    person, order = await one_order(m)
    until = DELIVERY_ON + 3 * WEEK
    away = Asked(ELSEWHERE, HowLong.SPAN, until, NEIGHBOUR)
    await placing.change(person, order, DELIVERY_ON, away, now=BEFORE)
    with pytest.raises(PlaceTaken):
        await placing.change(
            person, order, NEXT_ON, at(await add_stop(m), HowLong.GOOD), now=BEFORE
        )

    receipt = await placing.withdraw(person, order, NEXT_ON, now=BEFORE)

    assert receipt is not None
    assert receipt.done.deed is Deed.PLACE_WITHDRAWN
    days = (DELIVERY_ON, NEXT_ON, NEXT_ON + WEEK)
    assert names(await places(order), *days) == ["Nachbarweg 9", "Lindenweg 0", "Lindenweg 0"]
    assert await placing.withdraw(person, order, NEXT_ON, now=BEFORE) is None


async def test_two_who_ask_at_once_do_not_both_get_the_last_place_of_a_stop(database: str) -> None:
    m = await open_market()
    stop = await add_stop(m, capacity=1)
    asking = [await one_order(m), await one_order(m)]

    found = await asyncio.gather(
        *(placing.change(*each, DELIVERY_ON, at(stop), now=BEFORE) for each in asking),
        return_exceptions=True,
    )

    assert sum(isinstance(each, Invalid) for each in found) == 1
    refused = next(str(each) for each in found if isinstance(each, Invalid))
    assert "full on" in refused


async def test_a_stop_is_full_on_the_days_on_which_all_its_places_are_taken_and_on_no_other(
    database: str,
) -> None:
    m = await open_market()
    stop = await add_stop(m, capacity=1)
    guest, other = await one_order(m), await one_order(m)
    await placing.change(*guest, NEXT_ON, at(stop), now=BEFORE)

    with pytest.raises(Invalid, match=r"on 8.December"):
        await placing.change(
            *other, DELIVERY_ON, at(stop, HowLong.SPAN, NEXT_ON + WEEK), now=BEFORE
        )
    with pytest.raises(Invalid, match=r"on 8.December"):
        await placing.foresee(*other, DELIVERY_ON, at(stop, HowLong.GOOD), now=BEFORE)
    await placing.change(*other, DELIVERY_ON, at(stop), now=BEFORE)

    assert names(await places(other[1]), DELIVERY_ON, NEXT_ON) == ["Old Bakery", "Lindenweg 1"]


async def test_who_is_away_from_the_usual_stop_keeps_the_place_there(database: str) -> None:
    m = await open_market()
    stop = await add_stop(m, capacity=1)
    host, guest = await one_order(m), await one_order(m)
    await placing.change(*host, DELIVERY_ON, at(stop, HowLong.GOOD), now=BEFORE)
    await placing.change(*host, DELIVERY_ON, Asked(HOME, HowLong.ONCE), now=BEFORE)

    with pytest.raises(Invalid, match="full"):
        await placing.change(*guest, DELIVERY_ON, at(stop), now=BEFORE)
    await placing.withdraw(*host, DELIVERY_ON, now=BEFORE)

    assert names(await places(host[1]), DELIVERY_ON) == ["Old Bakery"]


async def test_another_place_is_one_of_the_round_and_ones_own(database: str) -> None:
    m = await open_market()
    (person, order), (stranger, _) = await one_order(m), await one_order(m)
    far = Asked(ELSEWHERE, HowLong.ONCE, None, Door("Weit 1", "Bonn", "53111"))
    with pytest.raises(Invalid, match="does not come to this postcode"):
        await placing.change(person, order, DELIVERY_ON, far, now=BEFORE)
    elsewhere = await add_stop(await open_market(slug="havel"))
    bank = await add_stop(m, kind="food_bank")
    for stop in (elsewhere, bank):
        with pytest.raises(Invalid, match="Choose where"):
            await placing.change(person, order, DELIVERY_ON, at(stop), now=BEFORE)
    with pytest.raises(NotFound):
        await placing.change(stranger, order, DELIVERY_ON, at(bank), now=BEFORE)


async def test_what_is_said_first_names_the_boxes_and_the_way_back(database: str) -> None:
    m = await open_market()
    person, order = await one_order(m)
    stop = await add_stop(m)
    asked = at(stop, HowLong.SPAN, NEXT_ON + WEEK)
    prospect = await placing.foresee(person, order, DELIVERY_ON, asked, now=BEFORE)
    said = " ".join(str(each) for each in prospect.points)
    assert "1\xa0December and 8\xa0December" in said
    assert "Old Bakery, Marktplatz 2" in said
    assert "15\xa0December" in said
    assert (await places(order)).spans == ()
