"""Skipping a delivery: its box goes, and the one before it is planned to last."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

import pytest
from pendulum import Date

from delivery.services.supply import StockSupply
from ripeday.kit.adapters.engine import connection
from ripeday.kit.errors import Invalid, NotFound
from ripening.learned_times import LearnedProfiles
from ripening.produce import load_profiles
from subscriptions.adapters import learning_store, simulation_store
from subscriptions.errors import PastCutoff
from subscriptions.holder import short_days
from subscriptions.services.editing import EditingService
from subscriptions.services.notice_due import DueNoticeService
from subscriptions.services.planning import PlanningService
from subscriptions.services.skipping import SkippingService
from tests.market import (
    BEFORE,
    CUTOFF,
    DELIVERY_ON,
    Market,
    add_household,
    add_lot,
    broken_invariants,
    open_market,
)
from tests.subscriptions.people import fetch

NEXT = Date(2026, 12, 8)
PRODUCE = ("apple_fuji", "mandarin", "kiwifruit_green", "banana", "pear_european", "avocado_hass")


@dataclass
class Scene:
    """A planned day of somebody with two portions a day, every week."""

    market: Market
    planning: PlanningService
    skipping: SkippingService
    editing: EditingService
    person: UUID
    subscription: UUID

    async def skip(self, on: dt.date = NEXT) -> None:
        await self.skipping.skip(self.person, self.subscription, on, now=BEFORE)

    async def withdraw(self, on: dt.date = NEXT) -> None:
        await self.skipping.withdraw(self.person, self.subscription, on, now=BEFORE)

    async def box(self) -> tuple[object, ...]:
        """Return horizon, need, price and status of the box of the day."""
        ((*found,),) = await fetch(
            "SELECT horizon_days, need, price_minor, status FROM box WHERE subscription = $1"
            " AND delivery_day = $2",
            self.subscription, self.market.day,
        )  # fmt: skip
        return tuple(found)

    async def contents(self) -> Counter[tuple[object, object, object, tuple[int, ...]]]:
        rows = await fetch(
            "SELECT line.lot, line.mode, line.units, line.eat FROM box_line line JOIN box ON box.id = line.box"
            " WHERE box.subscription = $1",
            self.subscription,
        )
        return Counter((lot, mode, units, tuple(eat)) for lot, mode, units, eat in rows)  # type: ignore[arg-type]

    async def largest_line(self) -> tuple[UUID, UUID, int]:
        """Return the box, its lot of which there is most, and how many units of it."""
        ((box, lot, units),) = await fetch(
            "SELECT box.id, line.lot, line.units FROM box_line line JOIN box ON box.id = line.box"
            " WHERE box.subscription = $1 ORDER BY line.units DESC, line.lot LIMIT 1",
            self.subscription,
        )
        return UUID(str(box)), UUID(str(lot)), int(str(units))

    async def eaten(self) -> list[int]:
        """Return the portions planned for each of fourteen days."""
        days = [0] * 14
        for _, _, _, eat in await self.contents():
            for day, n in enumerate(eat):
                days[day] += n
        return days


async def open_scene() -> Scene:
    market = await open_market(price_minor=3900)
    async with connection() as c:
        await c.execute("UPDATE box_plan SET portions_a_day = 2")
    for key in PRODUCE:
        await add_lot(market, key, units=60)
    subscription = await add_household(market)
    await add_household(market)
    profiles = LearnedProfiles(load_profiles())
    planning = PlanningService(StockSupply(), profiles)
    assert await planning.plan_day(market.day, now=BEFORE)
    ((person,),) = await fetch(
        "SELECT household.person FROM subscription JOIN household ON household.id = subscription.household"
        " WHERE subscription.id = $1",
        subscription,
    )
    editing = EditingService(planning, profiles)
    return Scene(market, planning, SkippingService(planning), editing, person, subscription)  # type: ignore[arg-type]


async def everything() -> list[object]:
    return [
        await fetch(f"SELECT t::text FROM {table} t ORDER BY 1")
        for table in ("box", "box_line", "uncovered_day", "skip", "audit_entry")
    ]


async def test_the_box_before_a_skip_lasts_until_the_next_one(database: str) -> None:
    scene = await open_scene()
    usual = await scene.eaten()
    horizon, need, price, _ = await scene.box()
    assert (horizon, need) == (7, None)
    await scene.skip()
    horizon, need, still, status = await scene.box()
    assert (horizon, still, status) == (14, price, "proposed")
    assert need == [1] * 14, "fourteen portions, for fourteen days"
    bridge = await scene.eaten()
    assert sum(bridge) == sum(usual) == 14
    assert sum(n > 0 for n in usual) == 7
    assert sum(n > 0 for n in bridge) >= 12
    assert await fetch("SELECT count(*) FROM audit_entry WHERE action = 'delivery_skipped'") == [
        (1,)
    ]
    assert await broken_invariants() == []


async def test_a_skip_taken_back_makes_the_box_what_it_was(database: str) -> None:
    scene = await open_scene()
    before, box = await scene.contents(), await scene.box()
    await scene.skip()
    assert await scene.contents() != before
    await scene.withdraw()
    assert (await scene.contents(), await scene.box()) == (before, box)
    assert await fetch("SELECT 1 FROM skip") == []


async def test_whoever_has_a_box_after_all_once_all_were_reminded_is_reminded_at_once(
    database: str,
) -> None:
    scene = await open_scene()
    reminders = "SELECT 1 FROM outbox WHERE payload->>'kind' = 'box_reminder'"
    await scene.skip(DELIVERY_ON)
    await scene.withdraw(DELIVERY_ON)
    assert await fetch(reminders) == [], "there is time: it goes with those of the others"
    await scene.skip(DELIVERY_ON)
    assert await DueNoticeService().remind_day(scene.market.day, now=BEFORE) == 1
    await scene.withdraw(DELIVERY_ON)
    assert len(await fetch(reminders)) == 2


async def test_others_boxes_stay_as_they_are(database: str) -> None:
    scene = await open_scene()
    others = (
        "SELECT box_line::text FROM box_line JOIN box ON box.id = box_line.box"
        " WHERE box.subscription <> $1 ORDER BY 1"
    )
    before = await fetch(others, scene.subscription)
    await scene.skip()
    await scene.withdraw()
    assert await fetch(others, scene.subscription) == before


async def test_a_box_that_its_household_changed_does_not_lean(database: str) -> None:
    scene = await open_scene()
    box, lot, units = await scene.largest_line()
    await scene.editing.change(
        scene.person,
        box,
        {lot: units - 1},
        seen=None,
        now=BEFORE,
    )
    before = await scene.contents()
    await scene.skip()
    assert await scene.contents() == before


async def test_a_bridge_box_that_is_changed_still_bridges(database: str) -> None:
    scene = await open_scene()
    await scene.skip()
    box, lot, units = await scene.largest_line()
    look = await scene.editing.change(
        scene.person,
        box,
        {lot: units - 1},
        seen=None,
        now=BEFORE,
    )
    assert len(look.effect.days) == 14
    horizon, need, _, status = await scene.box()
    assert (horizon, sum(need), status) == (14, 14, "edited")  # type: ignore[call-overload]
    assert await broken_invariants() == []


async def test_the_box_of_a_skipped_day_goes_and_comes_back_with_the_skip(database: str) -> None:
    scene = await open_scene()
    before = await scene.contents()
    await scene.skip(DELIVERY_ON)
    assert not await scene.contents()
    assert await scene.planning.plan_day(scene.market.day, now=BEFORE, anew=True)
    assert not await scene.contents(), "a skipped delivery is not planned"
    assert await broken_invariants() == []
    await scene.withdraw(DELIVERY_ON)
    assert sum(await scene.eaten()) == 14
    assert {lot for lot, *_ in before} & {lot for lot, *_ in await scene.contents()}


async def test_the_same_skip_twice_is_one_skip(database: str) -> None:
    scene = await open_scene()
    await scene.skip()
    once = await everything()
    await scene.skip()
    assert await everything() == once
    await scene.withdraw()
    back = await everything()
    await scene.withdraw()
    assert await everything() == back


async def test_until_the_cut_off_and_not_at_it(database: str) -> None:
    scene = await open_scene()
    before = await everything()
    for change in (scene.skipping.skip, scene.skipping.withdraw):
        with pytest.raises(PastCutoff):
            await change(scene.person, scene.subscription, DELIVERY_ON, now=CUTOFF)
    assert await everything() == before
    last = CUTOFF.subtract(seconds=1)
    await scene.skipping.skip(scene.person, scene.subscription, DELIVERY_ON, now=last)
    assert not await scene.contents()
    with pytest.raises(PastCutoff):
        await scene.skipping.withdraw(scene.person, scene.subscription, DELIVERY_ON, now=CUTOFF)


async def test_a_closed_box_does_not_lean_any_more(database: str) -> None:
    scene = await open_scene()
    before = await scene.contents()
    await scene.skipping.skip(scene.person, scene.subscription, NEXT, now=CUTOFF)
    assert await scene.contents() == before
    assert await fetch("SELECT delivery_on FROM skip") == [(NEXT,)]


async def test_only_days_on_which_a_box_is_due_can_be_skipped(database: str) -> None:
    scene = await open_scene()
    for on in (NEXT.add(days=1), Date(2026, 11, 24), Date(2028, 1, 4)):
        with pytest.raises(Invalid):
            await scene.skip(on)
    async with connection() as c:
        await c.execute("UPDATE subscription SET cadence_weeks = 2")
    with pytest.raises(Invalid):
        await scene.skip(NEXT)
    async with connection() as c:
        await c.execute("UPDATE subscription SET status = 'paused', cadence_weeks = 1")
    with pytest.raises(Invalid):
        await scene.skip(NEXT)


async def test_nobody_skips_for_somebody_else(database: str) -> None:
    scene = await open_scene()
    ((other,),) = await fetch("SELECT id FROM person WHERE id <> $1 LIMIT 1", scene.person)
    for stranger in (other, uuid4()):
        with pytest.raises(NotFound):
            await scene.skipping.skip(stranger, scene.subscription, NEXT, now=BEFORE)  # type: ignore[arg-type]
        with pytest.raises(NotFound):
            await scene.skipping.deliveries(stranger, scene.subscription, now=BEFORE)  # type: ignore[arg-type]


async def test_the_coming_deliveries_say_how_long_each_box_lasts(database: str) -> None:
    scene = await open_scene()
    await scene.skip()
    await scene.skip(Date(2026, 12, 29))
    coming = await scene.skipping.deliveries(scene.person, scene.subscription, now=BEFORE)
    assert [(each.on.day, each.is_skipped, each.lasts_until.day) for each in coming[:5]] == [
        (1, False, 14), (8, True, 14), (15, False, 21), (22, False, 4), (29, True, 4),
    ]  # fmt: skip
    assert all(each.is_open for each in coming)
    assert coming[0].box_id is not None
    late = await scene.skipping.deliveries(scene.person, scene.subscription, now=CUTOFF)
    assert [each.is_open for each in late[:2]] == [False, True]


async def test_days_on_which_a_bridge_box_wants_nothing_are_not_short(database: str) -> None:
    scene = await open_scene()
    async with connection() as c:
        await c.execute("UPDATE box_plan SET portions_a_day = 1, price_minor = 2200")
    await scene.skip()
    _, need, _, _ = await scene.box()
    assert need == [0, 1] * 7
    ((box_id, lot),) = await fetch(
        "SELECT box.id, line.lot FROM box_line line JOIN box ON box.id = line.box"
        " WHERE box.subscription = $1 LIMIT 1",
        scene.subscription,
    )
    (box,) = await learning_store.holders(lot, [box_id], today=DELIVERY_ON)  # type: ignore[arg-type, list-item]
    bare = await fetch("SELECT day_on FROM uncovered_day WHERE box = $1 ORDER BY 1", box_id)
    assert [(each.on,) for each in short_days(box, day=0)] == bare
    assert len(short_days(replace(box, need=None), day=0)) >= 7
    stored = await simulation_store.stored_plan("greengate", DELIVERY_ON)
    assert [1] * 7 in [[n for n in each.need or () if n] for each in stored.boxes]


async def test_flowers_are_for_the_days_that_a_box_is_paid_for(database: str) -> None:
    scene = await open_scene()
    async with connection() as c:
        await c.execute("UPDATE box_plan SET kind = 'mixed', stems_a_day = 5")
    await scene.skip()
    horizon, _, _, _ = await scene.box()
    assert horizon == 14
    bare = "SELECT day_on FROM uncovered_day WHERE kind = 'flower' ORDER BY 1"
    # There are no flowers in this market.
    assert await fetch(bare) == [(DELIVERY_ON.add(days=day),) for day in range(7)]
    ((box_id, lot),) = await fetch("SELECT line.box, lot FROM box_line line JOIN box ON box.id = line.box"
        " WHERE box.subscription = $1 LIMIT 1", scene.subscription)  # fmt: skip
    (box,) = await learning_store.holders(lot, [box_id], today=DELIVERY_ON)  # type: ignore[arg-type, list-item]
    assert [s.on for s in short_days(box, day=0) if s.kind == "flower"] == [
        day for (day,) in await fetch(bare)
    ]
    async with connection() as c:
        await c.execute("UPDATE box_plan SET kind = 'flower', portions_a_day = 0")
    await scene.withdraw()
    await scene.skip()
    assert (await scene.box())[:2] == (7, None), "flowers alone do not wait"
