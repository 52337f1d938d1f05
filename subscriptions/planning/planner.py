"""Plans a week: boxes for all due households from stock they share.

Each box is best for its household at the going price of every lot. The prices are learned first: a lot that
boxes would take beyond its stock gets dearer, so it goes where it is worth most and not to whoever comes first. Then
boxes are filled in a seeded order against the stock that is really there, and sweeps refill one box at a time from
what is left. Pure, silent and deterministic for a seed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ripeday.kit.errors import Invalid
from ripeday.kit.text import message
from subscriptions.planning.eating import Serving, eat_on_days
from subscriptions.planning.flower_box import FlowerMenu, arrange
from subscriptions.planning.fruit_box import FruitMenu, Limits
from subscriptions.planning.fruit_search import fill
from subscriptions.planning.menu import Menu, read_menu
from subscriptions.planning.plan import Plan, plan_of
from subscriptions.planning.problem import DAYS_MAX, Problem

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]

FIRST_PACE: Final = 4.0
"""Price change in the first round if a lot is taken once over beyond its stock. [cost of a unit]"""
HAND_OUT_PACE: Final = 0.5
"""The same while the stock is handed out."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to look: rounds over a sample to learn prices, and sweeps of improvement at the end."""

    price_rounds: int = 4
    price_sample: int = 300
    sweeps: int = 3

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if not 0 <= value <= 1_000_000:
                raise Invalid(
                    each.name,
                    message(
                        "{name} is {value}; it should be between 0 and 1,000,000.",
                        name=each.name,
                        value=value,
                    ),
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
    effort: Effort = Effort(),
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
    week = _Week(problem, _stock_view(problem, stock), np.random.default_rng(seed), _Told(progress))
    if warm is None:
        week.solve(effort)
    elif warm.n_boxes == problem.n_subscribers:
        week.improve(warm, effort)
    else:
        raise Invalid("warm", message("The plan to start from has boxes of other households."))
    return week.written()


@dataclass(slots=True)
class _Told:
    """Counts filled boxes for a listener."""

    listener: Progress | None
    done: int = 0
    total: int = 0

    def one(self) -> None:
        """Count one more box."""
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
    """The state of one run: whose box holds what, what is left of each lot, and what a lot's stock is worth."""

    problem: Problem
    left: Ints
    rng: np.random.Generator
    told: _Told
    homes: list[_Household] = field(init=False)
    prices: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.homes = [_household(self.problem, n) for n in range(self.problem.n_subscribers)]
        self.prices = np.zeros(self.problem.n_lots)

    def solve(self, effort: Effort) -> None:
        """Learn prices, fill every box within stock, and improve boxes one at a time."""
        n = len(self.homes)
        sample = (
            self.rng.permutation(n)[: effort.price_sample] if n > 1 else self.rng.permutation(0)
        )
        sweeps = effort.sweeps if n > 1 else 0
        self.told.total = len(sample) * effort.price_rounds + n * (1 + sweeps)
        self._learn_prices(sample, effort.price_rounds)
        self._hand_out()
        self._improve(sweeps)

    def improve(self, start: Plan, effort: Effort) -> None:
        """Keep the boxes of an earlier plan as far as stock and limits allow, and improve them."""
        self.told.total = len(self.homes) * (1 + effort.sweeps)
        self._take_over(start)
        self._improve(effort.sweeps)

    def _learn_prices(self, sample: Ints, rounds: int) -> None:
        """Raise a lot's price while boxes take it faster than it would last, lower it while slower."""
        if not len(sample):
            return
        share = self.left * (len(sample) / len(self.homes))
        step = 100.0 * self.problem.lot_cost / np.maximum(share, 1.0)
        averaged = self.prices
        for k in range(rounds):
            pace = FIRST_PACE * step / 2**k
            total = np.zeros_like(self.prices)
            for n in self.rng.permutation(sample).tolist():
                taken = self._fill(n, self.left, self.prices)
                self.prices = np.maximum(self.prices + pace * (taken - share / len(sample)), 0.0)
                total += self.prices
            averaged = total / len(sample)
            if not averaged.any():  # there is enough of everything
                self.told.total -= len(sample) * (rounds - 1 - k)
                break
        self.prices = averaged

    def _hand_out(self) -> None:
        """Fill every box against the stock that is there, prices following what is left for the others."""
        n_homes = len(self.homes)
        step = HAND_OUT_PACE * 100.0 * self.problem.lot_cost / np.maximum(self.left, 1.0)
        prices = self.prices.copy()
        for k, n in enumerate(self.rng.permutation(n_homes).tolist()):
            due = self.left / (n_homes - k)
            taken = self._fill(n, self.left, prices)
            self.left = self.left - taken
            if n_homes > 1:
                prices = np.maximum(prices + step * (taken - due), 0.0)

    def _take_over(self, start: Plan) -> None:
        """Put the lines of a plan into the boxes, dropping what no longer fits."""
        nothing = np.zeros_like(self.prices)
        for n, home in enumerate(self.homes):
            lines = start.lines_of(n)
            units = {
                (int(start.line_lot[i]), int(start.line_mode[i])): int(start.line_units[i])
                for i in lines
            }
            home.fruit_units = [units.get((dish.lot, dish.mode), 0) for dish in home.fruit.dishes]
            home.flower_units = [
                units.get((dish.lot, dish.mode), 0) for dish in home.flowers.dishes
            ]
            held = home.used(len(self.left))
            if (held > self.left).any():
                held = self._fill(n, self.left, nothing)
            else:
                self.told.one()
            self.left = self.left - held

    def _improve(self, sweeps: int) -> None:
        """Take back one box at a time and fill it again from what is left.

        At learned prices boxes give up what others need more; the last sweep, at none, takes what nobody wanted.
        """
        nothing = np.zeros_like(self.prices)
        for k in range(sweeps):
            prices = nothing if k == sweeps - 1 else self.prices * (1.0 - k / sweeps)
            for n in self.rng.permutation(len(self.homes)).tolist():
                left = self.left + self.homes[n].used(len(self.left))
                self.left = left - self._fill(n, left, prices)

    def _fill(self, n: int, left: Ints, prices: Floats) -> Ints:
        """Choose one box anew, starting from what it holds; return the units it takes of each lot."""
        home = self.homes[n]
        whole = np.rint(prices).astype(np.int64)
        limits = Limits(left, whole, home.menu.budget_minor, home.menu.grams_max)
        home.flower_units = arrange(home.flowers, limits, home.flower_units)
        spent, grams = home.flowers.load(home.flower_units)
        rest = replace(
            limits, budget_minor=limits.budget_minor - spent, grams_max=limits.grams_max - grams
        )
        home.fruit_units = fill(home.fruit, rest, home.fruit_units)
        self.told.one()
        return home.used(len(left))

    def written(self) -> Plan:
        """Write the boxes as a plan, with the days on which each portion is eaten."""
        boxes = [_lines(home) for home in self.homes]
        lines = [line for box in boxes for line in box]
        eat = np.array([line[3] for line in lines], dtype=np.int64).reshape(-1, DAYS_MAX)
        lot, mode, units = (
            np.array([line[column] for line in lines], dtype=np.int64) for column in range(3)
        )
        return plan_of(np.cumsum([0, *map(len, boxes)]), lot, mode, units, eat)


def _household(problem: Problem, subscriber: int) -> _Household:
    menu = read_menu(problem, subscriber)
    fruit, flowers = FruitMenu(menu, problem.weights), FlowerMenu(menu, problem.weights)
    return _Household(menu, fruit, flowers, [0] * fruit.n, [0] * flowers.n)


def _lines(home: _Household) -> list[tuple[int, int, int, list[int]]]:
    """List (lot, mode, units, portions eaten by day) of one box, by lot and mode."""
    held = [(d, n) for d, n in zip(home.fruit.dishes, home.fruit_units, strict=True) if n]
    eat = eat_on_days(
        [Serving(dish.prod, n * dish.portions, dish.days) for dish, n in held],
        portions_a_day=home.menu.portions_a_day,
        same_a_day=home.menu.same_a_day,
    )
    lines = [(dish.lot, dish.mode, n, days) for (dish, n), days in zip(held, eat, strict=True)]
    for dish, n in zip(home.flowers.dishes, home.flower_units, strict=True):
        if n:
            lines.append((dish.lot, dish.mode, n, [0] * DAYS_MAX))
    return sorted(lines)
