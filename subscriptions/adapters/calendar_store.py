"""Private calendars in PostgreSQL: the hash of each link, and what each entry said last."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import pendulum
from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from ripeday.kit.adapters.unit_of_work import unit_of_work
from subscriptions.account import new_token, token_hash


@dataclass(frozen=True, slots=True)
class FeedView:
    """A private calendar as its owner sees it."""

    made_at: DateTime
    read_at: DateTime | None


@dataclass(frozen=True, slots=True)
class Feed:
    """A private calendar as its reader needs it."""

    id: UUID
    person_id: UUID
    locale: str


@dataclass(frozen=True, slots=True)
class Edition:
    """How often an entry has changed, and when it did last."""

    sequence: int
    changed_at: DateTime


async def renew_link(person_id: UUID, *, now: DateTime) -> str:
    """Give a person's calendar a new secret, which is returned and kept nowhere; the old one is dead at once."""
    token = new_token()
    async with connection() as c:
        await c.execute(
            "INSERT INTO calendar_feed (id, person, token_hash, made_at) VALUES (gen_random_uuid(), $1, $2, $3)"
            " ON CONFLICT (person) DO UPDATE"
            " SET token_hash = excluded.token_hash, made_at = excluded.made_at, read_at = NULL",
            person_id, token_hash(token), now,
        )  # fmt: skip
    return token


async def end_link(person_id: UUID) -> None:
    """Take a person's calendar away, with what its entries said."""
    async with connection() as c:
        await c.execute("DELETE FROM calendar_feed WHERE person = $1", person_id)


async def feed_of(person_id: UUID) -> FeedView | None:
    """Return a person's calendar, if there is one."""
    async with connection() as c:
        row = await c.fetchrow(
            "SELECT made_at, read_at FROM calendar_feed WHERE person = $1", person_id
        )
    if row is None:
        return None
    read_at = None if row["read_at"] is None else pendulum.instance(row["read_at"])
    return FeedView(pendulum.instance(row["made_at"]), read_at)


_FIND = """
SELECT feed.id, feed.person, coalesce(person.locale, (
    SELECT merchant.locale FROM household JOIN merchant ON merchant.id = household.merchant
    WHERE household.person = person.id ORDER BY household.created_at LIMIT 1
), 'en') AS locale
FROM calendar_feed feed JOIN person ON person.id = feed.person
WHERE feed.token_hash = $1 AND person.disabled_at IS NULL
"""


async def find_feed(token: str, *, now: DateTime) -> Feed | None:
    """Return the calendar behind a secret and note, once an hour, that it was read."""
    async with connection() as c:
        row = await c.fetchrow(_FIND, token_hash(token))
        if row is None:
            return None
        await c.execute(
            "UPDATE calendar_feed SET read_at = $2"
            " WHERE id = $1 AND (read_at IS NULL OR read_at < $2::timestamptz - interval '1 hour')",
            row["id"], now,
        )  # fmt: skip
    return Feed(row["id"], row["person"], row["locale"])


_KEEP = """
INSERT INTO calendar_entry (id, feed, uid, content_hash, sequence, changed_at)
SELECT gen_random_uuid(), $1, uid, content_hash, 0, $4
FROM unnest($2::text[], $3::text[]) AS said (uid, content_hash)
ON CONFLICT (feed, uid) DO UPDATE
    SET content_hash = excluded.content_hash, sequence = calendar_entry.sequence + 1, changed_at = excluded.changed_at
    WHERE calendar_entry.content_hash <> excluded.content_hash
"""


async def editions(feed_id: UUID, said: Mapping[str, str], *, now: DateTime) -> dict[str, Edition]:
    """Keep what each entry says, by hash, and return how often it has said something else; forgets those not named."""
    uids = sorted(said)
    async with unit_of_work() as c:
        await c.fetchval("SELECT id FROM calendar_feed WHERE id = $1 FOR UPDATE", feed_id)
        await c.execute(_KEEP, feed_id, uids, [said[uid] for uid in uids], now)
        await c.execute(
            "DELETE FROM calendar_entry WHERE feed = $1 AND changed_at < $3::timestamptz - interval '60 days'"
            " AND uid <> ALL($2)",
            feed_id, uids, now,
        )  # fmt: skip
        rows = await c.fetch(
            "SELECT uid, sequence, changed_at FROM calendar_entry WHERE feed = $1 AND uid = ANY($2)", feed_id, uids
        )  # fmt: skip
    return {
        row["uid"]: Edition(row["sequence"], pendulum.instance(row["changed_at"])) for row in rows
    }
