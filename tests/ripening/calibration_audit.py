"""How right the learning is about truths that are not what was published."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from scipy.special import ndtr

from ripening.calibration import Learning, LotEvidence
from tests.ripening.calibration_oracle import exact_place
from tests.ripening.calibration_truth import CULTIVARS, USUAL, WAVE, Habits, Truth, season

CENTRAL_80 = 1.2815515655446004
NAMES = tuple(CULTIVARS)
RATIOS = (0.5, 1.0, 2.0)


@dataclass(frozen=True)
class Coverage:
    """Chance that the 80 % interval of the ready time holds a fruit, of one cultivar and seed.

    `coming`: of a lot yet to come, by the learned law itself; `planned`: by the normal law that
    planners get in its place; `reported`: of the lots that were reported on.
    """

    name: str
    coming: float
    planned: float
    reported: float


@dataclass(frozen=True)
class LotError:
    """Mean squared errors of where lots lie, in variances of the lots."""

    name: str
    ratio: float
    learned: float
    exact: float


def truth_for(name: str, ratio: float) -> Truth:
    """Put every cultivar off by 30 % (mean), 50 % (spreads) and 30 % (keeping), each its own way."""
    i = NAMES.index(name)
    return Truth.off(
        *CULTIVARS[name],
        mean=(1.3, 0.7)[i % 2],
        spread=(1.5, 0.5)[i // 2 % 2],
        ratio=ratio,
        kept=(1.3, 0.7)[i // 4 % 2],
    )


def coverage_of(
    name: str,
    seed: int,
    *,
    n_lots: int = 40,
    n_reports: int = 5,
    wave: int = WAVE,
    habits: Habits = USUAL,
) -> Coverage:
    """Learn one cultivar for a season and ask how often a fruit falls where it should."""
    i = NAMES.index(name)
    truth = truth_for(name, RATIOS[i % 3])
    rng = np.random.default_rng([i, seed])
    lots, learned = season(
        truth,
        *CULTIVARS[name],
        rng,
        n_lots=n_lots,
        n_reports=n_reports,
        wave=wave,
        habits=habits,
    )
    return Coverage(name, *_of_coming(truth, learned), _of_reported(truth, learned, lots))


def lot_error_of(
    name: str,
    ratio: float,
    seed: int,
    *,
    n_lots: int = 40,
    n_reports: int = 5,
    wave: int = WAVE,
    habits: Habits = USUAL,
) -> LotError:
    """Compare where lots are thought to lie with who knows their cultivar and tries everything."""
    truth = truth_for(name, ratio)
    rng: Generator = np.random.default_rng([NAMES.index(name), seed, int(2 * ratio)])
    lots, learned = season(
        truth,
        *CULTIVARS[name],
        rng,
        n_lots=n_lots,
        n_reports=n_reports,
        wave=wave,
        habits=habits,
    )
    off = [
        (learned.lot(key).mean_days - place, exact_place(truth, lot)[0] - place)
        for key, (lot, place) in lots.items()
    ]
    return LotError(name, ratio, *np.mean(np.square(off), axis=0) / truth.lot_sigma**2)


def pooled(rows: Sequence[Coverage]) -> Coverage:
    """Mean over rows; their name is that of the first."""
    figures = [(row.coming, row.planned, row.reported) for row in rows]
    return Coverage(rows[0].name, *np.mean(figures, axis=0))


def excess(rows: Iterable[LotError]) -> float:
    """Root mean squared error of what was learned over that of the exact posterior."""
    learned, exact = np.mean([(row.learned, row.exact) for row in rows], axis=0)
    return float((learned / exact) ** 0.5)


def _of_coming(truth: Truth, learned: Learning[int]) -> tuple[float, float]:
    sigma = float(np.hypot(truth.lot_sigma, truth.fruit_sigma))
    fruit = truth.mean + sigma * np.linspace(-4, 4, 801)
    share = np.exp(-(((fruit - truth.mean) / sigma) ** 2) / 2)
    below = learned.cultivar.time_chance(fruit)
    inside = (below >= 0.1) & (below <= 0.9)
    law = learned.cultivar.ready
    return float(share[inside].sum() / share.sum()), _held(law.mean, law.sigma, truth.mean, sigma)


def _of_reported(
    truth: Truth, learned: Learning[int], lots: dict[int, tuple[LotEvidence, float]]
) -> float:
    held = []
    for key, (_, place) in lots.items():
        lot = learned.lot(key)
        sigma = float(np.hypot(lot.shift_sigma, lot.fruit_sigma))
        held.append(_held(lot.mean_days, sigma, place, truth.fruit_sigma))
    return float(np.mean(held))


def _held(mean: float, sigma: float, true_mean: float, true_sigma: float) -> float:
    low, high = (mean + side * CENTRAL_80 * sigma for side in (-1, 1))
    return float(ndtr((high - true_mean) / true_sigma) - ndtr((low - true_mean) / true_sigma))
