"""Another place for the boxes of a subscription: for one delivery, until a day, or for good; and taking that back."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.errors import Invalid
from ripeday.kit.text import message
from ripening.reading import day_words
from subscriptions.adapters import place_store
from subscriptions.adapters.place_store import Served, StopChoice
from subscriptions.cutoff import DatedDelivery
from subscriptions.errors import GivenAway, NotComing, PlaceTaken
from subscriptions.order import OrderBook
from subscriptions.place import LONGEST_DAYS, Door, HowLong, Place, Places, PlaceSpan, Wish
from subscriptions.place_prospect import PlaceProspect, place_prospect
from subscriptions.receipt import Deed, Done, Receipt
from subscriptions.services.ordering import held_book, open_delivery, order_book
from subscriptions.services.receipts import write_receipt

HOME = "home"
ELSEWHERE = "address"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: `where` is a stop's id, `home` or `address`; then `door` is the address that was typed."""

    where: str
    how_long: HowLong
    until_on: dt.date | None = None
    door: Door | None = None


@dataclass(frozen=True, slots=True)
class PlaceDesk:
    """An order and where its boxes go, the stops of its round with their room, and where the round comes to."""

    book: OrderBook
    places: Places
    stops: tuple[StopChoice, ...]
    served: Served


class PlacingService:
    """Sends boxes to other places while their deliveries may still change.

    A change, its receipt, and the check that the stop has room on each of its days are one transaction that holds the
    stop. When the usual place changes, boxes before that keep the old one, as places of their own.
    """

    async def desk(
        self, person_id: UUID, subscription_id: UUID, on: dt.date, *, now: DateTime
    ) -> PlaceDesk:
        """Return what can be chosen from for the box of a day.

        Raises
        ------
        NotFound
        """
        book = await order_book(person_id, subscription_id, now=now)
        return await _desk(book, on, now=now)

    async def foresee(
        self,
        person_id: UUID,
        subscription_id: UUID,
        on: dt.date,
        asked: Asked | None,
        *,
        now: DateTime,
    ) -> PlaceProspect:
        """Say what a wish would do, or taking back what there is; changes nothing.

        Raises
        ------
        NotFound, Invalid, PastCutoff, NotComing, GivenAway, PlaceTaken
        """
        desk = await self.desk(person_id, subscription_id, on, now=now)
        delivery = _open(desk.book, on, now=now)
        wish = None if asked is None else _wish(desk, on, asked)
        if wish is not None and not isinstance(wish.place, Door):
            for each in await _stops(desk.book, wish.from_on, wish.until_on, now=now):
                if each.place.id == wish.place.id:
                    _refuse_full(each)
        return place_prospect(desk.book, desk.places, delivery, wish, now=now)

    async def change(
        self, person_id: UUID, subscription_id: UUID, on: dt.date, asked: Asked, *, now: DateTime
    ) -> Receipt:
        """Have the box of a day, and those after it that are meant, go elsewhere.

        Raises
        ------
        NotFound, Invalid, PastCutoff, NotComing, GivenAway, PlaceTaken
        """
        async with unit_of_work():
            book = await held_book(person_id, subscription_id, now=now, plans=False)
            delivery = _open(book, on, now=now)
            desk = await _desk(book, on, now=now)
            wish = _wish(desk, on, asked)
            await _hold_room(book, wish, now=now)
            if wish.until_on is None:
                await _move_for_good(book, desk.places, wish, now=now)
            else:
                span = PlaceSpan(on, wish.until_on, wish.place)
                await place_store.save_span(book.order, span, now=now)
            done = _done(Deed.PLACE_CHANGED, book, delivery, wish.until_on, now=now)
            return await write_receipt(
                book.order.id, book.order.merchant_id, done, actor_id=person_id, n_boxes=0, now=now
            )

    async def withdraw(
        self, person_id: UUID, subscription_id: UUID, on: dt.date, *, now: DateTime
    ) -> Receipt | None:
        """Have the boxes of a span go to the usual place from a day on; None when they do anyway.

        Raises
        ------
        NotFound, Invalid, PastCutoff, NotComing, GivenAway
        """
        async with unit_of_work():
            book = await held_book(person_id, subscription_id, now=now, plans=False)
            delivery = _open(book, on, now=now)
            places = (await place_store.places_of([book.order.id]))[book.order.id]
            span = places.span_on(on)
            if span is None:
                return None
            await place_store.end_span(book.order, span, on=on)
            done = _done(Deed.PLACE_WITHDRAWN, book, delivery, None, now=now)
            return await write_receipt(
                book.order.id, book.order.merchant_id, done, actor_id=person_id, n_boxes=0, now=now
            )


async def _desk(book: OrderBook, on: dt.date, *, now: DateTime) -> PlaceDesk:
    order = book.order
    stops = await _stops(book, on, on + dt.timedelta(days=1), now=now)
    places = (await place_store.places_of([order.id]))[order.id]
    return PlaceDesk(book, places, tuple(stops), await place_store.served_by(order.round_id))


