"""How likely a fruit that is sent out is lost."""

import datetime as dt

import numpy as np
import pytest

from ripening.home import PLANNED_MODES
from ripening.loss import UNREADY_SHARE, loss_by_day, loss_of
from ripening.lot_state import LotState
from ripening.produce import load_profiles
from ripening.window import Chances, all_chances, best_day_chance, edible_chance, windows

PROFILES = load_profiles()
ON = dt.date(2026, 11, 24)
KEYS = ("banana", "avocado_hass", "apple_fuji", "strawberry", "mango", "pear_conference", "rose")
LOTS = [LotState(key, 0.5, ON, 12.0, treated=True) for key in KEYS if key in PROFILES]
ALL = all_chances(LOTS, profiles=PROFILES, delivery_on=ON)


def chances_of(past: list[float], unready: list[float]) -> Chances:
    """Say what is known of one lot in one home kept in one way."""
    gone, late = np.array(past)[None, None, None], np.array(unready)[None, None, None]
    edible = np.clip(1 - gone - late, 0.0, 1.0)
    return Chances(edible, edible, gone, late)


def loss(chances: Chances, first: int, last: int, horizon: int = 7) -> float:
    window = (np.full((1, 1, 1), day, dtype=np.int8) for day in (first, last))
    return float(loss_of(chances, *window, horizon=horizon)[0, 0, 0])


def test_all_that_is_known_is_what_is_known_of_each() -> None:
    assert (ALL.edible == edible_chance(LOTS, profiles=PROFILES, delivery_on=ON)).all()
    assert (ALL.best == best_day_chance(LOTS, profiles=PROFILES, delivery_on=ON)).all()


def test_what_is_neither_past_nor_unready_is_edible() -> None:
    lasts = ALL.edible > 0
    assert np.allclose((ALL.edible + ALL.past + ALL.unready)[lasts], 1.0)
    assert (np.diff(ALL.past) >= -1e-9).all()
    assert (np.diff(ALL.unready) <= 1e-9).all()


def test_a_loss_is_being_past_in_the_window_or_late_for_the_next_box() -> None:
    chances = chances_of([0, 0, 0.1, 0.2, 0.4, 0.6, 0.8] + [1.0] * 7, [0.9, 0.3] + [0.05] * 12)
    assert loss(chances, 2, 4) == pytest.approx((0.1 + 0.2 + 0.4) / 3 + 0.05)
    assert loss(chances, 4, 13) == pytest.approx((0.4 + 0.6 + 0.8) / 3 + 0.05)


def test_a_box_for_two_weeks_has_longer_to_come_ready() -> None:
    chances = chances_of([0.0] * 12 + [0.1, 0.3], [1.0] * 9 + [0.4, 0.3, 0.2, 0.1, 0.1])
    assert loss(chances, 10, 13, 14) == pytest.approx((0.1 + 0.3) / 4 + 0.1)
    assert loss(chances, 10, 13, 7) == 0.0


def test_where_there_is_no_window_nothing_is_said() -> None:
    assert loss(chances_of([1.0] * 14, [1.0] * 14), 1, 0) == 0.0


def test_a_fruit_that_is_not_ready_on_its_day_is_not_lost_yet() -> None:
    chances = chances_of([0.0, 0.5, 1.0] + [1.0] * 11, [1.0, 0.5] + [0.0] * 12)
    expected = [UNREADY_SHARE, 0.5 + UNREADY_SHARE / 2, 1.0]
    assert loss_by_day(chances)[0, 0, 0, :3].tolist() == pytest.approx(expected)


def test_a_window_that_ends_sooner_never_loses_more() -> None:
    first, last = windows(ALL.edible[:, :, : len(PLANNED_MODES)])
    sooner = np.where(last > first, last - 1, last).astype(np.int8)
    risked, safer = (loss_of(ALL, first, end, horizon=14) for end in (last, sooner))
    assert (safer <= risked + 1e-9).all()
    assert (safer < risked).any()
    assert ((risked >= 0) & (risked <= 1)).all()
