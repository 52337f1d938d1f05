"""How given units are best kept and eaten: of one box, or of several that a household might have. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

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


def units_of(lines: Lines) -> dict[int, int]:
    """Add the units of lines up by lot."""
    units: dict[int, int] = {}
    for lot, _, n in lines:
        units[lot] = units.get(lot, 0) + n
    return units


def kept_best(problem: Problem, boxes: Sequence[Units]) -> list[Lines]:
    """Choose how the units of boxes are kept, so that they are worth most together; what cannot be kept stays as it is.

    The boxes are such as the one household of `problem` might have, 127 at most. The planner's own search finds it: of
    each box's lots alone, with no limits, and every unit worth having.
    """
    held = [{lot: n for lot, n in sorted(units.items()) if n > 0} for units in boxes]
    lots = np.array([lot for units in held for lot in units], dtype=np.int64)
    if not len(lots):
        return [[] for _ in boxes]
    wanted = np.array([n for units in held for n in units.values()], dtype=np.int32)
    owner = np.repeat(np.arange(len(held)), [len(units) for units in held])
    week = _side_by_side(copies(problem, len(held)), lots, wanted, owner)
    return [
        _whole(problem, units, [(int(lots[lot]), mode, n) for lot, mode, n in lines])
        for units, lines in zip(held, filled(week, greed=np.ones(len(lots))), strict=True)
    ]


def filled(problem: Problem, *, greed: NDArray[np.floating[Any]]) -> list[Lines]:
    """Choose the best box of each household; `greed` [L] marks lots of which as much as there is has to be in it."""
    run = Run(problem, problem.lot_stock.astype(np.int64), 1, 0, silent, never)
    run.prices = np.asarray(-GREED * greed, dtype=np.float64)
    run.improve((1.0,), EXACT)  # what one takes changes no price for the next
    return [
        [(x >> LOT_SHIFT, x >> MODE_SHIFT & BYTE, x & BYTE) for x in row if x]
        for row in run.lines.tolist()
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


def copies(problem: Problem, n: int) -> Problem:
    """Return a week of `n` households like the one of `problem`; when its goods may be lost is not said."""
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


def _side_by_side(
    problem: Problem, lots: NDArray[np.int64], wanted: NDArray[np.int32], owner: NDArray[np.int64]
) -> Problem:
    """Give households lots of their own, so many units of each, and lift every limit on what a box may hold.

    Each household has a weekday to itself; on any other its lots are good for nothing.
    """
    n = problem.n_subscribers
    arrays: dict[str, Any] = {
        name: getattr(problem, name)[lots] for name, (_, axes) in LAYOUT.items() if axes == "L"
    }
    apart = (owner[:, None] != np.arange(n))[:, :, None, None]
    risk = problem.extras.win_risk
    return replace(
        problem,
        **arrays | {"lot_stock": wanted, "lot_last": np.full(len(lots), n, np.int8)},
        lot_bonus=np.repeat(problem.lot_bonus[lots], n, axis=1),
        win_a=np.where(apart, 1, problem.win_a[lots]).astype(np.int8),
        win_b=np.where(apart, 0, problem.win_b[lots]).astype(np.int8),
        weekday=np.arange(n, dtype=np.int8),
        pref=np.where(problem.pref == EXCLUDED, 0, problem.pref).astype(np.int8),
        budget=np.full(n, _AMPLE, np.int32),
        grams_max=np.full(n, _AMPLE, np.int32),
        u_max=np.full(n, 127, np.int8),
        extras=replace(
            problem.extras,
            prod_group=None,
            win_risk=None if risk is None else np.repeat(risk[lots], n, axis=1),
        ),
    )


def _whole(problem: Problem, units: Units, lines: Lines) -> Lines:
    """Add to the lines of a box what cannot be kept."""
    there = units_of(lines)
    lacking = [
        (lot, _some_mode(problem, lot), n - there.get(lot, 0))
        for lot, n in units.items()
        if there.get(lot, 0) < n
    ]
    return _merged([*lines, *lacking])


def _merged(lines: Lines) -> Lines:
    """Put units of one lot that are kept alike on one line."""
    found: dict[tuple[int, int], int] = {}
    for lot, mode, n in lines:
        found[lot, mode] = found.get((lot, mode), 0) + n
    return [(lot, mode, n) for (lot, mode), n in found.items()]


def _some_mode(problem: Problem, lot: int) -> int:
    """Name the first way in which a lot can be kept; the first of all where there is none."""
    return int(np.argmax(problem.win_a[lot, 0, 0] <= problem.win_b[lot, 0, 0]))
