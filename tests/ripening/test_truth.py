"""The truth that plans are tried on: the model itself without a misfit, something else with one."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ripeday.kit.errors import Invalid
from ripening.clock import keeping_rate, ripening_rate
from ripening.course import steady
from ripening.home import HOME_CLASSES
from ripening.lot_state import LotState
from ripening.misfit import MISFITS, Misfit
from ripening.produce import Produce, load_profiles
from ripening.spread import Spread
from ripening.truth import (
    Lives,
    clocks,
    consignments_of,
    cultivars_of,
    draw_lives,
    draw_world,
    steps_of,
)
from ripening.weather import HeatWave, draw_kitchens, read_heat_wave
from ripening.window import edible_chance

PROFILES = load_profiles()
ON = dt.date(2026, 11, 24)
KEYS = ("banana", "avocado_hass", "mango", "kiwifruit_green", "strawberry", "apple_fuji", "tulip")
NONE, HARSH = MISFITS["none"], MISFITS["harsh"]


def lot(key: str, age_days: float = 0.5) -> LotState:
    return LotState(key, age_days, ON - dt.timedelta(days=1), 12.0, treated=True)


def lived(
    key: str,
    *,
    n: int,
    seed: int = 1,
    misfit: Misfit = NONE,
    room: int = 1,
    profiles: Mapping[str, Produce] = PROFILES,
    heat_wave: HeatWave | None = None,
    fridge: bool = False,
    days: int = 30,
) -> Lives:
    """Live `n` fruit of one lot through in one home of a room class."""
    rng = np.random.default_rng(seed)
    cultivars = cultivars_of([key], profiles)
    sent = consignments_of([(0, lot(key), ON)], cultivars, profiles)
    kitchens = draw_kitchens([room], [ON], misfit, rng, days=days, heat_wave=heat_wave)
    world = draw_world(sent, cultivars, misfit, rng)
    room_c = kitchens.lived(misfit, rng)
    steps = steps_of(np.where(fridge, kitchens.fridge_c, room_c))
    zero = np.zeros(n, dtype=np.intp)
    ripened, kept = clocks(cultivars, world, misfit, cultivar=zero[:1], steps=steps)
    return draw_lives(world, misfit, rng, consignment=zero, line=zero, ripened=ripened, kept=kept)


def certain(produce: Produce) -> Produce:
    """Take away every difference between fruit."""
    spreads = {
        name: Spread(spread.mean, 0.0)
        for name in ("ready", "ready_untreated", "keep")
        if (spread := getattr(produce, name)) is not None
    }
    return replace(produce, **spreads)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("mode", [0, 1])
def test_without_a_misfit_fruit_live_as_the_model_says(key: str, mode: int) -> None:
    chance = edible_chance([lot(key)], profiles=PROFILES, delivery_on=ON)[0, 3, mode]
    if not chance.any():
        pytest.skip("the model does not keep it so")
    n_lots = 500
    edible = np.zeros(14)
    for seed in range(n_lots):
        lives = lived(key, n=20, seed=seed, fridge=mode == 1)
        edible += [lives.edible_on(day).mean() for day in range(14)]
    # Half of the variance is the lots', of which there are 500.
    assert edible / n_lots == pytest.approx(chance, abs=0.055)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("room", range(4))
def test_without_spread_it_is_exactly_the_models_window(key: str, room: int) -> None:
    sure = {key: certain(PROFILES[key])}
    home = next(home for home in HOME_CLASSES if home.room == room)
    chance = edible_chance([lot(key)], profiles=sure, delivery_on=ON)[0, home.index, 0]

    lives = lived(key, n=3, room=room, profiles=sure)

    for day in range(14):
        assert (lives.edible_on(day) == bool(chance[day] > 0.5)).all()


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(KEYS), st.integers(0, 3), st.integers(0, 1000))
def test_clocks_agree_with_a_steady_course(key: str, room: int, seed: int) -> None:
    """Walking day by day comes to what one division gives."""
    sure = certain(PROFILES[key])
    lives = lived(key, n=1, room=room, seed=seed, profiles={key: sure}, days=60)
    room_c = draw_kitchens([room], [ON], NONE, np.random.default_rng(0), days=1).room_c[0, 0]
    course = steady(ripening_rate(sure, room_c), keeping_rate(sure, room_c))
    sent = consignments_of([(0, lot(key), ON)], cultivars_of([key], {key: sure}), {key: sure})
    missing = sent.ready_mean - sent.age
    ready = course.reached(missing)
    past = course.kept_until(course.kept(ready) + sent.keep_mean - np.maximum(-missing, 0.0))
    assert lives.ready == pytest.approx(ready)
    if past[0] < 60:
        assert lives.past == pytest.approx(past)


@given(st.sampled_from(KEYS), st.integers(0, 10_000), st.sampled_from(list(MISFITS)))
@settings(max_examples=60, deadline=None)
def test_a_life_runs_forwards(key: str, seed: int, misfit: str) -> None:
    lives = lived(key, n=50, seed=seed, misfit=MISFITS[misfit])
    known = np.isfinite(lives.ready) & np.isfinite(lives.past) & (lives.past >= 0)
    assert (lives.ready >= 0).all()
    assert (lives.ready[known] <= lives.past[known]).all()
    assert (lives.best_from >= lives.ready).all()
    assert (lives.best_until[known] <= lives.past[known] + 1e-9).all()


def test_fruit_of_a_lot_ripen_together() -> None:
    pairs = np.array([lived("avocado_hass", n=2, seed=seed).ready for seed in range(400)])
    assert np.corrcoef(pairs.T)[0, 1] > 0.3


def test_fruit_differ_more_and_to_one_side_under_a_misfit() -> None:
    def own(misfit: Misfit) -> np.ndarray:
        by_lot = [lived("mango", n=300, seed=seed, misfit=misfit).ready for seed in range(60)]
        return np.concatenate([each - each.mean() for each in by_lot if np.isfinite(each).all()])

    alike = Misfit(spread=1.5, skew=0.7)
    plain, skewed = own(NONE), own(alike)
    assert skewed.std() == pytest.approx(1.5 * plain.std(), rel=0.1)
    third = ((skewed / skewed.std()) ** 3).mean()
    assert abs(((plain / plain.std()) ** 3).mean()) < 0.2 < 1.0 < third


def test_cultivars_are_wrong_in_the_mean() -> None:
    def strays(misfit: Misfit) -> float:
        lots = [lived("mango", n=200, seed=seed, misfit=misfit).ready.mean() for seed in range(200)]
        return float(np.std(lots))

    assert strays(Misfit(cultivar=0.3)) > 1.5 * strays(NONE)


def test_heat_ages_fruit() -> None:
    cool = lived("avocado_hass", n=50)
    warm = lived("avocado_hass", n=50, heat_wave=HeatWave(0, 10, 6.0))
    assert (warm.ready <= cool.ready).all()
    assert warm.ready.mean() < cool.ready.mean() - 0.3
    assert warm.past.mean() < cool.past.mean() - 1.0


def test_heat_beyond_30_degrees_does_not_ripen_faster_in_truth() -> None:
    law, wave = Misfit(response=1e-9), HeatWave(0, 20, 12.0)
    warm = lived("avocado_hass", n=50, room=3, misfit=law)
    hot = lived("avocado_hass", n=50, room=3, misfit=law, heat_wave=wave)
    waits = warm.ready > 0
    assert (hot.ready[waits] > warm.ready[waits]).all()


def test_a_wave_by_date_hits_only_the_deliveries_it_meets() -> None:
    wave = HeatWave(dt.date(2026, 11, 26), 2, 8.0)
    assert wave.warming(ON, 6).tolist() == [0, 0, 8, 8, 0, 0]
    assert wave.warming(dt.date(2026, 11, 27), 6).tolist() == [8, 0, 0, 0, 0, 0]
    assert HeatWave(1, 1, 3.0).warming(ON, 3).tolist() == [0, 3, 0]


def test_the_same_seed_lives_the_same_life() -> None:
    once, again = (lived("mango", n=20, seed=7, misfit=HARSH) for _ in range(2))
    other = lived("mango", n=20, seed=8, misfit=HARSH)
    assert once.ready.tolist() == again.ready.tolist()
    assert once.ready.tolist() != other.ready.tolist()


def test_a_misgraded_lot_is_not_what_the_depot_wrote_down() -> None:
    cultivars = cultivars_of(["mango"], PROFILES)
    sent = consignments_of([(0, lot("mango"), ON)], cultivars, PROFILES)
    law = Misfit(misgraded=0.25, grade=0.3)
    worlds = [draw_world(sent, cultivars, law, np.random.default_rng(i)) for i in range(400)]
    wrong = np.array([world.age[0] != sent.age[0] for world in worlds])
    assert wrong.mean() == pytest.approx(0.25, abs=0.07)


def test_a_heat_wave_is_read_as_it_is_written() -> None:
    assert read_heat_wave("2:4:+8") == HeatWave(2, 4, 8.0)
    assert read_heat_wave("2026-07-03:10:+6.5") == HeatWave(dt.date(2026, 7, 3), 10, 6.5)


@pytest.mark.parametrize(
    "text", ["", "2:4", "2026-13-01:3:+4", "a:3:+4", "2:0:+8", "2:4:+68", "2:4:-8"]
)
def test_what_is_no_heat_wave_is_refused_with_what_it_was(text: str) -> None:
    with pytest.raises(Invalid) as error:
        read_heat_wave(text)
    assert error.value.field == "heat_wave"
