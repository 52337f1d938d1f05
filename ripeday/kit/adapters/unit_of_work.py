"""One transaction, whole or not at all; the only way the product opens one.

Piccolo's own `transaction()` leaks its connection when a COMMIT fails and turns nested blocks into no-ops.
Here a nested unit of work is a savepoint, and Piccolo's queries join it.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Literal

from piccolo.engine.postgres import PostgresTransaction

from ripeday.kit.adapters.engine import engine

if TYPE_CHECKING:
    from asyncpg import Connection

Isolation = Literal["read_committed", "repeatable_read", "serializable"]


@asynccontextmanager
async def unit_of_work(isolation: Isolation | None = None) -> "AsyncIterator[Connection]":
    """Run the block in a transaction and yield its asyncpg connection.

    Inside another unit of work the block is a savepoint: an exception that the caller catches
    outside the block undoes the block alone.
    """
    current = engine().current_transaction.get()
    if current is not None:
        async with current.connection.transaction():
            yield current.connection
        return
    opened = engine().pool
    if opened is None:
        raise RuntimeError("open the pool first: async with ripeday.kit.adapters.engine.pool()")
    async with opened.acquire() as connection, connection.transaction(isolation=isolation):
        token = engine().current_transaction.set(_joined(connection))
        try:
            yield connection
        finally:
            engine().current_transaction.reset(token)


def _joined(connection: "Connection") -> PostgresTransaction:
    """Return the handle through which Piccolo's queries find this transaction."""
    handle = PostgresTransaction.__new__(PostgresTransaction)
    handle.engine, handle.connection, handle.transaction = engine(), connection, None
    handle._parent, handle._savepoint_id = None, 0  # noqa: SLF001
    handle._committed, handle._rolled_back = False, False  # noqa: SLF001
    return handle
