"""What temperature does to fruit over time: two clocks at rates that change from phase to phase.

The first phase begins at delivery, the last never ends. A rate of 0.5 means that a day counts for
half a day at 20 °C. Temperature steps add up in that biological time (docs/ripening.md).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

NEVER = 1e6
"""A day that does not come: a phase that starts then never does."""


@dataclass(frozen=True, slots=True)
class Course:
    """Rates by phase; every array of shape (..., n_phases).

    `starts` are days after delivery, rising, the first one 0; `ripen` and `keep` are days at 20 °C a
    day. Days given to the methods, and times returned, have the leading shape with one axis more.
    """

    starts: Floats
    ripen: Floats
    keep: Floats

    def ripened(self, day: Floats) -> Floats:
        """Ripening time lived by each day after delivery. [days at 20 °C]"""
        return _lived(day, self.starts, self.ripen)

    def kept(self, day: Floats) -> Floats:
        """Keeping time lived by each day after delivery. [days at 20 °C]"""
        return _lived(day, self.starts, self.keep)

    def reached(self, ripened: Floats) -> Floats:
        """Return the day on which so much ripening time has been lived; infinite where it never is.

        The inverse of `ripened`; 0 for what needs nothing.
        """
        return _day_of(ripened, self.starts, self.ripen)

    def kept_until(self, kept: Floats) -> Floats:
        """Return the day on which so much keeping time has been lived; the inverse of `kept`."""
        return _day_of(kept, self.starts, self.keep)


def steady(ripen: float, keep: float) -> Course:
    """Return the course of a place that stays as warm as it is. One phase."""
    return Course(np.zeros(1), np.array([ripen]), np.array([keep]))


def _lived(day: Floats, starts: Floats, rates: Floats) -> Floats:
    """Sum over phases of rate x time spent in the phase."""
    lived: Floats = rates[..., :1] * day
    for phase in range(1, starts.shape[-1]):
        change = rates[..., phase : phase + 1] - rates[..., phase - 1 : phase]
        lived = lived + change * np.maximum(day - starts[..., phase : phase + 1], 0.0)
    return lived


def _day_of(lived: Floats, starts: Floats, rates: Floats) -> Floats:
    """Walk the phases: what a phase cannot give is left to the next."""
    day: Floats = np.zeros(np.broadcast_shapes(lived.shape, (*starts.shape[:-1], 1)))
    missing = np.maximum(np.broadcast_to(lived, day.shape), 0.0)
    n_phases = starts.shape[-1]
    for phase in range(n_phases):
        rate = rates[..., phase : phase + 1]
        needed = np.full(day.shape, np.inf)
        np.divide(missing, rate, out=needed, where=rate > 0)
        needed = np.where(missing > 0, needed, 0.0)
        if phase + 1 == n_phases:
            day = day + needed
            break
        length = starts[..., phase + 1 : phase + 2] - starts[..., phase : phase + 1]
        spent = np.minimum(needed, length)
        missing = np.where(needed <= length, 0.0, missing - rate * length)
        day = day + spent
    return day
