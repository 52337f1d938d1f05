"""Lots in PostgreSQL as the warehouse handles them: taken in, graded, held and let go."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg
from pendulum import DateTime

from delivery.adapters import stock_store
from delivery.errors import FewerThanPromised
from ripeday.kit.adapters.engine import connection
from ripeday.kit.adapters.unit_of_work import unit_of_work
from subscriptions.lifecycle import LotStatus

_NEVER_OVERSOLD = "lot_stock_never_oversold_ck"


@dataclass(frozen=True, slots=True)
class LotHead:
    """What receiving and holding need to know of a lot."""

    id: UUID
    merchant_id: UUID
    depot_id: UUID
    code: str
    produce_key: str
    status: LotStatus
    units_announced: int
    case_units: int
    is_treated: bool
    timezone: str
    reserved: int


_HEAD = """
SELECT lot.id, lot.merchant, lot.depot, lot.code, lot.produce, lot.status, lot.units_announced, lot.case_units,
       lot.is_treated, merchant.timezone,
       coalesce((SELECT reserved FROM lot_stock WHERE lot_stock.lot = lot.id), 0)
FROM lot JOIN merchant ON merchant.id = lot.merchant
WHERE lot.id = $1 AND lot.merchant = ANY($2)
"""


async def lot_head(
    lot_id: UUID, merchant_ids: Sequence[UUID], *, locked: bool = False
) -> LotHead | None:
    """Return a lot of these merchants; `locked` holds its row until the unit of work ends."""
    async with connection() as c:
        hold = " FOR UPDATE OF lot" if locked else ""
        row = await c.fetchrow(_HEAD + hold, lot_id, list(merchant_ids))
    if row is None:
        return None
    values = list(row.values())
    values[5] = LotStatus(values[5])
    return LotHead(*values)


async def places_of_depot(depot_id: UUID) -> set[UUID]:
    """Return the places of a depot."""
    async with connection() as c:
        rows = await c.fetch("SELECT id FROM place WHERE depot = $1", depot_id)
    return {row["id"] for row in rows}


async def take_in(lot: LotHead, *, units: Mapping[UUID, int], now: DateTime) -> bool:
    """Receive a lot, units by place; False when it is not announced any more.

    Raises
    ------
    FewerThanPromised
        More is reserved than came; nothing was taken in.
    """
    try:
        async with unit_of_work():
            return await stock_store.receive(lot.id, units=units, now=now)
    except asyncpg.CheckViolationError as error:
        if error.constraint_name != _NEVER_OVERSOLD:
            raise
        came = sum(units.values())
        raise FewerThanPromised(lot.code, came=came, promised=lot.reserved) from error


async def grade(lot_id: UUID, *, age_days: float, graded_on: dt.date) -> None:
    """Note how ripe a lot was found to be, and when."""
    async with connection() as c:
        await c.execute(
            "UPDATE lot SET age_days = $2, graded_on = $3, shift_days = 0, shift_sigma = NULL,"
            " transit_days = NULL, transit_c = NULL WHERE id = $1",
            lot_id,
            age_days,
            graded_on,
        )


async def hold(lot_id: UUID) -> bool:
    """Take a lot out of availability and picking; False when it is not on its way or in the building."""
    async with connection() as c:
        done = await c.execute(
            "UPDATE lot SET status = 'held'"
            " WHERE id = $1 AND status IN ('announced', 'received', 'available')",
            lot_id,
        )
    return bool(done.endswith(" 1"))


async def let_go(lot_id: UUID) -> bool:
    """Make a held lot available again, or waited for if it has not come yet; False when it is not held."""
    async with connection() as c:
        done = await c.execute(
            "UPDATE lot SET status = CASE WHEN received_at IS NULL THEN 'announced' ELSE 'available' END"
            " WHERE id = $1 AND status = 'held'",
            lot_id,
        )
    return bool(done.endswith(" 1"))


async def recall(lot_id: UUID) -> bool:
    """Note that nothing of a held lot may be eaten; False when it is not held."""
    async with connection() as c:
        done = await c.execute(
            "UPDATE lot SET status = 'recalled' WHERE id = $1 AND status = 'held'", lot_id
        )
    return bool(done.endswith(" 1"))


async def withheld_in(box_ids: Sequence[UUID]) -> tuple[int, str] | None:
    """Return (box number, lot code) of a box among these that holds something from a withheld lot."""
    async with connection() as c:
        row = await c.fetchrow(
            "SELECT box.number, lot.code FROM reservation JOIN box ON box.id = reservation.box"
            " JOIN lot ON lot.id = reservation.lot"
            " WHERE reservation.box = ANY($1) AND reservation.status = 'active'"
            " AND lot.status IN ('held', 'recalled', 'discarded') ORDER BY box.number LIMIT 1",
            list(box_ids),
        )
    return None if row is None else (row[0], row[1])
