"""How many boxes a merchant lets make room for those that lose a lot, and what that brought, in PostgreSQL."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from subscriptions.adapters.planning_store import DayToPlan


async def others_pct(merchant_id: UUID) -> int:
    """Return how many of a day's unedited boxes may change to make room; none unless the merchant says so. [%]"""
    async with connection() as c:
        found = await c.fetchval(
            "SELECT others_pct FROM mend_rule WHERE merchant = $1", merchant_id
        )
    return int(found or 0)


async def set_others_pct(merchant_id: UUID, pct: int) -> None:
    """Let so many of a day's unedited boxes change to make room. [%]"""
    async with connection() as c:
        await c.execute(
            "INSERT INTO mend_rule (id, merchant, others_pct) VALUES (gen_random_uuid(), $1, $2)"
            " ON CONFLICT (merchant) DO UPDATE SET others_pct = excluded.others_pct",
            merchant_id, pct,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class MendNote:
    """One time that boxes of a day were mended; with `is_trial`, `n_others` and `gain` are what would have been.

    `gain` is by how much the plan is better for it. [1/100 minor unit]
    """

    n_boxes: int
    n_others: int
    gain: int
    is_trial: bool
    mended_at: dt.datetime

    @property
    def gain_minor(self) -> int:
        """Return it in minor units."""
        return round(self.gain / 100)


async def note_mended(
    day: DayToPlan, *, n_boxes: int, n_others: int, gain: int, is_trial: bool, now: DateTime
) -> None:
    """Write down that boxes of a day were mended, in the unit of work that does it."""
    async with connection() as c:
        await c.execute(
            "INSERT INTO mend_run (id, merchant, delivery_day, n_boxes, n_others, gain, is_trial, mended_at)"
            " VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6, $7)",
            day.merchant_id, day.id, n_boxes, n_others, gain, is_trial, now,
        )  # fmt: skip


async def last_mended(merchant_id: UUID, delivery_day_id: UUID) -> MendNote | None:
    """Return the last time that boxes of a day were mended."""
    async with connection() as c:
        row = await c.fetchrow(
            "SELECT n_boxes, n_others, gain, is_trial, mended_at FROM mend_run"
            " WHERE merchant = $1 AND delivery_day = $2 ORDER BY mended_at DESC, id LIMIT 1",
            merchant_id, delivery_day_id,
        )  # fmt: skip
    return None if row is None else MendNote(*row.values())
