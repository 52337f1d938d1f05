"""A merchant asks for another plan of a day: it waits, and a worker makes it, once."""

from uuid import UUID

import pytest

from delivery.services.supply import StockSupply
from ripeday.kit.adapters.engine import connection
from ripeday.kit.errors import NotFound
from ripening.produce import load_profiles
from subscriptions.adapters import planning_store, share_store
from subscriptions.plan_progress import PlanPhase
from subscriptions.services.planning import PlanningService
from subscriptions.services.planning_again import PlanningAgainService
from subscriptions.services.sharing import Overtaken
from tests.market import AFTER, BEFORE, CUTOFF, Market, add_household, add_lot, open_market
from tests.subscriptions.people import fetch

pytestmark = pytest.mark.usefixtures("database")


def service() -> PlanningAgainService:
    return PlanningAgainService(PlanningService(StockSupply(), load_profiles()))


async def open_planned_day() -> Market:
    m = await open_market()
    await add_lot(m, "banana", units=12, age_days=2.0)
    await add_household(m)
    assert await service().planning.plan_day(m.day, now=BEFORE)
    return m


async def due(at: object = BEFORE) -> list[str]:
    async with connection() as c:
        return [row[0] for row in await c.fetch(share_store.DUE_TO_PLAN_AS_ASKED, at)]


async def n_runs() -> object:
    return (await fetch("SELECT count(*) FROM plan_run"))[0][0]


async def test_nothing_is_due_until_somebody_asks() -> None:
    m = await open_planned_day()
    assert await due() == []

    assert await service().ask(m.day, now=BEFORE)

    assert await due() == [str(m.day)]
    waiting = await share_store.progress_of(m.day, [m.merchant], now=BEFORE)
    assert waiting is not None
    assert (waiting.is_running, waiting.phase) == (True, PlanPhase.WAITING)


async def test_asked_twice_it_is_planned_once() -> None:
    m = await open_planned_day()
    for _ in range(2):
        await service().ask(m.day, now=BEFORE)

    assert await service().plan_asked(m.day, now=BEFORE)
    assert await service().plan_asked(m.day, now=BEFORE) is None

    assert await n_runs() == 2
    assert await due() == []
    done = await share_store.progress_of(m.day, [m.merchant], now=BEFORE)
    assert done is not None
    assert not done.is_running


async def test_what_came_in_meanwhile_goes_into_the_boxes() -> None:
    m = await open_planned_day()
    lot = await add_lot(m, "apple_fuji", units=60)
    await service().ask(m.day, now=BEFORE)
    await service().plan_asked(m.day, now=BEFORE)

    assert await fetch("SELECT count(*) > 0 FROM box_line WHERE lot = $1", lot) == [(True,)]


async def test_a_plan_that_fails_half_way_is_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    m = await open_planned_day()
    await service().ask(m.day, now=BEFORE)

    async def die(*_: object, **__: object) -> UUID:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(planning_store, "save_plan", die)
        with pytest.raises(KeyboardInterrupt):
            await service().plan_asked(m.day, now=BEFORE)

    assert await due() == [str(m.day)]
    assert await service().plan_asked(m.day, now=BEFORE)
    assert await n_runs() == 2


async def test_a_plan_that_is_overtaken_stays_due(monkeypatch: pytest.MonkeyPatch) -> None:
    m = await open_planned_day()
    await service().ask(m.day, now=BEFORE)

    async def refuse(*_: object, **__: object) -> None:
        raise Overtaken

    monkeypatch.setattr(planning_store, "due_on", refuse)
    with pytest.raises(Overtaken):
        await service().plan_asked(m.day, now=BEFORE)

    assert await due() == [str(m.day)]


async def test_the_first_plan_of_a_day_is_what_was_asked_for() -> None:
    m = await open_market()
    await add_lot(m, "banana", units=12, age_days=2.0)
    await add_household(m)
    await service().ask(m.day, now=BEFORE)
    assert await due() == []

    assert await service().planning.plan_day(m.day, now=BEFORE)

    assert await service().plan_asked(m.day, now=BEFORE) is None
    assert await n_runs() == 1


async def test_a_day_far_ahead_is_planned_when_somebody_asks() -> None:
    m = await open_market()
    await add_lot(m, "banana", units=12, age_days=2.0)
    await add_household(m)
    early = CUTOFF.subtract(days=9)
    await service().ask(m.day, now=early)
    assert await due(early) == [str(m.day)]

    assert await service().plan_asked(m.day, now=early)

    assert await due(early) == []


async def test_a_closed_day_is_not_planned_again() -> None:
    m = await open_planned_day()
    assert not await service().ask(m.day, now=AFTER)
    await service().ask(m.day, now=BEFORE)

    assert await due(AFTER) == []
    assert await service().plan_asked(m.day, now=AFTER) is None
    assert await n_runs() == 1


async def test_a_wish_that_nobody_could_fulfil_for_an_hour_may_be_made_again() -> None:
    m = await open_planned_day()
    await service().ask(m.day, now=BEFORE.subtract(hours=2))
    assert await share_store.progress_of(m.day, [m.merchant], now=BEFORE) is None

    await service().ask(m.day, now=BEFORE)

    assert await share_store.progress_of(m.day, [m.merchant], now=BEFORE) is not None


async def test_a_day_that_is_not_there_cannot_be_planned(database: str) -> None:
    m = await open_market()
    with pytest.raises(NotFound):
        await service().ask(m.merchant, now=BEFORE)
