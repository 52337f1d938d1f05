"""What a merchant's staff sees first: which shop, the coming delivery days, what needs somebody.

Every query takes the merchant that the caller has checked against the identity. Pages read across packages (stock,
waves, shipments); only their owners write there.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ripeday.kit.adapters.engine import connection
from subscriptions.plan_stage import BoxCount, PlanStage, stage_of


@dataclass(frozen=True, slots=True)
class Shop:
    """A merchant as its staff's pages need it."""

    id: UUID
    slug: str
    name: str
    name_zh: str
    country: str
    currency: str
    timezone: str
    season_region: str
    gs1_prefix: str


_SHOPS = """
SELECT id, slug, name, name_zh, country, currency, timezone, season_region, gs1_prefix FROM merchant
"""


async def shops_of(merchant_ids: Sequence[UUID]) -> list[Shop]:
    """Return merchants in the order of their ids given."""
    async with connection() as c:
        rows = await c.fetch(_SHOPS + "WHERE id = ANY($1)", list(merchant_ids))
    found = {row["id"]: Shop(*row.values()) for row in rows}
    return [found[id_] for id_ in merchant_ids if id_ in found]


@dataclass(frozen=True, slots=True)
class DayHead:
    """A delivery day: its round, where it stands, its boxes and how many of their days are covered."""

    id: UUID
    delivery_on: dt.date
    pack_on: dt.date
    cutoff_at: dt.datetime
    planned_at: dt.datetime | None
    round_name: str
    round_name_zh: str
    depot_id: UUID
    depot_name: str
    depot_name_zh: str
    stage: PlanStage
    count: BoxCount
    n_days: int
    n_uncovered: int

    @property
    def covered_pct(self) -> float | None:
        """Return the covered share of all days of the boxes; None without a box."""
        return covered_pct(self.n_days, self.n_uncovered)

    def may_plan(self, now: dt.datetime) -> bool:
        """Tell whether its boxes may be planned anew."""
        return self.stage <= PlanStage.OPEN and now < self.cutoff_at


def covered_pct(n_days: int, n_uncovered: int) -> float | None:
    """Return covered days in percent with one decimal, never rounded up to all of them."""
    if n_days == 0:
        return None
    share = round(100 * (n_days - n_uncovered) / n_days, 1)
    return min(share, 99.9) if n_uncovered else share


_DAYS = """
SELECT day.id, day.delivery_on, day.pack_on, day.cutoff_at, day.planned_at, round.name AS round_name,
       round.name_zh AS round_name_zh, depot.id AS depot_id, depot.name AS depot_name,
       depot.name_zh AS depot_name_zh, day.locked_at, day.reserved_at, counted.*
FROM delivery_day day
JOIN delivery_round round ON round.id = day.round
JOIN depot ON depot.id = day.depot
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE box.status NOT IN ('cancelled', 'refunded')) AS n_boxes,
           count(*) FILTER (WHERE box.status = 'edited' OR box.edited_at IS NOT NULL) AS n_edited,
           count(*) FILTER (WHERE box.status IN
               ('locked', 'reserved', 'charge_unknown', 'needs_authentication')) AS n_unsettled,
           count(*) FILTER (WHERE box.status IN ('paid', 'waived')) AS n_paid,
           count(*) FILTER (WHERE box.status IN ('declined', 'missed')) AS n_declined,
           count(*) FILTER (WHERE box.status = 'needs_authentication') AS n_needs_authentication,
           count(*) FILTER (WHERE box.status = 'short') AS n_short,
           count(wave_box.id) AS n_released, count(shipment.packed_at) AS n_packed,
           count(shipment.shipped_at) AS n_shipped, count(shipment.delivered_at) AS n_delivered,
           coalesce(sum(box.horizon_days) FILTER (WHERE box.status NOT IN
               ('cancelled', 'refunded')), 0) AS n_days,
           coalesce(sum((SELECT count(DISTINCT day_on) FROM uncovered_day WHERE uncovered_day.box = box.id))
               FILTER (WHERE box.status NOT IN ('cancelled', 'refunded')), 0)::bigint AS n_uncovered
    FROM box
    LEFT JOIN wave_box ON wave_box.box = box.id
    LEFT JOIN shipment ON shipment.box = box.id
    WHERE box.delivery_day = day.id
) counted
WHERE day.merchant = $1
"""


async def days_of(merchant_id: UUID, *, since: dt.date, until: dt.date) -> list[DayHead]:
    """Return a merchant's delivery days from `since` to `until`, earliest first."""
    async with connection() as c:
        rows = await c.fetch(
            _DAYS + " AND day.delivery_on BETWEEN $2 AND $3 ORDER BY day.delivery_on, round.route",
            merchant_id, since, until,
        )  # fmt: skip
    return [_day(row) for row in rows]


async def day_of(merchant_id: UUID, delivery_day_id: UUID) -> DayHead | None:
    """Return one delivery day of a merchant; None when it is another's or there is none."""
    async with connection() as c:
        row = await c.fetchrow(_DAYS + " AND day.id = $2", merchant_id, delivery_day_id)
    return None if row is None else _day(row)


_NEXT = """
SELECT id FROM delivery_day WHERE merchant = $1 AND delivery_on >= $2
ORDER BY (locked_at IS NOT NULL), (planned_at IS NULL), delivery_on LIMIT 1
"""


async def next_day(merchant_id: UUID, *, today: dt.date) -> UUID | None:
    """Return the delivery day to look at: the first one planned and open, else the first to come."""
    async with connection() as c:
        found: UUID | None = await c.fetchval(_NEXT, merchant_id, today)
    return found


