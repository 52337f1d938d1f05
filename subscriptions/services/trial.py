"""Trials: what open boxes cost as others come or go before them, and the mail before the last trial box."""

from dataclasses import dataclass
from uuid import UUID

import structlog
from pendulum import DateTime

from ripeday.kit.adapters import outbox
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.money import Money
from subscriptions.adapters import trial_store
from subscriptions.adapters.trial_store import BoxPrice
from subscriptions.lifecycle import CHANGEABLE, SubscriptionStatus
from subscriptions.order import OrderBook
from subscriptions.services.ordering import held_book, order_book
from subscriptions.tax import tax_rule
from subscriptions.trial import TOLD_H
from subscriptions.trial_prospect import trial_end

log = structlog.get_logger("subscriptions.trial")


@dataclass(frozen=True, slots=True)
class TrialService:
    """Keeps trials as they were agreed."""

    async def settle(self, subscription_id: UUID, *, now: DateTime) -> None:
        """Price open boxes anew, tell of the last trial box once, and end a trial that is over.

        Running it again changes nothing.
        """
        trial = await trial_store.running(subscription_id)
        if trial is None:
            return
        async with unit_of_work():
            book = await held_book(trial.person_id, subscription_id, now=now)
            trial = await trial_store.running(subscription_id)
            if trial is None:
                return
            await _save_prices(book)
            if book.order.trial is None or book.order.status is SubscriptionStatus.CANCELLED:
                await trial_store.end(subscription_id, now=now)
                log.info("trial_ended", subscription=str(subscription_id))
            elif not trial.is_told and is_to_be_told(book, now=now):
                payload = {"kind": "trial_ends", "subscription": str(subscription_id)}
                key = f"subscription:{subscription_id}:trial_ends"
                await outbox.put("notice", payload, dedupe_key=key, now=now)
                await trial_store.note_told(subscription_id, now=now)


async def settle_prices(person_id: UUID, subscription_id: UUID, *, now: DateTime) -> None:
    """Price the open boxes of a person's order anew after deliveries came or went; call it in the deed's unit of work.

    Only a trial makes a box's price depend on others.
    """
    book = await order_book(person_id, subscription_id, now=now)
    if book.order.trial is not None:
        await _save_prices(book)


def is_to_be_told(book: OrderBook, *, now: DateTime) -> bool:
    """Tell whether the last trial box is about to close, or has."""
    if book.order.ends_on is not None:
        return False
    end = trial_end(book, now=now)
    if end.last is None:
        return end.usual is not None
    return end.usual is not None and book.cutoff_of(end.last) <= now.add(hours=TOLD_H)


async def _save_prices(book: OrderBook) -> None:
    wrong = {
        on: box
        for on, box in book.boxes.items()
        if box.status in CHANGEABLE and book.n_trial_on(on) != box.n_trial
    }
    if not wrong:
        return
    rule = tax_rule(await trial_store.country_of(book.order.merchant_id))
    prices = []
    for on, box in wrong.items():
        if box.box_id is not None and box.price is not None:
            price: Money = book.box_price_on(on)
            prices.append(
                BoxPrice(
                    box.box_id, price, rule.contained(price), box.usual or box.price, book.n_trial_on(on)
                )
            )  # fmt: skip
    await trial_store.save_prices(prices)
