"""What a change to a delivery would do, said before it is done: box, charge, date. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from pendulum import DateTime

from ripeday.kit.money import Money
from ripeday.kit.text import Message, message, plural
from ripening.reading import day_words, weekday_name_words
from subscriptions.addon_prospect import price_on_return, return_words, skip_words
from subscriptions.cutoff import DatedDelivery
from subscriptions.cutoff_wording import CutoffWords, cutoff_words
from subscriptions.order import OrderBook
from subscriptions.trial_prospect import besides, trial_words, without


@dataclass(frozen=True, slots=True)
class Prospect:
    """A change and what it would do, as sentences; `is_withdrawal` where it takes an earlier one back.

    `price` is what the delivery costs when it comes; it `can_be_given` away instead.
    """

    on: dt.date
    is_withdrawal: bool
    price: Money
    points: tuple[Message, ...]
    next_on: dt.date | None
    cutoff: CutoffWords
    can_be_given: bool


def skip_prospect(book: OrderBook, delivery: DatedDelivery, *, now: DateTime) -> Prospect:
    """Say what skipping a delivery does."""
    on = delivery.delivery_on
    points = [
        message("You pay nothing for {day}.", day=day_words(on)),
        *_held_words(book, on),
        *_given_words(book, on),
        *skip_words(book, on),
        *trial_words(book, without(book, [on]), now=now),
        *before_words(book, [on], now=now),
    ]
    return _prospect(book, delivery, points, is_withdrawal=False, now=now)


def _held_words(book: OrderBook, on: dt.date) -> list[Message]:
    """Say that a double box holds another one, which does not come either."""
    held = book.held_on(on)
    if held is None:
        return []
    return [message("It holds the box of {day}, too; neither comes.", day=day_words(held))]


def _given_words(book: OrderBook, on: dt.date) -> list[Message]:
    """Say that a box that was to be given away is not packed for anybody."""
    if on not in book.gifts:
        return []
    return [message("It was to be given away; then it is not packed for anybody.")]


def withdrawal_prospect(book: OrderBook, delivery: DatedDelivery, *, now: DateTime) -> Prospect:
    """Say what taking a skip back does."""
    on = delivery.delivery_on
    box = book.boxes.get(on)
    planned = message("It is planned at once, from what is still free.")
    if box is None or not box.is_planned:
        planned = message("It is planned about a week before, as usual.")
    points = [
        message(
            "The box of {day} comes after all, for {price}. It is charged after its own cut-off.",
            day=day_words(on),
            price=price_on_return(book, on, now=now),
        ),
        *return_words(book, on, now=now),
        *trial_words(book, besides(book, [on]), now=now),
        planned,
    ]
    points += back_words(book, on, now=now)
    return _prospect(book, delivery, points, is_withdrawal=True, now=now)


def back_words(book: OrderBook, on: dt.date, *, now: DateTime) -> list[Message]:
    """Say that the box before a delivery no longer has to last beyond it, where it had to."""
    before = book.box_before(on, now)
    if before is None or not _may_lean(book, before, now):
        return []
    day = day_words(before.delivery_on)
    return [message("The box of {day} goes back to what it was meant for.", day=day)]


def before_words(book: OrderBook, days: Sequence[dt.date], *, now: DateTime) -> list[Message]:
    """Say what becomes of the box before deliveries that are done without; `days` are they, earliest first."""
    before = book.box_before(days[0], now)
    if before is None:
        return []
    day = day_words(before.delivery_on)
    usual, lasts = (
        book.lasts_days(before.delivery_on),
        book.lasts_days(before.delivery_on, also=days),
    )
    if lasts == usual:
        return []
    if not _may_lean(book, before, now):
        return [
            message("The box of {day} stays as it is, so the days after it may have nothing ripe.", day=day)
        ]  # fmt: skip
    return [
        plural(
            "The box of {day} leans to later fruit, so it lasts {n} day.",
            "The box of {day} leans to later fruit, so it lasts {n} days.",
            lasts,
            day=day,
        )
    ]


def next_words(next_box: DatedDelivery | None) -> list[Message]:
    """Say when the next box comes."""
    if next_box is None:
        return []
    return [
        message(
            "After that, the next box comes {weekday} {day}.",
            weekday=weekday_name_words(next_box.delivery_on),
            day=day_words(next_box.delivery_on),
        )
    ]


def _may_lean(book: OrderBook, delivery: DatedDelivery, now: DateTime) -> bool:
    box = book.boxes.get(delivery.delivery_on)
    is_own = box is not None and box.is_own
    return book.is_open(delivery, now) and not is_own


def _prospect(
    book: OrderBook,
    delivery: DatedDelivery,
    points: list[Message],
    *,
    is_withdrawal: bool,
    now: DateTime,
) -> Prospect:
    on = delivery.delivery_on
    next_box = delivery if is_withdrawal else book.next_box(now, after=on)
    if next_box is not None and not is_withdrawal:
        points += next_words(next_box)
    return Prospect(
        on,
        is_withdrawal,
        price_on_return(book, on, now=now) if is_withdrawal else book.price_on(on),
        tuple(points),
        None if next_box is None else next_box.delivery_on,
        cutoff_words(book.cutoff_of(delivery), now=now, timezone=book.order.rule.timezone),
        not is_withdrawal and book.has_food_bank and on not in book.gifts,
    )
