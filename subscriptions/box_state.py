"""Where a box stands, in one word for its household, and how to act on it."""

from dataclasses import dataclass
from enum import StrEnum

from pendulum import DateTime

from ripeday.kit.text import Message, marked, message
from subscriptions.lifecycle import CHANGEABLE, PACKABLE, BoxStatus


@dataclass(frozen=True, slots=True)
class StateLook:
    """An icon, and the tone of the chip around it: quiet, ok, warn or err."""

    icon: str
    tone: str


class BoxState(StrEnum):
    """One word each, from the plan to the door."""

    OPEN = "open"
    LOCKED = "locked"
    NEEDS_BANK = "needs_bank"
    DECLINED = "declined"
    SHORT = "short"
    PAID = "paid"
    PACKING = "packing"
    ON_ITS_WAY = "on_its_way"
    DELIVERED = "delivered"
    MISSED = "missed"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"

    @property
    def words(self) -> Message:
        """Return the word: "on the way"."""
        return message(_WORDS[self])

    @property
    def look(self) -> StateLook:
        """Return how it is shown beside its word."""
        return _LOOKS[self]

    @property
    def is_coming(self) -> bool:
        """Whether the box still comes, as far as anybody knows."""
        return self in _COMING


_WORDS = {
    BoxState.OPEN: marked("open"),
    BoxState.LOCKED: marked("locked"),
    BoxState.NEEDS_BANK: marked("needs your bank"),
    BoxState.DECLINED: marked("card declined"),
    BoxState.SHORT: marked("could not come"),
    BoxState.PAID: marked("paid"),
    BoxState.PACKING: marked("being packed"),
    BoxState.ON_ITS_WAY: marked("on the way"),
    BoxState.DELIVERED: marked("delivered"),
    BoxState.MISSED: marked("missed"),
    BoxState.CANCELLED: marked("cancelled"),
    BoxState.REFUNDED: marked("refunded"),
}
_LOOKS = {
    BoxState.OPEN: StateLook("package-open", "quiet"),
    BoxState.LOCKED: StateLook("lock", "quiet"),
    BoxState.NEEDS_BANK: StateLook("shield-alert", "warn"),
    BoxState.DECLINED: StateLook("credit-card", "err"),
    BoxState.SHORT: StateLook("triangle-alert", "warn"),
    BoxState.PAID: StateLook("check", "ok"),
    BoxState.PACKING: StateLook("package", "ok"),
    BoxState.ON_ITS_WAY: StateLook("truck", "ok"),
    BoxState.DELIVERED: StateLook("package-check", "ok"),
    BoxState.MISSED: StateLook("x", "quiet"),
    BoxState.CANCELLED: StateLook("x", "quiet"),
    BoxState.REFUNDED: StateLook("undo-2", "quiet"),
}
_COMING = frozenset(
    {
        BoxState.OPEN,
        BoxState.LOCKED,
        BoxState.NEEDS_BANK,
        BoxState.PAID,
        BoxState.PACKING,
        BoxState.ON_ITS_WAY,
        BoxState.DELIVERED,
    }
)
_ENDED = {
    BoxStatus.NEEDS_AUTHENTICATION: BoxState.NEEDS_BANK,
    BoxStatus.DECLINED: BoxState.DECLINED,
    BoxStatus.SHORT: BoxState.SHORT,
    BoxStatus.MISSED: BoxState.MISSED,
    BoxStatus.CANCELLED: BoxState.CANCELLED,
    BoxStatus.REFUNDED: BoxState.REFUNDED,
}
_SHIPPED = {
    "labelled": BoxState.PACKING,
    "packed": BoxState.PACKING,
    "shipped": BoxState.ON_ITS_WAY,
    "delivered": BoxState.DELIVERED,
}


def state_of(status: BoxStatus, stage: str, *, cutoff_at: DateTime, now: DateTime) -> BoxState:
    """Return where a box stands; `stage` is its shipment's once there is one."""
    if status in PACKABLE:
        return _SHIPPED.get(stage, BoxState.PAID)
    if status in _ENDED:
        return _ENDED[status]
    return BoxState.OPEN if status in CHANGEABLE and now < cutoff_at else BoxState.LOCKED
