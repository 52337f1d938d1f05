"""Lots in PostgreSQL: how their state lies in a row, and new ones written for one merchant."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from ripening.lot_state import LotState, Stay
from subscriptions.lifecycle import CheckScale

STATE = (
    "lot.produce, lot.age_days, lot.graded_on, lot.store_c, lot.is_treated, lot.shift_days,"
    " lot.shift_sigma, lot.transit_days, lot.transit_c, lot.stored_days"
)
"""What of a lot's row its state is read from."""


def state_of(row: Mapping[str, Any]) -> LotState:
    """Return the state of a lot from a row with the columns of `STATE`."""
    on_the_way = (
        () if row["transit_days"] is None else (Stay(row["transit_days"], row["transit_c"]),)
    )
    return LotState(
        produce_key=row["produce"],
        age_days=row["age_days"],
        graded_on=row["graded_on"],
        store_c=row["store_c"],
        treated=row["is_treated"],
        shift_days=row["shift_days"],
        shift_sigma=row["shift_sigma"],
        transit=on_the_way,
        stored_days=row["stored_days"] or 0.0,
    )


@dataclass(frozen=True, slots=True)
class LotToAnnounce:
    """A lot that a grower has announced; its stage is the one expected when it arrives."""

    id: UUID
    merchant_id: UUID
    depot_id: UUID
    grower_id: UUID
    code: str
    gtin: str
    state: LotState
    units: int
    case_units: int
    unit_cost_minor: int
    unit_grams: int
    unit_portions: int
    harvested_on: dt.date
    due_on: dt.date
    must_leave_on: dt.date


_ADD = """
INSERT INTO lot (id, merchant, depot, produce, grower, code, gtin, status, units_announced, case_units,
                 unit_cost_minor, unit_grams, unit_portions, harvested_on, graded_on, age_days, store_c, is_treated,
                 shift_days, stored_days, transit_days, transit_c, due_on, must_leave_on)
SELECT $1, depot.merchant, depot.id, $4, grower.id, $6, $7, 'announced', $8, $9, $10, $11, $12, $13, $14, $15, $16,
       $17, 0, $18, $19, $20, $21, $22
FROM depot JOIN grower ON grower.merchant = depot.merchant AND grower.id = $5
WHERE depot.merchant = $2 AND depot.id = $3
"""


async def add(lot: LotToAnnounce) -> bool:
    """Save an announced lot; False when its depot or its grower is not the merchant's."""
    state = lot.state
    async with connection() as c:
        status = await c.execute(
            _ADD, lot.id, lot.merchant_id, lot.depot_id, state.produce_key, lot.grower_id, lot.code, lot.gtin,
            lot.units, lot.case_units, lot.unit_cost_minor, lot.unit_grams, lot.unit_portions, lot.harvested_on,
            state.graded_on, state.age_days, state.store_c, state.treated, state.stored_days,
            *_on_the_way(state), lot.due_on, lot.must_leave_on,
        )  # fmt: skip
    return bool(status == "INSERT 0 1")


def _on_the_way(state: LotState) -> tuple[float | None, float | None]:
    """Return the one stay that a row has room for."""
    if not state.transit:
        return None, None
    (stay,) = state.transit
    return stay.days, stay.temperature_c


async def has_code(merchant_id: UUID, code: str) -> bool:
    """Tell whether the merchant has a lot of that code."""
    async with connection() as c:
        found: bool = await c.fetchval(
            "SELECT EXISTS (SELECT FROM lot WHERE merchant = $1 AND code = $2)", merchant_id, code
        )
    return found


async def gtin_of(merchant_id: UUID, produce_key: str, *, case_units: int) -> str | None:
    """Return the number that the merchant's cases of this produce already carry."""
    async with connection() as c:
        found: str | None = await c.fetchval(
            "SELECT gtin FROM lot WHERE merchant = $1 AND produce = $2 AND case_units = $3"
            " ORDER BY due_on DESC LIMIT 1",
            merchant_id, produce_key, case_units,
        )  # fmt: skip
    return found


async def gtins_of(merchant_id: UUID) -> list[str]:
    """Return every case number the merchant has used."""
    async with connection() as c:
        rows = await c.fetch("SELECT DISTINCT gtin FROM lot WHERE merchant = $1", merchant_id)
    return [row["gtin"] for row in rows]


@dataclass(frozen=True, slots=True)
class CheckToSave:
    """What the warehouse measured of a lot, and what its papers said; ages in days at 20 °C."""

    merchant_id: UUID
    lot_id: UUID
    person_id: UUID | None
    checked_on: dt.date
    scale: CheckScale
    measured: float
    n_fruit: int
    age_days: float
    expected_days: float


_CHECK = """
INSERT INTO lot_check (id, merchant, lot, person, checked_on, checked_at, scale, measured, n_fruit, age_days,
                       expected_days)
VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""


async def add_check(check: CheckToSave, *, now: DateTime) -> None:
    """Save a check."""
    async with connection() as c:
        await c.execute(
            _CHECK, check.merchant_id, check.lot_id, check.person_id, check.checked_on, now, check.scale.value,
            check.measured, check.n_fruit, check.age_days, check.expected_days,
        )  # fmt: skip
