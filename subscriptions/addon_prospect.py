"""What may ride along with deliveries, until when, and what becomes of it when one does not come. Pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from pendulum import DateTime

from ripeday.kit.money import Money
from ripeday.kit.text import Message, message
from subscriptions.addon import (
    Addon,
    AddonLine,
    by_addon,
    closes_at,
    comes_along,
    own_units_on,
    standing_on,
    units_on,
)
from subscriptions.cutoff import DatedDelivery
from subscriptions.cutoff_wording import CutoffWords, cutoff_words
from subscriptions.order import OrderBook

MOST_AHEAD = 60
"""So many deliveries ahead something is looked for that is still open."""


@dataclass(frozen=True, slots=True)
class AddonChoice:
    """One thing on the page of a delivery.

    `own` were ordered for it, `every` come with every box, `along` come with the box that was moved here. Once it is
    closed for the delivery, a change counts from `next_on`.
    """

    addon: Addon
    own: int
    every: int
    along: int
    closes: CutoffWords
    next_on: dt.date | None

    @property
    def units(self) -> int:
        """Return how many come."""
        return self.own + self.along

    @property
    def is_every(self) -> bool:
        """Whether those of this delivery come with every box."""
        return self.own == self.every and self.every > 0

    @property
    def price(self) -> Money:
        """Return what those that come cost."""
        return self.addon.price * self.units


def closing_of(book: OrderBook, addon: Addon, delivery: DatedDelivery) -> DateTime:
    """Return until when a thing may be ordered for a delivery."""
    cutoff_at = book.cutoff_of(delivery)
    return closes_at(addon.closing, book.order.rule, delivery.delivery_on, cutoff_at=cutoff_at)


def is_sent_home(book: OrderBook, on: dt.date) -> bool:
    """Tell whether the delivery of a day is to bring its household a box, so that something can ride along."""
    return book.may_change(on) and on not in book.skips and on not in book.gifts


def counts_from(
    book: OrderBook, addon: Addon, on: dt.date, *, now: DateTime
) -> DatedDelivery | None:
    """Return the first delivery from a day on that a change of a thing counts for; None when none is to come."""
    for delivery in islice(book.due(on), MOST_AHEAD):
        if not addon.comes_on(delivery.delivery_on):
            return None
        is_open = book.is_open(delivery, now) and now < closing_of(book, addon, delivery)
        if is_open and is_sent_home(book, delivery.delivery_on):
            return delivery
    return None


def choices_on(
    book: OrderBook, delivery: DatedDelivery, *, now: DateTime
) -> tuple[AddonChoice, ...]:
    """Return what may ride along with a delivery, and what does."""
    found = []
    for addon in book.riding.addons:
        if not addon.comes_on(delivery.delivery_on):
            continue
        orders, on = book.riding.of(addon.id), delivery.delivery_on
        closes = cutoff_words(
            closing_of(book, addon, delivery), now=now, timezone=book.order.rule.timezone
        )
        next_one = counts_from(book, addon, on, now=now)
        own = own_units_on(orders, on)
        found.append(
            AddonChoice(
                addon, own, standing_on(orders, on), units_on(orders, on) - own, closes,
                None if next_one is None or next_one.delivery_on == on else next_one.delivery_on,
            )
        )  # fmt: skip
    return tuple(found)


def let_go(book: OrderBook, on: dt.date, *, now: DateTime) -> tuple[AddonLine, ...]:
    """Return what does not come back when a delivery comes after all: it closed while the delivery was done without.

    What closed before was ordered for the household already, and comes.
    """
    since, delivery = book.riding.without_since.get(on), book.due_on(on)
    if since is None or delivery is None:
        return ()
    return tuple(
        line
        for line in book.riding.lines_on(on)
        if since < closing_of(book, line.addon, delivery) <= now
    )


def to_come_along(
    book: OrderBook, on: dt.date, to_on: dt.date, *, now: DateTime
) -> tuple[AddonLine, ...]:
    """Return what was ordered for a box alone and can still be had with the one that it is moved to."""
    said, to = dict(by_addon(book.riding.orders)), book.due_on(to_on)
    found = []
    for addon in book.riding.addons:
        units = comes_along(said.get(addon.id, []), on) if addon.comes_on(on) else 0
        is_there = to is not None and addon.comes_on(to_on)
        if units and to is not None and is_there and now < closing_of(book, addon, to):
            found.append(AddonLine(addon, units))
    return tuple(found)


def line_words(line: AddonLine) -> Message:
    """Return "2 × heather honey"."""
    return message("{n} × {addon}", n=line.units, addon=line.addon.called)


def listed(lines: Iterable[AddonLine]) -> Message:
    """Return what rides along in one phrase."""
    words = [line_words(line) for line in lines]
    found = words[0]
    for each in words[1:]:
        found = message("{one}, {two}", one=found, two=each)
    return found


def price_on_return(book: OrderBook, on: dt.date, *, now: DateTime) -> Money:
    """Return what a delivery costs that comes after all, without what closed meanwhile."""
    gone = sum(line.price.minor for line in let_go(book, on, now=now))
    price = book.price_on(on)
    return price if on in book.gifts else Money(price.minor - gone, price.currency)


def skip_words(book: OrderBook, on: dt.date) -> list[Message]:
    """Say what becomes of what rides along when a delivery is done without."""
    lines = book.riding_on(on)
    if not lines:
        return []
    return [
        message(
            "What rides along does not come either, and is not charged: {addons}.",
            addons=listed(lines),
        )
    ]


def return_words(book: OrderBook, on: dt.date, *, now: DateTime) -> list[Message]:
    """Say what rides along when a delivery comes after all, and what has closed meanwhile."""
    gone = let_go(book, on, now=now)
    lines = [line for line in book.riding.lines_on(on) if line not in gone]
    words = []
    if lines:
        words.append(message("With it comes what rides along: {addons}.", addons=listed(lines)))
    if gone:
        words.append(
            message("Closed meanwhile, so not with this box: {addons}.", addons=listed(gone))
        )
    return words


def move_words(book: OrderBook, on: dt.date) -> list[Message]:
    """Say what becomes of what rides along when a box comes together with another."""
    if not book.riding.lines_on(on):
        return []
    return [
        message("What you ordered for this box alone comes along, as far as it can still be had then."),
        message("What rides along with every box comes once, not twice."),
    ]  # fmt: skip
