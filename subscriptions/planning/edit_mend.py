"""The best few mends of an edited box: units of one lot that come in, units of another that go out, or both.

Every way of taking out and every way of putting in is tried by itself; of a pair no more days can be covered than of
what comes in alone, which rules nearly all pairs out before they are tried. The rest of the box stays as it is kept.
Besides, the planner fills the box anew around what the household wants (`refilled`).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.checker import check
from subscriptions.planning.edit import (
    Lines,
    Outcome,
    Units,
    filled,
    outcome_of,
    outcome_of_lines,
    plans_of,
    units_of,
)
from subscriptions.planning.engine.bench import Floats, Ints
from subscriptions.planning.extras import CARRY, Extras
from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import EXCLUDED, FRUIT, LAYOUT, Problem
from subscriptions.planning.reading import read_week
from subscriptions.planning.whole_box import offers_of, parts_of

NONE: Final = -1
BATCH: Final = 256
PAIRS_MOST: Final = 2048
"""Pairs that are tried at most; the most promising first."""


@dataclass(frozen=True, slots=True)
class Step:
    """Units of at most one lot that go out of a box, and of at most one that come in; lot -1: none."""

    out: int = NONE
    n_out: int = 0
    into: int = NONE
    n_into: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Mend:
    """A box that is better than the edited one, and what it comes to."""

    step: Step
    outcome: Outcome


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
    bench = _Bench(problem, edited, wanted, unwanted)
    bench.try_all(best)
    made = [
        Mend(change.step, outcome_of_lines(problem, bench.box(change)))
        for _, change in best.in_order()
    ]
    return [mend for mend in made if not mend.outcome.breaches]


def comings(problem: Problem, box: Outcome, *, unwanted: Collection[int], most: int) -> list[Mend]:
    """Find the best way of putting something more into a box, for each product, the best first.

    Nothing of the products of lots `unwanted` comes in. What each comes to is judged like any change, so that it is
    what a household gets when it chooses that.
    """
    best = _Best(most)
    _Bench(problem, box, (), unwanted).try_ins(best)
    found = []
    for _, change in best.in_order():
        lot, n = change.step.into, change.step.n_into
        units = {**box.units, lot: box.units.get(lot, 0) + n}
        found.append(Mend(change.step, outcome_of(problem, units)))
    return [mend for mend in found if not mend.outcome.breaches]


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
    chosen = units_of(filled(around, greed=greed))
    outcome = outcome_of(problem, chosen)
    kept = all(chosen.get(lot, 0) == units.get(lot, 0) for lot in wanted)
    return outcome if kept and not outcome.breaches else None


@dataclass(frozen=True, slots=True, eq=False)
class _Change:
    """A step as it is tried: the line that loses units, how what comes in is kept, and what the step costs.

    `cost` counts goods, taste, repetition, risk, and all portions as if wasted. [1/100 minor unit]
    """

    step: Step = Step()
    line: int = NONE
    mode: int = 0
    cost: float = 0.0

    def with_(self, into: "_Change") -> "_Change":
        """Take units out as this change does, and put in what the other does."""
        step = replace(into.step, out=self.step.out, n_out=self.step.n_out)
        return _Change(step, self.line, into.mode, self.cost + into.cost)


@dataclass(slots=True)
class _Best:
    """The best change about each product so far; of these, the best `most` are wanted."""

    most: int
    found: dict[tuple[bool, int], tuple[float, _Change]] = field(default_factory=dict)

    def note(self, worth: float, what: tuple[bool, int], change: _Change) -> None:
        """Keep a change if there is no better one about the same product."""
        if what not in self.found or worth < self.found[what][0]:
            self.found[what] = worth, change

    def in_order(self) -> list[tuple[float, _Change]]:
        """Return the best changes, the best first."""
        return sorted(self.found.values(), key=lambda each: each[0])[: self.most]

    @property
    def enough(self) -> float:
        """What a change has to be better than to be among the best."""
        best = self.in_order()
        return best[-1][0] if len(best) == self.most else np.inf


class _Bench:
    """An edited box, all that may go out of it and come in, and its limits. Objectives are in 1/100 minor unit."""

    def __init__(
        self, problem: Problem, edited: Outcome, wanted: Collection[int], unwanted: Collection[int]
    ) -> None:
        self.problem, self.lines = problem, edited.lines
        self.is_over = bool(edited.breaches)
        self.cost = costs_of(problem, edited.units)
        self.barred = {int(problem.lot_prod[lot]) for lot in unwanted}
        self.left = problem.lot_stock.astype(np.int64)
        for lot, n in edited.units.items():
            self.left[lot] -= n
        self.outs = [_Change(), *self._outs(set(wanted))]
        self.ins = [_Change(), *self._ins()]
        self.score = float(_score(problem, edited.missing, edited.stems_missing))

    def _outs(self, wanted: set[int]) -> Iterator[_Change]:
        for k, (lot, mode, units) in enumerate(self.lines):
            for n in range(1, units + 1) if lot not in wanted else ():
                yield _Change(Step(out=lot, n_out=n), k, 0, -n * self.cost.get((lot, mode), 0.0))

    def _ins(self) -> Iterator[_Change]:
        """Units of every lot, as many as one product may have, in each way of keeping it."""
        for (lot, mode), cost in self.cost.items():
            if int(self.problem.lot_prod[lot]) not in self.barred:
                for n in range(1, int(min(self.left[lot], self.problem.u_max[0])) + 1):
                    yield _Change(Step(into=lot, n_into=n), NONE, mode, n * cost)

    def box(self, change: _Change) -> Lines:
        """Return the lines of the box after a change."""
        units = {(lot, mode): n for lot, mode, n in self.lines}
        if change.line != NONE:
            lot, mode, _ = self.lines[change.line]
            units[lot, mode] -= change.step.n_out
        if change.step.into != NONE:
            place = change.step.into, change.mode
            units[place] = units.get(place, 0) + change.step.n_into
        return [(lot, mode, n) for (lot, mode), n in units.items() if n]

    def try_all(self, best: _Best) -> None:
        """Note the best changes that mend: what only goes out, what only comes in, and then pairs."""
        allowed = self._allowed()
        worth, score = self._judged([*self.outs, *self.ins])
        n = len(self.outs)
        without, alone = (worth[:n], score[:n]), (worth[n:], score[n:])
        self._note(best, self.outs, allowed[:, 0], without)
        self._note(best, self.ins, allowed[0], alone)
        least = self._least(without[0], alone[0])
        allowed &= self._mends(alone[1])
        allowed[0], allowed[:, 0] = False, False
        pairs, least = np.argwhere(allowed), least[allowed]
        order = np.argsort(least, kind="stable")[:PAIRS_MOST]
        for start in range(0, len(order), BATCH):
            part = order[start : start + BATCH]
            if least[part[0]] >= best.enough:
                return
            both = [self.outs[o].with_(self.ins[i]) for o, i in pairs[part].tolist()]
            self._note(best, both, np.ones(len(both), np.bool_), self._judged(both))

    def try_ins(self, best: _Best) -> None:
        """Note the best way of putting in each product that the limits leave room for, whatever it mends."""
        allowed = self._allowed()[0]
        ins = [each for each, fits in zip(self.ins, allowed, strict=True) if fits]
        worth, _ = self._judged(ins)
        for value, change in zip(worth.tolist(), ins, strict=True):
            if change.step.into != NONE:
                best.note(value, (True, int(self.problem.lot_prod[change.step.into])), change)

    def _least(self, without: Floats, alone: Floats) -> Floats:
        """Bound what pairs come to from what each half comes to by itself; shape (outs, ins).

        Nothing gets better by taking out, and what comes in covers no more than its own portions and stems.
        """
        weights = self.problem.weights
        cost = np.array([into.cost for into in self.ins])
        covers = np.array([self._covers(into) for into in self.ins])
        apart = without[:, None] + cost - covers - 100.0 * weights.missing_product
        together = np.array([out.cost for out in self.outs])[:, None] + alone
        return np.asarray(np.maximum(apart, together))

    def _covers(self, into: _Change) -> float:
        """What all portions, or stems on all days, of what comes in can be worth, and its cost to a least value."""
        problem, lot = self.problem, into.step.into
        weights, extras = problem.weights, problem.extras
        n = into.step.n_into * int(problem.lot_portions[lot])
        value = 0.0
        if extras.min_cost is not None:
            value = 100.0 * weights.missing_value * into.step.n_into * int(problem.lot_cost[lot])
        if problem.prod_kind[problem.lot_prod[lot]] == FRUIT:
            spare = 0 if extras.reserve is None else weights.missing_reserve
            most = max(weights.uncovered_portion, spare)
            return value + 100.0 * (most + weights.waste_portion) * n
        return value + 100.0 * weights.uncovered_stem_day * n * int(problem.horizon[0])

    def _mends(self, score: Floats) -> NDArray[np.bool_]:
        """Tell which boxes lack less than the edited one; where that is over a limit, no more is good enough."""
        return np.asarray(score <= self.score if self.is_over else score < self.score)

    def _note(
        self,
        best: _Best,
        changes: Sequence[_Change],
        allowed: NDArray[np.bool_],
        judged: tuple[Floats, Floats],
    ) -> None:
        worth, score = judged
        for k in np.flatnonzero(allowed & self._mends(score)).tolist():
            step = changes[k].step
            comes_in = step.into != NONE
            about = int(self.problem.lot_prod[step.into if comes_in else step.out])
            best.note(float(worth[k]), (comes_in, about), changes[k])

    def _allowed(self) -> NDArray[np.bool_]:
        """Tell which pairs of what goes out and what comes in keep the limits; shape (outs, ins)."""
        problem = self.problem
        lots, units = _columns([(lot, n) for lot, _, n in self.lines])
        lots_out, n_out = _columns([(out.step.out, out.step.n_out) for out in self.outs])
        lots_in, n_in = _columns([(into.step.into, into.step.n_into) for into in self.ins])
        allowed = (lots_out[:, None] != lots_in) | (lots_in == NONE)
        for each, limit in (
            (problem.lot_cost.astype(np.int64), int(problem.budget[0])),
            (problem.lot_grams.astype(np.int64), int(problem.grams_max[0])),
        ):
            total = each[lots] @ units - (each[lots_out] * n_out)[:, None] + each[lots_in] * n_in
            allowed &= total <= limit
        for group, most in self._groups():
            held = np.bincount(group[lots], weights=units, minlength=len(most))
            same = group[lots_out][:, None] == group[lots_in]
            rest = held[group[lots_in]] + n_in - np.where(same, n_out[:, None], 0)
            allowed &= (n_in == 0) | (rest <= most[group[lots_in]])
            for over in np.flatnonzero(held > most):
                gone = np.where(group[lots_out] == over, n_out, 0)
                allowed &= (held[over] - gone <= most[over])[:, None]
        return np.asarray(allowed & ((n_in == 0) | ~self._is_either_or(lots_out, n_out, lots_in)))

    def _is_either_or(self, lots_out: Ints, n_out: Ints, lots_in: Ints) -> NDArray[np.bool_]:
        """Tell for which pairs the box keeps another product that excludes what comes in; shape (outs, ins)."""
        problem, group = self.problem, self.problem.extras.prod_group
        if group is None:
            return np.zeros((len(lots_out), len(lots_in)), dtype=np.bool_)
        lots, units = _columns([(lot, n) for lot, _, n in self.lines])
        of_product = np.bincount(problem.lot_prod[lots], units, minlength=problem.n_products)
        of_group = np.bincount(
            group[group >= 0], of_product[group >= 0], minlength=problem.n_products
        )
        out, into = problem.lot_prod[lots_out], problem.lot_prod[lots_in]
        others = of_group[group[into]] - of_product[into]
        gives_way = (group[out][:, None] == group[into]) & (out[:, None] != into)
        left = others - np.where(gives_way, n_out[:, None], 0)
        return np.asarray((group[into] >= 0) & (left > 0))

    def _groups(self) -> tuple[tuple[Ints, Ints], ...]:
        """Product and number of each lot, and the units that a box may hold of each product and of each lot."""
        problem = self.problem
        can_be_had = np.zeros(problem.n_lots, dtype=np.int64)
        can_be_had[[lot for lot, _ in self.cost]] = 1
        a_product = np.full(problem.n_products, int(problem.u_max[0]), dtype=np.int64)
        return (
            (problem.lot_prod.astype(np.int64), a_product),
            (np.arange(problem.n_lots), problem.lot_stock * can_be_had),
        )

    def _judged(self, changes: Sequence[_Change]) -> tuple[Floats, Floats]:
        """Say what boxes come to after changes: the objective less what all have in common, and what days lack."""
        problem = copies(self.problem, len(changes))
        plan = plans_of(problem, [self.box(change) for change in changes])
        verdict = check(problem, plan)
        weights = problem.weights
        score = _score(problem, verdict.uncovered, verdict.stems_missing)
        lacking = np.maximum(problem.min_dist - verdict.fruit_kinds, 0)
        wasted = weights.waste_portion * verdict.uncovered.sum(axis=1, dtype=np.int64)
        cost = np.array([change.cost for change in changes]) + _wishes_missed(problem, plan)
        return cost + score + 100.0 * (wasted + weights.missing_product * lacking), score


def _columns(pairs: Sequence[tuple[int, int]]) -> tuple[Ints, Ints]:
    table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _wishes_missed(problem: Problem, plan: Plan) -> Any:
    """What portions to spare that are missing cost, and goods worth too little, by box. [1/100 minor unit]"""
    weights, extras, owner = problem.weights, problem.extras, plan.line_subscriber
    missed = np.zeros(plan.n_boxes)
    if extras.reserve is not None:
        spare = np.bincount(owner, plan.line_reserve, minlength=plan.n_boxes)
        missed += (weights.missing_reserve + weights.waste_portion) * (extras.reserve - spare)
    if extras.min_cost is not None:
        goods = problem.lot_cost[plan.line_lot].astype(np.int64) * plan.line_units
        of_box = np.bincount(owner, goods, minlength=plan.n_boxes)
        missed += weights.missing_value * np.maximum(extras.min_cost - of_box, 0)
    return 100.0 * missed


def _score(problem: Problem, missing: NDArray[np.int8], stems: NDArray[np.int8]) -> Any:
    """What missing portions and stems cost, by box; both are by day, along the last axis. [1/100 minor unit]"""
    weights = problem.weights
    return 100.0 * (
        weights.uncovered_portion * missing.sum(axis=-1, dtype=np.int64)
        + weights.uncovered_stem_day * stems.sum(axis=-1, dtype=np.int64)
    )


def costs_of(problem: Problem, held: Units) -> dict[tuple[int, int], float]:
    """What a unit costs, by lot and way of keeping, of all that the household can get or has; see `Offers`."""
    stock = problem.lot_stock.copy()
    for lot, units in held.items():
        stock[lot] = max(stock[lot], units)
    week, _ = read_week(replace(problem, lot_stock=stock))
    found: dict[tuple[int, int], float] = {}
    for part in parts_of(int(problem.plan[0])):
        offers = offers_of(week, 0, part, stock.astype(np.int64))
        keys = zip(offers.lot.tolist(), offers.mode.tolist(), strict=True)
        found |= dict(zip(keys, offers.cost.tolist(), strict=True))
    return found


def copies(problem: Problem, n: int) -> Problem:
    """Return a week of `n` households like the one of `problem`."""
    arrays: dict[str, Any] = {
        name: np.repeat(getattr(problem, name), n, axis=0)
        for name, (_, axes) in LAYOUT.items()
        if axes[0] == "N"
    }
    extras: dict[str, Any] = {
        name: np.repeat(array, n, axis=0)
        for name, array in problem.extras.given().items()
        if name in ("day_need", "reserve", "min_cost")
    }
    for name in ("win_risk", "prod_group"):
        extras[name] = getattr(problem.extras, name)
    if problem.extras.carry_ptr is not None:
        extras |= {name: np.tile(getattr(problem.extras, name), n) for name in CARRY[1:]}
        extras["carry_ptr"] = problem.extras.n_carried * np.arange(n + 1, dtype=np.int64)
    return replace(problem, **arrays, extras=Extras(**extras))
