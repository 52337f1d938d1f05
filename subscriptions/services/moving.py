"""Moving a box to another delivery of its round: the two come together as a double box, at the price of both."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.errors import Invalid
from ripeday.kit.text import message
from subscriptions.adapters import order_store
from subscriptions.errors import CannotMove
from subscriptions.move_prospect import MoveProspect, can_double, move_prospect, targets
from subscriptions.order import OrderBook
from subscriptions.receipt import Deed, Done, Receipt
from subscriptions.services.ordering import Replanning, held_book, open_delivery, order_book
from subscriptions.services.planning import PlanningService
from subscriptions.services.receipts import write_receipt
from subscriptions.services.riding import come_along, come_back, stay_behind
from subscriptions.services.skipping import refuse_beyond_rule
from subscriptions.services.trial import settle_prices


@dataclass(frozen=True, slots=True)
class MovingService:
    """Moves boxes while both deliveries may still change, and moves them back until then.

    The delivery that is left counts as skipped. The other box is planned for twice the portions, so that both its
    size and its price are those of two; a box that the household has changed itself is not touched.
    """

    planning: PlanningService

    async def foresee(
        self, person_id: UUID, subscription_id: UUID, on: dt.date, *, now: DateTime
    ) -> MoveProspect:
        """Say where the box of a day can be moved to and what that does, or what moving it back does.

        Raises
        ------
        NotFound, Invalid, PastCutoff, NoSkipsLeft, TooManyInARow, CannotMove
        """
        book = await order_book(person_id, subscription_id, now=now)
        open_delivery(book, on, now=now)
        if on in book.moves:
            _open_target(book, book.moves[on], now=now)
        else:
            _refuse_unmovable(book, on)
        return move_prospect(book, on, now=now)

    async def move(
        self, person_id: UUID, subscription_id: UUID, on: dt.date, *, to_on: dt.date, now: DateTime
    ) -> Receipt:
        """Have the box of a day come together with that of another.

        Raises
        ------
        NotFound, Invalid, PastCutoff, NoSkipsLeft, TooManyInARow, CannotMove, PlanRejected
        """
        async with unit_of_work():
            book = await held_book(person_id, subscription_id, now=now)
            open_delivery(book, on, now=now)
            _refuse_unmovable(book, on)
            if to_on not in targets(book, on, now=now):
                raise Invalid("to", message("Choose one of the days that are offered."))
            await order_store.skip(book.order, [on], now=now)
            await order_store.move(book.order, on, to_on, now=now)
            replanning = Replanning(self.planning)
            await replanning.drop(book, [on])
            n_boxes = await self._plan(replanning, book, on, to_on, now=now)
            effect = -_riding(book, on, to_on)
            effect += _riding(await come_along(book, on, to_on, now=now), to_on)
            await settle_prices(person_id, subscription_id, now=now)
            done = _done(Deed.MOVED, book, on, to_on, effect, now=now)
            return await write_receipt(
                book.order.id, book.order.merchant_id, done, actor_id=person_id, n_boxes=n_boxes, now=now
            )  # fmt: skip

    async def move_back(
        self, person_id: UUID, subscription_id: UUID, on: dt.date, *, now: DateTime
    ) -> Receipt | None:
        """Have the box of a day come on its own day again; None when it was not moved, which changes nothing.

        Raises
        ------
        NotFound, Invalid, PastCutoff, CannotMove, PlanRejected
        """
        async with unit_of_work():
            book = await held_book(person_id, subscription_id, now=now)
            open_delivery(book, on, now=now)
            if on not in book.moves:
                return None
            to_on = book.moves[on]
            _open_target(book, to_on, now=now)
            effect = -_riding(book, to_on)
            book = await stay_behind(await come_back(book, [on], now=now), to_on, now=now)
            effect += _riding(book, on, to_on)
            await order_store.unmove(book.order, on)
            await order_store.take_back(book.order, [on])
            replanning = Replanning(self.planning)
            n_boxes = await self._plan(replanning, book, on, to_on, now=now)
            n_boxes += await replanning.plan_on(book, [on], now=now)
            await settle_prices(person_id, subscription_id, now=now)
            done = _done(Deed.MOVE_WITHDRAWN, book, on, to_on, effect, now=now)
            return await write_receipt(
                book.order.id, book.order.merchant_id, done, actor_id=person_id, n_boxes=n_boxes, now=now
            )  # fmt: skip

    async def _plan(
        self, replanning: Replanning, book: OrderBook, on: dt.date, to_on: dt.date, *, now: DateTime
    ) -> int:
        n_boxes = await replanning.plan_before(book, on, now=now)
        if to_on > on or (on - to_on).days > 14:
            n_boxes += await replanning.plan_on(book, [to_on], now=now)
        return n_boxes


def _riding(book: OrderBook, *days: dt.date) -> int:
    """Return what rides along on some days costs, in minor units."""
    return sum(line.price.minor for on in days for line in book.riding_on(on))


def _done(
    deed: Deed, book: OrderBook, on: dt.date, to_on: dt.date, effect_minor: int, *, now: DateTime
) -> Done:
    is_move = deed is Deed.MOVED
    next_box = book.next_box(now, without=[on] if is_move else [], besides=[] if is_move else [on])
    closes = [book.cutoff_of(each) for day in (on, to_on) if (each := book.due_on(day))]
    return Done(
        deed=deed,
        asked_at=now,
        effect_minor=effect_minor,
        currency=book.order.price.currency,
        delivery_on=on,
        until_on=to_on,
        next_on=None if next_box is None else next_box.delivery_on,
        cutoff_at=min(closes),
    )


def _refuse_unmovable(book: OrderBook, on: dt.date) -> None:
    if (
        on in book.skips
        or on in book.gifts
        or book.held_on(on) is not None
        or not can_double(book.order)
    ):
        raise CannotMove
    refuse_beyond_rule(book, on)


def _open_target(book: OrderBook, to_on: dt.date, *, now: DateTime) -> None:
    """Refuse to take a box out of another that has closed, or that the household has changed itself.

    Raises
    ------
    Invalid, PastCutoff, CannotMove
    """
    box = book.boxes.get(to_on)
    if book.skips.get(to_on) is None:
        open_delivery(book, to_on, now=now)
    if box is not None and box.is_own:
        raise CannotMove
