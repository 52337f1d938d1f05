"""Times what customers' pages cost the server, with a crowd in the database.

    python -m tests.benchmarks.pages [--subscriptions 100000] [--people 20] [--times 10]

The sample farm is played to its present day and its households copied until there are so many subscriptions. Then some
of them ask for their pages one after the other, in one process, over the whole application. Prints how many rows there
are, and for each page the middle and the slowest hundredth in milliseconds, the queries and the size. [ms, bytes]
"""

import argparse
import asyncio
import datetime as dt
import gzip
import os
import re
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final
from uuid import UUID

import click
import httpx
import numpy as np
import pendulum
from asyncpg import Connection
from redis.asyncio import Redis
from rich.progress import Progress

from ripeday import cycle
from ripeday.app import create_app
from ripeday.composition import House
from ripeday.kit.adapters.engine import connection, pool
from ripeday.migration import point_at
from ripeday.sample.loading import load
from ripeday.sample.staff import SAMPLE_PASSWORD
from ripeday.settings import shift_to
from tests.benchmarks.pages.crowd import multiply, n_rows
from tests.faults.worker_process import settings_for
from tests.sandbox_fixture import Sandbox, free_port
from tests.servers import started

AS_OF: Final = dt.date(2026, 11, 22)
BASE_URL: Final = "http://127.0.0.1:8000"


@dataclass(slots=True)
class Asked:
    """What one kind of page took. [s], and how many queries and bytes the last one had."""

    seconds: list[float] = field(default_factory=list)
    n_queries: int = 0
    n_bytes: int = 0


@asynccontextmanager
async def farm(folder: Path) -> AsyncIterator[House]:
    """Play the sample on servers of its own."""
    with started() as servers:
        sandbox = Sandbox(folder / "sandbox", free_port(), free_port(), free_port())
        sandbox.start()
        try:
            database = await servers.clone()
            settings = settings_for(database, servers.redis_url, sandbox, folder)
            shift_s = shift_to(AS_OF, today=pendulum.now("UTC").date())
            async with Redis.from_url(servers.redis_url) as redis, _pool_to(database):
                house = House.of(
                    replace(settings, clock_shift_s=shift_s), redis, payments=sandbox.gateway()
                )
                with Progress(disable=True) as bars:
                    await load(house, AS_OF, bars)
                    await cycle.play(house, bars)
                yield house
        finally:
            sandbox.stop()


@asynccontextmanager
async def _pool_to(database: str) -> AsyncIterator[None]:
    point_at(database)
    async with pool():
        yield


def _paths(box: UUID) -> dict[str, str]:
    """Return the pages to ask for: those that every customer has, and an open box and its edit."""
    return {
        **{path: path for path in ("/today", "/calendar", "/boxes", "/household")},
        "/calendar/{on}": f"/calendar/{AS_OF}",
        "/boxes/{box_id}": f"/boxes/{box}",
        "/boxes/{box_id}/add": f"/boxes/{box}/add",
        "/api/v1/boxes/{box_id}/edit": f"/api/v1/boxes/{box}/edit",
    }


async def _ask(
    client: httpx.AsyncClient, path: str, asked: Asked, n_times: int, queries: list[str]
) -> None:
    for _ in range(n_times):
        queries.clear()
        began = time.perf_counter()
        answer = await client.get(path)
        asked.seconds.append(time.perf_counter() - began)
        if answer.status_code != httpx.codes.OK:
            raise RuntimeError(f"{path} answered {answer.status_code}")
        asked.n_queries = max(asked.n_queries, len(queries))
        asked.n_bytes = max(asked.n_bytes, len(gzip.compress(answer.content, 6)))


@asynccontextmanager
async def _counting(queries: list[str]) -> AsyncIterator[None]:
    """Note every statement that any connection is asked to run."""
    before = Connection.__init__

    def listening(self: Connection, *values: object, **more: object) -> None:
        before(self, *values, **more)
        self.add_query_logger(lambda record: queries.append(record.query))

    Connection.__init__ = listening
    try:
        yield
    finally:
        Connection.__init__ = before


async def _people(n: int) -> dict[str, UUID]:
    """Give some customers of the crowd a password; return their addresses, and of each the open box that comes last."""
    async with connection() as c:
        rows = await c.fetch(
            """
            SELECT email, box FROM (
                SELECT DISTINCT ON (person.id) person.email, box.id AS box FROM box
                JOIN delivery_day ON delivery_day.id = box.delivery_day
                JOIN household ON household.id = box.household JOIN person ON person.id = household.person
                WHERE box.status IN ('proposed', 'edited') AND email LIKE 'c%-%'
                ORDER BY person.id, delivery_day.delivery_on DESC
            ) open ORDER BY md5(email) LIMIT $1
            """,
            n,
        )
        await c.execute(
            "UPDATE person SET password_hash = (SELECT password_hash FROM person"
            " WHERE email = 'customer@havelkorb.example') WHERE email = ANY($1)",
            [row["email"] for row in rows],
        )
    return {row["email"]: row["box"] for row in rows}


async def _time(house: House, n_people: int, n_times: int, queries: list[str]) -> dict[str, Asked]:
    """Let people ask for all their pages, each page `n_times`."""
    app, found = create_app(house), dict[str, Asked]()
    async with app.lifespan():
        for number, (email, box) in enumerate((await _people(n_people)).items()):
            transport = httpx.ASGITransport(app, client=(f"203.0.113.{number}", 4711))
            async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
                await _sign_in(client, email)
                for kind, path in _paths(box).items():
                    await _ask(client, path, found.setdefault(kind, Asked()), n_times, queries)
    return found


async def _sign_in(client: httpx.AsyncClient, email: str) -> None:
    page = await client.get("/sign-in")
    token = re.search(r'name="_csrf_token" value="([^"]+)"', page.text)
    form = {"email": email, "password": SAMPLE_PASSWORD, "_csrf_token": token[1] if token else ""}
    answer = await client.post("/sign-in", data=form)
    if answer.status_code != httpx.codes.SEE_OTHER:
        raise RuntimeError(f"{email} could not sign in: {answer.status_code}")


async def main() -> None:
    """Make the crowd, ask, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--subscriptions", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--times", type=int, default=10)
    told = parser.parse_args()
    os.environ.setdefault("PICCOLO_CONF", "ripeday.piccolo_conf")
    queries: list[str] = []
    with tempfile.TemporaryDirectory(prefix="ripeday-pages-") as folder:
        async with _counting(queries), farm(Path(folder)) as house:
            there = (await n_rows())["subscription"]
            await multiply(max(1, -(-told.subscriptions // there) - 1))
            click.echo(
                "rows: " + ", ".join(f"{n:,} {name}" for name, n in (await n_rows()).items())
            )
            found = await _time(house, told.people, told.times, queries)
    for kind, asked in found.items():
        middle, slowest = 1000 * np.percentile(asked.seconds, [50, 99])
        click.echo(
            f"{kind:30} p50 {middle:6.1f} ms  p99 {slowest:6.1f} ms"
            f"  {asked.n_queries:3} queries  {asked.n_bytes:6} bytes"
        )


if __name__ == "__main__":
    asyncio.run(main())
