"""A lot is looked at when it comes in: what is measured moves it, for all whose boxes are planned from it."""

from uuid import UUID

import pytest

from delivery.services.stock import Arrived
from ripeday.kit.errors import InvalidForm
from tests.delivery.services.floor import MORNING, stock_service
from tests.market import (
    BEFORE,
    Market,
    add_household,
    add_lot,
    broken_invariants,
    open_market,
)
from tests.subscriptions.people import add_person, fetch

pytestmark = pytest.mark.usefixtures("database")
STOCK = stock_service()


async def announced(produce: str, *, households: int = 0) -> tuple[Market, UUID]:
    m = await open_market()
    lot = await add_lot(m, produce, units=60, received=False)
    for _ in range(households):
        await add_household(m)
    if households:
        assert await STOCK.learning.planning.plan_day(m.day, now=BEFORE)
    return m, lot


async def receive(m: Market, lot: UUID, **looked: object) -> None:
    actor = await add_person(f"packer.{lot.hex[:6]}@example.org")
    await STOCK.receive_lot(
        lot,
        Arrived({m.place: 60}, **looked),  # type: ignore[arg-type]
        merchant_ids=[m.merchant],
        actor_id=actor,
        now=MORNING,
    )


async def known(lot: UUID) -> tuple[float, float, float | None]:
    ((age, shift, sigma),) = await fetch(
        "SELECT age_days, shift_days, shift_sigma FROM lot WHERE id = $1", lot
    )
    return age, shift, sigma  # type: ignore[return-value]


async def test_yellower_bananas_than_announced_run_ahead_and_what_was_announced_stays() -> None:
    m, lot = await announced("banana")

    await receive(m, lot, measured="5", n_fruit=10)

    age, shift, sigma = await known(lot)
    assert age == 0.0
    assert shift > 0.3
    assert sigma is not None
    ((scale, stage, n, measured, expected),) = await fetch(
        "SELECT scale, measured, n_fruit, age_days, expected_days FROM lot_check"
    )
    assert (scale, stage, n) == ("colour", 5.0, 10)
    assert isinstance(measured, float)
    assert isinstance(expected, float)
    assert measured > expected
    assert await broken_invariants() == []


async def test_the_more_are_looked_at_the_more_the_look_counts() -> None:
    shifts, sigmas = [], []
    for n, slug in ((1, "greengate"), (50, "elsewhere")):
        m = await open_market(slug=slug)
        lot = await add_lot(m, "banana", units=60, received=False)
        await receive(m, lot, measured="5", n_fruit=n)
        _, shift, sigma = await known(lot)
        shifts.append(shift)
        sigmas.append(sigma)

    assert shifts[0] < shifts[1]
    assert sigmas[1] < sigmas[0]  # type: ignore[operator]


async def test_firm_fruit_is_measured_in_its_unit_and_words_count_over_how_many() -> None:
    m, lot = await announced("kiwifruit_green")
    await receive(m, lot, measured="16 lbf", n_fruit=5)
    other = await add_lot(m, "mango", units=60, received=False)
    await receive(m, other, stage="2", n_fruit=5)

    rows = await fetch("SELECT scale FROM lot_check ORDER BY scale")
    assert [row[0] for row in rows] == ["firmness", "words"]
    assert (await known(other))[0] == 0.0


async def test_boxes_planned_from_the_lot_hear_of_it_before_they_are_packed() -> None:
    m, lot = await announced("banana", households=2)
    said = "SELECT chance_fraction FROM box_line WHERE lot = $1 ORDER BY id"
    before = await fetch(said, lot)

    await receive(m, lot, measured="6", n_fruit=20)

    assert before
    assert all(old != new for old, new in zip(before, await fetch(said, lot), strict=True))


async def test_a_stage_chosen_in_words_alone_grades_the_lot_anew() -> None:
    m, lot = await announced("banana", households=1)
    said = "SELECT chance_fraction FROM box_line WHERE lot = $1 ORDER BY id"
    before = await fetch(said, lot)

    await receive(m, lot, stage="6")

    age, shift, sigma = await known(lot)
    assert (shift, sigma) == (0.0, None)
    assert age > 0
    assert await fetch(said, lot) != before
    assert await fetch("SELECT * FROM lot_check") == []


@pytest.mark.parametrize(
    ("looked", "field"),
    [
        ({"measured": "5"}, "n_fruit"),
        ({"measured": "9", "n_fruit": 3}, "measured"),
        ({"measured": "ripe-ish", "n_fruit": 3}, "measured"),
        ({"measured": "5", "n_fruit": 0}, "n_fruit"),
        ({"measured": "5", "n_fruit": 5000}, "n_fruit"),
    ],
)
async def test_a_look_that_makes_no_sense_is_refused(looked: dict[str, object], field: str) -> None:
    m, lot = await announced("banana")

    with pytest.raises(InvalidForm) as refused:
        await receive(m, lot, **looked)

    assert [each.field for each in refused.value.errors] == [field]
    assert await fetch("SELECT * FROM lot_check") == []
    assert (await known(lot))[1:] == (0.0, None)
