"""What mails are about, and which of them people may do without."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ripeday.kit.text import Message, message


class Topic(StrEnum):
    """What a mail is about; each may be wanted or not, unless it is needed."""

    PREVIEW = "preview"
    REMINDER = "reminder"
    RECEIPT = "receipt"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    DIGEST = "digest"
    NEEDED = "needed"


@dataclass(frozen=True, slots=True)
class TopicWords:
    """How a topic is called, and when its mail comes."""

    name: Message
    when: Message


TOPIC_WORDS: Mapping[Topic, TopicWords] = {
    Topic.PREVIEW: TopicWords(
        message("Box preview"), message("As soon as your next box is planned, days before its cut-off.")
    ),
    Topic.REMINDER: TopicWords(
        message("Before the cut-off"), message("A day before your box closes, with what is in it.")
    ),
    Topic.RECEIPT: TopicWords(
        message("Receipt of payment"), message("When your box is paid, with what it cost.")
    ),
    Topic.SHIPPED: TopicWords(
        message("On its way"), message("When your box has left, with where it is.")
    ),
    Topic.DELIVERED: TopicWords(
        message("At your door"), message("When your box is at your door, with what to eat when.")
    ),
    Topic.DIGEST: TopicWords(
        message("Eat today"),
        message("In the morning, on days with something to eat or to do."),
    ),
}  # fmt: skip
"""The topics that a person chooses among, in the order in which a box meets them."""

WANTED_AT_FIRST = frozenset({Topic.REMINDER, Topic.RECEIPT, Topic.SHIPPED, Topic.DELIVERED})
"""What is told to people who have chosen nothing."""

TOPIC_OF: Mapping[str, Topic] = {
    "box_preview": Topic.PREVIEW,
    "box_reminder": Topic.REMINDER,
    "box_paid": Topic.RECEIPT,
    "box_shipped": Topic.SHIPPED,
    "box_delivered": Topic.DELIVERED,
    "digest": Topic.DIGEST,
}
"""What a kind of notice is about; a kind that is not listed is needed and cannot be switched off."""


def topic_of(kind: str) -> Topic:
    """Return what a kind of notice is about."""
    return TOPIC_OF.get(kind, Topic.NEEDED)
