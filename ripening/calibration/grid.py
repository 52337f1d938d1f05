"""What is unknown about a cultivar, laid out on a grid, and what was thought of it beforehand.

Five factors multiply the published values; each is 1 beforehand, give or take:

    mean    how long a fruit takes on average (how long it keeps, if it comes ready)
    lot     how much lots differ (standard deviation of the shift a lot's fruit share)
    fruit   how much fruit of one lot differ
    keep    how long ripe fruit keeps
    width   how much keeping times differ, over what `keep` says

`lot` and `fruit` together are the contract's "spread factor and lot share"; as two standard
deviations they fall apart in the arithmetic: a report depends on (fruit, keep, width) and on where
its lot lies, a lot's place depends on (mean, lot).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from ripening.course import Floats
from ripening.spread import Spread

MEAN_SIGMA = 0.3
"""Standard deviation of the log of `mean` and `keep`. Two published sources on one quantity agree
within a factor 1.5 in about 30 of 43 pairs (docs/ripening.md): that is 0.39 between two, 0.28 for
each."""

SPREAD_SIGMA = 0.5
"""Standard deviation of the log of the total spread. Assumed: no printed value was found."""

SHARE_SIGMA = 1.0
"""Standard deviation of the log odds of the lot share: 0.5 may be 0.16 to 0.84. Assumed."""

N_PLACES = 128
"""Cells of a lot's place."""

_REACH = 3.0
_LEAST_DAYS = 1e-6
_EDGE = 5e-5


