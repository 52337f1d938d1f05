"""What a round of chances costs: 100 lots, 12 homes, 8 ways of keeping, 21 days."""

import datetime as dt

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from ripening.home import Home, Way
from ripening.lot_state import LotState
from ripening.produce import load_profiles, sellable_keys
from ripening.window import edible_chance, windows

PROFILES = load_profiles()
MONDAY = dt.date(2026, 11, 23)
HOMES = [Home(room_c, fridge) for room_c in (16, 18, 20, 22, 25, 28) for fridge in (False, True)]
WAYS = [
    Way("counter"),
    Way("fridge"),
    *(Way("counter_then_fridge", day) for day in (None, 2, 4)),
    *(Way("fridge_then_counter", day) for day in (2, 3, 5)),
]


@pytest.mark.benchmark(group="ripening")
def test_chances_and_windows_of_a_hundred_lots(benchmark: BenchmarkFixture) -> None:
    """The aim is 100 ms on one core."""
    keys = sellable_keys()
    lots = [LotState(keys[i % len(keys)], i % 5 - 1.0, MONDAY, 14.0, True) for i in range(100)]

    def both() -> np.ndarray:
        chance = edible_chance(
            lots, profiles=PROFILES, delivery_on=MONDAY, days=21, homes=HOMES, ways=WAYS
        )
        windows(chance)
        return chance

    chance = benchmark(both)
    assert chance.shape == (100, 12, 8, 21)
