"""Plans a week: boxes for all due households from stock they share.

Each box is best for its household at the going price of every lot. The prices are learned first: a lot that
boxes would take beyond its stock gets dearer, so it goes where it is worth most and not to whoever comes first. Then
boxes are filled in a seeded order against the stock that is really there, and sweeps refill one box at a time from
what is left. Pure, silent and deterministic for a seed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ripeday.kit.errors import Invalid
from ripeday.kit.text import message
from subscriptions.planning.eating import Serving, eat_on_days
from subscriptions.planning.flower_box import FlowerMenu, arrange
from subscriptions.planning.fruit_box import FruitBox, FruitMenu, Limits, fill
from subscriptions.planning.menu import Dish, Menu, read_menu
from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import DAYS_MAX, Problem

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]

_REMEMBERED_MAX: Final = 2_000


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to look: rounds over a sample to learn prices, and sweeps of improvement at the end."""

    price_rounds: int = 5
    price_sample: int = 300
    sweeps: int = 3

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if not 0 <= value <= 1_000_000:
                raise Invalid(
                    each.name,
                    message("{name} is {value}; it cannot be that.", name=each.name, value=value),
                )


@dataclass(slots=True)
class _Household:
    """One household's menus and the box it has for now."""

    menu: Menu
    fruit: FruitMenu
    flowers: FlowerMenu
    fruit_units: list[int]
    flower_units: list[int]

    def used(self, n_lots: int) -> Ints:
        """Count the units of each lot in the box; shape (L,)."""
        total = np.zeros(n_lots, dtype=np.int64)
        np.add.at(total, self.fruit.lot, np.array(self.fruit_units, dtype=np.int64))
        np.add.at(total, self.flowers.lot, np.array(self.flower_units, dtype=np.int64))
        return total


def plan(
    problem: Problem,
    *,
    seed: int,
    progress: Progress | None = None,
    stock: NDArray[np.integer] | None = None,
    warm: Plan | None = None,
    effort: Effort = Effort(),  # noqa: B008 - frozen
) -> Plan:
    """Choose boxes and eating days that cost least by the objective of the format.

    Parameters
    ----------
    problem
        The week.
    seed
        Decides the order in which households are served, and nothing else.
    progress
        Told how many boxes of how many have been filled; may be called often.
    stock : shape (n_lots,)
        Units left where other boxes already hold some; `problem.lot_stock` when absent.
    warm
        A plan of the same households to start from; its boxes are kept where nothing better is found.
    effort
        How long to look.

    Raises
    ------
    Invalid
        `stock` or `warm` do not belong to this problem.
    """
    left = _stock_view(problem, stock)
    week = _Week(problem, left, np.random.default_rng(seed), _Told(progress))
    if warm is not None:
        week.take_over(warm)
    week.solve(effort)
    return week.written()


@dataclass(slots=True)
class _Told:
    """Counts filled boxes for a listener."""

    listener: Progress | None
    done: int = 0
    total: int = 0

    def expect(self, boxes: int) -> None:
        self.total += boxes

    def one(self) -> None:
        self.done += 1
        if self.listener is not None:
            self.listener(self.done, self.total)


def _stock_view(problem: Problem, stock: NDArray[np.integer] | None) -> Ints:
    if stock is None:
        return problem.lot_stock.astype(np.int64)
    if stock.shape != (problem.n_lots,) or (stock < 0).any():
        raise Invalid("stock", message("The stock does not belong to these lots."))
    return stock.astype(np.int64)


