"""What a plan is made from, read in a few queries, and the boxes it becomes, written in one transaction."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from ripeday.kit.money import Money
from ripening.lot_state import LotState
from subscriptions.adapters import carry_store, skip_store, trial_store
from subscriptions.adapters.box_record import (
    BARE_COLUMNS,
    LINE_COLUMNS,
    bare_records,
    box_json,
    line_records,
)
from subscriptions.adapters.donation_store import IS_GIVEN
from subscriptions.adapters.lot_store import STATE, state_of
from subscriptions.box_price import box_price
from subscriptions.lifecycle import PlanKind, Taste
from subscriptions.planning.leftover import CarriedLine, Leftover
from subscriptions.planning.spare import SPARE_PCT


@dataclass(frozen=True, slots=True)
class DayToPlan:
    """A delivery day and what its merchant fixes for it."""

    id: UUID
    merchant_id: UUID
    depot_id: UUID
    delivery_on: dt.date
    pack_on: dt.date
    cutoff_at: dt.datetime
    locked_at: dt.datetime | None
    has_plan: bool
    country: str
    currency: str
    service_level: float
    planned_at: dt.datetime | None
    spare_pct: int


@dataclass(frozen=True, slots=True)
class LotRow:
    """A lot that may go out on the day, with what its offer says."""

    lot_id: UUID
    state: LotState
    unit_cost_minor: int
    unit_grams: int
    unit_portions: int
    must_leave_on: dt.date
    box_limit: int


@dataclass(frozen=True, slots=True)
class DueRow:
    """A subscription due on the day, its household and what it wants; it skips the `n_skipped` deliveries after it.

    The price counts `n_trial` trial boxes; `usual_minor` is what it would be without them.
    """

    subscription_id: UUID
    household_id: UUID
    kind: PlanKind
    portions_a_day: int
    stems_a_day: int
    cadence_weeks: int
    price_minor: int
    room_class: int
    has_fridge: bool
    tastes: Mapping[str, Taste] = field(default_factory=dict)
    never_families: frozenset[str] = frozenset()
    last_produce: frozenset[str] = frozenset()
    n_skipped: int = 0
    at_home: tuple[Leftover, ...] = ()
    usual_minor: int | None = None
    n_trial: int = 0

    @property
    def worth_minor(self) -> int:
        """Return what the box is planned for: a trial box holds as much as any other."""
        return self.price_minor if self.usual_minor is None else self.usual_minor


@dataclass(frozen=True, slots=True)
class LineToSave:
    """One line of a planned box."""

    lot_id: UUID
    produce_key: str
    units: int
    mode: int
    move_day: int | None
    ready_day: int
    last_day: int
    eat: Sequence[int]
    chance_fraction: Sequence[float]
    best_fraction: Sequence[float]
    spare: int = 0


@dataclass(frozen=True, slots=True)
class BareDay:
    """A day without enough, and why."""

    day: int
    kind: str
    missing: int
    reason: str


@dataclass(frozen=True, slots=True)
class BoxToSave:
    """A planned box."""

    due: DueRow
    horizon_days: int
    tax_minor: int
    lines: Sequence[LineToSave]
    bare: Sequence[BareDay]
    need: Sequence[int] | None = None
    carried: Sequence[CarriedLine] = ()


_DAY = f"""
SELECT day.id, day.merchant, day.depot, day.delivery_on, day.pack_on, day.cutoff_at, day.locked_at,
       EXISTS (SELECT FROM plan_run WHERE plan_run.delivery_day = day.id) AS has_plan,
       merchant.country, merchant.currency, merchant.service_level, day.planned_at,
       coalesce(merchant.spare_pct, {SPARE_PCT})
FROM delivery_day day JOIN merchant ON merchant.id = day.merchant WHERE day.id = $1
"""


async def day_to_plan(delivery_day_id: UUID, *, held: bool = False) -> DayToPlan | None:
    """Return a delivery day; `held` keeps its row until the unit of work ends."""
    async with connection() as c:
        row = await c.fetchrow(_DAY + (" FOR UPDATE OF day" if held else ""), delivery_day_id)
    return None if row is None else DayToPlan(*row.values())


_LOTS = f"""
SELECT lot.id, {STATE},
       lot.unit_cost_minor, lot.unit_grams, lot.unit_portions, lot.must_leave_on,
       max(offer.box_limit) AS box_limit
FROM lot
JOIN offer ON offer.merchant = lot.merchant AND offer.produce = lot.produce
          AND offer.starts_on <= $3 AND $3 < offer.ends_on
WHERE lot.merchant = $1 AND lot.depot = $2 AND lot.status IN ('announced', 'received', 'available')
  AND lot.due_on <= $4 AND lot.must_leave_on >= $3 AND lot.graded_on <= $3
