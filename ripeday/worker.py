"""The worker: arq carries due work to it, PostgreSQL says what is due.

A sweep every two seconds, or sooner when PostgreSQL notifies, claims what is due and puts it into the queue. The
queue may be flushed at any moment: a claim that nobody finished expires, and the next sweep finds the work again.

Plans have a queue of their own: a worker makes one at a time and no more are claimed than there are workers for, so
that they spread over all workers and small work never waits behind them.
"""

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from typing import Any

import asyncpg
import structlog
from arq import create_pool, func
from arq.connections import ArqRedis, RedisSettings
from arq.constants import default_queue_name, in_progress_key_prefix
from arq.worker import Worker
from pendulum import DateTime

from ripeday.composition import House
from ripeday.due import due_kinds
from ripeday.kit.adapters import due_work
from ripeday.kit.due_work import Claim, DueKind
from ripeday.kit.services.due_loop import do_claim

log = structlog.get_logger("ripeday.worker")

SWEEP_S = 2.0
HEARTBEAT_KEY = "ripeday:worker:alive"
HEARTBEAT_TTL_S = 15
JOB_TIMEOUT_S = 300
MAX_JOBS = 20
CLAIMS_MOST = 200
HEAVY_QUEUE = "ripeday:heavy"


def serialize(job: dict[str, Any]) -> bytes:
    """Write a job as JSON; what JSON does not know is written as its `repr`, so that failures can be kept."""
    return json.dumps(job, default=repr).encode()


def deserialize(data: bytes) -> dict[str, Any]:
    """Read a job back."""
    job: dict[str, Any] = json.loads(data)
    return job


async def do_due(ctx: dict[str, Any], kind: str, business_key: str, fence: int, n: int) -> bool:
    """Do one claimed piece of due work; arq may run this twice, the fence lets it happen once."""
    house: House = ctx["house"]
    kinds: dict[str, DueKind] = ctx["kinds"]
    claim = Claim(kind, business_key, fence, n)
    try:
        return await do_claim(kinds[kind], claim, now=house.clock.now())
    finally:
        if kinds[kind].is_heavy:
            ctx["woken"].set()  # there is room for the next piece


async def sweep(queue: ArqRedis, kinds: Mapping[str, DueKind], *, now: DateTime) -> int:
    """Claim what is due and put it into the queue; returns how much there was.

    No more is claimed of a kind than the queue soon gets to: what comes later and matters more would wait behind it.
    """
    n, waiting = 0, await _waiting(queue)
    for kind in kinds.values():
        limit = await _room(queue) if kind.is_heavy else CLAIMS_MOST - waiting[kind.name]
        for claim in await due_work.claim_due(kind, now=now, limit=limit) if limit > 0 else ():
            await queue.enqueue_job(
                "do_due", claim.kind, claim.business_key, claim.fence, claim.attempts,
                _job_id=claim.job_id, _queue_name=HEAVY_QUEUE if kind.is_heavy else None,
            )  # fmt: skip
            n += 1
    return n


async def _waiting(queue: ArqRedis) -> Counter[str]:
    """Return how much of each kind the queue still holds."""
    jobs = await queue.zrange(default_queue_name, 0, -1)
    return Counter(job.decode().split(":", 1)[0] for job in jobs)


async def _room(queue: ArqRedis) -> int:
    """Return how much heavy work to claim: one piece, unless another still waits for a worker."""
    jobs = await queue.zrange(HEAVY_QUEUE, 0, -1)
    at_work = (
        await queue.exists(*(in_progress_key_prefix + job.decode() for job in jobs)) if jobs else 0
    )
    return 1 if at_work == len(jobs) else 0


async def work(house: House) -> None:
    """Sweep and work until the process is told to stop."""
    kinds = {kind.name: kind for kind in due_kinds(house)}
    settings = RedisSettings.from_dsn(house.settings.redis_url)
    settings.conn_retries = 60
    queue = await create_pool(settings, job_serializer=serialize, job_deserializer=deserialize)
    woken = asyncio.Event()
    ctx = {"house": house, "kinds": kinds, "woken": woken}
    usual = _worker(queue, ctx, max_jobs=MAX_JOBS)
    heavy = _worker(queue, ctx, max_jobs=1, queue_name=HEAVY_QUEUE, handle_signals=False)
    async with _sweeping(queue, kinds, house, woken):
        running = [asyncio.create_task(each.async_run()) for each in (usual, heavy)]
        try:
            await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in running:
                task.cancel()
            ended = await asyncio.gather(*running, return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception):
                raise error


def _worker(queue: ArqRedis, ctx: Mapping[str, Any], **rest: Any) -> Worker:
    return Worker(
        functions=[func(do_due, keep_result=0, timeout=JOB_TIMEOUT_S)],
        redis_pool=queue,
        ctx=dict(ctx),
        poll_delay=0.1,
        job_completion_wait=10,
        keep_result=0,
        job_serializer=serialize,
        job_deserializer=deserialize,
        **rest,
    )


@contextlib.asynccontextmanager
async def _sweeping(
    queue: ArqRedis, kinds: dict[str, DueKind], house: House, woken: asyncio.Event
) -> AsyncIterator[None]:
    task = asyncio.create_task(_sweep_for_ever(queue, kinds, house, woken))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _sweep_for_ever(
    queue: ArqRedis, kinds: dict[str, DueKind], house: House, woken: asyncio.Event
) -> None:
    listener: asyncpg.Connection | None = None
    while True:
        try:
            if listener is None or listener.is_closed():
                listener = await asyncpg.connect(house.settings.database_url)
                await listener.add_listener("due_work", lambda *_: woken.set())
            woken.clear()
            await sweep(queue, kinds, now=house.clock.now())
            await queue.set(HEARTBEAT_KEY, house.clock.now().isoformat(), ex=HEARTBEAT_TTL_S)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ConnectionError) as error:
            log.warning("sweep_failed", error=repr(error))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(woken.wait(), SWEEP_S)
