"""The learning against truths that are not what was published; in full under script/bench."""

import numpy as np
import pytest

from ripening.calibration import learn, learn_lot
from ripening.spread import Spread
from tests.ripening.calibration_audit import (
    NAMES,
    RATIOS,
    coverage_of,
    excess,
    lot_error_of,
    pooled,
    truth_for,
)
from tests.ripening.calibration_oracle import exact_place
from tests.ripening.calibration_truth import CULTIVARS, Habits, lots_of


@pytest.mark.parametrize("name", ["banana", "mango", "pear", "tulip"])
def test_a_lot_of_a_known_cultivar_is_where_brute_force_finds_it(name: str) -> None:
    truth = truth_for(name, 1.0)
    sigma = float(np.hypot(truth.lot_sigma, truth.fruit_sigma))
    ready = Spread(truth.mean, sigma, 0.5)
    keep = Spread(truth.keep_mean, truth.keep_sigma)
    lots = lots_of(truth, truth.mean, np.random.default_rng(6), n_lots=10, n_reports=5)

    for lot, _ in lots.values():
        mean, sd = exact_place(truth, lot)
        found = learn_lot(ready, keep, lot)
        assert found.mean_days == pytest.approx(mean, abs=0.05 * truth.lot_sigma)
        assert found.shift_sigma == pytest.approx(sd, abs=0.03 * truth.lot_sigma)


def test_a_grid_twice_as_fine_knows_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    truth = truth_for("peach", 1.0)
    ready, keep = CULTIVARS["peach"]
    drawn = lots_of(truth, ready.mean, np.random.default_rng(3), n_lots=20, n_reports=5)
    lots = {key: lot for key, (lot, _) in drawn.items()}
    usual = learn(ready, keep, lots).cultivar
    monkeypatch.setattr("ripening.calibration.grid.N_PLACES", 240)
    monkeypatch.setattr("ripening.calibration.learning.ROUNDS", 3)
    fine = learn(ready, keep, lots).cultivar

    assert usual.ready.mean == pytest.approx(fine.ready.mean, rel=0.01)
    assert usual.ready.sigma == pytest.approx(fine.ready.sigma, rel=0.03)
    assert usual.keep.mean == pytest.approx(fine.keep.mean, rel=0.02)


def test_the_80_percent_interval_holds_80_percent_of_fruit() -> None:
    """Eight cultivars, each off in its own way, a season of 40 lots each.

    The standard error of each figure is 0.02 here; 480 seasons stand in the nightly benchmark.
    """
    seen = pooled([coverage_of(name, seed=0, wave=20) for name in NAMES[:8]])

    assert seen.coming == pytest.approx(0.8, abs=0.04)
    assert seen.planned == pytest.approx(0.8, abs=0.04)
    assert seen.reported == pytest.approx(0.8, abs=0.04)


@pytest.mark.parametrize("ratio", RATIOS)
def test_five_reports_place_a_lot_nearly_as_well_as_knowing_its_cultivar(ratio: float) -> None:
    """Three seasons of 40 lots; one season alone lies anywhere between 0 and 30 % above."""
    habits = Habits(off_days=0.5)
    names = ("avocado", "apricot", "tulip")

    rows = [lot_error_of(name, ratio, seed=0, wave=20, habits=habits) for name in names]

    assert excess(rows) < 1.10
