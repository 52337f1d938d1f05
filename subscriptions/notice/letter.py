"""A mail before it is put into a language, and what its parts are."""

from dataclasses import dataclass, field

from ripeday.kit.text import Message

HOUSE = "Ripeday"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a box: "4 kiwifruit", and when it is at its best ("Sat-Sun, 9 in 10")."""

    units: Message
    when: Message


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail before it is put into a language."""

    subject: Message
    paragraphs: tuple[Message, ...]
    sender: str
    items: tuple[Item, ...] = ()
    closing: tuple[Message, ...] = ()
    action: tuple[Message, str] | None = field(default=None)
