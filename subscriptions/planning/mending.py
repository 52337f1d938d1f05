"""Boxes that hold what is no longer there, mended: written as a problem for `replan`, and read back. Pure.

Only boxes with something of the failed lots are looked at; all others keep what they have.
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
from subscriptions.planning.plan import Plan, plan_of
from subscriptions.planning.problem import DAYS_MAX, PlanWeights, Problem
from subscriptions.planning.replan import UNCHANGED, mend
from subscriptions.planning.solve import Params

Marks = NDArray[np.bool_]


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
class MendedBoxes:
    """New contents of boxes, by their place among those given; breaches that the independent checker found."""

    boxes: Mapping[int, BoxProposal]
    breaches: Sequence[Breach]


NOTHING: Final = MendedBoxes({}, ())


def mended_boxes(
    boxes: Sequence[BoxToMend],
    offers: Sequence[LotOffer],
    failure: Failure,
    weights: PlanWeights,
    *,
    seed: int,
    params: Params,
) -> MendedBoxes:
    """Choose anew as few of the boxes as it takes, from what is left; those kept hold exactly what they held.

    `offers` are the lots that may go out; their units do not count, those of `failure.free` do. The same boxes, lots
    and seed give the same answer.
    """
    known = frozenset(offer.lot_id for offer in offers)
    chosen = [n for n, box in enumerate(boxes) if box.holds(failure.short | failure.gone)]
    if not chosen:
        return NOTHING
    while True:
        here = [boxes[n] for n in chosen]
        case = _case(here, offers, failure, weights)
        forced = np.array([box.holds(failure.gone) for box in here])
        odd = _odd(case, here, known) & ~forced
        asked = _first_to_give(here, odd, forced, failure)
        if not (odd & ~asked).any():
            break
        chosen = [n for n, stays in zip(chosen, odd & ~asked, strict=True) if not stays]
    made = mend(case.problem, case.before, changed=asked, seed=seed, params=params)
    households = [box.household for box in here]
    kept = (made.why == UNCHANGED).astype(np.uint8)
    marked = replace(case.problem, extras=replace(case.problem.extras, keep=kept))
    verdict = check(marked, made.result.plan, before=case.before)
    if verdict.n_breaches:
        return MendedBoxes({}, verdict.breaches)
    read = read_boxes(case.problem, made.result.plan, verdict, households, case.offers)
    return MendedBoxes({chosen[i]: read[i] for i in np.flatnonzero(kept == 0).tolist()}, ())


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
