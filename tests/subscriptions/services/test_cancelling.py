"""Ending a subscription: which boxes still come, taking it back, and the day on which it has ended."""

from uuid import UUID, uuid4

import pytest
from pendulum import Date, DateTime

from ripeday.kit.errors import NotFound
from ripeday.kit.money import Money
from subscriptions.adapters import cancel_store
from subscriptions.cancelling import CancelReason
from subscriptions.errors import NotRunning
from subscriptions.receipt import Deed, Receipt
from subscriptions.services.cancelling import CancellingService
from subscriptions.services.moving import MovingService
from tests.market import AFTER, BEFORE, DELIVERY_ON, broken_invariants, insert
from tests.subscriptions.people import fetch
from tests.subscriptions.services.test_skipping import NEXT, Scene, open_scene


async def cancel(
    scene: Scene, *, reason: CancelReason | None = None, now: DateTime = BEFORE
) -> Receipt:
    return await CancellingService(scene.planning).cancel(
        scene.person, scene.subscription, reason=reason, now=now
    )


async def set_notice(scene: Scene, days: int) -> None:
    await insert(
        "delivery_rule", id=uuid4(), merchant=scene.market.merchant, n_skips=6, n_in_a_row=3, notice_days=days,
    )  # fmt: skip


async def stands(scene: Scene) -> tuple[object, object]:
    ((status, ends_on),) = await fetch(
        "SELECT status, ends_on FROM subscription WHERE id = $1", scene.subscription
    )
    return status, ends_on


async def test_without_notice_the_open_box_goes_and_it_has_ended(database: str) -> None:
    scene = await open_scene()
    receipt = await cancel(scene, reason=CancelReason.MOVING)
    assert not await scene.contents()
    assert await stands(scene) == ("cancelled", Date(2026, 11, 30))
    assert (receipt.done.deed, receipt.done.next_on) == (Deed.CANCELLED, None)
    assert await fetch("SELECT reason FROM cancellation") == [("moving",)]
    assert await scene.planning.plan_day(scene.market.day, now=BEFORE, anew=True)
    assert not await scene.contents(), "nothing is planned for who has gone"
    with pytest.raises(NotRunning):
        await cancel(scene)
    assert await broken_invariants() == []


async def test_a_box_past_its_cut_off_still_comes_and_is_the_last(database: str) -> None:
    scene = await open_scene()
    contents = await scene.contents()
    receipt = await cancel(scene, now=AFTER)
    assert await scene.contents() == contents
    assert (receipt.done.next_on, receipt.done.until_on) == (DELIVERY_ON, DELIVERY_ON.add(days=1))
    assert (await stands(scene))[0] == "cancelled"


async def test_boxes_within_the_notice_still_come_and_then_it_ends(database: str) -> None:
    scene = await open_scene()
    await set_notice(scene, 10)
    contents = await scene.contents()
    receipt = await cancel(scene)
    assert await scene.contents() == contents
    ends_on = Date(2026, 12, 10)
    assert (receipt.done.next_on, receipt.done.until_on) == (DELIVERY_ON, ends_on)
    assert await stands(scene) == ("active", ends_on)
    eve = BEFORE.set(month=12, day=9, hour=22, minute=59)
    assert await fetch(cancel_store.DUE_TO_END, eve) == []
    due = await fetch(cancel_store.DUE_TO_END, eve.add(minutes=1))
    assert due == [(str(scene.subscription),)]
    cancelling = CancellingService(scene.planning)
    await cancelling.end(scene.subscription, now=eve)
    assert (await stands(scene))[0] == "active", "not before its day"
    for _ in range(2):
        await cancelling.end(UUID(str(due[0][0])), now=eve.add(minutes=1))
    assert (await stands(scene))[0] == "cancelled"


async def test_while_the_notice_runs_it_can_be_taken_back(database: str) -> None:
    scene = await open_scene()
    await set_notice(scene, 1)
    cancelling = CancellingService(scene.planning)
    with pytest.raises(NotRunning):
        await cancelling.withdraw(scene.person, scene.subscription, now=BEFORE)
    await set_notice_to(3)
    await cancel(scene)
    receipt = await cancelling.withdraw(scene.person, scene.subscription, now=BEFORE)
    assert await stands(scene) == ("active", None)
    assert (receipt.done.deed, receipt.done.next_on) == (Deed.CANCEL_WITHDRAWN, DELIVERY_ON)
    await cancel(scene)
    assert len(await fetch("SELECT 1 FROM cancellation")) == 2
    assert await broken_invariants() == []


async def set_notice_to(days: int) -> None:
    await fetch("UPDATE delivery_rule SET notice_days = $1 RETURNING id", days)


async def test_what_is_said_first_is_what_comes_to_pass(database: str) -> None:
    scene = await open_scene()
    cancelling = CancellingService(scene.planning)
    said = await cancelling.foresee(scene.person, scene.subscription, now=BEFORE)
    assert str(said.points[0]) == "No more box comes."
    assert said.stage == "running"
    assert await fetch("SELECT 1 FROM cancellation") == []
    await cancel(scene)
    assert (await cancelling.foresee(scene.person, scene.subscription, now=BEFORE)).stage == "ended"


async def test_what_still_comes_is_said_at_what_it_costs_a_double_box_twice(database: str) -> None:
    scene = await open_scene()
    await set_notice(scene, 10)
    await MovingService(scene.planning).move(
        scene.person, scene.subscription, NEXT, to_on=DELIVERY_ON, now=BEFORE
    )
    cancelling = CancellingService(scene.planning)
    said = await cancelling.foresee(scene.person, scene.subscription, now=BEFORE)
    totals = [point.values["total"] for point in said.points if "total" in point.values]
    assert totals == [Money(7800, "EUR")]


async def test_somebody_elses_is_not_there(database: str) -> None:
    scene = await open_scene()
    with pytest.raises(NotFound):
        await CancellingService(scene.planning).cancel(
            uuid4(), scene.subscription, reason=None, now=BEFORE
        )
