"""Every kind of due work: its query runs, and an idle house has nothing due."""

from pathlib import Path

import redis.asyncio as redis

from ripeday.audit import INVARIANTS
from ripeday.composition import House
from ripeday.due import due_kinds
from ripeday.kit.adapters import due_work
from ripeday.kit.adapters.engine import connection
from tests.faults.worker_process import settings_for
from tests.market import AFTER
from tests.sandbox_fixture import Sandbox


async def test_an_idle_house_has_nothing_due(
    database: str, valkey_url: str, sandbox: Sandbox, tmp_path: Path
) -> None:
    house = House.of(
        settings_for(database, valkey_url, sandbox, tmp_path), redis.Redis.from_url(valkey_url)
    )

    for kind in due_kinds(house):
        assert await due_work.claim_due(kind, now=AFTER) == []


async def test_every_invariant_can_be_asked(database: str) -> None:
    async with connection() as c:
        for sql in INVARIANTS.values():
            assert await c.fetch(sql) == []
