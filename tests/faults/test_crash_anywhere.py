"""A process that dies at any statement or call of the cycle: the next one finishes it, and the books agree.

The happy path of a small day is counted first, n steps of SQL and provider calls. Then the same day is played
with a death at step k, and again without one.
"""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
from pendulum import DateTime

from delivery.adapters import day_store
from delivery.services.cutoff import CutoffService
from delivery.services.supply import StockSupply
from ripeday.kit.adapters.engine import POOL_SETTINGS, engine
from ripeday.kit.due_work import DueKind
from ripeday.kit.services.due_loop import do_all_due
from ripeday.migration import point_at
from subscriptions.ports import ChargeOutcome
from subscriptions.services.billing import BillingService
from tests.bank import Bank
from tests.market import AFTER, Market, add_box, add_lot, broken_invariants, open_market, statuses
from tests.servers import ServersOfRun

LATER = AFTER.add(minutes=10)
SEED = 20261122
PLAIN_RUN_STEPS = 30


class ProcessDied(BaseException):
    """Not an Exception: nothing may catch it and go on."""


class Fuse:
    """Counts the moments at which a process may die, and blows at one of them."""

    def __init__(self) -> None:
        self.n, self.blows_at, self.is_off = 0, 0, False

    def step(self) -> None:
        """Pass one moment."""
        if self.is_off:
            return
        self.n += 1
        if self.n == self.blows_at:
            raise ProcessDied


FUSE = Fuse()


class MortalConnection(asyncpg.Connection):  # type: ignore[misc]
    """A connection on which every statement is a moment to die at."""

    async def reset(self, **kwargs: Any) -> None:
        """Go back to the pool, as the server does by itself with a dead process's connection."""
        FUSE.is_off = True
        try:
            await super().reset(**kwargs)
        finally:
            FUSE.is_off = False

    async def fetch(self, *args: Any, **kwargs: Any) -> Any:
        FUSE.step()
        return await super().fetch(*args, **kwargs)

    async def fetchrow(self, *args: Any, **kwargs: Any) -> Any:
        FUSE.step()
        return await super().fetchrow(*args, **kwargs)

    async def fetchval(self, *args: Any, **kwargs: Any) -> Any:
        FUSE.step()
        return await super().fetchval(*args, **kwargs)

    async def execute(self, *args: Any, **kwargs: Any) -> Any:
        FUSE.step()
        return await super().execute(*args, **kwargs)


@asynccontextmanager
async def mortal_database(servers: ServersOfRun) -> AsyncIterator[None]:
    """A fresh database through connections that can die; blowing is off until a test turns it on."""
    FUSE.n = FUSE.blows_at = 0
    url = await servers.clone()
    point_at(url)
    await engine().start_connection_pool(
        min_size=1, max_size=4, server_settings=POOL_SETTINGS, connection_class=MortalConnection
    )
    try:
        yield
    finally:
        FUSE.blows_at = 0
        await engine().close_connection_pool()
        await servers.drop(url)


async def day_of_three() -> tuple[Market, Bank]:
    """Three boxes for five units: one pays, one is declined, one is short."""
    m = await open_market()
    lot = await add_lot(m, "apple_fuji", units=5)
    await add_box(m, [(lot, 2)])
    await add_box(m, [(lot, 2)], card=("cus_2", "pm_broke"))
    await add_box(m, [(lot, 2)])
    return m, Bank(answers={"pm_broke": ChargeOutcome.DECLINED}, step=FUSE.step)


def cycle_of(bank: Bank) -> list[DueKind]:
    """Lock, reserve, charge and settle, as the worker does them."""
    cutoff = CutoffService(BillingService(bank, StockSupply()))  # type: ignore[arg-type]

    def of(name: str, query: str, use_case: Any) -> DueKind:
        async def handle(key: str, now: DateTime) -> None:
            await use_case(key, now=now)

        return DueKind(name, query, handle)

    return [
        of("lock_day", day_store.DUE_TO_LOCK, cutoff.lock_day),
        of("reserve_day", day_store.DUE_TO_RESERVE, cutoff.reserve_day),
        of("charge_box", day_store.DUE_TO_CHARGE, cutoff.charge_box),
        of("settle_box", day_store.DUE_TO_SETTLE, cutoff.settle_box),
    ]


async def n_steps(servers: ServersOfRun) -> int:
    async with mortal_database(servers):
        _, bank = await day_of_three()
        FUSE.n = 0
        await do_all_due(cycle_of(bank), now=AFTER)
        return FUSE.n


async def die_and_recover(servers: ServersOfRun, deaths: list[int]) -> None:
    async with mortal_database(servers):
        m, bank = await day_of_three()
        for n, step in enumerate(deaths):
            FUSE.n, FUSE.blows_at = 0, step
            with pytest.raises(ProcessDied):
                await do_all_due(cycle_of(bank), now=AFTER.add(minutes=5 * n))
        FUSE.blows_at = 0

        await do_all_due(cycle_of(bank), now=LATER)
        await do_all_due(cycle_of(bank), now=LATER.add(minutes=10))

        assert await statuses(m) == ["paid", "declined", "short"], f"died at {deaths}"
        assert bank.taken == [m.boxes[0]], f"died at {deaths}"
        assert await broken_invariants() == [], f"died at {deaths}"


async def test_a_death_at_any_of_some_steps_is_recovered_from(servers: ServersOfRun) -> None:
    steps = range(1, await n_steps(servers) + 1)
    for step in random.Random(SEED).sample(steps, min(PLAIN_RUN_STEPS, len(steps))):
        await die_and_recover(servers, [step])


@pytest.mark.nightly
@pytest.mark.timeout(1800)
async def test_a_death_at_every_step_is_recovered_from(servers: ServersOfRun) -> None:
    for step in range(1, await n_steps(servers) + 1):
        await die_and_recover(servers, [step])
