"""The plain pass keeps every rule, and is worth beating."""

import numpy as np
from hypothesis import given, settings

from subscriptions.adapters.plan_file import read_problem
from subscriptions.planning.checker import check
from subscriptions.planning.plan import empty_plan
from subscriptions.planning.problem import Problem
from tests.benchmarks.scale.greedy import greedy
from tests.subscriptions.planning.instances import DATA, problems


@settings(deadline=None)  # the first one compiles
@given(problems())
def test_boxes_filled_in_one_pass_keep_every_rule(problem: Problem) -> None:
    assert check(problem, greedy(problem)).is_feasible


def test_one_pass_covers_most_days_of_an_ordinary_week() -> None:
    problem = read_problem(DATA / "n500.npz")
    found, empty = check(problem, greedy(problem)), check(problem, empty_plan(500))
    assert found.is_feasible
    assert found.cover_fraction > 0.8
    assert found.objective < empty.objective / 2


def test_what_spoils_first_is_eaten_first() -> None:
    problem = read_problem(DATA / "n50.npz")
    plan = greedy(problem)
    eaten = np.asarray(plan.line_eat, dtype=np.int64)
    assert eaten.sum() > 0
    assert (eaten.sum(axis=1) <= plan.line_units * problem.lot_portions[plan.line_lot]).all()
