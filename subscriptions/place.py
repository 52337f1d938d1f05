"""Where the boxes of a subscription go: a door or a pick-up stop, for good or for a span of days. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from ripeday.kit.text import Message, Named, message

LONGEST_DAYS = 183
"""Another place is for half a year at most; what is longer is for good."""


@dataclass(frozen=True, slots=True)
class Door:
    """Somebody's door."""

    street: str
    city: str
    postcode: str
    note: str | None = None

    @property
    def words(self) -> Message:
        """Return it on one line."""
        return message(
            "{street}, {postcode} {city}",
            street=self.street,
            postcode=self.postcode,
            city=self.city,
        )


@dataclass(frozen=True, slots=True)
class StopPlace:
    """A stop at which people fetch their boxes; who fetches there knows the access note, nobody else."""

    id: UUID
    name: str
    name_zh: str
    street: str
    city: str
    postcode: str
    hours: str
    hours_zh: str
    access_note: str | None
    is_open: bool

    @property
    def named(self) -> Named:
        """Return its name in both languages."""
        return Named(self.name, self.name_zh)

    @property
    def open_hours(self) -> Named:
        """Return when boxes can be fetched, in both languages."""
        return Named(self.hours, self.hours_zh)

    @property
    def door(self) -> Door:
        """Return where it is."""
        return Door(self.street, self.city, self.postcode)

    @property
    def words(self) -> Message:
        """Return its name and where it is."""
        return message("{stop}, {address}", stop=self.named, address=self.door.words)


Place = Door | StopPlace


@dataclass(frozen=True, slots=True)
class PlaceSpan:
    """Another place for the boxes of `[from_on, until_on)`."""

    from_on: dt.date
    until_on: dt.date
    place: Place


@dataclass(frozen=True, slots=True)
class Places:
    """Where the boxes of a subscription go.

    Parameters
    ----------
    home
        The household's own door; None when it has given none, because it fetches its boxes.
    standing
        The stop at which it fetches them as a rule; None when they come to its door.
    spans
        Other places for a while. No two of them share a day.
    """

    home: Door | None
    standing: StopPlace | None
    spans: tuple[PlaceSpan, ...] = ()

    @property
    def usual(self) -> Place | None:
        """Return where boxes go as a rule."""
        return self.standing or self.home

    def span_on(self, on: dt.date) -> PlaceSpan | None:
        """Return what is other about the place on a day, if anything is."""
        return next((each for each in self.spans if each.from_on <= on < each.until_on), None)

    def on(self, on: dt.date) -> Place | None:
        """Return where the box of a day goes."""
        span = self.span_on(on)
        return self.usual if span is None else span.place

    def touching(self, from_on: dt.date, until_on: dt.date) -> PlaceSpan | None:
        """Return the first other place that shares a day with a span."""
        found = (each for each in self.spans if each.from_on < until_on and from_on < each.until_on)
        return min(found, key=lambda each: each.from_on, default=None)

    def as_usual(self, days: Sequence[dt.date]) -> list[dt.date]:
        """Return the days on which boxes go to the usual place."""
        return [on for on in days if self.span_on(on) is None]


class HowLong(StrEnum):
    """For how long another place is wished for."""

    ONCE = "once"
    SPAN = "span"
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Wish:
    """Where the boxes from a day on should go, and until when: `until_on` is None for good."""

    place: Place
    from_on: dt.date
    until_on: dt.date | None

    def covers(self, on: dt.date) -> bool:
        """Tell whether it is about a day."""
        return self.from_on <= on and (self.until_on is None or on < self.until_on)
