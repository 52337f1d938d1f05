"""What giving a box away does, said before it is done. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from pendulum import DateTime

from ripeday.kit.text import Message, marked, message
from ripening.reading import day_words
from subscriptions.addon_prospect import return_words, skip_words
from subscriptions.cutoff import DatedDelivery
from subscriptions.cutoff_wording import CutoffWords, cutoff_words
from subscriptions.order import FoodBank, OrderBook
from subscriptions.skip_prospect import back_words, before_words, next_words


@dataclass(frozen=True, slots=True)
class DonationProspect:
    """The box of a day and the food bank that gets it, or got it until this `is_withdrawal`; what that does."""

    on: dt.date
    food_bank: FoodBank
    is_withdrawal: bool
    points: tuple[Message, ...]
    cutoff: CutoffWords


def donation_prospect(
    book: OrderBook, delivery: DatedDelivery, bank: FoodBank, *, now: DateTime
) -> DonationProspect:
    """Say what giving a box away does."""
    on = delivery.delivery_on
    points = [message("You pay as usual, {price}.", price=book.box_price_on(on))]
    held = book.held_on(on)
    if held is not None:
        points.append(
            message("It holds the box of {day}, too; both are given away.", day=day_words(held))
        )
    points += [
        message("It does not count as a skip."),
        *skip_words(book, on),
        *before_words(book, [on], now=now),
        *next_words(book.next_box(now, after=on)),
    ]
    return _prospect(book, delivery, bank, points, is_withdrawal=False, now=now)


def withdrawal_prospect(
    book: OrderBook, delivery: DatedDelivery, *, now: DateTime
) -> DonationProspect:
    """Say what having the box oneself does after all."""
    on = delivery.delivery_on
    points = [
        message(
            "The box of {day} comes to you. You pay {price} for it, as before.",
            day=day_words(on),
            price=book.box_price_on(on),
        ),
        *return_words(book, on, now=now),
        *back_words(book, on, now=now),
    ]
    return _prospect(book, delivery, book.gifts[on], points, is_withdrawal=True, now=now)


def gifts_paused_words(book: OrderBook, days: Sequence[dt.date]) -> list[Message]:
    """Say which gifts wait while the boxes of some days are paused."""
    said = marked("The box of {day} is not given away either, while the pause lasts.")
    return [message(said, day=day_words(on)) for on in days if on in book.gifts]


def gifts_resumed_words(book: OrderBook, days: Sequence[dt.date]) -> list[Message]:
    """Say which gifts hold again once the boxes of some days come again."""
    said = marked("The box of {day} is given away again, as you wished.")
    return [message(said, day=day_words(on)) for on in days if on in book.gifts]


def gifts_kept_words(book: OrderBook, days: Sequence[dt.date]) -> list[Message]:
    """Say which of the boxes that are still packed are given away."""
    said = marked("The box of {day} is given away, as you wished.")
    return [message(said, day=day_words(on)) for on in days if on in book.gifts]


def _prospect(
    book: OrderBook,
    delivery: DatedDelivery,
    bank: FoodBank,
    points: list[Message],
    *,
    is_withdrawal: bool,
    now: DateTime,
) -> DonationProspect:
    words = cutoff_words(book.cutoff_of(delivery), now=now, timezone=book.order.rule.timezone)
    return DonationProspect(delivery.delivery_on, bank, is_withdrawal, tuple(points), words)
