"""What every change to the deliveries of an order begins and ends with."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.errors import Invalid, NotFound
from ripeday.kit.text import message
from subscriptions.adapters import notice_due_store, order_store, share_store
from subscriptions.box_change import ChangeReason
from subscriptions.cutoff import DatedDelivery
from subscriptions.errors import PastCutoff
from subscriptions.lifecycle import CHANGEABLE, BoxStatus
from subscriptions.order import LASTS_MOST_DAYS, Order, OrderBook
from subscriptions.services.planning import PlanningService

AHEAD_DAYS = 366
"""Nobody skips further ahead than a year."""


async def order_book(person_id: UUID, subscription_id: UUID, *, now: DateTime) -> OrderBook:
    """Return an order of a person's with its deliveries.

    Raises
    ------
    NotFound
    """
    found = await order_store.order_books(person_id, now=now, subscription_id=subscription_id)
    if not found:
        raise NotFound
    return found[0]


async def held_book(
    person_id: UUID, subscription_id: UUID, *, now: DateTime, plans: bool = True
) -> OrderBook:
    """Return an order as it stands once nobody else can change it until the unit of work ends.

    What `plans` boxes anew holds their depot, too, as every plan does.

    Raises
    ------
    NotFound
    """
    order = (await order_book(person_id, subscription_id, now=now)).order
    if plans:
        await share_store.hold_depot(order.depot_id)
    await order_store.hold(order.id)
    return await order_book(person_id, subscription_id, now=now)


def open_delivery(book: OrderBook, on: dt.date, *, now: DateTime) -> DatedDelivery:
    """Return the delivery of a day, once it is clear that it may still change.

    Raises
    ------
    Invalid, PastCutoff
    """
    today = book.today(now)
    is_near = today <= on <= today.add(days=AHEAD_DAYS)
    delivery = book.due_on(on) if is_near and book.may_change(on) else None
    if delivery is None or book.skips.get(on) is not None:
        raise never_due()
    if not book.is_open(delivery, now):
        raise PastCutoff
    return delivery


def never_due() -> Invalid:
    """Return what is said of a day on which nothing is due."""
    return Invalid("on", message("No box of this subscription is to come on that day."))


@dataclass(frozen=True, slots=True)
class Replanning:
    """Plans boxes anew after deliveries came or went; boxes that the household has changed itself stay as they are."""

    planning: PlanningService

    async def drop(self, book: OrderBook, days: Collection[dt.date]) -> None:
        """Take back the boxes of some days, as far as they may still change."""
        found = (book.boxes[on] for on in days if on in book.boxes)
        await order_store.drop_boxes(
            [box.box_id for box in found if box.box_id is not None and box.status in CHANGEABLE]
        )

    async def plan_before(self, book: OrderBook, on: dt.date, *, now: DateTime) -> int:
        """Plan the open boxes anew that may last until a day, or no longer have to; returns how many."""
        n_boxes = 0
        for day, box in sorted(book.boxes.items()):
            reaches = on - dt.timedelta(days=LASTS_MOST_DAYS) <= day < on
            if reaches and box.status is BoxStatus.PROPOSED:
                n_boxes += await self._plan(book.order, box.delivery_day_id, now=now)
        return n_boxes

    async def plan_on(self, book: OrderBook, days: Collection[dt.date], *, now: DateTime) -> int:
        """Plan boxes for days that were planned without this order; returns how many.

        Where the others of a day have been reminded of its cut-off already, this order's people are at once.
        """
        n_boxes = 0
        for on in sorted(days):
            box = book.boxes.get(on)
            if box is not None and box.is_planned:
                n_boxes += await self._plan(book.order, box.delivery_day_id, now=now)
                await notice_due_store.put_about_open_boxes(
                    "box_reminder", box.delivery_day_id, subscription_id=book.order.id, now=now
                )
        return n_boxes

    async def _plan(self, order: Order, delivery_day_id: UUID, *, now: DateTime) -> int:
        return await self.planning.plan_boxes_again(
            delivery_day_id, [order.id], why=ChangeReason.ASKED, now=now
        )
