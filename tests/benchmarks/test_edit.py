"""How long one tap on a box takes: what an edit does to every day, and the best mends of it."""

import statistics
from collections.abc import Callable
from time import perf_counter, process_time

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from subscriptions.adapters.plan_file import read_problem
from subscriptions.planning.edit import alone, outcome_of
from subscriptions.planning.edit_mend import Mend, mends, refilled
from subscriptions.planning.problem import Problem
from subscriptions.planning.solve import solve
from tests.subscriptions.planning.instances import DATA

HOUSEHOLDS = range(0, 500, 20)
ROUNDS = 5
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


def solves(each: list[Tap]) -> None:
    """Plan these boxes as a whole."""
    for problem, _, _ in each:
        solve(problem)


@pytest.mark.benchmark(group="edit: 25 boxes")
def test_the_effect_of_an_edit_on_every_day(benchmark: BenchmarkFixture) -> None:
    each = taps()

    n_days = benchmark(effects, each)

    assert n_days > len(each)
    _tell(benchmark, each, effects)


@pytest.mark.benchmark(group="edit: 25 boxes")
def test_a_whole_preview_with_the_best_mends(benchmark: BenchmarkFixture) -> None:
    each = taps()

    found = benchmark(previews, each)

    assert all(found), "every one of these gaps can be mended"
    assert sum(not mend[0].outcome.days for mend in found) > len(each) // 2
    _tell(benchmark, each, previews)


def _tell(
    benchmark: BenchmarkFixture, each: list[Tap], done: Callable[[list[Tap]], object]
) -> None:
    """Note milliseconds a box, beside those that planning it as a whole takes in the same run.

    Processor time is told besides: other work on the machine does not count in it.
    """
    spent = {"tap": _times(done, each), "solve": _times(solves, each)}
    ratio = spent["tap"][0] / spent["solve"][0]
    for name, (ms, cpu_ms) in spent.items():
        benchmark.extra_info |= {f"{name}_ms": round(ms, 2), f"{name}_cpu_ms": round(cpu_ms, 2)}
    benchmark.extra_info["times_a_solve"] = round(ratio, 1)
    (ms, cpu_ms), (whole, _) = spent["tap"], spent["solve"]
    print(  # noqa: T201
        f"\n{ms:.1f} ms a box ({cpu_ms:.1f} ms of a processor), {ratio:.1f} times a whole solve of it ({whole:.1f} ms)"
    )


def _times(work: Callable[[list[Tap]], object], each: list[Tap]) -> tuple[float, float]:
    """Return the median time by the clock and of the processor, in milliseconds a box."""
    clock, processor = [], []
    for _ in range(ROUNDS):
        since, cpu_since = perf_counter(), process_time()
        work(each)
        clock.append(1000 * (perf_counter() - since) / len(each))
        processor.append(1000 * (process_time() - cpu_since) / len(each))
    return statistics.median(clock), statistics.median(processor)
