"""What learning costs, and in the nightly run how right it is, over seasons of many cultivars.

`script/bench -k calibration --nightly -s` prints every figure.
"""

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import TypeVar

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from ripening.calibration import LotEvidence, learn, learn_lot
from tests.ripening.calibration_audit import (
    NAMES,
    RATIOS,
    Coverage,
    LotError,
    coverage_of,
    excess,
    lot_error_of,
    pooled,
    truth_for,
)
from tests.ripening.calibration_truth import CULTIVARS, USUAL, Habits, lots_of

N_SEEDS = 20
Row = TypeVar("Row")


@pytest.fixture(scope="module")
def lots() -> dict[int, LotEvidence]:
    """400 lots with five reports each."""
    drawn = lots_of(truth_for("mango", 1.0), 7.0, np.random.default_rng(1), n_lots=400, n_reports=5)
    return {key: lot for key, (lot, _) in drawn.items()}


@pytest.mark.benchmark(group="calibration")
def test_a_cultivar_of_400_lots(benchmark: BenchmarkFixture, lots: dict[int, LotEvidence]) -> None:
    """What due work spends on one produce, at its most."""
    learned = benchmark.pedantic(learn, args=(*CULTIVARS["mango"], lots), rounds=2)

    assert learned.cultivar.n_reports == 2000


@pytest.mark.benchmark(group="calibration")
def test_one_tap(benchmark: BenchmarkFixture, lots: dict[int, LotEvidence]) -> None:
    """What the answer to a report waits for."""
    known = benchmark(learn_lot, *CULTIVARS["mango"], lots[0])

    assert known.n_reports == 5


@pytest.mark.benchmark(group="calibration")
def test_one_report_more_in_full(benchmark: BenchmarkFixture, lots: dict[int, LotEvidence]) -> None:
    """A report's effect on its cultivar and its lot, on a grid that stays."""
    learned = learn(*CULTIVARS["mango"], {key: lots[key] for key in range(40)})

    more = benchmark(learned.with_report, 0, lots[0].reports[0])

    assert more.cultivar.n_reports == 201


@pytest.mark.nightly
@pytest.mark.timeout(7200)
@pytest.mark.benchmark(group="calibration audit")
def test_the_80_percent_interval_of_the_ready_time(benchmark: BenchmarkFixture) -> None:
    """24 cultivars x 20 seasons of 40 lots with 5 reports; means off by 30 %, spreads by 50 %."""
    rows = _once(
        benchmark, coverage_of, [(name, seed) for name in NAMES for seed in range(N_SEEDS)]
    )

    by_name = {name: pooled([row for row in rows if row.name == name]) for name in NAMES}
    for name, row in by_name.items():
        _print_coverage(name, row)
    total = pooled(rows)
    _print_coverage("all", total)
    assert 0.78 <= total.coming <= 0.82
    assert 0.78 <= total.planned <= 0.82
    assert 0.78 <= total.reported <= 0.82
    for row in by_name.values():
        for figure in (row.coming, row.planned, row.reported):
            assert 0.70 <= figure <= 0.90, row


@pytest.mark.nightly
@pytest.mark.timeout(7200)
@pytest.mark.benchmark(group="calibration audit")
@pytest.mark.parametrize(
    ("n_lots", "off_days", "most"),
    [
        pytest.param(40, 0.5, 1.10, id="40 lots, tried half a day off"),
        pytest.param(60, 1.0, 1.10, id="60 lots, tried a day off"),
        # Forty such lots do not hold enough about their own mean: a law of reports, not of grids.
        pytest.param(40, 1.0, 1.15, id="40 lots, tried a day off"),
    ],
)
def test_a_lot_after_five_reports(
    benchmark: BenchmarkFixture, n_lots: int, off_days: float, most: float
) -> None:
    """Its error against who knows the cultivar, over 24 cultivars x 4 seasons, by ratio of variances."""
    jobs = [(name, ratio, seed) for ratio in RATIOS for name in NAMES for seed in range(4)]
    run = partial(lot_error_of, n_lots=n_lots, habits=Habits(off_days=off_days))
    rows: list[LotError] = _once(benchmark, run, jobs)

    by_ratio = {ratio: excess([row for row in rows if row.ratio == ratio]) for ratio in RATIOS}
    for ratio, error in by_ratio.items():
        _print(f"{n_lots} lots, {off_days} d off, variance {ratio:g}: error {error:.3f} x exact")
    assert max(by_ratio.values()) <= most


@pytest.mark.nightly
@pytest.mark.timeout(7200)
@pytest.mark.benchmark(group="calibration audit")
@pytest.mark.parametrize(
    ("what", "habits"),
    [
        ("no slips", Habits(slips=0.0)),
        ("6 % slips", Habits(slips=0.06)),
        ("kitchens 1.5 °C off", Habits(off_c=1.5)),
        ("a quarter of eaters by feel", Habits(by_feel=0.25)),
        ("all eaters by feel", Habits(by_feel=1.0)),
    ],
)
def test_what_eaters_do_otherwise_costs(
    benchmark: BenchmarkFixture, what: str, habits: Habits
) -> None:
    """Prints the coverage where an assumption is broken; there is no target for it."""
    jobs = [(name, seed) for name in NAMES for seed in range(2)]
    rows = _once(benchmark, partial(coverage_of, habits=habits), jobs)

    _print_coverage(what, pooled(rows))
    assert habits != USUAL
    assert 0 < pooled(rows).coming < 1


def _once(
    benchmark: BenchmarkFixture, run: Callable[..., Row], jobs: Sequence[tuple[object, ...]]
) -> list[Row]:
    """Run all jobs, on every core; the benchmark is of the whole."""

    def everything() -> list[Row]:
        with ProcessPoolExecutor() as pool:
            return list(pool.map(run, *zip(*jobs, strict=True), chunksize=2))

    rows: list[Row] = benchmark.pedantic(everything, rounds=1)
    return rows


def _print_coverage(name: str, row: Coverage) -> None:
    _print(
        f"{name:28s} coming {row.coming:.3f}  planned {row.planned:.3f}  reported {row.reported:.3f}"
    )


def _print(line: str) -> None:
    """To the terminal, whatever pytest keeps to itself."""
    if sys.__stdout__ is not None:
        sys.__stdout__.write(line + "\n")
