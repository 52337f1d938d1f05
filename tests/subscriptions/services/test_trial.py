"""Trial boxes: the first that come cost less, whatever is skipped or moved, and people are told before its end."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from pendulum import Date, DateTime
from redis.asyncio import Redis

from ripeday.kit.money import Money
from ripeday.translation import translator
from subscriptions.adapters import trial_store
from subscriptions.receipt import Deed
from subscriptions.services.cancelling import CancellingService
from subscriptions.services.moving import MovingService
from subscriptions.services.trial import TrialService
from subscriptions.trial import TrialOffer
from tests.market import BEFORE, CUTOFF, DELIVERY_ON, broken_invariants, insert
from tests.subscriptions.people import Door, fetch, open_door
from tests.subscriptions.services.test_cancelling import set_notice
from tests.subscriptions.services.test_skipping import NEXT, Scene, open_scene

USUAL, TRIAL = 3900, 1500


@pytest.fixture
async def door(database: str, valkey_url: str) -> AsyncIterator[Door]:
    async with Redis.from_url(valkey_url) as redis:
        yield open_door(redis)


async def on_trial(n_boxes: int) -> Scene:
    """Two open days are planned for somebody with a trial."""
    return await begun(await open_scene(), n_boxes)


async def begun(scene: Scene, n_boxes: int) -> Scene:
    market = scene.market
    day = uuid4()
    await insert(
        "delivery_day", id=day, merchant=market.merchant, round=market.round, depot=market.depot,
        delivery_on=NEXT, cutoff_at=CUTOFF.add(weeks=1), pack_on=NEXT.subtract(days=1),
    )  # fmt: skip
    offer = TrialOffer(n_boxes, Money(TRIAL, "EUR"))
    await trial_store.agree(
        scene.subscription, offer, merchant_id=market.merchant, person_id=scene.person, now=BEFORE
    )
    assert await trial_store.begin(scene.subscription, now=BEFORE)
    for each in (market.day, day):
        assert await scene.planning.plan_day(each, now=BEFORE, anew=True)
    return scene


async def prices(scene: Scene) -> list[object]:
    """Return the price of each box of theirs that is there, in the order in which they come."""
    rows = await fetch(
        "SELECT price_minor FROM box JOIN delivery_day day ON day.id = box.delivery_day"
        " WHERE box.subscription = $1 ORDER BY day.delivery_on",
        scene.subscription,
    )
    return [price for (price,) in rows]


async def said(scene: Scene, on: Date) -> list[str]:
    prospect = await scene.skipping.foresee(scene.person, scene.subscription, on, now=BEFORE)
    return [translator("en").render(point).replace("\xa0", " ") for point in prospect.points]


async def due(now: DateTime = BEFORE) -> list[UUID]:
    return [UUID(str(key)) for (key,) in await fetch(trial_store.DUE_TO_SETTLE, now)]


async def lock(scene: Scene, status: str) -> None:
    """Close the first day, with that status."""
    await fetch(
        "UPDATE delivery_day SET locked_at = $1 WHERE id = $2 RETURNING id",
        BEFORE,
        scene.market.day,
    )
    await fetch(
        "UPDATE box SET status = $3, locked_at = $1 WHERE delivery_day = $2 RETURNING id",
        BEFORE, scene.market.day, status,
    )  # fmt: skip


async def held(scene: Scene) -> list[tuple[object, ...]]:
    """Return what lies in the box of the first day."""
    return await fetch(
        "SELECT line.lot, line.units FROM box_line line JOIN box ON box.id = line.box"
        " WHERE box.subscription = $1 AND box.delivery_day = $2 ORDER BY 1, 2",
        scene.subscription, scene.market.day,
    )  # fmt: skip


async def test_the_first_box_that_comes_is_the_trial_box_and_holds_what_any_box_holds(
    database: str,
) -> None:
    scene = await open_scene()
    usual = await held(scene)
    await begun(scene, 1)
    assert await prices(scene) == [TRIAL, USUAL]
    assert await held(scene) == usual
    assert await broken_invariants() == []


async def test_what_is_skipped_moves_the_trial_on_and_taken_back_it_moves_back(
    database: str,
) -> None:
    scene = await on_trial(1)
    assert "The box of 8 December is a trial box then, and costs €15.00." in await said(
        scene, DELIVERY_ON
    )
    await scene.skip(DELIVERY_ON)
    assert await prices(scene) == [TRIAL]
    (_, later, third, *_) = await scene.skipping.deliveries(
        scene.person, scene.subscription, now=BEFORE
    )
    assert (later.price.minor, later.n_trial, third.price.minor) == (TRIAL, 1, USUAL)
    assert "The box of 8 December is no trial box then, and costs €39.00." in await said(
        scene, DELIVERY_ON
    )
    await scene.withdraw(DELIVERY_ON)
    assert await prices(scene) == [TRIAL, USUAL]
    assert await due(BEFORE.subtract(days=9)) == [], "nothing is left for later to put right"
    assert await broken_invariants() == []


@pytest.mark.parametrize(("n_boxes", "price"), [(1, TRIAL + USUAL), (2, 2 * TRIAL)])
async def test_two_boxes_that_come_together_are_two_trial_boxes(
    database: str, n_boxes: int, price: int
) -> None:
    scene = await on_trial(n_boxes)
    moving = MovingService(scene.planning)
    prospect = await moving.foresee(scene.person, scene.subscription, NEXT, now=BEFORE)
    assert any(f"€{price / 100:.2f}" in translator("en").render(each) for each in prospect.points)
    await moving.move(scene.person, scene.subscription, NEXT, to_on=DELIVERY_ON, now=BEFORE)
    assert await prices(scene) == [price]
    await moving.move_back(scene.person, scene.subscription, NEXT, now=BEFORE)
    assert await prices(scene) == [TRIAL, USUAL if n_boxes == 1 else TRIAL]


async def test_a_box_that_could_not_be_paid_was_no_trial_box(database: str) -> None:
    scene = await on_trial(1)
    await lock(scene, "declined")
    assert await due(BEFORE.subtract(days=9)) == [scene.subscription]
    await TrialService().settle(scene.subscription, now=BEFORE.subtract(days=9))
    assert await prices(scene) == [TRIAL, TRIAL]
    assert await due(BEFORE.subtract(days=9)) == []


async def test_in_a_trial_there_is_no_notice_and_all_open_boxes_go(database: str) -> None:
    scene = await on_trial(1)
    await set_notice(scene, 20)
    cancelling = CancellingService(scene.planning)
    foreseen = await cancelling.foresee(scene.person, scene.subscription, now=BEFORE)
    assert any("no notice" in str(point) for point in foreseen.points)
    receipt = await cancelling.cancel(scene.person, scene.subscription, reason=None, now=BEFORE)
    assert receipt.done.deed is Deed.CANCELLED
    assert (await prices(scene), receipt.done.next_on) == ([], None)
    await TrialService().settle(scene.subscription, now=BEFORE)
    assert await due() == []
    assert await fetch("SELECT 1 FROM outbox WHERE payload->>'kind' = 'trial_ends'") == []


async def test_after_the_first_usual_box_has_closed_the_notice_holds(database: str) -> None:
    scene = await on_trial(1)
    await set_notice(scene, 20)
    await fetch("UPDATE box SET status = 'locked', locked_at = $1 RETURNING id", BEFORE)
    await TrialService().settle(scene.subscription, now=BEFORE)
    assert await due() == []
    cancelling = CancellingService(scene.planning)
    receipt = await cancelling.cancel(scene.person, scene.subscription, reason=None, now=BEFORE)
    assert receipt.done.until_on == BEFORE.add(days=21).date()


async def test_they_are_told_once_three_days_before_the_last_trial_box_closes(
    database: str, door: Door
) -> None:
    scene = await on_trial(2)
    await lock(scene, "paid")
    last = CUTOFF.add(weeks=1)
    early = last.subtract(hours=73)
    assert await due(early) == []
    on_time = last.subtract(hours=71)
    assert await due(on_time) == [scene.subscription]
    for _ in range(2):
        await TrialService().settle(scene.subscription, now=on_time)
    assert await due(on_time) == []
    assert await fetch("SELECT payload->>'kind' FROM outbox WHERE topic = 'notice'") == [
        ("trial_ends",)
    ]
    assert await door.relay(now=on_time) == 1
    mail = door.mailbox.mails[-1]
    assert mail.subject.replace("\u00a0", " ") == "Your last trial box comes on Tue 8 Dec"
    for words in ("€15.00", "€39.00", "Sun 6 Dec, 8 pm", "Sun 13 Dec, 8 pm", "no notice to keep"):
        assert words in mail.text.replace("\u00a0", " "), words
    assert door.mailbox.link() == f"/subscriptions/{scene.subscription}/cancel"


async def test_a_person_begins_one_trial_at_a_merchant(database: str) -> None:
    scene = await on_trial(1)
    market = scene.market
    other = market.subscriptions[1]
    offer = TrialOffer(2, Money(TRIAL, "EUR"))
    await trial_store.agree(
        other, offer, merchant_id=market.merchant, person_id=scene.person, now=BEFORE
    )
    assert not await trial_store.begin(other, now=BEFORE)
    assert await trial_store.has_begun(market.merchant, scene.person)
