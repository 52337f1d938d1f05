"""What a change that a household asks for does to its box, and the mends to offer; the planner judges. Pure."""

import datetime as dt
import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import numpy as np

from ripeday.kit.errors import Invalid
from ripeday.kit.text import message
from subscriptions.box_edit import (
    Amount,
    DayEffect,
    EditEffect,
    Idea,
    LineEffect,
    MendOffer,
    OverLimit,
)
from subscriptions.planning.assemble import LotOffer
from subscriptions.planning.checker_verdict import Breach
from subscriptions.planning.edit import Filling, Outcome, outcome_of
from subscriptions.planning.edit_bench import costs_of
from subscriptions.planning.edit_mend import comings, mends, refilled
from subscriptions.planning.problem import Problem

MENDS_MOST: Final = 3
IDEAS_MOST: Final = 12


@dataclass(frozen=True, slots=True)
class OpenBox:
    """A box that may still change: what it holds, and what it may be filled from.

    `problem` is that of its household alone (`planning.edit.alone`), its lots those of `offers`; units offered count
    those that the box holds. `own` are lots that the household has put in before, `shunned` those that it has taken
    units out of.
    """

    delivery_on: dt.date
    offers: Sequence[LotOffer]
    problem: Problem
    held: Mapping[UUID, int]
    own: frozenset[UUID]
    shunned: frozenset[UUID] = frozenset()

    @property
    def index(self) -> dict[UUID, int]:
        """Return the number of each lot in the problem."""
        return {offer.lot_id: lot for lot, offer in enumerate(self.offers)}

    @property
    def units(self) -> dict[int, int]:
        """Return what the box holds of lots that may still go out, by their numbers."""
        index = self.index
        return {index[lot_id]: n for lot_id, n in self.held.items() if lot_id in index}

    def wanted(self, after: Mapping[int, int]) -> set[int]:
        """Return the lots that the household has put in: now, or before and not taken out since."""
        before = self.units
        return {
            lot
            for lot, n in after.items()
            if n > before.get(lot, 0)
            or (n == before.get(lot) and self.offers[lot].lot_id in self.own)
        }


def effect_of(
    box: OpenBox, asked: Mapping[UUID, int], *, with_mends: bool = True
) -> tuple[Outcome, EditEffect]:
    """Judge the box as it would be; returns what it comes to, and the same for its household to see.

    Looking for mends takes most of the time; where nobody will see them, leave them out.

    Raises
    ------
    Invalid
        A lot that is asked for is not among those of the day.
    """
    problem, index, units = box.problem, box.index, box.units
    if any(lot not in index for lot, n in asked.items() if n):
        raise Invalid("change", message("One of these lots is not to be had on this day."))
    wished = units | {index[lot]: n for lot, n in asked.items() if lot in index}
    before = outcome_of(problem, units)
    after = outcome_of(problem, wished) if wished != units else before
    return after, EditEffect(
        seen=seen_of(box.held),
        units=dict(asked),
        lines=_lines(box, after),
        days=_days(box, before, after),
        waste_before=before.waste_portions,
        waste_portions=after.waste_portions,
        goods_fraction_before=_share(before, problem),
        goods_fraction=_share(after, problem),
        over=tuple(_over(box, breach) for breach in after.breaches),
        mends=tuple(_mends(box, after, {lot: n for lot, n in wished.items() if n}))
        if with_mends
        else (),
        choices=tuple(_choices(box, after)),
    )


def _mends(box: OpenBox, after: Outcome, wished: Mapping[int, int]) -> list[MendOffer]:
    """The best few steps that mend, and before them the box filled anew where that is better still."""
    if not box.offers or (not after.days and not after.breaches):
        return []
    problem, before = box.problem, box.units
    wanted = box.wanted(wished)
    kinds = {int(problem.lot_prod[lot]) for lot in wanted}
    fewer = {lot for lot, n in before.items() if wished.get(lot, 0) < n}
    shunned = {lot for lot_id, lot in box.index.items() if lot_id in box.shunned}
    unwanted = {lot for lot in fewer | shunned if int(problem.lot_prod[lot]) not in kinds}
    found = [
        mend.outcome
        for mend in mends(problem, after, wanted=wanted, unwanted=unwanted, most=MENDS_MOST)
    ]
    anew = refilled(problem, wished, wanted=wanted, unwanted=unwanted)
    is_better = not found or (anew is not None and anew.objective < found[0].objective)
    if anew is not None and is_better and _lacks(anew) < _lacks(after):
        found = [anew, *(each for each in found if each.units != anew.units)]
    return [_offer(box, after, outcome) for outcome in found[: MENDS_MOST + 1]]


def _lacks(outcome: Outcome) -> tuple[int, int]:
    return len(outcome.days), int(outcome.missing.sum() + outcome.stems_missing.sum())


