"""Days that are planned side by side, in PostgreSQL: which share of each lot is whose, and how far each plan is."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import structlog
from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from subscriptions.adapters.planning_store import DayToPlan
from subscriptions.day_share import Demand
from subscriptions.plan_progress import PlanPhase, RunningPlan, Standing, begun

log = structlog.get_logger("subscriptions.progress")

STALE_MINUTES = 60
"""A plan that began longer ago has died with whoever made it; its share of the stock is dealt anew."""


async def hold_depot(depot_id: UUID) -> None:
    """Let nobody else promise stock of a depot until the unit of work ends; before any row of its days is held."""
    async with connection() as c:
        await c.execute("SELECT FROM depot WHERE id = $1 FOR NO KEY UPDATE", depot_id)


@dataclass(frozen=True, slots=True)
class Shares:
    """Units by lot that plans at work may still take: this day's, None where it may have what is free; and others'."""

    mine: Mapping[UUID, int] | None
    others: Mapping[UUID, int]

    def of(self, lot_id: UUID, free: int) -> int:
        """Return how many of a lot's units this day may take, of those that no box holds."""
        units = free - self.others.get(lot_id, 0)
        return units if self.mine is None else min(units, self.mine.get(lot_id, 0))


_SHARES = """
SELECT share.delivery_day = $2 AS is_mine, share.lot, share.units
FROM day_share share JOIN delivery_day day ON day.id = share.delivery_day
JOIN plan_progress progress ON progress.delivery_day = day.id
WHERE day.depot = $1 AND day.locked_at IS NULL AND progress.ended_at IS NULL
"""


async def shares_of(day: DayToPlan) -> Shares:
    """Return what is kept for plans at work in the day's depot."""
    async with connection() as c:
        rows = await c.fetch(_SHARES, day.depot_id, day.id)
    mine = {row["lot"]: row["units"] for row in rows if row["is_mine"]}
    others: dict[UUID, int] = {}
    for row in rows:
        if not row["is_mine"]:
            others[row["lot"]] = others.get(row["lot"], 0) + row["units"]
    return Shares(mine or None, others)


_WAITING = """
SELECT day.id, day.delivery_on,
       coalesce(sum(box_plan.portions_a_day * 7 * least(2, subscription.cadence_weeks)), 0)::bigint,
       coalesce(sum(box_plan.stems_a_day * 7 * least(2, subscription.cadence_weeks)), 0)::bigint
FROM delivery_day day
LEFT JOIN subscription ON subscription.round = day.round AND subscription.status IN ('active', 'paused')
     AND (subscription.ends_on IS NULL OR day.delivery_on < subscription.ends_on)
     AND day.delivery_on >= subscription.first_delivery_on
     AND (day.delivery_on - subscription.first_delivery_on) % (7 * subscription.cadence_weeks) = 0
     AND NOT EXISTS (SELECT FROM box WHERE box.subscription = subscription.id AND box.delivery_day = day.id)
     AND NOT EXISTS (SELECT FROM skip WHERE skip.subscription = subscription.id AND skip.delivery_on = day.delivery_on)
LEFT JOIN box_plan ON box_plan.id = subscription.box_plan
WHERE day.depot = $1 AND day.planned_at IS NULL AND day.locked_at IS NULL AND day.cutoff_at > $2
  AND (day.id = $3 OR day.cutoff_at <= $2::timestamptz + interval '8 days')
GROUP BY day.id ORDER BY day.delivery_on, day.id
"""


async def waiting_days(day: DayToPlan, *, now: DateTime) -> dict[UUID, Demand]:
    """Return the days to be planned beside this one, and itself: what each wants of the depot's stock.

    They are the unplanned days that are due and lie within the same seven days; a later week does not take from an
    earlier one.
    """
    async with connection() as c:
        rows = await c.fetch(_WAITING, day.depot_id, now, day.id)
    week_ends = min(row["delivery_on"] for row in rows) + dt.timedelta(days=7)
    beside = {row[0]: Demand(row[2], row[3]) for row in rows if row["delivery_on"] < week_ends}
    return beside if day.id in beside else {}


_AT_WORK = """
SELECT progress.delivery_day FROM plan_progress progress JOIN delivery_day day ON day.id = progress.delivery_day
WHERE day.depot = $1 AND progress.ended_at IS NULL AND day.planned_at IS NULL AND day.locked_at IS NULL
  AND progress.began_at > $2::timestamptz - make_interval(mins => $3)
"""


async def days_at_work(depot_id: UUID, *, now: DateTime) -> set[UUID]:
    """Return the days of a depot whose first plans are made, or wait to be, right now."""
    async with connection() as c:
        rows = await c.fetch(_AT_WORK, depot_id, now, STALE_MINUTES)
    return {row[0] for row in rows}


