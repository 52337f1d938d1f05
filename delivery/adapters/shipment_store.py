"""Shipments in PostgreSQL."""

from collections.abc import Sequence
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.adapters.engine import connection

_PACKABLE = """
SELECT box.id, box.number, shipment.status FROM box
JOIN shipment ON shipment.box = box.id
WHERE box.id = ANY($1) AND box.merchant = ANY($2) ORDER BY box.id FOR UPDATE OF shipment
"""


async def hold_shipments(
    box_ids: Sequence[UUID], merchant_ids: Sequence[UUID]
) -> list[tuple[UUID, int, str]]:
    """Return (box, number, shipment status) of boxes that these merchants have labelled, rows held."""
    async with connection() as c:
        rows = await c.fetch(_PACKABLE, list(box_ids), list(merchant_ids))
    return [(row[0], row[1], row[2]) for row in rows]


async def mark_packed(box_ids: Sequence[UUID], *, now: DateTime) -> None:
    """Note that boxes are packed."""
    async with connection() as c:
        await c.execute(
            "UPDATE shipment SET status = 'packed', packed_at = $2 WHERE box = ANY($1)",
            list(box_ids),
            now,
        )


async def mark_shipped(
    wave_id: UUID,
    merchant_ids: Sequence[UUID],
    *,
    carrier: str,
    tracking: str | None,
    now: DateTime,
) -> list[UUID]:
    """Note that the packed boxes of a wave have left; returns them."""
    async with connection() as c:
        rows = await c.fetch(
            "UPDATE shipment SET status = 'shipped', shipped_at = $2, carrier = $4, tracking = $5"
            " WHERE status = 'packed' AND merchant = ANY($3)"
            " AND box IN (SELECT box FROM wave_box WHERE wave = $1) RETURNING box",
            wave_id,
            now,
            list(merchant_ids),
            carrier,
            tracking,
        )
    return [row["box"] for row in rows]


async def mark_delivered(
    wave_id: UUID, merchant_ids: Sequence[UUID], *, now: DateTime
) -> list[UUID]:
    """Note that the boxes of a wave that left have arrived; returns them."""
    async with connection() as c:
        rows = await c.fetch(
            "UPDATE shipment SET status = 'delivered', delivered_at = $2"
            " WHERE status = 'shipped' AND merchant = ANY($3)"
            " AND box IN (SELECT box FROM wave_box WHERE wave = $1) RETURNING box",
            wave_id,
            now,
            list(merchant_ids),
        )
    return [row["box"] for row in rows]


async def boxes_of_wave(wave_id: UUID) -> list[UUID]:
    """Return the boxes of a wave in the order of their totes, 1, 2, 3 … each."""
    async with connection() as c:
        rows = await c.fetch("SELECT box FROM wave_box WHERE wave = $1 ORDER BY tote", wave_id)
    return [row["box"] for row in rows]
