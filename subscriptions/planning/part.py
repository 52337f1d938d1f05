"""A part of a week: the problem and the boxes of some of its households, and their boxes put back among the others."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.extras import EXTRAS_LAYOUT
from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import LAYOUT, Problem

Ints = NDArray[np.int64]

_OF_LINES = ("line_lot", "line_mode", "line_units", "line_eat", "line_reserve")
_OF_CARRIED = ("carry_prod", "carry_portions", "carry_a", "carry_b")


def part_of(problem: Problem, who: Ints) -> Problem:
    """Return the week of the households `who`, in that order, with all lots and all of their stock."""
    kept: dict[str, Any] = {
        name: getattr(problem, name)[who] for name, (_, axes) in LAYOUT.items() if axes[0] == "N"
    }
    given = problem.extras.given()
    some = {name: given[name][who] for name in given if EXTRAS_LAYOUT[name][1][0] == "N"}
    if problem.extras.carry_ptr is not None:
        some["carry_ptr"], items = rows_of(problem.extras.carry_ptr, who)
        some |= {name: given[name][items] for name in _OF_CARRIED}
    return replace(problem, **kept, extras=replace(problem.extras, **some))


def boxes_of(problem: Problem, plan: Plan, who: Ints) -> Plan:
    """Return the boxes of the households `who` of a plan, in that order; they are a plan of `part_of`."""
    ptr, rows = rows_of(plan.box_ptr, who)
    carry_eat = plan.carry_eat
    if problem.extras.carry_ptr is not None and len(carry_eat):
        carry_eat = carry_eat[rows_of(problem.extras.carry_ptr, who)[1]]
    lines: dict[str, Any] = {name: getattr(plan, name)[rows] for name in _OF_LINES}
    return Plan(box_ptr=ptr, **lines, carry_eat=carry_eat)


def with_boxes(problem: Problem, plan: Plan, who: Ints, boxes: Plan) -> Plan:
    """Return a plan with the boxes of the households `who` in place of those it has; the others stay as they are."""
    counts = np.diff(plan.box_ptr)
    starts = plan.box_ptr[:-1].copy()
    counts[who] = np.diff(boxes.box_ptr)
    starts[who] = boxes.box_ptr[:-1] + len(plan.line_lot)
    ptr, rows = _rows(starts, counts)
    lines: dict[str, Any] = {
        name: np.concatenate([getattr(plan, name), getattr(boxes, name)])[rows]
        for name in _OF_LINES
    }
    return Plan(box_ptr=ptr, **lines, carry_eat=_eaten_at_home(problem, plan, who, boxes))


def rows_of(ptr: Ints, who: Ints) -> tuple[Ints, Ints]:
    """Return pointers of the households `who` alone, and which rows are theirs."""
    return _rows(ptr[:-1][who], np.diff(ptr)[who])


def _rows(starts: Ints, counts: Ints) -> tuple[Ints, Ints]:
    ptr = np.concatenate([[0], np.cumsum(counts)])
    return ptr, np.repeat(starts - ptr[:-1], counts) + np.arange(ptr[-1])


def _eaten_at_home(problem: Problem, plan: Plan, who: Ints, boxes: Plan) -> NDArray[np.uint8]:
    """What is eaten of the food at home, that of `who` by their own plan."""
    ptr = problem.extras.carry_ptr
    if ptr is None or not (len(plan.carry_eat) or len(boxes.carry_eat)):
        return plan.carry_eat
    eat = plan.carry_eat.copy()
    if not len(eat):
        eat = np.zeros((problem.extras.n_carried, plan.carry_eat.shape[1]), dtype=np.uint8)
    eat[rows_of(ptr, who)[1]] = boxes.carry_eat if len(boxes.carry_eat) else 0
    return eat
