"""Curves show what the model says, and say in words why a way of keeping is not shown."""

import datetime as dt
import re
from itertools import pairwise

import numpy as np
import pytest

from ripening.curve import SPANS, Curve, Wish, curves_of
from ripening.home import HomeClass, RoomClass
from ripening.lot_state import LotState
from ripening.produce import load_profiles
from ripening.window import LEAST_CHANCE, SERVICE_LEVEL, edible_chance

PROFILES = load_profiles()
MODELLED = [key for key, produce in PROFILES.items() if produce.modelled]
WINTER = dt.date(2026, 1, 20)


def all_curves(key: str, wish: Wish) -> list[Curve]:
    curves = curves_of(PROFILES[key], PROFILES, wish)
    return [*curves.by_kitchen, *curves.by_way]


@pytest.mark.parametrize("key", ["banana", "kiwifruit_green", "strawberry", "tulip"])
def test_a_kitchens_curve_is_the_planners_chance_in_that_kitchen_in_winter(key: str) -> None:
    lot = LotState(key, 0.0, WINTER, 20.0, treated=True)
    chance = edible_chance([lot], profiles=PROFILES, delivery_on=WINTER, days=21)

    curves = curves_of(PROFILES[key], PROFILES, Wish(days=21))

    for room, curve in zip(RoomClass, curves.by_kitchen, strict=True):
        expected = chance[0, HomeClass(room, has_fridge=True).index, 0]
        np.testing.assert_allclose(curve.shown, expected, atol=1e-9)


@pytest.mark.parametrize("key", MODELLED)
def test_what_is_counted_on_is_likely_enough(key: str) -> None:
    for curve in all_curves(key, Wish(days=21)):
        if curve.window is not None:
            level = SERVICE_LEVEL if curve.is_likely else LEAST_CHANCE
            first, last = curve.window
            assert min(curve.chance[first : last + 1]) >= level


@pytest.mark.parametrize("days", SPANS)
@pytest.mark.parametrize("key", ["kiwifruit_green", "grape", "avocado_hass", "rose"])
def test_a_drawing_stays_on_its_ground_and_every_day_lies_warm_or_cold(key: str, days: int) -> None:
    for curve in all_curves(key, Wish(RoomClass.WARM, days=days)):
        numbers = [float(n) for n in re.findall(r"[\d.]+", curve.line)]
        assert all(0 <= x <= curve.width for x in numbers[::2])
        assert all(0 <= y <= 100 for y in numbers[1::2])
        assert len(numbers) == 2 * days
        if curve.band:
            assert 0 <= curve.band[0] < curve.band[0] + curve.band[1] <= curve.width
        areas = [*curve.areas(cold=False), *curve.areas(cold=True)]
        if not curve.why_not:
            spans = sorted((left(area), right(area)) for area in areas)
            assert spans[0][0] == 5
            assert spans[-1][1] == curve.width - 5
            assert all(a[1] == b[0] for a, b in pairwise(spans))
        assert max(curve.in_ten) <= 9


def left(area: str) -> float:
    return float(area.rpartition("H")[2].rstrip("Z"))


def right(area: str) -> float:
    return max(float(x) for x in re.findall(r"[ML]([\d.]+) ", area))


def test_what_the_cold_would_spoil_is_not_drawn_but_explained() -> None:
    for key in ("mango", "tomato", "banana"):
        fridge = curves_of(PROFILES[key], PROFILES, Wish()).by_way[1]
        assert fridge.why_not is not None
        assert not any(fridge.chance)


def test_flowers_stand_in_vases_and_never_in_the_fridge() -> None:
    labels = {str(curve.label) for curve in curves_of(PROFILES["tulip"], PROFILES, Wish()).by_way}

    assert labels == {"In a vase", "In a vase that stands cool at night"}


def test_a_warmer_kitchen_never_peaks_later() -> None:
    for key in MODELLED:
        kitchens = curves_of(PROFILES[key], PROFILES, Wish()).by_kitchen
        halves = [next((d for d, p in enumerate(c.chance) if p >= 0.5), 99) for c in kitchens]
        assert halves == sorted(halves, reverse=True), key
