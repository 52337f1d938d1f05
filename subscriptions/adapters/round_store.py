"""Delivery rounds and their dated deliveries in PostgreSQL."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from subscriptions.adapters.share_store import STALE_MINUTES
from subscriptions.cutoff import PLANNED_DAYS, DatedDelivery, RoundRule


@dataclass(frozen=True, slots=True)
class Round:
    """A round as a customer chooses it."""

    id: UUID
    merchant_id: UUID
    depot_id: UUID
    name: str
    name_zh: str
    postcode_prefixes: tuple[str, ...]
    capacity: int
    rule: RoundRule


_ROUND = """
SELECT round.id, round.merchant, round.depot, round.name, round.name_zh, round.postcode_prefixes, round.capacity,
       round.weekday, round.cutoff_days_before, round.cutoff_minute, round.pack_days_before, merchant.timezone
FROM delivery_round round JOIN merchant ON merchant.id = round.merchant
"""


async def round_of(round_id: UUID) -> Round | None:
    """Return one round."""
    async with connection() as c:
        row = await c.fetchrow(_ROUND + "WHERE round.id = $1", round_id)
    return None if row is None else _round(tuple(row.values()))


def _round(row: Sequence[object]) -> Round:
    id_, merchant, depot, name, name_zh, prefixes, capacity, *rule = row
    return Round(id_, merchant, depot, name, name_zh, tuple(prefixes), capacity, RoundRule(*rule))  # type: ignore[arg-type]


_OPEN_DAYS = """
INSERT INTO delivery_day (id, merchant, round, depot, delivery_on, cutoff_at, pack_on)
SELECT gen_random_uuid(), $1, $2, $3, delivery_on, cutoff_at, pack_on
FROM unnest($4::date[], $5::timestamptz[], $6::date[]) AS d (delivery_on, cutoff_at, pack_on)
ON CONFLICT (round, delivery_on) DO NOTHING
"""


async def open_days(round_: Round, days: Sequence[DatedDelivery]) -> None:
    """Open dated deliveries; those that are open already stay as they are."""
    async with connection() as c:
        await c.execute(
            _OPEN_DAYS, round_.merchant_id, round_.id, round_.depot_id,
            [d.delivery_on for d in days], [d.cutoff_at for d in days], [d.pack_on for d in days],
        )  # fmt: skip


async def delivery_day_id(round_id: UUID, delivery_on: dt.date) -> UUID | None:
    """Return the id of a round's delivery on a day."""
    async with connection() as c:
        sql = "SELECT id FROM delivery_day WHERE round = $1 AND delivery_on = $2"
        found: UUID | None = await c.fetchval(sql, round_id, delivery_on)
    return found


async def plan_again(round_id: UUID, *, now: DateTime) -> None:
    """Have the open deliveries of a round planned for whoever has no box yet."""
    async with connection() as c:
        await c.execute(
            "UPDATE delivery_day SET planned_at = NULL"
            " WHERE round = $1 AND locked_at IS NULL AND cutoff_at > $2 AND planned_at IS NOT NULL",
            round_id, now,
        )  # fmt: skip


DUE_TO_OPEN = """
SELECT round.id::text FROM delivery_round round
WHERE round.is_open AND coalesce(
    (SELECT max(delivery_on) FROM delivery_day day WHERE day.round = round.id), date '2000-01-01'
) < ($1::timestamptz + interval '56 days')::date
"""
DUE_TO_PLAN = f"""
WITH due AS (
    SELECT day.id, day.depot, day.delivery_on, progress.began_at FROM delivery_day day
    LEFT JOIN plan_progress progress ON progress.delivery_day = day.id AND progress.ended_at IS NULL
    WHERE day.planned_at IS NULL AND day.locked_at IS NULL
      AND day.cutoff_at > $1 AND day.cutoff_at <= $1::timestamptz + interval '{PLANNED_DAYS} days'
)
SELECT id::text FROM due WHERE began_at IS NOT NULL OR NOT EXISTS (
    SELECT FROM due other WHERE other.depot = due.depot AND (
        other.began_at > $1::timestamptz - interval '{STALE_MINUTES} minutes'
        OR other.delivery_on <= due.delivery_on - 7
    )
)
"""
"""Queries that find due work; `$1` is the present instant, the answer is business keys. Days of a depot that are due
together are planned side by side; those that come due meanwhile, and those of a later week, after them."""
