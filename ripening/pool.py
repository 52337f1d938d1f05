"""Making one number of what several publications say.

Each says a range. The pooled value is the one whose distances to all ranges, in factors, add up to
least: 0 inside a range, the logarithm of the factor to its nearest end outside. Half the distance to
a range's middle is added, so that a value does not cling to an end. A publication counts once,
however many rows it prints; how much, `ripening.observation` says. One odd source cannot pull the
value away, as it could with a mean.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

MIDDLE_SHARE = 0.5
_LEAST_DAYS = 0.05


@dataclass(frozen=True, slots=True)
class Said:
    """A range of days (or rates) at reference conditions, who says it and how much that counts."""

    low: float
    high: float
    source_id: str
    weight: float

    def scaled(self, factor: float) -> "Said":
        """Return the same said of a time so many times as long."""
        return Said(self.low * factor, self.high * factor, self.source_id, self.weight)


@dataclass(frozen=True, slots=True)
class Pooled:
    """The pooled value, the relative standard deviation that its ranges show, and who said it."""

    value: float
    cv: float
    source_ids: tuple[str, ...]


def pool(said: Sequence[Said]) -> Pooled | None:
    """Return the value least at odds with everything said; None where nothing was."""
    if not said:
        return None
    rows = Counter(one.source_id for one in said)
    low = np.log([max(one.low, _LEAST_DAYS) for one in said])
    high = np.log([max(one.high, _LEAST_DAYS) for one in said])
    weight = np.array([one.weight / rows[one.source_id] for one in said])
    middle = np.log((np.exp(low) + np.exp(high)) / 2)
    # The sum is made of straight lines, so its least lies where one of them bends; between two
    # bends that are equally good, everything is, and the middle is taken.
    bends = np.sort(np.concatenate([low, middle, high]))[:, None]
    outside = np.maximum(low - bends, 0) + np.maximum(bends - high, 0)
    cost = (outside + MIDDLE_SHARE * np.abs(bends - middle)) @ weight
    best = bends[cost <= cost.min() + 1e-9]
    value = float(best.min() + best.max()) / 2
    width = (np.exp(high) - np.exp(low)) / (np.exp(high) + np.exp(low)) * 2 / 3.29
    return Pooled(math.exp(value), float(np.average(width, weights=weight)), _by_weight(said))


def factor_between(value: float, low: float, high: float) -> float:
    """Return by which factor a value misses a published range; 1 inside it."""
    value, low, high = (max(number, _LEAST_DAYS) for number in (value, low, high))
    return max(low / value, value / high, 1.0)


def _by_weight(said: Iterable[Said]) -> tuple[str, ...]:
    ordered = sorted(said, key=lambda one: -one.weight)
    return tuple(dict.fromkeys(one.source_id for one in ordered))