@dataclass(frozen=True, slots=True)
class Axes:
    """Nodes of each factor, as logarithms, evenly spaced; a lone 0 is a factor that plays no part."""

    mean: Floats
    lot: Floats
    fruit: Floats
    keep: Floats
    width: Floats

    @property
    def all(self) -> tuple[Floats, ...]:
        """The axes in the order of every array over them: fruit, keep, width, mean, lot."""
        return (self.fruit, self.keep, self.width, self.mean, self.lot)

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of an array over all axes."""
        return tuple(len(axis) for axis in self.all)


@dataclass(frozen=True, slots=True)
class Grid:
    """A cultivar's published times, the factors' nodes, and the cells in which a lot may lie.

    A lot's place is the mean time of its fruit: the time until edible, or for what comes ready the
    time it keeps. `place` holds the middles of its cells. [days at 20 °C]
    """

    ready: Spread
    keep: Spread
    axes: Axes
    place: Floats

    @property
    def comes_ready(self) -> bool:
        """Whether there is nothing left to ripen."""
        return comes_ready(self.ready)

    @property
    def law(self) -> Spread:
        """The published time that lots differ in. [days at 20 °C]"""
        return self.keep if self.comes_ready else self.ready

    @property
    def means(self) -> Floats:
        """Mean of that time for the cultivar, by node. [days at 20 °C]"""
        return self.law.mean * np.exp(self.axes.mean)

    @property
    def lot_sigmas(self) -> Floats:
        """How much lots differ, by node. [days at 20 °C]"""
        return self.law.lot_sigma * np.exp(self.axes.lot)

    @property
    def fruit_sigmas(self) -> Floats:
        """How much fruit of a lot differ, by node. [days at 20 °C]"""
        return self.law.fruit_sigma * np.exp(self.axes.fruit)

    @property
    def keeps(self) -> list[tuple[float, float]]:
        """Mean and standard deviation of L at each (keep, width), for what still ripens."""
        factor = np.exp(self.axes.keep)
        return [
            (float(self.keep.mean * f), float(self.keep.sigma * f * w))
            for f in factor
            for w in np.exp(self.axes.width)
        ]

    def log_prior(self) -> Floats:
        """Log density of each node beforehand, up to a constant. Shape `axes.shape`.

        With shares q of the lot and 1 - q of the fruit in the published variance, total variance
        and log odds of the share turn into (lot, fruit) at a constant rate of 2: densities carry
        over as they are.
        """
        fruit, keep, width, mean, lot = np.meshgrid(*self.axes.all, indexing="ij", sparse=True)
        share = self.law.lot_share
        total = np.log(share * np.exp(2 * lot) + (1 - share) * np.exp(2 * fruit)) / 2
        square = (total / SPREAD_SIGMA) ** 2 + (2 * (lot - fruit) / SHARE_SIGMA) ** 2
        square = square + (mean / MEAN_SIGMA) ** 2 + (keep / MEAN_SIGMA) ** 2
        square = square + (width / SPREAD_SIGMA) ** 2
        return np.broadcast_to(-square / 2, self.axes.shape)

    def place_chance(self, ahead: float = 0.0, error: float = np.inf) -> tuple[Floats, Floats]:
        """Return P(a lot's place | mean, lot), and the likelihood of what was measured.

        A check that found the lot `ahead` days ahead of its grade, give or take `error`, draws the
        normal law of its place towards `mean - ahead`.

        Returns
        -------
        shape (n_mean x n_lot, n_places) and (n_mean x n_lot,)
        """
        mean, sigma = (
            side.ravel() for side in np.meshgrid(self.means, self.lot_sigmas, indexing="ij")
        )
        pull = np.zeros_like(sigma) if np.isinf(error) else sigma**2 / (sigma**2 + error**2)
        place = cell_chance(mean - pull * ahead, sigma * np.sqrt(1 - pull), self.place)
        if np.isinf(error):
            return place, np.ones_like(sigma)
        total = np.hypot(sigma, error)
        return place, np.exp(-((ahead / total) ** 2) / 2) / total


def comes_ready(ready: Spread) -> bool:
    """Tell whether produce with such a time until edible is ready when it is delivered."""
    return ready.mean <= 0 or ready.sigma <= 0


def cell_chance(mean: Floats, sigma: Floats, place: Floats) -> Floats:
    """Return P(a normal time lies in each cell), tails in the end cells. Shape (n, n_places)."""
    edges = (place[1:] + place[:-1]) / 2
    below = ndtr((edges - mean[:, None]) / np.maximum(sigma, _LEAST_DAYS)[:, None])
    return np.diff(below, axis=1, prepend=0.0, append=1.0)


def first_grid(ready: Spread, keep: Spread) -> Grid:
    """Return the widest grid: three standard deviations of what was thought beforehand."""
    wide = np.linspace(-_REACH * MEAN_SIGMA, _REACH * MEAN_SIGMA, 25)
    spread = np.linspace(-4 * SPREAD_SIGMA, 2.4 * SPREAD_SIGMA, 9)
    width = np.array([-1.2, 0.0, 1.2]) * SPREAD_SIGMA
    if comes_ready(ready):
        return _with_cells(ready, keep, Axes(wide, spread, spread, np.zeros(1), np.zeros(1)))
    return _with_cells(ready, keep, Axes(wide, spread, spread, wide[::4], width))


def known_grid(ready: Spread, keep: Spread) -> Grid:
    """Return the grid of a cultivar whose law is known: one node."""
    return _with_cells(ready, keep, Axes(*np.zeros((5, 1))))


def finer(grid: Grid, weight: Floats) -> Grid:
    """Return a grid over the nodes that still matter, as many of them as before.

    `weight` is the posterior over `grid`. Nothing is cut off that holds more than 1 in 10,000.
    """
    axes = []
    for i, axis in enumerate(grid.axes.all):
        others = tuple(j for j in range(weight.ndim) if j != i)
        axes.append(_around(axis, weight.sum(axis=others)))
    fruit, keep, _, mean, lot = axes
    return _with_cells(grid.ready, grid.keep, Axes(mean, lot, fruit, keep, grid.axes.width))


def _around(axis: Floats, marginal: Floats) -> Floats:
    if len(axis) == 1:
        return axis
    below = np.cumsum(marginal)
    step = axis[1] - axis[0]
    first = axis[np.searchsorted(below, _EDGE)] - step
    last = axis[np.searchsorted(below, 1 - _EDGE)] + step
    return np.linspace(max(first, axis[0]), min(last, axis[-1]), len(axis))


def _with_cells(ready: Spread, keep: Spread, axes: Axes) -> Grid:
    """Lay cells over wherever a lot and its fruit may lie.

    Four of the larger standard deviations of lots past the means, and three more of fruit: what a
    report says of a fruit that lies beyond the last cell would be lost.
    """
    bare = Grid(ready, keep, axes, np.zeros(2))
    lot, fruit = (float(np.quantile(s, 0.75)) for s in (bare.lot_sigmas, bare.fruit_sigmas))
    far = max(4.0 * lot + 3.0 * fruit, _LEAST_DAYS)
    low, high = float(bare.means.min()) - far, float(bare.means.max()) + far
    return Grid(ready, keep, axes, np.linspace(low, high, N_PLACES))
