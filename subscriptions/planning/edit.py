"""What an edit does to one box, day by day: the units are given, and how they are best kept and eaten is looked for.

Pure. `alone` takes one household out of a week; a box is then units by lot, and `outcome_of` says what it comes to.
What would mend a box is found in `edit_mend.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.checker import check
from subscriptions.planning.checker_verdict import Breach
from subscriptions.planning.engine.lanes import Effort
from subscriptions.planning.extras import CARRY, Extras
from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import EXCLUDED, FRUIT, LAYOUT, Problem
from subscriptions.planning.run import BYTE, LOT_SHIFT, MODE_SHIFT, Run, never, silent

Units = Mapping[int, int]
"""Units of a box by lot."""
Lines = list[tuple[int, int, int]]
"""Lot, way of keeping and units of each line of a box."""

EXACT: Final = Effort(1000.0, 0.5, 400, 8, 3, 6, 2000)
"""How hard to look at one box: to the end, as there is only one."""
GREED: Final = 1e6
"""What it is worth to have a unit in the box that is to be in it: more than any box costs. [1/100 cent]"""
_AMPLE: Final = 2**31 - 1


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What a box comes to: how its units are kept and eaten (`plan`), and what the independent checker says of that.

    `missing` and `stems_missing` are by day, shape (14,); `breaches` are limits that the box is over.
    """

    plan: Plan
    missing: NDArray[np.int8]
    stems_missing: NDArray[np.int8]
    kinds: int
    waste_portions: int
    goods_minor: int
    objective: int
    breaches: tuple[Breach, ...]

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


def units_of(lines: Lines) -> dict[int, int]:
    """Add the units of lines up by lot."""
    units: dict[int, int] = {}
    for lot, _, n in lines:
        units[lot] = units.get(lot, 0) + n
    return units


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
    return outcome_of_lines(problem, kept_best(problem, units))


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


def kept_best(problem: Problem, units: Units) -> Lines:
    """Choose how the units of a box are kept, so that they are worth most together; what cannot be kept stays as it is.

    The planner's own search finds it: of these lots alone, with no limits, and every unit worth having.
    """
    lots = np.array(sorted(lot for lot, n in units.items() if n > 0), dtype=np.int64)
    wanted = np.array([units[lot] for lot in lots.tolist()], dtype=np.int64)
    if not len(lots):
        return []
    lines = filled(_without_limits(problem, lots, wanted), greed=np.ones(len(lots)))
    lines = [(int(lots[lot]), mode, n) for lot, mode, n in lines]
    held = units_of(lines)
    for lot, n in zip(lots.tolist(), wanted.tolist(), strict=True):
        if held.get(lot, 0) < n:
            lines.append((lot, _some_mode(problem, lot), n - held.get(lot, 0)))
    return _merged(lines)


def filled(problem: Problem, *, greed: NDArray[np.floating[Any]]) -> Lines:
    """Choose the best box of one household; `greed` [L] marks lots of which as much as there is has to be in it."""
    run = Run(problem, problem.lot_stock.astype(np.int64), 1, 0, silent, never)
    run.prices = np.asarray(-GREED * greed, dtype=np.float64)
    run.hand_out(0.0, EXACT, EXACT)
    return [
        (int(x >> LOT_SHIFT), int(x >> MODE_SHIFT & BYTE), int(x & BYTE)) for x in run.lines[0] if x
    ]


def plans_of(problem: Problem, boxes: list[Lines]) -> Plan:
    """Have the portions of boxes eaten in the best way, be they there or not; box k is that of household k."""
    stock = np.maximum(problem.lot_stock, 1)
    there = replace(problem, lot_stock=stock, lot_last=np.zeros_like(problem.lot_last))
    run = Run(there, stock.astype(np.int64), 1, 0, silent, never)
    width = max(max(map(len, boxes), default=0), 1)
    run.lines = np.zeros((len(boxes), width), dtype=np.int32)
    for k, lines in enumerate(boxes):
        packed = [
            lot << LOT_SHIFT | mode << MODE_SHIFT | n for lot, mode, n in _in_order(problem, lines)
        ]
        run.lines[k, : len(packed)] = packed
    return run.plan()


def _in_order(problem: Problem, lines: Lines) -> Lines:
    """Fruit before flowers, and lines of one product together, as the planner has them."""
    return sorted(
        lines,
        key=lambda line: (
            problem.prod_kind[problem.lot_prod[line[0]]] != FRUIT,
            problem.lot_prod[line[0]],
            line,
        ),
    )


def _merged(lines: Lines) -> Lines:
    """Put units of one lot that are kept alike on one line."""
    found: dict[tuple[int, int], int] = {}
    for lot, mode, n in lines:
        found[lot, mode] = found.get((lot, mode), 0) + n
    return [(lot, mode, n) for (lot, mode), n in found.items()]


def _some_mode(problem: Problem, lot: int) -> int:
    """Name the first way in which a lot can be kept; the first of all where there is none."""
    return int(np.argmax(problem.win_a[lot, 0, 0] <= problem.win_b[lot, 0, 0]))


def _without_limits(
    problem: Problem, lots: NDArray[np.int64], wanted: NDArray[np.int64]
) -> Problem:
    """Keep some lots only, with so many units of each, and lift every limit on what a box may hold."""
    arrays: dict[str, Any] = {
        name: getattr(problem, name)[lots] for name, (_, axes) in LAYOUT.items() if axes[0] == "L"
    }
    extras = problem.extras
    by_lot = {
        name: array[lots]
        for name, array in extras.given().items()
        if name in ("win_risk", "day_risk")
    }
    return replace(
        problem,
        **arrays | {"lot_stock": wanted.astype(np.int32), "lot_last": np.zeros(len(lots), np.int8)},
        pref=np.where(problem.pref == EXCLUDED, 0, problem.pref).astype(np.int8),
        budget=np.full(1, _AMPLE, np.int32),
        grams_max=np.full(1, _AMPLE, np.int32),
        u_max=np.full(1, 127, np.int8),
        extras=replace(extras, prod_group=None, **by_lot),
    )
