"""Pausing the boxes of a subscription until a day, and letting them come again: by itself on that day, or before."""

import datetime as dt
from dataclasses import dataclass
from itertools import takewhile
from uuid import UUID

import structlog
from pendulum import DateTime

from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.errors import Invalid
from ripeday.kit.money import Money
from ripeday.kit.text import message
from subscriptions.adapters import order_store
from subscriptions.cutoff import DatedDelivery
from subscriptions.errors import NotRunning, PastCutoff
from subscriptions.lifecycle import SubscriptionStatus
from subscriptions.order import OrderBook
from subscriptions.pause_prospect import PauseProspect, pause_prospect, resume_prospect
from subscriptions.receipt import Asker, Deed, Done, Receipt
from subscriptions.services.ordering import Replanning, held_book, never_due, order_book
from subscriptions.services.planning import PlanningService
from subscriptions.services.receipts import write_receipt
from subscriptions.services.riding import come_back
from subscriptions.services.trial import settle_prices

log = structlog.get_logger("subscriptions.pausing")

LONGEST_DAYS = 183
"""Nobody pauses for longer than half a year."""


@dataclass(frozen=True, slots=True)
class PausingService:
    """Pauses and resumes; a pause, its receipt, and the boxes that go or come with it are one transaction.

    Every delivery of a paused span is a skip that names its pause, so plans need to know of nothing else.
    """

    planning: PlanningService

    async def foresee(
        self,
        person_id: UUID,
        subscription_id: UUID,
        *,
        from_on: dt.date,
        until_on: dt.date,
        now: DateTime,
    ) -> PauseProspect:
        """Say what a pause would do; changes nothing.

        Raises
        ------
        NotFound, Invalid, PastCutoff, NotRunning
        """
        book = await order_book(person_id, subscription_id, now=now)
        days = _to_pause(book, from_on, until_on, now=now)
        return pause_prospect(book, days, until_on, now=now)

    async def foresee_resuming(
        self, person_id: UUID, subscription_id: UUID, *, now: DateTime
    ) -> PauseProspect:
        """Say what ending the pause now would do; changes nothing.

        Raises
        ------
        NotFound, NotRunning
        """
        book = await order_book(person_id, subscription_id, now=now)
        return resume_prospect(book, _to_resume(book, now=now), now=now)

    async def pause(
        self,
        person_id: UUID,
        subscription_id: UUID,
        *,
        from_on: dt.date,
        until_on: dt.date,
        now: DateTime,
    ) -> Receipt:
        """Do without every delivery from one on, until a day; the box before is planned to last.

        Raises
        ------
        NotFound, Invalid, PastCutoff, NotRunning, PlanRejected
        """
        async with unit_of_work():
            book = await held_book(person_id, subscription_id, now=now)
            days = _to_pause(book, from_on, until_on, now=now)
            on = [each.delivery_on for each in days]
            pause_id = await order_store.begin_pause(
                book.order, from_on=on[0], until_on=until_on, now=now
            )
            await order_store.skip(book.order, on, pause_id=pause_id, now=now)
            replanning = Replanning(self.planning)
            await replanning.drop(book, on)
            n_boxes = await replanning.plan_before(book, on[0], now=now)
            if next(book.open_from(now)).delivery_on == on[0]:
                await order_store.set_status(book.order.id, SubscriptionStatus.PAUSED)
            await settle_prices(person_id, subscription_id, now=now)
            done = _paused(book, days, until_on, now=now)
            return await _written(done, book, person_id, n_boxes, now=now)

    async def resume(self, person_id: UUID, subscription_id: UUID, *, now: DateTime) -> Receipt:
        """End the pause now: every delivery that may still change comes again.

        Raises
        ------
        NotFound, NotRunning, PlanRejected
        """
        async with unit_of_work():
            book = await held_book(person_id, subscription_id, now=now)
            days = _to_resume(book, now=now)
            await self._end(book, now=now)
            on = [each.delivery_on for each in days]
            book = await come_back(book, on, now=now)
            await order_store.take_back(book.order, on)
            n_boxes = 0
            if on:
                replanning = Replanning(self.planning)
                n_boxes = await replanning.plan_before(book, on[0], now=now)
                n_boxes += await replanning.plan_on(book, on, now=now)
            await settle_prices(person_id, subscription_id, now=now)
            done = _resumed(book, days, Asker.CUSTOMER, now=now)
            return await _written(done, book, person_id, n_boxes, now=now)

    async def turn(self, pause_id: UUID, *, now: DateTime) -> None:
        """Begin or end a pause whose day has come; running it again changes nothing."""
        owner = await order_store.owner_of_pause(pause_id)
        if owner is None:
            return
        async with unit_of_work():
            book = await held_book(*owner, now=now)
            pause, today = book.pause, book.today(now)
            if pause is None or pause.id != pause_id:
                return
            if today >= pause.until_on:
                await self._end(book, now=now)
                await _written(_resumed(book, [], Asker.SYSTEM, now=now), book, None, 0, now=now)
            elif today >= pause.from_on and book.order.status is SubscriptionStatus.ACTIVE:
                await order_store.set_status(book.order.id, SubscriptionStatus.PAUSED)
                log.info("pause_begun", subscription=str(book.order.id))

    async def _end(self, book: OrderBook, *, now: DateTime) -> None:
        if book.pause is not None:
            await order_store.end_pause(book.pause.id, now=now)
        await order_store.set_status(book.order.id, SubscriptionStatus.ACTIVE)


