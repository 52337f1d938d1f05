"""Produce is learned from all its lots in due time, and boxes to come are planned from what is known."""

from dataclasses import replace
from uuid import UUID

import pendulum
import pytest

from ripeday.kit.adapters.engine import connection
from ripening.adapters import learned_store
from ripening.learned_times import LearnedProfiles
from ripening.produce import load_profiles
from subscriptions.adapters import learning_store
from subscriptions.services import learning as learning_module
from subscriptions.services.learning import LearningService
from tests.delivery.services.floor import add_second_day
from tests.subscriptions.people import fetch
from tests.subscriptions.services.kitchen import SATURDAY, Street, open_street

pytestmark = pytest.mark.usefixtures("database")
KEY = "avocado_hass:treated"
PUBLISHED = load_profiles()["avocado_hass"]
SOON, LATER = SATURDAY.add(minutes=4), SATURDAY.add(minutes=6)


async def all_say(street: Street, said: str) -> None:
    for kitchen in await street.kitchens():
        await street.say(kitchen, said)


async def due(query: str, now: pendulum.DateTime) -> list[str]:
    async with connection() as c:
        return [row[0] for row in await c.fetch(query, now)]


async def test_a_produce_is_due_once_reports_have_been_quiet_and_not_again() -> None:
    street = await open_street()
    assert await due(learning_store.DUE_TO_LEARN, LATER) == []

    await all_say(street, "hard")
    assert await due(learning_store.DUE_TO_LEARN, SOON) == []
    assert await due(learning_store.DUE_TO_LEARN, LATER) == [KEY]
    await street.learning.learn_produce(KEY, now=LATER)

    assert await due(learning_store.DUE_TO_LEARN, LATER.add(days=1)) == []


async def test_hard_fruit_make_the_produce_slower_once_the_lots_are_enough() -> None:
    """One lot alone says more of itself than of its kind: it is noted, and not laid over what is published."""
    street = await open_street(households=6, age_days=2.0)
    elsewhere = LearningService(LearnedProfiles(load_profiles()), street.planning)

    await all_say(street, "hard")
    await street.learning.learn_produce(KEY, now=LATER)

    assert PUBLISHED.ready is not None
    (times,) = await learned_store.learned_times()
    assert (times.n_reports, times.n_lots) == (len(await street.kitchens()), 1)
    assert times.ready.mean > PUBLISHED.ready.mean
    assert street.profiles["avocado_hass"] == PUBLISHED

    await learned_store.save(replace(times, n_lots=12, ready_mean_sd_days=0.1))
    for service in (street.learning, elsewhere):
        await service.refresh()
        learned = service.profiles["avocado_hass"].ready
        assert learned is not None
        assert learned.mean == pytest.approx(times.ready.mean)
    assert street.profiles.published["avocado_hass"] == PUBLISHED


async def test_learning_again_changes_nothing() -> None:
    street = await open_street()
    await all_say(street, "right")
    await street.learning.learn_produce(KEY, now=LATER)
    once = (
        await fetch("SELECT * FROM learned_produce"),
        await fetch("SELECT * FROM box_line ORDER BY id"),
    )

    await street.learning.learn_produce(KEY, now=LATER)

    again = (
        await fetch("SELECT * FROM learned_produce"),
        await fetch("SELECT * FROM box_line ORDER BY id"),
    )
    assert again == once


async def test_work_that_dies_half_way_leaves_nothing_and_is_found_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    street = await open_street()
    await all_say(street, "hard")
    before = await street.kitchens(), await street.shift()

    async def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(learning_module.learning_store, "save_lines", die)
        with pytest.raises(KeyboardInterrupt):
            await street.learning.learn_produce(KEY, now=LATER)

    assert (await street.kitchens(), await street.shift()) == before
    assert await learned_store.learned_times() == []
    assert await due(learning_store.DUE_TO_LEARN, LATER) == [KEY]
    await street.learning.learn_produce(KEY, now=LATER)
    assert len(await learned_store.learned_times()) == 1


async def test_what_was_learned_from_reports_that_were_undone_is_forgotten() -> None:
    street = await open_street()
    await all_say(street, "late")
    await street.learning.learn_produce(KEY, now=LATER)
    for kitchen in await street.kitchens():
        await street.take_back(kitchen)
    await street.learning.learn_produce(KEY, now=LATER.add(minutes=6))

    assert street.profiles["avocado_hass"] == PUBLISHED
    assert await street.shift() == (0.0, None)


async def second_day(street: Street) -> UUID:
    """Plan boxes of the next delivery from the same lot."""
    await fetch(
        "UPDATE lot SET must_leave_on = date '2026-12-20', units_announced = 900 WHERE id = $1 RETURNING id",
        street.lot,
    )
    day = await add_second_day(street.market)
    planned = await street.planning.plan_day(day, now=SATURDAY.subtract(hours=1))
    assert planned is not None
    assert planned.n_boxes
    return day


async def test_boxes_to_come_are_planned_from_the_learned_lot() -> None:
    street = await open_street(age_days=2.0)
    at_home = await street.kitchens()
    day = await second_day(street)
    of_day = (
        "SELECT line.chance_fraction, line.eat, line.planned_eat, box.plan_run FROM box_line line"
        " JOIN box ON box.id = line.box WHERE box.delivery_day = $1 AND box.status = 'proposed' ORDER BY line.id"
    )
    before = await fetch(of_day, day)
    assert await due(learning_store.DUE_TO_PLAN_AGAIN, LATER) == []

    for kitchen in at_home:
        await street.say(kitchen, "late")
    told = await fetch(of_day, day)
    assert [row[0] for row in told] != [row[0] for row in before]
    assert await due(learning_store.DUE_TO_PLAN_AGAIN, LATER) == [str(day)]
    await street.learning.plan_moved_boxes(day, now=LATER)

    planned = await fetch(of_day, day)
    assert {row[2] for row in planned} <= {None}
    assert {row[3] for row in planned} != {row[3] for row in before}
    assert await due(learning_store.DUE_TO_PLAN_AGAIN, LATER) == []
