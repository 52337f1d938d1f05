"""What people do with a box: some follow its advice, others forget the fridge, eat early or late, are
away, or simply take what is ripest. How often they do is assumed.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ripening.truth import MEAL_DAYS, Lives
from subscriptions.simulation.layout import NEVER, Floats, Households, Ints, Layout, Lines, Marks

Days = NDArray[np.int8]

FORGETS_FRIDGE = 0.3
"""Chance that one who does not follow the advice leaves an item out of the fridge for good."""
EATS_EARLY, EATS_LATE = 0.2, 0.2
"""Chance that such a one eats a planned portion a day early; a day late."""
IS_AWAY = 0.1
"""Chance that such a one eats nothing of the box on a day."""
TAKES_RIPEST = 0.35
"""Share of them who ignore the plan and eat what spoils first of what is ripe."""
TOLERANCE_DAYS = 1
"""How unripe or past such a one eats a planned portion. [days] More is left, or thrown away."""

MISJUDGES_DAYS = 2
"""How far people are wrong at most about when something will spoil. [days]"""

_LAST = 120


@dataclass(frozen=True, slots=True)
class Habits:
    """What each household is like; shape (n_households,)."""

    follows: Marks
    takes_ripest: Marks


@dataclass(frozen=True, slots=True)
class Meals:
    """What was eaten.

    `opens` and `closes` are the first and the last day on which each portion is edible, `eaten_on` the day
    on which it was eaten, -1 for what was not; `n_good` the edible portions that
    each household ate on each day, and `is_home` whether it ate at all. Shapes (n_portions,) and
    (days, n_households).
    """

    opens: Days
    closes: Days
    eaten_on: Days
    n_good: Days
    is_home: Marks


def draw_habits(n: int, followers: float, rng: np.random.Generator) -> Habits:
    """Draw which households follow the advice; the others have their own ways."""
    follows = rng.random(n) < followers
    return Habits(follows, ~follows & (rng.random(n) < TAKES_RIPEST))


def advised_cold(lines: Lines, *, days: int) -> Marks:
    """Return on which days each line lies in the fridge by the advice. Shape (days, n_lines)."""
    day = np.arange(days)[:, None]
    return (day >= lines.cold_from) & (day < lines.cold_until)


def forgets_fridge(lines: Lines, habits: Habits, rng: np.random.Generator) -> Marks:
    """Draw which lines never get into the fridge. Shape (n_lines,)."""
    return ~habits.follows[lines.household] & (rng.random(len(lines.household)) < FORGETS_FRIDGE)


def eat(layout: Layout, fruit: Lives, habits: Habits, rng: np.random.Generator) -> Meals:
    """Let every household eat its box, day by day.

    Those who follow the advice eat each day what is planned for it, if it is good. For what is not they
    take something else that is good: what was left first, then what is planned for later, each time what
    they think spoils first. Days without a plan get what was left. The others do so too, when they are at
    home, but some on days of their own choice, they do not look so closely, and do not spare the morrow.
    """
    households, portions = layout.households, layout.portions
    opens, closes = (
        each[portions.fruit] for each in (first_days(fruit.ready), last_days(fruit.past))
    )
    is_home = _at_home(households, habits, rng, days=layout.days)
    act = _own_days(layout, habits, is_home, rng)
    guess = rng.integers(-MISJUDGES_DAYS, MISJUDGES_DAYS + 1, len(closes), dtype=np.int8)
    order = _soonest_spoilt_first(portions.household, closes + guess)
    slack = np.where(habits.follows, 0, TOLERANCE_DAYS).astype(np.int8)[portions.household]
    # The order keeps each household's portions together, so that names of households stay.
    table = _Table(portions.household, opens[order], closes[order], act[order], slack[order])
    n_good = np.zeros(is_home.shape, dtype=np.int8)
    n_planned = _planned(layout)
    for day in range(layout.days):
        wanted = households.wanted[day] * is_home[day]
        borrowed = np.where(habits.follows, np.minimum(n_planned[day], wanted), wanted)
        n_good[day] = table.live_through(day, wanted, borrowed)
    eaten_on = np.empty(len(order), dtype=np.int8)
    eaten_on[order] = table.eaten_on
    return Meals(opens, closes, eaten_on, n_good, is_home)


def first_days(since: Floats) -> Days:
    """Return the first day on whose evening it has happened."""
    return np.maximum(np.ceil(np.minimum(since - MEAL_DAYS, _LAST)).astype(np.int8), 0)


def last_days(until: Floats) -> Days:
    """Return the last day on whose morning it has not happened; -1 if it never was so."""
    return np.floor(np.clip(until + MEAL_DAYS, -1.0, _LAST)).astype(np.int8)


class _Table:
    """Every household's portions, those that spoil first in front; shape (n_portions,) each."""

    def __init__(self, household: Ints, opens: Days, closes: Days, act: Days, slack: Days) -> None:
        self._household = household
        self._opens, self._closes, self._act = opens, closes, act
        self._looks_ripe, self._looks_good = opens - slack, closes + slack
        self.eaten_on: Days = np.full(len(opens), -1, dtype=np.int8)

    def live_through(self, day: int, wanted: Ints, borrowed: Ints) -> Ints:
        """Eat on one day; return the edible portions that each household ate.

        `wanted` are the portions that each would eat, `borrowed` those for which it would also take what is
        planned for later.
        """
        left = self.eaten_on < 0
        good = (self._opens <= day) & (self._closes >= day) & left
        taken = (self._act == day) & left & (self._looks_ripe <= day) & (self._looks_good >= day)
        planned = np.flatnonzero(taken)
        n_eaten = self._counted(planned, wanted)
        n_good = self._counted(planned[good[planned]], wanted)
        self.eaten_on[planned] = day
        short = wanted > n_eaten
        if not short.any():
            return n_good
        others = np.flatnonzero(good & ~taken)
        others = others[short[self._household[others]]]
        is_later = (self._act[others] > day) & (self._act[others] < NEVER)
        for free, most in ((others[~is_later], wanted), (others[is_later], borrowed)):
            n_taken = self._take_first(free, most - n_eaten, day)
            n_eaten, n_good = n_eaten + n_taken, n_good + n_taken
        return n_good

    def _take_first(self, free: Ints, short: Ints, day: int) -> Ints:
        """Let each household eat the first `short` of its free portions; return how many it ate."""
        free = free[short[self._household[free]] > 0]
        n_free = self._counted(free, short)
        household = self._household[free]
        rank = np.arange(len(free)) - (np.cumsum(n_free) - n_free)[household]
        self.eaten_on[free[rank < short[household]]] = day
        return np.clip(short, 0, n_free)

    def _counted(self, portions: Ints, like: Ints) -> Ints:
        return np.bincount(self._household[portions], minlength=len(like))


