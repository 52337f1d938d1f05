"""What a trial comes to: which delivery is the last trial box, and what a change of deliveries does to it. Pure."""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from pendulum import DateTime

from ripeday.kit.text import Message, message
from ripening.reading import day_words
from subscriptions.cutoff import DatedDelivery
from subscriptions.order import SHOWN, OrderBook

_FAR = 2 * 53
"""So many deliveries ahead are looked at: a pause is never longer."""


@dataclass(frozen=True, slots=True)
class TrialEnd:
    """The last trial box that is still open, if one is, and the first box after it that costs the usual price."""

    last: DatedDelivery | None
    usual: DatedDelivery | None


def trial_end(book: OrderBook, *, now: DateTime) -> TrialEnd:
    """Return how the trial of an order ends, as things are."""
    last = None
    for delivery in islice(_coming(book, now), _FAR):
        on = delivery.delivery_on
        n_trial = book.n_trial_on(on)
        if n_trial:
            last = delivery
        if n_trial < book.n_boxes_on(on):
            return TrialEnd(last, delivery)
    return TrialEnd(last, None)


def trial_words(book: OrderBook, after: OrderBook, *, now: DateTime) -> list[Message]:
    """Say which boxes become trial boxes by a change of deliveries, and which no longer are."""
    if book.order.trial is None:
        return []
    points = []
    for delivery in islice(_coming(after, now), SHOWN):
        on = delivery.delivery_on
        was, becomes = book.n_trial_on(on), after.n_trial_on(on)
        if on in book.skips or was == becomes or after.held_on(on) != book.held_on(on):
            continue
        day, price = day_words(on), after.price_on(on)
        if becomes > was:
            said = message(
                "The box of {day} is a trial box then, and costs {price}.", day=day, price=price
            )
        else:
            said = message(
                "The box of {day} is no trial box then, and costs {price}.", day=day, price=price
            )
        points.append(said)
    return points


def price_words(book: OrderBook, on: dt.date | None) -> list[Message]:
    """Say what the next box costs, of a day, and each after it."""
    usual, trial = book.order.price, book.order.trial
    if trial is None or on is None or not book.n_trial_on(on):
        return [message("Each box costs {price}, charged after its own cut-off.", price=usual)]
    return [
        message(
            "A trial box costs {trial}, each box after the trial {price}, charged after its own cut-off.",
            trial=trial.price,
            price=usual,
        )
    ]


def double_words(book: OrderBook, on: dt.date, targets: Collection[dt.date]) -> list[Message]:
    """Say what a double box costs: in a trial it may depend on which box is doubled."""
    found = {to_on: moved(book, on, to_on).whole_price_on(to_on) for to_on in targets}
    prices = set(found.values())
    if len(prices) <= 1:
        price = next(iter(prices), book.order.price * 2)
        return [
            message(
                "It costs {price}: both boxes, charged once, after its own cut-off.", price=price
            )
        ]
    return [
        message("The first boxes that come are your trial boxes, two that come together count as two."),
        *(
            message("Together with the box of {day} it costs {price}.", day=day_words(to_on), price=price)
            for to_on, price in found.items()
        ),
    ]  # fmt: skip


def without(book: OrderBook, days: Collection[dt.date]) -> OrderBook:
    """Return a book as it would be if some deliveries were skipped."""
    return replace(book, skips={**book.skips, **dict.fromkeys(days)})


def besides(book: OrderBook, days: Collection[dt.date]) -> OrderBook:
    """Return a book as it would be if some deliveries were not skipped."""
    return replace(book, skips={on: each for on, each in book.skips.items() if on not in days})


def moved(book: OrderBook, on: dt.date, to_on: dt.date) -> OrderBook:
    """Return a book as it would be if the box of a day came with that of another."""
    return replace(without(book, [on]), moves={**book.moves, on: to_on})


def moved_back(book: OrderBook, on: dt.date) -> OrderBook:
    """Return a book as it would be if a moved box came on its own day again."""
    moves = {day: to_on for day, to_on in book.moves.items() if day != on}
    return replace(besides(book, [on]), moves=moves)


def _coming(book: OrderBook, now: DateTime) -> Iterator[DatedDelivery]:
    """Yield the open deliveries that are not skipped."""
    return (each for each in book.open_from(now) if each.delivery_on not in book.skips)
