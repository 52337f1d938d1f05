"""What lies in the kitchen on a day: what is left, where it lies, what begins next."""

import datetime as dt
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from ripening.produce import load_profiles
from subscriptions.at_home import JOBS_MOST, AtHome, at_home
from subscriptions.eating_calendar import EatingCalendar, HeldLine, eating_calendar

PROFILES = load_profiles()
TUESDAY = dt.date(2026, 12, 1)
WEEK = 7


def held(
    key: str,
    eat: list[int],
    *,
    units: int = 4,
    mode: int = 0,
    move_day: int | None = None,
    chance: list[float] | None = None,
) -> HeldLine:
    days = [day for day, portions in enumerate(eat) if portions] or [0]
    return HeldLine(
        uuid4(), uuid4(), "L-1", key, units, mode, move_day, days[0], days[-1], eat,
        chance or [0.9 if day in days else 0.1 for day in range(WEEK)], [1 / WEEK] * WEEK,
    )  # fmt: skip


def calendar(*lines: HeldLine, flowers: bool = False) -> EatingCalendar:
    return eating_calendar(
        lines,
        profiles=PROFILES,
        delivery_on=TUESDAY,
        horizon_days=WEEK,
        wants_fruit=not flowers,
        wants_flowers=flowers,
    )


def on_day(day: int, *lines: HeldLine) -> AtHome:
    return at_home([calendar(*lines)], TUESDAY + dt.timedelta(days=day))


def test_what_was_eaten_on_its_days_is_no_longer_there() -> None:
    bananas = held("banana", [2, 2, 0, 0, 0, 0, 0], units=4)

    assert [on_day(day, bananas).planned[0].pieces_left for day in (0, 1)] == [4, 2]
    assert on_day(2, bananas) == AtHome(TUESDAY + dt.timedelta(days=2), (), (), (), (), (), ())


def test_fruit_that_waits_in_the_fridge_comes_out_on_its_day_and_says_so() -> None:
    avocados = held(
        "avocado_hass", [0, 0, 0, 0, 0, 1, 1], mode=3, move_day=3, chance=[0.0] * 5 + [0.9] * 2
    )
    item = calendar(avocados).items[0]

    places = {day: on_day(day, avocados).coming[0].place for day in (0, 2, 3, 4)}

    assert places == {0: "fridge", 2: "fridge", 3: "counter", 4: "counter"}
    assert str(item.handling) == "In the fridge until Friday, then on the counter."
    assert [(job.day, job.kind) for job in item.jobs if job.kind != "squeeze"] == [
        (0, "fridge"),
        (3, "counter"),
    ]
    assert [column.kind for column in item.reading.columns[:4]] == ["unripe"] * 4


def test_fruit_lies_on_the_counter_until_the_day_it_moves() -> None:
    kiwifruit = held(
        "kiwifruit_green", [0, 0, 1, 1, 1, 1, 0], mode=2, move_day=3, chance=[0.9] * WEEK
    )

    places = [
        (home.planned or home.good)[0].place for home in (on_day(d, kiwifruit) for d in (2, 3))
    ]
    assert places == ["counter", "fridge"]


def test_what_is_ripe_but_meant_for_later_is_good_today_and_not_missing_tomorrow() -> None:
    bananas = held("banana", [1, 0, 0, 0, 0, 0, 0], units=1)
    apples = held("apple_fuji", [0, 1, 1, 1, 1, 1, 1], units=6, chance=[0.95] * WEEK)

    home = on_day(0, bananas, apples)

    assert [kept.item.produce.key for kept in home.planned] == ["banana"]
    assert [kept.item.produce.key for kept in home.good] == ["apple_fuji"]
    assert home.then is not None
    assert home.then[0] == TUESDAY + dt.timedelta(days=1)


def test_a_box_that_does_not_reach_the_day_has_nothing() -> None:
    assert on_day(-1, held("banana", [1] * WEEK)).planned == ()
    assert on_day(WEEK, held("banana", [1] * WEEK)).planned == ()


def test_flowers_in_bloom_stand_in_the_vase_and_buds_are_to_come() -> None:
    tulips = held("tulip", [0] * WEEK, units=1, chance=[0.1, 0.9, 0.9, 0.9, 0.9, 0.2, 0.1])
    days = [
        at_home([calendar(tulips, flowers=True)], TUESDAY + dt.timedelta(days=d)) for d in (0, 1, 6)
    ]

    assert [(len(home.coming), len(home.vase)) for home in days] == [(1, 0), (0, 1), (0, 0)]
    assert days[1].vase[0].place == "vase"


@given(st.lists(st.integers(0, 3), min_size=WEEK, max_size=WEEK), st.integers(1, 6))
def test_pieces_left_never_grow_and_cover_what_is_eaten_today(eat: list[int], units: int) -> None:
    line = held("banana", eat, units=max(units, sum(eat)), chance=[0.9] * WEEK)
    left = []
    for day in range(WEEK):
        home = on_day(day, line)
        for kept in (*home.planned, *home.good):
            left.append(kept.pieces_left)
            assert kept.pieces_today <= kept.pieces_left <= line.units

    assert left == sorted(left, reverse=True)


@given(st.lists(st.sampled_from(["banana", "pear_european", "mango", "plum"]), max_size=8))
def test_nobody_has_more_than_three_jobs(keys: list[str]) -> None:
    lines = [held(key, [1, 1, 0, 0, 0, 0, 0], mode=1) for key in keys]

    for day in range(WEEK):
        jobs = on_day(day, *lines).jobs
        assert len(jobs) <= JOBS_MOST
        order = [("finish", "fridge", "squeeze").index(job.kind) for _, job in jobs]
        assert order == sorted(order)
