"""Stock in PostgreSQL: append-only movements, counters that equal their sums, reservations.

Rows of `lot_stock` are always locked in the order of their lot ids, so that no two callers wait for each other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from ripeday.kit.adapters.unit_of_work import unit_of_work


@dataclass(frozen=True, slots=True)
class Arrival:
    """Units of a lot that came in, or that a grower announced."""

    lot_id: UUID
    units: int


_PROMISABLE = """
SELECT stock.lot, stock.on_hand + stock.announced - stock.reserved AS units
FROM lot_stock stock JOIN lot ON lot.id = stock.lot
WHERE lot.merchant = $1 AND lot.depot = $2 AND lot.status IN ('announced', 'received', 'available')
"""


async def promisable_units(merchant_id: UUID, depot_id: UUID) -> dict[UUID, int]:
    """Return, for each lot of a depot that may be promised, its units not reserved yet."""
    async with connection() as c:
        rows = await c.fetch(_PROMISABLE, merchant_id, depot_id)
    return {row["lot"]: row["units"] for row in rows}


_ANNOUNCE = """
INSERT INTO lot_stock (id, merchant, lot, announced, on_hand, reserved)
SELECT gen_random_uuid(), lot.merchant, lot.id, lot.units_announced, 0, 0 FROM lot WHERE lot.id = ANY($1)
ON CONFLICT (lot) DO NOTHING
"""


async def announce(lot_ids: Iterable[UUID]) -> None:
    """Open the stock account of announced lots; doing it again changes nothing."""
    async with connection() as c:
        await c.execute(_ANNOUNCE, list(lot_ids))


_RECEIVE_LOT = """
UPDATE lot SET status = 'available', units_received = $2, received_at = $3
WHERE id = $1 AND status = 'announced' RETURNING merchant
"""
_RECEIVE_STOCK = """
UPDATE lot_stock SET on_hand = on_hand + $2, announced = 0 WHERE lot = $1
"""
_MOVE = """
INSERT INTO stock_movement (id, merchant, lot, place, box_line, kind, units, business_key, moved_at)
VALUES (gen_random_uuid(), $1, $2, $3, NULL, $4, $5, $6, $7) ON CONFLICT (business_key) DO NOTHING
"""
_PUT_AWAY = """
INSERT INTO place_stock (id, merchant, place, lot, units) VALUES (gen_random_uuid(), $1, $2, $3, $4)
ON CONFLICT (place, lot) DO UPDATE SET units = place_stock.units + excluded.units
"""


async def receive(lot_id: UUID, *, units: Mapping[UUID, int], now: DateTime) -> bool:
    """Take a lot into the building, `units` by place; False when it was received before.

    What was announced and did not come is gone from the promise in the same transaction; the
    database refuses it when more is reserved than came.
    """
    async with unit_of_work() as transaction:
        total = sum(units.values())
        merchant = await transaction.fetchval(_RECEIVE_LOT, lot_id, total, now)
        if merchant is None:
            return False
        await transaction.execute(_RECEIVE_STOCK, lot_id, total)
        for place, count in units.items():
            key = f"receive:{lot_id}:{place}"
            await transaction.execute(_MOVE, merchant, lot_id, place, "received", count, key, now)
            await transaction.execute(_PUT_AWAY, merchant, place, lot_id, count)
    return True


_LOCK_STOCK = """
SELECT stock.lot FROM lot_stock stock
WHERE stock.lot IN (
    SELECT line.lot FROM box_line line JOIN box ON box.id = line.box
    WHERE box.delivery_day = $1 AND box.status = 'locked'
)
ORDER BY stock.lot FOR UPDATE
"""

_RESERVE_WHAT_FITS = """
WITH wanted AS (
    SELECT line.id AS line, line.box, line.lot, line.units, line.merchant,
           sum(line.units) OVER (
               PARTITION BY line.lot ORDER BY subscription.created_at, box.number, line.id
           ) AS running
    FROM box_line line
    JOIN box ON box.id = line.box
    JOIN subscription ON subscription.id = box.subscription
    WHERE box.delivery_day = $1 AND box.status = 'locked'
),
fitting AS (
    SELECT wanted.box FROM wanted
    LEFT JOIN lot_stock stock ON stock.lot = wanted.lot
    LEFT JOIN lot ON lot.id = wanted.lot
    GROUP BY wanted.box
    HAVING bool_and(
        coalesce(wanted.running <= stock.on_hand + stock.announced - stock.reserved, false)
        AND lot.status IN ('announced', 'received', 'available')
    )
),
kept AS (
    INSERT INTO reservation (id, merchant, lot, box, box_line, units, status, reserved_at)
    SELECT gen_random_uuid(), wanted.merchant, wanted.lot, wanted.box, wanted.line, wanted.units, 'active', $2
    FROM wanted JOIN fitting USING (box)
    ON CONFLICT (box_line) DO UPDATE
        SET lot = excluded.lot, units = excluded.units, status = 'active', reserved_at = $2, ended_at = NULL
        WHERE reservation.status = 'released'
    RETURNING lot, units
),
per_lot AS (SELECT lot, sum(units) AS units FROM kept GROUP BY lot),
counted AS (
    UPDATE lot_stock SET reserved = lot_stock.reserved + per_lot.units
    FROM per_lot WHERE lot_stock.lot = per_lot.lot RETURNING lot_stock.lot
)
UPDATE box SET status = 'reserved', status_at = $2
FROM fitting WHERE box.id = fitting.box AND (SELECT count(*) FROM counted) >= 0
RETURNING box.id
"""

_SHORT_ALONE = """
UPDATE box SET status = 'short', status_at = $2, status_note = 'stock'
WHERE delivery_day = $1 AND status = 'locked' AND (
    NOT EXISTS (SELECT FROM box_line WHERE box_line.box = box.id)
    OR EXISTS (
        SELECT FROM box_line line
        JOIN lot ON lot.id = line.lot
        LEFT JOIN lot_stock stock ON stock.lot = line.lot
        WHERE line.box = box.id
        GROUP BY line.lot, lot.status, stock.on_hand, stock.announced, stock.reserved
        HAVING lot.status NOT IN ('announced', 'received', 'available')
            OR sum(line.units) > coalesce(stock.on_hand + stock.announced - stock.reserved, 0)
    )
)
RETURNING id
"""


async def reserve_locked_boxes(delivery_day_id: UUID, *, now: DateTime) -> tuple[int, list[UUID]]:
    """Reserve every line of every locked box of a day, box by box whole or not at all.

    First subscribed, first served. Each round first sets aside the boxes that would not fit even
    alone; then the first of the rest fits for certain, so the rounds end. Returns how many boxes were
    reserved and the boxes that stay short. Call it inside a unit of work.
    """
    reserved, short = 0, []
    async with connection() as c:
        await c.fetch(_LOCK_STOCK, delivery_day_id)
        while True:
            short += [row["id"] for row in await c.fetch(_SHORT_ALONE, delivery_day_id, now)]
            rows = await c.fetch(_RESERVE_WHAT_FITS, delivery_day_id, now)
            if not rows:
                return reserved, short
            reserved += len(rows)


_LOCK_BOX_STOCK = """
SELECT lot FROM lot_stock WHERE lot IN (SELECT lot FROM reservation WHERE box = $1) ORDER BY lot FOR UPDATE
"""
_RELEASE = """
WITH freed AS (
    UPDATE reservation SET status = 'released', ended_at = $2
    WHERE box = $1 AND status = 'active' RETURNING lot, units
),
per_lot AS (SELECT lot, sum(units) AS units FROM freed GROUP BY lot)
UPDATE lot_stock SET reserved = lot_stock.reserved - per_lot.units
FROM per_lot WHERE lot_stock.lot = per_lot.lot RETURNING lot_stock.lot
"""


async def release_box(box_id: UUID, *, now: DateTime) -> bool:
    """Give a box's reserved units back; False when nothing was reserved. Call it inside a unit of work."""
    async with connection() as c:
        await c.fetch(_LOCK_BOX_STOCK, box_id)
        return bool(await c.fetch(_RELEASE, box_id, now))


