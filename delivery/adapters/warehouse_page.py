"""The warehouse's own pages, one query shaped for each part; everything is of the merchants that are given."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from pendulum import DateTime

from delivery.floor import (
    DayOnTheWay,
    Depot,
    Floor,
    LotDue,
    PlaceChoice,
    WaveOnFloor,
)
from delivery.lifecycle import Paper
from ripeday.kit.adapters.engine import connection

SHOWN_AHEAD = dt.timedelta(days=7)
"""Lots due later than this are not listed for receiving."""

_DEPOTS = """
SELECT depot.id, CASE WHEN $3 = 'zh' THEN depot.name_zh ELSE depot.name END,
       CASE WHEN $3 = 'zh' THEN merchant.name_zh ELSE merchant.name END, merchant.timezone, local.today,
       (SELECT count(*) FROM lot WHERE lot.depot = depot.id AND lot.status = 'announced'
            AND lot.due_on <= local.today),
       (SELECT count(*) FROM lot WHERE lot.depot = depot.id
            AND (lot.received_at AT TIME ZONE merchant.timezone)::date = local.today)
FROM depot JOIN merchant ON merchant.id = depot.merchant
CROSS JOIN LATERAL (SELECT ($2::timestamptz AT TIME ZONE merchant.timezone)::date AS today) local
WHERE depot.merchant = ANY($1) ORDER BY merchant.slug, depot.code
"""

_WAVES = """
SELECT wave.id, wave.depot, wave.code, wave.number,
       CASE WHEN $3 = 'zh' THEN round.name_zh ELSE round.name END, day.delivery_on, day.pack_on,
       n.boxes, n.packed, n.shipped, n.delivered, p.papers, p.made_at AT TIME ZONE merchant.timezone
FROM wave
JOIN delivery_day day ON day.id = wave.delivery_day
JOIN delivery_round round ON round.id = day.round
JOIN merchant ON merchant.id = wave.merchant
CROSS JOIN LATERAL (SELECT ($2::timestamptz AT TIME ZONE merchant.timezone)::date AS today) local
CROSS JOIN LATERAL (
    SELECT count(*) AS boxes, count(shipment.packed_at) AS packed, count(shipment.shipped_at) AS shipped,
           count(shipment.delivered_at) AS delivered
    FROM wave_box JOIN shipment ON shipment.box = wave_box.box WHERE wave_box.wave = wave.id
) n
CROSS JOIN LATERAL (
    SELECT count(DISTINCT paper) AS papers, max(made_at) AS made_at FROM print WHERE print.wave = wave.id
) p
WHERE wave.merchant = ANY($1) AND (
    day.pack_on >= local.today
    OR day.delivery_on >= local.today
    OR (n.shipped < n.boxes AND day.pack_on >= local.today - 14)
)
ORDER BY day.pack_on, wave.released_at, wave.code
"""

_DAYS = """
SELECT day.id, day.depot, CASE WHEN $3 = 'zh' THEN round.name_zh ELSE round.name END, day.delivery_on, day.pack_on,
       day.cutoff_at AT TIME ZONE merchant.timezone, day.locked_at IS NOT NULL, day.reserved_at IS NOT NULL,
       n.boxes, n.charging, n.waiting, n.ready, n.short, n.declined
FROM delivery_day day
JOIN delivery_round round ON round.id = day.round
JOIN merchant ON merchant.id = day.merchant
CROSS JOIN LATERAL (SELECT ($2::timestamptz AT TIME ZONE merchant.timezone)::date AS today) local
CROSS JOIN LATERAL (
    SELECT count(*) AS boxes,
           count(*) FILTER (WHERE box.status IN ('reserved', 'charge_unknown')) AS charging,
           count(*) FILTER (WHERE box.status = 'needs_authentication') AS waiting,
           count(*) FILTER (WHERE box.status IN ('paid', 'waived') AND wave_box.id IS NULL) AS ready,
           count(*) FILTER (WHERE box.status = 'short') AS short,
           count(*) FILTER (WHERE box.status = 'declined') AS declined
    FROM box LEFT JOIN wave_box ON wave_box.box = box.id WHERE box.delivery_day = day.id
) n
WHERE day.merchant = ANY($1) AND day.pack_on BETWEEN local.today - 3 AND local.today + 7
ORDER BY day.pack_on, day.delivery_on
"""


async def floors(merchant_ids: Sequence[UUID], *, locale: str, now: DateTime) -> list[Floor]:
    """Return every depot of these merchants with its waves and the days on their way to it."""
    asked = (list(merchant_ids), now, locale)
    async with connection() as c:
        depots = [Depot(*row.values()) for row in await c.fetch(_DEPOTS, *asked)]
        waves = [WaveOnFloor(*row.values()) for row in await c.fetch(_WAVES, *asked)]
        days = [DayOnTheWay(*row.values()) for row in await c.fetch(_DAYS, *asked)]
    return [
        Floor(
            depot,
            [wave for wave in waves if wave.depot_id == depot.id],
            [day for day in days if day.depot_id == depot.id and day.state != "done"],
        )
        for depot in depots
    ]


_DUE = """
SELECT lot.id, lot.depot, lot.code, lot.produce, grower.name, lot.units_announced, lot.case_units,
       coalesce(stock.reserved, 0), lot.due_on, lot.status = 'held'
