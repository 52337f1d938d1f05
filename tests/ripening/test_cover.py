"""Fruit of one lot ripen together, so a day is covered less surely than independent fruit would cover it."""

import datetime as dt

import numpy as np
import pytest

from ripening.cover import Holding, cover_chance, shared_chance
from ripening.lot_state import LotState
from ripening.produce import load_profiles, sellable_keys
from ripening.window import edible_chance

PROFILES = load_profiles()
MONDAY = dt.date(2026, 11, 23)
LOTS = [LotState(key, 0.0, MONDAY, 14.0, True) for key in ("avocado_hass", "kiwifruit_green")]
HOME, COUNTER = 2, 0


def test_averaged_over_the_lots_shift_the_chances_are_the_windows() -> None:
    lots = [LotState(key, 0.0, MONDAY, 14.0, True) for key in sellable_keys()]
    shared, weights = shared_chance(lots, profiles=PROFILES, delivery_on=MONDAY)
    mean = np.einsum("s,slhmd->lhmd", weights, shared)
    whole = edible_chance(lots, profiles=PROFILES, delivery_on=MONDAY)
    assert np.abs(mean - whole).max() < 0.01


def test_a_day_is_covered_between_full_dependence_and_independence() -> None:
    shared, weights = shared_chance(LOTS, profiles=PROFILES, delivery_on=MONDAY)
    single = np.einsum("s,sd->d", weights, shared[:, 0, HOME, COUNTER])
    covered = cover_chance(shared, weights, [Holding(0, COUNTER, 3)], home=HOME, needed=1)
    independent = 1 - (1 - single) ** 3
    assert (covered >= single - 1e-9).all()
    assert (covered <= independent + 1e-9).all()
    assert covered[4] < independent[4] - 0.02


def test_more_fruit_and_a_smaller_need_never_cover_less() -> None:
    shared, weights = shared_chance(LOTS, profiles=PROFILES, delivery_on=MONDAY)

    def covered(pieces: int, needed: int) -> np.ndarray:
        holdings = [Holding(0, COUNTER, pieces), Holding(1, COUNTER, 2)]
        return cover_chance(shared, weights, holdings, home=HOME, needed=needed)

    assert (covered(4, 2) >= covered(3, 2) - 1e-12).all()
    assert (covered(3, 1) >= covered(3, 2) - 1e-12).all()
    assert covered(3, 0) == pytest.approx(np.ones(14))
    assert covered(3, 6) == pytest.approx(np.zeros(14))
