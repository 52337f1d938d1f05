"""What people do with a box."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ripening.produce import load_profiles
from subscriptions.simulation.audit import Setting, draw_scene, grow
from subscriptions.simulation.layout import Layout, lay_out
from subscriptions.simulation.people import (
    Habits,
    Meals,
    advised_cold,
    draw_habits,
    eat,
    forgets_fridge,
)
from tests.subscriptions.simulation.plans import make_plan

PLAN = make_plan(boxes=20)
LAYOUT = lay_out([PLAN], profiles=load_profiles(), rng=np.random.default_rng(0))
N = LAYOUT.households.n
ADVISED = Habits(np.ones(N, dtype=bool), np.zeros(N, dtype=bool))
RIPEST = Habits(np.zeros(N, dtype=bool), np.ones(N, dtype=bool))


def lived(seed: int, habits: Habits | None = None, misfit: str = "harsh") -> tuple[Meals, Habits]:
    rng = np.random.default_rng(seed)
    scene = draw_scene(LAYOUT, Setting(misfit), rng)
    fruit, _ = grow(LAYOUT, scene, rng).split(len(LAYOUT.fruit_line))
    habits = habits or scene.habits
    return eat(LAYOUT, fruit, habits, rng), habits


def eaten(meals: Meals, day: int, layout: Layout = LAYOUT) -> np.ndarray:
    household = layout.portions.household[meals.eaten_on == day]
    return np.bincount(household, minlength=layout.households.n)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["none", "usual", "harsh"]))
def test_nobody_eats_more_than_they_want_or_after_the_next_box(seed: int, misfit: str) -> None:
    meals, _ = lived(seed, misfit=misfit)
    for day in range(LAYOUT.days):
        planned = np.bincount(
            LAYOUT.portions.household[np.abs(LAYOUT.portions.day - day) <= 1], minlength=N
        )
        most = np.maximum(LAYOUT.households.wanted, planned)
        assert (eaten(meals, day) <= most * meals.is_home[day]).all()
    assert (meals.eaten_on < LAYOUT.households.horizon[LAYOUT.portions.household]).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_who_follows_the_advice_eats_nothing_unripe_or_past(seed: int) -> None:
    meals, _ = lived(seed, ADVISED)
    had = meals.eaten_on >= 0
    assert (meals.opens[had] <= meals.eaten_on[had]).all()
    assert (meals.eaten_on[had] <= meals.closes[had]).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_good_portions_are_counted_as_they_are_eaten(seed: int) -> None:
    meals, _ = lived(seed)
    good = (meals.opens <= meals.eaten_on) & (meals.eaten_on <= meals.closes)
    for day in range(LAYOUT.days):
        on_day = LAYOUT.portions.household[(meals.eaten_on == day) & good]
        assert (np.bincount(on_day, minlength=N) == meals.n_good[day]).all()


def test_planned_portions_are_eaten_on_their_day_when_they_are_good() -> None:
    meals, _ = lived(3, ADVISED, misfit="none")
    day = LAYOUT.portions.day
    good = (meals.opens <= day) & (day <= meals.closes) & (day < LAYOUT.days)
    early = (meals.eaten_on >= 0) & (meals.eaten_on < day)
    assert (meals.eaten_on[good & ~early] == day[good & ~early]).all()
    assert (good & ~early).sum() > 100


def test_who_takes_the_ripest_leaves_the_plan_alone() -> None:
    meals, _ = lived(3, RIPEST)
    planned = LAYOUT.portions.day < LAYOUT.days
    assert (meals.eaten_on[planned] != LAYOUT.portions.day[planned]).any()
    for day in range(LAYOUT.days):
        assert (eaten(meals, day) <= LAYOUT.households.wanted).all()


def test_some_are_away_and_only_those_with_ways_of_their_own() -> None:
    meals, habits = lived(1)
    within = np.arange(LAYOUT.days)[:, None] < LAYOUT.households.horizon
    assert meals.is_home[:, habits.follows].all() == within[:, habits.follows].all()
    assert not meals.is_home[:, ~habits.follows].all()


def test_only_those_forget_the_fridge() -> None:
    rng = np.random.default_rng(5)
    forgets = forgets_fridge(LAYOUT.lines, ADVISED, rng)
    others = forgets_fridge(LAYOUT.lines, RIPEST, rng)
    assert not forgets.any()
    assert 0.2 < others.mean() < 0.4


def test_the_advice_puts_things_into_the_fridge_and_out_of_it() -> None:
    lines = LAYOUT.lines
    cold = advised_cold(lines, days=9)
    assert cold.any()
    for line in np.flatnonzero(cold.any(axis=0)):
        days = np.flatnonzero(cold[:, line])
        assert days[0] == lines.cold_from[line]
        assert (np.diff(days) == 1).all()


def test_followers_are_as_many_as_asked_for() -> None:
    habits = draw_habits(4000, 0.7, np.random.default_rng(1))
    assert abs(habits.follows.mean() - 0.7) < 0.03
    assert not (habits.follows & habits.takes_ripest).any()
