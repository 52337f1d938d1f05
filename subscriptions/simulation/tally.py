"""Sums over households and worlds, and how sure they are.

Every household lives in every world. Fruit of a lot are the same for all who hold them, so neither
households nor days are independent; worlds are, as each draws all lots anew, and so are households, as
each is drawn from the plan. The bootstrap draws both again (Owen 2007, the pigeonhole bootstrap: a
household in a world weighs as often as the one was drawn times the other).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from subscriptions.simulation.layout import Floats

N_DRAWS = 400
LEVEL = 0.95

Table = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and the ends of its 95 % interval."""

    value: float
    low: float
    high: float


class Tally:
    """Collects tables by name; their last axis is that of the households.

    `totals` of a name are of shape (1 + draws, …): the plain sum first, then its bootstrap draws.
    """

    def __init__(self, *, households: int, worlds: int, rng: np.random.Generator) -> None:
        self._of_household = _weights(households, rng)
        self._of_world = _weights(worlds, rng)
        self._shapes: dict[str, tuple[int, ...]] = {}
        self._total: Floats | None = None

    def add(self, world: int, tables: Mapping[str, Table]) -> None:
        """Add what one world brought, the same tables every time."""
        self._shapes = {name: table.shape[:-1] for name, table in tables.items()}
        n = self._of_household.shape[1]
        flat = np.concatenate([table.reshape(-1, n) for table in tables.values()])
        # One product a world: many small ones would leave the processor's cores waiting for each other.
        summed = self._of_household @ flat.T
        weighted = summed * self._of_world[:, world, None].astype(np.float64)
        self._total = weighted if self._total is None else self._total + weighted

    def totals(self, name: str) -> Floats:
        """Return the sum of a table and its draws."""
        if self._total is None:
            raise ValueError("add a world first")
        ends = np.cumsum([math.prod(shape) for shape in self._shapes.values()])
        place = list(self._shapes).index(name)
        part = np.split(self._total, ends[:-1], axis=1)[place]
        return part.reshape(-1, *self._shapes[name])


def estimate(part: Floats, whole: Floats | float = 1.0) -> Estimate | None:
    """Return `part / whole`, both of shape (1 + draws,), with its interval; None of nothing."""
    whole = np.broadcast_to(np.asarray(whole, dtype=np.float64), part.shape)
    if whole[0] <= 0:
        return None
    known = whole > 0
    ratio = part[known] / whole[known]
    low, high = np.quantile(ratio[1:] if len(ratio) > 1 else ratio, _ENDS)
    return Estimate(*(round(float(value), 6) for value in (ratio[0], low, high)))


_ENDS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)


def _weights(n: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return how often each of `n` counts: once, and then as often as each draw has it."""
    drawn = rng.multinomial(n, np.full(n, 1 / n), size=N_DRAWS)
    return np.vstack([np.ones((1, n)), drawn]).astype(np.float32)
