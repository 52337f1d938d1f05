"""Days of a depot that are due together are planned side by side, each from its share of the stock."""

import asyncio
from uuid import UUID, uuid4

import pytest
from pendulum import Date

from delivery.services.supply import StockSupply
from ripeday.kit.adapters.engine import connection
from ripening.produce import load_profiles
from subscriptions.adapters import planning_store, round_store, share_store
from subscriptions.services.planning import PlanningService
from subscriptions.services.sharing import Overtaken, refuse_overpromised
from tests.market import BEFORE, CUTOFF, Market, add_household, add_lot, insert, open_market
from tests.subscriptions.people import fetch

pytestmark = pytest.mark.usefixtures("database")
EARLY = BEFORE.subtract(days=1)
N_DAYS, HOUSEHOLDS = 3, 5
PRODUCE = ("banana", "apple_fuji", "kiwifruit_green")


def planning_service() -> PlanningService:
    return PlanningService(StockSupply(), load_profiles())


async def open_week(slug: str = "greengate") -> tuple[Market, list[UUID]]:
    """Open three delivery days of one depot, on days after each other, with too little stock for all."""
    m = await open_market(slug=slug)
    for key in PRODUCE:
        await add_lot(m, key, units=12 * N_DAYS, age_days=2.0)
    days = [m.day]
    for _ in range(HOUSEHOLDS):
        await add_household(m)
    for n in range(1, N_DAYS):
        m.round, day = uuid4(), uuid4()
        await insert(
            "delivery_round", id=m.round, merchant=m.merchant, depot=m.depot, name=f"Round {n}", name_zh="郊区",
            route=str(n), postcode_prefixes=["10"], weekday=1 + n, cutoff_days_before=2, cutoff_minute=1200,
            pack_days_before=1, capacity=100, is_open=True,
        )  # fmt: skip
        await insert(
            "delivery_day", id=day, merchant=m.merchant, round=m.round, depot=m.depot,
            delivery_on=Date(2026, 12, 1 + n), cutoff_at=CUTOFF.add(days=n), pack_on=Date(2026, 12, n),
        )  # fmt: skip
        for _ in range(HOUSEHOLDS):
            subscription = await add_household(m)
            await fetch(
                "UPDATE subscription SET first_delivery_on = $2 WHERE id = $1 RETURNING id",
                subscription, Date(2026, 10, 6 + n),
            )  # fmt: skip
        days.append(day)
    return m, days


async def due() -> set[str]:
    async with connection() as c:
        return {row[0] for row in await c.fetch(round_store.DUE_TO_PLAN, EARLY)}


async def boxes(m: Market) -> list[tuple[object, ...]]:
    return await fetch(
        "SELECT day.delivery_on, box.number, lot.code, line.units, line.mode, line.eat FROM box"
        " JOIN delivery_day day ON day.id = box.delivery_day"
        " JOIN box_line line ON line.box = box.id JOIN lot ON lot.id = line.lot"
        " WHERE box.merchant = $1 ORDER BY 1, 2, 3, 5",
        m.merchant,
    )


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
async def test_the_order_in_which_days_are_planned_changes_no_box(order: tuple[int, ...]) -> None:
    first, days = await open_week("aa")
    for n in range(N_DAYS):
        await planning_service().plan_day(days[n], now=EARLY)
    second, days = await open_week("bb")
    for n in order:
        await planning_service().plan_day(days[n], now=EARLY)

    assert await boxes(second) == await boxes(first)


async def test_days_planned_at_once_are_planned_as_one_after_the_other() -> None:
    first, days = await open_week("aa")
    for day in days:
        await planning_service().plan_day(day, now=EARLY)
    second, days = await open_week("bb")
    await asyncio.gather(*(planning_service().plan_day(day, now=EARLY) for day in days))

    assert await boxes(second) == await boxes(first)
    over = await fetch(
        "SELECT stock.lot FROM lot_stock stock WHERE stock.on_hand + stock.announced < ("
        " SELECT coalesce(sum(line.units), 0) FROM box_line line WHERE line.lot = stock.lot)"
    )
    assert over == []


async def test_what_a_day_leaves_of_its_share_is_free_again() -> None:
    m, days = await open_week()
    await planning_service().plan_day(days[0], now=EARLY)
    assert await fetch("SELECT count(*) > 0 FROM day_share") == [(True,)]
    for day in days[1:]:
        await planning_service().plan_day(day, now=EARLY)

    assert await fetch("SELECT count(*) FROM day_share") == [(0,)]
    assert await due() == set()
    for day in days:
        progress = await share_store.progress_of(day, [m.merchant], now=EARLY)
        assert progress is not None
        assert not progress.is_running


async def test_a_day_that_comes_due_while_others_are_planned_waits_for_them() -> None:
    _, days = await open_week()
    assert await due() == {str(day) for day in days}
    late = days.pop()
    await fetch(
        "UPDATE delivery_day SET cutoff_at = cutoff_at + interval '9 days' WHERE id = $1 RETURNING id", late
    )  # fmt: skip
    await planning_service().plan_day(days[0], now=EARLY)
    await fetch(
        "UPDATE delivery_day SET cutoff_at = cutoff_at - interval '9 days' WHERE id = $1 RETURNING id", late
    )  # fmt: skip

    assert await due() == {str(days[1])}
    with pytest.raises(Overtaken):
        await planning_service().plan_day(late, now=EARLY)
    await planning_service().plan_day(days[1], now=EARLY)
    assert await due() == {str(late)}


async def test_a_later_week_takes_nothing_from_an_earlier_one() -> None:
    _, days = await open_week()
    await fetch(
        "UPDATE delivery_day SET delivery_on = delivery_on + 7, pack_on = pack_on + 7 WHERE id = $1 RETURNING id",
        days[2],
    )

    assert await due() == {str(day) for day in days[:2]}


async def test_a_plan_that_counted_on_stock_taken_meanwhile_is_refused() -> None:
    _, days = await open_week()
    await planning_service().plan_day(days[0], now=EARLY)
    (lot,) = await fetch("SELECT lot FROM box_line LIMIT 1")
    await fetch(
        "UPDATE lot_stock SET announced = 0, on_hand = 0 WHERE lot = $1 RETURNING id", lot[0]
    )
    day = await planning_store.day_to_plan(days[0])
    assert day is not None

    with pytest.raises(Overtaken):
        await refuse_overpromised(day, [lot[0]], StockSupply())  # type: ignore[list-item]


async def test_a_run_tells_how_far_it_is() -> None:
    m, days = await open_week()
    heard: list[tuple[str, int, int]] = []

    await planning_service().plan_day(days[0], now=EARLY, progress=lambda *said: heard.append(said))

    assert {phase for phase, _, _ in heard} >= {"prices", "boxes"}
    done = await share_store.progress_of(days[0], [m.merchant], now=EARLY)
    waiting = await share_store.progress_of(days[1], [m.merchant], now=EARLY)
    assert done is not None
    assert (done.is_running, done.done_fraction) == (False, 1)
    assert waiting is not None
    assert waiting.phase == "waiting"
