"""Delivery days on their way from open to out of the door."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.adapters.engine import connection


@dataclass(frozen=True, slots=True)
class DayHead:
    """What the cut-off and the floor need to know of a delivery day."""

    id: UUID
    merchant_id: UUID
    depot_id: UUID
    delivery_on: date
    cutoff_at: datetime
    pack_on: date
    locked_at: datetime | None
    reserved_at: datetime | None


_HEAD = """
SELECT id, merchant, depot, delivery_on, cutoff_at, pack_on, locked_at, reserved_at
FROM delivery_day WHERE id = $1
"""


async def day_head(delivery_day_id: UUID, *, locked: bool = False) -> DayHead | None:
    """Return a delivery day; `locked` holds its row until the unit of work ends."""
    async with connection() as c:
        row = await c.fetchrow(_HEAD + (" FOR UPDATE" if locked else ""), delivery_day_id)
    return None if row is None else DayHead(*row.values())


async def lock_boxes(delivery_day_id: UUID, *, now: DateTime) -> int:
    """Close the day for changes and lock its boxes; returns how many."""
    async with connection() as c:
        await c.execute(
            "UPDATE delivery_day SET locked_at = $2 WHERE id = $1", delivery_day_id, now
        )
        status = await c.execute(
            "UPDATE box SET status = 'locked', locked_at = $2, status_at = $2"
            " WHERE delivery_day = $1 AND status IN ('proposed', 'edited')",
            delivery_day_id, now,
        )  # fmt: skip
    return int(status.split()[-1])


async def mark_reserved(delivery_day_id: UUID, *, now: DateTime) -> None:
    """Note that stock has been reserved for the day."""
    async with connection() as c:
        await c.execute(
            "UPDATE delivery_day SET reserved_at = $2 WHERE id = $1", delivery_day_id, now
        )


DUE_TO_LOCK = "SELECT id::text FROM delivery_day WHERE locked_at IS NULL AND cutoff_at <= $1"
DUE_TO_RESERVE = (
    "SELECT id::text FROM delivery_day"
    " WHERE locked_at IS NOT NULL AND reserved_at IS NULL AND cutoff_at <= $1"
)
DUE_TO_CHARGE = (
    "SELECT id::text FROM box WHERE status = 'reserved' AND status_at <= $1 ORDER BY status_at"
)
DUE_TO_SETTLE = (
    "SELECT id::text FROM box WHERE status = 'charge_unknown'"
    " AND status_at <= $1::timestamptz - interval '30 seconds' ORDER BY status_at"
)
DUE_TO_GIVE_UP = """
SELECT box.id::text FROM box
JOIN delivery_day day ON day.id = box.delivery_day JOIN merchant ON merchant.id = box.merchant
WHERE box.status = 'needs_authentication' AND day.pack_on <= ($1 AT TIME ZONE merchant.timezone)::date
"""
DUE_TO_RELEASE = """
SELECT day.id::text FROM delivery_day day JOIN merchant ON merchant.id = day.merchant
WHERE day.reserved_at IS NOT NULL
  AND day.pack_on <= ($1 AT TIME ZONE merchant.timezone)::date
  AND EXISTS (SELECT FROM box WHERE box.delivery_day = day.id AND box.status IN ('paid', 'waived')
              AND NOT EXISTS (SELECT FROM wave_box WHERE wave_box.box = box.id))
  AND NOT EXISTS (SELECT FROM box WHERE box.delivery_day = day.id
                  AND box.status IN ('reserved', 'charge_unknown', 'needs_authentication'))
"""
"""Queries that find due work; `$1` is the present instant, the answer is business keys."""