_BEGIN = """
INSERT INTO plan_progress (id, merchant, delivery_day, phase, done_fraction, began_at, ended_at)
SELECT gen_random_uuid(), $1, day, $3, 0, $4, NULL FROM unnest($2::uuid[]) AS day
ON CONFLICT (delivery_day) DO UPDATE
    SET phase = excluded.phase, done_fraction = 0, began_at = excluded.began_at, ended_at = NULL
"""


async def begin(merchant_id: UUID, delivery_day_ids: Collection[UUID], *, now: DateTime) -> None:
    """Note that days are planned from now on."""
    async with connection() as c:
        await c.execute(_BEGIN, merchant_id, list(delivery_day_ids), PlanPhase.WAITING.value, now)


_ASK = f"""
INSERT INTO plan_progress (id, merchant, delivery_day, phase, done_fraction, began_at, ended_at, asked_at)
VALUES (gen_random_uuid(), $1, $2, $3, 0, $4, NULL, $4)
ON CONFLICT (delivery_day) DO UPDATE SET
    phase = CASE WHEN plan_progress.ended_at IS NULL THEN plan_progress.phase ELSE excluded.phase END,
    done_fraction = CASE WHEN plan_progress.ended_at IS NULL THEN plan_progress.done_fraction ELSE 0 END,
    began_at = excluded.began_at, ended_at = NULL, asked_at = excluded.asked_at
    WHERE plan_progress.asked_at IS NULL
       OR plan_progress.began_at <= excluded.began_at - interval '{STALE_MINUTES} minutes'
"""


async def ask(day: DayToPlan, *, now: DateTime) -> None:
    """Note that a day is to be planned again; one that waits for that stays as it is."""
    async with connection() as c:
        await c.execute(_ASK, day.merchant_id, day.id, PlanPhase.WAITING.value, now)


async def is_asked(delivery_day_id: UUID) -> bool:
    """Tell whether a day is still to be planned again."""
    async with connection() as c:
        sql = "SELECT asked_at IS NOT NULL FROM plan_progress WHERE delivery_day = $1"
        return bool(await c.fetchval(sql, delivery_day_id))


async def keep(merchant_id: UUID, shares: Mapping[UUID, Mapping[UUID, int]]) -> None:
    """Keep units by lot for plans of days, in the place of what was kept for them."""
    records = [
        (merchant_id, day, lot, units)
        for day, mine in shares.items()
        for lot, units in mine.items()
    ]
    async with connection() as c:
        await c.execute("DELETE FROM day_share WHERE delivery_day = ANY($1)", list(shares))
        await c.executemany(
            "INSERT INTO day_share (id, merchant, delivery_day, lot, units)"
            " VALUES (gen_random_uuid(), $1, $2, $3, $4)",
            records,
        )


async def end(delivery_day_id: UUID, *, now: DateTime) -> None:
    """Note that nobody plans the day any more, and give back what was kept for it."""
    done = begun(PlanPhase.DONE)
    async with connection() as c:
        await c.execute("DELETE FROM day_share WHERE delivery_day = $1", delivery_day_id)
        await c.execute(
            "UPDATE plan_progress SET phase = $2, done_fraction = $3, ended_at = $4, asked_at = NULL"
            " WHERE delivery_day = $1",
            delivery_day_id, done.phase.value, done.done_fraction, now,
        )  # fmt: skip


async def tell(delivery_day_id: UUID, standing: Standing) -> None:
    """Note how far the plan of a day is; a database that does not answer is no reason to stop the plan."""
    try:
        async with connection() as c:
            await c.execute(
                "UPDATE plan_progress SET phase = $2, done_fraction = $3"
                " WHERE delivery_day = $1 AND ended_at IS NULL",
                delivery_day_id, standing.phase.value, standing.done_fraction,
            )  # fmt: skip
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        log.warning("progress_not_told", error=repr(error))


async def progress_of(
    delivery_day_id: UUID, merchant_ids: Sequence[UUID], *, now: dt.datetime
) -> RunningPlan | None:
    """Return how far the plan of a day of these merchants is; None when it never began, or died without a word."""
    async with connection() as c:
        row = await c.fetchrow(
            "SELECT phase, done_fraction, began_at, ended_at FROM plan_progress"
            " WHERE delivery_day = $1 AND merchant = ANY($2)"
            " AND (ended_at IS NOT NULL OR began_at > $3::timestamptz - make_interval(mins => $4))",
            delivery_day_id, list(merchant_ids), now, STALE_MINUTES,
        )  # fmt: skip
    if row is None:
        return None
    return RunningPlan(PlanPhase(row[0]), row[1], row["began_at"], row["ended_at"])


DUE_TO_PLAN_AS_ASKED = """
SELECT day.id::text FROM plan_progress progress JOIN delivery_day day ON day.id = progress.delivery_day
WHERE progress.asked_at IS NOT NULL AND day.locked_at IS NULL AND day.cutoff_at > $1
  AND (day.planned_at IS NOT NULL OR day.cutoff_at > $1::timestamptz + interval '8 days')
"""
"""A query that finds due work; `$1` is the present instant, the answer is business keys. A day that was never planned
and is near has its first plan due anyway."""
