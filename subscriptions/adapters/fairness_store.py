"""Who went without what was scarce, and the records that plans can be asked from; turns are counted in boxes."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from ripeday.kit.adapters.engine import connection
from subscriptions.adapters.plan_record import (
    pack_answers,
    pack_week,
    unpack_answers,
    unpack_row,
    unpack_week,
)
from subscriptions.adapters.planning_store import DayToPlan
from subscriptions.planning.answer import Answers
from subscriptions.planning.record import PlanRecord, WeekRecord

REMEMBERED_WEEKS: Final = 12
"""How long a missed turn counts, and how long the record of a plan is kept."""
_GONE: Final = ("cancelled", "refunded")

_TURNS = """
WITH turn AS (
    SELECT turn.subscription, turn.produce, day.delivery_on
    FROM missed_turn turn
    JOIN delivery_day day ON day.id = turn.delivery_day
    JOIN box ON box.subscription = turn.subscription AND box.delivery_day = turn.delivery_day
            AND box.status <> ALL ($4)
    WHERE turn.subscription = ANY($1) AND day.delivery_on >= $3 AND day.delivery_on < $2
),
had AS (
    SELECT box.subscription, line.produce, max(day.delivery_on) AS last_on
    FROM box
    JOIN delivery_day day ON day.id = box.delivery_day
    JOIN box_line line ON line.box = box.id
    WHERE box.subscription IN (SELECT subscription FROM turn) AND box.status <> ALL ($4)
      AND day.delivery_on >= $3 AND day.delivery_on < $2
    GROUP BY 1, 2
)
SELECT turn.subscription, turn.produce, count(*) AS turns
FROM turn LEFT JOIN had USING (subscription, produce)
WHERE had.last_on IS NULL OR turn.delivery_on > had.last_on
GROUP BY 1, 2
"""


async def turns_missed(
    subscriptions: Sequence[UUID], *, before: dt.date
) -> dict[UUID, dict[str, int]]:
    """Return the turns missed in a row up to a delivery, by subscription and produce; where there are any.

    A turn is forgotten after twelve weeks, and once a later box has held the produce; one without a box is none.
    """
    since = before - dt.timedelta(weeks=REMEMBERED_WEEKS)
    found: dict[UUID, dict[str, int]] = defaultdict(dict)
    async with connection() as c:
        for row in await c.fetch(_TURNS, list(subscriptions), before, since, list(_GONE)):
            found[row["subscription"]][row["produce"]] = row["turns"]
    return dict(found)


_FORGET = """
DELETE FROM plan_record USING delivery_day day
WHERE day.id = plan_record.delivery_day AND plan_record.merchant = $1
  AND (day.delivery_on < $3
       OR day.id = $2 AND NOT EXISTS (SELECT FROM box WHERE box.plan_run = plan_record.plan_run))
"""


async def save_record(day: DayToPlan, run_id: UUID, record: PlanRecord, *, anew: bool) -> None:
    """Keep a plan's record and the turns that were missed in it. Call it in the unit of work that saves its boxes.

    `anew`: the plan takes the place of an earlier one, whose missed turns of these households no longer count.
    """
    since = day.delivery_on - dt.timedelta(weeks=REMEMBERED_WEEKS)
    turns = [
        (uuid4(), day.merchant_id, day.id, run_id, subscription, produce, before)
        for subscription, produce, before in record.missed_now()
    ]
    async with connection() as c:
        await c.execute(
            "INSERT INTO plan_record (id, merchant, delivery_day, plan_run, answers, week)"
            " VALUES ($1, $2, $3, $4, $5, $6)",
            uuid4(), day.merchant_id, day.id, run_id, pack_answers(record), pack_week(record.week),
        )  # fmt: skip
        await c.execute(_FORGET, day.merchant_id, day.id, since)
        if anew:
            await c.execute(
                "DELETE FROM missed_turn WHERE delivery_day = $1 AND subscription = ANY($2)",
                day.id, list(record.subscriptions),
            )  # fmt: skip
        if turns:
            await c.execute(_MISSED, *map(list, zip(*turns, strict=True)))


_MISSED = """
INSERT INTO missed_turn (id, merchant, delivery_day, plan_run, subscription, produce, before)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::int[])
ON CONFLICT (delivery_day, subscription, produce) DO NOTHING
"""
_LOST = """
INSERT INTO missed_turn (id, merchant, delivery_day, plan_run, subscription, produce, before)
SELECT gen_random_uuid(), box.merchant, box.delivery_day, box.plan_run, box.subscription, lost.produce, lost.before
FROM unnest($1::uuid[], $2::text[], $3::int[]) AS lost (box, produce, before)
JOIN box ON box.id = lost.box AND box.plan_run IS NOT NULL
ON CONFLICT (delivery_day, subscription, produce) DO NOTHING
"""


async def note_lost(lost: Sequence[tuple[UUID, str, int]]) -> None:
    """Note that boxes lost all they had of a produce: box, produce, and the turns missed in a row before."""
    if lost:
        async with connection() as c:
            await c.execute(_LOST, *map(list, zip(*lost, strict=True)))


_RECORDS = """
SELECT record.id FROM plan_record record JOIN plan_run run ON run.id = record.plan_run
WHERE record.delivery_day = $1
ORDER BY record.plan_run = (SELECT plan_run FROM box WHERE id = $2) DESC NULLS LAST, run.number DESC
"""


async def records_of(delivery_day_id: UUID, box_id: UUID | None = None) -> list[UUID]:
    """Return the records of the plans that a day's boxes come from, newest first; before all, that of one box."""
    async with connection() as c:
        return [row["id"] for row in await c.fetch(_RECORDS, delivery_day_id, box_id)]


