"""What a pause, or its end, would do, said before it is done. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.text import Message, message, plural
from ripening.reading import day_words, weekday_name_words
from subscriptions.cutoff import DatedDelivery
from subscriptions.cutoff_wording import CutoffWords, cutoff_words
from subscriptions.donation_prospect import gifts_paused_words, gifts_resumed_words
from subscriptions.order import OrderBook
from subscriptions.skip_prospect import before_words, next_words
from subscriptions.trial_prospect import besides, price_words, trial_words, without


@dataclass(frozen=True, slots=True)
class PauseProspect:
    """What it would do, as sentences; `cutoff` is until when, absent where nothing has to be done in time."""

    subscription_id: UUID
    points: tuple[Message, ...]
    cutoff: CutoffWords | None


def pause_prospect(
    book: OrderBook, days: Sequence[DatedDelivery], until_on: dt.date, *, now: DateTime
) -> PauseProspect:
    """Say what a pause over some deliveries does."""
    on = [each.delivery_on for each in days]
    points = [
        message("{boxes} You pay nothing for them.", boxes=_days_words(on)),
        *_still_coming(book, on[0], now=now),
        *before_words(book, on, now=now),
        *gifts_paused_words(book, on),
        *trial_words(book, without(book, on), now=now),
        *next_words(book.next_box(now, after=on[-1])),
        message("On {day} the pause ends by itself. You can end it earlier.", day=day_words(until_on)),
    ]  # fmt: skip
    return PauseProspect(book.order.id, tuple(points), _cutoff(book, days, now))


def resume_prospect(
    book: OrderBook, days: Sequence[DatedDelivery], *, now: DateTime
) -> PauseProspect:
    """Say what ending a pause now does."""
    on = [each.delivery_on for each in days]
    after = besides(book, on)
    next_box = book.next_box(now, besides=on)
    first = []
    if next_box is not None:
        day = next_box.delivery_on
        first = [
            message(
                "The next box comes {weekday} {day}.",
                weekday=weekday_name_words(day),
                day=day_words(day),
            )
        ]
    points = [
        *first,
        *gifts_resumed_words(book, on),
        *price_words(after, None if next_box is None else next_box.delivery_on),
        *trial_words(book, after, now=now),
    ]
    if on and (box := book.boxes.get(on[0])) is not None and box.is_planned:
        points.append(message("The first is planned at once, from what is still free."))
    return PauseProspect(book.order.id, tuple(points), _cutoff(book, days, now))


def _days_words(on: Sequence[dt.date]) -> Message:
    if len(on) == 1:
        return message("No box comes on {first}.", first=day_words(on[0]))
    if len(on) == 2:
        return message(
            "No box comes on {first} and {last}.", first=day_words(on[0]), last=day_words(on[1])
        )
    return plural(
        "No box comes from {first} to {last}.",
        "No box comes from {first} to {last}, {n} in all.",
        len(on),
        first=day_words(on[0]),
        last=day_words(on[-1]),
    )


def _still_coming(book: OrderBook, from_on: dt.date, *, now: DateTime) -> list[Message]:
    """Say which boxes before the pause still come."""
    coming = [each.on for each in book.coming(now) if each.is_coming and each.on < from_on]
    if not coming:
        return []
    if len(coming) == 1:
        return [message("The box of {day} still comes.", day=day_words(coming[0]))]
    return [message("Boxes come as usual up to {day}.", day=day_words(coming[-1]))]


def _cutoff(book: OrderBook, days: Sequence[DatedDelivery], now: DateTime) -> CutoffWords | None:
    if not days:
        return None
    return cutoff_words(book.cutoff_of(days[0]), now=now, timezone=book.order.rule.timezone)
