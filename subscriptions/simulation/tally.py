"""Sums over households and worlds, and how sure they are.

Every household lives in every world. Fruit of a lot are the same for all who hold them, so neither
households nor days are independent; worlds are, as each draws all lots anew, and so are households, as
each is drawn from the plan. The bootstrap draws both again (Owen 2007, the pigeonhole bootstrap: a
household in a world weighs as often as the one was drawn times the other).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from subscriptions.simulation.layout import Floats, Ints

N_DRAWS = 400
LEVEL = 0.95

Sums = NDArray[np.float32] | Floats


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and the ends of its 95 % interval."""

    value: float
    low: float
    high: float


class Tally:
    """Collects one table per name; each row of a table belongs to one household.

    `totals` of a name are of shape (1 + draws, …): the plain sum first, then its bootstrap draws.
    """

    def __init__(self, *, households: int, worlds: int, rng: np.random.Generator) -> None:
        self._of_household = _weights(households, rng)
        self._of_world = _weights(worlds, rng)
        self._totals: dict[str, Floats] = {}

    def add(self, world: int, tables: Mapping[str, Sums]) -> None:
        """Add what one world brought; each table is of shape (n_households, …)."""
        for name, table in tables.items():
            self._add(world, name, table, self._of_household)

    def add_groups(self, world: int, name: str, table: Sums, groups: Sequence[Ints]) -> None:
        """Add a table once for each group, summed over the group's households alone."""
        for number, members in enumerate(groups):
            weights = self._of_household[:, members]
            self._add(world, f"{name}/{number}", table[members], weights)

    def totals(self, name: str) -> Floats:
        """Return the sum of a table and its draws."""
        return self._totals[name]

    def _add(self, world: int, name: str, table: Sums, weights: NDArray[np.float32]) -> None:
        flat = table.reshape(len(table), -1).astype(np.float32)
        summed = (weights @ flat).reshape(len(weights), *table.shape[1:])
        of_world = self._of_world[:, world].reshape(-1, *[1] * (table.ndim - 1))
        self._totals[name] = self._totals.get(name, 0.0) + summed.astype(np.float64) * of_world


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
