"""An edited box on the bench: all that may go out of it and come in within its limits, and what that comes to."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.checker import check
from subscriptions.planning.edit import Outcome
from subscriptions.planning.edit_keeping import Lines, Units, copies, plans_of
from subscriptions.planning.engine.bench import Floats, Ints
from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import FRUIT, Problem
from subscriptions.planning.reading import read_week
from subscriptions.planning.whole_box import offers_of, parts_of

NONE: Final = -1


@dataclass(frozen=True, slots=True)
class Step:
    """Units of at most one lot that go out of a box, and of at most one that come in; lot -1: none."""

    out: int = NONE
    n_out: int = 0
    into: int = NONE
    n_into: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """A step as it is tried: the line that loses units, how what comes in is kept, and what the step costs.

    `cost` counts goods, taste, repetition, risk, and all portions as if wasted. [1/100 minor unit]
    """

    step: Step = Step()
    line: int = NONE
    mode: int = 0
    cost: float = 0.0

    def with_(self, into: "Change") -> "Change":
        """Take units out as this change does, and put in what the other does."""
        step = replace(into.step, out=self.step.out, n_out=self.step.n_out)
        return Change(step, self.line, into.mode, self.cost + into.cost)


class Bench:
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
        self.outs = [Change(), *self._outs(set(wanted))]
        self.ins = [Change(), *self._ins()]
        self.score = float(_score(problem, edited.missing, edited.stems_missing))

    def _outs(self, wanted: set[int]) -> Iterator[Change]:
        for k, (lot, mode, units) in enumerate(self.lines):
            for n in range(1, units + 1) if lot not in wanted else ():
                yield Change(Step(out=lot, n_out=n), k, 0, -n * self.cost.get((lot, mode), 0.0))

    def _ins(self) -> Iterator[Change]:
        """Units of every lot, as many as one product may have, in each way of keeping it."""
        for (lot, mode), cost in self.cost.items():
            if int(self.problem.lot_prod[lot]) not in self.barred:
                for n in range(1, int(min(self.left[lot], self.problem.u_max[0])) + 1):
                    yield Change(Step(into=lot, n_into=n), NONE, mode, n * cost)

    def box(self, change: Change) -> Lines:
        """Return the lines of the box after a change."""
        units = {(lot, mode): n for lot, mode, n in self.lines}
        if change.line != NONE:
            lot, mode, _ = self.lines[change.line]
            units[lot, mode] -= change.step.n_out
        if change.step.into != NONE:
            place = change.step.into, change.mode
            units[place] = units.get(place, 0) + change.step.n_into
        return [(lot, mode, n) for (lot, mode), n in units.items() if n]

    def allowed(self) -> NDArray[np.bool_]:
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

    def judged(self, changes: Sequence[Change]) -> tuple[Floats, Floats]:
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

    def least(self, without: Floats, alone: Floats) -> Floats:
        """Bound what pairs come to from what each half comes to by itself; shape (outs, ins).

        Nothing gets better by taking out, and what comes in covers no more than its own portions and stems.
        """
        weights = self.problem.weights
        cost = np.array([into.cost for into in self.ins])
        covers = np.array([self._covers(into) for into in self.ins])
        apart = without[:, None] + cost - covers - 100.0 * weights.missing_product
        together = np.array([out.cost for out in self.outs])[:, None] + alone
        return np.asarray(np.maximum(apart, together))

    def _covers(self, into: Change) -> float:
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

    def lacks_less(self, score: Floats) -> NDArray[np.bool_]:
        """Tell which boxes lack less than the edited one; where that is over a limit, no more is good enough."""
        return np.asarray(score <= self.score if self.is_over else score < self.score)


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
