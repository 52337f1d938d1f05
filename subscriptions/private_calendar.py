"""A household's days as entries of somebody's own calendar: when a box comes, and what to eat on which day.

Pure: boxes with their eating calendars and deliveries to come in, entries out; they get a language where the calendar
is written.
"""

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from ripeday.kit.text import Message, message
from ripening.reading import HALF, MOST_IN_TEN, in_ten_words
from subscriptions.at_home import Kept
from subscriptions.eating_calendar import Day, EatingCalendar, Item
from subscriptions.notice.digest import place_words
from subscriptions.today_wording import names_words, portion_words


@dataclass(frozen=True, slots=True)
class Coming:
    """A delivery: of a box with its contents, or of one that is not planned yet.

    The cut-off is a local day and a wall-clock time; once it is past nothing is said of it.
    """

    subscription_id: UUID
    on: dt.date
    merchant: str
    items: tuple[Item, ...] = ()
    cutoff: tuple[dt.date, dt.time] | None = None
    box_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One whole day in a calendar; `path` leads to its page. What may still change is tentative."""

    key: str
    on: dt.date
    summary: Message
    lines: tuple[Message, ...]
    path: str
    is_tentative: bool


def delivery_entry(coming: Coming) -> Entry:
    """Return the entry of a day on which a box comes."""
    lines = [item.amount for item in coming.items]
    if coming.cutoff:
        day, time = coming.cutoff
        lines.append(message("Yours to change until {day}, {time}.", day=day, time=time))
    return Entry(
        f"delivery.{coming.subscription_id}.{coming.on.isoformat()}",
        coming.on,
        message("Your box comes: {merchant}", merchant=coming.merchant),
        tuple(lines),
        f"/boxes/{coming.box_id}" if coming.box_id else "/boxes",
        is_tentative=coming.cutoff is not None,
    )


def day_entries(
    calendars: Iterable[EatingCalendar], *, open_boxes: Mapping[int, bool], since: dt.date
) -> list[Entry]:
    """Return an entry for each day with something to eat, in bloom or to do.

    Parameters
    ----------
    open_boxes
        By the place of a calendar, whether its box can still be changed.
    since
        The first day wanted.
    """
    by_day: dict[dt.date, list[tuple[EatingCalendar, Day, bool]]] = {}
    for place, calendar in enumerate(calendars):
        for day in calendar.days:
            if day.on >= since:
                by_day.setdefault(day.on, []).append((calendar, day, open_boxes[place]))
    entries = (_day_entry(on, found) for on, found in sorted(by_day.items()))
    return [entry for entry in entries if entry is not None]


def _day_entry(on: dt.date, found: Sequence[tuple[EatingCalendar, Day, bool]]) -> Entry | None:
    kept = [
        Kept(item, calendar, day.number)
        for calendar, day, _ in found
        for item in (*day.items, *day.blooms)
    ]
    jobs = [job for _, day, _ in found for _, job in day.jobs]
    if not kept and not jobs:
        return None
    lines = [_line(each) for each in kept]
    lines += [message("{what}. {why}", what=job.heading, why=job.detail) for job in jobs]
    summary = _summary(kept) if kept else jobs[0].heading
    is_open = all(each for _, _, each in found)
    path = f"/calendar/{on.isoformat()}"
    return Entry(f"day.{on.isoformat()}", on, summary, tuple(lines), path, is_tentative=is_open)


def _summary(kept: Sequence[Kept]) -> Message:
    fruit = [each for each in kept if not each.item.is_flower]
    if not fruit:
        return message("In bloom: {what}", what=names_words(_once(each.item.name for each in kept)))
    likely = [each for each in fruit if each.chance >= HALF]
    names = names_words(
        _once(portion_words(each.item.produce, each.pieces_today) for each in likely or fruit)
    )
    return message("Eat {what}", what=names) if likely else message("Perhaps {what}", what=names)


def _once(names: Iterable[Message]) -> list[Message]:
    return list({str(name): name for name in names}.values())


def _line(kept: Kept) -> Message:
    in_ten = min(math.floor(10 * kept.chance + 1e-9), MOST_IN_TEN)
    place = place_words(in_ten_words(in_ten), kept.place)
    return message("{units}: {when}", units=kept.item.name, when=place)
