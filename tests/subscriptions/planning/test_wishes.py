"""Food at home, a reserve, either/or and a least value are planned with: against the plain optimum and the checker."""

from hypothesis import given, settings
from hypothesis import strategies as st

from subscriptions.planning.checker import check
from subscriptions.planning.plan import empty_plan
from subscriptions.planning.problem import Problem
from subscriptions.planning.solve import Params, solve
from tests.subscriptions.planning.brute_force import best_objective
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
