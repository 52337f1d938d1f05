"""Why a day of a planned box is not covered, in one word for programs and a sentence for people."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ripeday.kit.text import Message, marked, message
from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import DAYS_MAX, EXCLUDED, FLOWER, FRUIT, Problem

Ints = NDArray[np.int64]


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


def reasons(problem: Problem, plan: Plan) -> list[UncoveredDay]:
    """Find every uncovered day and what stands in its way, by subscriber, day and kind.

    The lots of the kind are narrowed step by step: in their window that day, not on the never-list, in stock, within
    the limits on one produce, affordable, light enough. The step that leaves none is the reason. Weight and money are
    those of one unit more in the box as planned.
    """
    used = np.bincount(plan.line_lot, weights=plan.line_units, minlength=problem.n_lots)
    left: Ints = problem.lot_stock.astype(np.int64) - used.astype(np.int64)
    uncovered: list[UncoveredDay] = []
    for subscriber in range(problem.n_subscribers):
        box = _Box(problem, plan, subscriber)
        for day in range(int(problem.horizon[subscriber])):
            for kind, missing in ((FRUIT, box.missing_portions), (FLOWER, box.missing_stems)):
                if missing[day] > 0:
                    reason = _reason(problem, box, left, kind, day)
                    name = "fruit" if kind == FRUIT else "flower"
                    uncovered.append(UncoveredDay(subscriber, day, int(missing[day]), name, reason))
    return uncovered


class _Box:
    """What one box holds and lacks, per product and per day."""

    def __init__(self, problem: Problem, plan: Plan, subscriber: int) -> None:
        lines = slice(int(plan.box_ptr[subscriber]), int(plan.box_ptr[subscriber + 1]))
        lots, units = plan.line_lot[lines], plan.line_units[lines].astype(np.int64)
        eat, prods = plan.line_eat[lines].astype(np.int64), problem.lot_prod[lots]
        self.subscriber = subscriber
        self.weekday, self.home = int(problem.weekday[subscriber]), int(problem.home[subscriber])
        self.opens = problem.win_a[:, self.weekday, self.home]
        self.closes = problem.win_b[:, self.weekday, self.home]
        self.units: Ints = np.zeros(problem.n_products, dtype=np.int64)
        np.add.at(self.units, prods, units)
        self.eaten: Ints = np.zeros((problem.n_products, DAYS_MAX), dtype=np.int64)
        np.add.at(self.eaten, prods, eat)
        self.money_left = int(problem.budget[subscriber] - problem.lot_cost[lots] @ units)
        self.grams_left = int(problem.grams_max[subscriber] - problem.lot_grams[lots] @ units)
        self.missing_portions: Ints = int(problem.n_por[subscriber]) - eat.sum(axis=0)
        shown = np.zeros(DAYS_MAX, dtype=np.int64)
        days, modes = np.arange(DAYS_MAX), plan.line_mode[lines]
        for lot, mode, n in zip(lots.tolist(), modes.tolist(), units.tolist(), strict=True):
            if problem.prod_kind[problem.lot_prod[lot]] == FLOWER:
                inside = (days >= self.opens[lot, mode]) & (days <= self.closes[lot, mode])
                shown += inside * n * int(problem.lot_portions[lot])
        self.missing_stems: Ints = int(problem.k_stem[subscriber]) - shown


def _reason(problem: Problem, box: _Box, left: Ints, kind: int, day: int) -> Reason:
    """Narrow the lots that could cover a day until none is left."""
    prod = problem.lot_prod
    in_window = ((box.opens <= day) & (day <= box.closes)).any(axis=1)
    ripe = in_window & (problem.prod_kind[prod] == kind) & (problem.lot_last >= box.weekday)
    within = box.units[prod] < problem.u_max[box.subscriber]
    if kind == FRUIT:
        within &= box.eaten[prod, day] < problem.c_day[box.subscriber]
    steps = (
        (Reason.NOTHING_RIPE_THAT_DAY, ripe),
        (Reason.EXCLUDED, problem.pref[box.subscriber, prod] != EXCLUDED),
        (Reason.OUT_OF_STOCK, left > 0),
        (Reason.LIMITS, within),
        (Reason.OVER_BUDGET, problem.lot_cost <= box.money_left),
        (Reason.OVER_WEIGHT, problem.lot_grams <= box.grams_left),
    )
    still = np.ones(problem.n_lots, dtype=np.bool_)
    for reason, allowed in steps:
        still &= allowed
        if not still.any():
            return reason
    return Reason.NOT_CHOSEN
