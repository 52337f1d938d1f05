"""Two boxes one after the other: what is to spare of the first is eaten with the second, as long as it is there."""

from dataclasses import dataclass
from uuid import UUID

from pendulum import Date

from delivery.services.supply import StockSupply
from ripeday.kit.adapters.engine import connection
from ripening.learned_times import LearnedProfiles
from ripening.produce import load_profiles
from subscriptions.adapters import box_view_store, learning_store, simulation_store
from subscriptions.services.learning import LearningService
from subscriptions.services.planning import PlanningService
from tests.market import (
    BEFORE,
    CUTOFF,
    Market,
    add_household,
    add_lot,
    broken_invariants,
    insert,
    open_market,
)
from tests.subscriptions.people import fetch

NEXT = Date(2026, 12, 8)
PRODUCE = ("apple_fuji", "kiwifruit_green", "mandarin", "banana", "pear_european")


@dataclass
class Scene:
    """Two delivery days a week apart, planned for one household of three portions a day, the second one again."""

    market: Market
    next_day: UUID
    planning: PlanningService
    learning: LearningService

    async def box(self, day: UUID) -> UUID:
        ((box,),) = await fetch("SELECT id FROM box WHERE delivery_day = $1", day)
        return UUID(str(box))

    async def portions(self, day: UUID) -> tuple[int, int, int]:
        """Return the portions of a box, those of them to spare, and those eaten with it that were at home."""
        box = await self.box(day)
        ((held, spare),) = await fetch(
            "SELECT sum(line.units * lot.unit_portions)::int, sum(line.spare)::int FROM box_line line"
            " JOIN lot ON lot.id = line.lot WHERE line.box = $1",
            box,
        )
        ((carried,),) = await fetch(
            "SELECT coalesce(sum(n), 0)::int FROM box_carry, unnest(eat) AS n WHERE box = $1", box
        )
        return int(str(held)), int(str(spare)), int(str(carried))

    async def due(self) -> list[object]:
        return [row[0] for row in await fetch(learning_store.DUE_TO_PLAN_AGAIN, BEFORE)]


async def open_scene(spare_pct: int = 20, *, is_again: bool = True) -> Scene:
    market = await open_market(price_minor=4900)
    async with connection() as c:
        await c.execute("UPDATE box_plan SET portions_a_day = 3")
        await c.execute("UPDATE merchant SET spare_pct = $1", spare_pct)
    for key in PRODUCE:
        await add_lot(market, key, units=90)
    await add_household(market)
    async with connection() as c:
        await c.execute("UPDATE lot SET must_leave_on = '2026-12-20'")
        next_day = await c.fetchval("SELECT gen_random_uuid()")
    await insert(
        "delivery_day", id=next_day, merchant=market.merchant, round=market.round, depot=market.depot,
        delivery_on=NEXT, cutoff_at=CUTOFF.add(days=7), pack_on=NEXT.subtract(days=1),
    )  # fmt: skip
    profiles = LearnedProfiles(load_profiles())
    planning = PlanningService(StockSupply(), profiles)
    for day in (market.day, next_day):
        assert await planning.plan_day(day, now=BEFORE)
    if is_again:
        assert await planning.plan_day(next_day, now=BEFORE.add(minutes=1), anew=True)
    return Scene(market, next_day, planning, LearningService(profiles, planning))


async def test_what_is_to_spare_is_eaten_with_the_next_box(database: str) -> None:
    scene = await open_scene()
    held, spare, carried = await scene.portions(scene.market.day)
    held_next, spare_next, carried_next = await scene.portions(scene.next_day)
    assert (spare, carried) == (5, 0)
    assert held >= 21 + spare
    assert 0 < carried_next <= held - 21
    assert spare_next == 5
    assert held_next < held
    box = await scene.box(scene.next_day)
    assert await fetch("SELECT FROM uncovered_day WHERE box = $1", box) == []
    lines = (await box_view_store.lines_of([box]))[box]
    eaten = [sum(line.eat[day] for line in lines) for day in range(7)]
    assert eaten == [3] * 7
    at_home = [line for line in lines if line.carried is not None]
    assert sum(sum(line.eat) for line in at_home) == carried_next
    assert all(line.chance[day] >= 0.9 for line in at_home for day, n in enumerate(line.eat) if n)
    assert await broken_invariants() == []


async def test_days_that_are_planned_side_by_side_do_not_count_on_each_other(database: str) -> None:
    scene = await open_scene(is_again=False)
    held, spare, carried = await scene.portions(scene.next_day)
    assert carried == 0
    assert held >= 21 + spare


async def test_a_simulation_asks_of_a_box_what_is_not_at_home(database: str) -> None:
    scene = await open_scene()
    _, _, carried = await scene.portions(scene.next_day)
    (box,) = (await simulation_store.stored_plan("greengate", NEXT)).boxes
    assert box.need is not None
    assert sum(box.need) == 21 - carried
    assert [sum(line.eat[day] for line in box.lines) for day in range(7)] == list(box.need)


async def test_without_anything_to_spare_the_next_box_is_full(database: str) -> None:
    scene = await open_scene(spare_pct=0)
    _, spare, _ = await scene.portions(scene.market.day)
    held, _, carried = await scene.portions(scene.next_day)
    assert spare == 0
    assert held >= 21 - carried


async def test_a_box_that_counts_on_what_is_gone_is_planned_anew(database: str) -> None:
    scene = await open_scene()
    assert await scene.due() == []
    await scene.planning.plan_day(scene.market.day, now=BEFORE, anew=True)
    assert await scene.due() == [str(scene.next_day)]

    assert await scene.learning.plan_moved_boxes(scene.next_day, now=BEFORE) == 1

    assert await scene.due() == []
    _, _, carried = await scene.portions(scene.next_day)
    assert carried > 0
    box = await scene.box(scene.next_day)
    lines = (await box_view_store.lines_of([box]))[box]
    assert [sum(line.eat[day] for line in lines) for day in range(7)] == [3] * 7


async def test_a_box_that_does_not_come_leaves_nothing(database: str) -> None:
    scene = await open_scene()
    async with connection() as c:
        await c.execute(
            "UPDATE box SET status = 'declined', locked_at = status_at WHERE delivery_day = $1",
            scene.market.day,
        )
    assert await scene.due() == [str(scene.next_day)]
    assert await scene.learning.plan_moved_boxes(scene.next_day, now=BEFORE) == 1
    held, _, carried = await scene.portions(scene.next_day)
    assert carried == 0
    assert held >= 26
    reasons = await fetch("SELECT reason FROM box_change")
    assert reasons == [("less_at_home",)]
