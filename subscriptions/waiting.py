"""Waiting for a place on a round that is full. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from pendulum import DateTime, Duration

HELD = Duration(hours=48)
"""So long a place is kept for whoever is asked."""
CARD_TIME = Duration(hours=1)
"""So long at least it is kept once they have gone to enter their card."""
KEPT = Duration(days=30)
"""So long an address is kept after its waiting has ended."""


class WaitingEnd(StrEnum):
    """How somebody's waiting came to its end."""

    JOINED = "joined"
    LEFT = "left"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Waiter:
    """Somebody on a round's list: `place` counts from 1 among those who wait."""

    id: UUID
    merchant_id: UUID
    slug: str
    merchant_name: str
    merchant_name_zh: str
    timezone: str
    round_id: UUID
    weekday: int
    email: str
    name: str
    locale: str
    postcode: str
    plan_id: UUID | None
    joined_at: DateTime
    held_until: DateTime | None
    outcome: WaitingEnd | None
    place: int

    def is_asked(self, now: DateTime) -> bool:
        """Tell whether a place is being kept for them."""
        return self.outcome is None and self.held_until is not None and now < self.held_until

    def merchant_named(self, locale: str) -> str:
        """Return the merchant's name as readers of a language know it."""
        return self.merchant_name_zh if locale == "zh" else self.merchant_name
