"""Stops with their room, and where the boxes of subscriptions go, in PostgreSQL."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from subscriptions.order import Order
from subscriptions.place import Door, Place, Places, PlaceSpan, StopPlace

HELD_MINUTES = 60
"""A place at a stop is kept for so long while a card is being entered."""

_STOP = """stop.id, stop.name, stop.name_zh, stop.street, stop.city, stop.postcode, stop.hours, stop.hours_zh,
           stop.access_note, stop.is_open"""


def _stop(values: Sequence[Any]) -> StopPlace:
    return StopPlace(*values)


_PLACES = f"""
SELECT subscription.id, household.street, household.city, household.postcode, household.delivery_note, {_STOP}
FROM subscription
JOIN household ON household.id = subscription.household
LEFT JOIN stop ON stop.id = subscription.stop
WHERE subscription.id = ANY($1)
"""
_SPANS = f"""
SELECT other.subscription, other.from_on, other.until_on, other.street, other.city, other.postcode,
       other.delivery_note, {_STOP}
FROM place_change other LEFT JOIN stop ON stop.id = other.stop
WHERE other.subscription = ANY($1) ORDER BY other.from_on
"""


async def places_of(subscription_ids: Sequence[UUID]) -> dict[UUID, Places]:
    """Return where the boxes of subscriptions go, which the caller may see."""
    async with connection() as c:
        rows = await c.fetch(_PLACES, list(subscription_ids))
        changes = await c.fetch(_SPANS, list(subscription_ids))
    spans: dict[UUID, list[PlaceSpan]] = defaultdict(list)
    for row in changes:
        values = tuple(row)
        place: Place = Door(*values[3:7]) if values[7] is None else _stop(values[7:])
        spans[values[0]].append(PlaceSpan(values[1], values[2], place))
    return {
        row[0]: Places(
            Door(*tuple(row)[1:5]) if row[1] else None,
            None if row[5] is None else _stop(tuple(row)[5:]),
            tuple(spans[row[0]]),
        )
        for row in rows
    }


async def elsewhere_of(box_id: UUID) -> Place | None:
    """Return where a box goes when that is not its household's own door."""
    async with connection() as c:
        row = await c.fetchrow(
            "SELECT box.subscription, day.delivery_on FROM box"
            " JOIN delivery_day day ON day.id = box.delivery_day WHERE box.id = $1",
            box_id,
        )
    if row is None:
        return None
    places = (await places_of([row[0]]))[row[0]]
    there = places.on(row[1])
    return None if there == places.home else there


_TAKEN = f"""
SELECT count(*) FROM (
    SELECT FROM subscription standing
    WHERE standing.stop = stop.id AND standing.id IS DISTINCT FROM $2::uuid
      AND (standing.status IN ('active', 'paused')
           OR standing.status = 'pending' AND standing.created_at > $1::timestamptz - interval '{HELD_MINUTES} minutes')
      AND (standing.ends_on IS NULL OR standing.ends_on > edge.on_day)
    UNION ALL
    SELECT FROM place_change other JOIN subscription guest ON guest.id = other.subscription
    WHERE other.stop = stop.id AND guest.id IS DISTINCT FROM $2::uuid AND guest.stop IS DISTINCT FROM stop.id
      AND guest.status IN ('active', 'paused') AND other.from_on <= edge.on_day AND edge.on_day < other.until_on
) there
"""
_EDGES = """
SELECT $3::date AS on_day UNION
SELECT other.from_on FROM place_change other
WHERE other.stop = stop.id AND other.from_on > $3 AND ($4::date IS NULL OR other.from_on < $4)
"""
_MOST_TAKEN = f"""
SELECT edge.on_day, ({_TAKEN}) AS n_taken FROM ({_EDGES}) edge ORDER BY n_taken DESC, edge.on_day LIMIT 1
"""
"""The day of a span on which most places of a stop are taken. A household keeps the place at its usual stop on days
on which its box goes elsewhere or does not come: it may take that back. `$1` is now, `$2` who is not counted."""


@dataclass(frozen=True, slots=True)
class StopChoice:
    """A stop that may be chosen: on `fullest_on` of the days asked about, `n_taken` of its places are taken."""

    place: StopPlace
    round_id: UUID
    capacity: int | None
    n_taken: int
    fullest_on: dt.date

    @property
    def is_full(self) -> bool:
        """Whether not one box more fits."""
        return self.capacity is not None and self.n_taken >= self.capacity


