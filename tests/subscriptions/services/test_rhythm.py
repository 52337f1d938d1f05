"""Another rhythm: it begins with the first box that may still change, and no box is lost or lasts too short."""

import datetime as dt
from dataclasses import replace
from uuid import uuid4

import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendulum import Date, DateTime

from ripeday.kit.errors import Invalid
from ripeday.kit.money import Money
from ripeday.translation import translator
from subscriptions.adapters import order_store
from subscriptions.allowance import GENEROUS
from subscriptions.cutoff import RoundRule
from subscriptions.errors import BoxesTogether, NotRunning
from subscriptions.lifecycle import PlanKind, SubscriptionStatus
from subscriptions.order import Order, OrderBook
from subscriptions.receipt import Deed, Receipt
from subscriptions.rhythm_change import PlanTerms, rhythm_change
from subscriptions.rhythm_prospect import rhythm_prospect
from subscriptions.services.moving import MovingService
from subscriptions.services.pausing import PausingService
from subscriptions.services.receipts import check_chains
from subscriptions.services.rhythm import RhythmService
from subscriptions.trial import Trial
from tests.market import BEFORE, CUTOFF, DELIVERY_ON, broken_invariants
from tests.subscriptions.people import fetch
from tests.subscriptions.services.test_skipping import NEXT, Scene, open_scene

ID = uuid4()
TUESDAYS = RoundRule(1, 2, 20 * 60, 1, "Europe/Berlin")
FIRST = Date(2026, 3, 3)
TERMS = PlanTerms(Money(3900, "EUR"), 1)


async def change(scene: Scene, weeks: int, now: DateTime = BEFORE) -> Receipt | None:
    return await RhythmService(scene.planning).change(
        scene.person, scene.subscription, weeks, now=now
    )


async def coming(scene: Scene, now: DateTime = BEFORE) -> list[dt.date]:
    (book,) = await order_store.order_books(scene.person, now=now)
    return [each.on for each in book.coming(now)][:3]


async def test_the_open_box_lasts_as_long_as_the_new_rhythm_and_costs_what_was_said(
    database: str,
) -> None:
    scene = await open_scene()
    receipt = await change(scene, 2)
    assert receipt is not None
    assert receipt.done.deed is Deed.RHYTHM_CHANGED
    assert (receipt.done.delivery_on, receipt.done.next_on) == (DELIVERY_ON, Date(2026, 12, 15))
    assert receipt.done.effect_minor == 7800
    horizon, _, price, status = await scene.box()
    assert (horizon, price, status) == (14, 7800, "proposed")
    assert await coming(scene) == [DELIVERY_ON, Date(2026, 12, 15), Date(2026, 12, 29)]
    assert await change(scene, 2) is None, "twice is once"
    assert (await check_chains()).broken == ()
    assert await broken_invariants() == []


async def test_a_third_week_has_a_box_for_two(database: str) -> None:
    scene = await open_scene()
    await change(scene, 3)
    horizon, _, price, _ = await scene.box()
    assert (horizon, price) == (14, 7800)
    assert await coming(scene) == [DELIVERY_ON, Date(2026, 12, 22), Date(2027, 1, 12)]


async def test_a_closed_box_still_comes_and_the_rhythm_begins_after_it(database: str) -> None:
    scene = await open_scene()
    before = await scene.box()
    await fetch("UPDATE delivery_day SET locked_at = $1 RETURNING id", CUTOFF)
    receipt = await change(scene, 2, CUTOFF)
    assert receipt is not None
    assert receipt.done.delivery_on == NEXT
    assert await scene.box() == before
    assert await coming(scene, CUTOFF) == [DELIVERY_ON, NEXT, Date(2026, 12, 22)]


async def test_a_box_that_its_household_changed_stays_as_it_is(database: str) -> None:
    scene = await open_scene()
    box, _, _ = await scene.largest_line()
    await fetch("UPDATE box SET status = 'edited', edited_at = $2 WHERE id = $1 RETURNING id", box, BEFORE)  # fmt: skip
    before = await scene.contents()
    prospect = await RhythmService(scene.planning).foresee(
        scene.person, scene.subscription, 2, now=BEFORE
    )
    assert any("You changed the box" in str(each) for each in prospect.points)
    await change(scene, 2)
    horizon, _, price, status = await scene.box()
    assert (horizon, price, status) == (7, 3900, "edited")
    assert await scene.contents() == before


