"""What was taken from a person's card, for their list of receipts."""

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
