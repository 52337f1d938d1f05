"""A mail before it is put into a language, and what its parts are."""

from dataclasses import dataclass, field

from ripeday.kit.text import Message
from ripening.reading import Column

HOUSE = "Ripeday"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list: "4 kiwifruit", and when it is at its best ("Sat-Sun, 9 in 10") or what to do with it.

    `columns` are the days of its window bar, which only the HTML shows.
    """

    units: Message
    when: Message
    columns: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A list under a heading of its own."""

    heading: Message
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail before it is put into a language."""

    subject: Message
    paragraphs: tuple[Message, ...]
    sender: str
    items: tuple[Item, ...] = ()
    closing: tuple[Message, ...] = ()
    action: tuple[Message, str] | None = field(default=None)
    sections: tuple[Section, ...] = ()
    tracking: tuple[Message, str] | None = None
    """Where the carrier shows the parcel, besides the action."""


@dataclass(frozen=True, slots=True)
class Foot:
    """Why a mail comes, and how to have it no more; without `stop_url` it is needed and cannot be switched off."""

    why: Message
    choose_url: str
    stop_url: str | None = None
