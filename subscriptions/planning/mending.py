"""Boxes that hold what is no longer there, mended: written as a problem for `replan`, and read back. Pure.

A household that has chosen for itself keeps what is left of that; its box is filled up first. Of the others as few as
it takes are chosen anew, and a few more where a merchant lets them make room.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.assemble import (
    N_HOMES,
    N_MODES,
    N_WEEKDAYS,
    BoxProposal,
    DueHousehold,
    LotOffer,
    build_problem,
    read_boxes,
)
from subscriptions.planning.checker import check
from subscriptions.planning.checker_verdict import Breach
from subscriptions.planning.fairness import with_turns
from subscriptions.planning.own_choice import filled_up
from subscriptions.planning.plan import Plan, plan_of
from subscriptions.planning.problem import DAYS_MAX, PlanWeights, Problem
from subscriptions.planning.record import Waits, missed_turns
from subscriptions.planning.replan import (
    MADE_ROOM,
    UNCHANGED,
    Mended,
    mend,
    reasons_to_change,
)
from subscriptions.planning.solve import Params

Marks = NDArray[np.bool_]
Ints = NDArray[np.int64]
NO_WAITS: Final[Waits] = {}


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line of a box that may still change; day 0 of `eat` is the delivery day, `spare` portions are for no day."""

    lot_id: UUID
    produce_key: str
    units: int
    mode: int
    eat: tuple[int, ...]
    spare: int = 0


@dataclass(frozen=True, slots=True)
class BoxToMend:
    """A box with something of a failed lot; what its household has confirmed is the last to be touched."""

    household: DueHousehold
    is_confirmed: bool
    lines: tuple[OpenLine, ...]

    def holds(self, lots: frozenset[UUID]) -> bool:
        """Tell whether a line of it is of one of these lots."""
        return any(line.lot_id in lots for line in self.lines)


@dataclass(frozen=True, slots=True)
class Failure:
    """What has failed: lots that may not go out at all, and lots of which too little is left.

    `free` are units of each lot that no box holds; below nought where boxes hold more than there is. `kinds` says of
    each produce in a box whether it is fruit or flower.
    """

    gone: frozenset[UUID]
    short: frozenset[UUID]
    free: Mapping[UUID, int]
    kinds: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Room:
    """Most boxes that may change to make room; with `is_trial` they stay, and only what it would bring is told."""

    most: int
    is_trial: bool


NO_ROOM: Final = Room(0, is_trial=False)


@dataclass(frozen=True, slots=True)
class MendedBoxes:
    """New contents of boxes, by their place among those given; breaches that the independent checker found.

    `made_room` are those that need not have changed; `n_room` is how many they are, or would be, and `gain` by how
    much the plan is better for it [1/100 minor unit].
    """

    boxes: Mapping[int, BoxProposal]
    breaches: Sequence[Breach]
    made_room: frozenset[int] = frozenset()
    n_room: int = 0
    gain: int = 0


NOTHING: Final = MendedBoxes({}, ())


def mended_boxes(
    boxes: Sequence[BoxToMend],
    offers: Sequence[LotOffer],
    failure: Failure,
    weights: PlanWeights,
    *,
    seed: int,
    params: Params,
    waits: Waits = NO_WAITS,
    room: Room = NO_ROOM,
) -> MendedBoxes:
    """Choose anew as few of the boxes as it takes, from what is left; those kept hold exactly what they held.

    What a household has confirmed and still can have it keeps, and its box is filled up around that. `offers` are the
    lots that may go out; their units do not count, those of `failure.free` do. Scarce produce goes first to those who
    have missed turns (`waits`). Boxes beyond those with something of a failed lot are given only where they may make
    room. The same boxes, lots and seed give the same answer.
    """
    chosen, asked, case = _chosen(boxes, offers, failure, weights)
    if not chosen:
        return NOTHING
    missed = missed_turns(
        waits, [boxes[n].household.subscription_id for n in chosen], case.problem.products
    )
    week = with_turns(case.problem, missed)
    before, own = _own_filled_up(week, case.before, asked, seed)
    asked[own] = False
    mending = _Choice(week, before, asked, seed, params)
    made = mending.made(0)
    more = mending.made(room.most) if room.most else made
    n_room = int(np.count_nonzero(more.why == MADE_ROOM))
    gain = int(made.result.verdict.objective - more.result.verdict.objective) if n_room else 0
    if gain <= 0:
        more, n_room, gain = made, 0, 0
    used = made if room.is_trial else more
    changed = used.why != UNCHANGED
    changed[own] = True
    read = _read(case, used.result.plan, changed, [boxes[n].household for n in chosen])
    if isinstance(read, MendedBoxes):
        return read
    return MendedBoxes(
        {chosen[i]: read[i] for i in np.flatnonzero(changed).tolist()},
        (),
        frozenset(chosen[i] for i in np.flatnonzero(used.why == MADE_ROOM).tolist()),
        n_room,
        gain,
    )


