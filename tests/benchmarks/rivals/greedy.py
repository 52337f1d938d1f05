"""First come, first served: each household in turn gets the best box a simple greedy finds in what is left.

What box schemes with a choice of produce do today: whoever subscribed first is served first.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import DAYS_MAX, FLOWER, Problem
from tests.benchmarks.rivals.eating import plan_of_units
from tests.benchmarks.rivals.household import Item, items_of
from tests.benchmarks.rivals.instance import refuse_extras

Ints = NDArray[np.int64]
Line = tuple[int, int, int]
"""Lot, way of keeping, units."""
BULK = 0.9
"""0 takes the unit that gains most, 1 the one that gains most per portion eaten; 0.9 did best of
nine values on the instance of 500 households, by which only the rival gains."""


def first_come_first_served(problem: Problem) -> Plan:
    """Serve households in the order of the file.

    Raises
    ------
    ValueError
        The instance says more than the plain format.
    """
    refuse_extras(problem)
    left = problem.lot_stock.astype(np.int64)
    lines: list[tuple[int, int, int, int]] = []
    for n in range(problem.n_subscribers):
        for lot, mode, units in greedy_box(problem, n, left):
            left[lot] -= units
            lines.append((n, lot, mode, units))
    return plan_of_units(problem, *np.array(lines, dtype=np.int64).reshape(-1, 4).T)


def greedy_box(problem: Problem, n: int, left: Ints) -> list[Line]:
    """Fill one box unit by unit, each time with what lowers the objective most for each day's need it meets.

    Portions go to the days in their window that fewest lots could serve, and stay there.
    """
    fruit, flowers = items_of(problem, n)
    items = [item for item in (*fruit, *flowers) if left[item.lot] > 0]
    if not items:
        return []
    box = _Box(problem, n, items, left)
    while (best := box.best()) >= 0:
        box.add(best)
    return [
        (item.lot, item.mode, units)
        for item, units in zip(items, box.units.tolist(), strict=True)
        if units
    ]


@dataclass(slots=True, init=False)
class _Box:
    """A box while it fills; arrays by item, by product or by day."""

    items: list[Item]
    units: Ints
    lot: Ints
    prod: Ints
    cost: Ints
    grams: Ints
    portions: Ints
    price: Ints
    is_flower: NDArray[np.bool_]
    inside: NDArray[np.bool_]
    most: Ints
    stock: Ints
    prod_units: Ints
    u_max: int
    money: int
    weight: int
    wished: int
    room: Ints
    prod_room: Ints
    stems: Ints
    rarest: Ints
    per_portion: int
    per_waste: int
    per_stem: int
    per_product: int

    def __init__(self, problem: Problem, n: int, items: list[Item], left: Ints) -> None:
        weights, days, horizon = problem.weights, np.arange(DAYS_MAX), int(problem.horizon[n])
        self.items = items
        prods, self.prod = np.unique([item.prod for item in items], return_inverse=True)
        self.lot = np.array([item.lot for item in items])
        self.cost = problem.lot_cost[self.lot].astype(np.int64)
        self.grams = problem.lot_grams[self.lot].astype(np.int64)
        self.portions = np.array([item.portions for item in items])
        self.price = np.array([item.price for item in items])
        self.most = np.array([item.most for item in items])
        self.is_flower = problem.prod_kind[[item.prod for item in items]] == FLOWER
        first = np.array([item.first for item in items])[:, None]
        last = np.array([item.last for item in items])[:, None]
        self.inside = (first <= days) & (days <= last)
        self.stock = left.copy()
        self.units = np.zeros(len(items), dtype=np.int64)
        self.prod_units = np.zeros(len(prods), dtype=np.int64)
        self.u_max, self.money = int(problem.u_max[n]), int(problem.budget[n])
        self.weight, self.wished = int(problem.grams_max[n]), int(problem.min_dist[n])
        self.room = np.where(days < horizon, int(problem.n_por[n]), 0)
        self.prod_room = np.full((len(prods), DAYS_MAX), int(problem.c_day[n]))
        self.stems = np.where(days < horizon, int(problem.k_stem[n]), 0)
        self.rarest = np.argsort(self.inside[~self.is_flower].sum(axis=0), kind="stable")
        self.per_portion = 100 * weights.uncovered_portion
        self.per_waste = 100 * weights.waste_portion
        self.per_stem = 100 * weights.uncovered_stem_day
        self.per_product = 100 * weights.missing_product

    def best(self) -> int:
        """Return the item whose next unit gains most for the need it meets; -1 if none gains."""
        fits = (
            (self.stock[self.lot] > 0)
            & (self.units < self.most)
            & (self.prod_units[self.prod] < self.u_max)
            & (self.cost <= self.money)
            & (self.grams <= self.weight)
        )
        free = np.minimum(self.room, self.prod_room[self.prod]) * self.inside
        eaten = np.minimum(free.sum(axis=1), self.portions)
        shown = np.minimum(self.stems * self.inside, self.portions[:, None]).sum(axis=1)
        is_new = (self.prod_units[self.prod] == 0) & (self.wished > 0)
        fruit_worth = (
            (self.per_portion + self.per_waste) * eaten
            - self.per_waste * self.portions
            + self.per_product * is_new
        )
        worth = np.where(self.is_flower, self.per_stem * shown, fruit_worth) - self.price
        need = np.where(self.is_flower, self.per_stem * shown / max(self.per_portion, 1), eaten)
        rate = np.where(fits & (worth > 0), worth / np.maximum(need, 0.5) ** BULK, -1.0)
        at = int(np.argmax(rate))
        return at if rate[at] > 0 else -1

    def add(self, at: int) -> None:
        """Put one unit of an item into the box and settle its days."""
        prod, left = self.prod[at], int(self.portions[at])
        self.wished -= int(not self.is_flower[at] and self.prod_units[prod] == 0)
        self.units[at] += 1
        self.prod_units[prod] += 1
        self.stock[self.lot[at]] -= 1
        self.money -= int(self.cost[at])
        self.weight -= int(self.grams[at])
        if self.is_flower[at]:
            self.stems = np.where(self.inside[at], np.maximum(self.stems - left, 0), self.stems)
            return
        for t in self.rarest[self.inside[at][self.rarest]].tolist():
            eaten = min(left, int(self.room[t]), int(self.prod_room[prod, t]))
            self.room[t] -= eaten
            self.prod_room[prod, t] -= eaten
            left -= eaten
