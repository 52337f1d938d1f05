"""Writes the mail before the last trial box."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pendulum import DateTime

from subscriptions.adapters import notice_store, order_store
from subscriptions.adapters.notice_store import Reader
from subscriptions.cutoff import DatedDelivery
from subscriptions.notice.letter import Letter
from subscriptions.notice.trial import TrialFacts, trial_ends
from subscriptions.order import OrderBook
from subscriptions.services.notice_desk import Desk, Writer, named
from subscriptions.trial_prospect import trial_end


async def _trial_ends(
    desk: Desk, payload: Mapping[str, Any], now: DateTime
) -> tuple[Reader, Letter] | None:
    subscription_id = UUID(payload["subscription"])
    told = await notice_store.subscription_to_tell(subscription_id)
    if told is None:
        return None
    books = await order_store.order_books(
        told.reader.person_id, now=now, subscription_id=subscription_id
    )
    if not books or books[0].order.trial is None or books[0].order.ends_on is not None:
        return None
    book, end = books[0], trial_end(books[0], now=now)
    if end.usual is None:
        return None
    facts = TrialFacts(
        merchant=named(told.reader, told.merchant, told.merchant_zh),
        plan=named(told.reader, told.plan, told.plan_zh),
        trial_price=books[0].order.trial.price,
        usual_price=book.order.price,
        last_on=None if end.last is None else end.last.delivery_on,
        last_closes=None if end.last is None else _closes(book, end.last),
        usual_on=end.usual.delivery_on,
        usual_closes=_closes(book, end.usual),
        end_url=desk.url(f"/subscriptions/{subscription_id}/cancel"),
    )
    return told.reader, trial_ends(facts)


def _closes(book: OrderBook, delivery: DatedDelivery) -> tuple[dt.date, dt.time]:
    at = book.cutoff_of(delivery).in_timezone(book.order.rule.timezone)
    return at.date(), at.time()


WRITERS: Mapping[str, Writer] = {"trial_ends": _trial_ends}
