"""What was taken from a person's card and put on their account, for their list of receipts."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from ripeday.kit.adapters.engine import connection
from ripeday.kit.money import Money


@dataclass(frozen=True, slots=True)
class ChargeView:
    """A successful charge for the box of a day."""

    box_id: UUID
    delivery_on: dt.date
    amount: Money
    at: dt.datetime
    timezone: str
    is_refunded: bool


_CHARGES = """
SELECT charge.box, day.delivery_on, charge.amount_minor, charge.currency, charge.settled_at, merchant.timezone,
       box.status = 'refunded'
FROM charge
JOIN box ON box.id = charge.box
JOIN household ON household.id = box.household
JOIN delivery_day day ON day.id = box.delivery_day
JOIN merchant ON merchant.id = box.merchant
WHERE household.person = $1 AND charge.outcome = 'succeeded' AND ($2::timestamptz IS NULL OR charge.settled_at < $2)
ORDER BY charge.settled_at DESC, charge.id LIMIT $3
"""


async def charges_of(
    person_id: UUID, *, before: dt.datetime | None, limit: int
) -> list[ChargeView]:
    """Return the successful charges of a person's boxes, newest first."""
    async with connection() as c:
        rows = await c.fetch(_CHARGES, person_id, before, limit)
    return [ChargeView(r[0], r[1], Money(r[2], r[3]), r[4], r[5], r[6]) for r in rows]


@dataclass(frozen=True, slots=True)
class CreditView:
    """Money put on a household's account for the box of a day."""

    box_id: UUID
    delivery_on: dt.date
    amount: Money
    at: dt.datetime
    timezone: str


_CREDITS = """
SELECT entry.box, day.delivery_on, -entry.amount_minor, entry.currency, entry.posted_at, merchant.timezone
FROM ledger_entry entry
JOIN household ON household.id = entry.household
JOIN box ON box.id = entry.box
JOIN delivery_day day ON day.id = box.delivery_day
JOIN merchant ON merchant.id = entry.merchant
WHERE household.person = $1 AND entry.account = 'credit' AND entry.amount_minor < 0
  AND ($2::timestamptz IS NULL OR entry.posted_at < $2)
ORDER BY entry.posted_at DESC, entry.id LIMIT $3
"""


async def credits_of(
    person_id: UUID, *, before: dt.datetime | None, limit: int
) -> list[CreditView]:
    """Return what was put on the accounts of a person's households, newest first."""
    async with connection() as c:
        rows = await c.fetch(_CREDITS, person_id, before, limit)
    return [CreditView(r[0], r[1], Money(r[2], r[3]), r[4], r[5]) for r in rows]
