"""Mails that are due by the calendar: found by queries over business rows, put into the outbox by one statement each.

A row of `notice_run` says how far everybody concerned was written to; it stands in the same transaction as the parcels.
"""

from collections.abc import Sequence
from uuid import UUID

import pendulum
from pendulum import Date, DateTime

from ripeday.kit.adapters.engine import connection
from subscriptions.adapters.donation_store import IS_GIVEN
from subscriptions.notice.topic import TOPIC_OF, WANTED_AT_FIRST

REMINDED_H = 24
"""So long before the cut-off a reminder is due. [hours]"""
STEP_MIN = 15
"""Every time zone's hours begin on a quarter of an hour."""

DUE_TO_PREVIEW = f"""
SELECT day.id::text FROM delivery_day day
WHERE day.planned_at IS NOT NULL AND day.locked_at IS NULL
  AND day.cutoff_at > $1::timestamptz + interval '{REMINDED_H} hours'
  AND NOT EXISTS (SELECT FROM notice_run run WHERE run.kind = 'box_preview' AND run.subject = day.id)
"""

DUE_TO_REMIND = f"""
SELECT day.id::text FROM delivery_day day
WHERE day.planned_at IS NOT NULL AND day.locked_at IS NULL
  AND day.cutoff_at > $1::timestamptz AND day.cutoff_at <= $1::timestamptz + interval '{REMINDED_H} hours'
  AND NOT EXISTS (SELECT FROM notice_run run WHERE run.kind = 'box_reminder' AND run.subject = day.id)
"""

DUE_TO_DIGEST = f"""
SELECT merchant.id::text FROM merchant
LEFT JOIN notice_run run ON run.kind = 'digest' AND run.subject = merchant.id
WHERE run.until_at IS NULL OR run.until_at < date_bin('{STEP_MIN} minutes', $1::timestamptz, TIMESTAMPTZ 'epoch')
"""

DUE_TO_RECALL = """
SELECT lot.id::text FROM lot
WHERE lot.status = 'recalled' AND $1::timestamptz IS NOT NULL
  AND NOT EXISTS (SELECT FROM notice_run run WHERE run.kind = 'recall' AND run.subject = lot.id)
"""

_PUT = "INSERT INTO outbox (topic, payload, dedupe_key, available_at, attempts)"


async def run_until(kind: str, subject: UUID) -> DateTime | None:
    """Return how far a run of mails has come, its row held; None before the first."""
    async with connection() as c:
        at = await c.fetchval(
            "SELECT until_at FROM notice_run WHERE kind = $1 AND subject = $2 FOR UPDATE",
            kind,
            subject,
        )
    return None if at is None else pendulum.instance(at)


async def set_run(kind: str, subject: UUID, *, until: DateTime) -> None:
    """Keep how far a run of mails has come."""
    async with connection() as c:
        await c.execute(
            "INSERT INTO notice_run (id, kind, subject, until_at) VALUES (gen_random_uuid(), $1, $2, $3)"
            " ON CONFLICT (kind, subject) DO UPDATE SET until_at = excluded.until_at",
            kind, subject, until,
        )  # fmt: skip


async def put_about_open_boxes(
    kind: str, day_id: UUID, *, subscription_id: UUID | None = None, now: DateTime
) -> int:
    """Put a mail into the outbox for every open box of a delivery day whose household wants it; returns how many.

    Of one subscription alone, when it is named: then only if the others have been written to before.
    """
    sql = f"""
    {_PUT}
    SELECT 'notice', jsonb_build_object('kind', $1::text, 'box', box.id), 'box:' || box.id || ':' || $1, $5, 0
    FROM box
    JOIN household ON household.id = box.household
    LEFT JOIN notice_choice said ON said.person = household.person AND said.topic = $3
    WHERE box.delivery_day = $2 AND box.status IN ('proposed', 'edited') AND coalesce(said.is_wanted, $4)
      AND ($6::uuid IS NULL OR box.subscription = $6
           AND EXISTS (SELECT FROM notice_run run WHERE run.kind = $1 AND run.subject = $2))
    ON CONFLICT (dedupe_key) DO NOTHING
    """
    topic = TOPIC_OF[kind]
    async with connection() as c:
        done = await c.execute(
            sql, kind, day_id, topic.value, topic in WANTED_AT_FIRST, now, subscription_id
        )
    return int(done.rpartition(" ")[2])


async def timezone_of(merchant_id: UUID) -> str | None:
    """Return where a merchant's wall clocks hang."""
    async with connection() as c:
        zone: str | None = await c.fetchval(
            "SELECT timezone FROM merchant WHERE id = $1", merchant_id
        )
    return zone


async def put_digests(merchant_id: UUID, on: Date, minutes: Sequence[int], *, now: DateTime) -> int:
    """Put a digest into the outbox for everybody who wants it at one of these minutes and has a box that day."""
    sql = f"""
    {_PUT}
    SELECT 'notice',
           jsonb_build_object('kind', 'digest', 'person', person, 'merchant', $1::uuid, 'on', $2::date),
           'digest:' || person || ':' || $1 || ':' || $2, $4, 0
    FROM (
        SELECT DISTINCT household.person FROM notice_choice said
        JOIN household ON household.person = said.person AND household.merchant = $1
        JOIN box ON box.household = household.id AND box.status IN ('paid', 'waived')
        JOIN delivery_day day ON day.id = box.delivery_day
        WHERE said.topic = 'digest' AND said.is_wanted AND said.minute = ANY($3::smallint[])
          AND $2 BETWEEN day.delivery_on AND day.delivery_on + box.horizon_days - 1
    ) wanting
    ON CONFLICT (dedupe_key) DO NOTHING
    """
    async with connection() as c:
        done = await c.execute(sql, merchant_id, on, list(minutes), now)
    return int(done.rpartition(" ")[2])


async def put_recalls(lot_id: UUID, *, now: DateTime) -> int:
    """Put a mail into the outbox for every box that was packed with a lot and came to a household.

    Those who by their plan have not eaten it yet come first, the most portions left before the others; the outbox is
    worked off in that order.
    """
    sql = f"""
    {_PUT}
    SELECT 'notice', jsonb_build_object('kind', 'recall', 'box', box, 'lot', $1::uuid),
           'box:' || box || ':recall:' || $1, $2, 0
    FROM (
        SELECT line.box, sum((
            SELECT coalesce(sum(portions), 0) FROM unnest(line.eat) WITH ORDINALITY AS eaten (portions, place)
            WHERE day.delivery_on + place::int - 1 >= ($2 AT TIME ZONE merchant.timezone)::date
        )) AS left_over, max(day.delivery_on) AS delivery_on
        FROM box_line line
        JOIN box ON box.id = line.box
        JOIN delivery_day day ON day.id = box.delivery_day
        JOIN merchant ON merchant.id = box.merchant
        JOIN shipment ON shipment.box = box.id AND shipment.status IN ('packed', 'shipped', 'delivered')
        WHERE line.lot = $1 AND NOT {IS_GIVEN} GROUP BY line.box
    ) holding
    ORDER BY left_over DESC, delivery_on DESC, box
    ON CONFLICT (dedupe_key) DO NOTHING
    """
    async with connection() as c:
        done = await c.execute(sql, lot_id, now)
    return int(done.rpartition(" ")[2])
