"""A worker killed anywhere in the cycle, or a queue flushed: nothing is lost, nobody pays twice."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import redis.asyncio as redis
from arq import create_pool
from arq.connections import RedisSettings

from delivery.lifecycle import Paper
from ripeday.composition import House
from ripeday.due import due_kinds
from ripeday.kit.adapters.engine import connection
from ripeday.worker import deserialize, serialize, sweep
from tests.faults.worker_process import WorkerProcess, settings_for, until
from tests.market import (
    AFTER,
    CUTOFF,
    PACK_ON,
    Market,
    add_box,
    add_lot,
    broken_invariants,
    open_market,
    statuses,
    stock,
)
from tests.sandbox_fixture import Sandbox

N_BOXES = 8
LATER = AFTER.add(minutes=10)
"""Past every lease that a killed worker can have held."""
PACKING = CUTOFF.add(days=1)


@pytest.fixture
async def market(database: str, sandbox: Sandbox) -> Market:
    """Eight boxes of two units each for twenty, the last card declined, the cut-off just past."""
    m = await open_market()
    lot = await add_lot(m, "apple_fuji", units=20)
    for n in range(N_BOXES):
        kind = "pm_card_visa" if n < N_BOXES - 1 else "pm_card_chargeCustomerFail"
        card = await sandbox.saved_card(email=f"anna{n}@example.org", card=kind)
        await add_box(m, [(lot, 2)], card=(card.customer, card.payment_method))
    return m


@pytest.fixture
async def worker(
    database: str, valkey_url: str, sandbox: Sandbox, tmp_path: Path
) -> AsyncIterator[WorkerProcess]:
    process = WorkerProcess(settings_for(database, valkey_url, sandbox, tmp_path))
    yield process
    process.kill()


async def all_settled(m: Market) -> bool:
    return set(await statuses(m)) <= {"paid", "declined"}


async def assert_each_paid_once(m: Market, sandbox: Sandbox) -> None:
    assert await statuses(m) == ["paid"] * (N_BOXES - 1) + ["declined"]
    for n, box in enumerate(m.boxes):
        assert sandbox.succeeded_intents(box) == (1 if n < N_BOXES - 1 else 0)
    assert await stock(m.lots[0]) == (0, 20, 2 * (N_BOXES - 1))
    assert await broken_invariants() == []


async def test_a_worker_killed_between_reserve_and_charge(
    market: Market, worker: WorkerProcess, sandbox: Sandbox
) -> None:
    """The provider never hears of the charges that the killed worker had written down."""

    async def has_begun() -> bool:
        async with connection() as c:
            return bool(await c.fetchval("SELECT count(*) FROM charge WHERE outcome = 'started'"))

    sandbox.fault("timeout_before", path="/v1/payment_intents", seconds=20, times=None)
    worker.start(AFTER)
    await until(has_begun, worker)
    worker.kill()
    assert all(sandbox.succeeded_intents(box) == 0 for box in market.boxes)
    sandbox.control("DELETE", "faults")

    worker.start(LATER)
    await until(lambda: all_settled(market), worker)

    await assert_each_paid_once(market, sandbox)


async def test_a_worker_killed_between_charge_and_record(
    market: Market, worker: WorkerProcess, sandbox: Sandbox
) -> None:
    """The money has moved, and nobody here knows."""

    async def has_moved() -> bool:
        return bool(sandbox.books()["paid_by_box"])

    sandbox.fault("timeout_after", path="/v1/payment_intents", seconds=20, times=None)
    worker.start(AFTER)
    await until(has_moved, worker)
    worker.kill()
    assert "paid" not in await statuses(market)
    sandbox.control("DELETE", "faults")

    worker.start(LATER)
    await until(lambda: all_settled(market), worker)

    await assert_each_paid_once(market, sandbox)


async def test_a_worker_killed_as_soon_as_the_day_is_locked(
    market: Market, worker: WorkerProcess, sandbox: Sandbox
) -> None:
    async def is_locked() -> bool:
        return "proposed" not in await statuses(market)

    worker.start(AFTER)
    await until(is_locked, worker)
    worker.kill()

    worker.start(LATER)
    await until(lambda: all_settled(market), worker)

    await assert_each_paid_once(market, sandbox)


async def test_a_flushed_queue_loses_nothing(
    market: Market, worker: WorkerProcess, sandbox: Sandbox, valkey_url: str
) -> None:
    """Work is claimed and queued, the queue is emptied, and the next sweep finds it all again."""
    house = House.of(worker.settings, redis.Redis.from_url(valkey_url))
    await house.cutoff.lock_day(market.day, now=AFTER)
    await house.cutoff.reserve_day(market.day, now=AFTER)
    kinds = {kind.name: kind for kind in due_kinds(house) if kind.name == "charge_box"}
    queue = await create_pool(
        RedisSettings.from_dsn(valkey_url),
        job_serializer=serialize,
        job_deserializer=deserialize,
    )
    assert await sweep(queue, kinds, now=AFTER) == N_BOXES

    await queue.flushdb()
    worker.start(LATER)
    await until(lambda: all_settled(market), worker)

    await assert_each_paid_once(market, sandbox)
    await queue.aclose()


async def test_a_worker_killed_while_it_prints(
    market: Market, worker: WorkerProcess, sandbox: Sandbox
) -> None:
    """The wave is released once; its papers are printed in the end, each file whole."""

    async def is_released() -> bool:
        async with connection() as c:
            return bool(await c.fetchval("SELECT count(*) FROM wave"))

    async def is_printed() -> bool:
        async with connection() as c:
            return int(await c.fetchval("SELECT count(*) FROM print")) == len(Paper)

    worker.start(AFTER)
    await until(lambda: all_settled(market), worker)
    worker.kill()
    worker.start(PACKING)
    await until(is_released, worker)
    worker.kill()
    worker.start(PACKING.add(minutes=10))
    await until(is_printed, worker)

    async with connection() as c:
        assert await c.fetchval("SELECT count(*) FROM wave") == 1
        paths = [row["path"] for row in await c.fetch("SELECT path FROM print")]
    assert all(Path(path).read_bytes().rstrip().endswith(b"%%EOF") for path in paths)
    assert PACKING.date() == PACK_ON
    await assert_each_paid_once(market, sandbox)
