"""How a time differs from fruit to fruit."""

from dataclasses import dataclass

CENTRAL_90 = 3.29
"""Standard deviations that the central 90 % of a normal distribution span."""

LEAST_CV = 0.15
"""Least relative spread. Assumed: a source that prints one number has not measured that all fruit
are alike.
"""

LOT_SHARE = 0.5
"""Share of the variance that a lot's fruit have in common. Assumed: no printed value was found."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A normal time: its mean and the standard deviation over fruit of all lots. [days]

    `lot_share` is the part of the variance that all fruit of a lot have in common.
    """

    mean: float
    sigma: float
    lot_share: float = LOT_SHARE

    @property
    def lot_sigma(self) -> float:
        """Standard deviation of the shift that all fruit of a lot share."""
        return self.sigma * float(self.lot_share**0.5)

    @property
    def fruit_sigma(self) -> float:
        """Standard deviation between the fruit of one lot."""
        return self.sigma * float((1 - self.lot_share) ** 0.5)

    def scaled(self, factor: float) -> "Spread":
        """Return the same spread with every time multiplied."""
        return Spread(self.mean * factor, self.sigma * factor, self.lot_share)


def spread_of(low: float, high: float) -> Spread:
    """Read a published "low to high days" as the central 90 % of fruit."""
    mean = (low + high) / 2
    return Spread(mean, max((high - low) / CENTRAL_90, LEAST_CV * mean))
