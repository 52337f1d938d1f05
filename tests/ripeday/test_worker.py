"""What the worker takes on: no more than it soon gets to, so that what matters more need not wait behind it."""

import pendulum
from arq import create_pool
from arq.connections import RedisSettings
from arq.constants import default_queue_name
from pendulum import DateTime

from ripeday.kit.adapters import outbox
from ripeday.kit.adapters.engine import connection
from ripeday.kit.due_work import DueKind
from ripeday.worker import CLAIMS_MOST, deserialize, serialize, sweep

NOW = pendulum.datetime(2026, 11, 22, 12, tz="UTC")


async def leave(key: str, now: DateTime) -> None:
    """Do nothing: nobody works here."""


async def test_a_letter_that_somebody_waits_for_is_taken_on_as_soon_as_the_queue_has_room(
    database: str, valkey_url: str
) -> None:
    kinds = {"letters": DueKind("letters", outbox.DUE, leave)}
    await outbox.put_many("test", {f"fact:{n}": {} for n in range(2 * CLAIMS_MOST)}, now=NOW)
    queue = await create_pool(
        RedisSettings.from_dsn(valkey_url), job_serializer=serialize, job_deserializer=deserialize
    )

    assert [await sweep(queue, kinds, now=NOW) for _ in range(2)] == [CLAIMS_MOST, 0]
    await outbox.put("test", {}, dedupe_key="link", now=NOW, is_awaited=True)
    async with connection() as c:
        link = await c.fetchval("SELECT id::text FROM outbox WHERE dedupe_key = 'link'")
    done, *_ = await queue.zrange(default_queue_name, 0, -1)
    await queue.zrem(default_queue_name, done)
    assert await sweep(queue, kinds, now=NOW) == 1

    jobs = await queue.zrange(default_queue_name, 0, -1)
    assert link in {job.decode().split(":")[1] for job in jobs}
    await queue.aclose()
