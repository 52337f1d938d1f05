"""A household changes its own box before the cut-off."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from delivery.services.cutoff import CutoffService
from delivery.services.supply import StockSupply
from ripeday.kit.errors import Invalid, NotFound
from ripening.learned_times import LearnedProfiles
from ripening.produce import load_profiles
from subscriptions.box_edit import EditEffect
from subscriptions.errors import BoxChanged, OverLimit, PastCutoff
from subscriptions.services.billing import BillingService
from subscriptions.services.editing import EditingService
from subscriptions.services.planning import PlanningService
from tests.bank import Bank
from tests.market import (
    AFTER,
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

PRODUCE = ("apple_fuji", "mandarin", "kiwifruit_green", "banana", "pear_european", "avocado_hass")


@dataclass
class Scene:
    """A planned day, and whose first box it is."""

    market: Market
    planning: PlanningService
    editing: EditingService
    person: UUID
    box: UUID

    async def lines(self) -> dict[UUID, int]:
        """Return the units of the box by lot, as stored."""
        rows = await fetch("SELECT lot, units FROM box_line WHERE box = $1", self.box)
        units: Counter[UUID] = Counter()
        for lot, n in rows:
            units[lot] += n  # type: ignore[index]
        return dict(units)

    async def status(self) -> str:
        ((status,),) = await fetch("SELECT status FROM box WHERE id = $1", self.box)
        return str(status)

    async def preview(self, **_: object) -> EditEffect:
        return (await self.editing.preview(self.person, self.box, {}, now=BEFORE)).effect

    async def tap(self, asked: dict[UUID, int], *, seen: str | None = None) -> EditEffect:
        return (
            await self.editing.change(self.person, self.box, asked, seen=seen, now=BEFORE)
        ).effect

    async def look(self, asked: dict[UUID, int]) -> EditEffect:
        return (await self.editing.preview(self.person, self.box, asked, now=BEFORE)).effect


async def open_scene(*, units: int = 60, households: int = 2) -> Scene:
    market = await open_market()
    for key in PRODUCE:
        await add_lot(market, key, units=units)
    for _ in range(households):
        await add_household(market)
    profiles = LearnedProfiles(load_profiles())
    planning = PlanningService(StockSupply(), profiles)
    assert await planning.plan_day(market.day, now=BEFORE)
    ((box, person),) = await fetch(
        "SELECT box.id, household.person FROM box JOIN household ON household.id = box.household"
        " ORDER BY box.number LIMIT 1"
    )
    return Scene(market, planning, EditingService(planning, profiles), person, box)  # type: ignore[arg-type]


async def everything() -> list[object]:
    return [
        await fetch(f"SELECT t::text FROM {table} t ORDER BY 1")
        for table in ("box", "box_line", "uncovered_day", "audit_entry")
    ]


def most(units: dict[UUID, int]) -> UUID:
    return max(units, key=lambda lot: (units[lot], lot))


async def test_a_preview_says_which_days_a_drop_uncovers_and_how_to_mend_it(database: str) -> None:
    scene = await open_scene()
    before, stored = await everything(), await scene.lines()
    effect = await scene.look({most(stored): 0})
    lost = [day for day in effect.days if day.was_covered and not day.is_covered]
    assert lost
    assert sum(day.missing - day.missing_before for day in lost) > 0
    assert effect.fits
    assert effect.mends
    best = effect.mends[0]
    assert set(best.covers) <= {day.on for day in effect.days if not day.is_covered}
    mended = await scene.look(dict(best.units))
    assert sum(not day.is_covered for day in mended.days) == best.n_uncovered
    assert mended.fits
    assert {line.lot_id for line in mended.lines}.isdisjoint({most(stored)})
    assert await everything() == before


async def test_a_changed_box_is_stored_whole_and_is_the_households_own(database: str) -> None:
    scene = await open_scene()
    stored = await scene.lines()
    mend = (await scene.look({most(stored): 0})).mends[0]
    effect = await scene.tap(dict(mend.units))
    wished = {lot: n for lot, n in (stored | dict(mend.units)).items() if n}
    assert await scene.lines() == wished
    assert await scene.status() == "edited"
    own = await fetch("SELECT DISTINCT lot FROM box_line WHERE box = $1 AND is_override", scene.box)
    assert {lot for (lot,) in own} == {each.lot_id for each in mend.into}
    bare = await fetch("SELECT sum(missing) FROM uncovered_day WHERE box = $1", scene.box)
    assert (bare[0][0] or 0) == sum(day.missing for day in effect.days)
    assert await fetch("SELECT count(*) FROM audit_entry WHERE action = 'box_edited'") == [(1,)]
    assert await broken_invariants() == []


async def test_a_changed_box_is_left_alone_when_its_day_is_planned_anew(database: str) -> None:
    scene = await open_scene()
    stored = await scene.lines()
    await scene.tap({most(stored): stored[most(stored)] - 1})
    own = await scene.lines()
    assert await scene.planning.plan_day(scene.market.day, now=BEFORE, anew=True)
    assert await scene.lines() == own
    assert await scene.status() == "edited"


async def test_the_same_change_twice_is_one_change(database: str) -> None:
    scene = await open_scene()
    stored = await scene.lines()
    asked = {most(stored): stored[most(stored)] - 1}
    first = await scene.look({})
    await scene.tap(asked, seen=first.seen)
    once = await everything()
    await scene.tap(asked, seen=first.seen)
    assert await everything() == once


async def test_a_change_of_a_box_that_is_no_longer_the_one_seen_is_refused(database: str) -> None:
    scene = await open_scene()
    stored = await scene.lines()
    seen = (await scene.look({})).seen
    await scene.tap({most(stored): 0}, seen=seen)
    before = await everything()
    with pytest.raises(BoxChanged):
        await scene.tap({most(stored): 1}, seen=seen)
    assert await everything() == before


async def test_the_last_moment_counts_and_the_cut_off_itself_is_too_late(database: str) -> None:
    scene = await open_scene()
    stored = await scene.lines()
    asked = {most(stored): stored[most(stored)] - 1}
    for late in (CUTOFF, AFTER):
        before = await everything()
        with pytest.raises(PastCutoff):
            await scene.editing.preview(scene.person, scene.box, asked, now=late)
        with pytest.raises(PastCutoff):
            await scene.editing.change(scene.person, scene.box, asked, seen=None, now=late)
        with pytest.raises(PastCutoff):
            await scene.editing.withdraw(scene.person, scene.box, now=late)
        assert await everything() == before
    last = CUTOFF.subtract(seconds=1)
    await scene.editing.change(scene.person, scene.box, asked, seen=None, now=last)
    assert await scene.status() == "edited"


async def test_a_changed_box_is_locked_and_reserved_like_any_other(database: str) -> None:
    scene = await open_scene()
    stored = await scene.lines()
    await scene.tap({most(stored): stored[most(stored)] - 1})
    cutoff = CutoffService(BillingService(Bank(), StockSupply()))
    await cutoff.lock_day(scene.market.day, now=AFTER)
    with pytest.raises(PastCutoff):
        await scene.tap({most(stored): 0})
    assert await cutoff.reserve_day(scene.market.day, now=AFTER) == 2
    assert await scene.status() == "reserved"
    assert await broken_invariants() == []


async def test_somebody_elses_box_is_no_box(database: str) -> None:
    scene = await open_scene()
    rows = await fetch("SELECT person FROM household WHERE person <> $1", scene.person)
    for stranger in (rows[0][0], uuid4()):
        with pytest.raises(NotFound):
            await scene.editing.preview(stranger, scene.box, {}, now=BEFORE)  # type: ignore[arg-type]
        with pytest.raises(NotFound):
            await scene.editing.change(stranger, scene.box, {}, seen=None, now=BEFORE)  # type: ignore[arg-type]
        with pytest.raises(NotFound):
            await scene.editing.withdraw(stranger, scene.box, now=BEFORE)  # type: ignore[arg-type]


async def test_more_than_a_box_may_hold_is_told_and_not_stored(database: str) -> None:
    scene = await open_scene()
    lot = most(await scene.lines())
    before = await everything()
    effect = await scene.look({lot: 40})
    assert not effect.fits
    assert "product_units" in {over.rule for over in effect.over}
    with pytest.raises(OverLimit):
        await scene.tap({lot: 40})
    assert await everything() == before


async def test_a_lot_of_another_shop_and_an_empty_box_are_refused(database: str) -> None:
    scene = await open_scene()
    with pytest.raises(Invalid):
        await scene.look({uuid4(): 1})
    with pytest.raises(OverLimit) as refused:
        await scene.tap(dict.fromkeys(await scene.lines(), 0))
    assert refused.value.rule == "empty"


async def test_what_is_on_the_never_list_cannot_be_put_in(database: str) -> None:
    scene = await open_scene()
    ((household,),) = await fetch("SELECT household FROM box WHERE id = $1", scene.box)
    held = await scene.lines()
    choices = (await scene.look({})).choices
    lot = next(each.lot_id for each in choices if each.lot_id not in held)
    ((produce,),) = await fetch("SELECT produce FROM lot WHERE id = $1", lot)
    await insert(
        "household_taste", id=uuid4(), merchant=scene.market.merchant, household=household,
        produce=produce, family=None, taste="never",
    )  # fmt: skip
    effect = await scene.look({lot: 1})
    assert [over.rule for over in effect.over if over.rule == "excluded"] == ["excluded"]
    assert lot not in {choice.lot_id for choice in effect.choices}
    with pytest.raises(OverLimit):
        await scene.tap({lot: 1})


async def test_of_two_households_only_one_gets_the_last_of_a_lot(database: str) -> None:
    scene = await open_scene()
    held = await fetch("SELECT lot, sum(units) FROM box_line GROUP BY lot")
    left = {lot: 60 - n for lot, n in held}  # type: ignore[operator]
    lot = most(await scene.lines())
    await add_fixed_box(scene.market, lot, left[lot] - 1)
    others = await fetch(
        "SELECT box.id, household.person FROM box JOIN household ON household.id = box.household"
        " WHERE box.status = 'proposed' ORDER BY box.number LIMIT 2"
    )
    wants = [
        scene.editing.change(
            person,
            box,
            {lot: 1 + await units_of(box, lot)},
            seen=None,
            now=BEFORE,  # type: ignore[arg-type]
        )
        for box, person in others
    ]
    found = await asyncio.gather(*wants, return_exceptions=True)
    assert sum(isinstance(each, OverLimit) for each in found) >= 1
    ((taken,),) = await fetch("SELECT sum(units) FROM box_line WHERE lot = $1", lot)
    assert taken <= 60  # type: ignore[operator]


async def units_of(box: object, lot: UUID) -> int:
    ((n,),) = await fetch(
        "SELECT coalesce(sum(units), 0) FROM box_line WHERE box = $1 AND lot = $2", box, lot
    )
    return int(n)  # type: ignore[call-overload]


async def add_fixed_box(market: Market, lot: UUID, units: int) -> None:
    """Let a further household hold all of a lot but what is told, in a box of its own making."""
    subscription = await add_household(market)
    box, ((household,),) = (
        uuid4(),
        await fetch("SELECT household FROM subscription WHERE id = $1", subscription),
    )
    ((produce,),) = await fetch("SELECT produce FROM lot WHERE id = $1", lot)
    await insert(
        "box", id=box, merchant=market.merchant, delivery_day=market.day, subscription=subscription,
        household=household, number=99, kind="fruit", portions_a_day=1, stems_a_day=0, horizon_days=7,
        status="edited", price_minor=2200, tax_minor=144, currency="EUR", status_at=BEFORE,
    )  # fmt: skip
    await insert(
        "box_line", id=uuid4(), merchant=market.merchant, box=box, lot=lot, produce=produce, units=units,
        mode=0, ready_day=0, last_day=6, eat=[1] * 7, chance_fraction=[0.9] * 14,
        best_fraction=[0.1] * 14, is_override=True,
    )  # fmt: skip


async def test_what_was_put_in_before_stays_through_the_next_change(database: str) -> None:
    scene = await open_scene()
    stored = await scene.lines()
    choice = (await scene.look({most(stored): 0})).choices
    lot = next(each.lot_id for each in choice if each.lot_id not in stored)
    await scene.tap({most(stored): 0, lot: 1})
    others = [each for each in stored if each != most(stored)]
    effect = await scene.look({others[0]: 0})
    assert all(lot not in {each.lot_id for each in mend.out} for mend in effect.mends)


async def test_a_change_taken_back_gives_the_planners_box_again(database: str) -> None:
    scene = await open_scene()
    stored = await scene.lines()
    await scene.tap({most(stored): stored[most(stored)] - 1})
    effect = (await scene.editing.withdraw(scene.person, scene.box, now=BEFORE)).effect
    assert await scene.status() == "proposed"
    assert all(day.is_covered for day in effect.days)
    ((edited_at,),) = await fetch("SELECT edited_at FROM box WHERE id = $1", scene.box)
    assert edited_at is None
    once = await everything()
    await scene.editing.withdraw(scene.person, scene.box, now=BEFORE)
    assert await everything() == once
