"""Food at home, a reserve, either/or and a least value are planned with: against the plain optimum and the checker."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subscriptions.planning.checker import check
from subscriptions.planning.extras import EXTRAS_LAYOUT, Extras
from subscriptions.planning.plan import empty_plan
from subscriptions.planning.problem import FLOWER, FRUIT, MIXED, PlanWeights, Problem
from subscriptions.planning.solve import Params, Result, solve
from tests.subscriptions.planning.brute_force import best_objective
from tests.subscriptions.planning.instances import problem_of
from tests.subscriptions.planning.plans import full_problems
from tests.subscriptions.planning.wishes import weeks_with_wishes


@settings(max_examples=300, deadline=None)
@given(weeks_with_wishes())
def test_the_exact_plan_of_a_week_with_wishes_is_the_optimum_and_proves_it(
    problem: Problem,
) -> None:
    found = solve(problem, params=Params(exact=True, threads=1))
    assert found.verdict.breaches == ()
    assert found.verdict.objective == best_objective(problem)
    assert found.bound == found.verdict.objective


@settings(max_examples=200, deadline=None)
@given(weeks_with_wishes(), st.booleans())
def test_no_plan_of_a_week_with_wishes_is_below_the_optimum_and_no_bound_above_it(
    problem: Problem, fast: bool
) -> None:
    found, best = (
        solve(problem, params=Params(bound=True, fast=fast, threads=1)),
        best_objective(problem),
    )
    assert found.verdict.breaches == ()
    assert found.bound is not None
    assert found.bound <= best <= found.verdict.objective


@settings(max_examples=200, deadline=None)
@given(full_problems(hostile=False), st.integers(0, 3), st.booleans())
def test_every_plan_with_wishes_passes_the_checker_and_is_no_worse_than_empty_boxes(
    problem: Problem, seed: int, fast: bool
) -> None:
    nothing = check(problem, empty_plan(problem.n_subscribers)).objective
    found = solve(problem, seed=seed, params=Params(fast=fast))
    assert found.verdict.breaches == ()
    assert found.verdict.objective <= nothing


def planned(problem: Problem, *, exact: bool = False, **arrays: Any) -> Result:
    """Plan a week that says more."""
    typed: dict[str, Any] = {
        name: np.array(values, dtype=EXTRAS_LAYOUT[name][0]) for name, values in arrays.items()
    }
    week = replace(problem, extras=Extras(**typed))
    found = solve(week, params=Params(threads=1, bound=True, exact=exact))
    assert found.verdict.breaches == ()
    assert found.bound is not None
    assert found.bound <= found.verdict.objective
    return found


def carried(*items: tuple[int, int, int, int]) -> dict[str, Any]:
    """Product, portions, first and last day of what the only household has at home."""
    names = ("carry_prod", "carry_portions", "carry_a", "carry_b")
    return {"carry_ptr": [0, len(items)], **dict(zip(names, zip(*items, strict=True), strict=True))}


WEEK: dict[str, Any] = {"n_por": 1, "horizon": 7, "c_day": 1}


def test_what_is_at_home_is_eaten_and_the_box_brings_the_rest() -> None:
    """Three portions are good for the first three days; the box has the four others."""
    problem = problem_of([WEEK], [{"prod": 0, "cost": 90}], [FRUIT, FRUIT])
    found = planned(problem, **carried((1, 3, 0, 2)))
    assert found.verdict.cover_fraction == 1.0
    assert found.plan.line_units.tolist() == [4]
    assert found.plan.carry_eat.sum() == 3
    assert found.plan.carry_eat[0, :3].tolist() == [1, 1, 1]


def test_of_one_produce_no_more_is_eaten_on_a_day_because_some_is_at_home() -> None:
    """Two portions a day are wanted and one of each produce may be: another has to come."""
    lots = [{"prod": 0}, {"prod": 1, "cost": 80}]
    problem = problem_of([WEEK | {"n_por": 2, "horizon": 2}], lots, [FRUIT, FRUIT])
    found = planned(problem, **carried((0, 2, 0, 1)))
    assert found.verdict.cover_fraction == 1.0
    assert found.plan.line_lot.tolist() == [1]
    assert found.plan.line_units.tolist() == [2]


def test_what_is_at_home_counts_towards_no_limit_of_the_box_and_no_kind() -> None:
    lots = [{"prod": 0, "portions": 2}, {"prod": 1, "cost": 10}]
    household = WEEK | {"horizon": 4, "u_max": 1, "min_dist": 2}
    found = planned(problem_of([household], lots, [FRUIT, FRUIT]), **carried((0, 1, 0, 0)))
    assert found.verdict.fruit_kinds.tolist() == [2]
    assert found.plan.line_units.tolist() == [1, 1]
    assert found.verdict.cover_fraction == 1.0


def test_flowers_at_home_are_not_sent_again() -> None:
    lots = [
        {"prod": 0, "cost": 300, "portions": 5, "windows": [(0, 3), (9, 0), (9, 0)]},
        {"prod": 0, "cost": 300, "portions": 5, "windows": [(4, 6), (9, 0), (9, 0)]},
    ]
    household = {"plan": FLOWER, "n_por": 0, "k_stem": 5}
    found = planned(problem_of([household], lots, [FLOWER]), **carried((0, 5, 0, 3)))
    assert found.plan.line_lot.tolist() == [1]
    assert found.verdict.cover_fraction == 1.0


@pytest.mark.parametrize("missing_reserve", [100, 400])
def test_a_reserve_is_of_fruit_that_is_still_good_on_the_last_day(missing_reserve: int) -> None:
    """Whether a missing portion of it costs less or more than one of a day."""
    lots = [
        {"prod": 0, "cost": 10, "windows": [(0, 5), (9, 0), (9, 0)]},
        {"prod": 1, "cost": 60, "windows": [(0, 9), (9, 0), (9, 0)]},
    ]
    weights = PlanWeights(missing_reserve=missing_reserve)
    problem = problem_of([WEEK], lots, [FRUIT, FRUIT], weights)
    found = planned(problem, reserve=[2])
    assert found.verdict.cover_fraction == 1.0
    assert found.plan.line_units.tolist() == [6, 3]
    assert found.plan.line_reserve.tolist() == [0, 2]
    assert found.verdict.waste_portions == 0


def test_a_reserve_that_is_worth_little_is_not_bought_for() -> None:
    problem = problem_of([WEEK], [{"cost": 90}], [FRUIT], PlanWeights(missing_reserve=50))
    assert planned(problem, reserve=[2]).verdict.reserve_portions == 0


def test_of_each_group_a_box_holds_one_product() -> None:
    """Melon or pineapple, not both, though each has too few for the week."""
    lots = [
        {"prod": 0, "stock": 3},
        {"prod": 1, "stock": 4},
        {"prod": 2, "cost": 200, "stock": 1},
    ]
    problem = problem_of([WEEK], lots, [FRUIT] * 3)
    found = planned(problem, prod_group=[4, 4, -1])
    assert found.plan.line_lot.tolist() == [1, 2]
    assert planned(problem, prod_group=[4, 3, -1]).plan.line_lot.tolist() == [0, 1]


def test_fruit_and_flowers_of_one_group_do_not_come_together() -> None:
    lots = [{"prod": 0, "portions": 7}, {"prod": 1, "cost": 300, "portions": 5}]
    household = WEEK | {"plan": MIXED, "k_stem": 5, "c_day": 1}
    problem = problem_of([household], lots, [FRUIT, FLOWER])
    assert planned(problem).plan.line_lot.tolist() == [0, 1]
    assert len(planned(problem, prod_group=[0, 0]).plan.line_lot) == 1
    assert planned(problem, exact=True, prod_group=[0, 0]).plan.line_lot.tolist() == [0]


def test_a_box_worth_too_little_gets_the_dearer_fruit() -> None:
    """Bananas would do, but the box should be worth 600."""
    lots = [{"prod": 0, "cost": 20}, {"prod": 1, "cost": 90}]
    problem = problem_of([WEEK], lots, [FRUIT, FRUIT], PlanWeights(missing_value=2))
    assert planned(problem).plan.line_lot.tolist() == [0]
    found = planned(problem, min_cost=[600])
    assert found.plan.line_lot.tolist() == [1]
    assert found.verdict.goods_minor == 630


def test_what_flowers_cost_counts_towards_the_value_of_a_mixed_box_once() -> None:
    """The flowers alone are worth enough, so the cheap fruit does."""
    lots = [
        {"prod": 0, "cost": 20},
        {"prod": 1, "cost": 90},
        {"prod": 2, "cost": 600, "portions": 5},
    ]
    household = WEEK | {"plan": MIXED, "k_stem": 5}
    weights = PlanWeights(missing_value=2)
    problem = problem_of([household], lots, [FRUIT, FRUIT, FLOWER], weights)
    for exact in (False, True):
        found = planned(problem, exact=exact, min_cost=[600])
        assert found.plan.line_lot.tolist() == [0, 2]
