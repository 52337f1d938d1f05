"""Small weeks, planned as a whole: against the plain optimum, the bound and known weeks."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subscriptions.adapters.plan_file import read_problem
from subscriptions.planning.columns import Pool, relax
from subscriptions.planning.effort import THOROUGH, USUAL
from subscriptions.planning.empty import empty_objective
from subscriptions.planning.problem import FLOWER, FRUIT, MIXED, Problem
from subscriptions.planning.run import Run
from subscriptions.planning.solve import Params, solve
from subscriptions.planning.whole_box import best_part, parts_of
from tests.subscriptions.planning.brute_force import best_objective
from tests.subscriptions.planning.instances import DATA, problem_of, problems

KNOWN = json.loads((DATA / "bounds.json").read_text())


def run_of(problem: Problem, seed: int = 1) -> Run:
    stock = problem.lot_stock.astype(np.int64)
    return Run(problem, stock, 1, seed, lambda *_: None, lambda: False)


@settings(max_examples=300, deadline=None)
@given(problems(max_households=3, max_lots=3, longest=4))
def test_the_exact_plan_of_a_tiny_week_is_the_optimum_and_proves_it(problem: Problem) -> None:
    """Stock is shared, and every plan is tried by the slow search."""
    found = solve(problem, params=Params(exact=True))
    assert found.verdict.breaches == ()
    assert found.verdict.objective == best_objective(problem)
    assert found.bound == found.verdict.objective


@settings(max_examples=100, deadline=None)
@given(problems(max_households=3, max_lots=3, longest=4))
def test_a_certified_bound_is_never_above_the_optimum(problem: Problem) -> None:
    found = solve(problem, params=Params(bound=True))
    assert found.bound is not None
    assert found.bound <= best_objective(problem) + 1e-6


@settings(max_examples=100, deadline=None)
@given(problems(max_households=2), st.integers(0, 400))
def test_what_is_proved_of_a_box_lies_between_what_the_engine_finds_and_its_bound(
    problem: Problem, price: int
) -> None:
    """Two ways of finding the best fruit and flowers of one household at the same prices."""
    run = run_of(problem)
    prices = np.full(problem.n_lots, 100.0 * price)
    lines, worth, bounds = run.price_out(prices, THOROUGH)
    paid = (prices[lines >> 16] * (lines & 255)).sum(axis=1)
    for n in range(problem.n_subscribers):
        proved = 0.0
        for part in parts_of(int(problem.plan[n])):
            box = best_part(run.week, n, part, run.stock, prices)
            assert box is not None
            proved += box.bound
        assert worth[n].sum() - paid[n] <= proved + 1e-3
        assert proved <= bounds[n] + 1.0 or problem.plan[n] == MIXED


def test_fractions_of_boxes_save_at_least_as_much_as_whole_ones() -> None:
    """The program over the pool holds the run's own plan, so it cannot do worse."""
    run = run_of(read_problem(DATA / "n50.npz"))
    run.hand_out(1.0, USUAL, USUAL)
    pool = Pool(run)
    assert pool.add(run.lines, run.worth) > 0
    assert pool.add(run.lines, run.worth) == 0
    relaxed = relax(pool.master(), run.problem.n_lots)
    assert relaxed is not None
    assert relaxed.saved == pytest.approx(run.worth.sum())
    assert (relaxed.prices >= 0).all()


def test_the_dearest_fruit_and_flowers_that_a_budget_cannot_pay_together_are_not_both_taken() -> (
    None
):
    """Each part alone is within the budget of 100."""
    problem = problem_of(
        [
            {"plan": MIXED, "k_stem": 2, "budget": 100},
            {"plan": FRUIT},
        ],
        [
            {"cost": 70, "portions": 7, "stock": 5},
            {"prod": 1, "cost": 60, "portions": 5, "stock": 1},
        ],
        [FRUIT, FLOWER],
    )
    found = solve(problem, params=Params(exact=True))
    assert found.verdict.breaches == ()
    assert found.verdict.objective == best_objective(problem)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_fifty_households_are_planned_within_a_thousandth_of_the_goods_of_the_optimum(
    seed: int,
) -> None:
    """The optimum is known from a general solver, which takes ten times as long."""
    found = solve(read_problem(DATA / "n50.npz"), seed=seed)
    optimum = round(KNOWN["n50.npz"]["optimum_cents_per_box"] * 100 * 50)
    assert optimum <= found.verdict.objective
    assert (found.verdict.objective - optimum) / (100 * found.verdict.goods_minor) < 0.001


def test_five_hundred_households_are_planned_and_certified_within_a_thousandth_of_the_goods() -> (
    None
):
    found = solve(read_problem(DATA / "n500.npz"), params=Params(bound=True))
    assert found.gap is not None
    assert found.gap < 0.001


def test_a_run_that_is_stopped_in_between_keeps_the_best_plan_it_has() -> None:
    """Stopped after the second look at the clock of every phase, it is still feasible and not empty."""
    problem, asked = read_problem(DATA / "n50.npz"), iter(range(10_000))
    found = solve(problem, stop=lambda: next(asked) > 60)
    assert found.verdict.breaches == ()
    assert found.verdict.objective < empty_objective(problem) / 2
