"""Lots as a merchant plans with them: maturity, dates, and what of them is promised."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ripeday.kit.adapters.engine import connection
from ripening.lot_state import LotState
from subscriptions.adapters.lot_store import STATE, state_of
from subscriptions.lifecycle import PROMISABLE, LotStatus


@dataclass(frozen=True, slots=True)
class LotUnits:
    """Units of a lot: on its way, in the building, reserved for boxes, and planned but not reserved yet."""

    announced: int
    on_hand: int
    reserved: int
    planned: int

    @property
    def left(self) -> int:
        """Return what no box takes yet."""
        return max(0, self.announced + self.on_hand - self.reserved - self.planned)

    @property
    def taken_pct(self) -> int:
        """Return the promised share, in percent."""
        there = self.announced + self.on_hand
        return min(100, round(100 * (there - self.left) / there)) if there else 0


@dataclass(frozen=True, slots=True)
class LotView:
    """One lot."""

    id: UUID
    code: str
    status: LotStatus
    state: LotState
    kind: str
    name: str
    name_zh: str
    grower: str
    place: str
    depot: str
    depot_zh: str
    gtin: str
    case_units: int
    units_announced: int
    units_received: int | None
    unit_cost_minor: int
    unit_grams: int
    unit_portions: int
    harvested_on: dt.date
    due_on: dt.date
    must_leave_on: dt.date
    received_at: dt.datetime | None
    units: LotUnits
    n_boxes: int

    @property
    def is_promisable(self) -> bool:
        """Tell whether boxes may take from it."""
        return self.status in PROMISABLE

    @property
    def is_gone(self) -> bool:
        """Tell whether all that came of it has left."""
        return self.units_received is not None and self.units.on_hand == 0

    def is_late(self, today: dt.date) -> bool:
        """Tell whether it should have come by now."""
        return self.status is LotStatus.ANNOUNCED and self.due_on < today

    def first_delivery(self, today: dt.date) -> dt.date:
        """Return the first day on which it may reach a household: the day after it is there, not before tomorrow."""
        return max(today, self.due_on, self.state.graded_on) + dt.timedelta(days=1)


_LOTS = f"""
SELECT lot.id, lot.code, lot.status, {STATE},
       produce.kind, produce.name_en, produce.name_zh, grower.name AS grower, grower.place,
       depot.name AS depot, depot.name_zh AS depot_zh, lot.gtin, lot.case_units, lot.units_announced,
       lot.units_received, lot.unit_cost_minor, lot.unit_grams, lot.unit_portions, lot.harvested_on, lot.due_on,
       lot.must_leave_on, lot.received_at, coalesce(stock.announced, 0) AS announced,
       coalesce(stock.on_hand, 0) AS on_hand, coalesce(stock.reserved, 0) AS reserved, planned.units AS planned,
       planned.n_boxes
FROM lot
JOIN produce ON produce.key = lot.produce
JOIN grower ON grower.id = lot.grower
JOIN depot ON depot.id = lot.depot
LEFT JOIN lot_stock stock ON stock.lot = lot.id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(line.units) FILTER (WHERE box.status IN ('proposed', 'edited', 'locked')), 0) AS units,
           count(DISTINCT box.id) FILTER (WHERE box.status NOT IN
               ('cancelled', 'refunded', 'declined', 'short', 'missed')) AS n_boxes
    FROM box_line line JOIN box ON box.id = line.box WHERE line.lot = lot.id
) planned
WHERE lot.merchant = $1
"""


async def lots_of(merchant_id: UUID, *, since: dt.date) -> list[LotView]:
    """Return the lots that may still go out on `since` or later, those that must leave first before others."""
    sql = (
        _LOTS
        + " AND lot.must_leave_on >= $2 AND lot.status NOT IN ('discarded', 'depleted')"
        + " ORDER BY lot.must_leave_on, lot.code"
    )
    async with connection() as c:
        return [_lot(row) for row in await c.fetch(sql, merchant_id, since)]


async def lots_named(merchant_id: UUID, lot_ids: Sequence[UUID]) -> list[LotView]:
    """Return certain lots of a merchant; those of others are left out."""
    async with connection() as c:
        rows = await c.fetch(
            _LOTS + " AND lot.id = ANY($2) ORDER BY produce.kind DESC, produce.name_en, lot.code",
            merchant_id, list(lot_ids),
        )  # fmt: skip
    return [_lot(row) for row in rows]


async def lot_of(merchant_id: UUID, lot_id: UUID) -> LotView | None:
    """Return one lot of a merchant; None when it is another's or there is none."""
    found = await lots_named(merchant_id, [lot_id])
    return found[0] if found else None


def _lot(row: Any) -> LotView:
    values = list(row)
    state, units = state_of(row), LotUnits(*values[31:35])
    parts = [*values[:2], LotStatus(row["status"]), state, *values[13:31], units, row["n_boxes"]]
    return LotView(*parts)


@dataclass(frozen=True, slots=True)
class Choice:
    """Something a form offers: a grower or a depot."""

    id: UUID
    name: str
    name_zh: str
    place: str


async def growers_of(merchant_id: UUID) -> list[Choice]:
    """Return a merchant's growers by name."""
    sql = "SELECT id, name, name AS name_zh, place FROM grower WHERE merchant = $1 ORDER BY name"
    async with connection() as c:
        return [Choice(*row.values()) for row in await c.fetch(sql, merchant_id)]


async def depots_of(merchant_id: UUID) -> list[Choice]:
    """Return a merchant's depots by code."""
    sql = "SELECT id, name, name_zh, code FROM depot WHERE merchant = $1 ORDER BY code"
    async with connection() as c:
        return [Choice(*row.values()) for row in await c.fetch(sql, merchant_id)]