_CHOICES = f"""
SELECT stop.round, stop.capacity, most.n_taken, most.on_day, {_STOP}
FROM stop CROSS JOIN LATERAL ({_MOST_TAKEN}) most
WHERE stop.kind = 'pickup'
"""


async def stops_of_round(
    round_id: UUID,
    *,
    from_on: dt.date,
    until_on: dt.date | None,
    besides: UUID | None = None,
    now: DateTime,
) -> list[StopChoice]:
    """Return the open stops of a round with their room on the days from one on; `besides` is not counted."""
    async with connection() as c:
        rows = await c.fetch(
            _CHOICES + " AND stop.is_open AND stop.round = $5 ORDER BY stop.name, stop.id",
            now, besides, from_on, until_on, round_id,
        )  # fmt: skip
    return [_choice(row) for row in rows]


async def stops_of_merchant(
    merchant_id: UUID, *, from_on: dt.date, now: DateTime
) -> list[StopChoice]:
    """Return the open stops of a merchant's rounds that take subscriptions, with their room from a day on."""
    async with connection() as c:
        rows = await c.fetch(
            _CHOICES
            + " AND stop.is_open AND stop.merchant = $5"
            " AND EXISTS (SELECT FROM delivery_round round WHERE round.id = stop.round AND round.is_open)"
            " ORDER BY stop.name, stop.id",
            now, None, from_on, None, merchant_id,
        )  # fmt: skip
    return [_choice(row) for row in rows]


async def held_stop(
    stop_id: UUID,
    *,
    from_on: dt.date,
    until_on: dt.date | None,
    besides: UUID | None = None,
    now: DateTime,
) -> StopChoice | None:
    """Return a stop with its room, nobody else taking a place there until the unit of work ends."""
    async with connection() as c:
        await c.execute("SELECT FROM stop WHERE id = $1 FOR NO KEY UPDATE", stop_id)
        row = await c.fetchrow(
            _CHOICES + " AND stop.id = $5", now, besides, from_on, until_on, stop_id
        )
    return None if row is None else _choice(row)


def _choice(row: Any) -> StopChoice:
    values = tuple(row)
    return StopChoice(_stop(values[4:]), values[0], *values[1:4])


@dataclass(frozen=True, slots=True)
class Served:
    """Where a round goes, and how postcodes look there."""

    country: str
    prefixes: tuple[str, ...]

    def comes_to(self, postcode: str) -> bool:
        """Tell whether the round comes to a postcode."""
        return postcode.upper().replace(" ", "").startswith(self.prefixes)


async def served_by(round_id: UUID) -> Served:
    """Return where a round goes."""
    async with connection() as c:
        row = await c.fetchrow(
            "SELECT merchant.country, round.postcode_prefixes FROM delivery_round round"
            " JOIN merchant ON merchant.id = round.merchant WHERE round.id = $1",
            round_id,
        )
    return Served(row[0], tuple(row[1]))


async def save_span(order: Order, span: PlaceSpan, *, now: DateTime) -> None:
    """Save another place for a while."""
    door = span.place if isinstance(span.place, Door) else None
    stop_id = span.place.id if isinstance(span.place, StopPlace) else None
    async with connection() as c:
        await c.execute(
            "INSERT INTO place_change (id, merchant, subscription, from_on, until_on, stop, street, city, postcode,"
            " delivery_note, asked_at) VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            order.merchant_id, order.id, span.from_on, span.until_on, stop_id,
            door and door.street, door and door.city, door and door.postcode, door and door.note, now,
        )  # fmt: skip


async def end_span(order: Order, span: PlaceSpan, *, on: dt.date) -> None:
    """Have boxes go to the usual place from a day of a span on; none of it is left when that is its first day."""
    async with connection() as c:
        if on <= span.from_on:
            await c.execute(
                "DELETE FROM place_change WHERE subscription = $1 AND from_on = $2", order.id, span.from_on
            )  # fmt: skip
        else:
            await c.execute(
                "UPDATE place_change SET until_on = $3 WHERE subscription = $1 AND from_on = $2",
                order.id, span.from_on, on,
            )  # fmt: skip


async def save_standing(order: Order, stop: StopPlace | None) -> None:
    """Have boxes fetched at a stop as a rule, or brought to the household's door."""
    async with connection() as c:
        await c.execute(
            "UPDATE subscription SET stop = $2 WHERE id = $1", order.id, stop and stop.id
        )
