"""Private calendars as RFC 5545 writes them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from icalendar import Calendar, Event, vDuration

from subscriptions.adapters.calendar_store import Edition

MEDIA_TYPE = "text/calendar"
REFRESHED_EVERY = dt.timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class WrittenEntry:
    """An entry in the reader's language, with its edition."""

    uid: str
    on: dt.date
    summary: str
    description: str
    url: str
    is_tentative: bool
    edition: Edition


def write_calendar(name: str, language: str, entries: Sequence[WrittenEntry]) -> bytes:
    """Return the calendar; the same entries give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Ripeday//Private calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", name, parameters={"LANGUAGE": language})
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESHED_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESHED_EVERY))
    for entry in entries:
        calendar.add_component(_event(entry, language))
    written: bytes = calendar.to_ical(sorted=False)
    return written


def _event(entry: WrittenEntry, language: str) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.edition.changed_at)
    event.add("last-modified", entry.edition.changed_at)
    event.add("sequence", entry.edition.sequence)
    event.add("dtstart", entry.on)
    event.add("dtend", entry.on + dt.timedelta(days=1))
    event.add("summary", entry.summary, parameters={"LANGUAGE": language})
    if entry.description:
        event.add("description", entry.description, parameters={"LANGUAGE": language})
    event.add("url", entry.url)
    event.add("status", "TENTATIVE" if entry.is_tentative else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event