_LOCK_BOXES_STOCK = """
SELECT lot FROM lot_stock WHERE lot IN (SELECT lot FROM reservation WHERE box = ANY($1)) ORDER BY lot FOR UPDATE
"""
_CONSUME = """
WITH taken AS (
    UPDATE reservation SET status = 'consumed', ended_at = $2
    WHERE box = ANY($1) AND status = 'active' RETURNING merchant, lot, box_line, units
),
moved AS (
    INSERT INTO stock_movement (id, merchant, lot, place, box_line, kind, units, business_key, moved_at)
    SELECT gen_random_uuid(), merchant, lot, NULL, box_line, 'picked', -units, 'pick:' || box_line, $2 FROM taken
    RETURNING id
),
per_lot AS (SELECT lot, sum(units) AS units FROM taken GROUP BY lot)
UPDATE lot_stock SET on_hand = lot_stock.on_hand - per_lot.units, reserved = lot_stock.reserved - per_lot.units
FROM per_lot WHERE lot_stock.lot = per_lot.lot AND (SELECT count(*) FROM moved) >= 0
RETURNING lot_stock.lot
"""
_EMPTY_PLACES = """
SELECT place_stock.id, place_stock.lot, place_stock.units, place.walk
FROM place_stock JOIN place ON place.id = place_stock.place
WHERE place_stock.lot = ANY($1) ORDER BY place_stock.lot, place.walk FOR UPDATE OF place_stock
"""


_DEPLETE = """
UPDATE lot SET status = 'depleted' FROM lot_stock stock
WHERE lot.id = ANY($1) AND lot.status = 'available' AND stock.lot = lot.id AND stock.on_hand + stock.announced = 0
"""


async def consume(box_ids: Iterable[UUID], *, now: DateTime) -> None:
    """Take the reserved units of packed boxes out of stock. Call it inside a unit of work."""
    boxes = list(box_ids)
    async with connection() as c:
        await c.fetch(_LOCK_BOXES_STOCK, boxes)
        before = await c.fetch(
            "SELECT lot, sum(units) AS units FROM reservation WHERE box = ANY($1) AND status = 'active' GROUP BY lot",
            boxes,
        )
        await c.fetch(_CONSUME, boxes, now)
        left = {row["lot"]: row["units"] for row in before}
        taken: list[tuple[UUID, int]] = []
        for row in await c.fetch(_EMPTY_PLACES, list(left)):
            units = min(row["units"], left[row["lot"]])
            left[row["lot"]] -= units
            taken.append((row["id"], units))
        await c.executemany("UPDATE place_stock SET units = units - $2 WHERE id = $1", taken)
        await c.execute(_DEPLETE, list(left))
