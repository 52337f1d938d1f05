"""Every kind of due work: its query runs, and an idle house has nothing due."""

from pathlib import Path

import redis.asyncio as redis

from ripeday.audit import INVARIANTS
from ripeday.composition import House
from ripeday.due import due_kinds
from ripeday.kit.adapters import due_work
from ripeday.kit.adapters.engine import connection
from ripeday.kit.services.due_loop import do_all_due
from tests.faults.worker_process import settings_for
from tests.market import AFTER, BEFORE, add_box, add_lot, open_market
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


async def test_a_lot_held_on_the_floor_is_taken_out_of_proposed_boxes(
    database: str, valkey_url: str, sandbox: Sandbox, tmp_path: Path
) -> None:
    house = House.of(
        settings_for(database, valkey_url, sandbox, tmp_path), redis.Redis.from_url(valkey_url)
    )
    m = await open_market()
    lots = [await add_lot(m, key, units=20) for key in ("apple_fuji", "kiwifruit_green")]
    await add_box(m, [(lots[0], 3)])
    await house.stock.hold_lot(lots[0], merchant_ids=[m.merchant], actor_id=None, now=BEFORE)

    done = await do_all_due(due_kinds(house), now=BEFORE)

    assert done["mend_day"] == 1
    async with connection() as c:
        assert await c.fetchval("SELECT count(*) FROM box_line WHERE lot = $1", lots[0]) == 0
        assert await c.fetchval("SELECT count(*) FROM box_change WHERE box = $1", m.boxes[0]) == 1