FROM lot
JOIN grower ON grower.id = lot.grower
JOIN merchant ON merchant.id = lot.merchant
LEFT JOIN lot_stock stock ON stock.lot = lot.id
WHERE lot.merchant = ANY($1) AND lot.received_at IS NULL AND lot.status IN ('announced', 'held')
  AND lot.due_on <= ($2::timestamptz AT TIME ZONE merchant.timezone)::date + $3::int
ORDER BY lot.due_on, lot.code
"""


async def lots_due(merchant_ids: Sequence[UUID], *, now: DateTime) -> list[LotDue]:
    """Return the lots that are waited for, the longest awaited first."""
    async with connection() as c:
        rows = await c.fetch(_DUE, list(merchant_ids), now, SHOWN_AHEAD.days)
    return [LotDue(*row.values()) for row in rows]


_CAME = """
SELECT lot.id, lot.depot, lot.code, lot.produce, grower.name, lot.units_received, lot.case_units,
       coalesce(stock.reserved, 0), lot.due_on, lot.status = 'held'
FROM lot
JOIN grower ON grower.id = lot.grower
JOIN merchant ON merchant.id = lot.merchant
LEFT JOIN lot_stock stock ON stock.lot = lot.id
WHERE lot.merchant = ANY($1) AND (lot.received_at AT TIME ZONE merchant.timezone)::date
      = ($2::timestamptz AT TIME ZONE merchant.timezone)::date
ORDER BY lot.received_at DESC, lot.code
"""


async def lots_come_today(merchant_ids: Sequence[UUID], *, now: DateTime) -> list[LotDue]:
    """Return the lots that came in today, the latest first; units are those that came."""
    async with connection() as c:
        rows = await c.fetch(_CAME, list(merchant_ids), now)
    return [LotDue(*row.values()) for row in rows]


_PLACES = """
SELECT place.id, place.code, place.zone, CASE WHEN $2 = 'zh' THEN place.zone_name_zh ELSE place.zone_name END,
       place.low_c, place.high_c,
       coalesce((SELECT sum(units) FROM place_stock WHERE place_stock.place = place.id), 0)::int
FROM place WHERE place.depot = $1 ORDER BY place.walk
"""


async def places(depot_id: UUID, *, locale: str) -> list[PlaceChoice]:
    """Return the places of a depot in walking order."""
    async with connection() as c:
        rows = await c.fetch(_PLACES, depot_id, locale)
    return [PlaceChoice(*row.values()) for row in rows]


async def printed(wave_id: UUID, timezone: str) -> dict[str, dt.datetime]:
    """Return, by language in which all papers of a wave are printed, when the last one was made, in wall time."""
    async with connection() as c:
        rows = await c.fetch(
            "SELECT locale, max(made_at) AT TIME ZONE $2 AS made_at FROM print WHERE wave = $1"
            " GROUP BY locale HAVING count(*) = $3 ORDER BY locale",
            wave_id,
            timezone,
            len(Paper),
        )
    return {row["locale"]: row["made_at"] for row in rows}


async def shipment_states(wave_id: UUID) -> dict[UUID, tuple[str, str, str | None]]:
    """Return (status, carrier, tracking number) of each box of a wave."""
    async with connection() as c:
        rows = await c.fetch(
            "SELECT shipment.box, shipment.status, shipment.carrier, shipment.tracking FROM wave_box"
            " JOIN shipment ON shipment.box = wave_box.box WHERE wave_box.wave = $1",
            wave_id,
        )
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


async def withheld_lots(wave_id: UUID) -> list[str]:
    """Return the codes of held or recalled lots that boxes of a wave still wait for."""
    async with connection() as c:
        rows = await c.fetch(
            "SELECT DISTINCT lot.code FROM wave_box"
            " JOIN reservation ON reservation.box = wave_box.box AND reservation.status = 'active'"
            " JOIN lot ON lot.id = reservation.lot AND lot.status IN ('held', 'recalled', 'discarded')"
            " WHERE wave_box.wave = $1 ORDER BY 1",
            wave_id,
        )
    return [row["code"] for row in rows]