def _to_pause(
    book: OrderBook, from_on: dt.date, until_on: dt.date, *, now: DateTime
) -> list[DatedDelivery]:
    """Return the deliveries that a pause takes away, the first of them open.

    Raises
    ------
    Invalid, PastCutoff, NotRunning
    """
    if book.order.status is not SubscriptionStatus.ACTIVE or book.pause is not None:
        raise NotRunning
    today = book.today(now)
    if not today <= from_on <= today.add(days=LONGEST_DAYS):
        raise Invalid("from", never_due().message)
    first = book.due_on(from_on)
    if first is None:
        raise Invalid("from", never_due().message)
    if not book.is_open(first, now):
        raise PastCutoff
    if until_on <= from_on:
        raise Invalid("until", message("Choose a day after the first box that you do without."))
    if until_on > today.add(days=LONGEST_DAYS):
        raise Invalid("until", message("Choose a day within half a year."))
    days = book.open_from(now, from_on)
    return list(takewhile(lambda each: each.delivery_on < until_on, days))


def _to_resume(book: OrderBook, *, now: DateTime) -> list[DatedDelivery]:
    """Return the deliveries that come again when the pause is ended now.

    Raises
    ------
    NotRunning
    """
    pause = book.pause
    if pause is None:
        raise NotRunning
    days = takewhile(lambda each: each.delivery_on < pause.until_on, book.open_from(now))
    return [each for each in days if book.skips.get(each.delivery_on) == pause.id]


def _paused(
    book: OrderBook, days: list[DatedDelivery], until_on: dt.date, *, now: DateTime
) -> Done:
    on = [each.delivery_on for each in days]
    saved = Money(0, book.order.price.currency)
    for each in on:
        if each not in book.skips:
            saved += book.price_on(each)
    next_box = book.next_box(now, after=on[-1])
    return Done(
        deed=Deed.PAUSED,
        asked_at=now,
        effect_minor=-saved.minor,
        currency=saved.currency,
        until_on=until_on,
        next_on=None if next_box is None else next_box.delivery_on,
        cutoff_at=book.cutoff_of(days[0]),
    )


def _resumed(book: OrderBook, days: list[DatedDelivery], asker: Asker, *, now: DateTime) -> Done:
    next_box = book.next_box(now, besides=[each.delivery_on for each in days])
    return Done(
        deed=Deed.RESUMED,
        asked_at=now,
        effect_minor=book.next_price(next_box).minor,
        currency=book.order.price.currency,
        next_on=None if next_box is None else next_box.delivery_on,
        cutoff_at=book.cutoff_of(days[0]) if days else None,
        asker=asker,
    )


async def _written(
    done: Done, book: OrderBook, person_id: UUID | None, n_boxes: int, *, now: DateTime
) -> Receipt:
    order = book.order
    return await write_receipt(
        order.id, order.merchant_id, done, actor_id=person_id, n_boxes=n_boxes, now=now
    )