def _planned(layout: Layout) -> Ints:
    """Count the portions planned for each day and household."""
    portions, n = layout.portions, layout.households.n
    some = np.flatnonzero(portions.day < layout.days)
    cell = portions.day[some] * n + portions.household[some]
    return np.bincount(cell, minlength=layout.days * n).reshape(-1, n)


def _at_home(
    households: Households, habits: Habits, rng: np.random.Generator, *, days: int
) -> Marks:
    within = np.arange(days)[:, None] < households.horizon
    away = rng.random(within.shape, dtype=np.float32) < IS_AWAY
    return within & ~(away & ~habits.follows)


def _own_days(layout: Layout, habits: Habits, is_home: Marks, rng: np.random.Generator) -> Days:
    """Return the day on which each portion's household means to eat it; `NEVER` for none."""
    portions = layout.portions
    household = portions.household
    early_late = rng.random(len(household), dtype=np.float32)
    shift = (early_late > 1 - EATS_LATE).astype(np.int8) - (early_late < EATS_EARLY)
    day = np.where(habits.follows[household], portions.day, np.maximum(portions.day + shift, 0))
    within = np.minimum(day, layout.days - 1)
    can = (day < layout.days) & is_home[within, household] & ~habits.takes_ripest[household]
    return np.where(can, day, NEVER).astype(np.int8)


def _soonest_spoilt_first(household: Ints, closes: Days) -> Ints:
    """Order portions by household, last good day and place; one sort of whole numbers."""
    place = np.arange(len(household))
    key = (household << 40) | ((closes.astype(np.intp) + MISJUDGES_DAYS + 1) << 32) | place
    key.sort()
    return key & 0xFFFFFFFF
