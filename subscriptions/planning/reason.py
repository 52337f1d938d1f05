"""Why a day of a planned box is not covered, in one word for programs and a sentence for people."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ripeday.kit.text import Message, marked, message
from subscriptions.planning.checker import Verdict, check
from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import DAYS_MAX, EXCLUDED, FLOWER, FRUIT, Problem

Ints = NDArray[np.int64]
Marks = NDArray[np.bool_]


class Reason(StrEnum):
    """What stands in the way, the first that does: with it gone, the next would be looked at."""

    NOTHING_RIPE_THAT_DAY = "nothing_ripe_that_day"
    EXCLUDED = "excluded"
    OUT_OF_STOCK = "out_of_stock"
    LIMITS = "limits"
    OVER_BUDGET = "over_budget"
    OVER_WEIGHT = "over_weight"
    NOT_CHOSEN = "not_chosen"
    RIPENS_OTHERWISE = "ripens_otherwise"
    """Not the planner's: reports have taught that what was planned is ready on another day."""


_FRUIT_SENTENCES: Final = {
    Reason.NOTHING_RIPE_THAT_DAY: marked(
        "No fruit we have would be ripe that day in this kitchen."
    ),
    Reason.EXCLUDED: marked("Only fruit on the never-list would be ripe that day."),
    Reason.OUT_OF_STOCK: marked(
        "The fruit that would be ripe that day has all gone into other boxes."
    ),
    Reason.LIMITS: marked("The box already has as much of the fruit ripe that day as it may have."),
    Reason.OVER_BUDGET: marked(
        "The fruit that would be ripe that day would cost more than the plan allows."
    ),
    Reason.OVER_WEIGHT: marked(
        "The fruit that would be ripe that day would make the box too heavy."
    ),
    Reason.NOT_CHOSEN: marked(
        "There is fruit for that day, but not at a price worth it for this box."
    ),
    Reason.RIPENS_OTHERWISE: marked("What was planned for that day ripens on another one."),
}
_FLOWER_SENTENCES: Final = {
    Reason.NOTHING_RIPE_THAT_DAY: marked(
        "No flowers we have would be in bloom that day in this home."
    ),
    Reason.EXCLUDED: marked("Only flowers on the never-list would be in bloom that day."),
    Reason.OUT_OF_STOCK: marked("The flowers in bloom that day have all gone into other boxes."),
    Reason.LIMITS: marked(
        "The box already has as many of the flowers in bloom that day as it may have."
    ),
    Reason.OVER_BUDGET: marked(
        "The flowers in bloom that day would cost more than the plan allows."
    ),
    Reason.OVER_WEIGHT: marked("The flowers in bloom that day would make the box too heavy."),
    Reason.NOT_CHOSEN: marked(
        "There are flowers for that day, but not at a price worth it for this box."
    ),
    Reason.RIPENS_OTHERWISE: marked("The flowers for that day open on another one."),
}


@dataclass(frozen=True, slots=True)
class UncoveredDay:
    """A day `day` days after delivery that lacks `missing` portions (fruit) or stems (flower)."""

    subscriber: int
    day: int
    missing: int
    kind: str
    reason: Reason

    @property
    def message(self) -> Message:
        """Say why in a sentence."""
        sentences = _FRUIT_SENTENCES if self.kind == "fruit" else _FLOWER_SENTENCES
        return message(sentences[self.reason])


def reasons(problem: Problem, plan: Plan, verdict: Verdict | None = None) -> list[UncoveredDay]:
    """Find every uncovered day and what stands in its way, by subscriber, day and kind.

    The lots of the kind are narrowed step by step: in their window that day, not on the never-list, in stock, within
    the limits on one produce (and on either/or), affordable, light enough. The step that leaves none is the reason.
    Weight and money are those of one unit more in the box as planned. `verdict` is the checker's on this very plan;
    without it the plan is checked again. The plan has no breach.
    """
    verdict = verdict or check(problem, plan)
    used = np.bincount(plan.line_lot, weights=plan.line_units, minlength=problem.n_lots)
    left: Ints = problem.lot_stock.astype(np.int64) - used.astype(np.int64)
    lacking = (verdict.uncovered > 0).any(axis=1) | (verdict.stems_missing > 0).any(axis=1)
    uncovered: list[UncoveredDay] = []
    for subscriber in np.flatnonzero(lacking).tolist():
        box, found = _Box(problem, plan, subscriber), []
        for kind, name, missing in (
            (FRUIT, "fruit", verdict.uncovered[subscriber]),
            (FLOWER, "flower", verdict.stems_missing[subscriber]),
        ):
            days = np.flatnonzero(missing)
            for day, reason in zip(
                days.tolist(), _why(problem, box, left, kind, days), strict=True
            ):
                found.append(UncoveredDay(subscriber, day, int(missing[day]), name, reason))
        uncovered += sorted(found, key=lambda each: each.day)
    return uncovered


