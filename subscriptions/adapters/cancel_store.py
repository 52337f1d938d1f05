"""Cancellations in PostgreSQL."""

import datetime as dt
from uuid import UUID, uuid4

from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from subscriptions.cancelling import CancelReason
from subscriptions.order import Order


async def save(
    order: Order, ends_on: dt.date, reason: CancelReason | None, *, now: DateTime
) -> None:
    """Save the wish to end an order, and the day from which on nothing comes."""
    async with connection() as c:
        await c.execute(
            "INSERT INTO cancellation (id, merchant, subscription, asked_at, ends_on, reason)"
            " VALUES ($1, $2, $3, $4, $5, $6)",
            uuid4(), order.merchant_id, order.id, now, ends_on, reason.value if reason else None,
        )  # fmt: skip
        await c.execute("UPDATE subscription SET ends_on = $2 WHERE id = $1", order.id, ends_on)


async def withdraw(subscription_id: UUID, *, now: DateTime) -> None:
    """Take the wish back."""
    async with connection() as c:
        await c.execute(
            "UPDATE cancellation SET withdrawn_at = $2 WHERE subscription = $1 AND withdrawn_at IS NULL",
            subscription_id, now,
        )  # fmt: skip
        await c.execute("UPDATE subscription SET ends_on = NULL WHERE id = $1", subscription_id)


async def end(subscription_id: UUID, *, now: DateTime) -> None:
    """Note that a subscription has ended."""
    async with connection() as c:
        await c.execute(
            "UPDATE subscription SET status = 'cancelled', cancelled_at = $2 WHERE id = $1",
            subscription_id, now,
        )  # fmt: skip


async def end_due(subscription_id: UUID, *, now: DateTime) -> bool:
    """End a subscription if its day has come; False when it has not, or has ended before."""
    async with connection() as c:
        done = await c.execute(
            "UPDATE subscription SET status = 'cancelled', cancelled_at = $2 FROM merchant"
            " WHERE subscription.id = $1 AND merchant.id = subscription.merchant"
            " AND subscription.status <> 'cancelled'"
            " AND subscription.ends_on <= ($2::timestamptz AT TIME ZONE merchant.timezone)::date",
            subscription_id, now,
        )  # fmt: skip
    return bool(done == "UPDATE 1")


DUE_TO_END = """
SELECT subscription.id::text FROM subscription JOIN merchant ON merchant.id = subscription.merchant
WHERE subscription.ends_on IS NOT NULL AND subscription.status <> 'cancelled'
  AND subscription.ends_on <= ($1 AT TIME ZONE merchant.timezone)::date
"""
"""Which subscriptions end; `$1` is the present instant, the answer is business keys."""
