"""Giving a box to a food bank instead of skipping it, and taking that back."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.adapters.unit_of_work import unit_of_work
from subscriptions.adapters import donation_store
from subscriptions.cutoff import DatedDelivery
from subscriptions.donation_prospect import (
    DonationProspect,
    donation_prospect,
    withdrawal_prospect,
)
from subscriptions.errors import NoFoodBank, NotComing
from subscriptions.order import FoodBank, OrderBook
from subscriptions.receipt import Deed, Done, Receipt
from subscriptions.services.ordering import Replanning, held_book, open_delivery, order_book
from subscriptions.services.planning import PlanningService
from subscriptions.services.receipts import write_receipt
from subscriptions.services.riding import come_back


@dataclass(frozen=True, slots=True)
class DonatingService:
    """Gives boxes away until their cut-off, and takes that back until then.

    The box is packed and paid as ever, and is none of the season's skips; its household has nothing from it, so the
    one before it is planned to last. A gift, its receipt and that box are one transaction.
    """

    planning: PlanningService

    async def foresee(
        self, person_id: UUID, subscription_id: UUID, on: dt.date, *, now: DateTime
    ) -> DonationProspect:
        """Say what giving the box of a day away would do, or taking that back; changes nothing.

        Raises
        ------
        NotFound, Invalid, PastCutoff, NotComing, NoFoodBank
        """
        book = await order_book(person_id, subscription_id, now=now)
        delivery = open_delivery(book, on, now=now)
        if on in book.gifts and on not in book.skips:
            return withdrawal_prospect(book, delivery, now=now)
        return donation_prospect(book, delivery, await _taker(book, on), now=now)

    async def donate(
        self, person_id: UUID, subscription_id: UUID, on: dt.date, *, now: DateTime
    ) -> Receipt | None:
        """Have the box of a day left at a food bank; the one before it is planned to last.

        Returns the receipt; None when it was given away before, which changes nothing.

        Raises
        ------
        NotFound, Invalid, PastCutoff, NotComing, NoFoodBank, PlanRejected
        """
        async with unit_of_work():
            book = await held_book(person_id, subscription_id, now=now)
            delivery = open_delivery(book, on, now=now)
            if on in book.gifts and on not in book.skips:
                return None
            await donation_store.give(book.order, on, await _taker(book, on), now=now)
            return await self._written(Deed.DONATED, book, delivery, person_id, now=now)

    async def withdraw(
        self, person_id: UUID, subscription_id: UUID, on: dt.date, *, now: DateTime
    ) -> Receipt | None:
        """Have the box of a day oneself after all, and the one before it as usual.

        Returns the receipt; None when it was not given away, which changes nothing.

        Raises
        ------
        NotFound, Invalid, PastCutoff, PlanRejected
        """
        async with unit_of_work():
            book = await held_book(person_id, subscription_id, now=now)
            delivery = open_delivery(book, on, now=now)
            if on not in book.gifts or on in book.skips:
                return None
            book = await come_back(book, [on], now=now)
            await donation_store.take_back(book.order, on)
            return await self._written(Deed.DONATION_WITHDRAWN, book, delivery, person_id, now=now)

    async def _written(
        self,
        deed: Deed,
        book: OrderBook,
        delivery: DatedDelivery,
        person_id: UUID,
        *,
        now: DateTime,
    ) -> Receipt:
        on, order = delivery.delivery_on, book.order
        n_boxes = await Replanning(self.planning).plan_before(book, on, now=now)
        next_box = book.next_box(now, after=on) if deed is Deed.DONATED else delivery
        riding = sum(line.price.minor for line in book.riding.lines_on(on))
        done = Done(
            deed=deed,
            asked_at=now,
            effect_minor=-riding if deed is Deed.DONATED else riding,
            currency=order.price.currency,
            delivery_on=on,
            next_on=None if next_box is None else next_box.delivery_on,
            cutoff_at=book.cutoff_of(delivery),
        )
        return await write_receipt(
            order.id, order.merchant_id, done, actor_id=person_id, n_boxes=n_boxes, now=now
        )


async def _taker(book: OrderBook, on: dt.date) -> FoodBank:
    """Return the food bank that takes the box of a day.

    Raises
    ------
    NotComing, NoFoodBank
    """
    if on in book.skips:
        raise NotComing
    bank = await donation_store.food_bank_for(book.order.round_id, on)
    if bank is None:
        raise NoFoodBank
    return bank
