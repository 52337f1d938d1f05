"""Stages as the trade names them, and the ages they stand for."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeday.kit.errors import Invalid
from ripening.advice import stage as told
from ripening.fact import facts_of, load_sources, rows
from ripening.produce import Produce, load_profiles
from ripening.spread import Spread
from ripening.stage import (
    NEWTONS,
    age_of_stage,
    read_stage,
    scale_words,
    stage_of_age,
    stage_scale,
    stage_words,
)

PROFILES = load_profiles()
MODELLED = [key for key, produce in PROFILES.items() if produce.modelled]
FIRM = [key for key in PROFILES if stage_scale(PROFILES[key]).unit]


def with_times(key: str, ready: float, keep: float) -> Produce:
    """A crop whose own times are these. [days at 20 °C]"""
    time, kept = Spread(ready, 0.1), Spread(keep, 0.1)
    return replace(PROFILES[key], ready=time, ready_untreated=time, keep=kept)


def test_every_crop_has_a_scale_with_sources() -> None:
    known = {*load_sources(), "label", "derived"}
    for row in (*rows("stages.csv"), *rows("scales.csv")):
        assert row["source_id"].removeprefix("derived<") in known
    for produce in PROFILES.values():
        scale = stage_scale(produce)
        assert len(scale.words) >= 2
        assert scale.low <= scale.dispatch <= scale.high
        assert scale.low <= scale.edible <= scale.high


def test_banana_stages_follow_their_published_room_lives() -> None:
    banana = with_times("banana", 2.0, 4.0)

    def room_life(colour: int) -> float:
        (fact,) = facts_of("banana", f"room_life_from_stage_{colour}", chosen=True)
        return ((fact.low or 0.0) + (fact.high or 0.0)) / 2

    for colour in range(1, 8):
        age = age_of_stage(banana, colour, treated=False)
        assert age == pytest.approx(room_life(3) - room_life(colour))


def test_a_sunflower_takes_its_published_days_from_stage_to_stage() -> None:
    sunflower = with_times("sunflower", 2.5, 6.0)
    ages = [age_of_stage(sunflower, number, treated=True) for number in (1, 2, 3, 4)]
    assert ages == pytest.approx([-2.5, 0.0, 2.5, 8.5])


def test_firmness_falls_log_linearly_between_the_published_points() -> None:
    peach = with_times("peach", 1.5, 1.5)
    assert age_of_stage(peach, 7, treated=True) == pytest.approx(0.0)
    assert age_of_stage(peach, (7 * 4) ** 0.5, treated=True) == pytest.approx(0.75)
    assert age_of_stage(peach, 4, treated=True) == pytest.approx(1.5)
    assert age_of_stage(peach, (4 * 2) ** 0.5, treated=True) == pytest.approx(2.25)
    assert age_of_stage(peach, 2, treated=True) == pytest.approx(3.0)


@pytest.mark.parametrize("key", MODELLED)
def test_dispatch_edible_and_past_stand_where_the_crop_has_them(key: str) -> None:
    produce = PROFILES[key]
    scale = stage_scale(produce)
    for treated in (True, False):
        ready, keep = produce.ready_spread(treated=treated).mean, produce.keep_spread().mean
        assert age_of_stage(produce, scale.dispatch, treated=treated) == pytest.approx(0.0)
        assert age_of_stage(produce, scale.edible, treated=treated) == pytest.approx(ready)
        if scale.past is not None and ready + keep < 60:
            past = age_of_stage(produce, scale.past, treated=treated)
            assert past == pytest.approx(ready + keep)


@given(st.sampled_from(MODELLED), st.booleans())
def test_riper_stages_are_older(key: str, treated: bool) -> None:
    produce = PROFILES[key]
    ages = [age_of_stage(produce, p.stage, treated=treated) for p in stage_scale(produce).points]
    assert ages == sorted(ages)


@given(st.sampled_from(sorted({*MODELLED} - {"persimmon_nonastringent"})), st.floats(0, 1))
def test_the_stage_of_an_age_is_its_inverse(key: str, part: float) -> None:
    produce = PROFILES[key]
    scale = stage_scale(produce)
    stage = scale.low + part * (scale.high - scale.low)
    age = age_of_stage(produce, stage, treated=True)
    if abs(age) < 60:
        assert stage_of_age(produce, age, treated=True) == pytest.approx(stage, rel=1e-6)


@given(st.sampled_from(FIRM), st.floats(0.01, 0.99), st.sampled_from(sorted(NEWTONS)))
def test_units_change_nothing(key: str, part: float, unit: str) -> None:
    produce = PROFILES[key]
    scale = stage_scale(produce)
    firmness = scale.low + part * (scale.high - scale.low)
    same = firmness * NEWTONS[scale.unit] / NEWTONS[unit]
    assert read_stage(produce, f"{same:.9f} {unit}") == pytest.approx(firmness, rel=1e-5)


@pytest.mark.parametrize(
    ("key", "said", "stage"),
    [
        ("banana", "4", 4.0),
        ("banana", " Half yellow ", 3.0),
        ("tomato", "4 (pink)", 4.0),
        ("tomato", "pink", 4.0),
        ("papaya", "3/4", 0.75),
        ("papaya", "75 %", 0.75),
        ("papaya", "1/4 to 1/2 yellow", 0.375),
        ("strawberry", "full red", 1.0),
        ("grape", "ripe", 1.0),
        ("rose", "Half Open", 3.0),
        ("rose", "open", 4.0),
        ("fig", "soft", 4.0),
        ("kiwifruit_green", "13.3447 N", 3.0),
    ],
)
def test_a_stage_can_be_said_in_several_ways(key: str, said: str, stage: float) -> None:
    assert read_stage(PROFILES[key], said) == pytest.approx(stage, rel=1e-4)


@pytest.mark.parametrize(
    ("key", "said", "sentence"),
    [
        ("banana", "9", "Stage of bananas: peel colour, 1 to 7, not “9”."),
        ("banana", 0.5, "Stage of bananas: peel colour, 1 to 7, not “0.5”."),
        ("banana", "nan", "Stage of bananas: peel colour, 1 to 7, not “nan”."),
        ("banana", "4 lbf", "Stage of bananas: peel colour, 1 to 7, not “4 lbf”."),
        ("papaya", "3/0", "Stage of papayas: part of the skin that is yellow, 0 to 1, not “3/0”."),
        ("peach", "40", "Stage of peaches: flesh firmness, 1 to 18 lbf, not “40”."),
        (
            "mango",
            "hrad",
            (
                "Stage of mangoes: softness: hard, firm, turning, ripe, very soft, not “hrad”. "
                "Did you mean “hard”?"
            ),
        ),
        ("gerbera", "bud", "Stage of gerberas: bloom: just open, full bloom, faded, not “bud”."),
    ],
)
def test_a_stage_off_the_scale_is_refused(key: str, said: str | float, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_stage(PROFILES[key], said)
    assert refused.value.field == "stage"
    assert str(refused.value) == sentence


def test_not_a_number_is_on_no_scale() -> None:
    for value in (float("nan"), float("inf")):
        with pytest.raises(Invalid):
            age_of_stage(PROFILES["peach"], value, treated=True)


def test_stages_are_said_as_the_trade_says_them() -> None:
    assert str(stage_words(PROFILES["banana"], 4.2)) == "4.2, more yellow than green"
    assert str(stage_words(PROFILES["peach"], 4)) == "4 lbf"
    assert str(stage_words(PROFILES["tulip"], 2.0)) == "bud"
    assert str(scale_words(PROFILES["avocado_hass"])) == "flesh firmness, 1 to 300 N"


def test_a_banana_is_told_by_the_colour_it_has_reached() -> None:
    banana = PROFILES["banana"]
    for colour, words in ((2, "stage 2, green with a trace of yellow"), (5, "yellow with green")):
        age = age_of_stage(banana, colour, treated=True)
        assert words in str(told(banana, age).words)


def test_greener_stages_stretch_with_the_days_until_ripe() -> None:
    green = [
        age_of_stage(with_times("tomato", ready, 7.0), 2, treated=True) for ready in (3.0, 6.0)
    ]
    assert green[1] == pytest.approx(2 * green[0])
    assert green[0] < 0


def test_ethylene_brings_a_green_banana_on_within_days() -> None:
    """From all green to colour 4 in 3 to 5 days at 20 °C, where untouched ones take over a week."""
    banana = PROFILES["banana"]
    assert banana.ready is not None
    started = banana.ready.mean - age_of_stage(banana, 1, treated=True)
    alone = banana.ready.mean - age_of_stage(banana, 1, treated=False)
    assert 3.0 <= started <= 5.0
    assert alone > 7.0
    age = age_of_stage(banana, 2, treated=True)
    assert stage_of_age(banana, age, treated=True) == pytest.approx(2.0)
