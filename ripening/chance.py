"""The numbers behind every curve: how likely a fruit is edible on each day, given its lot and home.

A fruit needs X days at 20 °C until it is edible and then stays so for L; both are normal, L cut off
at 0. With A(t) and K(t) the ripening and keeping time lived by t,

    P(edible on day t) = P(X <= A(evening)) - P(L < lived(morning; X)),

where lived is the keeping time since the fruit became edible. The first part is closed. The second
falls into two at the bend that moving to another place (else arrival) puts into lived(X), and each is
one integral by Gauss-Legendre nodes: over X where X varies less than L in the same time, over L where
it varies more. What does not ripen any more needs none. Against a fine grid the error stays below
0.005 (tests/ripening/test_chance.py).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from ripening.course import NEVER, Course, Floats

MEALS_DAYS = 0.25
"""How long before and after noon a household eats. [days] Assumed."""

N_NODES = 16
"""Nodes on either side of the bend."""

REACH = 4.0
"""Standard deviations that an integral spans to either side."""

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(N_NODES)
_LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class Maturity:
    """How far fruit are on arrival and how they differ, every array of one shape. [days at 20 °C]

    `age` holds what reports have taught. A fruit that still ripens has its lot's unknown shift in
    `ready_sigma`, one that came ready has it in `keep_sigma` (then `ready_sigma` is 0).
    """

    age: Floats
    ready_mean: Floats
    ready_sigma: Floats
    keep_mean: Floats
    keep_sigma: Floats

    def of(self, index: NDArray[np.intp]) -> "Maturity":
        """Return the maturities at these places of the first axis."""
        return Maturity(
            self.age[index],
            self.ready_mean[index],
            self.ready_sigma[index],
            self.keep_mean[index],
            self.keep_sigma[index],
        )


def ready_share(maturity: Maturity, lived: Floats) -> Floats:
    """Share of fruit that are ready after so much ripening time; `lived` has one axis more."""
    ahead = maturity.age[..., None] + lived - maturity.ready_mean[..., None]
    return _normal(ahead, maturity.ready_sigma[..., None])


def edible_share(maturity: Maturity, course: Course, *, days: int) -> Floats:
    """Return P(edible on day t) for each row.

    Parameters
    ----------
    maturity, course
        One row a case, shapes (n,) and (n, n_phases).
    days
        Days after delivery, the delivery day (0) included.

    Returns
    -------
    shape (n, days)

    Notes
    -----
    Boxes arrive at noon of day 0, and fruit counts for a day if it is edible at any time between
    `MEALS_DAYS` before and after that day's noon.
    """
    ready, past = ready_and_past(maturity, course, days=days)
    return np.clip(ready - past, 0.0, 1.0)


def ready_and_past(maturity: Maturity, course: Course, *, days: int) -> tuple[Floats, Floats]:
    """Return P(ready by the evening of day t) and P(past by its morning) for each row. Shape (n, days)."""
    day = np.arange(days, dtype=np.float64)
    morning, evening = np.maximum(day - MEALS_DAYS, 0.0), day + MEALS_DAYS
    return ready_share(maturity, course.ripened(evening)), past_share(maturity, course, morning)


def past_share(maturity: Maturity, course: Course, at: Floats) -> Floats:
    """Return P(past by each time after delivery) for each row. Shape (n, n_times)."""
    past = np.zeros((len(maturity.age), len(at)))
    fixed = maturity.ready_sigma <= 0
    for first in (True, False):
        slope = _slope(course, first=first)
        by_ready = maturity.ready_sigma * slope < maturity.keep_sigma
        for rows, part in (
            (~fixed & by_ready, _past_by_ready),
            (~fixed & ~by_ready, _past_by_keep),
        ):
            index = np.flatnonzero(rows)
            if index.size:
                past[index] += part(maturity.of(index), _rows(course, index), at, first=first)
    index = np.flatnonzero(fixed)
    if index.size:
        ready, of_ready = maturity.of(index), _rows(course, index)
        past[index] = _past_given(ready, of_ready, at, ready.ready_mean[:, None])[:, :, 0]
    return past


def _slope(course: Course, *, first: bool) -> Floats:
    """Keeping time that a later ripening costs, a day for a day, before or after the bend."""
    moves = course.starts[:, -1] < NEVER
    before = course.keep[:, 0] / np.maximum(course.ripen[:, 0], _LEAST)
    after = course.keep[:, -1] / np.maximum(course.ripen[:, -1], _LEAST)
    return np.where(moves, before, 1.0) if first else np.where(moves, after, before)


def _past_by_ready(maturity: Maturity, course: Course, at: Floats, *, first: bool) -> Floats:
    """Integrate over how long fruit need: given X, the normal law of L is closed."""
    bend = maturity.age + _at_bend(course, course.ripened)
    z_bend = (bend - maturity.ready_mean) / maturity.ready_sigma
    z, weights = _nodes(z_bend, below=first)
    need = maturity.ready_mean[:, None] + maturity.ready_sigma[:, None] * z
    past: Floats = np.einsum("ntj,nj->nt", _past_given(maturity, course, at, need), weights)
    return past


def _past_given(maturity: Maturity, course: Course, at: Floats, need: Floats) -> Floats:
    """Return P(past by each time | time needed). Shape (n, n_times, n_needs)."""
    missing = need - maturity.age[:, None]
    ready_on = course.reached(np.maximum(missing, 0.0))
    begun = course.kept(np.minimum(ready_on, NEVER))
    before = np.maximum(-missing, 0.0)
    lived = np.maximum(course.kept(at)[:, :, None] - begun[:, None, :], 0.0) + before[:, None, :]
    mean, sigma = maturity.keep_mean[:, None, None], maturity.keep_sigma[:, None, None]
    # A keeping time is never negative: the normal law cut off at 0.
    alive = _normal(mean - lived, sigma) / _normal(mean, sigma)
    past: Floats = np.maximum(1.0 - alive, 0.0)
    return past


def _past_by_keep(maturity: Maturity, course: Course, at: Floats, *, first: bool) -> Floats:
    """Integrate over how long fruit keep: given L, fruit of less than some X are past.

    The first part holds the fruit that were ready by the bend, the second those ready later; what
    keeps no longer than since the bend is past whenever it was ready before it.
    """
    kept = course.kept(at)
    mean, sigma = maturity.keep_mean[:, None], maturity.keep_sigma[:, None]
    z_bend = (kept - _at_bend(course, course.kept)[:, None] - mean) / np.maximum(sigma, _LEAST)
    z_zero = -mean / np.maximum(sigma, _LEAST)
    z, weights = _nodes(z_bend, below=not first, least=z_zero)
    left = kept[:, :, None] - (mean[:, :, None] + sigma[:, :, None] * z)
    shape = left.shape
    since = course.kept_until(np.maximum(left, 0.0).reshape(shape[0], -1))
    ripened = course.ripened(np.minimum(since, NEVER)).reshape(shape)
    limit = maturity.age[:, None, None] + np.where(left > 0, ripened, left)
    need, spread = maturity.ready_mean[:, None, None], maturity.ready_sigma[:, None, None]
    share = _normal(limit - need, spread)
    by_bend = maturity.age + _at_bend(course, course.ripened) - maturity.ready_mean
    by_bend = _normal(by_bend[:, None], maturity.ready_sigma[:, None])
    if first:
        shorter = np.maximum(ndtr(z_bend) - ndtr(z_zero), 0.0)
        past = np.einsum("ntj,ntj->nt", share, weights) + by_bend * shorter
    else:
        past = np.einsum("ntj,ntj->nt", np.maximum(share - by_bend[:, :, None], 0.0), weights)
    longer: Floats = past / ndtr(-z_zero)
    return longer


def _at_bend(course: Course, lived: Callable[[Floats], Floats]) -> Floats:
    """Return the time lived when things move to another place; 0 (arrival) where they never do."""
    moved = course.starts[:, -1:]
    return np.where(moved < NEVER, lived(np.minimum(moved, NEVER)), 0.0)[:, 0]


def _nodes(bend: Floats, *, below: bool, least: Floats | float = -np.inf) -> tuple[Floats, Floats]:
    """Return places and weights of the normal law on one side of a bend, one axis more. [sd]"""
    low = np.clip(least, -REACH, REACH)
    middle = np.clip(bend, low, REACH)
    start, end = (low, middle) if below else (middle, np.full_like(middle, REACH))
    half = np.broadcast_to((end - start) / 2, middle.shape)[..., None]
    z = np.broadcast_to(start, middle.shape)[..., None] + half * (_NODES + 1)
    # What lies beyond the reach is shared out over the nodes, so that both sides make up the whole.
    whole = (1 - ndtr(least)) / (ndtr(REACH) - ndtr(low)) / math.sqrt(2 * math.pi)
    return z, np.exp(-(z**2) / 2) * (half * _WEIGHTS * np.asarray(whole)[..., None])


def _rows(course: Course, index: NDArray[np.intp]) -> Course:
    return Course(course.starts[index], course.ripen[index], course.keep[index])


def _normal(ahead: Floats, sigma: Floats) -> Floats:
    """Return P(a normal time with this spread is at most `ahead` past its mean); a step without spread."""
    if sigma.size and sigma.min() > 0:
        return np.asarray(ndtr(ahead / sigma))
    share = ndtr(ahead / np.where(sigma > 0, sigma, 1.0))
    return np.where(sigma > 0, share, (ahead >= 0).astype(np.float64))