def _offer(box: OpenBox, after: Outcome, mended: Outcome) -> MendOffer:
    before, have, get = box.units, after.units, mended.units
    lots = sorted({*before, *have, *get})
    return MendOffer(
        units={
            box.offers[lot].lot_id: get.get(lot, 0)
            for lot in lots
            if get.get(lot, 0) != before.get(lot, 0)
        },
        out=tuple(_amounts(box, {lot: have.get(lot, 0) - get.get(lot, 0) for lot in lots})),
        into=tuple(_amounts(box, {lot: get.get(lot, 0) - have.get(lot, 0) for lot in lots})),
        covers=tuple(_on(box, day) for day in sorted(after.days - mended.days)),
        n_uncovered=len(mended.days),
        lines=_lines(box, mended),
    )


def ideas_of(box: OpenBox, out: Collection[UUID]) -> list[Idea]:
    """Say what could come in besides what the box holds, or instead of the lots `out`, the best first.

    Instead of a fruit come other fruit, and of a flower other flowers.
    """
    if not box.offers:
        return []
    problem, index = box.problem, box.index
    gone = {index[lot] for lot in out if lot in index}
    kept = {lot: n for lot, n in box.units.items() if lot not in gone}
    before = outcome_of(problem, box.units)
    without = outcome_of(problem, kept) if gone else before
    found = comings(problem, without, unwanted=_not_instead(problem, gone), most=IDEAS_MOST)
    ideas = []
    for coming in found:
        into, after = box.offers[coming.step.into], coming.box
        now = after.units.get(coming.step.into, 0)
        ideas.append(
            Idea(
                units={box.offers[lot].lot_id: 0 for lot in gone} | {into.lot_id: now},
                into=Amount(into.lot_id, into.produce_key, coming.step.n_into),
                lines=tuple(x for x in _lines(box, after) if x.lot_id == into.lot_id),
                days=_days(box, before, after),
                goods_fraction_before=_share(before, problem),
                goods_fraction=_share(after, problem),
            )
        )
    return ideas


def _not_instead(problem: Problem, gone: Collection[int]) -> set[int]:
    """Lots that are no swap for those that go: of the same products, or of another kind."""
    products = problem.lot_prod[sorted(gone)]
    if not len(products):
        return set()
    kinds = problem.prod_kind[problem.lot_prod]
    is_other = np.isin(problem.lot_prod, products) | ~np.isin(kinds, problem.prod_kind[products])
    return set(np.flatnonzero(is_other).tolist())


def _amounts(box: OpenBox, units: Mapping[int, int]) -> list[Amount]:
    return [
        Amount(box.offers[lot].lot_id, box.offers[lot].produce_key, n)
        for lot, n in units.items()
        if n > 0
    ]


def _choices(box: OpenBox, after: Outcome) -> list[Amount]:
    """What could still come in, by what is free and by the limit of one product."""
    if not box.offers:
        return []
    problem, held = box.problem, after.units
    of_product: dict[int, int] = {}
    for lot, n in held.items():
        product = int(problem.lot_prod[lot])
        of_product[product] = of_product.get(product, 0) + n
    most = {
        lot: min(
            int(problem.lot_stock[lot]) - held.get(lot, 0),
            int(problem.u_max[0]) - of_product.get(int(problem.lot_prod[lot]), 0),
        )
        for lot, _ in costs_of(problem, {})
    }
    return _amounts(box, most)


def _lines(box: OpenBox, after: Filling) -> tuple[LineEffect, ...]:
    horizon = int(box.problem.horizon[0])
    return tuple(
        LineEffect(
            box.offers[lot].lot_id,
            box.offers[lot].produce_key,
            box.problem.modes[mode],
            units,
            tuple(after.plan.line_eat[i, :horizon].tolist()),
        )
        for i, (lot, mode, units) in enumerate(after.lines)
    )


def _days(box: OpenBox, before: Filling, after: Filling) -> tuple[DayEffect, ...]:
    return tuple(
        DayEffect(
            _on(box, day),
            int(before.missing[day]),
            int(after.missing[day]),
            int(before.stems_missing[day]),
            int(after.stems_missing[day]),
        )
        for day in range(int(box.problem.horizon[0]))
    )


def _on(box: OpenBox, day: int) -> dt.date:
    return box.delivery_on + dt.timedelta(days=day)


def _over(box: OpenBox, breach: Breach) -> OverLimit:
    key = box.offers[breach.lot].produce_key if breach.lot >= 0 else None
    return OverLimit(breach.rule, key, breach.allowed)


def _share(outcome: Filling, problem: Problem) -> float:
    return round(outcome.goods_minor / max(int(problem.budget[0]), 1), 4)


def seen_of(held: Mapping[UUID, int]) -> str:
    """Name the contents of a box as it is stored."""
    told = ",".join(sorted(f"{lot}:{n}" for lot, n in held.items()))
    return hashlib.sha256(told.encode()).hexdigest()[:16]
