"""When a morning's mail is due, by the clock on the wall, whatever the clocks do that night."""

import datetime as dt

import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendulum import Date, DateTime

from ripeday.kit.clock import instant
from subscriptions.digest import HOURS, hours_begun

ZONES = (
    "Europe/Berlin", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca",
    "Pacific/Apia", "Asia/Shanghai", "Asia/Kathmandu",
)  # fmt: skip
STEP = dt.timedelta(minutes=15)
QUARTERS = st.integers(0, 365 * 96 * 3)
BEGIN = pendulum.datetime(2025, 12, 31, tz="UTC")


def begun(since: DateTime, until: DateTime, zone: str) -> list[tuple[Date, int]]:
    return [
        (day, minute)
        for day, minutes in hours_begun(since, until, timezone=zone)
        for minute in minutes
    ]


@given(
    zone=st.sampled_from(ZONES), start=QUARTERS, steps=st.lists(st.integers(1, 200), max_size=40)
)
def test_each_hour_of_each_day_begins_exactly_once_however_often_one_looks(
    zone: str, start: int, steps: list[int]
) -> None:
    at = BEGIN.add(minutes=15 * start)
    first, found = at, []
    for step in steps:
        later = at.add(minutes=15 * step)
        found += begun(at, later, zone)
        at = later

    assert len(found) == len(set(found))
    assert found == begun(first, at, zone)
    for day, minute in found:
        assert first < instant(day, dt.time(minute // 60), zone) <= at
        assert minute // 60 in HOURS


@given(zone=st.sampled_from(ZONES), day=st.dates(dt.date(2026, 1, 2), dt.date(2028, 1, 1)))
def test_every_day_has_every_hour_that_may_be_chosen(zone: str, day: dt.date) -> None:
    on = Date(day.year, day.month, day.day)
    since, until = instant(on, dt.time(0), zone), instant(on.add(days=1), dt.time(0), zone)
    assert begun(since.subtract(minutes=15), until, zone) == [(on, hour * 60) for hour in HOURS]


@pytest.mark.parametrize(
    ("day", "utc_hour"),
    [("2026-03-28", 6), ("2026-03-29", 5), ("2026-10-24", 5), ("2026-10-25", 6)],
)
def test_seven_in_the_morning_stays_seven_when_the_clocks_change(day: str, utc_hour: int) -> None:
    on = Date.fromisoformat(day)
    at = pendulum.datetime(on.year, on.month, on.day, utc_hour, tz="UTC")
    assert (on, 420) in begun(at.subtract(minutes=15), at, "Europe/Berlin")
    assert begun(at, at.add(minutes=15), "Europe/Berlin") == []
