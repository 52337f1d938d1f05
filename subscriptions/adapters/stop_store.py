"""A merchant's stops: their terms, who fetches boxes there, and how many go there on which day, in PostgreSQL."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ripeday.kit.adapters.engine import connection
from subscriptions.adapters.place_of_box import PLACE_OF_BOX
from subscriptions.lifecycle import StopKind

DAYS_AHEAD = 22
"""Deliveries of so many days are counted: three of a weekly round."""


@dataclass(frozen=True, slots=True)
class StopTerms:
    """What a merchant says of a stop; without a capacity as many boxes come as are sent there."""

    name: str
    name_zh: str
    street: str
    city: str
    postcode: str
    hours: str
    hours_zh: str
    access_note: str | None
    capacity: int | None


@dataclass(frozen=True, slots=True)
class RoundName:
    """A round that a stop may lie on."""

    id: UUID
    name: str
    name_zh: str


@dataclass(frozen=True, slots=True)
class StopRow:
    """A stop with its round, and how many households fetch their boxes there as a rule."""

    id: UUID
    kind: StopKind
    is_open: bool
    round: RoundName
    terms: StopTerms
    n_standing: int

    @property
    def name(self) -> str:
        """Return its English name."""
        return self.terms.name

    @property
    def name_zh(self) -> str:
        """Return its Chinese name."""
        return self.terms.name_zh


_STOPS = """
SELECT stop.id, stop.kind, stop.is_open, round.id, round.name, round.name_zh, stop.name, stop.name_zh, stop.street,
       stop.city, stop.postcode, stop.hours, stop.hours_zh, stop.access_note, stop.capacity,
       (SELECT count(*) FROM subscription
        WHERE subscription.stop = stop.id AND subscription.status IN ('active', 'paused'))
FROM stop JOIN delivery_round round ON round.id = stop.round
WHERE stop.merchant = $1 AND ($2::uuid IS NULL OR stop.id = $2)
ORDER BY stop.is_open DESC, stop.kind DESC, stop.name, stop.id
"""


async def stops_of(merchant_id: UUID, stop_id: UUID | None = None) -> list[StopRow]:
    """Return a merchant's stops, or one of them; those that take boxes first."""
    async with connection() as c:
        rows = await c.fetch(_STOPS, merchant_id, stop_id)
    return [_row(tuple(row)) for row in rows]


def _row(values: Any) -> StopRow:
    return StopRow(
        values[0], StopKind(values[1]), values[2], RoundName(*values[3:6]), StopTerms(*values[6:15]), values[15]
    )  # fmt: skip


_BOXES = f"""
SELECT stop.id, day.delivery_on, count(*)
FROM delivery_day day
JOIN subscription ON subscription.round = day.round AND subscription.status = 'active'
     AND day.delivery_on >= subscription.first_delivery_on
     AND (day.delivery_on - subscription.first_delivery_on) % (7 * subscription.cadence_weeks) = 0
     AND (subscription.ends_on IS NULL OR day.delivery_on < subscription.ends_on)
     AND (subscription.stop IS NOT NULL
          OR subscription.id IN (SELECT subscription FROM place_change WHERE merchant = $1 AND until_on > $2)
          OR subscription.id IN (SELECT subscription FROM donation WHERE merchant = $1 AND delivery_on >= $2))
JOIN household ON household.id = subscription.household
CROSS JOIN LATERAL (SELECT subscription.id AS subscription) box
{PLACE_OF_BOX}
WHERE day.merchant = $1 AND day.delivery_on >= $2 AND day.delivery_on < $2 + {DAYS_AHEAD} AND stop.id IS NOT NULL
  AND NOT EXISTS (SELECT FROM skip WHERE skip.subscription = subscription.id AND skip.delivery_on = day.delivery_on)
GROUP BY stop.id, day.delivery_on ORDER BY day.delivery_on
"""


async def boxes_at(merchant_id: UUID, *, since: dt.date) -> dict[UUID, dict[dt.date, int]]:
    """Return how many boxes go to each stop on its next delivery days, as far as anybody knows."""
    async with connection() as c:
        rows = await c.fetch(_BOXES, merchant_id, since)
    found: dict[UUID, dict[dt.date, int]] = defaultdict(dict)
    for stop_id, on, n_boxes in rows:
        found[stop_id][on] = n_boxes
    return found


async def next_days(merchant_id: UUID, *, since: dt.date) -> dict[UUID, list[dt.date]]:
    """Return the next delivery days of each round, earliest first."""
    async with connection() as c:
        rows = await c.fetch(
            "SELECT round, delivery_on FROM delivery_day WHERE merchant = $1 AND delivery_on >= $2"
            " AND delivery_on < $2 + $3::int ORDER BY delivery_on",
            merchant_id, since, DAYS_AHEAD,
        )  # fmt: skip
    found: dict[UUID, list[dt.date]] = defaultdict(list)
    for round_id, on in rows:
        found[round_id].append(on)
    return found


@dataclass(frozen=True, slots=True)
class FetchesHere:
    """A household that fetches its boxes at a stop as a rule."""

    name: str
    plan: str
    plan_zh: str


async def households_at(stop_id: UUID) -> list[FetchesHere]:
    """Return who fetches boxes at a stop as a rule, by name."""
    async with connection() as c:
        rows = await c.fetch(
            "SELECT household.name, plan.name, plan.name_zh FROM subscription"
            " JOIN household ON household.id = subscription.household"
            " JOIN box_plan plan ON plan.id = subscription.box_plan"
            " WHERE subscription.stop = $1 AND subscription.status IN ('active', 'paused')"
            " ORDER BY household.name, subscription.id",
            stop_id,
        )
    return [FetchesHere(*row) for row in rows]


async def rounds_of(merchant_id: UUID) -> list[RoundName]:
    """Return the open rounds of a merchant."""
    async with connection() as c:
        rows = await c.fetch(
            "SELECT id, name, name_zh FROM delivery_round WHERE merchant = $1 AND is_open ORDER BY weekday, name",
            merchant_id,
        )  # fmt: skip
    return [RoundName(*row) for row in rows]


async def add(
    stop_id: UUID, merchant_id: UUID, round_id: UUID, kind: StopKind, terms: StopTerms
) -> None:
    """Save a new stop."""
    t = terms
    async with connection() as c:
        await c.execute(
            "INSERT INTO stop (id, merchant, round, kind, name, name_zh, street, city, postcode, hours, hours_zh,"
            " access_note, capacity, is_open) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, true)",
            stop_id, merchant_id, round_id, kind.value, t.name, t.name_zh, t.street, t.city, t.postcode, t.hours,
            t.hours_zh, t.access_note, t.capacity,
        )  # fmt: skip


async def change(stop_id: UUID, terms: StopTerms) -> None:
    """Save other terms of a stop."""
    t = terms
    async with connection() as c:
        await c.execute(
            "UPDATE stop SET name = $2, name_zh = $3, street = $4, city = $5, postcode = $6, hours = $7,"
            " hours_zh = $8, access_note = $9, capacity = $10 WHERE id = $1",
            stop_id, t.name, t.name_zh, t.street, t.city, t.postcode, t.hours, t.hours_zh, t.access_note, t.capacity,
        )  # fmt: skip


async def set_open(stop_id: UUID, *, is_open: bool) -> None:
    """Let boxes be sent to a stop anew, or no longer; those that go there already still do."""
    async with connection() as c:
        await c.execute("UPDATE stop SET is_open = $2 WHERE id = $1", stop_id, is_open)
