"""The fruit of one box at given stock prices: what it holds, and what a unit more or less would do."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.appetite import Appetite, Cut
from subscriptions.planning.menu import Menu
from subscriptions.planning.problem import PlanWeights

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a box may still take: units of each lot, money and weight; and the price of each lot's stock."""

    left: Ints
    prices: Ints
    budget_minor: int
    grams_max: int


class FruitMenu:
    """The parts of the fruit problem of one household that no price changes."""

    def __init__(self, menu: Menu, weights: PlanWeights) -> None:
        dishes = menu.fruit
        self.dishes = dishes
        self.n = len(dishes)
        prods = sorted({dish.prod for dish in dishes})
        local = {prod: k for k, prod in enumerate(prods)}
        self.prod = np.array([local[dish.prod] for dish in dishes], dtype=np.int64)
        self.of_prod = [[i for i in range(self.n) if self.prod[i] == k] for k in range(len(prods))]
        self.lot = np.array([dish.lot for dish in dishes], dtype=np.int64)
        self.portions = np.array([dish.portions for dish in dishes], dtype=np.int64)
        self.cost = np.array([dish.cost for dish in dishes], dtype=np.int64)
        self.cost_minor = np.array([dish.cost_minor for dish in dishes], dtype=np.int64)
        self.grams = np.array([dish.grams for dish in dishes], dtype=np.int64)
        self.units_max = menu.units_max
        self.distinct_wished = menu.distinct_wished
        self.per_eaten = 100 * (weights.uncovered_portion + weights.waste_portion)
        self.per_missing = 100 * weights.missing_product
        self.portions_wanted = menu.portions_a_day * menu.horizon
        self.per_uncovered = 100 * weights.uncovered_portion
        self.appetite = Appetite(
            [dish.days for dish in dishes],
            horizon=menu.horizon,
            portions_a_day=menu.portions_a_day,
            same_a_day=menu.same_a_day,
        )
        self._tables: list[dict[tuple[int, ...], Cut]] = [{} for _ in prods]

    def supply(self, prod: int, units: tuple[int, ...]) -> Cut:
        """Return the cut table of one produce holding `units` of each of its dishes."""
        table = self._tables[prod].get(units)
        if table is None:
            portions = [
                (i, n * self.dishes[i].portions)
                for i, n in zip(self.of_prod[prod], units, strict=True)
            ]
            table = self._tables[prod][units] = self.appetite.supply(portions)
        return table


@dataclass(slots=True)
class FruitBox:
    """A box being filled; `units[i]` counts dish `i` of the menu."""

    menu: FruitMenu
    limits: Limits
    units: list[int]
    cost: Ints = field(init=False)
    cut: Cut = field(init=False)
    eaten: int = field(init=False)
    more: Cut = field(init=False)
    less: Cut = field(init=False)
    of_prod: list[int] = field(init=False)
    supplied: list[Cut] = field(init=False)
    stale: set[int] = field(init=False)
    room: Ints = field(init=False)

    def __post_init__(self) -> None:
        menu = self.menu
        self.cost = menu.cost + self.limits.prices[menu.lot]
        self.of_prod = [sum(self.units[i] for i in each) for each in menu.of_prod]
        self.supplied = [self.supply_of(k) for k in range(len(menu.of_prod))]
        self.cut = menu.appetite.outside + sum(self.supplied, menu.appetite.dtype.type(0))
        self.eaten = int(self.cut.min())
        self.more = np.zeros((menu.n, len(self.cut)), dtype=self.cut.dtype)
        self.less = np.zeros_like(self.more)
        self.stale = set(range(len(menu.of_prod)))
        for prod in self.stale:
            self._tabulate_less(prod)

    def supply_of(self, prod: int) -> Cut:
        """Return the cut table of one produce as the box stands."""
        return self.menu.supply(prod, tuple(self.units[i] for i in self.menu.of_prod[prod]))

    def _tabulate_less(self, prod: int) -> None:
        """Note what one unit less of each dish of one produce takes from every cut."""
        now = self.supplied[prod]
        for i in self.menu.of_prod[prod]:
            if self.units[i]:
                self.units[i] -= 1
                np.subtract(self.supply_of(prod), now, out=self.less[i])
                self.units[i] += 1

    def tabulate_more(self) -> None:
        """Note what one unit more of each dish adds to every cut, where that has changed."""
        for prod in self.stale:
            now = self.supplied[prod]
            for i in self.menu.of_prod[prod]:
                self.units[i] += 1
                np.subtract(self.supply_of(prod), now, out=self.more[i])
                self.units[i] -= 1
        self.stale.clear()
        self.room = (self.cut + self.more).min(axis=1).astype(np.int64) - self.eaten

    def change(self, steps: Sequence[tuple[int, int]]) -> None:
        """Add (dish, units) to the box; units may be negative."""
        touched = set()
        for i, n in steps:
            prod = int(self.menu.prod[i])
            self.units[i] += n
            self.of_prod[prod] += n
            touched.add(prod)
        for prod in touched:
            supplied = self.supply_of(prod)
            self.cut = self.cut + (supplied - self.supplied[prod])
            self.supplied[prod] = supplied
            self._tabulate_less(prod)
            self.stale.add(prod)
        self.eaten = int(self.cut.min())

    def value(self) -> int:
        """Price the box: goods, stock, waste, uncovered portions and missing variety. [1/100 minor]"""
        menu = self.menu
        distinct = sum(1 for n in self.of_prod if n)
        return (
            int(np.array(self.units, dtype=np.int64) @ self.cost)
            - menu.per_eaten * self.eaten
            + menu.per_uncovered * menu.portions_wanted
            + menu.per_missing * max(0, menu.distinct_wished - distinct)
        )

    def fits(self) -> bool:
        """Tell whether every limit holds."""
        menu, units = self.menu, np.array(self.units, dtype=np.int64)
        used = np.bincount(menu.lot, weights=units, minlength=len(self.limits.left))
        return bool(
            (used <= self.limits.left).all()
            and max(self.of_prod, default=0) <= menu.units_max
            and units @ menu.cost_minor <= self.limits.budget_minor
            and units @ menu.grams <= self.limits.grams_max
        )
