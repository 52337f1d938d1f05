"""The exact posterior of one lot for who knows what its cultivar really does: brute force, no
shared code.

Every pair of the two times of a fruit is tried, each verdict found by comparison; nothing is closed
form but the bell curve.
"""

import numpy as np
from numpy.typing import NDArray

from ripening.calibration import LotEvidence, Report, Verdict
from tests.ripening.calibration_truth import SLIPS, Truth

Floats = NDArray[np.float64]

N_PLACES, N_NEEDS, N_KEEPS, N_MOMENTS = 161, 500, 41, 5


def bell(at: Floats, mean: Floats | float, sigma: float) -> Floats:
    density = np.exp(-(((at - mean) / sigma) ** 2) / 2)
    return density / density.sum(axis=-1, keepdims=True)


def exact_place(truth: Truth, lot: LotEvidence) -> tuple[float, float]:
    """Return mean and standard deviation of where a lot lies, after all that was said of it."""
    place = truth.mean + truth.lot_sigma * np.linspace(-5, 5, N_PLACES)
    chance = bell(place, truth.mean, truth.lot_sigma)
    reach = 5 * (truth.lot_sigma + truth.fruit_sigma)
    need = truth.mean + np.linspace(-reach, reach, N_NEEDS)
    fruit: dict[object, list[Report]] = {}
    for n, report in enumerate(lot.reports):
        fruit.setdefault(report.fruit or n, []).append(report)
    for reports in fruit.values():
        given_place = bell(need, place[:, None], truth.fruit_sigma)
        chance = chance * (given_place @ chance_of(truth, reports, need))
    chance /= chance.sum()
    mean = float(chance @ place)
    return mean, float(chance @ (place - mean) ** 2) ** 0.5


def chance_of(truth: Truth, reports: list[Report], need: Floats) -> Floats:
    """P(all that was said of one fruit | how long it needs)."""
    keep = truth.keep_mean + truth.keep_sigma * np.linspace(-4, 4, N_KEEPS)
    weight = np.where(keep >= 0, bell(keep, truth.keep_mean, truth.keep_sigma), 0.0)
    weight /= weight.sum()
    total = np.zeros(len(need))
    for moment in (np.arange(N_MOMENTS) + 0.5) / N_MOMENTS * 2 - 1:
        said = np.ones((len(need), N_KEEPS))
        for report in reports:
            day = max(report.day + moment * report.within_days, 0.0)
            truly = verdicts(report, day, need, keep)
            said *= np.where(truly == list(Verdict).index(report.verdict), 1 - SLIPS, SLIPS / 2)
        total += said @ weight / N_MOMENTS
    return total


def verdicts(report: Report, day: float, need: Floats, keep: Floats) -> NDArray[np.intp]:
    """What a fruit of each pair of times is on a day: 0 hard, 1 right, 2 late."""
    missing = need - report.age_days
    now = np.array([day])
    ready_on = report.course.reached(np.maximum(missing, 0.0))
    is_ready = report.course.ripened(now)[0] >= missing
    lived = report.course.kept(now)[0] - report.course.kept(np.minimum(ready_on, day))
    lived = lived + np.maximum(-missing, 0.0)
    return np.where(is_ready[:, None], np.where(lived[:, None] > keep, 2, 1), 0)