async def answers_in(record_id: UUID) -> Answers:
    """Return the answers of a record."""
    return unpack_answers(await _packed(record_id))[1]


async def row_in(record_id: UUID, subscription_id: UUID) -> tuple[int | None, Answers]:
    """Return the row that a subscription has in a record, None where it has none, and the answers."""
    return unpack_row(await _packed(record_id), subscription_id)


async def _packed(record_id: UUID) -> bytes:
    async with connection() as c:
        packed: bytes = await c.fetchval("SELECT answers FROM plan_record WHERE id = $1", record_id)
    return packed


async def week_in(record_id: UUID) -> WeekRecord:
    """Return the week that the plan of a record was made from."""
    answers = await answers_in(record_id)
    async with connection() as c:
        packed = await c.fetchval("SELECT week FROM plan_record WHERE id = $1", record_id)
    return unpack_week(packed, answers.missed)


@dataclass(frozen=True, slots=True)
class HeldBox:
    """A box, whose it is, and the produce it now holds."""

    delivery_day_id: UUID
    subscription_id: UUID
    produce: frozenset[str]


async def held_box(box_id: UUID) -> HeldBox | None:
    """Return what a box holds; None when there is no such box."""
    async with connection() as c:
        row = await c.fetchrow("SELECT delivery_day, subscription FROM box WHERE id = $1", box_id)
        if row is None:
            return None
        lines = await c.fetch("SELECT DISTINCT produce FROM box_line WHERE box = $1", box_id)
    held = frozenset(line["produce"] for line in lines)
    return HeldBox(row["delivery_day"], row["subscription"], held)


_MISSED_WISHES = """
SELECT turn.produce FROM missed_turn turn
JOIN box ON box.subscription = turn.subscription AND box.delivery_day = turn.delivery_day
JOIN household_taste said ON said.household = box.household AND said.produce = turn.produce
     AND said.taste IN ('like', 'always')
WHERE box.id = $1 AND NOT EXISTS (SELECT FROM box_line line WHERE line.box = box.id AND line.produce = turn.produce)
ORDER BY turn.produce
"""


async def missed_wishes(box_id: UUID) -> list[str]:
    """Return the scarce produce that a box went without and still is without, though its household likes it."""
    async with connection() as c:
        return [row["produce"] for row in await c.fetch(_MISSED_WISHES, box_id)]


_PLANNED_DAYS = """
SELECT day.id, day.delivery_on, round.name, round.name_zh
FROM delivery_day day
JOIN merchant ON merchant.id = day.merchant JOIN delivery_round round ON round.id = day.round
WHERE merchant.slug = $1 AND day.delivery_on = $2
  AND EXISTS (SELECT FROM plan_record record WHERE record.delivery_day = day.id)
ORDER BY round.name, day.id
"""


@dataclass(frozen=True, slots=True)
class RecordedDay:
    """A delivery day of which records are kept, and its round."""

    id: UUID
    delivery_on: dt.date
    round_name: str
    round_name_zh: str


async def recorded_days(merchant: str, delivery_on: dt.date) -> list[RecordedDay]:
    """Return the rounds of a merchant that deliver on a day and whose plans can be asked."""
    async with connection() as c:
        rows = await c.fetch(_PLANNED_DAYS, merchant, delivery_on)
    return [RecordedDay(*row) for row in rows]


async def box_numbered(delivery_day_id: UUID, number: int) -> UUID | None:
    """Return the box of that number on a day."""
    async with connection() as c:
        box_id: UUID | None = await c.fetchval(
            "SELECT id FROM box WHERE delivery_day = $1 AND number = $2", delivery_day_id, number
        )
    return box_id
