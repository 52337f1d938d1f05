"""Planning a delivery day: load what is due and what there is, plan, have it checked, save.

A plan that the independent checker does not pass is never stored.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import numpy as np
import structlog
from numpy.typing import NDArray
from pendulum import DateTime

from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.errors import NotFound
from ripeday.kit.money import Money
from ripening.home import MODES, HomeClass, RoomClass
from ripening.produce import Produce
from ripening.window import switch_day
from subscriptions.adapters import change_store, fairness_store, planning_store, share_store
from subscriptions.adapters.change_store import Cause
from subscriptions.adapters.planning_store import (
    BareDay,
    BoxToSave,
    DayToPlan,
    DueRow,
    LineToSave,
    RunToSave,
)
from subscriptions.box_change import ChangeReason
from subscriptions.due import Appetite, due_household
from subscriptions.plan_progress import PlanPhase
from subscriptions.planning.assemble import (
    BoxProposal,
    DueHousehold,
)
from subscriptions.planning.checker_verdict import Verdict
from subscriptions.planning.solve import Progress
from subscriptions.services.choosing import plan_boxes
from subscriptions.services.fairness import plan_in_turn
from subscriptions.services.sharing import Teller, begin_first_plan, refuse_overpromised, told
from subscriptions.services.shelf import HORIZON_MAX, Shelf, ShelfService
from subscriptions.supply import Supply
from subscriptions.tax import tax_rule

log = structlog.get_logger("subscriptions.planning")


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """What a plan came to."""

    run_id: UUID
    n_boxes: int
    n_uncovered_days: int
    n_covered_days: int


@dataclass(frozen=True, slots=True)
class PlanningService:
    """Makes plans for delivery days, and previews for households that have not subscribed yet."""

    supply: Supply
    profiles: Mapping[str, Produce]
    _shelves: ShelfService = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Lay out the shelves."""
        object.__setattr__(self, "_shelves", ShelfService(self.supply, self.profiles))

    async def plan_day(
        self,
        delivery_day_id: UUID,
        *,
        now: DateTime,
        seed: int = 0,
        anew: bool = False,
        progress: Progress | None = None,
    ) -> PlannedDay | None:
        """Plan the boxes of an open day for all who have none yet.

        `anew` plans the boxes again that nobody has edited. Returns None when the day is closed for changes.

        Raises
        ------
        NotFound, PlanRejected, Overtaken
        """
        day = await planning_store.day_to_plan(delivery_day_id)
        if day is None:
            raise NotFound
        if day.locked_at is not None or now >= day.cutoff_at:
            return None
        if anew:
            await share_store.begin(day.merchant_id, [day.id], now=now)
        else:
            await begin_first_plan(day, self.supply, self.profiles, now=now)
        async with told(day.id, progress) as teller:
            return await self._plan_told(day, seed=seed, anew=anew, teller=teller, now=now)

    async def _plan_told(
        self, day: DayToPlan, *, seed: int, anew: bool, teller: Teller, now: DateTime
    ) -> PlannedDay | None:
        """Plan a day and save it, telling how far that is."""
        due = await planning_store.due_on(day, anew=anew)
        shelf = await self.shelf(day, anew=anew)
        households = [household_of(row, day, shelf, self.profiles) for row in due]
        made = await plan_in_turn(day, households, shelf.offers, seed=seed, progress=teller)
        teller.reach(PlanPhase.SAVING)
        boxes = [self.box(row, box, day, shelf) for row, box in zip(due, made.boxes, strict=True)]
        run = _summary(seed, made.verdict, boxes)
        async with unit_of_work():
            await share_store.hold_depot(day.depot_id)
            held = await planning_store.day_to_plan(day.id, held=True)
            if held is None or held.locked_at is not None:
                await share_store.end(day.id, now=now)
                return None
            if held.planned_at != day.planned_at and not anew:
                return None  # another worker was there first
            run_id = await planning_store.save_plan(day, run, boxes, anew=anew, now=now)
            await fairness_store.save_record(day, run_id, made.record, anew=anew)
            await share_store.end(day.id, now=now)
            await refuse_overpromised(day, lots_of(boxes), self.supply)
        log.info(
            "day_planned", delivery_day=str(day.id), boxes=len(boxes), bare=run.n_uncovered_days
        )
        return PlannedDay(run_id, len(boxes), run.n_uncovered_days, run.n_covered_days)

    async def plan_boxes_again(
        self,
        delivery_day_id: UUID,
        subscription_ids: Sequence[UUID],
        *,
        why: ChangeReason,
        now: DateTime,
    ) -> int:
        """Plan the proposed boxes of some households of an open day anew, and leave all others alone.

        Returns how many boxes were planned: none once the day is closed for changes. Each box keeps `why` it changed.

        Raises
        ------
        NotFound, PlanRejected
        """
        head = await planning_store.day_to_plan(delivery_day_id)
        if head is None:
            raise NotFound
        await share_store.hold_depot(head.depot_id)
        day = await planning_store.day_to_plan(delivery_day_id, held=True) or head
        if day.locked_at is not None or now >= day.cutoff_at:
            return 0
        due = [
            row
            for row in await planning_store.due_on(day, anew=True)
            if row.subscription_id in subscription_ids
        ]
        if not due:
            return 0
        shelf = await self.shelf(day, without=[row.subscription_id for row in due])
        households = [household_of(row, day, shelf, self.profiles) for row in due]
        made = await plan_in_turn(day, households, shelf.offers, seed=0, progress=None)
        boxes = [self.box(row, box, day, shelf) for row, box in zip(due, made.boxes, strict=True)]
        run = _summary(0, made.verdict, boxes)
        before = await change_store.contents_of(day.id, subscription_ids)
        run_id = await planning_store.save_plan(day, run, boxes, anew=False, now=now)
        await fairness_store.save_record(day, run_id, made.record, anew=False)
        causes = dict.fromkeys(subscription_ids, Cause(why))
        await change_store.note(day, boxes, before, causes, now=now)
        return len(boxes)

    async def preview(
        self, delivery_day_id: UUID, appetite: Appetite, *, seed: int = 0
    ) -> BoxToSave:
        """Plan one imaginary box from what is still unpromised that day; stores nothing.

        Raises
        ------
        NotFound, PlanRejected
        """
        day = await planning_store.day_to_plan(delivery_day_id)
        if day is None:
            raise NotFound
        return await self.preview_from(await self.shelf(day), day, appetite, seed=seed)

    async def preview_from(
        self, shelf: Shelf, day: DayToPlan, appetite: Appetite, *, seed: int = 0
    ) -> BoxToSave:
        """Plan one imaginary box from a shelf that was loaded before; see `preview`.

        Raises
        ------
        PlanRejected
        """
        household = due_household(
            uuid4(),
            appetite,
            profiles=self.profiles,
            box_limit=shelf.box_limit,
            spare_pct=day.spare_pct,
        )
        (proposal,), _ = await asyncio.to_thread(
            plan_boxes, [household], shelf.offers, day.currency, seed=seed, progress=None
        )
        row = DueRow(
            household.subscription_id, household.subscription_id, appetite.kind,
            appetite.portions_a_day, appetite.stems_a_day, max(1, appetite.horizon_days // 7), 0,
            appetite.room_class, appetite.has_fridge,
        )  # fmt: skip
        return self.box(row, proposal, day, shelf)

    async def shelf(
        self, day: DayToPlan, *, anew: bool = False, without: Sequence[UUID] = ()
    ) -> Shelf:
        """Return the lots that may still be promised for a day, with their windows in every home.

        What proposed boxes of the day hold counts as free: of all of them with `anew`, else of the subscriptions in
        `without`.
        """
        return await self._shelves.shelf(day, anew=anew, without=without)

    def box(self, row: DueRow, proposal: BoxProposal, day: DayToPlan, shelf: Shelf) -> BoxToSave:
        """Return a proposal as it is stored, with what the ripening model says of each line."""
        home = HomeClass(RoomClass(row.room_class), row.has_fridge)
        index = {lot.lot_id: i for i, lot in enumerate(shelf.rows)}
        lines = []
        for line in proposal.lines:
            lot = shelf.rows[index[line.lot_id]]
            mode = MODES.index(line.mode)
            moves_on = switch_day(
                lot.state, home, mode, profiles=self.profiles, delivery_on=day.delivery_on
            )
            at = (index[line.lot_id], home.index, mode)
            lines.append(
                LineToSave(
                    line.lot_id,
                    line.produce_key,
                    line.units,
                    mode,
                    moves_on,
                    line.ready_day,
                    line.last_day,
                    line.eat,
                    _fractions(shelf.chance[at]),
                    _fractions(shelf.best[at]),
                    line.spare,
                )
            )
        bare = [
            BareDay(b.day, b.kind, b.missing, b.reason.value)
            for b in proposal.uncovered
            if b.kind == "fruit"
            or b.day < _horizon(row)  # a bridge box has flowers for its own days
        ]
        tax = tax_rule(day.country).contained(Money(row.price_minor, day.currency))
        return BoxToSave(row, _lasts(row), tax.minor, lines, bare, proposal.need, proposal.carried)


def lots_of(boxes: Sequence[BoxToSave]) -> set[UUID]:
    """Return the lots that boxes hold something of."""
    return {line.lot_id for box in boxes for line in box.lines}


def _fractions(chances: NDArray[np.float64]) -> list[float]:
    return [round(float(chance), 4) for chance in chances]


def _horizon(row: DueRow) -> int:
    return min(HORIZON_MAX, 7 * row.cadence_weeks)


def _lasts(row: DueRow) -> int:
    """Days until the next box that really comes: fruit bridges skipped ones, as far as is planned at all."""
    if not row.portions_a_day:
        return _horizon(row)
    return min(HORIZON_MAX, 7 * row.cadence_weeks * (1 + row.n_skipped))


def household_of(
    row: DueRow, day: DayToPlan, shelf: Shelf, profiles: Mapping[str, Produce]
) -> DueHousehold:
    """Return the planner's view of a household that is due on a day."""
    price = Money(row.worth_minor, day.currency)
    appetite = Appetite(
        kind=row.kind,
        portions_a_day=row.portions_a_day,
        stems_a_day=row.stems_a_day,
        horizon_days=_horizon(row),
        net_minor=(price - tax_rule(day.country).contained(price)).minor,
        room_class=row.room_class,
        has_fridge=row.has_fridge,
        tastes=row.tastes,
        never_families=row.never_families,
        last_produce=row.last_produce,
        lasts_days=_lasts(row),
        at_home=row.at_home,
    )
    return due_household(
        row.subscription_id,
        appetite,
        profiles=profiles,
        box_limit=shelf.box_limit,
        spare_pct=day.spare_pct,
    )


def _days_wanted(box: BoxToSave) -> int:
    """Count the days on which a household wants something; a bridge box may want nothing on some."""
    if box.need is None or box.due.stems_a_day:
        return box.horizon_days
    return sum(portions > 0 for portions in box.need)


def _summary(seed: int, verdict: Verdict, boxes: Sequence[BoxToSave]) -> RunToSave:
    n_bare = sum(len({bare.day for bare in box.bare}) for box in boxes)
    n_days = sum(_days_wanted(box) for box in boxes)
    return RunToSave(
        seed=seed,
        objective=int(verdict.objective),
        n_uncovered_days=n_bare,
        n_covered_days=n_days - n_bare,
        waste_portions=int(verdict.waste_portions),
    )