def _chosen(
    boxes: Sequence[BoxToMend],
    offers: Sequence[LotOffer],
    failure: Failure,
    weights: PlanWeights,
) -> tuple[list[int], Marks, "_Case"]:
    """Return the boxes that a plan may be made of, those that have to change beside what stock says, and the case."""
    known = frozenset(offer.lot_id for offer in offers)
    chosen = list(range(len(boxes)))
    while True:
        here = [boxes[n] for n in chosen]
        case = _case(here, offers, failure, weights)
        forced = np.array([box.holds(failure.gone) for box in here], dtype=np.bool_)
        odd = _odd(case, here, known) & ~forced
        asked = _first_to_give(here, odd, forced, failure)
        if not (odd & ~asked).any():
            return chosen, asked, case
        chosen = [n for n, stays in zip(chosen, odd & ~asked, strict=True) if not stays]


def _own_filled_up(week: Problem, before: Plan, asked: Marks, seed: int) -> tuple[Plan, Ints]:
    """Fill the confirmed boxes up that have to give something up, before all others."""
    why = reasons_to_change(week, before, asked, seed)
    keep = week.extras.keep
    if keep is None:
        return before, np.zeros(0, dtype=np.int64)
    return filled_up(
        week, before, np.flatnonzero((why != UNCHANGED) & (keep != 0)), why == UNCHANGED
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Choice:
    """The boxes of a week that have to change, still to be chosen."""

    week: Problem
    before: Plan
    asked: Marks
    seed: int
    params: Params

    def made(self, others: int) -> Mended:
        """Choose them, with so many others that may make room."""
        most = min(others, self.week.n_subscribers)
        return mend(
            self.week,
            self.before,
            changed=self.asked,
            others=most,
            seed=self.seed,
            params=self.params,
        )


def _read(
    case: "_Case", plan: Plan, changed: Marks, households: Sequence[DueHousehold]
) -> list[BoxProposal] | MendedBoxes:
    """Read all boxes once the checker has passed them, as households know the week; else return what it found."""
    kept = (~changed).astype(np.uint8)
    marked = replace(case.problem, extras=replace(case.problem.extras, keep=kept))
    verdict = check(marked, plan, before=case.before)
    if verdict.n_breaches:
        return MendedBoxes({}, verdict.breaches)
    return read_boxes(case.problem, plan, verdict, households, case.offers)


@dataclass(frozen=True, slots=True)
class _Case:
    """Boxes as a problem with the plan they are from."""

    problem: Problem
    before: Plan
    offers: Sequence[LotOffer]


def _case(
    boxes: Sequence[BoxToMend],
    offers: Sequence[LotOffer],
    failure: Failure,
    weights: PlanWeights,
) -> _Case:
    """Write boxes, and what they and nobody hold, as a problem; failed lots have no units in it."""
    held: dict[UUID, int] = {}
    strange: dict[UUID, LotOffer] = {}
    there = {offer.lot_id for offer in offers if offer.lot_id not in failure.gone}
    for line in (line for box in boxes for line in box.lines):
        held[line.lot_id] = held.get(line.lot_id, 0) + line.units
        if line.lot_id not in there:
            kind = failure.kinds[line.produce_key]
            strange[line.lot_id] = _gone(line.lot_id, line.produce_key, kind)
    ours = [
        replace(offer, units_available=max(0, failure.free.get(offer.lot_id, 0) + held.get(offer.lot_id, 0)))
        for offer in offers
        if offer.lot_id in there
    ] + list(strange.values())  # fmt: skip
    problem = build_problem([box.household for box in boxes], ours, weights)
    confirmed = np.array([box.is_confirmed for box in boxes], dtype=np.uint8)
    problem = replace(problem, extras=replace(problem.extras, keep=confirmed))
    place = {offer.lot_id: k for k, offer in enumerate(ours)}
    return _Case(problem, _as_plan(boxes, place), ours)


def _as_plan(boxes: Sequence[BoxToMend], place: Mapping[UUID, int]) -> Plan:
    lines = [line for box in boxes for line in box.lines]
    eat = np.zeros((len(lines), DAYS_MAX), dtype=np.int64)
    for row, line in zip(eat, lines, strict=True):
        row[: len(line.eat)] = line.eat
    return plan_of(
        np.cumsum([0] + [len(box.lines) for box in boxes]),
        np.array([place[line.lot_id] for line in lines], dtype=np.int64),
        np.array([line.mode for line in lines], dtype=np.int64),
        np.array([line.units for line in lines], dtype=np.int64),
        eat,
        line_reserve=np.array([line.spare for line in lines], dtype=np.int64),
    )


def _gone(lot_id: UUID, produce_key: str, kind: str) -> LotOffer:
    """Offer nothing of a lot: no units, and no day on which it could be eaten."""
    never = np.ones((N_HOMES, N_MODES), dtype=np.int8)
    return LotOffer(
        lot_id=lot_id, produce_key=produce_key, kind=kind, units_available=0, cost_minor=1, grams=1, portions=1,
        pv=1, last_weekday=0, bonus_minor=[0] * N_WEEKDAYS, win_a=never, win_b=never - 1,
    )  # fmt: skip


def _odd(case: _Case, boxes: Sequence[BoxToMend], known: frozenset[UUID]) -> Marks:
    """Mark boxes that would not be planned so today: windows, offers or limits have changed since.

    A plan may not keep them as they are by its rules, and they are no reason to choose them anew.
    """
    verdict = check(case.problem, case.before)
    odd = np.array([any(line.lot_id not in known for line in box.lines) for box in boxes])
    odd[[each.subscriber for each in verdict.breaches if each.subscriber >= 0]] = True
    return odd


def _first_to_give(
    boxes: Sequence[BoxToMend], odd: Marks, forced: Marks, failure: Failure
) -> Marks:
    """Mark the odd boxes that give up what falls short, no more than it takes; confirmed ones only where no other can.

    Boxes that are chosen anew in any case (`forced`) give up what they hold.
    """
    missing = Counter({lot: -failure.free.get(lot, 0) for lot in failure.short})
    asked = np.zeros(len(boxes), dtype=np.bool_)
    confirmed = np.array([box.is_confirmed for box in boxes])
    _give(boxes, forced, missing)
    asked |= _give(boxes, odd & ~confirmed, missing, only_as_needed=True)
    _give(boxes, ~odd & ~forced, missing)
    asked |= _give(boxes, odd & confirmed, missing, only_as_needed=True)
    return asked


def _give(
    boxes: Sequence[BoxToMend],
    among: Marks,
    missing: Counter[UUID],
    *,
    only_as_needed: bool = False,
) -> Marks:
    """Take what boxes hold off what is missing; return which of them gave."""
    gave = np.zeros(len(boxes), dtype=np.bool_)
    for n in np.flatnonzero(among).tolist():
        lines = boxes[n].lines
        if only_as_needed and not any(missing[line.lot_id] > 0 for line in lines):
            continue
        gave[n] = True
        for line in lines:
            missing[line.lot_id] -= line.units
    return gave
