"""Chances and windows: published times as oracles, and the laws they must keep."""

import datetime as dt
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeday.kit.errors import Invalid
from ripening.chance import MEALS_DAYS
from ripening.clock import keeping_rate, ripening_rate
from ripening.fact import facts_of
from ripening.home import (
    COOL_NIGHTS,
    COUNTER,
    FRIDGE,
    HOME_CLASSES,
    MODES,
    THEN_FRIDGE,
    HomeClass,
    RoomClass,
)
from ripening.lot_state import LotState, age_at
from ripening.produce import load_profiles, sellable_keys
from ripening.window import (
    best_day_chance,
    edible_chance,
    switch_day,
    windows,
)

PROFILES = load_profiles()
MONDAY = dt.date(2026, 11, 23)
MILD, MILD_FRIDGE, WARM_FRIDGE = 2, 3, 5

keys = st.sampled_from(sellable_keys())
ages = st.floats(-2.0, 12.0)


def lot(key: str, age: float = 0.0, *, treated: bool = True, **values: object) -> LotState:
    """A lot graded on the delivery day."""
    return LotState(key, age, MONDAY, 14.0, treated, **values)  # type: ignore[arg-type]


def chance(*lots: LotState, days: int = 14) -> np.ndarray:
    return edible_chance(lots, profiles=PROFILES, delivery_on=MONDAY, days=days)


def ready_and_past(key: str, age: float = 0.0, home: int = MILD) -> tuple[float, float]:
    """Days until half of the fruit are edible, and until half are past; noon-exact, by interpolation."""
    curve = chance(lot(key, age), days=60)[0, home, COUNTER]
    top = int(curve.argmax())
    day = np.arange(60.0)
    first = 0.0 if curve[0] >= 0.5 else float(np.interp(0.5, curve[: top + 1], day[: top + 1]))
    last = float(np.interp(-0.5, -curve[top:], day[top:]))
    return (first + MEALS_DAYS if first else 0.0), last - MEALS_DAYS


