"""Why a day is bare: one small week for each reason."""

from typing import Any

import pytest

from ripeday.kit.text import Message
from subscriptions.planning.plan import empty_plan
from subscriptions.planning.planner import plan
from subscriptions.planning.problem import EXCLUDED, FLOWER, FRUIT, PlanWeights
from subscriptions.planning.reason import Reason, reasons
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
    found = reasons(problem, plan(problem, seed=0))
    assert {day.reason for day in found} == {reason}
    assert all(day.missing == 1 and day.kind == "fruit" for day in found)
    assert isinstance(found[0].message, Message)


def test_a_vase_that_is_empty_has_its_own_words() -> None:
    problem = problem_of([{"plan": FLOWER, "n_por": 0, "k_stem": 3}], [{"stock": 0}], [FLOWER])
    found = reasons(problem, plan(problem, seed=0))
    assert [(day.day, day.missing, day.kind) for day in found] == [
        (t, 3, "flower") for t in range(7)
    ]
    assert "flowers" in str(found[0].message)


def test_a_covered_week_needs_no_reason() -> None:
    problem = problem_of([{}], [{}], [FRUIT])
    assert reasons(problem, plan(problem, seed=0)) == []


def test_an_empty_box_lacks_every_day() -> None:
    problem = problem_of([{}, {}], [{}], [FRUIT], PlanWeights())
    assert len(reasons(problem, empty_plan(2))) == 14
