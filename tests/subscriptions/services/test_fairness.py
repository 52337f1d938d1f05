"""Scarce produce goes round from delivery to delivery, as the database remembers it."""

from uuid import UUID, uuid4

import pytest

from ripeday.kit.adapters.engine import connection
from subscriptions.adapters import scarcity_page
from subscriptions.planning.answer import Answer
from subscriptions.services import fairness
from tests.subscriptions.people import fetch
from tests.subscriptions.services.scarce_street import (
    PLENTY,
    SCARCE,
    Street,
    open_scarce_street,
)


@pytest.fixture
async def street(database: str) -> Street:
    assert database
    return await open_scarce_street()


async def three_weeks(street: Street) -> tuple[list[UUID], list[int]]:
    """Plan three deliveries with one fruit each; returns the days, and who got it on each."""
    days = [street.market.day, await street.open_day(1), await street.open_day(2)]
    got = []
    for day in days:
        (holder,) = await street.plan(day)
        got.append(holder)
        street.supply.one_more()
    return days, got


async def test_who_went_without_comes_first_the_next_time(street: Street) -> None:
    _, got = await three_weeks(street)
    assert sorted(got) == [0, 1, 2]
    assert await street.waits(3) == {got[0]: 2, got[1]: 1}


async def test_turns_are_counted_in_boxes_as_they_became(street: Street) -> None:
    days, got = await three_weeks(street)
    async with (
        connection() as c
    ):  # the first cancels a box without it, the second swaps it in later
        await c.execute(
            "UPDATE box SET status = 'cancelled', locked_at = status_at WHERE id = $1",
            await street.box(got[0], days[1]),
        )
        await c.execute(
            "UPDATE box_line SET produce = $2 WHERE box = $1", await street.box(got[1], days[2]), SCARCE
        )  # fmt: skip
    assert await street.waits(3) == {got[0]: 1}


async def test_a_turn_is_forgotten_after_twelve_weeks(street: Street) -> None:
    _, got = await three_weeks(street)
    assert await street.waits(13) == {got[0]: 2, got[1]: 1}
    assert await street.waits(14) == {got[0]: 1, got[1]: 1}
    assert await street.waits(15) == {}


async def test_planning_a_day_again_counts_its_turns_once(street: Street) -> None:
    holders = [await street.plan(street.market.day, anew=anew) for anew in (False, True, True)]
    assert holders[0] == holders[1] == holders[2]
    assert sorted((await street.waits(1)).values()) == [1, 1]
    assert await fetch("SELECT count(*) FROM plan_record") == [(1,)]


async def test_every_household_is_told_why(street: Street) -> None:
    days, got = await three_weeks(street)
    told = {}
    for household in range(3):
        (why,) = await fairness.why_box(await street.box(household, days[2]), SCARCE) or ()
        told[household] = (why.answer, why.missed, why.ahead)
    assert told == {
        got[0]: (Answer.WAITED_LONGER, 2, 0),
        got[1]: (Answer.WAITED_LONGER, 1, 1),
        got[2]: (Answer.IN_BOX, 0, 0),
    }
    every = await fairness.why_box(await street.box(0, days[2])) or ()
    assert {why.produce_key for why in every} == {PLENTY, SCARCE}
    (none,) = await fairness.why_box(await street.box(0, days[2]), "rose") or ()
    assert none.answer is Answer.NOT_OFFERED


async def test_an_answer_is_about_the_box_as_it_now_is(street: Street) -> None:
    (holder,) = await street.plan(street.market.day)
    box = await street.box(holder, street.market.day)
    async with connection() as c:
        await c.execute("DELETE FROM box_line WHERE box = $1 AND produce = $2", box, SCARCE)
    (why,) = await fairness.why_box(box, SCARCE) or ()
    assert why.answer is Answer.CHANGED_SINCE


async def test_a_box_of_an_unrecorded_plan_has_no_answer(street: Street) -> None:
    await street.plan(street.market.day)
    async with connection() as c:
        await c.execute("DELETE FROM plan_record")
    assert await fairness.why_box(await street.box(0, street.market.day)) is None
    assert await fairness.why_box(uuid4()) is None


async def test_a_stored_plan_is_made_again_to_the_same_boxes(street: Street) -> None:
    days, _ = await three_weeks(street)
    for day in days:
        assert await fairness.replays(day) == [True]
        ((scarce,),) = await fairness.scarce_in(day)
        assert (scarce.produce_key, scarce.wanted, scarce.got) == (SCARCE, 3, 1)


async def test_records_are_kept_for_twelve_weeks(street: Street) -> None:
    await street.plan(street.market.day)
    await street.plan(await street.open_day(12))
    assert await fetch("SELECT count(*) FROM plan_record") == [(2,)]
    await street.plan(await street.open_day(13))
    assert await fetch("SELECT count(*) FROM plan_record") == [(2,)]


async def test_the_board_names_who_has_waited_longest(street: Street) -> None:
    days, got = await three_weeks(street)
    (scarce,) = await scarcity_page.scarce_on(street.market.merchant, days[2])
    assert (scarce.key, scarce.n_got, scarce.n_without, scarce.longest) == (SCARCE, 1, 2, 2)
    assert scarce.first.household == f"Anna Nr. {got[0]}"
