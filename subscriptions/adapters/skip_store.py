"""Deliveries that subscriptions do without, in PostgreSQL."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from subscriptions.cutoff import RoundRule
from subscriptions.lifecycle import BoxStatus, SubscriptionStatus
from subscriptions.skipping import n_skipped_next

_SKIPPED = """
SELECT subscription.id, subscription.cadence_weeks, skip.delivery_on
FROM skip JOIN subscription ON subscription.id = skip.subscription
WHERE skip.subscription = ANY($1) AND skip.delivery_on > $2
"""


async def n_skipped_after(
    delivery_on: dt.date, subscription_ids: Sequence[UUID]
) -> dict[UUID, int]:
    """Count the deliveries that subscriptions skip right after a day; those that skip none are left out."""
    async with connection() as c:
        rows = await c.fetch(_SKIPPED, list(subscription_ids), delivery_on)
    days: dict[UUID, set[dt.date]] = defaultdict(set)
    weeks: dict[UUID, int] = {}
    for row in rows:
        days[row["id"]].add(row["delivery_on"])
        weeks[row["id"]] = row["cadence_weeks"]
    return {each: n_skipped_next(delivery_on, weeks[each], days[each]) for each in days}


async def skipped_days(subscription_id: UUID, *, since: dt.date) -> set[dt.date]:
    """Return the deliveries from a day on that a subscription skips."""
    async with connection() as c:
        rows = await c.fetch(
            "SELECT delivery_on FROM skip WHERE subscription = $1 AND delivery_on >= $2",
            subscription_id, since,
        )  # fmt: skip
    return {row[0] for row in rows}


@dataclass(frozen=True, slots=True)
class SkippableSubscription:
    """A subscription of a person, and when it is due."""

    id: UUID
    merchant_id: UUID
    depot_id: UUID
    round_id: UUID
    status: SubscriptionStatus
    cadence_weeks: int
    first_delivery_on: dt.date
    rule: RoundRule


_SUBSCRIPTION = """
SELECT subscription.id, subscription.merchant, round.depot, round.id, subscription.status,
       subscription.cadence_weeks, subscription.first_delivery_on, round.weekday, round.cutoff_days_before,
       round.cutoff_minute, round.pack_days_before, merchant.timezone
FROM subscription
JOIN household ON household.id = subscription.household
JOIN delivery_round round ON round.id = subscription.round
JOIN merchant ON merchant.id = subscription.merchant
WHERE household.person = $1 AND subscription.id = $2
"""


async def subscription_of(person_id: UUID, subscription_id: UUID) -> SkippableSubscription | None:
    """Return a subscription when it is this person's."""
    async with connection() as c:
        row = await c.fetchrow(_SUBSCRIPTION, person_id, subscription_id)
    if row is None:
        return None
    status, rule = SubscriptionStatus(row[4]), RoundRule(*tuple(row)[7:])
    return SkippableSubscription(row[0], row[1], row[2], row[3], status, row[5], row[6], rule)


@dataclass(frozen=True, slots=True)
class DatedBox:
    """A dated delivery of a subscription's round that has been opened, and its box if there is one."""

    delivery_day_id: UUID
    delivery_on: dt.date
    cutoff_at: dt.datetime
    is_locked: bool
    is_planned: bool
    box_id: UUID | None
    status: BoxStatus | None
    horizon_days: int | None


_DAYS = """
SELECT day.id, day.delivery_on, day.cutoff_at, day.locked_at IS NOT NULL, day.planned_at IS NOT NULL, box.id,
       box.status, box.horizon_days
FROM delivery_day day LEFT JOIN box ON box.delivery_day = day.id AND box.subscription = $1
WHERE day.round = $2 AND day.delivery_on >= $3 ORDER BY day.delivery_on
"""


async def dated_boxes(
    subscription: SkippableSubscription, *, since: dt.date
) -> dict[dt.date, DatedBox]:
    """Return the deliveries of the subscription's round that are open already, by their day."""
    async with connection() as c:
        rows = await c.fetch(_DAYS, subscription.id, subscription.round_id, since)
    found = {}
    for row in rows:
        status = None if row[6] is None else BoxStatus(row[6])
        found[row[1]] = DatedBox(row[0], row[1], row[2], row[3], row[4], row[5], status, row[7])
    return found


async def skip(subscription: SkippableSubscription, on: dt.date, *, now: DateTime) -> bool:
    """Save a skip; False when it was there before."""
    async with connection() as c:
        done = await c.execute(
            "INSERT INTO skip (id, merchant, subscription, delivery_on, skipped_at) VALUES ($1, $2, $3, $4, $5)"
            " ON CONFLICT (subscription, delivery_on) DO NOTHING",
            uuid4(), subscription.merchant_id, subscription.id, on, now,
        )  # fmt: skip
    return bool(done == "INSERT 0 1")


async def withdraw(subscription_id: UUID, on: dt.date) -> bool:
    """Take a skip back; False when there was none."""
    async with connection() as c:
        done = await c.execute(
            "DELETE FROM skip WHERE subscription = $1 AND delivery_on = $2", subscription_id, on
        )
    return bool(done == "DELETE 1")


async def drop_box(box_id: UUID) -> None:
    """Take back a box that may still change, with its lines."""
    async with connection() as c:
        await c.execute(
            "DELETE FROM box WHERE id = $1 AND status IN ('proposed', 'edited')", box_id
        )
