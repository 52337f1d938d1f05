"""How long one tap on a box takes: what an edit does to every day, and the best mends of it."""

import statistics
from time import perf_counter

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from subscriptions.adapters.plan_file import read_problem
from subscriptions.planning.edit import alone, outcome_of
from subscriptions.planning.edit_mend import Mend, mends, refilled
from subscriptions.planning.problem import Problem
from subscriptions.planning.solve import solve
from tests.subscriptions.planning.instances import DATA

HOUSEHOLDS = range(0, 500, 20)
Tap = tuple[Problem, dict[int, int], int]


def taps() -> list[Tap]:
    """Drop, from the boxes of some households of a real week, the lot of which there is most."""
    week = read_problem(DATA / "n500.npz")
    found = []
    for household in HOUSEHOLDS:
        problem = alone(week, household)
        box = solve(problem).plan
        units = dict(zip(box.line_lot.tolist(), box.line_units.tolist(), strict=True))
        most = max(units, key=lambda lot: units[lot])
        found.append((problem, {**units, most: 0}, most))
    return found


def effects(each: list[Tap]) -> int:
    """Say which days the edits uncover; returns how many."""
    return sum(len(outcome_of(problem, units).days) for problem, units, _ in each)


def previews(each: list[Tap]) -> list[list[Mend]]:
    """Say what the edits do, the best mends of each, and the box filled anew around it."""
    found = []
    for problem, units, dropped in each:
        edited = outcome_of(problem, units)
        found.append(mends(problem, edited, wanted=[], unwanted=[dropped]))
        refilled(problem, units, wanted=[], unwanted=[dropped])
    return found


def whole_solve_ms(each: list[Tap]) -> float:
    """Median time to plan one of these boxes as a whole, in milliseconds."""
    spent = []
    for problem, _, _ in each * 3:
        since = perf_counter()
        solve(problem)
        spent.append(1000 * (perf_counter() - since))
    return statistics.median(spent)


@pytest.mark.benchmark(group="edit: 25 boxes")
def test_the_effect_of_an_edit_on_every_day(benchmark: BenchmarkFixture) -> None:
    each = taps()

    n_days = benchmark(effects, each)

    assert n_days > len(each)
    _tell(benchmark, each)


@pytest.mark.benchmark(group="edit: 25 boxes")
def test_a_whole_preview_with_the_best_mends(benchmark: BenchmarkFixture) -> None:
    each = taps()

    found = benchmark(previews, each)

    assert all(found), "every one of these gaps can be mended"
    assert sum(not mend[0].outcome.days for mend in found) > len(each) // 2
    _tell(benchmark, each)


def _tell(benchmark: BenchmarkFixture, each: list[Tap]) -> None:
    """Note milliseconds a box, beside those that planning it as a whole takes in the same run."""
    if benchmark.stats is None:
        return
    ms = 1000 * benchmark.stats.stats.median / len(each)
    whole = whole_solve_ms(each)
    benchmark.extra_info |= {"ms_a_box": round(ms, 2), "solve_ms": round(whole, 2)}
    benchmark.extra_info["times_a_solve"] = round(ms / whole, 2)
    print(  # noqa: T201
        f"\n{ms:.2f} ms a box, {ms / whole:.2f} times a whole solve of it ({whole:.2f} ms)"
    )
