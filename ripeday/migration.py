"""Brings the database to the form that this version needs: all of the way or not at all, by one process at a time."""

import contextlib
import io
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass

import asyncpg
from piccolo.apps.migrations.commands.base import BaseMigrationManager
from piccolo.apps.migrations.commands.forwards import run_forwards

from ripeday.kit.adapters.engine import engine
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.errors import Refused, Unavailable
from ripeday.kit.text import message

_LOCK = 7_243_390_100
"""Key of the advisory lock: any fixed number that nothing else uses."""


@dataclass(frozen=True, slots=True)
class MigrationState:
    """Migrations as `app/id`, in order."""

    done: tuple[str, ...]
    pending: tuple[str, ...]
    unknown: tuple[str, ...]
    """Applied to the database, but not part of this version: the database is newer."""


async def migrate(database_url: str) -> tuple[str, ...]:
    """Apply what is pending and return it; several processes may ask at once.

    Raises
    ------
    Refused
        The database is newer than this version, or a migration does not fit the data.
    Unavailable
        The database does not answer.
    """
    point_at(database_url)
    async with _alone(database_url), _own_pool():
        before = await state()
        if before.unknown:
            raise Refused(
                message(
                    "The database is newer than this version of Ripeday ({n} migrations more, the last"
                    " one {last}); start the version that made it.",
                    n=len(before.unknown),
                    last=before.unknown[-1],
                )
            )
        if before.pending:
            await _apply()
        return before.pending


async def state() -> MigrationState:
    """Compare the migrations of this version with those the database has had (needs an open pool)."""
    known = _migrations()
    done = set(await _done())
    return MigrationState(
        done=tuple(each for each in known if each in done),
        pending=tuple(each for each in known if each not in done),
        unknown=tuple(sorted(done - set(known))),
    )


def point_at(database_url: str) -> None:
    """Let this process's engine use a database."""
    os.environ["RIPEDAY_DATABASE_URL"] = database_url  # before the engine is made, if it is not yet
    engine().config = {"dsn": database_url}


async def _apply() -> None:
    # Piccolo prints what it does, and says whether it worked only by its result and exceptions.
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            async with unit_of_work():
                result = await run_forwards("all")
                if not result.success:
                    raise Refused(message("{why}", why=result.message or "a migration failed"))
    except asyncpg.PostgresError as error:
        raise Refused(
            message(
                "The database could not be migrated and is as it was: {why}. {where}",
                why=error,
                where=said.getvalue().strip().rpartition("\n")[2],
            )
        ) from error


def _migrations() -> list[str]:
    manager = BaseMigrationManager()
    found = []
    for app in manager.get_sorted_app_names():
        folder = manager.get_app_config(app).resolved_migrations_folder_path
        found += [f"{app}/{id_}" for id_ in sorted(manager.get_migration_modules(folder))]
    return found


async def _done() -> list[str]:
    opened = engine().pool
    if opened is None:
        raise RuntimeError("open the pool first")
    async with opened.acquire() as connection:
        if await connection.fetchval("select to_regclass('migration')") is None:
            return []
        rows = await connection.fetch("select app_name, name from migration order by id")
    return [f"{row['app_name']}/{row['name']}" for row in rows]


@contextlib.asynccontextmanager
async def _alone(database_url: str) -> AsyncIterator[None]:
    """Hold the lock on a connection of its own: it goes with the connection, however this process ends."""
    try:
        connection = await asyncpg.connect(database_url, timeout=10)
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        raise Unavailable(
            message("The database does not answer: {why}", why=error or type(error).__name__)
        ) from error
    try:
        await connection.execute("select pg_advisory_lock($1)", _LOCK)
        yield
    finally:
        await connection.close()


@contextlib.asynccontextmanager
async def _own_pool() -> AsyncIterator[None]:
    """Open the pool if it is not: without a statement timeout, as an index may take its time."""
    if engine().pool is not None:
        yield
        return
    await engine().start_connection_pool(
        min_size=1, max_size=3, server_settings={"lock_timeout": "30s", "timezone": "UTC"}
    )
    try:
        yield
    finally:
        await engine().close_connection_pool()
