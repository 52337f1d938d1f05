"""A lot followed: back to its grower, on to its places, boxes and households. One query each, by indexed keys."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pendulum import DateTime

from delivery.floor import LotAtPlace, LotFound, LotInBox, LotPage
from ripeday.kit.adapters.engine import connection
from ripeday.kit.text import Named
from subscriptions.adapters.lot_store import STATE, state_of
from subscriptions.adapters.place_of_box import PLACE_OF_BOX
from subscriptions.lifecycle import LotStatus

MOST_FOUND = 20

_LOT = f"""
SELECT {STATE}, lot.id, lot.depot, lot.code, lot.status, grower.name, grower.place,
       CASE WHEN $4 = 'zh' THEN depot.name_zh ELSE depot.name END, lot.units_announced, lot.units_received,
       lot.case_units, lot.harvested_on, lot.due_on, lot.must_leave_on, lot.received_at AT TIME ZONE merchant.timezone,
       ($3::timestamptz AT TIME ZONE merchant.timezone)::date,
       coalesce(stock.on_hand, 0), coalesce(stock.reserved, 0)
FROM lot
JOIN grower ON grower.id = lot.grower
JOIN depot ON depot.id = lot.depot
JOIN merchant ON merchant.id = lot.merchant
LEFT JOIN lot_stock stock ON stock.lot = lot.id
WHERE lot.id = $1 AND lot.merchant = ANY($2)
"""


async def lot_page(
    lot_id: UUID, merchant_ids: Sequence[UUID], *, locale: str, now: DateTime
) -> LotPage | None:
    """Return a lot of these merchants."""
    async with connection() as c:
        row = await c.fetchrow(_LOT, lot_id, list(merchant_ids), now, locale)
    if row is None:
        return None
    lot, depot, code, status, *rest = list(row.values())[len(STATE.split(",")) :]
    return LotPage(lot, depot, code, state_of(row), LotStatus(status), *rest)


_BOXES = f"""
SELECT box.id, box.number, day.delivery_on, CASE WHEN donation.id IS NULL THEN household.name ELSE stop.name END,
       sum(reservation.units)::int, wave_box.wave, coalesce(shipment.status, box.status), donation.id IS NOT NULL,
       CASE WHEN donation.id IS NULL THEN stop.name END, CASE WHEN donation.id IS NULL THEN stop.name_zh END
FROM reservation
JOIN box ON box.id = reservation.box
JOIN delivery_day day ON day.id = box.delivery_day
JOIN subscription ON subscription.id = box.subscription
JOIN household ON household.id = box.household
LEFT JOIN wave_box ON wave_box.box = box.id
LEFT JOIN shipment ON shipment.box = box.id
{PLACE_OF_BOX}
WHERE reservation.lot = $1 AND reservation.merchant = ANY($2) AND reservation.status <> 'released'
GROUP BY box.id, day.delivery_on, donation.id, stop.id, household.name, wave_box.wave, shipment.status
ORDER BY day.delivery_on DESC, box.number
"""


async def boxes_with(lot_id: UUID, merchant_ids: Sequence[UUID]) -> list[LotInBox]:
    """Return every box that holds, or is promised, units of a lot.

    One that is given away comes with its food bank, others with the stop at which they are fetched.
    """
    async with connection() as c:
        rows = await c.fetch(_BOXES, lot_id, list(merchant_ids))
    return [_in_box(tuple(row)) for row in rows]


def _in_box(row: tuple[Any, ...]) -> LotInBox:
    name, name_zh = row[8:]
    return LotInBox(*(*row[:8], None if name is None else Named(name, name_zh)))


_PLACES = """
SELECT place.code, place_stock.units FROM place_stock JOIN place ON place.id = place_stock.place
WHERE place_stock.lot = $1 AND place_stock.units > 0 ORDER BY place.walk
"""


async def places_with(lot_id: UUID) -> list[LotAtPlace]:
    """Return where a lot lies now."""
    async with connection() as c:
        return [LotAtPlace(*row.values()) for row in await c.fetch(_PLACES, lot_id)]


_FIND = """
SELECT id, code, produce, status, due_on FROM lot
WHERE merchant = ANY($1) AND upper(code) LIKE $2 ESCAPE '\\' ORDER BY due_on DESC, code LIMIT $3
"""


async def lots_called(merchant_ids: Sequence[UUID], code: str) -> list[LotFound]:
    """Return the lots of these merchants whose code begins with `code`, the newest first."""
    safe = code.upper().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    async with connection() as c:
        rows = await c.fetch(_FIND, list(merchant_ids), f"{safe}%", MOST_FOUND)
    return [LotFound(row[0], row[1], row[2], LotStatus(row[3]), row[4]) for row in rows]
