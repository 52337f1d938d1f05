"""A day strip: what one cell shows, and how it is read aloud."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from ripeday.kit.text import Message, marked, message

_CHANCE = {
    "leaf": marked("{what}, likely"),
    "half": marked("{what}, perhaps"),
    "bare": marked("nothing ripe"),
}


@dataclass(frozen=True, slots=True)
class StripDay:
    """One day of a strip.

    `picture` is the produce planned for the day, `mark` leaf (8 in 10 or better), half (5 to 8) or bare; `when` is
    past, today or ahead; `said` is the cell in words, after its weekday and number; `href` leads to that day.
    """

    on: dt.date
    picture: str | None
    mark: str
    when: str
    said: Message
    href: str | None = None
    is_flower: bool = False


def strip_day(
    on: dt.date,
    *,
    picture: str | None,
    what: Message | None,
    mark: str,
    today: dt.date | None = None,
    href: str | None = None,
    is_flower: bool = False,
) -> StripDay:
    """Return the cell of a day; without a picture, or with too small a chance, it is bare."""
    mark = mark if picture and what else "bare"
    when = "ahead" if today is None or on > today else "today" if on == today else "past"
    said = message(_CHANCE[mark]) if mark == "bare" else message(_CHANCE[mark], what=what)
    return StripDay(on, picture, mark, when, said, href, is_flower)


def bare_days(strip: Iterable[StripDay]) -> tuple[dt.date, ...]:
    """Return the days to come on which nothing is ripe."""
    return tuple(day.on for day in strip if day.mark == "bare" and day.when != "past")
