"""Real servers for a run of tests, and databases cloned from one migrated template.

The process that owns the run starts them once; workers of a parallel run are told the addresses.
"""

import fcntl
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg

from ripeday.embedded.folder import DataFolder
from ripeday.embedded.postgres import EmbeddedPostgres, find_programs
from ripeday.embedded.valkey import EmbeddedValkey, find_program
from ripeday.settings import PROJECT, pg_bin

TEMPLATE = "rd_template"


@dataclass(frozen=True)
class ServersOfRun:
    """Addresses of the run's PostgreSQL (an owner of all databases) and Valkey."""

    database_url: str
    redis_url: str
    folder: str

    def database(self, name: str) -> str:
        """Return the address of another database on the same server."""
        return urlsplit(self.database_url)._replace(path=f"/{name}").geturl()

    def valkey(self, number: int) -> str:
        """Return the address of another database of the same Valkey."""
        return urlsplit(self.redis_url)._replace(path=f"/{number}").geturl()

    def template(self) -> str:
        """Return the name of the migrated template; the first who asks makes it."""
        with Path(self.folder, "template.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            made = Path(self.folder, "template.made")
            if not made.exists():
                _migrate(self.database(TEMPLATE))
                made.touch()
        return TEMPLATE

    async def clone(self) -> str:
        """Make a fresh, migrated database of one's own and return its address."""
        template, name = self.template(), f"rd_{uuid4().hex[:16]}"
        await self._run(f"create database {name} template {template}")
        return self.database(name)

    async def drop(self, database_url: str) -> None:
        """Remove a clone, whoever is still connected to it."""
        await self._run(f"drop database {urlsplit(database_url).path[1:]} with (force)")

    async def _run(self, statement: str) -> None:
        connection = await asyncpg.connect(self.database_url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@contextmanager
def started() -> Iterator[ServersOfRun]:
    """Run both servers in a folder of their own for as long as the context lasts."""
    with tempfile.TemporaryDirectory(prefix="ripeday-tests-") as path:
        folder = DataFolder(Path(path, "data"))
        folder.prepare()
        postgres = EmbeddedPostgres(folder, find_programs(pg_bin(os.environ)), is_durable=False)
        valkey = EmbeddedValkey(folder, find_program())
        try:
            postgres.start()
            valkey.start()
            yield ServersOfRun(postgres.url, valkey.url, path)
        finally:
            valkey.stop()
            postgres.stop()


def _migrate(database_url: str) -> None:
    """Make the database and migrate it in a process of its own, so that this one's engine stays free."""
    address = urlsplit(database_url)
    programs = find_programs(pg_bin(os.environ))
    subprocess.run(
        [
            programs["createdb"], "-h", address.hostname, "-p", str(address.port), "-U", address.username,
            address.path[1:],
        ],
        env=os.environ | {"PGPASSWORD": address.password or ""},
        check=True,
    )  # fmt: skip
    subprocess.run(
        [sys.executable, "-m", "ripeday", "migrate"],
        env=os.environ | {"RIPEDAY_DATABASE_URL": database_url},
        cwd=PROJECT,
        capture_output=True,
        check=True,
    )
