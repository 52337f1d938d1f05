"""Receipts: what was done with the deliveries of a subscription, as one chain of hashes. Pure.

Each receipt holds the hash of the one before it, and its number is the beginning of its own hash. So who has a number
can prove what it stood for: a receipt that was changed no longer gives its number, and one that was taken out, put in
or moved breaks the chain. Nothing of a person is in what is hashed: ids, days, instants, an amount.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import pendulum

FIRST = "0" * 64
"""What the first receipt of a chain follows."""

_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BITS, _LETTERS, _GROUP = 5, 12, 4
_MISREAD = str.maketrans("OIL", "011")


class Deed(StrEnum):
    """What was done."""

    SKIPPED = "skipped"
    SKIP_WITHDRAWN = "skip_withdrawn"
    MOVED = "moved"
    MOVE_WITHDRAWN = "move_withdrawn"
    DONATED = "donated"
    DONATION_WITHDRAWN = "donation_withdrawn"
    PLACE_CHANGED = "place_changed"
    PLACE_WITHDRAWN = "place_withdrawn"
    RHYTHM_CHANGED = "rhythm_changed"
    PAUSED = "paused"
    RESUMED = "resumed"
    CANCELLED = "cancelled"
    CANCEL_WITHDRAWN = "cancel_withdrawn"


class Asker(StrEnum):
    """Who wanted it; the system ends a pause on its day."""

    CUSTOMER = "customer"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that was done.

    Parameters
    ----------
    cutoff_at
        The cut-off it was held against: it was asked before that.
    until_on
        The end of a pause, of another place or of a subscription, or the day that a box was moved to.
    next_on
        When the next box comes by it, if one does.
    effect_minor
        What the customer pays more by it, or less where it is negative.
    """

    deed: Deed
    asked_at: dt.datetime
    effect_minor: int
    currency: str
    delivery_on: dt.date | None = None
    until_on: dt.date | None = None
    next_on: dt.date | None = None
    cutoff_at: dt.datetime | None = None
    asker: Asker = Asker.CUSTOMER


@dataclass(frozen=True, slots=True)
class Receipt:
    """A link of a subscription's chain; `number` and `digest` are what was written down, true or not."""

    subscription_id: UUID
    position: int
    done: Done
    previous: str
    digest: str
    number: str

    @property
    def is_true(self) -> bool:
        """Whether its content still gives its hash, and its hash its number."""
        found = digest_of(self.subscription_id, self.position, self.done, self.previous)
        return found == self.digest and number_of(found) == self.number


def next_receipt(subscription_id: UUID, before: Receipt | None, done: Done) -> Receipt:
    """Return the receipt that follows another, or the first one."""
    position = 1 if before is None else before.position + 1
    previous = FIRST if before is None else before.digest
    digest = digest_of(subscription_id, position, done, previous)
    return Receipt(subscription_id, position, done, previous, digest, number_of(digest))


def digest_of(subscription_id: UUID, position: int, done: Done, previous: str) -> str:
    """Return SHA-256 over the canonical JSON: keys in order, no spaces, ASCII, instants in UTC to the microsecond."""
    content = {
        "format": 1,
        "subscription": str(subscription_id),
        "position": position,
        "deed": done.deed.value,
        "asker": done.asker.value,
        "delivery_on": _day(done.delivery_on),
        "until_on": _day(done.until_on),
        "next_on": _day(done.next_on),
        "cutoff_at": _instant(done.cutoff_at),
        "asked_at": _instant(done.asked_at),
        "effect_minor": done.effect_minor,
        "currency": done.currency,
        "previous": previous,
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def number_of(digest: str) -> str:
    """Return the number for people: sixty bits of a hash in letters that nobody mistakes, "7F3A-21C9-K4QM"."""
    value = int(digest[: _BITS * _LETTERS // 4], 16)
    letters = "".join(
        _DIGITS[value >> _BITS * (_LETTERS - 1 - n) & (1 << _BITS) - 1] for n in range(_LETTERS)
    )
    return "-".join(letters[n : n + _GROUP] for n in range(0, _LETTERS, _GROUP))


def read_number(text: str) -> str | None:
    """Return a number as it is stored, however it was typed; None when it cannot be one."""
    letters = text.upper().replace("-", "").replace(" ", "").translate(_MISREAD)
    if len(letters) != _LETTERS or not set(letters) <= set(_DIGITS):
        return None
    return "-".join(letters[n : n + _GROUP] for n in range(0, _LETTERS, _GROUP))


def broken_at(chain: Sequence[Receipt]) -> int | None:
    """Return the first position at which a chain does not hold, None when it does; the order is that of positions."""
    previous = FIRST
    for position, receipt in enumerate(chain, 1):
        follows = receipt.position == position and receipt.previous == previous
        if not follows or not receipt.is_true:
            return position
        previous = receipt.digest
    return None


def _day(on: dt.date | None) -> str | None:
    return None if on is None else dt.date(on.year, on.month, on.day).isoformat()


def _instant(at: dt.datetime | None) -> str | None:
    if at is None:
        return None
    return pendulum.instance(at).in_timezone("UTC").format("YYYY-MM-DDTHH:mm:ss.SSSSSS[Z]")
