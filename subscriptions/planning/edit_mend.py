"""The best few mends of an edited box: units of one lot that come in, units of another that go out, or both.

Every way of taking out and every way of putting in is tried by itself; of a pair no more days can be covered than of
what comes in alone, which rules nearly all pairs out before they are tried. The rest of the box stays as it is kept.
Besides, the planner fills the box anew around what the household wants (`refilled`).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.edit import (
    Filling,
    Outcome,
    fillings_of,
    outcome_of,
    outcome_of_lines,
)
from subscriptions.planning.edit_bench import NONE, Bench, Change, Step
from subscriptions.planning.edit_keeping import Units, filled, units_of
from subscriptions.planning.engine.bench import Floats
from subscriptions.planning.problem import EXCLUDED, Problem

BATCH: Final = 256
PAIRS_MOST: Final = 2048
"""Pairs that are tried at most; the most promising first."""


@dataclass(frozen=True, slots=True, eq=False)
class Mend:
    """A box that is better than the edited one, and what it comes to."""

    step: Step
    outcome: Outcome


@dataclass(frozen=True, slots=True, eq=False)
class Coming:
    """Something more that comes into a box, and the box with it."""

    step: Step
    box: Filling


def mends(
    problem: Problem,
    edited: Outcome,
    *,
    wanted: Collection[int],
    unwanted: Collection[int],
    most: int = 3,
) -> list[Mend]:
    """Find the best few single steps that let an edited box miss less, the best first, each with another product.

    Parameters
    ----------
    problem
        That of the one household; its stock counts what the box itself may take.
    edited
        The box. When it is over a limit, a mend need only bring it back and miss no more.
    wanted, unwanted
        Lots that the household has put in, of which nothing goes out, and lots that it has taken out: nothing of
        their products comes in.
    """
    if not edited.days and not edited.breaches:
        return []
    best = _Best(most)
    bench = Bench(problem, edited, wanted, unwanted)
    _try_all(bench, best)
    made = [
        Mend(change.step, outcome_of_lines(problem, bench.box(change)))
        for _, change in best.in_order()
    ]
    return [mend for mend in made if not mend.outcome.breaches]


def comings(
    problem: Problem, box: Outcome, *, unwanted: Collection[int], most: int
) -> list[Coming]:
    """Find the best way of putting something more into a box, for each product, the best first.

    Nothing of the products of lots `unwanted` comes in. What each comes to is judged like any change, so that it is
    what a household gets when it chooses that.
    """
    best = _Best(most)
    _try_ins(Bench(problem, box, (), unwanted), best)
    steps = [change.step for _, change in best.in_order()]
    boxes = [{**box.units, x.into: box.units.get(x.into, 0) + x.n_into} for x in steps]
    return [
        Coming(step, filling)
        for step, filling in zip(steps, fillings_of(problem, boxes), strict=True)
        if filling is not None
    ]


def refilled(
    problem: Problem, units: Units, *, wanted: Collection[int], unwanted: Collection[int]
) -> Outcome | None:
    """Fill a box anew around what a household wants of it; None where that alone is over a limit.

    Lots `wanted` keep the units they have in `units`; nothing comes in of the products of lots `unwanted`.
    """
    stock, pref = problem.lot_stock.copy(), problem.pref.copy()
    pref[0, problem.lot_prod[list(unwanted)]] = EXCLUDED
    greed = np.zeros(problem.n_lots)
    for lot in wanted:
        stock[lot], greed[lot] = units.get(lot, 0), 1.0
    around = replace(problem, lot_stock=stock, pref=pref)
    chosen = units_of(filled(around, greed=greed)[0])
    outcome = outcome_of(problem, chosen)
    kept = all(chosen.get(lot, 0) == units.get(lot, 0) for lot in wanted)
    return outcome if kept and not outcome.breaches else None


@dataclass(slots=True)
class _Best:
    """The best change about each product so far; of these, the best `most` are wanted."""

    most: int
    found: dict[tuple[bool, int], tuple[float, Change]] = field(default_factory=dict)

    def note(self, worth: float, what: tuple[bool, int], change: Change) -> None:
        """Keep a change if there is no better one about the same product."""
        if what not in self.found or worth < self.found[what][0]:
            self.found[what] = worth, change

    def in_order(self) -> list[tuple[float, Change]]:
        """Return the best changes, the best first."""
        return sorted(self.found.values(), key=lambda each: each[0])[: self.most]

    @property
    def enough(self) -> float:
        """What a change has to be better than to be among the best."""
        best = self.in_order()
        return best[-1][0] if len(best) == self.most else np.inf


def _try_all(bench: Bench, best: _Best) -> None:
    """Note the best changes that mend: what only goes out, what only comes in, and then pairs."""
    allowed = bench.allowed()
    worth, score = bench.judged([*bench.outs, *bench.ins])
    n = len(bench.outs)
    without, alone = (worth[:n], score[:n]), (worth[n:], score[n:])
    _note(bench, best, bench.outs, allowed[:, 0], without)
    _note(bench, best, bench.ins, allowed[0], alone)
    least = bench.least(without[0], alone[0])
    allowed &= bench.lacks_less(alone[1])
    allowed[0], allowed[:, 0] = False, False
    pairs, least = np.argwhere(allowed), least[allowed]
    order = np.argsort(least, kind="stable")[:PAIRS_MOST]
    for start in range(0, len(order), BATCH):
        part = order[start : start + BATCH]
        if least[part[0]] >= best.enough:
            return
        both = [bench.outs[o].with_(bench.ins[i]) for o, i in pairs[part].tolist()]
        _note(bench, best, both, np.ones(len(both), np.bool_), bench.judged(both))


def _try_ins(bench: Bench, best: _Best) -> None:
    """Note the best way of putting in each product that the limits leave room for, whatever it mends."""
    allowed = bench.allowed()[0]
    ins = [each for each, fits in zip(bench.ins, allowed, strict=True) if fits]
    worth, _ = bench.judged(ins)
    for value, change in zip(worth.tolist(), ins, strict=True):
        if change.step.into != NONE:
            best.note(value, (True, int(bench.problem.lot_prod[change.step.into])), change)


def _note(
    bench: Bench,
    best: _Best,
    changes: Sequence[Change],
    allowed: NDArray[np.bool_],
    judged: tuple[Floats, Floats],
) -> None:
    worth, score = judged
    for k in np.flatnonzero(allowed & bench.lacks_less(score)).tolist():
        step = changes[k].step
        comes_in = step.into != NONE
        about = int(bench.problem.lot_prod[step.into if comes_in else step.out])
        best.note(float(worth[k]), (comes_in, about), changes[k])
