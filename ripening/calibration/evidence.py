"""What a report says about a fruit: the chance of its verdict, given the fruit's two times.

A fruit that needs X days at 20 °C and then keeps for L is, at a time t in a home,

    hard   while   age + ripened(t) < X
    late   once    L < lived(t; X) = kept(t) - kept(when X was reached)
    right  between the two.

Fruit that has been ready before delivery has lived `age - X` of its good life on arrival. Each
verdict is a slip of the finger with chance `SLIP`, so that no single report can rule anything out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from ripening.course import Course, Floats
from ripening.verdict import Verdict

SLIP = 0.03
"""Chance that a verdict is not what the fruit was; the other two are then alike. Assumed."""

DAY_HALF_WIDTH = 0.25
"""A report of a day was made between breakfast and supper: this long before or after its noon."""

READING_SIGMA = 0.25
"""How well a stage is read off a chart, whatever the number of fruit. [days at 20 °C] Assumed."""

_LEAST = 1e-9
_TIMES, _TIME_WEIGHTS = np.polynomial.legendre.leggauss(2)
_TIME_WEIGHTS = _TIME_WEIGHTS / 2
_TRUTHS = (Verdict.HARD, Verdict.RIGHT, Verdict.LATE)


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody found on trying one fruit (or on looking at one stem).

    Parameters
    ----------
    age_days
        Age of its lot at delivery, *without* anything learned. [days at 20 °C]
    course
        What the home did to it, one-dimensional.
    day
        Time after delivery; whole numbers are noons. [days]
    fruit
        Reports of one lot that share this name are about one and the same fruit ("hard" on
        Tuesday, "right" on Thursday). None: a fruit that nobody else reported on.
    within_days
        The look was taken at most this long before or after `day`.
    """

    verdict: Verdict
    age_days: float
    course: Course
    day: float
    fruit: str | None = None
    within_days: float = DAY_HALF_WIDTH


@dataclass(frozen=True, slots=True)
class StageCheck:
    """A stage measured at receipt: how far a lot runs ahead of its papers. [days at 20 °C]

    `age_days` is the measured stage as an age, `expected_days` what the lot's grade says for that
    moment, `error_days` the standard error of the measured one.
    """

    age_days: float
    expected_days: float
    error_days: float

    @classmethod
    def of_sample(
        cls, age_days: float, expected_days: float, *, n_fruit: int, fruit_sigma: float
    ) -> "StageCheck":
        """Return the check of a sample's mean stage; fruit differ, and charts are read roughly."""
        error = (fruit_sigma**2 / n_fruit + READING_SIGMA**2) ** 0.5
        return cls(age_days, expected_days, error)


@dataclass(frozen=True, slots=True)
class LotEvidence:
    """All that is known of one lot.

    `keep_factor` is what cold storage before grading has left of its keeping time (1 = all).
    """

    reports: tuple[Report, ...] = ()
    checks: tuple[StageCheck, ...] = ()
    keep_factor: float = 1.0

    def ahead(self) -> tuple[float, float]:
        """Return the mean of all checks, and its standard error; (0, inf) without one."""
        weight = sum(check.error_days**-2 for check in self.checks)
        if not weight:
            return 0.0, float("inf")
        gaps = ((c.age_days - c.expected_days) / c.error_days**2 for c in self.checks)
        return sum(gaps) / weight, float(weight**-0.5)


@dataclass(frozen=True, slots=True)
class FruitTable:
    """Fruit with equally many reports, by lot, each one's reports in order of days.

    `lot` has shape (n_fruit,), like `keep_factor`; `age`, `day`, `within` (n_fruit, n_reports).
    `said[..., truth]` is the chance of what was said if the fruit was hard, right, late.
    """

    lot: NDArray[np.intp]
    keep_factor: Floats
    age: Floats
    day: Floats
    within: Floats
    said: Floats
    course: Course


def tables_of(lots: Sequence[LotEvidence]) -> list[FruitTable]:
    """Sort the reports of these lots by fruit, a table for each number of reports on one fruit."""
    by_number: dict[int, list[tuple[int, list[Report]]]] = {}
    for i, lot in enumerate(lots):
        named: dict[object, list[Report]] = {}
        for n, report in enumerate(lot.reports):
            named.setdefault(n if report.fruit is None else report.fruit, []).append(report)
        for of_one in named.values():
            by_number.setdefault(len(of_one), []).append((i, sorted(of_one, key=_day)))
    return [_table(fruit, lots) for fruit in by_number.values()]


def _table(fruit: Sequence[tuple[int, list[Report]]], lots: Sequence[LotEvidence]) -> FruitTable:
    rows = [row for _, row in fruit]
    return FruitTable(
        lot=np.array([i for i, _ in fruit]),
        keep_factor=np.array([lots[i].keep_factor for i, _ in fruit]),
        age=np.array([[report.age_days for report in row] for row in rows]),
        day=np.array([[report.day for report in row] for row in rows]),
        within=np.array([[report.within_days for report in row] for row in rows]),
        said=np.array([[_said(report) for report in row] for row in rows]),
        course=_stacked([[report.course for report in row] for row in rows]),
    )