class _Box:
    """What one box holds, per product and per day, and what it still may."""

    def __init__(self, problem: Problem, plan: Plan, subscriber: int) -> None:
        lines = slice(int(plan.box_ptr[subscriber]), int(plan.box_ptr[subscriber + 1]))
        lots, units = plan.line_lot[lines], plan.line_units[lines].astype(np.int64)
        prods = problem.lot_prod[lots]
        self.subscriber = subscriber
        self.weekday, self.home = int(problem.weekday[subscriber]), int(problem.home[subscriber])
        self.opens = problem.win_a[:, self.weekday, self.home]
        self.closes = problem.win_b[:, self.weekday, self.home]
        self.units: Ints = np.zeros(problem.n_products, dtype=np.int64)
        np.add.at(self.units, prods, units)
        self.eaten: Ints = np.zeros((problem.n_products, DAYS_MAX), dtype=np.int64)
        np.add.at(self.eaten, prods, plan.line_eat[lines])
        ptr, carried = problem.extras.carry_ptr, problem.extras.carry_prod
        if ptr is not None and carried is not None and len(plan.carry_eat):
            items = slice(int(ptr[subscriber]), int(ptr[subscriber + 1]))
            np.add.at(self.eaten, carried[items], plan.carry_eat[items])
        self.money_left = int(problem.budget[subscriber]) - int(problem.lot_cost[lots] @ units)
        self.grams_left = int(problem.grams_max[subscriber]) - int(problem.lot_grams[lots] @ units)

    def allows(self, problem: Problem) -> Marks:
        """Mark the products of which one unit more is within the limits; shape (P,)."""
        within: Marks = self.units < problem.u_max[self.subscriber]
        group = problem.extras.prod_group
        if group is not None:
            taken = np.flatnonzero((self.units > 0) & (group >= 0))
            within = within & ((self.units > 0) | ~np.isin(group, group[taken]))
        return within


def _why(problem: Problem, box: _Box, left: Ints, kind: int, days: Ints) -> list[Reason]:
    """Narrow the lots that could cover each of the days until none is left."""
    if not len(days):
        return []
    prod = problem.lot_prod
    in_window = ((box.opens[:, :, None] <= days) & (days <= box.closes[:, :, None])).any(axis=1)
    of_kind = (problem.prod_kind[prod] == kind) & (problem.lot_last >= box.weekday)
    within = np.repeat(box.allows(problem)[prod, None], len(days), axis=1)
    if kind == FRUIT:
        within &= box.eaten[prod][:, days] < problem.c_day[box.subscriber]
    steps = (
        (Reason.NOTHING_RIPE_THAT_DAY, in_window & of_kind[:, None]),
        (Reason.EXCLUDED, (problem.pref[box.subscriber, prod] != EXCLUDED)[:, None]),
        (Reason.OUT_OF_STOCK, (left > 0)[:, None]),
        (Reason.LIMITS, within),
        (Reason.OVER_BUDGET, (problem.lot_cost <= box.money_left)[:, None]),
        (Reason.OVER_WEIGHT, (problem.lot_grams <= box.grams_left)[:, None]),
    )
    why: list[Reason | None] = [None] * len(days)
    still = np.ones((problem.n_lots, len(days)), dtype=np.bool_)
    for reason, allowed in steps:
        still = still & allowed
        for k in np.flatnonzero(~still.any(axis=0)).tolist():
            why[k] = why[k] or reason
    return [reason or Reason.NOT_CHOSEN for reason in why]
