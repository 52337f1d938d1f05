"""Whether the house can do its work: servers, migrations and the worker are there."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
from litestar import Response, get
from litestar.di import NamedDependency
from redis.asyncio import Redis
from redis.exceptions import RedisError

from ripeday.kit.adapters.engine import connection
from ripeday.migration import state
from ripeday.worker import HEARTBEAT_KEY

PATIENCE_S = 3.0


@get("/ready")
async def ready(redis: NamedDependency[Redis]) -> Response[dict[str, str]]:
    """Say what is there; 503 while anything is missing."""
    found = {
        "database": await _asked(_database),
        "migrations": await _asked(_migrations),
        "queue": await _asked(lambda: _queue(redis)),
        "worker": await _asked(lambda: _worker(redis)),
    }
    is_ready = all(answer == "there" for answer in found.values())
    headers = {} if is_ready else {"retry-after": "2"}
    return Response(found, status_code=200 if is_ready else 503, headers=headers)


async def _asked(question: Callable[[], Awaitable[str]]) -> str:
    try:
        return await asyncio.wait_for(question(), PATIENCE_S)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, RedisError):
        return "missing"


async def _database() -> str:
    async with connection() as c:
        await c.fetchval("SELECT 1")
    return "there"


async def _migrations() -> str:
    found = await state()
    return "there" if not found.pending and not found.unknown else "not up to date"


async def _queue(redis: Redis) -> str:
    await redis.ping()
    return "there"


async def _worker(redis: Redis) -> str:
    return "there" if await redis.exists(HEARTBEAT_KEY) else "missing"
