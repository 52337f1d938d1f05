"""The cut-off in words: how long a box is still the customer's to change, always by the round's own wall clock."""

import datetime as dt
from dataclasses import dataclass

from pendulum import Date, DateTime

from ripeday.kit.clock import local_day
from ripeday.kit.text import Message, marked, message, plural
from ripening.reading import day_words, weekday_name_words

_EVENING_HOUR = 18
_HOUR_S = 3600
_MINUTE_S = 60
_SMALL_NUMBERS = {
    2: marked("two"),
    3: marked("three"),
    4: marked("four"),
    5: marked("five"),
    6: marked("six"),
    7: marked("seven"),
    8: marked("eight"),
    9: marked("nine"),
}


@dataclass(frozen=True, slots=True)
class CutoffWords:
    """A sentence about a cut-off.

    `said` has the value `when` ("Sunday, 8 pm"), also given by itself so that a page can mark it up; `refresh_s` is how
    often the sentence changes now, absent while it is days away.
    """

    said: Message
    when: Message
    cutoff_at: DateTime
    is_closed: bool
    refresh_s: int | None


def cutoff_words(cutoff_at: DateTime, *, now: DateTime, timezone: str) -> CutoffWords:
    """Say until when a box may be changed, or since when no more.

    Parameters
    ----------
    cutoff_at, now
        Instants. At the cut-off itself it is too late.
    timezone
        Where the round's wall clock hangs.
    """
    left_s = int((cutoff_at - now).total_seconds())
    today, day = local_day(now, timezone), local_day(cutoff_at, timezone)
    wall = cutoff_at.in_timezone(timezone).time()
    if now >= cutoff_at:
        when = _since(day, wall, (today - day).days)
        said = message("Closed since {when}. It is being packed.", when=when)
        return CutoffWords(said, when, cutoff_at, is_closed=True, refresh_s=None)
    days = (day - today).days
    when = message("tomorrow, {time}", time=wall) if days == 1 else _at(day, wall, days)
    if left_s < 3 * _HOUR_S:
        clock = message("{time}", time=wall)
        said = _counted(left_s, clock)
        return CutoffWords(said, clock, cutoff_at, is_closed=False, refresh_s=_MINUTE_S)
    if days < 2:
        said = message("Yours to change until {when}.", when=when)
    else:
        said = plural(
            "Yours to change until {when}. That is one day from now.",
            "Yours to change until {when}. That is {days} days from now.",
            days,
            when=when,
            days=_number(days),
        )
    return CutoffWords(said, when, cutoff_at, is_closed=False, refresh_s=None)


def _counted(left_s: int, when: Message) -> Message:
    """Return the last three hours in hours, the last one in minutes, rounded down but never to none."""
    if left_s >= _HOUR_S:
        hours = left_s // _HOUR_S
        return plural(
            "Yours to change for one more hour, until {when}.",
            "Yours to change for {hours} more hours, until {when}.",
            hours,
            when=when,
            hours=_number(hours),
        )
    return plural(
        "Yours to change for one more minute, until {when}.",
        "Yours to change for {n} more minutes, until {when}.",
        max(left_s // _MINUTE_S, 1),
        when=when,
    )


def _since(day: Date, wall: dt.time, days_ago: int) -> Message:
    """Return a moment gone by."""
    if days_ago == 0:
        return message("today, {time}", time=wall)
    if days_ago == 1:
        return message("yesterday, {time}", time=wall)
    return _at(day, wall, days_ago)


def _at(day: Date, wall: dt.time, days_away: int) -> Message:
    """Return the day and the hour; a weekday alone only while it cannot mean another week."""
    if days_away == 0 and wall.hour >= _EVENING_HOUR:
        return message("tonight, {time}", time=wall)
    if days_away == 0:
        return message("today, {time}", time=wall)
    if days_away > 6:
        return message(
            "{weekday} {day}, {time}",
            weekday=weekday_name_words(day),
            day=day_words(day),
            time=wall,
        )
    return message("{weekday}, {time}", weekday=weekday_name_words(day), time=wall)


def _number(n: int) -> Message:
    """Return "three", and figures from ten on."""
    return message(_SMALL_NUMBERS[n]) if n in _SMALL_NUMBERS else message("{number}", number=n)
