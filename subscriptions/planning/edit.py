"""What an edit does to one box, day by day: the units are given, and how they are best kept and eaten is looked for.

Pure. `alone` takes one household out of a week; a box is then units by lot, and `outcome_of` says what it comes to.
What would mend a box is found in `edit_mend.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.checker import check
from subscriptions.planning.checker_verdict import Breach
from subscriptions.planning.edit_keeping import (
    Lines,
    Units,
    copies,
    kept_best,
    plans_of,
    units_of,
)
from subscriptions.planning.extras import CARRY, Extras
from subscriptions.planning.plan import Plan, plan_of
from subscriptions.planning.problem import LAYOUT, Problem


@dataclass(frozen=True, slots=True, eq=False)
class Filling:
    """A box on its days: how its units are kept and eaten (`plan`), and what the independent checker says of that.

    `missing` and `stems_missing` are by day, shape (14,).
    """

    plan: Plan
    missing: NDArray[np.int8]
    stems_missing: NDArray[np.int8]
    goods_minor: int

    @property
    def lines(self) -> Lines:
        """Return lot, way of keeping and units of each line."""
        plan = self.plan
        columns = plan.line_lot.tolist(), plan.line_mode.tolist(), plan.line_units.tolist()
        return list(zip(*columns, strict=True))

    @property
    def units(self) -> dict[int, int]:
        """Return the units by lot."""
        return units_of(self.lines)

    @property
    def days(self) -> frozenset[int]:
        """Return the days that lack portions or stems."""
        return frozenset(np.flatnonzero((self.missing > 0) | (self.stems_missing > 0)).tolist())


@dataclass(frozen=True, slots=True, eq=False)
class Outcome(Filling):
    """What a box comes to; `breaches` are limits that it is over."""

    kinds: int
    waste_portions: int
    objective: int
    breaches: tuple[Breach, ...]


def alone(problem: Problem, household: int, left: NDArray[np.integer] | None = None) -> Problem:
    """Take one household out of a week, with windows, risks and gains as they are at its home on its day.

    `left` [L] are the units that no other box holds; all the stock when absent.
    """
    n, day, home = household, int(problem.weekday[household]), int(problem.home[household])
    one = slice(n, n + 1)
    arrays: dict[str, Any] = {
        name: getattr(problem, name)[one] for name, (_, axes) in LAYOUT.items() if axes[0] == "N"
    }
    at = np.s_[:, day : day + 1, home : home + 1]
    stock = problem.lot_stock if left is None else np.maximum(left, 0).astype(np.int32)
    return replace(
        problem,
        **arrays | {"weekday": np.zeros(1, np.int8), "home": np.zeros(1, np.int8)},
        lot_stock=stock,
        lot_last=np.where(problem.lot_last >= day, 0, -1).astype(np.int8),
        lot_bonus=problem.lot_bonus[:, day : day + 1],
        win_a=problem.win_a[at],
        win_b=problem.win_b[at],
        extras=_extras_alone(problem.extras, n, at),
    )


def _extras_alone(extras: Extras, n: int, at: Any) -> Extras:
    found: dict[str, Any] = {}
    for name, array in extras.given().items():
        if name in ("win_risk", "day_risk"):
            found[name] = array[at]
        elif name == "prod_group":
            found[name] = array
        elif name != "keep" and name not in CARRY:
            found[name] = array[n : n + 1]
    if extras.carry_ptr is not None:
        first, last = int(extras.carry_ptr[n]), int(extras.carry_ptr[n + 1])
        found |= {name: getattr(extras, name)[first:last] for name in CARRY[1:]}
        found["carry_ptr"] = np.array([0, last - first])
    return Extras(**found)


def outcome_of(problem: Problem, units: Units) -> Outcome:
    """Say what a box of these units comes to, kept and eaten in the best way, whether it is within limits or not.

    `problem` is that of one household (`alone`); its stock counts what the box itself may take.
    """
    return outcome_of_lines(problem, kept_best(problem, [units])[0])


def outcome_of_lines(problem: Problem, lines: Lines) -> Outcome:
    """Say what a box of these lines comes to, eaten in the best way."""
    plan = plans_of(problem, [lines])
    verdict = check(problem, plan)
    return Outcome(
        plan=plan,
        missing=verdict.uncovered[0],
        stems_missing=verdict.stems_missing[0],
        kinds=int(verdict.fruit_kinds[0]),
        waste_portions=verdict.waste_portions,
        goods_minor=verdict.goods_minor,
        objective=int(verdict.objective),
        breaches=verdict.breaches,
    )


def fillings_of(problem: Problem, boxes: Sequence[Units]) -> list[Filling | None]:
    """Look at several boxes that a household might have, each as `outcome_of` would; None where one is over a limit.

    127 at most. All at once this takes a third of the time.
    """
    n = len(boxes)
    if not n:
        return []
    week = copies(problem, n)
    if problem.extras.day_risk is not None:
        week = replace(week, extras=replace(week.extras, day_risk=problem.extras.day_risk))
    plan = plans_of(week, kept_best(problem, boxes))
    verdict = check(week, plan)
    # The boxes do not share the stock, so that it is looked at box by box.
    wrong = {each.subscriber for each in verdict.breaches if each.rule != "stock"}
    found: list[Filling | None] = []
    for k, units in enumerate(boxes):
        is_there = all(held <= problem.lot_stock[lot] for lot, held in units.items())
        if not is_there or k in wrong or -1 in wrong:
            found.append(None)
            continue
        goods = sum(int(problem.lot_cost[lot]) * held for lot, held in units.items())
        missing, stems = verdict.uncovered[k], verdict.stems_missing[k]
        found.append(Filling(_box_of(plan, k, n), missing, stems, goods))
    return found


def _box_of(plan: Plan, k: int, n: int) -> Plan:
    """Return box k of a plan of n, as a plan of its own."""
    here = slice(int(plan.box_ptr[k]), int(plan.box_ptr[k + 1]))
    n_carried = len(plan.carry_eat) // n
    return plan_of(
        np.array([0, here.stop - here.start]),
        plan.line_lot[here],
        plan.line_mode[here],
        plan.line_units[here],
        plan.line_eat[here],
        line_reserve=plan.line_reserve[here],
        carry_eat=plan.carry_eat[k * n_carried : (k + 1) * n_carried],
    )
