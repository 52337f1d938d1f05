"""A customer's next deliveries as their list shows them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.money import Money
from ripeday.kit.text import Message, message, plural
from ripening.reading import day_words, weekday_name_words
from subscriptions.box_state import BoxState, StateLook
from subscriptions.lifecycle import SubscriptionStatus
from subscriptions.move_prospect import can_double
from subscriptions.order import ComingDelivery, Order, OrderBook
from subscriptions.place import Places
from subscriptions.place_prospect import whereto_words

PICTURES = 7
_SKIPPED = StateLook("skip-forward", "quiet")
_PAUSED = StateLook("pause", "quiet")
_MOVED = StateLook("calendar-range", "quiet")
_GIVEN = StateLook("heart", "quiet")


@dataclass(frozen=True, slots=True)
class Act:
    """Something that may be done with a delivery, on a page that says first what it does."""

    words: Message
    href: str


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One delivery: its day, where it stands, what is in it, what it costs."""

    on: dt.date
    box_id: UUID | None
    words: Message
    look: StateLook
    is_off: bool
    price: Money | None
    n_trial: int
    pictures: tuple[str, ...]
    n_more: int
    holds: dt.date | None
    moved_to: dt.date | None
    goes_to: Message | None
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class OrderLines:
    """An order with its next deliveries; `headline` is the one sentence about it."""

    order: Order
    headline: Message | None
    lines: tuple[DeliveryLine, ...]
    skips_left: Message | None
    can_pause: bool
    pause_until: dt.date | None

    @property
    def has_unplanned(self) -> bool:
        """Whether a box comes of which nobody knows yet what is in it."""
        return any(line.box_id is None and not line.is_off for line in self.lines)


def order_lines(book: OrderBook, places: Places, *, now: DateTime) -> OrderLines:
    """Return an order as the list of next boxes shows it, and where each goes that does not come to its own door."""
    coming = book.coming(now)
    is_running = book.order.status is SubscriptionStatus.ACTIVE
    return OrderLines(
        book.order,
        _headline(book, coming),
        tuple(_line(book, places, each) for each in coming),
        _skips_left(book, now) if is_running else None,
        is_running,
        book.pause.until_on if book.pause else None,
    )


def _headline(book: OrderBook, coming: Sequence[ComingDelivery]) -> Message | None:
    """Say when the next box comes, or why none does."""
    first = next((each.on for each in coming if each.is_coming), None)
    pause = book.pause
    if pause is not None and (first is None or first >= pause.from_on):
        return message("Paused until {day}. Nothing is charged.", day=day_words(pause.until_on))
    if first is None:
        return None
    weekday, day = weekday_name_words(first), day_words(first)
    if pause is not None:
        return message(
            "The next one comes {weekday} {day}. From {from_day} to {until} they are paused.",
            weekday=weekday,
            day=day,
            from_day=day_words(pause.from_on),
            until=day_words(pause.until_on),
        )
    return message("The next one comes {weekday} {day}.", weekday=weekday, day=day)


def _skips_left(book: OrderBook, now: DateTime) -> Message:
    """Return "2 of 6 skips left this season"."""
    allowed = book.allowance(book.today(now))
    return plural(
        "{left} of {n} skip left this season",
        "{left} of {n} skips left this season",
        allowed.n_skips,
        left=allowed.left,
    )


def _line(book: OrderBook, places: Places, delivery: ComingDelivery) -> DeliveryLine:
    words, look = _state(delivery)
    return DeliveryLine(
        on=delivery.on,
        box_id=delivery.box_id,
        words=words,
        look=look,
        is_off=not delivery.is_sent,
        price=delivery.price if delivery.is_sent else None,
        n_trial=delivery.n_trial,
        pictures=delivery.produce[:PICTURES],
        n_more=max(0, len(delivery.produce) - PICTURES),
        holds=delivery.holds,
        moved_to=delivery.moved_to,
        goes_to=_goes_to(places, delivery),
        acts=_acts(book, delivery),
    )


def _state(delivery: ComingDelivery) -> tuple[Message, StateLook]:
    if delivery.is_paused:
        return message("paused"), _PAUSED
    if delivery.moved_to is not None:
        return message("moved"), _MOVED
    if delivery.is_skipped:
        return message("skipped"), _SKIPPED
    if delivery.given_to is not None and delivery.is_sent:
        return message("given away"), _GIVEN
    state = delivery.state or (BoxState.OPEN if delivery.is_open else BoxState.LOCKED)
    return state.words, state.look


def _goes_to(places: Places, delivery: ComingDelivery) -> Message | None:
    """Say where a box goes that comes; nothing of one's own door."""
    place = places.on(delivery.on)
    if place is None or place == places.home or not delivery.is_coming:
        return None
    return whereto_words(place)


def _acts(book: OrderBook, delivery: ComingDelivery) -> tuple[Act, ...]:
    if not delivery.is_open or delivery.is_paused:
        return ()
    at = f"/subscriptions/{book.order.id}"
    on = delivery.on.isoformat()
    if delivery.moved_to is not None:
        return (Act(message("Move it back"), f"{at}/moves/{on}"),)
    if delivery.is_skipped:
        return (Act(message("Have it after all"), f"{at}/skips/{on}"),)
    acts = [Act(message("Skip"), f"{at}/skips/{on}")]
    if delivery.given_to is not None:
        return Act(message("Have it myself"), f"{at}/donations/{on}"), *acts
    if delivery.holds is None and can_double(book.order):
        acts.append(Act(message("Move"), f"{at}/moves/{on}"))
    if any(each.comes_on(delivery.on) for each in book.riding.addons):
        acts.append(Act(message("Add-ons"), f"{at}/addons/{on}"))
    acts.append(Act(message("Elsewhere"), f"{at}/places/{on}"))
    if book.has_food_bank:
        acts.append(Act(message("Give away"), f"{at}/donations/{on}"))
    return tuple(acts)
