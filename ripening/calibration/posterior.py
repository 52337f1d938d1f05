"""What is known after the reports: of a cultivar, and of one of its lots."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from ripening.calibration.grid import Grid
from ripening.course import Floats
from ripening.spread import Spread

_FACTORS = ("fruit", "keep", "width", "mean", "lot")


@dataclass(frozen=True, slots=True)
class Factor:
    """How much larger a quantity is than published: mean and standard deviation of the factor."""

    mean: float
    sigma: float


@dataclass(frozen=True, slots=True)
class CultivarPosterior:
    """What is known of a cultivar. `weight` is the chance of each node of `grid`; sums to 1."""

    grid: Grid
    weight: Floats
    n_reports: int
    n_lots: int

    @property
    def law(self) -> Spread:
        """The time that lots differ in, for a fruit of a lot yet to come.

        That the mean is not known for certain is common to all fruit of a lot, so it counts
        towards the lot's share.
        """
        mean, unsure = self._moments("mean", self.grid.means)
        lot = self._square("lot", self.grid.lot_sigmas) + unsure
        fruit = self._square("fruit", self.grid.fruit_sigmas)
        return Spread(mean, (lot + fruit) ** 0.5, lot / (lot + fruit))

    @property
    def mean_sigma(self) -> float:
        """How unsure the mean of `law` still is; a part of its lots' share. [days at 20 °C]"""
        return float(self._moments("mean", self.grid.means)[1] ** 0.5)

    @property
    def is_surer_than_published(self) -> bool:
        """Whether the mean is known better than a lot by its published law.

        A published range does not say how wrong it may be, so what was learned of the first lot or
        two looks less sure than what it stands on. Lay it over the published times from here on.
        """
        return self.mean_sigma <= self.grid.law.lot_sigma

    @property
    def ready(self) -> Spread:
        """Time until edible of a fruit of a lot yet to come."""
        return self.grid.ready if self.grid.comes_ready else self.law

    @property
    def keep(self) -> Spread:
        """How long a fruit of a lot yet to come keeps, in the same way."""
        if self.grid.comes_ready:
            return self.law
        mean, unsure = self._moments("keep", self.grid.keep.mean * np.exp(self.grid.axes.keep))
        pairs = self.weight.sum(axis=(0, 3, 4)).ravel()
        each = np.array([sigma**2 for _, sigma in self.grid.keeps])
        sigma: float = float(pairs @ each + unsure) ** 0.5
        return Spread(mean, sigma, self.grid.keep.lot_share)

    @property
    def fruit_sigma(self) -> float:
        """Root mean square of how much fruit of one lot differ. [days at 20 °C]"""
        return float(self._square("fruit", self.grid.fruit_sigmas) ** 0.5)

    def factor(self, name: str) -> Factor:
        """Return one of `grid`'s factors: mean, lot, fruit, keep or width."""
        axis = np.exp(self.grid.axes.all[_FACTORS.index(name)])
        mean, variance = self._moments(name, axis)
        return Factor(mean, variance**0.5)

    def time_chance(self, days: Floats) -> Floats:
        """P(the time of a fruit of a lot yet to come is at most so many days at 20 °C), no normal law put in
        place of the mixture.
        """
        by_spreads = self.weight.sum(axis=(1, 2))
        total = np.hypot(self.grid.fruit_sigmas[:, None, None], self.grid.lot_sigmas)
        ahead = days[:, None, None, None] - self.grid.means[:, None]
        share: Floats = (by_spreads * ndtr(ahead / total)).sum(axis=(1, 2, 3))
        return share

    def _marginal(self, name: str) -> Floats:
        i = _FACTORS.index(name)
        marginal: Floats = self.weight.sum(axis=tuple(j for j in range(len(_FACTORS)) if j != i))
        return marginal

    def _moments(self, name: str, values: Floats) -> tuple[float, float]:
        """Return mean and variance of something over one axis."""
        marginal = self._marginal(name)
        mean = float(marginal @ values)
        return mean, float(marginal @ (values - mean) ** 2)

    def _square(self, name: str, values: Floats) -> float:
        return float(self._marginal(name) @ values**2)


@dataclass(frozen=True, slots=True)
class LotPosterior:
    """What is known of one lot.

    Its fruit take N(`mean_days`, `shift_sigma`^2 + `fruit_sigma`^2) days at 20 °C until edible, or
    keep so long if they come ready. `shift_days` is by how much the lot runs ahead of the cultivar
    as learned, which is what `LotState` takes once that is laid over the published profile.
    `chance[i]` is the chance that the mean of its fruit lies in the cell around `place[i]`.
    """

    shift_days: float
    shift_sigma: float
    fruit_sigma: float
    mean_days: float
    n_reports: int
    n_checks: int
    place: Floats
    chance: Floats

    @classmethod
    def of(
        cls, cultivar: CultivarPosterior, chance: Floats, *, n_reports: int, n_checks: int
    ) -> "LotPosterior":
        """Sum up where a lot may lie."""
        chance = chance / chance.sum()
        place = cultivar.grid.place
        mean = float(chance @ place)
        return cls(
            shift_days=cultivar.law.mean - mean,
            shift_sigma=float(chance @ (place - mean) ** 2) ** 0.5,
            fruit_sigma=cultivar.fruit_sigma,
            mean_days=mean,
            n_reports=n_reports,
            n_checks=n_checks,
            place=place,
            chance=chance,
        )

    def shift_from(self, law: Spread) -> float:
        """By how much the lot runs ahead of another law, such as the published one. [days at 20 °C]"""
        return law.mean - self.mean_days

    def time_chance(self, days: Floats) -> Floats:
        """P(the time of a fruit of this lot is at most so many days at 20 °C); same shape as `days`."""
        ahead = days[..., None] - self.place
        share: Floats = ndtr(ahead / self.fruit_sigma) @ self.chance
        return share
