"""How a household liked what came, and what that says of its tastes. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ripeday.kit.text import Message, marked, message
from subscriptions.lifecycle import Taste

GLAD_TIMES: Final = 2
"""So often gladly eaten, and it may be a wish."""


class Liking(StrEnum):
    """How something was liked, in one tap."""

    GLADLY = "gladly"
    FINE = "fine"
    NOT_FOR_US = "not_for_us"

    @property
    def words(self) -> Message:
        """Return it as a household says it."""
        return message(_WORDS[self])


_WORDS: Final = {
    Liking.GLADLY: marked("Gladly again"),
    Liking.FINE: marked("It was fine"),
    Liking.NOT_FOR_US: marked("Not for us"),
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A taste that would fit better than the one there is."""

    taste: Taste


def suggestion(likings: Sequence[Liking], taste: Taste) -> Suggestion | None:
    """Return what to suggest of one produce; `likings` are all that was ever said of it, the latest first."""
    if not likings:
        return None
    if likings[0] is Liking.NOT_FOR_US:
        return None if taste is Taste.NEVER else Suggestion(Taste.NEVER)
    glad = [liking for liking in likings[:GLAD_TIMES] if liking is Liking.GLADLY]
    if len(glad) == GLAD_TIMES and taste in (Taste.SOMETIMES, Taste.NEVER):
        return Suggestion(Taste.LIKE)
    return None
