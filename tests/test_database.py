"""The ground that every other test stands on."""

import asyncpg
import redis.asyncio as redis

from ripeday.kit.adapters.engine import connection
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.migration import migrate, state


async def test_a_test_gets_a_migrated_database_that_the_engine_uses(database: str) -> None:
    async with connection() as borrowed:
        assert f"/{await borrowed.fetchval('select current_database()')}" in database
    found = await state()
    assert found.done
    assert not found.pending
    assert not found.unknown


async def test_nothing_of_a_test_is_seen_by_the_next_one(database: str) -> None:
    other = await asyncpg.connect(database)
    try:
        async with unit_of_work() as ours:
            await ours.execute("create table left_behind ()")
        assert await other.fetchval("select to_regclass('left_behind')") == "left_behind"
    finally:
        await other.close()


async def test_the_next_one_indeed_does_not_see_it(database: str) -> None:
    async with connection() as borrowed:
        assert await borrowed.fetchval("select to_regclass('left_behind')") is None


async def test_migrating_again_changes_nothing(database: str) -> None:
    assert await migrate(database) == ()


async def test_each_worker_has_a_valkey_of_its_own(valkey_url: str) -> None:
    async with redis.Redis.from_url(valkey_url) as client:
        assert await client.dbsize() == 0
        await client.set("a", "b")
