"""Waiting lists of rounds in PostgreSQL. Who takes a place, or gives one, holds the round's row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pendulum
from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from subscriptions.account import new_token, token_hash
from subscriptions.waiting import CARD_TIME, HELD, KEPT, Waiter, WaitingEnd

WAIT_FOR = "waiting.round = round.id AND waiting.ended_at IS NULL"
TAKEN = f"""
((SELECT count(*) FROM subscription WHERE subscription.round = round.id AND subscription.status IN ('active', 'paused'))
 + (SELECT count(*) FROM waiting WHERE {WAIT_FOR}))
"""
"""Of a row of `round`: places that nobody else can have. Those who wait come before those who come now."""

_ROOM = f"""
round.capacity
 - (SELECT count(*) FROM subscription
    WHERE subscription.round = round.id AND subscription.status IN ('active', 'paused'))
 - (SELECT count(*) FROM waiting WHERE {WAIT_FOR} AND waiting.held_until IS NOT NULL)
"""


async def hold_round(round_id: UUID) -> int:
    """Hold a round until the unit of work ends; returns how many boxes it carries."""
    async with connection() as c:
        capacity: int = await c.fetchval(
            "SELECT capacity FROM delivery_round WHERE id = $1 FOR NO KEY UPDATE", round_id
        )
    return capacity


async def n_taken(round_id: UUID, *, besides: UUID | None) -> int:
    """Return how many places of a round are taken for somebody who is `besides` on its list, or on none."""
    sql = f"SELECT {TAKEN} FROM delivery_round round WHERE round.id = $1"
    own = f"SELECT count(*) FROM waiting, delivery_round round WHERE round.id = $1 AND {WAIT_FOR} AND waiting.id = $2"
    async with connection() as c:
        taken: int = await c.fetchval(sql, round_id)
        return taken - int(await c.fetchval(own, round_id, besides))


@dataclass(frozen=True, slots=True)
class Wish:
    """Who would like a place on a round, and which box."""

    round_id: UUID
    merchant_id: UUID
    email: str
    name: str
    locale: str
    postcode: str
    plan_id: UUID | None


async def join(wish: Wish, *, now: DateTime) -> UUID:
    """Put somebody at the end of a list and return their row; who is on it keeps the place they have."""
    async with connection() as c:
        made: UUID = await c.fetchval(
            "INSERT INTO waiting (id, merchant, round, email, name, locale, postcode, box_plan, joined_at)"
            " VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6, $7, $8)"
            " ON CONFLICT (round, email) WHERE ended_at IS NULL"
            " DO UPDATE SET name = excluded.name, postcode = excluded.postcode, box_plan = excluded.box_plan"
            " RETURNING id",
            wish.merchant_id, wish.round_id, wish.email, wish.name, wish.locale, wish.postcode, wish.plan_id, now,
        )  # fmt: skip
    return made


_WAITER = """
SELECT waiting.id, waiting.merchant, merchant.slug, merchant.name AS merchant_name, merchant.name_zh, merchant.timezone,
       waiting.round, round.weekday, waiting.email, waiting.name, waiting.locale, waiting.postcode, waiting.box_plan,
       waiting.joined_at, waiting.held_until, waiting.outcome,
       (SELECT count(*) FROM waiting before WHERE before.round = waiting.round AND before.ended_at IS NULL
        AND (before.joined_at, before.id) <= (waiting.joined_at, waiting.id)) AS place
FROM waiting
JOIN merchant ON merchant.id = waiting.merchant
JOIN delivery_round round ON round.id = waiting.round
"""


async def waiter(waiting_id: UUID) -> Waiter | None:
    """Return somebody on a list, or whose waiting has ended not long ago."""
    async with connection() as c:
        row = await c.fetchrow(_WAITER + "WHERE waiting.id = $1", waiting_id)
    return None if row is None else _waiter(row)


async def waiter_by_link(token: str) -> Waiter | None:
    """Return whose link it is: that of the first mail, or that of the one which asks."""
    async with connection() as c:
        row = await c.fetchrow(
            _WAITER + "WHERE waiting.joined_hash = $1 OR waiting.asked_hash = $1", token_hash(token)
        )
    return None if row is None else _waiter(row)


def _waiter(row: Any) -> Waiter:
    values = list(row)
    values[13] = pendulum.instance(values[13])
    values[14] = None if values[14] is None else pendulum.instance(values[14])
    values[15] = None if values[15] is None else WaitingEnd(values[15])
    return Waiter(*values)


async def renew_link(waiting_id: UUID, *, asks: bool) -> str:
    """Give the mail that tells of a place, or the one that asks, a new secret and return it."""
    token, column = new_token(), "asked_hash" if asks else "joined_hash"
    async with connection() as c:
        await c.execute(
            f"UPDATE waiting SET {column} = $2 WHERE id = $1", waiting_id, token_hash(token)
        )
    return token


async def end(waiting_id: UUID, outcome: WaitingEnd, *, now: DateTime) -> bool:
    """End somebody's waiting; False when it had ended."""
    async with connection() as c:
        done = await c.execute(
            "UPDATE waiting SET ended_at = $3, outcome = $2 WHERE id = $1 AND ended_at IS NULL",
            waiting_id, outcome.value, now,
        )  # fmt: skip
    return bool(done == "UPDATE 1")