def chance_given_need(
    table: FruitTable, need: Floats, keeps: Sequence[tuple[float, float]]
) -> Floats:
    """Return P(all that was said of each fruit | it needs X days).

    Parameters
    ----------
    need
        X at the middle of evenly spaced cells, shape (n_x,); a report that falls into a cell counts
        for the part of it that was ready. [days at 20 °C]
    keeps
        Mean and standard deviation of the keeping time L, for each case to be weighed.

    Returns
    -------
    shape (n_fruit, n_keeps, n_x)
    """
    cell = need[1] - need[0]
    chance = np.zeros((len(table.lot), len(keeps), len(need)))
    for time, weight in zip(_TIMES, _TIME_WEIGHTS, strict=True):
        at = np.maximum(table.day + time * table.within, 0.0)[..., None]
        lived_ripening = table.age[..., None] + table.course.ripened(at)
        ready = np.clip((lived_ripening - need) / cell + 0.5, 0.0, 1.0)
        lived = _lived(table, at, need) / table.keep_factor[:, None, None]
        good = np.stack([_good(lived, mean, sigma) for mean, sigma in keeps], axis=2)
        chance += weight * _joint(table.said, ready, good)
    return chance


def chance_when_ready(table: FruitTable, keep: Floats, sigmas: Floats) -> Floats:
    """Return P(all that was said of each fruit | its lot keeps so long) for what comes ready.

    `keep` is the mean of L over the lot's fruit, shape (n_keep,), `sigmas` how much they differ.

    Returns
    -------
    shape (n_fruit, n_sigmas, n_keep)
    """
    chance = np.zeros((len(table.lot), len(sigmas), len(keep)))
    for time, weight in zip(_TIMES, _TIME_WEIGHTS, strict=True):
        at = np.maximum(table.day + time * table.within, 0.0)[..., None]
        lived = np.maximum(table.course.kept(at) + table.age[..., None], 0.0)
        lived = lived / table.keep_factor[:, None, None]
        good = np.stack([_good(lived, keep, sigma) for sigma in sigmas], axis=2)
        chance += weight * _joint(table.said, np.ones_like(lived), good)
    return chance


def _joint(said: Floats, ready: Floats, good: Floats) -> Floats:
    """Sum over the report from which on the fruit was late: never more than one fruit's few reports.

    `said` (n_fruit, n_reports, 3), `ready` (n_fruit, n_reports, n_x or 1) and `good`, the chance
    that it is not late yet, (n_fruit, n_reports, n_cases, n_x).
    """
    n_reports = said.shape[1]
    hard, right, late = (said[:, :, None, truth] for truth in range(3))
    if_right = (1 - ready) * hard + ready * right
    if_late = (1 - ready) * hard + ready * late
    chance = np.zeros((len(said), *good.shape[2:]))
    for first_late in range(n_reports + 1):
        product = if_right[:, :first_late].prod(axis=1) * if_late[:, first_late:].prod(axis=1)
        until = good[:, first_late - 1] if first_late else 1.0
        after = good[:, first_late] if first_late < n_reports else 0.0
        chance += product[:, None] * (until - after)
    return chance


def _good(lived: Floats, mean: float | Floats, sigma: float) -> Floats:
    """P(L >= lived); a keeping time is never negative: the normal law cut off at 0."""
    sigma = max(sigma, _LEAST)
    good: Floats = ndtr((mean - lived) / sigma) / np.maximum(ndtr(mean / sigma), _LEAST)
    return np.minimum(good, 1.0)


def _lived(table: FruitTable, at: Floats, need: Floats) -> Floats:
    """Keeping time lived by a fruit of each need; 0 until it is ready."""
    missing = need - table.age[..., None]
    ready_on = np.minimum(table.course.reached(np.maximum(missing, 0.0)), at)
    lived: Floats = table.course.kept(at) - table.course.kept(ready_on) + np.maximum(-missing, 0.0)
    return lived


def _said(report: Report) -> tuple[float, float, float]:
    """Chance of this verdict for a fruit that was hard, right, late."""
    hard, right, late = (1 - SLIP if report.verdict is truth else SLIP / 2 for truth in _TRUTHS)
    return hard, right, late


def _stacked(courses: Sequence[Sequence[Course]]) -> Course:
    """Put courses side by side; a shorter one goes on in phases that change nothing."""
    n_phases = max(len(course.starts) for row in courses for course in row)
    parts = np.array([[_lengthened(course, n_phases) for course in row] for row in courses])
    return Course(parts[:, :, 0], parts[:, :, 1], parts[:, :, 2])


def _lengthened(course: Course, n_phases: int) -> Floats:
    more = n_phases - len(course.starts)
    starts = np.append(course.starts, course.starts[-1] + np.arange(1.0, more + 1))
    return np.stack([starts, *(np.pad(r, (0, more), "edge") for r in (course.ripen, course.keep))])


def _day(report: Report) -> float:
    return report.day
