"""What a receipt says: the same words on its page, in its mail and on paper. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import pendulum

from ripeday.kit.money import Money
from ripeday.kit.text import Message, marked, message
from ripening.reading import day_words
from subscriptions.receipt import Deed, Done, Receipt


class ReceiptKind(StrEnum):
    """What a list of receipts can be narrowed to."""

    SKIPS = "skips"
    MOVES = "moves"
    GIFTS = "gifts"
    PAUSES = "pauses"
    MONEY = "money"

    @property
    def words(self) -> Message:
        """Return the kind in a word."""
        return message(_KINDS[self])

    @property
    def deeds(self) -> Sequence[Deed]:
        """Return the deeds of the kind; money has none, its receipts are of another make."""
        return _DEEDS[self]


_KINDS = {
    ReceiptKind.SKIPS: marked("Skips"),
    ReceiptKind.MOVES: marked("Moves and places"),
    ReceiptKind.GIFTS: marked("Boxes given away"),
    ReceiptKind.PAUSES: marked("Pauses and ends"),
    ReceiptKind.MONEY: marked("Money"),
}
_DEEDS: dict[ReceiptKind, tuple[Deed, ...]] = {
    ReceiptKind.SKIPS: (Deed.SKIPPED, Deed.SKIP_WITHDRAWN),
    ReceiptKind.MOVES: (
        Deed.MOVED,
        Deed.MOVE_WITHDRAWN,
        Deed.PLACE_CHANGED,
        Deed.PLACE_WITHDRAWN,
        Deed.RHYTHM_CHANGED,
    ),
    ReceiptKind.GIFTS: (Deed.DONATED, Deed.DONATION_WITHDRAWN),
    ReceiptKind.PAUSES: (Deed.PAUSED, Deed.RESUMED, Deed.CANCELLED, Deed.CANCEL_WITHDRAWN),
    ReceiptKind.MONEY: (),
}
_HEADINGS = {
    Deed.SKIPPED: marked("Box of {day} skipped"),
    Deed.SKIP_WITHDRAWN: marked("Box of {day} comes after all"),
    Deed.MOVED: marked("Box of {day} moved to {until}"),
    Deed.MOVE_WITHDRAWN: marked("Box of {day} back on its own day"),
    Deed.DONATED: marked("Box of {day} given away"),
    Deed.DONATION_WITHDRAWN: marked("Box of {day} comes to you after all"),
    Deed.PLACE_CHANGED: marked("Box of {day} goes to another place"),
    Deed.PLACE_WITHDRAWN: marked("Box of {day} goes to the usual place"),
    Deed.RHYTHM_CHANGED: marked("Boxes come in another rhythm from {day}"),
    Deed.PAUSED: marked("Boxes paused until {until}"),
    Deed.RESUMED: marked("Boxes come again"),
    Deed.CANCELLED: marked("Subscription cancelled"),
    Deed.CANCEL_WITHDRAWN: marked("Subscription goes on"),
}
_FREE = frozenset({Deed.SKIPPED, Deed.PAUSED, Deed.CANCELLED})
_STILL_PAID = frozenset({Deed.MOVED, Deed.MOVE_WITHDRAWN, Deed.DONATED, Deed.DONATION_WITHDRAWN})
"""The box is paid either way; what rides along may come to more or less by it."""


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One line of a receipt."""

    label: Message
    value: Message


def heading(done: Done) -> Message:
    """Say in the past tense what was done."""
    return message(_HEADINGS[done.deed], day=_day(done.delivery_on), until=_day(done.until_on))


def receipt_rows(receipt: Receipt, *, timezone: str) -> tuple[ReceiptRow, ...]:
    """Return when it was asked, the cut-off, what is paid, the next box and the number; by the round's wall clock."""
    done = receipt.done
    rows = [(message("Asked"), moment_words(done.asked_at, timezone))]
    if done.cutoff_at is not None:
        rows.append((message("Cut-off"), moment_words(done.cutoff_at, timezone)))
    if done.deed is Deed.CANCELLED and done.until_on is not None:
        rows.append((message("No box from"), message("{day}", day=done.until_on)))
    if done.deed is Deed.PLACE_CHANGED:
        until = (
            message("from {day}", day=done.until_on) if done.until_on else message("not by itself")
        )
        rows.append((message("As usual again"), until))
    rows.append((message("You pay"), pays(done)))
    if done.next_on is not None:
        rows.append((message("Next box"), message("{day}", day=done.next_on)))
    elif done.deed is Deed.CANCELLED:
        rows.append((message("Next box"), message("none")))
    rows.append((message("Receipt"), message("{number}", number=receipt.number)))
    return tuple(ReceiptRow(*row) for row in rows)


def pays(done: Done) -> Message:
    """Say what the customer pays by it."""
    if done.deed in _STILL_PAID and done.effect_minor:
        difference = Money(abs(done.effect_minor), done.currency)
        said = marked("{amount} less") if done.effect_minor < 0 else marked("{amount} more")
        return message(said, amount=difference)
    amount = Money(max(done.effect_minor, 0), done.currency)
    if done.deed in _FREE or done.effect_minor > 0:
        return message("{amount}", amount=amount)
    return message("the same as before")


def moment_words(at: dt.datetime, timezone: str) -> Message:
    """Return "Thu 26 Nov, 14:02", on the wall clock of a zone."""
    local = pendulum.instance(at).in_timezone(timezone)
    return message("{day}, {clock}", day=local.date(), clock=local.format("HH:mm"))


def exact_words(at: dt.datetime, timezone: str) -> str:
    """Return an instant as a proof has it: "2026-11-26 14:02:07 Europe/Berlin"."""
    local = pendulum.instance(at).in_timezone(timezone)
    return f"{local.format('YYYY-MM-DD HH:mm:ss')} {timezone}"


def _day(on: dt.date | None) -> Message | str:
    return "" if on is None else day_words(on)