async def goes_to_pay(waiting_id: UUID, subscription_id: UUID, *, now: DateTime) -> None:
    """Keep a place for as long as a card takes to enter, for a subscription that begins with it."""
    async with connection() as c:
        await c.execute(
            "UPDATE waiting SET subscription = $2, held_until = greatest(held_until, $3)"
            " WHERE id = $1 AND ended_at IS NULL AND held_until IS NOT NULL",
            waiting_id, subscription_id, now + CARD_TIME,
        )  # fmt: skip


async def of_subscription(subscription_id: UUID) -> UUID | None:
    """Return who on a list a subscription was begun by, while a place is kept for them."""
    async with connection() as c:
        found: UUID | None = await c.fetchval(
            "SELECT id FROM waiting WHERE subscription = $1 AND ended_at IS NULL", subscription_id
        )
    return found


async def expire(round_id: UUID, *, now: DateTime) -> list[UUID]:
    """End the waiting of those on a round who were asked and did not come; returns them."""
    async with connection() as c:
        rows = await c.fetch(
            "UPDATE waiting SET ended_at = $2, outcome = 'expired'"
            " WHERE round = $1 AND ended_at IS NULL AND held_until <= $2 RETURNING id",
            round_id, now,
        )  # fmt: skip
    return [row[0] for row in rows]


async def ask(round_id: UUID, *, now: DateTime) -> list[UUID]:
    """Keep a place for as many as there is room for, first come first; call it with the round held."""
    async with connection() as c:
        rows = await c.fetch(
            f"""
            UPDATE waiting SET asked_at = $2, held_until = $3 WHERE id IN (
                SELECT next.id FROM waiting next JOIN delivery_round round ON round.id = next.round
                WHERE next.round = $1 AND next.ended_at IS NULL AND next.held_until IS NULL AND round.is_open
                ORDER BY next.joined_at, next.id
                LIMIT (SELECT greatest(0, {_ROOM}) FROM delivery_round round WHERE round.id = $1)
            ) RETURNING id
            """,
            round_id, now, now + HELD,
        )  # fmt: skip
    return [row[0] for row in rows]


async def forget(round_id: UUID, *, now: DateTime) -> None:
    """Drop the addresses of those whose waiting ended long ago."""
    async with connection() as c:
        await c.execute(
            "DELETE FROM waiting WHERE round = $1 AND ended_at <= $2", round_id, now - KEPT
        )


@dataclass(frozen=True, slots=True)
class WaitingList:
    """A round's list as its merchant sees it."""

    round_id: UUID
    name: str
    name_zh: str
    n_waiting: int
    n_asked: int
    oldest_at: DateTime


async def lists_of(merchant_id: UUID) -> Sequence[WaitingList]:
    """Return a merchant's lists that somebody stands on."""
    async with connection() as c:
        rows = await c.fetch(
            "SELECT round.id, round.name, round.name_zh, count(*) FILTER (WHERE waiting.held_until IS NULL),"
            " count(*) FILTER (WHERE waiting.held_until IS NOT NULL), min(waiting.joined_at)"
            f" FROM waiting JOIN delivery_round round ON {WAIT_FOR} WHERE round.merchant = $1"
            " GROUP BY round.id ORDER BY round.weekday, round.name",
            merchant_id,
        )  # fmt: skip
    return [
        WaitingList(row[0], row[1], row[2], row[3], row[4], pendulum.instance(row[5]))
        for row in rows
    ]


DUE_TO_ASK = f"""
SELECT DISTINCT waiting.round::text FROM waiting JOIN delivery_round round ON round.id = waiting.round
WHERE waiting.ended_at IS NULL AND (
    waiting.held_until <= $1 OR waiting.held_until IS NULL AND round.is_open AND {_ROOM} > 0
)
UNION
SELECT DISTINCT round::text FROM waiting WHERE ended_at <= $1::timestamptz - interval '{KEPT.in_days()} days'
"""
"""Rounds with room for somebody who waits, with a place that nobody came for, or with addresses to forget; `$1` is the
present instant."""
