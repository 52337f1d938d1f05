"""What people want to hear of, and what each was told, in PostgreSQL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from subscriptions.notice.topic import WANTED_AT_FIRST, Topic

DIGEST_MINUTE = 7 * 60
"""When a digest comes to people who have not said: seven in the morning where they live."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person wants to hear of; `digest_minute` is wall clock, minutes after midnight."""

    wanted: frozenset[Topic]
    digest_minute: int


async def choices_of(person_id: UUID) -> Choices:
    """Return what a person has chosen, and what holds where they have not."""
    async with connection() as c:
        rows = await c.fetch(
            "SELECT topic, is_wanted, minute FROM notice_choice WHERE person = $1", person_id
        )
    said = {Topic(row["topic"]): row["is_wanted"] for row in rows}
    minute = next((row["minute"] for row in rows if row["minute"] is not None), DIGEST_MINUTE)
    wanted = frozenset(
        topic for topic in Topic if said.get(topic, topic in WANTED_AT_FIRST) and topic != "needed"
    )
    return Choices(wanted, minute)


_CHOOSE = """
INSERT INTO notice_choice (id, person, topic, is_wanted, minute, chosen_at)
SELECT gen_random_uuid(), $1, topic, is_wanted, CASE WHEN topic = 'digest' THEN $4::smallint END, $5
FROM unnest($2::text[], $3::boolean[]) AS said (topic, is_wanted)
ON CONFLICT (person, topic) DO UPDATE
    SET is_wanted = excluded.is_wanted, minute = excluded.minute, chosen_at = excluded.chosen_at
"""


async def choose(
    person_id: UUID, wanted: Mapping[Topic, bool], *, digest_minute: int, now: DateTime
) -> None:
    """Keep what a person wants to hear of."""
    topics = [topic.value for topic in wanted]
    async with connection() as c:
        await c.execute(_CHOOSE, person_id, topics, list(wanted.values()), digest_minute, now)


async def want(person_id: UUID, topic: Topic, *, is_wanted: bool, now: DateTime) -> str | None:
    """Switch one topic on or off by a link; returns the address it went to, None when nobody has it any more."""
    sql = """
    INSERT INTO notice_choice (id, person, topic, is_wanted, minute, chosen_at)
    SELECT gen_random_uuid(), id, $2, $3, $4, $5 FROM person WHERE id = $1
    ON CONFLICT (person, topic) DO UPDATE SET is_wanted = excluded.is_wanted, chosen_at = excluded.chosen_at
    RETURNING (SELECT email FROM person WHERE person.id = notice_choice.person)
    """
    minute = DIGEST_MINUTE if topic is Topic.DIGEST else None
    async with connection() as c:
        email: str | None = await c.fetchval(sql, person_id, topic.value, is_wanted, minute, now)
    return email


_BEGIN = """
INSERT INTO notice_told (id, person, kind, subject, begun_at)
SELECT gen_random_uuid(), $1, $2, $3, $6
WHERE coalesce((SELECT is_wanted FROM notice_choice WHERE person = $1 AND topic = $4), $5)
ON CONFLICT (person, kind, subject) DO NOTHING RETURNING id
"""


async def begin(person_id: UUID, kind: str, subject: str, topic: Topic, *, now: DateTime) -> bool:
    """Note that a mail is about to leave; False when it is not wanted, or left before."""
    at_first = topic in WANTED_AT_FIRST
    async with connection() as c:
        began = await c.fetchval(_BEGIN, person_id, kind, subject, topic.value, at_first, now)
    return began is not None


async def take_back(person_id: UUID, kind: str, subject: str) -> None:
    """Note that a mail has surely not left, so that it may be tried again."""
    async with connection() as c:
        await c.execute(
            "DELETE FROM notice_told WHERE person = $1 AND kind = $2 AND subject = $3",
            person_id, kind, subject,
        )  # fmt: skip


TOLD_KEPT_DAYS: Final = 60
"""So long it is kept what was told. By then its parcel is done, and the outbox takes no other about the same fact:
previews and reminders go out once a day's, payments are settled within weeks."""
_TOLD_LONG_AGO = f"""
FROM notice_told told
WHERE told.begun_at < date_trunc('day', $1::timestamptz, 'UTC') - interval '{TOLD_KEPT_DAYS} days'
  AND NOT EXISTS (SELECT FROM outbox parcel WHERE parcel.done_at IS NULL AND parcel.parked_at IS NULL
                  AND parcel.dedupe_key = told.subject)
  AND NOT EXISTS (SELECT FROM outbox parcel WHERE parcel.done_at IS NULL AND parcel.parked_at IS NULL
                  AND parcel.payload->>'box' = told.subject)
"""

DUE_TO_FORGET = f"SELECT 'notice_told' WHERE EXISTS (SELECT {_TOLD_LONG_AGO})"
"""A query that finds due work, once a day; `$1` is the present instant."""


async def forget_told(*, now: DateTime) -> int:
    """Forget what was told long ago; what a parcel that still has to leave is about stays. Returns how much."""
    async with connection() as c:
        done = await c.execute(f"DELETE {_TOLD_LONG_AGO}", now)
    return int(done.rpartition(" ")[2])