async def test_what_is_skipped_stays_skipped_and_does_not_begin_a_rhythm(database: str) -> None:
    scene = await open_scene()
    await scene.skip(DELIVERY_ON)
    receipt = await change(scene, 2)
    assert receipt is not None
    assert receipt.done.delivery_on == NEXT
    assert not await scene.contents()


async def test_boxes_that_come_together_are_not_parted_and_paused_ones_wait(database: str) -> None:
    scene = await open_scene()
    await MovingService(scene.planning).move(
        scene.person, scene.subscription, DELIVERY_ON, to_on=NEXT, now=BEFORE
    )
    with pytest.raises(Invalid):
        await change(scene, 5)
    await change(scene, 4)  # it begins with the double box
    with pytest.raises(BoxesTogether):
        await _move_then_change(scene)
    await PausingService(scene.planning).pause(
        scene.person, scene.subscription, from_on=NEXT, until_on=Date(2027, 1, 6), now=BEFORE
    )
    with pytest.raises(NotRunning):
        await change(scene, 1)


async def _move_then_change(scene: Scene) -> None:
    await MovingService(scene.planning).move(
        scene.person, scene.subscription, Date(2027, 1, 5), to_on=Date(2027, 2, 2), now=BEFORE
    )
    await change(scene, 3)


def book_of(weeks: int, skipped: set[dt.date]) -> OrderBook:
    order = Order(
        ID, ID, ID, ID, ID, SubscriptionStatus.ACTIVE, PlanKind.FRUIT, 2, 0, weeks, FIRST, None, Money(3900, "EUR"),
        TUESDAYS, GENEROUS, (), "", "", "", "",
    )  # fmt: skip
    return OrderBook(order, {}, dict.fromkeys(skipped), None, {})


def test_trial_boxes_cost_their_own_price_for_as_many_weeks() -> None:
    book = book_of(1, set())
    trial = Trial(2, Money(1890, "EUR"), 1)
    book = replace(book, order=replace(book.order, trial=trial))
    terms = PlanTerms(Money(3900, "EUR"), 1, Money(1890, "EUR"))
    now = pendulum.datetime(2026, 2, 20)
    change = rhythm_change(book, 3, terms, now=now)
    assert change.after.order.trial == Trial(2, Money(3780, "EUR"), 1)
    said = [translator("en").render(each) for each in rhythm_prospect(change, now=now).points]
    assert "The trial box still to come costs €37.80." in said


@given(
    old=st.integers(1, 4),
    new=st.integers(1, 4),
    hours=st.integers(0, 24 * 200),
    skipped=st.sets(st.integers(0, 30), max_size=4),
)
def test_a_new_rhythm_begins_in_time_with_a_box_that_may_still_change(
    old: int, new: int, hours: int, skipped: set[int]
) -> None:
    now = pendulum.datetime(2026, 2, 20).add(hours=hours)
    book = book_of(old, {FIRST.add(weeks=old * n) for n in skipped})
    if old == new:
        with pytest.raises(Invalid):
            rhythm_change(book, new, TERMS, now=now)
        return
    change = rhythm_change(book, new, TERMS, now=now)
    first_on = change.first.delivery_on
    assert now < change.first.cutoff_at
    assert first_on not in book.skips
    usual = next(each for each in book.open_from(now) if each.delivery_on not in book.skips)
    assert first_on <= usual.delivery_on, "nobody waits longer than before"
    came = [usual.delivery_on.subtract(weeks=old * n) for n in range(1, 60)]
    last_on = next((on for on in came if on >= FIRST and on not in book.skips), None)
    if last_on is not None:
        assert first_on >= last_on.add(days=min(14, 7 * old)), "no box comes while one lasts"
    assert change.after.due_on(first_on) is not None
    assert change.next_on is None or (change.next_on - first_on).days % (7 * new) == 0
