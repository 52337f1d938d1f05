"""The flowers of one box at given stock prices: exchanges of up to two bunches, all scored at once."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.fruit_box import Limits
from subscriptions.planning.menu import Dish, Menu
from subscriptions.planning.problem import PlanWeights

Ints = NDArray[np.int64]


class FlowerMenu:
    """The parts of the flower problem of one household that no price changes."""

    def __init__(self, menu: Menu, weights: PlanWeights) -> None:
        self.dishes = _longest_display(menu.flowers)
        self.n = len(self.dishes)
        days = np.arange(menu.horizon)
        masks = np.array([dish.days for dish in self.dishes], dtype=np.int64)
        stems = np.array([dish.portions for dish in self.dishes], dtype=np.int64)
        self.lot = np.array([dish.lot for dish in self.dishes], dtype=np.int64)
        self.display = ((masks[:, None] >> days) & 1) * stems[:, None]
        self.cost = np.array([dish.cost for dish in self.dishes], dtype=np.int64)
        self.stems_a_day = menu.stems_a_day
        self.per_missing = 100 * weights.uncovered_stem_day
        one_prod = np.array([dish.prod for dish in self.dishes], dtype=np.int64)
        prods = np.unique(one_prod)
        self.limited = np.concatenate(
            [
                (one_prod == prods[:, None]).astype(np.int64),
                np.array([[dish.cost_minor for dish in self.dishes]], dtype=np.int64),
                np.array([[dish.grams for dish in self.dishes]], dtype=np.int64),
            ]
        )
        self.caps = np.full(len(prods), menu.units_max, dtype=np.int64)

    def value(self, units: Ints, prices: Ints) -> Ints:
        """Price boxes with `units` (k, n): goods, stock and missing stems; shape (k,). [1/100 minor]"""
        missing = np.maximum(self.stems_a_day - units @ self.display, 0).sum(axis=1)
        value: Ints = units @ (self.cost + prices[self.lot]) + self.per_missing * missing
        return value

    def load(self, units: Sequence[int]) -> tuple[int, int]:
        """Return cost and weight of `units`. [minor units, g]"""
        *_, cost, grams = self.limited @ np.array(units, dtype=np.int64)
        return int(cost), int(grams)


def arrange(menu: FlowerMenu, limits: Limits, start: Sequence[int]) -> list[int]:
    """Return units of each dish such that no exchange of up to two against two is better."""
    units = np.array(start, dtype=np.int64)
    if menu.n == 0:
        return []
    caps = np.concatenate([menu.caps, [limits.budget_minor, limits.grams_max]])
    left = limits.left[menu.lot]
    if (units > left).any() or (menu.limited @ units > caps).any():
        units[:] = 0
    worth = int(menu.value(units[None, :], limits.prices)[0])
    while True:
        into = _up_to_two(menu.n)
        out = into[(into <= units).all(axis=1)]
        options = (units - out[:, None, :] + into[None, :, :]).reshape(-1, menu.n)
        options = options[(options <= left).all(axis=1)]
        options = options[(options @ menu.limited.T <= caps).all(axis=1)]
        values = menu.value(options, limits.prices)
        best = int(values.argmin())
        if values[best] >= worth:
            return [int(n) for n in units]
        units, worth = options[best], int(values[best])


def _longest_display(dishes: Sequence[Dish]) -> tuple[Dish, ...]:
    """Keep one way of keeping each lot, the one that shows it longest."""
    longest: dict[int, Dish] = {}
    for dish in dishes:
        known = longest.get(dish.lot)
        if known is None or dish.days.bit_count() > known.days.bit_count():
            longest[dish.lot] = dish
    return tuple(longest.values())


@lru_cache(maxsize=64)
def _up_to_two(n: int) -> Ints:
    """List the ways to take none, one or two bunches of `n` dishes; shape (k, n)."""
    eye = np.eye(n, dtype=np.int64)
    first, second = np.triu_indices(n)
    return np.concatenate([np.zeros((1, n), dtype=np.int64), eye, eye[first] + eye[second]])
