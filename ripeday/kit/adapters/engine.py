"""The one PostgreSQL engine of a process, and connections borrowed from its pool."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from piccolo.engine.finder import engine_finder
from piccolo.engine.postgres import PostgresEngine

if TYPE_CHECKING:
    from asyncpg import Connection

POOL_SETTINGS = {
    "statement_timeout": "60s",
    "lock_timeout": "15s",
    "idle_in_transaction_session_timeout": "60s",
    "timezone": "UTC",
}
"""What every connection of the pool runs under, so that no lost client can block the others for long."""


def engine() -> PostgresEngine:
    """Return the process's engine, as `ripeday/piccolo_conf.py` configures it."""
    found = engine_finder()
    if not isinstance(found, PostgresEngine):
        raise TypeError("PICCOLO_CONF must name ripeday.piccolo_conf")
    return found


@asynccontextmanager
async def pool(*, max_size: int = 10) -> AsyncIterator[None]:
    """Keep the connection pool open for as long as the context lasts."""
    await engine().start_connection_pool(
        min_size=1, max_size=max_size, server_settings=POOL_SETTINGS, reset=_as_it_is
    )
    try:
        yield
    finally:
        await engine().close_connection_pool()


async def _as_it_is(_: "Connection") -> None:
    """Take a connection back without a statement: nothing of ours stays in a session but by a connection of its own.

    A transaction left open is rolled back all the same. Asking the server to begin the session anew would double the
    statements of a page; `tests/test_architecture.py` sees to it that there is no need.
    """


@asynccontextmanager
async def connection() -> "AsyncIterator[Connection]":
    """Yield the running unit of work's connection, or one from the pool (each statement then commits by itself)."""
    current = engine().current_transaction.get()
    if current is not None:
        yield current.connection
        return
    opened = engine().pool
    if opened is None:
        raise RuntimeError("open the pool first: async with ripeday.kit.adapters.engine.pool()")
    async with opened.acquire() as borrowed:
        yield borrowed
