"""Why a day is bare: one small week for each reason."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ripeday.kit.text import Message
from subscriptions.planning.checker import check
from subscriptions.planning.extras import Extras
from subscriptions.planning.plan import empty_plan, plan_of
from subscriptions.planning.problem import EXCLUDED, FLOWER, FRUIT, PlanWeights
from subscriptions.planning.reason import Reason, reasons
from subscriptions.planning.solve import solve
from tests.subscriptions.planning.instances import problem_of

EARLY = [(0, 2), (9, 0), (9, 0)]

CASES: list[tuple[Reason, dict[str, Any], dict[str, Any]]] = [
    (Reason.NOTHING_RIPE_THAT_DAY, {}, {"windows": EARLY}),
    (Reason.NOTHING_RIPE_THAT_DAY, {"weekday": 3}, {"last": 2}),
    (Reason.EXCLUDED, {"pref": [EXCLUDED]}, {}),
    (Reason.OUT_OF_STOCK, {}, {"stock": 6}),
    (Reason.LIMITS, {"u_max": 6}, {}),
    (Reason.LIMITS, {"c_day": 1, "n_por": 2}, {"stock": 20}),
    (Reason.OVER_BUDGET, {"budget": 349}, {}),
    (Reason.OVER_WEIGHT, {"grams_max": 699}, {}),
    (Reason.NOT_CHOSEN, {}, {"cost": 251}),
]


@pytest.mark.parametrize(("reason", "household", "lot"), CASES)
def test_a_bare_day_says_what_stands_in_its_way(
    reason: Reason, household: dict[str, Any], lot: dict[str, Any]
) -> None:
    problem = problem_of([household], [lot], [FRUIT])
    found = reasons(problem, solve(problem, seed=0).plan)
    assert {day.reason for day in found} == {reason}
    assert all(day.missing == 1 and day.kind == "fruit" for day in found)
    assert isinstance(found[0].message, Message)


def test_a_vase_that_is_empty_has_its_own_words() -> None:
    problem = problem_of([{"plan": FLOWER, "n_por": 0, "k_stem": 3}], [{"stock": 0}], [FLOWER])
    found = reasons(problem, solve(problem, seed=0).plan)
    assert [(day.day, day.missing, day.kind) for day in found] == [
        (t, 3, "flower") for t in range(7)
    ]
    assert "flowers" in str(found[0].message)


def test_a_covered_week_needs_no_reason() -> None:
    problem = problem_of([{}], [{}], [FRUIT])
    assert reasons(problem, solve(problem, seed=0).plan) == []


def test_an_empty_box_lacks_every_day() -> None:
    problem = problem_of([{}, {}], [{}], [FRUIT], PlanWeights())
    assert len(reasons(problem, empty_plan(2))) == 14


def test_either_or_keeps_the_other_kind_out() -> None:
    """Of apples and pears a box holds one; the apple is for the first days, only the pear for the last."""
    lots = [{"prod": 0, "windows": EARLY, "portions": 3}, {"prod": 1, "portions": 7}]
    problem = problem_of([{}], lots, [FRUIT, FRUIT])
    problem = replace(problem, extras=Extras(prod_group=np.zeros(2, dtype=np.int16)))
    eat = np.zeros((1, 14), dtype=np.uint8)
    eat[0, :3] = 1
    found = reasons(problem, plan_of([0, 1], [0], [0], [1], eat))
    assert [(day.day, day.reason) for day in found] == [(t, Reason.LIMITS) for t in range(3, 7)]


def test_what_is_at_home_covers_days_and_counts_into_the_limit() -> None:
    """An odd week: nothing on day 0, two on day 1, of which one apple from home; no second apple that day."""
    problem = problem_of([{"c_day": 1, "horizon": 2}], [{"prod": 0}], [FRUIT])
    need = np.zeros((1, 14), dtype=np.int8)
    need[0, 1] = 2
    extras = Extras(
        day_need=need,
        carry_ptr=np.array([0, 1]),
        carry_prod=np.zeros(1, dtype=np.int16),
        carry_portions=np.array([1], dtype=np.int8),
        carry_a=np.zeros(1, dtype=np.int8),
        carry_b=np.array([3], dtype=np.int8),
    )
    problem = replace(problem, extras=extras)
    home = np.zeros((1, 14), dtype=np.uint8)
    home[0, 1] = 1
    boxes = plan_of([0, 0], [], [], [], np.zeros((0, 14), dtype=np.uint8), carry_eat=home)
    verdict = check(problem, boxes)
    (day,) = reasons(problem, boxes, verdict)
    assert verdict.is_feasible
    assert (day.day, day.missing, day.reason) == (1, 1, Reason.LIMITS)
