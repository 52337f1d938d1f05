"""Migrations: one process at a time, all or nothing."""

import asyncio
import sys
from pathlib import Path
from uuid import uuid4

import asyncpg

from ripeday.settings import PROJECT
from tests.ripeday.place import environment
from tests.servers import ServersOfRun


async def _empty_database(servers: ServersOfRun) -> str:
    name = f"rd_{uuid4().hex[:12]}"
    connection = await asyncpg.connect(servers.database_url)
    await connection.execute(f"create database {name}")
    await connection.close()
    return servers.database(name)


async def _migrate(url: str, data_dir: Path) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "ripeday", "migrate",
        env=environment(data_dir, RIPEDAY_DATABASE_URL=url), cwd=PROJECT,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, said = await process.communicate()
    return process.returncode or 0, said.decode()


async def test_three_at_once_apply_each_migration_once(
    servers: ServersOfRun, tmp_path: Path
) -> None:
    url = await _empty_database(servers)

    outcomes = await asyncio.gather(*(_migrate(url, tmp_path) for _ in range(3)))

    assert [code for code, _ in outcomes] == [0, 0, 0], outcomes
    assert sum("applied" in said for _, said in outcomes) == 1
    connection = await asyncpg.connect(url)
    twice = await connection.fetch(
        "select name from migration group by name, app_name having count(*) > 1"
    )
    await connection.close()
    assert twice == []
    await servers.drop(url)


async def test_a_migration_that_fails_leaves_the_database_as_it_was(
    servers: ServersOfRun, tmp_path: Path
) -> None:
    url = await _empty_database(servers)
    connection = await asyncpg.connect(url)
    await connection.execute("create table merchant (in_the_way int)")

    code, said = await _migrate(url, tmp_path)

    assert code == 1
    assert "is as it was" in said
    tables = await connection.fetch("select tablename from pg_tables where schemaname = 'public'")
    assert [row["tablename"] for row in tables] == ["merchant"]
    await connection.close()
    await servers.drop(url)
