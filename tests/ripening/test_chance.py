"""The integrals behind every curve, and the laws they keep."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ripening.chance
from ripening.chance import MEALS_DAYS, Maturity, edible_share
from ripening.course import Course, steady
from ripening.cover import Holding, cover_chance, shared_chance
from ripening.home import Home, Way
from ripening.lot_state import LotState
from ripening.produce import load_profiles, sellable_keys
from ripening.window import chance_of, handling_of, maturity_of

PROFILES = load_profiles()
MONDAY = dt.date(2026, 11, 23)
HOMES = [Home(room_c, has_fridge) for room_c in (16, 20, 24, 28) for has_fridge in (False, True)]
WAYS = [
    Way("counter"),
    Way("fridge"),
    *(Way("counter_then_fridge", day) for day in (None, 2, 4)),
    *(Way("fridge_then_counter", day) for day in (2, 3, 5)),
]

times = st.floats(0.5, 12.0)
spreads = st.floats(0.05, 0.4)


def one(mean: float, sigma: float, keep: float, keep_sigma: float, age: float = 0.0) -> Maturity:
    return Maturity(*(np.array([value]) for value in (age, mean, sigma, keep, keep_sigma)))


def chances(maturity: Maturity, course: Course, days: int = 40) -> np.ndarray:
    rows = Course(course.starts[None], course.ripen[None], course.keep[None])
    got: np.ndarray = edible_share(maturity, rows, days=days)[0]
    return got


def test_the_error_against_a_fine_grid_stays_below_half_a_percent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All crops at four ages in eight homes kept in eight ways, against 150 nodes over 12 deviations."""
    lots = [
        LotState(key, age, MONDAY, 14.0, True)
        for key in sellable_keys()
        for age in (-1.0, 0.0, 2.0, 5.0)
    ]
    values = {"profiles": PROFILES, "delivery_on": MONDAY}
    handling = handling_of(lots, days=21, homes=HOMES, ways=WAYS, **values)  # type: ignore[arg-type]
    maturity = maturity_of(lots, **values)  # type: ignore[arg-type]
    quick = chance_of(maturity, handling, days=21)
    nodes, weights = np.polynomial.legendre.leggauss(150)
    monkeypatch.setattr(ripening.chance, "_NODES", nodes)
    monkeypatch.setattr(ripening.chance, "_WEIGHTS", weights)
    monkeypatch.setattr(ripening.chance, "N_NODES", 150)
    monkeypatch.setattr(ripening.chance, "REACH", 6.0)
    assert np.abs(quick - chance_of(maturity, handling, days=21)).max() < 0.005


@given(ready=times, keep=times, age=st.floats(-3.0, 3.0), warmth=st.floats(0.3, 3.0))
def test_without_spread_it_is_certain_inside_the_window_and_impossible_outside(
    ready: float, keep: float, age: float, warmth: float
) -> None:
    got = chances(one(ready, 0.0, keep, 0.0, age), steady(warmth, warmth))
    first, last = max(ready - age, 0.0) / warmth, (ready + keep - age) / warmth
    day = np.arange(40.0)
    morning, evening = np.maximum(day - MEALS_DAYS, 0.0), day + MEALS_DAYS
    clear = np.minimum(np.abs(evening - first), np.abs(morning - last)) > 1e-6
    expected = ((evening >= first) & (morning <= last)).astype(float)
    assert (got[clear] == expected[clear]).all()


@given(ready=times, keep=st.floats(3.0, 12.0), narrow=spreads, wider=st.floats(1.0, 3.0))
def test_the_middle_of_the_window_is_never_surer_with_more_spread(
    ready: float, keep: float, narrow: float, wider: float
) -> None:
    middle = round(ready + keep / 2)

    def at_middle(cv: float) -> float:
        got = chances(one(ready, cv * ready, keep, cv * keep), steady(1.0, 1.0))
        return float(got[middle])

    assert at_middle(narrow * wider) <= at_middle(narrow) + 5e-3


@given(ready=times, keep=times, cv=spreads, factor=st.floats(0.25, 4.0))
def test_the_unit_of_biological_time_changes_nothing(
    ready: float, keep: float, cv: float, factor: float
) -> None:
    plain = chances(one(ready, cv * ready, keep, cv * keep), steady(1.0, 1.0))
    other = one(*(factor * each for each in (ready, cv * ready, keep, cv * keep)))
    assert np.abs(chances(other, steady(factor, factor)) - plain).max() < 1e-9


@given(ready=times, keep=times, cv=spreads, change=st.floats(0.0, 10.0))
def test_moving_to_a_place_that_is_no_different_changes_nothing(
    ready: float, keep: float, cv: float, change: float
) -> None:
    maturity = one(ready, cv * ready, keep, cv * keep)
    moved = Course(np.array([0.0, change]), np.array([1.0, 1.0]), np.array([0.7, 0.7]))
    stayed = chances(maturity, steady(1.0, 0.7))
    assert np.abs(chances(maturity, moved) - stayed).max() < 5e-3


@pytest.mark.parametrize("key", ["avocado_hass", "kiwifruit_green", "mango", "pear_european"])
def test_two_fruits_of_a_lot_are_good_or_bad_together(key: str) -> None:
    """P(both edible) is more than the product of the two, on every day that is not certain."""
    lots = [LotState(key, 0.0, MONDAY, 14.0, True)]
    shared, weights = shared_chance(lots, profiles=PROFILES, delivery_on=MONDAY)
    holding = [Holding(0, 0, 2)]
    both = cover_chance(shared, weights, holding, home=2, needed=2)
    either = cover_chance(shared, weights, holding, home=2, needed=1)
    single = (both + either) / 2
    unsure = (single > 0.05) & (single < 0.95)
    assert unsure.any()
    assert (both[unsure] > single[unsure] ** 2 + 1e-4).all()


def test_what_reports_have_taught_narrows_the_curve() -> None:
    plain = LotState("avocado_hass", 0.0, MONDAY, 14.0, True)
    known = LotState("avocado_hass", 0.0, MONDAY, 14.0, True, shift_days=0.0, shift_sigma=0.05)
    got = maturity_of([plain, known], profiles=PROFILES, delivery_on=MONDAY)
    assert got.ready_sigma[1] < got.ready_sigma[0]
    assert got.ready_mean[1] == got.ready_mean[0]


@pytest.mark.parametrize("key", ["apple_fuji", "strawberry", "gerbera"])
@pytest.mark.parametrize("shift", [-2.0, -0.5, 0.0, 0.4])
def test_what_comes_ready_is_ready_however_far_reports_move_it(key: str, shift: float) -> None:
    """Behind its grade it keeps longer, ahead of it less long; it never has to ripen."""
    lots = [
        LotState(key, 0.0, MONDAY, 2.0, True),
        LotState(key, 0.0, MONDAY, 2.0, True, shift_days=shift, shift_sigma=0.2),
    ]
    values = {"profiles": PROFILES, "delivery_on": MONDAY}
    handling = handling_of(lots, days=60, **values)  # type: ignore[arg-type]
    chance = chance_of(maturity_of(lots, **values), handling, days=60)  # type: ignore[arg-type]
    assert (handling.allowed[0] == handling.allowed[1]).all()
    assert chance[1, 2, 0, 0] > 0.97
    graded, moved = (float(each[2, 0].sum()) for each in chance)
    assert (moved - graded) * shift <= 0.05
