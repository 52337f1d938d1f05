"""The rivals' model says exactly what the format says, so that comparing with them is fair."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subscriptions.adapters.plan_file import read_problem, write_problem
from subscriptions.planning.checker import check
from subscriptions.planning.extras import Extras
from subscriptions.planning.problem import PlanWeights, Problem
from tests.benchmarks.rivals.cpsat import solve_with_cpsat
from tests.benchmarks.rivals.eating import most_eaten
from tests.benchmarks.rivals.greedy import first_come_first_served
from tests.benchmarks.rivals.highs import completed, solve_with_highs
from tests.benchmarks.rivals.household import items_of
from tests.benchmarks.rivals.instance import cut, digest
from tests.benchmarks.rivals.model import model_of
from tests.benchmarks.rivals.outcome import Outcome
from tests.subscriptions.planning.brute_force import best_objective
from tests.subscriptions.planning.brute_force import most_eaten as most_portions
from tests.subscriptions.planning.instances import DATA, problem_of, problems


def with_cpsat(problem: Problem) -> Outcome:
    pytest.importorskip("ortools")

    return solve_with_cpsat(problem, seconds=60, threads=2, hint=first_come_first_served(problem))


@pytest.fixture(scope="module")
def fifty() -> Problem:
    return read_problem(DATA / "n50.npz")


@settings(max_examples=60, deadline=None)
@given(problem=problems(max_households=2, max_lots=3, longest=5))
def test_highs_finds_what_trying_everything_finds(problem: Problem) -> None:
    found = solve_with_highs(problem, seconds=60)

    assert found.status == "optimal"
    assert found.objective == found.bound == best_objective(problem)


@settings(max_examples=15, deadline=None)
@given(problem=problems(max_households=2, max_lots=3, longest=5))
def test_cpsat_finds_what_trying_everything_finds(problem: Problem) -> None:
    found = with_cpsat(problem)

    assert found.status == "optimal"
    assert found.objective == found.bound == best_objective(problem)


@settings(max_examples=60, deadline=None)
@given(problem=problems())
def test_rounding_takes_no_solution_away(problem: Problem) -> None:
    """Any plan of the greedy, whose units the model can say, keeps every row; its worth is what the checker says."""
    plan = first_come_first_served(problem)
    model = model_of(problem)
    values = completed(model, model.units_of(plan))

    reached = model.rows @ values
    assert ((model.low <= reached) & (reached <= model.high)).all()
    assert int(model.cost @ values) + model.offset == check(problem, plan).objective


def test_ten_households_of_a_real_week_are_solved_to_the_end(fifty: Problem) -> None:
    found = solve_with_highs(cut(fifty, 10), seconds=60)

    assert found.status == "optimal"
    assert found.verdict is not None
    assert found.verdict.is_feasible
    assert found.objective == found.bound == pytest.approx(found.value, abs=1)


def test_a_bound_holds_when_time_runs_out(fifty: Problem) -> None:
    """The optimum of the fifty is known: 556.048 cents a box."""
    found = solve_with_highs(fifty, seconds=1)

    assert found.bound is not None
    assert found.bound <= 2_780_240
    assert found.objective is None or found.objective >= 2_780_240


def test_cpsat_says_what_highs_says(fifty: Problem) -> None:
    five = cut(fifty, 5)

    assert with_cpsat(five).objective == solve_with_highs(five, seconds=60).objective


def test_a_cut_rounds_stock_half_up() -> None:
    """Half of 3 is 2, half of 4 is 2, half of 0 is 0."""
    problem = problem_of([{}, {}], [{"stock": 3}, {"stock": 4}, {"stock": 0}], [0])

    assert cut(problem, 1).lot_stock.tolist() == [2, 2, 0]
    assert cut(problem, 1).n_subscribers == 1
    assert cut(problem, 2) is problem
    with pytest.raises(ValueError, match="1 to 2"):
        cut(problem, 3)


def test_a_digest_tells_instances_apart_and_files_of_one_not(
    fifty: Problem, tmp_path: Path
) -> None:
    write_problem(tmp_path / "other name.npz", replace(fifty, name="other"))
    dearer = replace(fifty, lot_cost=fifty.lot_cost + np.int32(1))

    assert digest(read_problem(tmp_path / "other name.npz")) == digest(fifty)
    assert digest(dearer) != digest(fifty)
    assert digest(replace(fifty, weights=PlanWeights(waste_portion=26))) != digest(fifty)


def test_a_week_that_says_more_is_refused(fifty: Problem) -> None:
    confirmed = Extras(keep=np.ones(fifty.n_subscribers, dtype=np.uint8))

    with pytest.raises(ValueError, match="keep"):
        model_of(replace(fifty, extras=confirmed))


@settings(max_examples=60, deadline=None)
@given(problem=problems(max_households=1, max_lots=3, longest=4), data=st.data())
def test_eating_by_flow_eats_as_much_as_trying_every_way(
    problem: Problem, data: st.DataObject
) -> None:
    fruit, _ = items_of(problem, 0)
    units = [data.draw(st.integers(0, 2)) for _ in fruit]
    lot = np.array([item.lot for item in fruit], dtype=np.int64)
    mode = np.array([item.mode for item in fruit], dtype=np.int64)
    eat = most_eaten(problem, 0 * lot, lot, mode, np.array(units, dtype=np.int64))

    portions = [
        (item.prod, count * item.portions, item.first, item.last)
        for item, count in zip(fruit, units, strict=True)
    ]
    a_day, same = int(problem.n_por[0]), int(problem.c_day[0])
    assert eat.sum() == most_portions(portions, int(problem.horizon[0]), a_day, same)
