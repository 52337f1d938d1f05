"""Doing without a delivery, and taking that back; the box before it is planned to last until the next one."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.adapters.unit_of_work import unit_of_work
from subscriptions.adapters import donation_store, order_store
from subscriptions.allowance import n_in_a_row
from subscriptions.cutoff import DatedDelivery
from subscriptions.errors import CannotMove, NoSkipsLeft, TooManyInARow
from subscriptions.order import ComingDelivery, OrderBook
from subscriptions.receipt import Deed, Done, Receipt
from subscriptions.services.ordering import Replanning, held_book, open_delivery, order_book
from subscriptions.services.planning import PlanningService
from subscriptions.services.receipts import write_receipt
from subscriptions.services.riding import come_back
from subscriptions.services.trial import settle_prices
from subscriptions.skip_prospect import Prospect, skip_prospect, withdrawal_prospect


@dataclass(frozen=True, slots=True)
class SkippingService:
    """Skips deliveries until their cut-off, and takes that back until then.

    A skip, its receipt, the box that goes with it and the box before it that leans to what lasts longer are one
    transaction. Boxes that the household has changed itself stay as they are.
    """

    planning: PlanningService

    async def deliveries(
        self, person_id: UUID, subscription_id: UUID, *, now: DateTime
    ) -> list[ComingDelivery]:
        """Return the next deliveries of a subscription, skipped ones too.

        Raises
        ------
        NotFound
        """
        return (await order_book(person_id, subscription_id, now=now)).coming(now)

    async def foresee(
        self, person_id: UUID, subscription_id: UUID, on: dt.date, *, now: DateTime
    ) -> Prospect:
        """Say what skipping the delivery of a day would do, or taking its skip back; changes nothing.

        Raises
        ------
        NotFound, Invalid, PastCutoff, NoSkipsLeft, TooManyInARow
        """
        book = await order_book(person_id, subscription_id, now=now)
        delivery = open_delivery(book, on, now=now)
        if on in book.moves:
            raise CannotMove
        if on in book.skips:
            return withdrawal_prospect(book, delivery, now=now)
        refuse_beyond_rule(book, on)
        return skip_prospect(book, delivery, now=now)

    async def skip(
        self, person_id: UUID, subscription_id: UUID, on: dt.date, *, now: DateTime
    ) -> Receipt | None:
        """Do without the delivery on a day: its box goes, and the one before it is planned to last.

        A box that was to be given away is not packed for anybody then.

        Returns the receipt; None when it was skipped before, which changes nothing.

        Raises
        ------
        NotFound, Invalid, PastCutoff, NoSkipsLeft, TooManyInARow, PlanRejected
        """
        async with unit_of_work():
            book = await held_book(person_id, subscription_id, now=now)
            delivery = open_delivery(book, on, now=now)
            if on in book.skips:
                return None
            refuse_beyond_rule(book, on)
            await donation_store.take_back(book.order, on)
            await order_store.skip(book.order, [on], now=now)
            await Replanning(self.planning).drop(book, [on])
            n_boxes = await Replanning(self.planning).plan_before(book, on, now=now)
            await settle_prices(person_id, subscription_id, now=now)
            done = _done(Deed.SKIPPED, book, delivery, now=now)
            return await write_receipt(
                book.order.id, book.order.merchant_id, done, actor_id=person_id, n_boxes=n_boxes, now=now
            )  # fmt: skip

    async def withdraw(
        self, person_id: UUID, subscription_id: UUID, on: dt.date, *, now: DateTime
    ) -> Receipt | None:
        """Have the delivery on a day after all, and the box before it as usual.

        Returns the receipt; None when it was not skipped, which changes nothing.

        Raises
        ------
        NotFound, Invalid, PastCutoff, PlanRejected
        """
        async with unit_of_work():
            book = await held_book(person_id, subscription_id, now=now)
            delivery = open_delivery(book, on, now=now)
            if on not in book.skips or on in book.moves:
                return None
            book = await come_back(book, [on], now=now)
            await order_store.take_back(book.order, [on])
            n_boxes = await Replanning(self.planning).plan_before(book, on, now=now)
            n_boxes += await Replanning(self.planning).plan_on(book, [on], now=now)
            await settle_prices(person_id, subscription_id, now=now)
            done = _done(Deed.SKIP_WITHDRAWN, book, delivery, now=now)
            return await write_receipt(
                book.order.id, book.order.merchant_id, done, actor_id=person_id, n_boxes=n_boxes, now=now
            )  # fmt: skip


def refuse_beyond_rule(book: OrderBook, on: dt.date) -> None:
    """Refuse a skip that the merchant's rule does not let be.

    Raises
    ------
    NoSkipsLeft, TooManyInARow
    """
    allowed = book.allowance(on)
    if not allowed.left:
        raise NoSkipsLeft(allowed.n_skips)
    most = book.order.lets.n_in_a_row
    if n_in_a_row(on, book.order.cadence_weeks, book.skips) > most:
        raise TooManyInARow(most)


def _done(deed: Deed, book: OrderBook, delivery: DatedDelivery, *, now: DateTime) -> Done:
    on, price = delivery.delivery_on, book.price_on(delivery.delivery_on)
    is_skip = deed is Deed.SKIPPED
    next_box = book.next_box(now, after=on) if is_skip else delivery
    return Done(
        deed=deed,
        asked_at=now,
        effect_minor=-price.minor if is_skip else price.minor,
        currency=price.currency,
        delivery_on=on,
        next_on=None if next_box is None else next_box.delivery_on,
        cutoff_at=book.cutoff_of(delivery),
    )