GROUP BY lot.id ORDER BY lot.code
"""


async def lots_for(
    merchant_id: UUID, depot_id: UUID, *, delivery_on: dt.date, pack_on: dt.date
) -> list[LotRow]:
    """Return the lots of a depot that may go out on the day: offered, there in time, not held, not too late."""
    async with connection() as c:
        rows = await c.fetch(_LOTS, merchant_id, depot_id, delivery_on, pack_on)
    return [
        LotRow(
            row["id"],
            state_of(row),
            row["unit_cost_minor"],
            row["unit_grams"],
            row["unit_portions"],
            row["must_leave_on"],
            row["box_limit"],
        )
        for row in rows
    ]


_DUE = """
SELECT subscription.id, subscription.household, box_plan.kind, box_plan.portions_a_day * boxes.n AS portions_a_day,
       box_plan.stems_a_day * boxes.n AS stems_a_day, subscription.cadence_weeks,
       box_plan.price_minor * boxes.n AS price_minor, box_plan.cadence_weeks AS plan_weeks,
       household.room_class, household.has_fridge
FROM subscription
JOIN delivery_day day ON day.id = $1 AND day.round = subscription.round
JOIN box_plan ON box_plan.id = subscription.box_plan
JOIN household ON household.id = subscription.household
CROSS JOIN LATERAL (SELECT 1 + count(*)::int AS n FROM box_move move  -- a double box
                    WHERE move.subscription = subscription.id AND move.to_on = day.delivery_on) boxes
WHERE subscription.status IN ('active', 'paused') AND subscription.merchant = day.merchant
  AND (subscription.ends_on IS NULL OR day.delivery_on < subscription.ends_on)
  AND day.delivery_on >= subscription.first_delivery_on
  AND (day.delivery_on - subscription.first_delivery_on) % (7 * subscription.cadence_weeks) = 0
  AND NOT EXISTS (SELECT FROM box WHERE box.subscription = subscription.id AND box.delivery_day = day.id
                  AND box.status <> ALL ($2))
  AND NOT EXISTS (SELECT FROM skip WHERE skip.subscription = subscription.id AND skip.delivery_on = day.delivery_on)
ORDER BY subscription.created_at, subscription.id
"""
_TASTES = """
SELECT * FROM (
    SELECT household, produce, family, taste FROM household_taste WHERE merchant = $1 AND household = ANY($2)
    UNION ALL
    SELECT household, produce, family, 'never' FROM week_never
    WHERE merchant = $1 AND household = ANY($2) AND delivery_on = $3
) said ORDER BY taste = 'never'
"""
_LAST = f"""
SELECT DISTINCT ON (box.subscription) box.subscription,
       (SELECT array_agg(line.produce) FROM box_line line WHERE line.box = box.id) AS produce
