"""Pausing until a day: the boxes of the span go, those after it come, and it ends by itself."""

import datetime as dt
from uuid import UUID, uuid4

import pendulum
import pytest
from pendulum import Date, DateTime

from ripeday.kit.errors import Invalid, NotFound
from subscriptions.adapters import order_store
from subscriptions.errors import NotRunning, PastCutoff
from subscriptions.receipt import Asker, Deed, Receipt
from subscriptions.services.pausing import PausingService
from subscriptions.services.receipts import check_chains
from tests.market import BEFORE, CUTOFF, DELIVERY_ON, broken_invariants
from tests.subscriptions.people import fetch
from tests.subscriptions.services.test_skipping import NEXT, Scene, open_scene

UNTIL = Date(2026, 12, 21)


async def pause(
    scene: Scene, from_on: dt.date = DELIVERY_ON, until_on: dt.date = UNTIL, now: DateTime = BEFORE
) -> Receipt:
    return await PausingService(scene.planning).pause(
        scene.person, scene.subscription, from_on=from_on, until_on=until_on, now=now
    )


async def turn(scene: Scene, now: DateTime) -> int:
    """Do the due work; returns how many pauses were due."""
    due = await fetch(order_store.DUE_TO_TURN, now)
    for (key,) in due:
        await PausingService(scene.planning).turn(UUID(str(key)), now=now)
    return len(due)


async def status() -> list[object]:
    return [
        found
        for (found,) in await fetch(
            "SELECT subscription.status FROM subscription WHERE id IN (SELECT subscription FROM pause)"
        )
    ]


async def skipped() -> list[object]:
    return [on for (on,) in await fetch("SELECT delivery_on FROM skip ORDER BY 1")]


async def test_no_box_comes_in_the_span_and_the_next_one_does(database: str) -> None:
    scene = await open_scene()
    receipt = await pause(scene)
    assert not await scene.contents(), "the open box of the span goes"
    assert await skipped() == [DELIVERY_ON, NEXT, Date(2026, 12, 15)]
    assert await status() == ["paused"]
    assert receipt.done.deed is Deed.PAUSED
    assert (receipt.done.until_on, receipt.done.next_on) == (UNTIL, Date(2026, 12, 22))
    assert receipt.done.effect_minor == -3 * 3900
    assert await scene.planning.plan_day(scene.market.day, now=BEFORE, anew=True)
    assert not await scene.contents(), "a paused delivery is not planned"
    assert await broken_invariants() == []


async def test_before_a_pause_that_begins_later_the_box_leans(database: str) -> None:
    scene = await open_scene()
    await pause(scene, from_on=NEXT)
    horizon, *_ = await scene.box()
    assert horizon == 14
    assert await status() == ["active"], "a box still comes"
    assert await turn(scene, BEFORE) == 0
    assert await turn(scene, CUTOFF.add(days=9)) == 1
    assert await status() == ["paused"]
    assert await turn(scene, CUTOFF.add(days=9)) == 0


async def test_it_ends_by_itself_on_its_day_and_leaves_a_receipt(database: str) -> None:
    scene = await open_scene()
    await pause(scene)
    eve = pendulum.datetime(2026, 12, 20, 22, 59, 59, tz="UTC")
    assert await turn(scene, eve) == 0, "in Berlin it is still the twentieth"
    assert await turn(scene, eve.add(seconds=1)) == 1
    assert await status() == ["active"]
    assert await fetch("SELECT deed, asker FROM subscription_receipt ORDER BY position") == [
        (Deed.PAUSED.value, Asker.CUSTOMER.value),
        (Deed.RESUMED.value, Asker.SYSTEM.value),
    ]
    assert await turn(scene, eve.add(days=1)) == 0


async def test_ended_early_what_may_still_change_comes_again(database: str) -> None:
    scene = await open_scene()
    pausing = PausingService(scene.planning)
    await pause(scene)
    receipt = await pausing.resume(scene.person, scene.subscription, now=BEFORE)
    assert (receipt.done.deed, receipt.done.next_on) == (Deed.RESUMED, DELIVERY_ON)
    assert sum(await scene.eaten()) == 14, "its box is planned again at once"
    assert (await status(), await skipped()) == (["active"], [])
    with pytest.raises(NotRunning):
        await pausing.resume(scene.person, scene.subscription, now=BEFORE)
    assert await broken_invariants() == []


async def test_ended_after_a_cut_off_the_closed_delivery_stays_away(database: str) -> None:
    scene = await open_scene()
    await pause(scene)
    receipt = await PausingService(scene.planning).resume(
        scene.person, scene.subscription, now=CUTOFF
    )
    assert await skipped() == [DELIVERY_ON]
    assert receipt.done.next_on == NEXT


async def test_a_delivery_that_was_skipped_before_stays_skipped(database: str) -> None:
    scene = await open_scene()
    await scene.skip(NEXT)
    receipt = await pause(scene)
    assert receipt.done.effect_minor == -2 * 3900, "what was skipped already saves nothing more"
    await PausingService(scene.planning).resume(scene.person, scene.subscription, now=BEFORE)
    assert await skipped() == [NEXT]
    assert await broken_invariants() == []


async def test_until_the_cut_off_and_not_at_it(database: str) -> None:
    scene = await open_scene()
    with pytest.raises(PastCutoff):
        await pause(scene, now=CUTOFF)
    assert await fetch("SELECT 1 FROM pause") == []
    await pause(scene, now=CUTOFF.subtract(seconds=1))
    assert not await scene.contents()


@pytest.mark.parametrize(
    ("from_on", "until_on", "field"),
    [
        (DELIVERY_ON.add(days=1), UNTIL, "from"),
        (DELIVERY_ON.subtract(weeks=2), UNTIL, "from"),
        (Date(2028, 1, 4), Date(2028, 2, 1), "from"),
        (DELIVERY_ON, DELIVERY_ON, "until"),
        (DELIVERY_ON, Date(2026, 1, 1), "until"),
        (DELIVERY_ON, Date(9999, 12, 31), "until"),
    ],
)
async def test_a_span_that_cannot_be_names_its_field(
    database: str, from_on: Date, until_on: Date, field: str
) -> None:
    scene = await open_scene()
    with pytest.raises(Invalid) as refused:
        await pause(scene, from_on, until_on)
    assert refused.value.field == field
    assert await fetch("SELECT 1 FROM pause") == []


async def test_one_pause_at_a_time_and_only_ones_own(database: str) -> None:
    scene = await open_scene()
    await pause(scene)
    with pytest.raises(NotRunning):
        await pause(scene)
    with pytest.raises(NotFound):
        await PausingService(scene.planning).resume(uuid4(), scene.subscription, now=BEFORE)
    assert (await check_chains()).broken == ()