def middle_of(curves: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean day of each curve, and whether there is enough of it to speak of."""
    total = curves.sum(axis=-1)
    day = np.arange(curves.shape[-1])
    return (curves * day).sum(axis=-1) / np.maximum(total, 1e-9), total > 0.05


@pytest.mark.parametrize("key", sellable_keys())
def test_the_median_fruit_is_ready_within_the_published_days(key: str) -> None:
    field = "days_to_open_20C" if PROFILES[key].is_flower else "days_to_edible_20C"
    for fact in facts_of(key, field, chosen=True):
        ready, _ = ready_and_past(key)
        assert fact.low is not None
        assert fact.high is not None
        assert fact.low - 0.15 <= ready <= fact.high + 0.15


@pytest.mark.parametrize(("stage", "age"), [(2, -2.5), (3, 0.0), (4, 2.0), (5, 3.5), (6, 4.5)])
def test_bananas_last_as_long_as_published_for_their_stage(stage: int, age: float) -> None:
    (fact,) = facts_of("banana", f"room_life_from_stage_{stage}", chosen=True)
    _, past = ready_and_past("banana", age)
    assert fact.low is not None
    assert fact.high is not None
    assert fact.low <= past <= fact.high


def test_a_second_source_on_bartlett_pears_agrees() -> None:
    """'William' is ready in 2.5-7 days at 20 °C (ieee_pear); it sets no parameter."""
    ready, _ = ready_and_past("pear_european")
    assert 2.5 <= ready <= 7.0


def test_papaya_at_25_degrees_lasts_about_the_published_six_days() -> None:
    """Six days at 25-28 °C from 1/4-1/2 yellow (susl_papaya) lie between our warm and hot kitchens."""
    _, warm = ready_and_past("papaya", home=2 * RoomClass.WARM)
    _, hot = ready_and_past("papaya", home=2 * RoomClass.HOT)
    assert 6 / 1.5 <= hot <= warm <= 6 * 1.5


def test_sunflowers_show_for_the_published_days() -> None:
    """Full display 5-7 days (dosgringos) sets no parameter: ours is vase life less opening."""
    opened, faded = ready_and_past("sunflower")
    assert 5.0 <= faded - opened <= 7.0


@pytest.mark.parametrize("key", ["rose", "tulip", "gerbera", "carnation", "peony"])
def test_a_vase_lasts_its_published_life_from_the_first_day(key: str) -> None:
    (fact,) = facts_of(key, "vase_life_days_20C", chosen=True)
    _, faded = ready_and_past(key)
    assert fact.low is not None
    assert fact.high is not None
    assert fact.low <= faded <= fact.high + 0.05


@pytest.mark.parametrize("key", ["grape", "strawberry", "cherry", "orange", "apple_fuji"])
def test_ripe_fruit_holds_in_the_fridge_as_published(key: str) -> None:
    (fact,) = facts_of(key, "fridge_hold_days_ripe", chosen=True)
    curve = chance(lot(key), days=60)[0, MILD_FRIDGE, FRIDGE]
    days_good = int((curve >= 0.5).sum()) - 1
    assert fact.low is not None
    assert fact.high is not None
    assert fact.low - 0.5 <= days_good <= fact.high + 0.5


def test_two_days_of_cold_shipping_spare_a_flower_the_degree_days() -> None:
    """48 h at 5 °C instead of 20 °C: 1.4 days by the Q10 of 3 in the cold and 2 above it. Published are
    3 ('Baekma', kjhst_mum), heat and gas of the closed box included.
    """
    wednesday = MONDAY + dt.timedelta(days=2)
    cold, warm = (
        age_at(LotState("chrysanthemum", 0.0, MONDAY, at_c, True), PROFILES, delivery_on=wednesday)
        for at_c in (5.0, 20.0)
    )
    assert warm - cold == pytest.approx(1.4, abs=0.05)


def test_untreated_avocados_take_as_long_as_published_for_those_left_out() -> None:
    curve = chance(lot("avocado_hass", treated=False), days=30)[0, MILD, COUNTER]
    assert 3 <= int(curve.argmax()) <= 7


def test_windows_of_well_known_fruit_make_sense() -> None:
    first, last = windows(
        chance(lot("banana"), lot("avocado_hass"), lot("apple_fuji"), lot("grape"))
    )

    def days(i: int, home: int, mode: int) -> tuple[int, int]:
        return int(first[i, home, mode]), int(last[i, home, mode])

    assert days(0, MILD, COUNTER) == (2, 5)
    assert days(1, MILD, COUNTER) == (5, 6)
    assert days(1, MILD_FRIDGE, THEN_FRIDGE) == (5, 6)
    assert days(2, MILD, COUNTER) == (0, 13)
    assert days(3, MILD, COUNTER) == (0, 1)
    assert days(3, MILD_FRIDGE, FRIDGE) == (0, 6)


def test_every_produce_has_a_window_on_the_counter_of_every_home() -> None:
    """In a hot kitchen a peach may be good for less than a day; elsewhere a day is always found."""
    lots = [lot(key) for key in sellable_keys()]
    first, last = windows(chance(*lots))
    assert (first[:, :6, COUNTER] <= last[:, :6, COUNTER]).all()


def test_no_home_without_a_fridge_uses_one_and_flowers_never_do() -> None:
    lots = [lot(key) for key in sellable_keys()]
    values = chance(*lots)
    no_fridge = [home.index for home in HOME_CLASSES if not home.has_fridge]
    flowers = [i for i, one in enumerate(lots) if PROFILES[one.produce_key].is_flower]
    assert (values[:, no_fridge, FRIDGE:COOL_NIGHTS] == 0).all()
    assert (values[flowers][:, :, FRIDGE:COOL_NIGHTS] == 0).all()


@pytest.mark.parametrize("key", ["banana", "peach", "mango", "tomato", "avocado_hass", "plum"])
def test_the_cold_is_never_advised_for_fruit_it_harms_unripe(key: str) -> None:
    assert (chance(lot(key))[0, :, FRIDGE] == 0).all()


def test_a_ripe_avocado_may_go_into_the_fridge_at_once() -> None:
    ripe = chance(lot("avocado_hass", 5.5))[0, MILD_FRIDGE]
    assert ripe[FRIDGE, 2] > ripe[COUNTER, 2]
    assert (ripe[THEN_FRIDGE] == 0).all()


@given(key=keys, age=ages, home=st.sampled_from(HOME_CLASSES))
def test_fruit_moves_to_the_fridge_only_when_most_of_it_is_ripe(
    key: str, age: float, home: HomeClass
) -> None:
    day = switch_day(lot(key, age), home, THEN_FRIDGE, profiles=PROFILES, delivery_on=MONDAY)
    curve = chance(lot(key, age))[0, home.index, THEN_FRIDGE]
    assert (day is None) == (curve == 0).all()
    if day is not None:
        # One fruit in five may lag behind; some of the early ones may be past already.
        ready = np.cumsum(
            best_day_chance([lot(key, age)], profiles=PROFILES, delivery_on=MONDAY)[
                0, home.index, COUNTER
            ]
        )
        assert 0 < day < 14
        assert curve[day] > 0 or ready[day] > 0


@given(key=keys, age=ages)
def test_chances_are_chances_and_rise_and_fall_once(key: str, age: float) -> None:
    """Where it is warm all the time. In a fridge, what was ripe before may go while the rest comes."""
    curves = chance(lot(key, age))[0]
    assert ((curves >= 0) & (curves <= 1)).all()
    for curve in curves[:, [COUNTER, COOL_NIGHTS]].reshape(-1, 14):
        top = int(curve.argmax())
        assert (np.diff(curve[: top + 1]) >= -1e-3).all()
        assert (np.diff(curve[top:]) <= 1e-3).all()


@given(key=keys, age=st.floats(-2.0, 6.0), older=st.floats(0.1, 4.0))
def test_an_older_lot_is_never_later(key: str, age: float, older: float) -> None:
    curves = chance(lot(key, age), lot(key, age + older), days=60)[:, :, COUNTER]
    middle, said = middle_of(curves)
    assert (middle[1] <= middle[0] + 1e-3)[said.all(axis=0)].all()


@given(key=keys, age=st.floats(-2.0, 6.0))
def test_a_warmer_kitchen_is_never_later(key: str, age: float) -> None:
    curves = chance(lot(key, age), days=90)[0, ::2, COUNTER]
    middle, said = middle_of(curves)
    assert (np.diff(middle) <= 1e-3)[said[1:] & said[:-1]].all()


@given(key=keys, age=st.floats(0.0, 6.0), days=st.integers(1, 6), split=st.integers(0, 6))
def test_days_in_store_add_up(key: str, age: float, days: int, split: int) -> None:
    """Two stays in the store age a lot as one stay of the same length."""
    split = min(split, days)
    whole = LotState(key, age, MONDAY, 12.0, True)
    end = MONDAY + dt.timedelta(days=days)
    half_way = MONDAY + dt.timedelta(days=split)
    regraded = LotState(key, age_at(whole, PROFILES, delivery_on=half_way), half_way, 12.0, True)
    assert age_at(regraded, PROFILES, delivery_on=end) == pytest.approx(
        age_at(whole, PROFILES, delivery_on=end)
    )


@given(key=keys, age=ages)
def test_the_best_day_is_an_edible_day(key: str, age: float) -> None:
    best = best_day_chance([lot(key, age)], profiles=PROFILES, delivery_on=MONDAY)[0]
    assert (best >= 0).all()
    assert (best <= chance(lot(key, age))[0] + 1e-12).all()
    assert (best.sum(axis=-1) <= 1 + 1e-9).all()


@pytest.mark.parametrize(
    ("key", "mode"),
    [
        *((key, COUNTER) for key in ("avocado_hass", "peach", "fig", "lily_oriental", "grape")),
        *((key, THEN_FRIDGE) for key in ("avocado_hass", "peach", "kiwifruit_green", "fig")),
    ],
)
def test_chances_agree_with_fruit_drawn_one_by_one(key: str, mode: int) -> None:
    """Half a million fruit, lived through day by day without any formula of the model's integral."""
    produce, home, rng = PROFILES[key], HOME_CLASSES[WARM_FRIDGE], np.random.default_rng(5)
    move = switch_day(lot(key), home, THEN_FRIDGE, profiles=PROFILES, delivery_on=MONDAY)
    ready, kept = produce.ready_spread(treated=True), produce.keep_spread()
    need = rng.normal(ready.mean, ready.sigma, 500_000)
    life = rng.normal(kept.mean, kept.sigma, need.size)
    need, life = need[life > 0], life[life > 0]
    step, days = 1 / 64, 10
    lived = np.zeros_like(need)
    spent = np.where(need < 0, -need, 0.0)
    edible = np.zeros((days, need.size), dtype=bool)
    edible[0] = (need <= 0) & (spent <= life)
    for i in range(1, int(days / step)):
        at_c = 4.0 if mode == THEN_FRIDGE and move is not None and i * step > move else 24.0
        spent += np.where(lived >= need, keeping_rate(produce, at_c) * step, 0.0)
        lived += ripening_rate(produce, at_c) * step
        near = round(i * step)
        if near < days and abs(i * step - near) <= MEALS_DAYS:
            edible[near] |= (lived >= need) & (spent <= life)
    found = chance(lot(key), days=days)[0, WARM_FRIDGE, mode]
    assert np.abs(found - edible.mean(axis=1)).max() < 0.02


def test_no_day_below_even_odds_ever_stands_in_a_window() -> None:
    values = chance(*(lot(key, age) for key in sellable_keys() for age in (0.0, 2.0)))
    first, last = windows(values)
    for index in np.ndindex(first.shape):
        inside = values[index][first[index] : last[index] + 1]
        assert (inside >= 0.5).all()


def test_a_stricter_service_level_never_widens_a_window() -> None:
    values = chance(*(lot(key) for key in sellable_keys()))
    loose_first, loose_last = windows(values, 0.5)
    for level in (0.6, 0.7, 0.8, 0.9):
        first, last = windows(values, level)
        kept = first <= last
        assert (first[kept] >= loose_first[kept]).all()
        assert (last[kept] <= loose_last[kept]).all()


def test_a_lot_graded_after_its_delivery_is_refused() -> None:
    with pytest.raises(Invalid, match="graded"):
        edible_chance([lot("banana")], profiles=PROFILES, delivery_on=dt.date(2026, 11, 20))


@pytest.mark.parametrize(
    ("values", "field"),
    [(("banana", 0.0, MONDAY, 68.0), "store_c"), (("banana", 99.0, MONDAY, 14.0), "age_days")],
)
def test_nonsense_about_a_lot_names_the_field(
    values: tuple[str, float, dt.date, float], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        LotState(*values, treated=True)
    assert refusal.value.field == field


def test_produce_without_a_model_is_refused_by_name() -> None:
    with pytest.raises(Invalid, match="durian"):
        chance(lot("durian"))


def test_sixty_lots_take_well_under_a_fifth_of_a_second() -> None:
    lots = [lot(key) for key in sellable_keys()][:60]
    chance(*lots)
    spent = []
    for _ in range(5):
        start = time.perf_counter()
        chance(*lots)
        spent.append(time.perf_counter() - start)
    assert min(spent) < 0.2


def test_no_lots_give_no_chances() -> None:
    assert chance().shape == (0, 8, len(MODES), 14)
