"""A customer's morning: what to eat today, what to do, and when it is due by their own wall clock.

Pure: boxes as calendars in, a digest (or nothing worth a mail) out.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from pendulum import Date, DateTime

from ripeday.kit.clock import instant, local_day
from ripening import advice
from ripening.reading import HALF
from subscriptions.at_home import AtHome, Kept
from subscriptions.eating_calendar import Item

HOURS = tuple(range(5, 23))
"""The hours of the day at which a digest may come."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What a morning's mail tells: what is planned for the day, what is good besides, flowers, small jobs."""

    on: dt.date
    eat: tuple[Kept, ...]
    also: tuple[Kept, ...]
    vase: tuple[Kept, ...]
    jobs: tuple[tuple[Item, advice.Job], ...]
    is_box_coming: bool
    home: AtHome


def digest_of(home: AtHome, *, is_box_coming: bool) -> Digest | None:
    """Return the digest of a day; None when there is nothing to eat and nothing to do.

    Flowers alone are worth a mail on the day they open.
    """
    eat = tuple(kept for kept in home.planned if kept.chance >= HALF and not kept.verdict)
    vase = tuple(kept for kept in home.vase if not kept.verdict)
    opening = any(kept.day == kept.item.planned_days[0] for kept in vase if kept.item.planned_days)
    if not (eat or home.jobs or opening or is_box_coming):
        return None
    also = tuple(kept for kept in home.good if not kept.verdict)
    return Digest(home.on, eat, also, vase, home.jobs, is_box_coming, home)


def hours_begun(
    since: DateTime, until: DateTime, *, timezone: str
) -> list[tuple[Date, Sequence[int]]]:
    """Return which wall-clock hours began after `since` and not after `until`: by day, in minutes after midnight.

    An hour that the spring change skips begins with the change, one that autumn repeats with its first showing.
    """
    found: list[tuple[Date, Sequence[int]]] = []
    day, last = local_day(since, timezone), local_day(until, timezone)
    while day <= last:
        minutes = [
            hour * 60 for hour in HOURS if since < instant(day, dt.time(hour), timezone) <= until
        ]
        if minutes:
            found.append((day, minutes))
        day = day.add(days=1)
    return found
