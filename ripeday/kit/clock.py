"""The one place that asks what time it is, and local wall-clock rules turned into instants.

Below the entrypoints time is an argument. Entrypoints hold a `Clock`; a farm started for another day (`--as-of`)
runs on the real clock shifted by a fixed number of seconds.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

import pendulum
from pendulum import Date, DateTime


class Clock(Protocol):
    """Tells the time to entrypoints."""

    def now(self) -> DateTime:
        """Return the present instant in UTC."""
        ...


@dataclass(frozen=True, slots=True)
class ShiftedClock:
    """The machine's clock, `shift_s` seconds ahead (0: the true time)."""

    shift_s: int = 0

    def now(self) -> DateTime:
        """Return the present instant in UTC."""
        return pendulum.now("UTC").add(seconds=self.shift_s)


def instant(on: dt.date, wall: dt.time, timezone: str) -> DateTime:
    """Return the UTC instant at which the wall clock in `timezone` shows `wall` on day `on`.

    A time that the spring change skips counts from the moment of the change (02:30 becomes 03:00);
    of a time that autumn repeats, the first one counts. So a cut-off never comes later than its
    wall time says.
    """
    naive = dt.datetime.combine(on, wall)
    first = naive.replace(tzinfo=pendulum.timezone(timezone), fold=0)
    as_utc = first.astimezone(dt.UTC)
    if as_utc.astimezone(first.tzinfo).replace(tzinfo=None) != naive:
        as_utc = _change_between(as_utc, timezone)
    return pendulum.instance(as_utc).in_timezone("UTC")


def _change_between(inside_gap: dt.datetime, timezone: str) -> dt.datetime:
    """Return the instant of the clock change nearest to a local time that does not exist."""
    zone = pendulum.timezone(timezone)
    low, high = inside_gap - dt.timedelta(hours=26), inside_gap + dt.timedelta(hours=26)
    before = low.astimezone(zone).utcoffset()
    while high - low > dt.timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def local_day(at: dt.datetime, timezone: str) -> Date:
    """Return the calendar day that people in `timezone` have at the instant `at`."""
    local = pendulum.instance(at).in_timezone(timezone)
    return Date(local.year, local.month, local.day)


def as_date(day: dt.date) -> Date:
    """Return a pendulum day for a plain one (as databases give them)."""
    return Date(day.year, day.month, day.day)
