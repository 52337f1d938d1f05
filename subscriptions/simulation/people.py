"""What people do with a box: some follow its advice, others forget the fridge, eat early or late, are
away, or simply take what is ripest. How often they do is assumed.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ripening.truth import MEAL_DAYS, Lives
from subscriptions.simulation.layout import NEVER, Households, Ints, Layout, Lines, Marks

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

    `eaten_on` is the day of each portion, -1 for what was not eaten; `n_good` the edible portions that
    each household ate on each day, and `is_home` whether it ate at all. Shapes (n_portions,) and
    (n_households, days).
    """

    eaten_on: Days
    n_good: Days
    is_home: Marks


def draw_habits(n: int, followers: float, rng: np.random.Generator) -> Habits:
    """Draw which households follow the advice; the others have their own ways."""
    follows = rng.random(n) < followers
    return Habits(follows, ~follows & (rng.random(n) < TAKES_RIPEST))


def cold_days(lines: Lines, habits: Habits, rng: np.random.Generator, *, days: int) -> Marks:
    """Return on which days each line lies in the fridge. Shape (n_lines, days)."""
    forgets = ~habits.follows[lines.household] & (rng.random(len(lines.household)) < FORGETS_FRIDGE)
    day = np.arange(days)
    cold = (day >= lines.cold_from[:, None]) & (day < lines.cold_until[:, None])
    return cold & ~forgets[:, None]


def eat(layout: Layout, lives: Lives, habits: Habits, rng: np.random.Generator) -> Meals:
    """Let every household eat its box, day by day.

    Those who follow the advice eat each day what is planned for it, if it is good; in the place of what
    is not they take, of what is good, what they think spoils first. So do the others, when they are at home, but
    some with plans of their own, and they do not look so closely.
    """
    households, portions = layout.households, layout.portions
    opens, closes = good_days(lives, portions.fruit)
    is_home = _at_home(households, habits, rng, days=layout.days)
    act = _own_days(layout, habits, is_home, rng)
    guess = rng.integers(-MISJUDGES_DAYS, MISJUDGES_DAYS + 1, len(closes), dtype=np.int8)
    order = _soonest_spoilt_first(portions.household, closes + guess)
    slack = np.where(habits.follows, 0, TOLERANCE_DAYS).astype(np.int8)[portions.household]
    table = _Table(
        opens[order],
        closes[order],
        act[order],
        slack[order],
        _ends(households.n, portions.household),
    )
    wanted = households.wanted[:, None] * is_home
    n_good = np.zeros(is_home.shape, dtype=np.int8)
    for day in range(layout.days):
        n_good[:, day] = table.live_through(day, wanted[:, day])
    eaten_on = np.empty(len(order), dtype=np.int8)
    eaten_on[order] = table.eaten_on
    return Meals(eaten_on, n_good, is_home)


def good_days(lives: Lives, fruit: Ints) -> tuple[Days, Days]:
    """Return the first and the last day on which each portion is edible; first > last if none is."""
    opens = np.ceil(np.minimum(lives.ready - MEAL_DAYS, _LAST)).astype(np.int8)
    closes = np.floor(np.minimum(lives.past + MEAL_DAYS, _LAST)).astype(np.int8)
    return np.maximum(opens, 0)[fruit], closes[fruit]


class _Table:
    """Every household's portions, those that spoil first in front; shape (n_portions,) each."""

    def __init__(self, opens: Days, closes: Days, act: Days, slack: Days, ends: Ints) -> None:
        self._opens, self._closes, self._act = opens, closes, act
        self._looks_ripe, self._looks_good = opens - slack, closes + slack
        self._ends = ends
        self._size = np.diff(ends, prepend=0)
        self.eaten_on: Days = np.full(len(opens), -1, dtype=np.int8)

    def live_through(self, day: int, wanted: Ints) -> Ints:
        """Eat on one day; return the edible portions that each household ate."""
        left = self.eaten_on < 0
        good = (self._opens <= day) & (self._closes >= day) & left
        taken = (self._act == day) & left & (self._looks_ripe <= day) & (self._looks_good >= day)
        n_taken, _ = self._counted(taken)
        n_good, _ = self._counted(taken & good)
        short = wanted - n_taken
        if (short > 0).any():
            free = good & ~taken
            n_free, running = self._counted(free)
            # The first `short` of each household's free portions.
            before = running[self._ends - 1] - n_free if len(running) else n_free
            limit = np.repeat(before + np.maximum(short, 0), self._size)
            taken |= free & (running <= limit)
            n_good = n_good + np.minimum(np.maximum(short, 0), n_free)
        self.eaten_on[taken] = day
        return n_good

    def _counted(self, marks: Marks) -> tuple[Ints, NDArray[np.int32]]:
        """Return the marks of each household, and their running total over all portions."""
        running = np.cumsum(marks, dtype=np.int32)
        padded = np.concatenate([np.zeros(1, dtype=np.int32), running])
        return np.diff(padded[self._ends], prepend=0).astype(np.intp), running


def _at_home(
    households: Households, habits: Habits, rng: np.random.Generator, *, days: int
) -> Marks:
    within = np.arange(days) < households.horizon[:, None]
    away = rng.random(within.shape) < IS_AWAY
    return within & ~(away & ~habits.follows[:, None])


def _own_days(layout: Layout, habits: Habits, is_home: Marks, rng: np.random.Generator) -> Days:
    """Return the day on which each portion's household means to eat it; `NEVER` for none."""
    portions = layout.portions
    household = portions.household
    early_late = rng.random(len(household))
    shift = (early_late > 1 - EATS_LATE).astype(np.int8) - (early_late < EATS_EARLY)
    day = np.where(habits.follows[household], portions.day, np.maximum(portions.day + shift, 0))
    within = np.minimum(day, layout.days - 1)
    can = (day < layout.days) & is_home[household, within] & ~habits.takes_ripest[household]
    return np.where(can, day, NEVER).astype(np.int8)


def _soonest_spoilt_first(household: Ints, closes: Days) -> Ints:
    """Order portions by household, last good day and place; one sort of whole numbers."""
    place = np.arange(len(household))
    key = (household << 40) | ((closes.astype(np.intp) + MISJUDGES_DAYS + 1) << 32) | place
    key.sort()
    return key & 0xFFFFFFFF


def _ends(n: int, household: Ints) -> Ints:
    """Return where each household's portions end."""
    return np.searchsorted(household, np.arange(n), side="right")
