"""The outbox: what must happen outside the database after a commit, written in the same transaction."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pendulum import DateTime

from ripeday.kit.adapters.engine import connection

DUE = """
SELECT id::text FROM outbox WHERE done_at IS NULL AND parked_at IS NULL AND available_at <= $1
ORDER BY outbox.is_awaited DESC, outbox.id
"""
"""Which outbox rows are due, those that somebody waits for at first; `$1` is the present instant."""

_PUT = """
INSERT INTO outbox (topic, payload, dedupe_key, available_at, is_awaited, attempts)
VALUES ($1, $2::jsonb, $3, $4, $5, 0)
ON CONFLICT (dedupe_key) DO NOTHING RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One row of the outbox."""

    id: int
    topic: str
    payload: Mapping[str, Any]
    dedupe_key: str


async def put(
    topic: str,
    payload: Mapping[str, Any],
    *,
    dedupe_key: str,
    now: DateTime,
    is_awaited: bool = False,
) -> bool:
    """Put something into the outbox; False when the same business fact was put there before.

    What a person sits and waits for goes before whatever else is in it, however much that is.
    """
    async with connection() as c:
        row = (topic, json.dumps(payload), dedupe_key, now, is_awaited)
        return await c.fetchval(_PUT, *row) is not None


async def put_many(topic: str, parcels: Mapping[str, Mapping[str, Any]], *, now: DateTime) -> None:
    """Put many things of one topic, keyed by their dedupe keys, in one statement."""
    sql = """
    INSERT INTO outbox (topic, payload, dedupe_key, available_at, attempts)
    SELECT $1, payload::jsonb, dedupe_key, $4, 0 FROM unnest($2::text[], $3::text[]) AS p (dedupe_key, payload)
    ON CONFLICT (dedupe_key) DO NOTHING
    """
    texts = [json.dumps(payload) for payload in parcels.values()]
    async with connection() as c:
        await c.execute(sql, topic, list(parcels), texts, now)


async def open_parcel(parcel_id: int) -> Parcel | None:
    """Return the row, locked, when it still is to be done; call it inside a unit of work."""
    async with connection() as c:
        row = await c.fetchrow(
            "SELECT id, topic, payload::text, dedupe_key FROM outbox"
            " WHERE id = $1 AND done_at IS NULL AND parked_at IS NULL FOR UPDATE",
            parcel_id,
        )
    if row is None:
        return None
    return Parcel(row["id"], row["topic"], json.loads(row["payload"]), row["dedupe_key"])


async def settle(parcel_id: int, *, now: DateTime) -> None:
    """Note that the thing was done."""
    async with connection() as c:
        await c.execute("UPDATE outbox SET done_at = $2 WHERE id = $1", parcel_id, now)


async def park(parcel_id: int, *, now: DateTime, error: str) -> None:
    """Give the thing up; an operator finds it by `parked_at`."""
    async with connection() as c:
        await c.execute(
            "UPDATE outbox SET parked_at = $2, last_error = left($3, 500) WHERE id = $1",
            parcel_id, now, error,
        )  # fmt: skip


async def forget(parcel_id: int, *names: str) -> None:
    """Take personal values out of a payload once they are not needed any more."""
    async with connection() as c:
        await c.execute(
            "UPDATE outbox SET payload = payload - $2::text[] WHERE id = $1", parcel_id, list(names)
        )
