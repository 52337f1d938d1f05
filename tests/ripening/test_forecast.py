"""Forecasts: the same model as every curve of the house, at any temperature."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ripeday.kit.errors import Invalid, Refused
from ripening.chance import MEALS_DAYS
from ripening.chilling import harm, is_too_cold, tolerance
from ripening.fact import load_sources, rows
from ripening.forecast import Forecast, forecast, usually_treated
from ripening.home import Home, Way
from ripening.lot_state import LotState
from ripening.naming import find_produce
from ripening.produce import Produce, load_profiles, sellable_keys
from ripening.spread import Spread
from ripening.temperature import Steps, read_steps, steady_at
from ripening.window import edible_chance

PROFILES = load_profiles()
MONDAY = dt.date(2026, 11, 23)
RIPENING = [key for key in sellable_keys() if PROFILES[key].ripens and not PROFILES[key].is_flower]
keys = st.sampled_from(sellable_keys())


def codes(found: Forecast) -> set[str]:
    return {warning.code for warning in found.warnings}


def without_spread(key: str, ready: float, keep: float) -> Produce:
    time, kept = Spread(ready, 0.0), Spread(keep, 0.0)
    return replace(PROFILES[key], ready=time, ready_untreated=time, keep=kept)


def counter(key: str, age: float, room_c: float, way: Way, *, treated: bool) -> np.ndarray:
    """What the house says of one kitchen and one way of keeping it."""
    chance = edible_chance(
        [LotState(key, age, MONDAY, 14.0, treated)],
        profiles=PROFILES,
        delivery_on=MONDAY,
        days=21,
        homes=[Home(room_c, has_fridge=True)],
        ways=[way],
    )
    alone: np.ndarray = chance[0, 0, 0]
    return alone


@settings(deadline=None, max_examples=60)
@given(keys, st.floats(-2, 8), st.floats(10, 30), st.booleans())
def test_a_forecast_is_the_counter_of_such_a_kitchen(
    key: str, age: float, room_c: float, treated: bool
) -> None:
    found = forecast(PROFILES[key], age_days=age, treated=treated, steps=steady_at(room_c))
    expected = counter(key, age, room_c, Way("counter"), treated=treated)
    assert np.abs(np.array(found.edible_chance) - expected).max() < 0.005


@pytest.mark.parametrize("key", ["kiwifruit_green", "pear_european", "cantaloupe"])
def test_a_forecast_in_steps_is_that_of_fruit_which_moves(key: str) -> None:
    found = forecast(PROFILES[key], treated=True, steps=read_steps("0:4,3:20"))
    expected = counter(key, 0.0, 20.0, Way("fridge_then_counter", 3), treated=True)
    assert expected.max() > 0.5
    assert np.abs(np.array(found.edible_chance) - expected).max() < 0.005


@pytest.mark.parametrize("key", RIPENING)
def test_half_are_ready_and_past_when_the_model_says_so(key: str) -> None:
    produce = PROFILES[key]
    found = forecast(produce, treated=True)
    assert found.ready_days.p50 == pytest.approx(produce.ready_spread(treated=True).mean, rel=1e-6)
    assert found.keep_days.p50 == pytest.approx(produce.keep_spread().mean, rel=0.01)
    low, middle, high = found.ready_days.p10, found.ready_days.p50, found.ready_days.p90
    assert low is not None
    assert middle is not None
    assert high is not None
    assert low < middle < high


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(RIPENING), st.floats(0, 1), st.floats(0, 1))
def test_warmer_is_never_ready_later(key: str, one: float, other: float) -> None:
    produce = PROFILES[key]
    least = produce.chilling_threshold_c if produce.chilling_threshold_c is not None else 0.0
    cool, warm = sorted(least + part * (30.0 - least) for part in (one, other))

    def ready(temperature_c: float) -> tuple[float, ...]:
        days = forecast(produce, steps=steady_at(temperature_c)).ready_days
        assert days.p10 is not None
        assert days.p50 is not None
        assert days.p90 is not None
        return days.p10, days.p50, days.p90

    for colder, warmer in zip(ready(cool), ready(warm), strict=True):
        assert warmer <= colder + 1e-9


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(RIPENING), st.floats(0.1, 9), st.floats(0.1, 9), st.floats(12, 30))
def test_without_spread_it_is_certain_inside_the_window_and_impossible_outside(
    key: str, ready: float, keep: float, room_c: float
) -> None:
    produce = without_spread(key, ready, keep)
    found = forecast(produce, steps=steady_at(room_c))
    start, lasts = found.ready_days.p50, found.keep_days.p50
    assert start is not None
    assert lasts is not None
    assert found.ready_days.p10 == found.ready_days.p90 == start
    for day, chance in enumerate(found.edible_chance):
        morning, evening = max(day - MEALS_DAYS, 0.0), day + MEALS_DAYS
        if min(abs(evening - start), abs(morning - start - lasts)) < 1e-6:
            continue
        assert chance == (1.0 if start <= evening and morning <= start + lasts else 0.0)


@settings(deadline=None, max_examples=40)
@given(keys, st.floats(5, 30), st.lists(st.floats(0.5, 15), max_size=5, unique=True))
def test_steps_that_change_nothing_change_nothing(
    key: str, temperature_c: float, days: list[float]
) -> None:
    steps = Steps((0.0, *sorted(days)), (temperature_c,) * (len(days) + 1))
    split = forecast(PROFILES[key], steps=steps)
    whole = forecast(PROFILES[key], steps=steady_at(temperature_c))
    assert split.edible_chance == pytest.approx(whole.edible_chance, abs=1e-6)
    assert split.ready_days.p50 == pytest.approx(whole.ready_days.p50)
    assert split.keep_days.p90 == pytest.approx(whole.keep_days.p90)
    assert split.storage_life_days == pytest.approx(whole.storage_life_days)


@settings(deadline=None, max_examples=60)
@given(keys, st.floats(-3, 10), st.floats(-2, 40))
def test_chances_are_chances_and_days_are_in_order(
    key: str, age: float, temperature_c: float
) -> None:
    found = forecast(PROFILES[key], age_days=age, steps=steady_at(temperature_c))
    assert len(found.edible_chance) == 21
    assert all(0.0 <= each <= 1.0 for each in found.edible_chance)
    for days in (found.ready_days, found.keep_days, found.life_days):
        values = [each for each in (days.p10, days.p50, days.p90) if each is not None]
        assert values == sorted(values)
        assert all(each >= 0 for each in values)


def test_a_fridge_after_ripening_lengthens_what_is_left() -> None:
    warm = forecast(PROFILES["avocado_hass"]).keep_days.p50
    cold = forecast(PROFILES["avocado_hass"], steps=read_steps("0:20,4:4")).keep_days.p50
    assert warm is not None
    assert cold is not None
    assert cold > warm


def test_a_stage_names_its_age() -> None:
    found = forecast(PROFILES["banana"], stage="4")
    assert found.stage == 4
    assert found.ready_days.p50 == pytest.approx(0.0, abs=1e-9)
    assert forecast(PROFILES["banana"]).stage == 3
    assert "past_on_arrival" in codes(forecast(PROFILES["tulip"], stage="faded"))


def test_the_run_holds_with_the_confidence_asked_for() -> None:
    found = forecast(PROFILES["apple_gala"], confidence=0.9)
    assert found.run is not None
    assert found.run.holds
    days = found.edible_chance[found.run.ready_from : found.run.eat_by + 1]
    assert min(days) >= 0.9
    assert found.run.ready_from <= found.run.best <= found.run.eat_by
    unsure = forecast(replace(PROFILES["mango"], keep=Spread(0.4, 0.4)), confidence=0.95)
    assert "below_confidence" in codes(unsure)
    assert unsure.run is None or not unsure.run.holds


def test_unripe_fruit_that_stands_no_cold_is_warned_about_in_a_fridge() -> None:
    for key in ("banana", "mango", "tomato", "papaya"):
        found = forecast(PROFILES[key], steps=steady_at(4.0))
        assert {"chilling_damage", "never_ready"} <= codes(found)
    assert "chilling_damage" not in codes(forecast(PROFILES["mango"], steps=read_steps("0:4,2:20")))
    assert "chilling_damage" not in codes(
        forecast(PROFILES["tomato"], stage=6, steps=steady_at(4.0))
    )
    assert "chilling_damage" in codes(forecast(PROFILES["orchid_dendrobium"], steps=steady_at(4.0)))
    for key in ("kiwifruit_green", "pear_european", "strawberry", "tulip"):
        assert "chilling_damage" not in codes(forecast(PROFILES[key], steps=steady_at(1.0)))


def test_heat_is_warned_about() -> None:
    assert "too_hot" in codes(forecast(PROFILES["mango"], steps=steady_at(31.0)))
    assert "too_hot" in codes(forecast(PROFILES["rose"], steps=read_steps("0:20,2:33")))
    assert "too_hot" not in codes(forecast(PROFILES["mango"], steps=steady_at(30.0)))
    assert "too_hot" not in codes(forecast(PROFILES["mango"], steps=read_steps("0:20,60:35")))


def test_tolerance_comes_from_what_was_seen_at_this_temperature_or_warmer() -> None:
    tomato = PROFILES["tomato"]
    assert [tolerance(tomato, c).days for c in (9.0, 6.0, 4.0, 2.0)] == [7.0, 7.0, 6.0, 3.0]
    honeydew = PROFILES["honeydew"]
    assert tolerance(honeydew, 4.0).source_id == "assumed"
    assert harm(tomato, [(3.0, 5.0), (3.0, 6.0), (9.0, 20.0)]) == pytest.approx(3 / 6 + 3 / 7)
    assert not is_too_cold(PROFILES["peach"], 0.0)
    assert is_too_cold(PROFILES["peach"], 5.0)
    for row in rows("chilling.csv"):
        assert row["key"] in PROFILES
        assert row["source_id"] in load_sources()


def test_storage_life_adds_up_over_steps() -> None:
    tulip = PROFILES["tulip"]
    cold = forecast(tulip, steps=steady_at(1.0)).storage_life_days
    warm = forecast(tulip, steps=steady_at(20.0)).storage_life_days
    assert cold is not None
    assert warm is not None
    assert warm < cold
    both = forecast(tulip, steps=Steps((0.0, cold / 2), (1.0, 20.0))).storage_life_days
    assert both == pytest.approx(cold / 2 + warm / 2)


def test_bananas_are_triggered_before_they_are_shipped_and_green_ones_were_left_alone() -> None:
    assert forecast(PROFILES["banana"]).treated
    green = [forecast(PROFILES["banana"], stage=1, treated=each) for each in (None, True, False)]
    days = [each.ready_days.p50 for each in green]
    assert days[0] == days[2]
    assert days[1] is not None
    assert days[2] is not None
    assert days[1] < days[2]
    assert not forecast(PROFILES["strawberry"]).treated


def test_a_vase_life_is_opening_and_display() -> None:
    found = forecast(PROFILES["tulip"])
    opening, display, whole = found.ready_days.p50, found.keep_days.p50, found.life_days.p50
    assert opening is not None
    assert display is not None
    assert whole == pytest.approx(opening + display, rel=0.03)
    lily = forecast(PROFILES["lily_oriental"])
    assert lily.florets is not None
    assert lily.florets.count > 1


@pytest.mark.parametrize("key", [key for key, each in PROFILES.items() if each.modelled])
def test_every_crop_with_a_model_has_a_forecast_with_its_sources(key: str) -> None:
    produce = PROFILES[key]
    found = forecast(produce)
    assert found.treated == usually_treated(produce)
    assert found.sources
    assert all(each.citation for each in found.sources)
    assert any(each.url.startswith("http") for each in found.sources)
    assert found.assumed
    assert max(found.edible_chance) > 0.3


def test_a_crop_without_a_model_says_why() -> None:
    bare = replace(PROFILES["pomelo"], why_not_modelled="no fact for the days it keeps")
    with pytest.raises(Refused, match="There is no forecast for pomelos: no fact for the days"):
        forecast(bare)


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"stage": 9}, "stage", "Stage of bananas: peel colour, 1 to 7, not “9”."),
        ({"confidence": 1.5}, "confidence", "confidence: 0.05 to 0.99, not 1.5."),
        ({"confidence": float("nan")}, "confidence", "confidence: 0.05 to 0.99, not nan."),
        ({"days": 0}, "days", "days: 1 to 120, not 0."),
        ({"days": 500}, "days", "days: 1 to 120, not 500."),
        ({"age_days": 99.0}, "age_days", "age_days: -60 to 60, not 99."),
    ],
)
def test_what_is_out_of_range_is_refused(
    wrong: dict[str, object], field: str, sentence: str
) -> None:
    with pytest.raises(Invalid) as refused:
        forecast(PROFILES["banana"], **wrong)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("banana", "banana"),
        ("Banana (Cavendish)", "banana"),
        ("bananas", "banana"),
        ("香蕉", "banana"),
        ("Avocado", "avocado_hass"),
        ("tulips", "tulip"),
        ("Lily Oriental", "lily_oriental"),
        ("straw", "strawberry"),
        ("carnation", "carnation"),
    ],
)
def test_produce_is_found_by_what_people_call_it(said: str, key: str) -> None:
    assert find_produce(said).key == key


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("mnago", "produce: there is no “mnago”. Did you mean mango?"),
        ("pear", "produce: there is no “pear”. Did you mean pear_european, pear_asian?"),
        ("猕猴桃", "produce: there is no “猕猴桃”. Did you mean kiwifruit_green, kiwifruit_gold?"),
        (
            "",
            "produce: there is no “” among 68 kinds; “ripeday windows --list” names them.",
        ),
        (
            "potatoe%",
            "produce: there is no “potatoe%” among 68 kinds; “ripeday windows --list” names them.",
        ),
    ],
)
def test_unknown_produce_is_refused_with_what_comes_close(said: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        find_produce(said)
    assert refused.value.field == "produce"
    assert str(refused.value) == sentence
