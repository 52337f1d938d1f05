"""Ending a subscription: what still comes, what is refunded, and taking it back until it has ended."""

from dataclasses import dataclass
from uuid import UUID

import structlog
from pendulum import DateTime

from ripeday.kit.adapters.unit_of_work import unit_of_work
from subscriptions import cancelling
from subscriptions.adapters import cancel_store, credit_store, order_store
from subscriptions.cancel_prospect import CancelProspect, cancel_prospect
from subscriptions.cancelling import CancelReason, Ending
from subscriptions.errors import NotRunning
from subscriptions.lifecycle import SubscriptionStatus
from subscriptions.order import OrderBook
from subscriptions.receipt import Deed, Done, Receipt
from subscriptions.services.ordering import Replanning, held_book, order_book
from subscriptions.services.planning import PlanningService
from subscriptions.services.receipts import write_receipt
from subscriptions.services.trial import settle_prices

log = structlog.get_logger("subscriptions.cancelling")


@dataclass(frozen=True, slots=True)
class CancellingService:
    """Ends subscriptions at their people's wish.

    Boxes past their cut-off, and those within the merchant's notice, still come; the others go at once. A wish, its
    receipt and the boxes that go are one transaction.
    """

    planning: PlanningService

    async def foresee(
        self, person_id: UUID, subscription_id: UUID, *, now: DateTime
    ) -> CancelProspect:
        """Say what cancelling does, or where it stands once it was asked for; changes nothing.

        Raises
        ------
        NotFound
        """
        book = await order_book(person_id, subscription_id, now=now)
        order = book.order
        left = await credit_store.balance(order.household_id, order.price.currency)
        return cancel_prospect(book, left=left, now=now)

    async def cancel(
        self, person_id: UUID, subscription_id: UUID, *, reason: CancelReason | None, now: DateTime
    ) -> Receipt:
        """End a subscription, with or without a reason.

        Raises
        ------
        NotFound, NotRunning
        """
        async with unit_of_work():
            book = await held_book(person_id, subscription_id, now=now)
            if book.order.status is SubscriptionStatus.CANCELLED or book.order.ends_on is not None:
                raise NotRunning
            ending = cancelling.ending(book, now=now)
            await cancel_store.save(book.order, ending.ends_on, reason, now=now)
            if book.pause is not None and book.pause.until_on >= ending.ends_on:
                await order_store.end_pause(book.pause.id, now=now)
            gone = [each for each in book.boxes if each >= ending.ends_on]
            await Replanning(self.planning).drop(book, gone)
            if ending.is_at_once:
                await cancel_store.end(book.order.id, now=now)
            done = _cancelled(book, ending, now=now)
            return await _written(done, book, person_id, 0, now=now)

    async def withdraw(self, person_id: UUID, subscription_id: UUID, *, now: DateTime) -> Receipt:
        """Go on after all: boxes come again as if nothing had been asked.

        Raises
        ------
        NotFound, NotRunning, PlanRejected
        """
        async with unit_of_work():
            book = await held_book(person_id, subscription_id, now=now)
            if book.order.status is SubscriptionStatus.CANCELLED or book.order.ends_on is None:
                raise NotRunning
            await cancel_store.withdraw(book.order.id, now=now)
            again = await order_book(person_id, subscription_id, now=now)
            on = [
                day
                for day, box in again.boxes.items()
                if box.box_id is None and day not in again.skips
            ]
            due = [day for day in on if again.due_on(day) is not None]
            n_boxes = await Replanning(self.planning).plan_on(again, due, now=now)
            await settle_prices(person_id, subscription_id, now=now)
            next_box = again.next_box(now)
            done = Done(
                deed=Deed.CANCEL_WITHDRAWN,
                asked_at=now,
                effect_minor=again.next_price(next_box).minor,
                currency=again.order.price.currency,
                next_on=None if next_box is None else next_box.delivery_on,
            )
            return await _written(done, again, person_id, n_boxes, now=now)

    async def end(self, subscription_id: UUID, *, now: DateTime) -> None:
        """End a subscription whose notice has passed; running it again changes nothing."""
        async with unit_of_work():
            await order_store.hold(subscription_id)
            if await cancel_store.end_due(subscription_id, now=now):
                log.info("subscription_ended", subscription=str(subscription_id))


def _cancelled(book: OrderBook, ending: Ending, *, now: DateTime) -> Done:
    first = next(book.open_from(now), None)
    coming = [on for on in ending.coming if on not in book.gifts]
    return Done(
        deed=Deed.CANCELLED,
        asked_at=now,
        effect_minor=0,
        currency=book.order.price.currency,
        until_on=ending.ends_on,
        next_on=coming[0] if coming else None,
        cutoff_at=None if first is None else book.cutoff_of(first),
    )


async def _written(
    done: Done, book: OrderBook, person_id: UUID, n_boxes: int, *, now: DateTime
) -> Receipt:
    order = book.order
    return await write_receipt(
        order.id, order.merchant_id, done, actor_id=person_id, n_boxes=n_boxes, now=now
    )
