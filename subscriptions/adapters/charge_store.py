"""Attempts to charge, the boxes they are for, and the ledger, in PostgreSQL.

Every function that changes something is called inside a unit of work and holds the box's row first.
"""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pendulum
from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from ripeday.kit.money import Money
from subscriptions.adapters import credit_store
from subscriptions.credit import usable
from subscriptions.lifecycle import BoxStatus, ChargeOutcome
from subscriptions.ports import ChargeReceipt, ChargeRequest


@dataclass(frozen=True, slots=True)
class Bill:
    """A box as the till sees it, its row held until the unit of work ends."""

    box_id: UUID
    merchant_id: UUID
    subscription_id: UUID
    household_id: UUID
    status: BoxStatus
    price: Money
    tax: Money
    customer: str
    payment_method: str
    description: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to take the money for a box: `amount` from the card, `credit` from the household's account."""

    id: UUID
    number: int
    outcome: ChargeOutcome
    started_at: DateTime
    intent_id: str | None
    amount: Money
    credit: Money


_BILL = """
SELECT box.id, box.merchant, box.subscription, box.household, box.status, box.price_minor, box.tax_minor, box.currency,
       coalesce(subscription.provider_customer, '') AS customer,
       coalesce(subscription.provider_payment_method, '') AS payment_method,
       merchant.name || ', box of ' || delivery_day.delivery_on AS description
FROM box
JOIN subscription ON subscription.id = box.subscription
JOIN delivery_day ON delivery_day.id = box.delivery_day
JOIN merchant ON merchant.id = box.merchant
WHERE box.id = $1 FOR UPDATE OF box
"""


async def hold_bill(box_id: UUID) -> Bill | None:
    """Return the box with its row held."""
    async with connection() as c:
        row = await c.fetchrow(_BILL, box_id)
    if row is None:
        return None
    price = Money(row["price_minor"], row["currency"])
    return Bill(
        row["id"], row["merchant"], row["subscription"], row["household"], BoxStatus(row["status"]), price,
        Money(row["tax_minor"], row["currency"]), row["customer"], row["payment_method"], row["description"],
    )  # fmt: skip


_ATTEMPTS = """
SELECT id, attempt, outcome, started_at, provider_intent, amount_minor, coalesce(credit_minor, 0), currency
FROM charge WHERE box = $1 ORDER BY attempt DESC
"""


async def attempts(box_id: UUID) -> list[Attempt]:
    """Return the attempts for a box, latest first."""
    async with connection() as c:
        rows = await c.fetch(_ATTEMPTS, box_id)
    return [
        Attempt(
            r[0], r[1], ChargeOutcome(r[2]), pendulum.instance(r[3]), r[4], Money(r[5], r[7]), Money(r[6], r[7])
        )
        for r in rows
    ]  # fmt: skip


_OPEN = """
INSERT INTO charge (id, merchant, box, attempt, amount_minor, credit_minor, currency, outcome, started_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'started', $8)
"""


async def open_attempt(bill: Bill, number: int, *, now: DateTime) -> Attempt:
    """Write the attempt before the provider is asked; what is on the household's account comes off first."""
    balance = await credit_store.free_balance(
        bill.household_id, box_id=bill.box_id, currency=bill.price.currency
    )
    credit = usable(bill.price, balance)
    amount = bill.price - credit
    attempt = Attempt(uuid4(), number, ChargeOutcome.STARTED, now, None, amount, credit)
    async with connection() as c:
        await c.execute(
            _OPEN, attempt.id, bill.merchant_id, bill.box_id, number, amount.minor, credit.minor,
            amount.currency, now,
        )  # fmt: skip
    return attempt


def request_for(bill: Bill, attempt: Attempt) -> ChargeRequest:
    """Return what the provider is asked; the same for every repeat of the attempt."""
    return ChargeRequest(
        box_id=bill.box_id,
        attempt=attempt.number,
        amount=attempt.amount,
        customer=bill.customer,
        payment_method=bill.payment_method,
        description=bill.description,
        merchant=str(bill.merchant_id),
    )


_SETTLE = """
UPDATE charge SET outcome = $2, settled_at = $3, provider_intent = coalesce($4, provider_intent), decline_code = $5
WHERE id = $1 AND outcome IN ('started', 'unknown')
"""


async def settle_attempt(
    attempt_id: UUID, outcome: ChargeOutcome, receipt: ChargeReceipt | None, *, now: DateTime
) -> None:
    """Note what came of an attempt; `unknown` leaves it open."""
    intent = receipt.intent_id if receipt else None
    code = receipt.decline_code if receipt else None
    settled_at = None if outcome is ChargeOutcome.UNKNOWN else now
    async with connection() as c:
        await c.execute(_SETTLE, attempt_id, outcome.value, settled_at, intent, code)


async def reopen_as_paid(attempt_id: UUID, receipt: ChargeReceipt, *, now: DateTime) -> None:
    """Note that an attempt the bank wanted the customer for has been paid after all."""
    async with connection() as c:
        await c.execute(
            "UPDATE charge SET outcome = 'succeeded', settled_at = $2, provider_intent = $3"
            " WHERE id = $1 AND outcome = 'needs_authentication'",
            attempt_id, now, receipt.intent_id,
        )  # fmt: skip


async def set_status(
    box_id: UUID, status: BoxStatus, *, now: DateTime, note: str | None = None
) -> None:
    """Move a box on."""
    async with connection() as c:
        await c.execute(
            "UPDATE box SET status = $2, status_at = $3, status_note = $4 WHERE id = $1",
            box_id, status.value, now, note,
        )  # fmt: skip


async def post_sale(bill: Bill, attempt: Attempt, *, now: DateTime) -> None:
    """Post a paid box: the provider owes us the charge, the household's account pays the rest; sales and tax stand
    against both.
    """
    sides = {
        "provider": attempt.amount.minor,
        "credit": attempt.credit.minor,
        "sales": -(bill.price.minor - bill.tax.minor),
        "tax": -bill.tax.minor,
    }
    await credit_store.post(
        f"box:{bill.box_id}:paid",
        sides,
        merchant_id=bill.merchant_id,
        box_id=bill.box_id,
        household_id=bill.household_id,
        currency=bill.price.currency,
        now=now,
    )


async def keep_event(event_id: str, kind: str, payload: str, *, now: DateTime) -> bool:
    """Keep a provider's event; False when it was kept before."""
    sql = """
    INSERT INTO payment_event (id, kind, payload, received_at) VALUES ($1, $2, $3::jsonb, $4)
    ON CONFLICT (id) DO NOTHING RETURNING id
    """
    async with connection() as c:
        return await c.fetchval(sql, event_id, kind, payload, now) is not None


async def mark_event_applied(event_id: str, *, now: DateTime) -> None:
    """Note that an event has had its effect."""
    async with connection() as c:
        await c.execute("UPDATE payment_event SET applied_at = $2 WHERE id = $1", event_id, now)