async def next_delivery_on(merchant_id: UUID, *, after: dt.date) -> dt.date | None:
    """Return the next day on which the merchant delivers."""
    async with connection() as c:
        found: dt.date | None = await c.fetchval(
            "SELECT min(delivery_on) FROM delivery_day WHERE merchant = $1 AND delivery_on > $2",
            merchant_id, after,
        )  # fmt: skip
    return found


def _day(row: Any) -> DayHead:
    count = BoxCount(*(row[name] for name in BoxCount.__dataclass_fields__))
    stage = stage_of(
        count,
        is_planned=row["planned_at"] is not None,
        is_locked=row["locked_at"] is not None,
        is_reserved=row["reserved_at"] is not None,
    )
    return DayHead(
        row["id"], row["delivery_on"], row["pack_on"], row["cutoff_at"], row["planned_at"], row["round_name"],
        row["round_name_zh"], row["depot_id"], row["depot_name"], row["depot_name_zh"], stage, count,
        row["n_days"], row["n_uncovered"],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class TroubledBox:
    """A box that will not go out as things stand."""

    delivery_day_id: UUID
    delivery_on: dt.date
    number: int
    household: str
    status: str
    price_minor: int


_TROUBLED = """
SELECT day.id, day.delivery_on, box.number, household.name, box.status, box.price_minor
FROM box JOIN delivery_day day ON day.id = box.delivery_day JOIN household ON household.id = box.household
WHERE box.merchant = $1 AND day.delivery_on >= $2
  AND box.status IN ('declined', 'needs_authentication', 'short', 'missed')
ORDER BY day.delivery_on, box.number
"""


async def troubled_boxes(merchant_id: UUID, *, since: dt.date) -> list[TroubledBox]:
    """Return the boxes delivered on `since` or later whose card or whose stock failed them."""
    async with connection() as c:
        rows = await c.fetch(_TROUBLED, merchant_id, since)
    return [TroubledBox(*row.values()) for row in rows]


@dataclass(frozen=True, slots=True)
class LotNote:
    """A lot that somebody should look at, and since or until when."""

    id: UUID
    code: str
    produce_key: str
    name: str
    name_zh: str
    on: dt.date
    units: int


_LATE = """
SELECT lot.id, lot.code, lot.produce, produce.name_en, produce.name_zh, lot.due_on, lot.units_announced
FROM lot JOIN produce ON produce.key = lot.produce
WHERE lot.merchant = $1 AND lot.status = 'announced' AND lot.due_on < $2 ORDER BY lot.due_on, lot.code
"""
_LEAVING = """
SELECT lot.id, lot.code, lot.produce, produce.name_en, produce.name_zh, lot.must_leave_on,
       stock.on_hand + stock.announced - stock.reserved - planned.units AS units
FROM lot JOIN produce ON produce.key = lot.produce JOIN lot_stock stock ON stock.lot = lot.id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(line.units), 0) AS units FROM box_line line JOIN box ON box.id = line.box
    WHERE line.lot = lot.id AND box.status IN ('proposed', 'edited', 'locked')
) planned
WHERE lot.merchant = $1 AND lot.status IN ('received', 'available') AND lot.must_leave_on BETWEEN $2 AND $3
  AND stock.on_hand + stock.announced - stock.reserved - planned.units > 0
ORDER BY lot.must_leave_on, lot.code
"""


@dataclass(frozen=True, slots=True)
class WithheldLot:
    """A lot that is held or recalled, and how many closed boxes of a day are not packed for it."""

    id: UUID
    code: str
    produce_key: str
    name: str
    name_zh: str
    is_recalled: bool
    on: dt.date
    n_boxes: int


_WITHHELD = """
SELECT lot.id, lot.code, lot.produce, produce.name_en, produce.name_zh, lot.status = 'recalled', day.delivery_on,
       count(DISTINCT box.id)::int
FROM lot JOIN produce ON produce.key = lot.produce
JOIN box_line line ON line.lot = lot.id
JOIN box ON box.id = line.box
     AND box.status IN ('locked', 'reserved', 'charge_unknown', 'needs_authentication', 'paid', 'waived')
JOIN delivery_day day ON day.id = box.delivery_day AND day.delivery_on >= $2
LEFT JOIN shipment ON shipment.box = box.id
WHERE lot.merchant = $1 AND lot.status IN ('held', 'recalled') AND shipment.packed_at IS NULL
GROUP BY lot.id, produce.key, day.delivery_on ORDER BY day.delivery_on, lot.code
"""


async def withheld_lots(merchant_id: UUID, *, since: dt.date) -> list[WithheldLot]:
    """Return lots that may not go out although closed boxes of `since` or later wait for them.

    Boxes that are still open are planned anew without them, and their households are told so.
    """
    async with connection() as c:
        rows = await c.fetch(_WITHHELD, merchant_id, since)
    return [WithheldLot(*row.values()) for row in rows]


async def late_lots(merchant_id: UUID, *, today: dt.date) -> list[LotNote]:
    """Return announced lots that were due before today and have not come."""
    async with connection() as c:
        rows = await c.fetch(_LATE, merchant_id, today)
    return [LotNote(*row.values()) for row in rows]


async def leaving_lots(merchant_id: UUID, *, today: dt.date, until: dt.date) -> list[LotNote]:
    """Return lots in the building that must leave by `until` and still have units no box takes."""
    async with connection() as c:
        rows = await c.fetch(_LEAVING, merchant_id, today, until)
    return [LotNote(*row.values()) for row in rows]
