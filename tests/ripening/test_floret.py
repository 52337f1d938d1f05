"""Stems with many buds."""

import numpy as np
import pytest

from ripening.floret import florets_of, open_florets, some_open_chance
from ripening.produce import load_profiles

PROFILES = load_profiles()
STEMS = [key for key, produce in PROFILES.items() if florets_of(produce)]


def test_lilies_gladioli_and_freesias_have_counted_buds() -> None:
    assert {"lily_oriental", "lily_asiatic", "gladiolus", "freesia", "alstroemeria"} <= set(STEMS)
    assert florets_of(PROFILES["rose"]) is None


@pytest.mark.parametrize("key", STEMS)
def test_the_last_floret_fades_when_the_vase_life_ends(key: str) -> None:
    florets, keep = florets_of(PROFILES[key]), PROFILES[key].keep
    assert florets is not None
    assert keep is not None
    whole = (florets.count - 1) * florets.apart_days + florets.life_days
    assert whole == pytest.approx(keep.mean)
    assert florets.apart_days >= 0


@pytest.mark.parametrize("key", STEMS)
def test_one_of_many_is_open_at_least_as_surely_as_any_single_one(key: str) -> None:
    some = some_open_chance(PROFILES[key], age_days=0.0, room_c=20.0, days=21)
    mean = open_florets(PROFILES[key], age_days=0.0, room_c=20.0, days=21)
    florets = florets_of(PROFILES[key])
    assert florets is not None
    assert ((some >= 0) & (some <= 1)).all()
    assert (mean <= florets.count * some + 1e-9).all()
    assert (some >= mean / florets.count - 1e-9).all()


def test_the_florets_of_a_stem_are_late_together() -> None:
    """Not the union of independent florets: that would be in bloom far too surely."""
    produce = PROFILES["lily_asiatic"]
    some = some_open_chance(produce, age_days=0.0, room_c=20.0, days=21)
    single = open_florets(produce, age_days=0.0, room_c=20.0, days=21) / 6
    independent = 1 - (1 - single) ** 6
    unsure = (some > 0.1) & (some < 0.9)
    assert unsure.any()
    assert (some[unsure] < independent[unsure] + 0.05).all()


def test_a_warmer_room_opens_and_fades_them_sooner() -> None:
    day = np.arange(40)
    middles = []
    for room_c in (16.0, 20.0, 26.0):
        mean = open_florets(PROFILES["gladiolus"], age_days=0.0, room_c=room_c, days=40)
        middles.append(float((mean * day).sum() / mean.sum()))
    assert middles == sorted(middles, reverse=True)
