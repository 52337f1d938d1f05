"""Stored plans, read from a real database."""

import datetime as dt

import pytest

from ripening.produce import load_profiles
from subscriptions.adapters import simulation_store as store
from subscriptions.simulation.audit import Setting, simulate
from tests.market import Market, add_box, add_lot, open_market

ON = dt.date(2026, 12, 1)


async def stocked(slug: str) -> Market:
    market = await open_market(slug=slug)
    lots = [await add_lot(market, key, units=40) for key in ("apple_fuji", "banana")]
    await add_box(market, [(lots[0], 4), (lots[1], 2)])
    await add_box(market, [(lots[0], 2)])
    return market


@pytest.fixture
async def market(database: str) -> Market:
    return await stocked("greengate")


async def test_a_plan_is_its_boxes_lines_and_lots(market: Market) -> None:
    plan = await store.stored_plan("greengate", ON)
    assert plan.name == "greengate/2026-12-01"
    assert [len(box.lines) for box in plan.boxes] == [2, 1]
    line = plan.boxes[0].lines[0]
    assert (line.units, line.portions, line.portion_g) == (4, 8, 90.0)
    assert set(plan.lots) == set(market.lots)
    assert plan.lots[line.lot_id].produce_key == "apple_fuji"
    assert plan.lots[line.lot_id].graded_on == dt.date(2026, 11, 27)


async def test_planned_days_are_those_with_boxes(market: Market) -> None:
    await open_market(slug="newcomer")
    assert await store.planned_days() == {"greengate": [ON]}
    assert await store.merchant_slugs() == ["greengate", "newcomer"]


async def test_no_merchant_sees_the_boxes_of_another(market: Market) -> None:
    other = await stocked("southgate")
    plan = await store.stored_plan("greengate", ON)
    assert len(plan.boxes) == 2
    assert not set(plan.lots) & set(other.lots)
    assert await store.planned_days() == {"greengate": [ON], "southgate": [ON]}


async def test_a_day_without_boxes_is_empty(market: Market) -> None:
    plan = await store.stored_plan("greengate", dt.date(2026, 12, 8))
    assert not plan.boxes
    assert not plan.lots


async def test_cancelled_boxes_are_not_lived_through(market: Market) -> None:
    from ripeday.kit.adapters.engine import connection  # noqa: PLC0415

    async with connection() as c:
        await c.execute(
            "UPDATE box SET status = 'cancelled', locked_at = status_at WHERE id = $1",
            market.boxes[0],
        )
    assert len((await store.stored_plan("greengate", ON)).boxes) == 1


async def test_what_was_learned_of_a_lot_counts(market: Market) -> None:
    from ripeday.kit.adapters.engine import connection  # noqa: PLC0415

    async with connection() as c:
        await c.execute(
            "UPDATE lot SET shift_days = 0.5, shift_sigma = 0.2, transit_days = 1, transit_c = 8,"
            " stored_days = 30 WHERE id = $1",
            market.lots[0],
        )
    state = (await store.stored_plan("greengate", ON)).lots[market.lots[0]]
    assert (state.shift_days, state.shift_sigma, state.stored_days) == (0.5, 0.2, 30)
    assert [(stay.days, stay.temperature_c) for stay in state.transit] == [(1, 8)]


async def test_a_stored_plan_can_be_lived_through(market: Market) -> None:
    plan = await store.stored_plan("greengate", ON)
    report = simulate([plan], Setting(worlds=4), profiles=load_profiles())
    assert report.total.households == 2
    assert report.total.portions.n == 8 + 4 + 4
    assert {each.key for each in report.per_produce} == {"apple_fuji", "banana"}
