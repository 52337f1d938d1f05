"""A small house with a real store, and a browser without windows."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from litestar.types import ControllerRouterHandler
from redis.asyncio import Redis

from ripeday.app import create_app
from ripeday.kit.clock import ShiftedClock
from ripeday.settings import Settings


@dataclass(frozen=True)
class Hut:
    """The least that the application needs."""

    settings: Settings
    clock: ShiftedClock
    redis: Redis


def settings(redis_url: str, base_url: str = "http://127.0.0.1:8000") -> Settings:
    return Settings(
        secret="b1946ac92492d2347c6235b4d2611184",
        database_url="postgresql://nobody@127.0.0.1/none",
        redis_url=redis_url,
        stripe_key="sk_test_none",
        stripe_webhook_secret="whsec_none",
        smtp_url="smtp://127.0.0.1:25",
        stripe_api="http://127.0.0.1:8421",
        base_url=base_url,
    )


@asynccontextmanager
async def visited(
    redis_url: str,
    routes: Sequence[ControllerRouterHandler] | None = None,
    base_url: str = "http://127.0.0.1:8000",
) -> AsyncIterator[httpx.AsyncClient]:
    """Open the application and a client whose cookies are kept."""
    known = settings(redis_url, base_url)
    async with Redis.from_url(redis_url) as redis:
        app = create_app(Hut(known, known.clock, redis), routes)
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=base_url) as client:
            yield client
