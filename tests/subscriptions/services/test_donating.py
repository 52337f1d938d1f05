"""Giving a box away: it goes to the food bank as it was planned, and the one before it lasts."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest
from pendulum import Date

from ripeday.kit.adapters.engine import connection
from ripeday.kit.errors import Invalid, NotFound
from ripeday.kit.text import Message
from subscriptions.adapters import (
    box_view_store,
    carry_store,
    edit_store,
    household_page,
    order_store,
    planning_store,
    rating_store,
    report_store,
)
from subscriptions.errors import CannotMove, GivenAway, NoFoodBank, NotComing, PastCutoff
from subscriptions.receipt import Deed, Receipt
from subscriptions.services.cancelling import CancellingService
from subscriptions.services.donating import DonatingService
from subscriptions.services.moving import MovingService
from subscriptions.services.pausing import PausingService
from tests.market import BEFORE, CUTOFF, DELIVERY_ON, add_stop, broken_invariants, insert
from tests.subscriptions.people import fetch
from tests.subscriptions.services.test_skipping import NEXT, Scene, open_scene


async def scene_with_bank(*, capacity: int | None = None) -> tuple[Scene, DonatingService]:
    scene = await open_scene()
    await add_stop(scene.market, "City Food Bank", capacity=capacity, kind="food_bank")
    return scene, DonatingService(scene.planning)


async def donate(scene: Scene, giving: DonatingService, on: Date = NEXT) -> Receipt:
    receipt = await giving.donate(scene.person, scene.subscription, on, now=BEFORE)
    assert receipt is not None
    return receipt


def told(points: Sequence[Message]) -> list[str]:
    return [str(each).replace("\u00a0", " ") for each in points]


async def test_the_box_stays_as_it_was_planned_and_costs_the_same(database: str) -> None:
    scene, giving = await scene_with_bank()
    before, box = await scene.contents(), await scene.box()
    receipt = await donate(scene, giving, DELIVERY_ON)
    assert (await scene.contents(), await scene.box()) == (before, box)
    done = receipt.done
    assert (done.deed, done.effect_minor, done.next_on) == (Deed.DONATED, 0, NEXT)
    assert done.cutoff_at == CUTOFF
    assert await fetch("SELECT 1 FROM skip") == [], "it is none of the skips"
    assert await giving.donate(scene.person, scene.subscription, DELIVERY_ON, now=BEFORE) is None
    assert await scene.planning.plan_day(scene.market.day, now=BEFORE, anew=True)
    assert (await scene.box())[0] == 7, "planned anew it is still there"
    assert await broken_invariants() == []


async def test_the_box_before_lasts_until_the_next_that_comes_and_leans_back(database: str) -> None:
    scene, giving = await scene_with_bank()
    before, box = await scene.contents(), await scene.box()
    await donate(scene, giving)
    horizon, need, price, _ = await scene.box()
    assert (horizon, need, price) == (14, [1] * 14, box[2])
    (first, second, *_) = await scene.skipping.deliveries(
        scene.person, scene.subscription, now=BEFORE
    )
    assert (first.lasts_until.day, second.is_sent, second.is_coming) == (14, True, False)
    back = await giving.withdraw(scene.person, scene.subscription, NEXT, now=BEFORE)
    assert back is not None
    assert (back.done.deed, back.done.next_on) == (Deed.DONATION_WITHDRAWN, NEXT)
    assert (await scene.contents(), await scene.box()) == (before, box)
    assert await giving.withdraw(scene.person, scene.subscription, NEXT, now=BEFORE) is None
    assert await broken_invariants() == []


async def test_a_box_given_away_bridges_nothing_itself(database: str) -> None:
    scene, giving = await scene_with_bank()
    await donate(scene, giving, DELIVERY_ON)
    await scene.skip()
    assert (await scene.box())[:2] == (7, None)


async def test_its_household_has_nothing_from_it_and_is_asked_nothing_about_it(
    database: str,
) -> None:
    scene, giving = await scene_with_bank()
    await fetch("UPDATE box SET status = 'paid', locked_at = status_at RETURNING id")
    (box,) = await box_view_store.boxes_of(scene.person, since=DELIVERY_ON)
    (line, *_) = (await box_view_store.lines_of([box.id]))[box.id]
    later = BEFORE.add(days=7)
    assert box.is_eaten_on(DELIVERY_ON)
    assert await rating_store.lines_to_rate(scene.person, box.id, now=later)
    day = await planning_store.day_to_plan(scene.market.day)
    assert day is not None

    await fetch("UPDATE box SET status = 'proposed', locked_at = NULL RETURNING id")
    await donate(scene, giving, DELIVERY_ON)
    await fetch("UPDATE box SET status = 'paid', locked_at = status_at RETURNING id")
    (given,) = await box_view_store.boxes_of(scene.person, since=DELIVERY_ON)
    assert given.given_to == "City Food Bank"
    assert not given.is_eaten_on(DELIVERY_ON)
    assert await rating_store.lines_to_rate(scene.person, box.id, now=later) == []
    assert await report_store.line_of(scene.person, line.line_id) is None
    deliveries = await household_page.deliveries_of(scene.person, now=BEFORE)
    assert DELIVERY_ON not in [each.delivery_on for each in deliveries]


async def test_the_next_box_counts_on_nothing_of_it_and_it_on_nothing_at_home(
    database: str,
) -> None:
    scene, giving = await scene_with_bank()
    day = await planning_store.day_to_plan(scene.market.day)
    assert day is not None
    # A box of last week of which everything is left, so that this week's counts on it.
    last_day = uuid4()
    await insert(
        "delivery_day", id=last_day, merchant=day.merchant_id, round=scene.market.round, depot=day.depot_id,
        delivery_on=Date(2026, 11, 24), cutoff_at=CUTOFF.subtract(weeks=1), pack_on=Date(2026, 11, 23),
    )  # fmt: skip
    async with connection() as c:
        await c.execute(
            "INSERT INTO box (id, merchant, delivery_day, subscription, household, plan_run, number, kind,"
            " portions_a_day, stems_a_day, horizon_days, status, price_minor, tax_minor, currency, status_at,"
            " locked_at)"
            " SELECT $1, merchant, $2, subscription, household, plan_run, 9, kind, portions_a_day, stems_a_day,"
            " horizon_days, 'paid', price_minor, tax_minor, currency, status_at, status_at FROM box"
            " WHERE subscription = $3",
            (last := uuid4()), last_day, scene.subscription,
        )  # fmt: skip
        await c.execute(
            "INSERT INTO box_line SELECT (jsonb_populate_record(line, jsonb_build_object('id', gen_random_uuid(),"
            " 'box', $1::uuid, 'eat', array_fill(0, ARRAY[14])))).* FROM box_line line"
            " JOIN box ON box.id = line.box WHERE box.subscription = $2 AND box.delivery_day = $3",
            last, scene.subscription, scene.market.day,
        )  # fmt: skip
    at_home = await carry_store.left_at_home(day, [scene.subscription])
    assert at_home[scene.subscription]
    await donate(scene, giving, DELIVERY_ON)
    assert not await carry_store.left_at_home(day, [scene.subscription])
    await giving.withdraw(scene.person, scene.subscription, DELIVERY_ON, now=BEFORE)
    await fetch("INSERT INTO donation SELECT gen_random_uuid(), merchant, id, '2026-11-24',"
                " (SELECT id FROM stop), now() FROM subscription WHERE id = $1 RETURNING id",
                scene.subscription)  # fmt: skip
    assert not await carry_store.left_at_home(day, [scene.subscription])


async def test_a_skip_takes_the_place_of_a_gift(database: str) -> None:
    scene, giving = await scene_with_bank()
    await donate(scene, giving, DELIVERY_ON)
    prospect = await scene.skipping.foresee(
        scene.person, scene.subscription, DELIVERY_ON, now=BEFORE
    )
    assert "It was to be given away" in " ".join(map(str, prospect.points))
    await scene.skip(DELIVERY_ON)
    assert await fetch("SELECT 1 FROM donation") == []
    assert not await scene.contents()
    with pytest.raises(NotComing):
        await donate(scene, giving, DELIVERY_ON)
    assert await broken_invariants() == []


async def test_it_cannot_be_moved_nor_changed_nor_take_another_one_in(database: str) -> None:
    scene, giving = await scene_with_bank()
    box, lot, units = await scene.largest_line()
    await donate(scene, giving, DELIVERY_ON)
    moving = MovingService(scene.planning)
    with pytest.raises(CannotMove):
        await moving.move(scene.person, scene.subscription, DELIVERY_ON, to_on=NEXT, now=BEFORE)
    with pytest.raises(Invalid):
        await moving.move(scene.person, scene.subscription, NEXT, to_on=DELIVERY_ON, now=BEFORE)
    with pytest.raises(GivenAway):
        await scene.editing.change(scene.person, box, {lot: units - 1}, seen=None, now=BEFORE)
    seen = await edit_store.box_to_edit(scene.person, box)
    assert seen is not None
    assert seen.units[lot] == units


async def test_a_gift_waits_while_the_boxes_are_paused_and_holds_again_after(database: str) -> None:
    scene, giving = await scene_with_bank()
    await donate(scene, giving)
    pausing = PausingService(scene.planning)
    await pausing.pause(
        scene.person, scene.subscription, from_on=NEXT, until_on=Date(2027, 1, 4), now=BEFORE
    )
    said = await pausing.foresee_resuming(scene.person, scene.subscription, now=BEFORE)
    assert "The box of 8 December is given away again, as you wished." in told(said.points)
    (_, second, *_) = await scene.skipping.deliveries(scene.person, scene.subscription, now=BEFORE)
    assert not second.is_sent
    await pausing.resume(scene.person, scene.subscription, now=BEFORE)
    (book,) = await order_store.order_books(scene.person, now=BEFORE)
    assert list(book.gifts) == [NEXT]
    assert await broken_invariants() == []


async def test_cancelled_the_gift_within_the_notice_still_goes_and_is_said(database: str) -> None:
    scene, giving = await scene_with_bank()
    await donate(scene, giving, DELIVERY_ON)
    cancelling = CancellingService(scene.planning)
    at_cutoff = await cancelling.foresee(scene.person, scene.subscription, now=CUTOFF)
    assert "The box of 1 December is given away, as you wished." in told(at_cutoff.points)
    assert "No more box comes." in told(at_cutoff.points)
    receipt = await cancelling.cancel(scene.person, scene.subscription, reason=None, now=CUTOFF)
    assert (receipt.done.until_on, receipt.done.next_on) == (Date(2026, 12, 2), None)
    assert await scene.contents(), "what is closed is packed"


async def test_nobody_takes_more_than_there_is_room_for(database: str) -> None:
    scene, giving = await scene_with_bank(capacity=1)
    ((other, person),) = await fetch(
        "SELECT subscription.id, household.person FROM subscription"
        " JOIN household ON household.id = subscription.household WHERE subscription.id <> $1",
        scene.subscription,
    )
    await donate(scene, giving)
    with pytest.raises(NoFoodBank):
        await giving.donate(UUID(str(person)), UUID(str(other)), NEXT, now=BEFORE)
    await fetch("UPDATE stop SET is_open = false RETURNING id")
    with pytest.raises(NoFoodBank):
        await giving.foresee(UUID(str(person)), UUID(str(other)), DELIVERY_ON, now=BEFORE)


async def test_until_the_cut_off_only_by_its_owner_and_only_of_days_with_a_box(
    database: str,
) -> None:
    scene, giving = await scene_with_bank()
    for act in (giving.foresee, giving.donate, giving.withdraw):
        with pytest.raises(PastCutoff):
            await act(scene.person, scene.subscription, DELIVERY_ON, now=CUTOFF)
        with pytest.raises(NotFound):
            await act(uuid4(), scene.subscription, DELIVERY_ON, now=BEFORE)
        with pytest.raises(Invalid):
            await act(scene.person, scene.subscription, NEXT.add(days=1), now=BEFORE)
    assert await fetch("SELECT 1 FROM donation") == []
