"""What another place does, said before it is done: which boxes go there, and when it is as usual again. Pure."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from pendulum import DateTime

from ripeday.kit.text import Message, message
from ripening.reading import day_words
from subscriptions.cutoff import DatedDelivery
from subscriptions.cutoff_wording import CutoffWords, cutoff_words
from subscriptions.order import OrderBook
from subscriptions.place import Door, Place, Places, PlaceSpan, StopPlace, Wish

SHOWN = 4
"""Deliveries that are named one by one."""


@dataclass(frozen=True, slots=True)
class PlaceProspect:
    """The box of a day, where it goes now, and until when when that is another place than usual.

    `points` say what is wished for, or what taking the other place back does.
    """

    on: dt.date
    now_at: Place | None
    span: PlaceSpan | None
    points: tuple[Message, ...]
    cutoff: CutoffWords


def place_prospect(
    book: OrderBook,
    places: Places,
    delivery: DatedDelivery,
    wish: Wish | None,
    *,
    now: DateTime,
) -> PlaceProspect:
    """Say what a wish does; without one, what taking back the other place of the day does, if it has one."""
    on = delivery.delivery_on
    span = places.span_on(on)
    if wish is not None:
        points = _wish_points(book, places, wish, now=now)
    elif span is not None and places.usual is not None:
        points = _back_points(book, places.usual, on, span, now=now)
    else:
        points = []
    words = cutoff_words(book.cutoff_of(delivery), now=now, timezone=book.order.rule.timezone)
    return PlaceProspect(on, places.on(on), span, tuple(points), words)


def deliveries_of(book: OrderBook, wish: Wish, *, now: DateTime) -> Iterator[dt.date]:
    """Yield the days whose boxes a wish is about: those that come and may still change."""
    due = takewhile(lambda each: wish.covers(each.delivery_on), book.open_from(now, wish.from_on))
    return (each.delivery_on for each in due if each.delivery_on not in book.skips)


def _wish_points(book: OrderBook, places: Places, wish: Wish, *, now: DateTime) -> list[Message]:
    days = list(islice(deliveries_of(book, wish, now=now), SHOWN + 1))
    points = [_goes_to(days, wish)]
    if isinstance(wish.place, StopPlace):
        points.append(message("You fetch it there: {hours}.", hours=wish.place.open_hours))
    usual = places.usual
    if wish.until_on is None:
        points.append(message("It stays so until you change it."))
    elif usual is not None:
        back = next((each.delivery_on for each in book.due(wish.until_on)), None)
        if back is not None:
            points.append(
                message(
                    "From the box of {day} on it is as usual again: {place}.",
                    day=day_words(back),
                    place=short_words(usual),
                )
            )
    points.append(message("Boxes past their cut-off stay where they go now."))
    points.append(message("What you pay stays the same."))
    return points


def _goes_to(days: Sequence[dt.date], wish: Wish) -> Message:
    named = _listed(days[:SHOWN])
    if wish.until_on is None or len(days) > SHOWN:
        return message(
            "Every box from {day} on goes to {place}.",
            day=day_words(wish.from_on),
            place=wish.place.words,
        )
    if len(days) == 1:
        return message("The box of {day} goes to {place}.", day=named, place=wish.place.words)
    return message("The boxes of {days} go to {place}.", days=named, place=wish.place.words)


def _listed(days: Sequence[dt.date]) -> Message:
    """Return "1 Dec, 8 Dec and 15 Dec"."""
    if len(days) < 2:
        return day_words(days[0]) if days else message("–")
    said = day_words(days[0])
    for on in days[1:-1]:
        said = message("{days}, {day}", days=said, day=day_words(on))
    return message("{days} and {day}", days=said, day=day_words(days[-1]))


def _back_points(
    book: OrderBook, usual: Place, on: dt.date, span: PlaceSpan, *, now: DateTime
) -> list[Message]:
    wish = Wish(usual, on, span.until_on)
    days = list(islice(deliveries_of(book, wish, now=now), SHOWN + 1))
    points = [_goes_to(days, wish)]
    if isinstance(usual, StopPlace):
        points.append(message("You fetch it there: {hours}.", hours=usual.open_hours))
    points.append(message("What you pay stays the same."))
    return points


def whereto_words(place: Place) -> Message:
    """Return in a few words where a box goes: to a door, or to a stop and when it is fetched there."""
    if isinstance(place, Door):
        return message("It goes to {street}.", street=place.street)
    return message("You fetch it: {stop}, {hours}.", stop=place.named, hours=place.open_hours)


def stop_words(stop: StopPlace) -> Message:
    """Return the name of a stop and when boxes are fetched there."""
    return message("{stop}, {hours}", stop=stop.named, hours=stop.open_hours)


def short_words(place: Place) -> Message:
    """Return the name of a stop, or the street of a door."""
    if isinstance(place, Door):
        return message("{street}", street=place.street)
    return message("{stop}", stop=place.named)
