"""How long a week of boxes takes to plan."""

from dataclasses import replace
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from subscriptions.adapters.plan_file import read_problem
from subscriptions.planning.checker import check
from subscriptions.planning.problem import LAYOUT, Problem
from subscriptions.planning.solve import Params, solve
from tests.subscriptions.planning.instances import DATA


def first_households(problem: Problem, n: int) -> Problem:
    """Keep `n` households of an instance, with all of its stock."""
    kept: dict[str, Any] = {
        name: getattr(problem, name)[:n] for name, (_, axes) in LAYOUT.items() if axes[0] == "N"
    }
    return replace(problem, **kept)


@pytest.mark.benchmark(group="planning")
def test_preview_of_one_box(benchmark: BenchmarkFixture) -> None:
    """What a visitor waits for at each tap on the storefront."""
    problem = first_households(read_problem(DATA / "n500.npz"), 1)

    found = benchmark(solve, problem)

    assert found.verdict.is_feasible
    assert found.verdict.cover_fraction == 1.0


@pytest.mark.benchmark(group="planning")
def test_a_round_of_fifty_boxes(benchmark: BenchmarkFixture) -> None:
    """A small delivery round, stock shared and short."""
    problem = read_problem(DATA / "n50.npz")

    found = benchmark(solve, problem)

    assert found.verdict.is_feasible


@pytest.mark.benchmark(group="planning")
def test_a_week_of_five_hundred_boxes(benchmark: BenchmarkFixture) -> None:
    """The week of a mid-sized merchant."""
    problem = read_problem(DATA / "n500.npz")

    found = benchmark(solve, problem)

    assert found.verdict.is_feasible


@pytest.mark.benchmark(group="planning")
def test_checking_five_hundred_boxes(benchmark: BenchmarkFixture) -> None:
    """The checker runs on every plan that is stored."""
    problem = read_problem(DATA / "n500.npz")
    found = solve(problem, params=Params(fast=True)).plan

    verdict = benchmark(check, problem, found)

    assert verdict.is_feasible
    assert verdict.cover_fraction > 0.9
