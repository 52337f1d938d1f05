"""Columns, marks and sentences are readings of one distribution and never contradict each other."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripening.advice import jobs, stage
from ripening.home import HOME_CLASSES
from ripening.lot_state import LotState
from ripening.produce import load_profiles, sellable_keys
from ripening.reading import Reading, height_of, mark_of, read
from ripening.window import best_day_chance, edible_chance, switch_day

PROFILES = load_profiles()
TUESDAY = dt.date(2026, 12, 1)
KINDS = {"unripe", "turning", "ripe", "keep", "past"}


def reading_of(key: str, age: float, home: int, mode: int, *, passed: int = 0) -> Reading:
    lots = [LotState(key, age, TUESDAY, 14.0, True)]
    return read(
        edible_chance(lots, profiles=PROFILES, delivery_on=TUESDAY)[0, home, mode],
        best_chance=best_day_chance(lots, profiles=PROFILES, delivery_on=TUESDAY)[0, home, mode],
        mode=mode,
        move_day=switch_day(
            lots[0], HOME_CLASSES[home], mode, profiles=PROFILES, delivery_on=TUESDAY
        ),
        planned_days={2},
        delivery_on=TUESDAY,
        is_flower=PROFILES[key].is_flower,
        today=TUESDAY + dt.timedelta(days=passed),
    )


readings = st.builds(
    reading_of,
    st.sampled_from(sellable_keys()),
    st.floats(-2.0, 12.0),
    st.integers(0, 7),
    st.integers(0, 2),
)


@given(readings)
def test_sentence_mark_and_column_never_contradict(reading: Reading) -> None:
    for column in reading.columns:
        assert column.kind in KINDS
        assert column.height == height_of(column.chance)
        if column.mark == "leaf":
            assert column.height >= 4
            assert column.kind in {"ripe", "keep"}
        if column.mark == "half":
            assert column.height >= 3
            assert column.kind in {"ripe", "keep"}
        if column.kind == "past":
            assert column.height == 0
            assert column.day > reading.best_day
        if column.kind in {"unripe", "turning"}:
            assert column.chance < 0.5
            assert column.day <= reading.best_day
    if reading.run is not None:
        first, last = reading.run
        inside = [reading.columns[day] for day in range(first, last + 1)]
        assert any(column.mark != "bare" for column in inside)
        assert 8 <= reading.in_ten <= 9
        if reading.kind == "run":
            assert last - first < 4
        if reading.kind == "any_day":
            assert all(column.mark == "leaf" for column in inside)
    else:
        assert reading.kind in {"unsure", "past", "never"}
        assert reading.in_ten == 0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=14), st.data())
def test_any_chances_at_all_can_be_read(chance: list[float], data: st.DataObject) -> None:
    share = st.floats(0, 1)
    best = [value * data.draw(share) / len(chance) for value in chance]
    reading = read(
        chance, best_chance=best, mode=0, move_day=None, planned_days=(), delivery_on=TUESDAY
    )
    assert len(reading.columns) == len(chance)
    assert str(reading.sentence)
    assert reading.in_ten <= 9


@given(st.floats(0, 1))
def test_a_taller_column_never_has_a_weaker_mark(chance: float) -> None:
    assert (mark_of(chance) == "bare") == (chance < 0.5)
    assert not (mark_of(chance) == "leaf" and height_of(chance) < 4)


def test_kept_items_are_striped_from_the_day_they_go_into_the_fridge() -> None:
    kinds = [column.kind for column in reading_of("kiwifruit_green", 0.0, 3, 2).columns]
    assert kinds[:5] == ["unripe", "unripe", "unripe", "keep", "keep"]


def test_the_planned_day_is_underlined_and_no_other() -> None:
    planned = [column.day for column in reading_of("banana", 0.0, 2, 0).columns if column.planned]
    assert planned == [2]


@pytest.mark.parametrize(
    ("key", "age", "short", "sentence"),
    [
        ("pear_european", 0.0, "Sun–Mon, 8 in 10", "Ready Sunday or Monday, in 8 homes of 10."),
        ("mandarin", 0.0, "any day until about 8\xa0December", None),
        ("tulip", 0.0, "In bloom from Thu", "In bud. It opens on Thursday or Friday."),
        ("raspberry", 0.0, "Tue–Wed, 9 in 10", "Good Tuesday and Wednesday, in 9 homes of 10."),
    ],
)
def test_people_read_what_a_greengrocer_would_say(
    key: str, age: float, short: str, sentence: str | None
) -> None:
    reading = reading_of(key, age, 2, 0)
    assert str(reading.short) == short
    assert sentence is None or str(reading.sentence) == sentence


def test_a_wide_distribution_is_not_dressed_up_as_a_date() -> None:
    chance = np.full(14, 0.45)
    reading = read(
        chance,
        best_chance=chance / 14,
        mode=0,
        move_day=None,
        planned_days=(),
        delivery_on=TUESDAY,
        today=dt.date(2026, 12, 3),
    )
    assert str(reading.sentence) == "Not sure yet. Look again on Friday."


def test_nothing_to_hope_for_is_past_or_was_never_possible() -> None:
    assert reading_of("peach", 12.0, 2, 0, passed=5).kind == "past"
    assert reading_of("banana", 0.0, 2, 1).kind == "never"


def test_jobs_come_in_the_order_a_fruit_asks_for_them() -> None:
    reading = reading_of("avocado_hass", 0.0, 3, 2)
    day = switch_day(
        LotState("avocado_hass", 0.0, TUESDAY, 14.0, True),
        HOME_CLASSES[3],
        2,
        profiles=PROFILES,
        delivery_on=TUESDAY,
    )
    found = jobs(PROFILES["avocado_hass"], reading, mode=2, move_day=day, delivery_on=TUESDAY)
    assert [job.kind for job in found] == ["squeeze", "fridge", "finish"]
    assert found[1].day == day
    assert str(found[1].heading) == "Put the avocados in the fridge"


@given(readings, st.sampled_from(sellable_keys()))
def test_no_job_falls_outside_the_days_it_is_about(reading: Reading, key: str) -> None:
    for job in jobs(PROFILES[key], reading, mode=0, move_day=None, delivery_on=TUESDAY):
        assert 0 <= job.day < 14
        assert reading.columns[job.day].chance >= 0.3


@pytest.mark.parametrize(
    ("key", "age", "kind", "words"),
    [
        ("banana", 0.0, "unripe", "stage 3, half yellow"),
        ("banana", 3.5, "ripe", "stage 5, yellow with green tips"),
        ("banana", -6.0, "unripe", "stage 1, all green"),
        ("avocado_hass", 0.0, "unripe", "firm"),
        ("avocado_hass", 5.0, "ripe", "ripe"),
        ("apple_fuji", 0.0, "ripe", "crisp, ready to eat"),
        ("tulip", 0.0, "unripe", "in bud"),
        ("tulip", 1.0, "turning", "half open"),
        ("rose", 20.0, "past", "faded"),
    ],
)
def test_stages_are_named_as_people_see_them(key: str, age: float, kind: str, words: str) -> None:
    found = stage(PROFILES[key], age)
    assert (found.kind, str(found.words)) == (kind, words)
