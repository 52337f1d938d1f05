"""What every test may ask for: real servers, a fresh database, an own Valkey."""

import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, suppress
from dataclasses import asdict

import pytest
import redis.asyncio as redis
from hypothesis import settings

from ripeday.kit.adapters.engine import pool
from ripeday.migration import point_at
from tests.sandbox_fixture import listening_farm, running_sandbox, sandbox  # noqa: F401
from tests.servers import ServersOfRun, started

os.environ.setdefault("PICCOLO_CONF", "ripeday.piccolo_conf")
# How long an example takes says how busy the machine is, not whether a law holds.
settings.register_profile("any_machine", deadline=None)
settings.load_profile("any_machine")

_SERVERS = pytest.StashKey[ServersOfRun]()
_STACK = pytest.StashKey[ExitStack]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Long runs are asked for."""
    parser.addoption("--nightly", action="store_true", help="Run tests of the nightly run, too.")
    parser.addoption("--release", action="store_true", help="Run every test there is.")


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers of a parallel run once, before its workers; they end with this process."""
    config.stash[_STACK] = ExitStack()
    if hasattr(config, "workerinput"):
        config.stash[_SERVERS] = ServersOfRun(**config.workerinput["servers"])
    elif config.getoption("numprocesses", None) and not config.option.collectonly:
        config.stash[_SERVERS] = config.stash[_STACK].enter_context(started())


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the servers that this process started."""
    config.stash[_STACK].close()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Tell a worker of a parallel run where the servers are."""
    node.workerinput["servers"] = asdict(node.config.stash[_SERVERS])  # type: ignore[attr-defined]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what was not asked for, and say why."""
    is_release = config.getoption("--release")
    wanted = {
        "release": (is_release, "asked for with --release"),
        "nightly": (is_release or config.getoption("--nightly"), "asked for with --nightly"),
        "browser": (
            "browser" in config.option.markexpr,
            "journeys need a process of their own: pytest -m browser",
        ),
        "stripe_live": (
            bool(os.environ.get("RIPEDAY_TEST_STRIPE_KEY")),
            "needs RIPEDAY_TEST_STRIPE_KEY, a test key of Stripe's",
        ),
    }
    for item in items:
        for mark, (is_wanted, reason) in wanted.items():
            if item.get_closest_marker(mark) and not is_wanted:
                item.add_marker(pytest.mark.skip(reason=reason))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Compile the planner before the first test that plans, or it would run into its time limit.

    Journeys in a browser go to a house with a planner of its own.
    """
    wants = "subscriptions.planning.solve" in sys.modules and any(
        not item.get_closest_marker("browser") for item in session.items
    )
    if wants and not session.config.option.collectonly:
        from subscriptions.planning.warm import warm_up  # noqa: PLC0415 - most tests do not plan

        with suppress(Exception):  # of a broken planner the tests that plan say more
            warm_up()


@pytest.fixture(scope="session")
def servers(pytestconfig: pytest.Config) -> Iterator[ServersOfRun]:
    """PostgreSQL and Valkey of this run, shared by all its tests."""
    if _SERVERS in pytestconfig.stash:
        yield pytestconfig.stash[_SERVERS]
    else:
        with started() as own:
            yield own


@pytest.fixture
async def database(servers: ServersOfRun) -> AsyncIterator[str]:
    """A fresh, migrated database; the process's engine points at it and its pool is open."""
    url = await servers.clone()
    point_at(url)
    async with pool():
        yield url
    await servers.drop(url)


@pytest.fixture
async def valkey_url(servers: ServersOfRun, worker_id: str) -> str:
    """An empty Valkey database that no other worker of the run uses."""
    number = int(worker_id.removeprefix("gw")) + 1 if worker_id != "master" else 0
    url = servers.valkey(number)
    async with redis.Redis.from_url(url) as client:
        await client.flushdb()
    return url
