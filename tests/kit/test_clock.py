"""Wall-clock rules and the instants they give, through every kind of clock change."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeday.kit.clock import instant, local_day

ZONES = (
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Pacific/Apia",
    "Asia/Shanghai",
)


@pytest.mark.parametrize(
    ("on", "wall", "zone", "expected"),
    [
        ("2026-11-29", "20:00", "Europe/Berlin", "2026-11-29T19:00:00+00:00"),
        ("2026-11-29", "20:00", "Asia/Shanghai", "2026-11-29T12:00:00+00:00"),
        # 02:30 does not exist: the cut-off comes at the change itself, 02:00 = 03:00.
        ("2026-03-29", "02:30", "Europe/Berlin", "2026-03-29T01:00:00+00:00"),
        # 02:30 comes twice: the first one counts.
        ("2026-10-25", "02:30", "Europe/Berlin", "2026-10-25T00:30:00+00:00"),
        # Lord Howe moves by half an hour.
        ("2026-10-04", "02:15", "Australia/Lord_Howe", "2026-10-03T15:30:00+00:00"),
        # Samoa had no 30 December 2011: the wall time counts from the end of the 29th.
        ("2011-12-30", "12:00", "Pacific/Apia", "2011-12-30T10:00:00+00:00"),
    ],
)
def test_a_wall_time_becomes_an_instant(on: str, wall: str, zone: str, expected: str) -> None:
    found = instant(dt.date.fromisoformat(on), dt.time.fromisoformat(wall), zone)

    assert found == dt.datetime.fromisoformat(expected)


@given(
    st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31)),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.sampled_from(ZONES),
)
def test_a_cut_off_never_comes_after_its_wall_time(on: dt.date, wall: dt.time, zone: str) -> None:
    found = instant(on, wall, zone)
    shown = found.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    wanted = dt.datetime.combine(on, wall)

    just_before = (found - dt.timedelta(minutes=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert shown == wanted or just_before < wanted < shown


@given(st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 20)), st.sampled_from(ZONES))
def test_there_is_one_cut_off_a_week_and_weeks_keep_their_order(on: dt.date, zone: str) -> None:
    this, following = (instant(on + dt.timedelta(days=d), dt.time(20), zone) for d in (0, 7))

    assert dt.timedelta(days=6) < following - this < dt.timedelta(days=8)


def test_the_day_is_the_one_people_have() -> None:
    at = dt.datetime(2026, 11, 22, 17, tzinfo=dt.UTC)

    assert local_day(at, "Asia/Shanghai") == dt.date(2026, 11, 23)
    assert local_day(at, "Europe/Berlin") == dt.date(2026, 11, 22)