async def _stops(
    book: OrderBook, from_on: dt.date, until_on: dt.date | None, *, now: DateTime
) -> list[StopChoice]:
    order = book.order
    return await place_store.stops_of_round(
        order.round_id, from_on=from_on, until_on=until_on, besides=order.id, now=now
    )


def _open(book: OrderBook, on: dt.date, *, now: DateTime) -> DatedDelivery:
    """Return the delivery of a day whose place may change.

    Raises
    ------
    Invalid, PastCutoff, NotComing, GivenAway
    """
    delivery = open_delivery(book, on, now=now)
    if on in book.skips:
        raise NotComing
    if on in book.gifts:
        raise GivenAway
    return delivery


def _wish(desk: PlaceDesk, on: dt.date, asked: Asked) -> Wish:
    """Return what is wished for, once it makes sense; whether there is room is not looked at.

    Raises
    ------
    Invalid, PlaceTaken
    """
    wish = Wish(_place(desk, asked), on, _until(on, asked))
    there = desk.places.span_on(on) if wish.until_on is None else None
    if wish.until_on is not None:
        there = desk.places.touching(on, wish.until_on)
    if there is not None:
        raise PlaceTaken(there.from_on, there.until_on)
    if _is_same(wish.place, desk.places.usual):
        raise Invalid("place", message("Boxes go there anyway. Choose another place."))
    return wish


def _is_same(place: Place, usual: Place | None) -> bool:
    if isinstance(place, Door):
        return isinstance(usual, Door) and place == usual
    return usual is not None and not isinstance(usual, Door) and place.id == usual.id


def _place(desk: PlaceDesk, asked: Asked) -> Place:
    home, served = desk.places.home, desk.served
    if asked.where == HOME and home is not None:
        if not served.comes_to(home.postcode):
            raise Invalid("place", message("The round of your boxes does not come to your door."))
        return home
    if asked.where == ELSEWHERE and asked.door is not None:
        if asked.how_long is HowLong.GOOD:
            raise Invalid(
                "how_long",
                message("For good, change the address of your household, on its own page."),
            )
        if not served.comes_to(asked.door.postcode):
            raise Invalid(
                "postcode", message("Your delivery round does not come to this postcode.")
            )
        return asked.door
    chosen = next((each for each in desk.stops if str(each.place.id) == asked.where), None)
    if chosen is None:
        raise Invalid("place", message("Choose where the box goes."))
    return chosen.place


def _until(on: dt.date, asked: Asked) -> dt.date | None:
    if asked.how_long is HowLong.GOOD:
        return None
    if asked.how_long is HowLong.ONCE:
        return on + dt.timedelta(days=1)
    if asked.until_on is None or asked.until_on <= on:
        raise Invalid("until", message("Choose a day after this box."))
    if asked.until_on > on + dt.timedelta(days=LONGEST_DAYS):
        raise Invalid("until", message("Choose a day within half a year."))
    return asked.until_on


def _refuse_full(choice: StopChoice) -> None:
    if choice.is_full:
        said = message(
            "{stop} is full on {day}. Choose another place.",
            stop=choice.place.named,
            day=day_words(choice.fullest_on),
        )
        raise Invalid("place", said)


async def _hold_room(book: OrderBook, wish: Wish, *, now: DateTime) -> None:
    """Hold the stop of a wish, once it has room on each of the days.

    Raises
    ------
    Invalid
    """
    if isinstance(wish.place, Door):
        return
    held = await place_store.held_stop(
        wish.place.id,
        from_on=wish.from_on,
        until_on=wish.until_on,
        besides=book.order.id,
        now=now,
    )
    if held is None or not held.place.is_open:
        raise Invalid("place", message("Choose where the box goes."))
    _refuse_full(held)


async def _move_for_good(book: OrderBook, places: Places, wish: Wish, *, now: DateTime) -> None:
    """Change the usual place; boxes that come before the wish begins go to the old one still."""
    today = book.today(now)
    planned = {on for on, box in book.boxes.items() if box.box_id is not None}
    due = {each.delivery_on for each in _before(book, today, wish.from_on)}
    if places.usual is not None:
        for on in places.as_usual(sorted(on for on in planned | due if today <= on < wish.from_on)):
            span = PlaceSpan(on, on + dt.timedelta(days=1), places.usual)
            await place_store.save_span(book.order, span, now=now)
    stop = None if isinstance(wish.place, Door) else wish.place
    await place_store.save_standing(book.order, stop)


def _before(book: OrderBook, since: dt.date, until: dt.date) -> list[DatedDelivery]:
    found = []
    for each in book.due(since):
        if each.delivery_on >= until:
            break
        found.append(each)
    return found


def _done(
    deed: Deed,
    book: OrderBook,
    delivery: DatedDelivery,
    until_on: dt.date | None,
    *,
    now: DateTime,
) -> Done:
    return Done(
        deed=deed,
        asked_at=now,
        effect_minor=0,
        currency=book.order.price.currency,
        delivery_on=delivery.delivery_on,
        until_on=until_on,
        cutoff_at=book.cutoff_of(delivery),
    )