FROM box JOIN delivery_day day ON day.id = box.delivery_day
WHERE box.subscription = ANY($1) AND day.delivery_on < $2 AND NOT {IS_GIVEN}
ORDER BY box.subscription, day.delivery_on DESC
"""


async def due_on(day: DayToPlan, *, anew: bool) -> list[DueRow]:
    """Return the subscriptions due on the day that have no box yet, first subscribed first.

    `anew` counts those in whose proposed box nobody has changed anything, too.
    """
    replaceable = ["proposed"] if anew else []
    async with connection() as c:
        rows = await c.fetch(_DUE, day.id, replaceable)
    return await trial_store.with_trials(day, await with_wishes(day, rows))


async def with_wishes(day: DayToPlan, rows: Sequence[Mapping[str, Any]]) -> list[DueRow]:
    """Add to rows of subscriptions (columns as `_DUE` has them) what their households like and last got."""
    async with connection() as c:
        households = [row["household"] for row in rows]
        tastes = await c.fetch(_TASTES, day.merchant_id, households, day.delivery_on)
        last = await c.fetch(_LAST, [row["id"] for row in rows], day.delivery_on)
    skipped = await skip_store.n_skipped_after(day.delivery_on, [row["id"] for row in rows])
    at_home = await carry_store.left_at_home(day, [row["id"] for row in rows])
    by_produce: dict[UUID, dict[str, Taste]] = defaultdict(dict)
    families: dict[UUID, set[str]] = defaultdict(set)
    for row in tastes:
        if row["produce"] is not None:
            by_produce[row["household"]][row["produce"]] = Taste(row["taste"])
        elif row["taste"] == Taste.NEVER:
            families[row["household"]].add(row["family"])
    last_produce = {row["subscription"]: frozenset(row["produce"] or ()) for row in last}
    found = []
    for row in rows:
        household, last_week = row["household"], last_produce.get(row["id"], frozenset())
        found.append(
            DueRow(
                row["id"], household, PlanKind(row["kind"]), row["portions_a_day"], row["stems_a_day"],
                row["cadence_weeks"], _price_minor(row, day), row["room_class"], row["has_fridge"],
                by_produce[household], frozenset(families[household]), last_week, skipped.get(row["id"], 0),
                tuple(at_home.get(row["id"], ())), row.get("usual_minor"), row.get("n_trial") or 0,
            )
        )  # fmt: skip
    return found


def _price_minor(row: Mapping[str, Any], day: DayToPlan) -> int:
    price = Money(row["price_minor"], day.currency)
    return box_price(price, plan_weeks=row["plan_weeks"], weeks=row["cadence_weeks"]).minor


@dataclass(frozen=True, slots=True)
class RunToSave:
    """What is kept of a plan besides its boxes."""

    seed: int
    objective: int
    n_uncovered_days: int
    n_covered_days: int
    waste_portions: int


async def save_plan(
    day: DayToPlan, run: RunToSave, boxes: Sequence[BoxToSave], *, anew: bool, now: DateTime
) -> UUID:
    """Save the plan's boxes; `anew` also drops proposed boxes that are no longer due. Call it inside a unit of work.

    A household keeps its box row, so links to it live on.
    """
    run_id = uuid4()
    async with connection() as c:
        await c.execute(_RUN, run_id, day.merchant_id, day.id, run.seed, len(boxes), run.n_uncovered_days,
                        run.n_covered_days, run.objective, run.waste_portions, now)  # fmt: skip
        if anew:
            kept = [box.due.subscription_id for box in boxes]
            await c.execute(
                "DELETE FROM box WHERE delivery_day = $1 AND status = 'proposed' AND subscription <> ALL($2)",
                day.id, kept,
            )  # fmt: skip
        rows = await c.fetch(_BOXES, json.dumps([box_json(box) for box in boxes]), day.merchant_id, day.id,
                             run_id, day.currency, now)  # fmt: skip
        ids = {row["subscription"]: row["id"] for row in rows}
        await replace_contents(day, boxes, ids)
        await c.execute("UPDATE delivery_day SET planned_at = $2 WHERE id = $1", day.id, now)
    return run_id


async def replace_contents(
    day: DayToPlan, boxes: Sequence[BoxToSave], ids: Mapping[UUID, UUID]
) -> None:
    """Put lines, uncovered days and what is counted on at home in the place of those before.

    `ids` are the boxes by subscription.
    """
    async with connection() as c:
        await c.execute("DELETE FROM box_line WHERE box = ANY($1)", list(ids.values()))
        await c.execute("DELETE FROM uncovered_day WHERE box = ANY($1)", list(ids.values()))
        await c.copy_records_to_table(
            "box_line", columns=LINE_COLUMNS, records=line_records(day, boxes, ids)
        )
        await c.copy_records_to_table(
            "uncovered_day", columns=BARE_COLUMNS, records=bare_records(day, boxes, ids)
        )
    await carry_store.replace_carried(day, boxes, ids)


_RUN = """
INSERT INTO plan_run (id, merchant, delivery_day, number, seed, n_boxes, n_uncovered_days, n_covered_days,
                      objective, waste_portions, made_at)
SELECT $1, $2, $3, 1 + coalesce(max(number), 0), $4, $5, $6, $7, $8, $9, $10 FROM plan_run WHERE delivery_day = $3
"""
_BOXES = """
WITH planned AS (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS p (subscription uuid, household uuid, kind text, portions int,
        stems int, horizon int, need smallint[], price bigint, tax bigint, usual bigint, n_trial int)
),
numbered AS (
    SELECT planned.*, (SELECT coalesce(max(number), 0) FROM box WHERE delivery_day = $3)
                      + row_number() OVER () AS number
    FROM planned
)
INSERT INTO box (id, merchant, delivery_day, subscription, household, plan_run, number, kind, portions_a_day,
                 stems_a_day, horizon_days, need, status, price_minor, tax_minor, usual_minor, n_trial, currency,
                 status_at)
SELECT gen_random_uuid(), $2, $3, subscription, household, $4, number, kind, portions, stems, horizon, need,
       'proposed', price, tax, usual, nullif(n_trial, 0), $5, $6
FROM numbered
ON CONFLICT (subscription, delivery_day) DO UPDATE
    SET plan_run = excluded.plan_run, household = excluded.household, kind = excluded.kind,
        portions_a_day = excluded.portions_a_day, stems_a_day = excluded.stems_a_day,
        horizon_days = excluded.horizon_days, need = excluded.need, price_minor = excluded.price_minor,
        tax_minor = excluded.tax_minor, usual_minor = excluded.usual_minor, n_trial = excluded.n_trial
    WHERE box.status = 'proposed'
RETURNING id, subscription
"""
