"""A worker killed in mid-plan: the day is planned again by another, to the same boxes; several workers share a week."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from arq import create_pool
from arq.connections import RedisSettings
from arq.constants import in_progress_key_prefix
from pendulum import Date
from redis.asyncio import Redis

from delivery.services.supply import StockSupply
from ripeday.composition import House
from ripeday.due import due_kinds
from ripeday.kit.adapters.engine import connection
from ripeday.worker import HEAVY_QUEUE, deserialize, serialize, sweep
from ripening.produce import load_profiles
from subscriptions.services.planning import PlanningService
from tests.faults.worker_process import WorkerProcess, settings_for, until
from tests.market import (
    BEFORE,
    CUTOFF,
    Market,
    add_household,
    add_lot,
    broken_invariants,
    insert,
    open_market,
)
from tests.sandbox_fixture import Sandbox
from tests.subscriptions.people import fetch

HOUSEHOLDS, N_DAYS = 80, 3
EARLY = BEFORE.subtract(days=1)
LATER = EARLY.add(minutes=2)
"""Past the lease that the killed worker held."""
PRODUCE = (
    "banana", "apple_fuji", "kiwifruit_green", "avocado_hass", "mandarin", "pear_european",
    "mango", "persimmon_nonastringent",
)  # fmt: skip


async def open_week(slug: str) -> Market:
    """Open a depot with three delivery days in a row and scarce lots; rounds open no further days."""
    m = await open_market(slug=slug)
    for key in PRODUCE:
        for age_days in (0.0, 2.0, 4.0):
            await add_lot(m, key, units=HOUSEHOLDS // 2, age_days=age_days)
    for n in range(N_DAYS):
        if n:
            m.round, m.day = uuid4(), uuid4()
            await insert(
                "delivery_round", id=m.round, merchant=m.merchant, depot=m.depot, name=f"Round {n}",
                name_zh="郊区", route=str(n), postcode_prefixes=["10"], weekday=1 + n, cutoff_days_before=2,
                cutoff_minute=1200, pack_days_before=1, capacity=1000, is_open=False,
            )  # fmt: skip
            await insert(
                "delivery_day", id=m.day, merchant=m.merchant, round=m.round, depot=m.depot,
                delivery_on=Date(2026, 12, 1 + n), cutoff_at=CUTOFF.add(days=n), pack_on=Date(2026, 12, n),
            )  # fmt: skip
        for _ in range(HOUSEHOLDS):
            await add_household(m)
        await fetch(
            "UPDATE subscription SET first_delivery_on = $2 WHERE round = $1 RETURNING id",
            m.round, Date(2026, 10, 6 + n),
        )  # fmt: skip
    await fetch("UPDATE delivery_round SET is_open = false RETURNING id")
    return m


async def boxes(m: Market) -> list[tuple[object, ...]]:
    return await fetch(
        "SELECT day.delivery_on, box.number, lot.code, line.units, line.mode, line.eat, line.ready_day"
        " FROM box JOIN delivery_day day ON day.id = box.delivery_day"
        " JOIN box_line line ON line.box = box.id JOIN lot ON lot.id = line.lot"
        " WHERE box.merchant = $1 ORDER BY 1, 2, 3, 5",
        m.merchant,
    )


async def planned_undisturbed() -> list[tuple[object, ...]]:
    """Plan the same week without any worker; the boxes by number are what every other way must give."""
    m = await open_week("undisturbed")
    days = await fetch(
        "SELECT id FROM delivery_day WHERE merchant = $1 ORDER BY delivery_on", m.merchant
    )
    for (day,) in days:
        assert isinstance(day, UUID)
        planning = PlanningService(StockSupply(), load_profiles())
        assert await planning.plan_day(day, now=EARLY)
    return await boxes(m)


async def is_planned(m: Market) -> bool:
    async with connection() as c:
        return bool(
            await c.fetchval(
                "SELECT bool_and(planned_at IS NOT NULL) FROM delivery_day WHERE merchant = $1",
                m.merchant,
            )
        )


async def is_saving() -> bool:
    """Tell whether a plan is made and waits to be saved."""
    async with connection() as c:
        return bool(
            await c.fetchval(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
        )


@pytest.fixture
async def workers(
    database: str, valkey_url: str, sandbox: Sandbox, tmp_path: Path
) -> AsyncIterator[list[WorkerProcess]]:
    settings = settings_for(database, valkey_url, sandbox, tmp_path)
    processes = [WorkerProcess(settings) for _ in range(2)]
    yield processes
    for process in processes:
        process.kill()


async def test_a_worker_killed_in_mid_plan(workers: list[WorkerProcess]) -> None:
    """Another plans the days again from the shares that were dealt: nobody can tell that there was a kill."""
    expected = await planned_undisturbed()
    m = await open_week("disturbed")
    first, second = workers

    async with connection() as held, held.transaction():
        await held.execute("SELECT id FROM delivery_day FOR NO KEY UPDATE")  # nobody can save
        first.start(EARLY)
        await until(is_saving, first)
        first.kill()
    assert not await is_planned(m)
    assert await fetch("SELECT count(*) > 0 FROM day_share") == [(True,)]

    second.start(LATER)
    await until(lambda: is_planned(m), second)

    assert await boxes(m) == expected
    assert await fetch("SELECT count(*) FROM day_share") == [(0,)]
    assert await broken_invariants() == []


async def test_two_workers_plan_a_week_to_the_same_boxes_as_none(
    workers: list[WorkerProcess],
) -> None:
    expected = await planned_undisturbed()
    m = await open_week("shared")
    for worker in workers:
        worker.start(EARLY)
    await until(lambda: is_planned(m), workers[0])

    assert await boxes(m) == expected
    runs = await fetch("SELECT count(*) FROM plan_run WHERE merchant = $1", m.merchant)
    assert runs == [(N_DAYS,)]
    assert await broken_invariants() == []


async def test_no_more_plans_are_claimed_than_workers_take(
    workers: list[WorkerProcess], valkey_url: str
) -> None:
    """What waits in the queue is nobody's: a worker that comes later finds the rest due."""
    await open_week("waiting")
    house = House.of(workers[0].settings, Redis.from_url(valkey_url))
    kinds = {kind.name: kind for kind in due_kinds(house) if kind.is_heavy}
    queue = await create_pool(
        RedisSettings.from_dsn(valkey_url), job_serializer=serialize, job_deserializer=deserialize
    )

    claimed = [await sweep(queue, kinds, now=EARLY) for _ in range(3)]

    assert claimed == [1, 0, 0]
    (job,) = await queue.zrange(HEAVY_QUEUE, 0, -1)
    await queue.set(in_progress_key_prefix + job.decode(), b"1")
    assert [await sweep(queue, kinds, now=EARLY) for _ in range(3)] == [1, 0, 0]
    await queue.aclose()