@dataclass(slots=True)
class _Week:
    """The state of one run: whose box holds what, and what is left of each lot."""

    problem: Problem
    left: Ints
    rng: np.random.Generator
    told: _Told
    warm: bool = False
    homes: list[_Household] = field(init=False)
    prices: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.homes = [_household(self.problem, n) for n in range(self.problem.n_subscribers)]
        self.prices = np.zeros(self.problem.n_lots)

    def solve(self, effort: Effort) -> None:
        """Fill all boxes and keep them within stock."""
        n = len(self.homes)
        if n == 0:
            return
        self.told.expect(n * (1 + effort.sweeps))
        if n > 1 and not self.warm:
            self._learn_prices(effort)
        self._hand_out()
        for k in range(effort.sweeps):
            last = k == effort.sweeps - 1
            self._sweep(np.zeros_like(self.prices) if last else self.prices, thorough=True)

    def _learn_prices(self, effort: Effort) -> None:
        """Raise the price of a lot while boxes take it faster than it would last, and lower it while slower."""
        n = len(self.homes)
        sample = np.sort(self.rng.permutation(n)[: effort.price_sample])
        stock = self.left * (len(sample) / n)
        self.told.expect(len(sample) * effort.price_rounds)
        scale = 100.0 * self.problem.lot_cost
        averaged = np.zeros_like(self.prices)
        for k in range(effort.price_rounds):
            step = KAPPA[min(k, len(KAPPA) - 1)] * scale / np.maximum(stock, 1.0)
            total = np.zeros_like(self.prices)
            for home in self.rng.permutation(sample).tolist():
                taken = self._fill(self.homes[home], self.left, self.prices, thorough=False)
                self.prices = np.maximum(self.prices + step * (taken - stock / len(sample)), 0.0)
                total += self.prices
                self.told.one()
            averaged = total / len(sample)
            if not self.prices.any():
                return
        self.prices = averaged

    def _hand_out(self) -> None:
        """Fill every box once against the stock that is there, prices following what is left."""
        n = len(self.homes)
        scale = 100.0 * self.problem.lot_cost
        step = KAPPA_OUT * scale / np.maximum(self.left, 1.0)
        prices = self.prices.copy()
        left = self.left.copy()
        for k, home in enumerate(self.rng.permutation(n).tolist()):
            rate = left / (n - k)
            taken = self._fill(self.homes[home], left, prices, thorough=True)
            left -= taken
            if n > 1:
                prices = np.maximum(prices + step * (taken - rate), 0.0)
            self.told.one()
        self.left = left

    def _sweep(self, prices: Floats, *, thorough: bool) -> None:
        """Take back one box at a time and fill it again from what is left, where that is better."""
        for n in self.rng.permutation(len(self.homes)).tolist():
            home = self.homes[n]
            left = self.left + home.used(len(self.left))
            taken = self._fill(home, left, prices, thorough=thorough)
            self.left = left - taken
            self.told.one()

    def _fill(self, home, left, prices, *, thorough):
        whole = np.rint(prices).astype(np.int64)
        menu = home.menu
        limits = Limits(left, whole, menu.budget_minor, menu.grams_max)
        home.flower_units = arrange(home.flowers, limits, home.flower_units)
        if home.flowers.n:
            u = np.array(home.flower_units)
            spent = int(home.flowers.limited[-2] @ u); g = int(home.flowers.limited[-1] @ u)
            limits = Limits(left, whole, menu.budget_minor - spent, menu.grams_max - g)
        home.fruit_units = fill(home.fruit, limits, home.fruit_units, thorough=thorough).units
        return home.used(len(left))

    def written(self) -> Plan:
        lots, modes, units, eats, ptr = [], [], [], [], [0]
        for home in self.homes:
            lines = []
            fruit = [(d, n) for d, n in zip(home.fruit.dishes, home.fruit_units) if n]
            eat = eat_on_days([Serving(d.prod, n*d.portions, d.days) for d, n in fruit], portions_a_day=home.menu.portions_a_day, same_a_day=home.menu.same_a_day)
            assert sum(map(sum, eat)) == FruitBox(home.fruit, Limits(self.left*0, self.left*0, 0, 0), home.fruit_units).eaten
            lines = [(d.lot, d.mode, n, e) for (d, n), e in zip(fruit, eat)] + [(d.lot, d.mode, n, [0]*14) for d, n in zip(home.flowers.dishes, home.flower_units) if n]
            lines.sort()
            for l, m, n, e in lines:
                lots.append(l); modes.append(m); units.append(n); eats.append(e)
            ptr.append(len(lots))
        return Plan(np.array(ptr), np.array(lots,dtype=np.int64), np.array(modes,dtype=np.int64), np.array(units,dtype=np.int64), np.array(eats,dtype=np.int64).reshape(-1, 14))


KAPPA = [4.0, 2.0, 1.0, 0.5, 0.5]
KAPPA_OUT = 0.5

def _household(problem: Problem, n: int) -> _Household:
    menu = read_menu(problem, n)
    f, fl = FruitMenu(menu, problem.weights), FlowerMenu(menu, problem.weights)
    return _Household(menu, f, fl, [0]*f.n, [0]*fl.n)
