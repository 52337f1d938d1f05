"""Moving a box to another delivery: one box of twice the size at the price of both, and back."""

from uuid import UUID, uuid4

import pytest
from pendulum import Date

from ripeday.kit.errors import Invalid, NotFound
from subscriptions.errors import CannotMove, PastCutoff
from subscriptions.receipt import Deed, Receipt
from subscriptions.services.moving import MovingService
from tests.market import AFTER, BEFORE, CUTOFF, DELIVERY_ON, broken_invariants
from tests.subscriptions.people import fetch
from tests.subscriptions.services.test_skipping import NEXT, Scene, open_scene


async def move(
    scene: Scene, on: Date = NEXT, to_on: Date = DELIVERY_ON, now: object = BEFORE
) -> Receipt:
    return await MovingService(scene.planning).move(
        scene.person, scene.subscription, on, to_on=to_on, now=now  # type: ignore[arg-type]
    )  # fmt: skip


async def portions(scene: Scene) -> int:
    ((found,),) = await fetch(
        "SELECT portions_a_day FROM box WHERE subscription = $1", scene.subscription
    )
    return int(str(found))


async def test_the_other_box_holds_twice_the_portions_at_twice_the_price_and_lasts(
    database: str,
) -> None:
    scene = await open_scene()
    single = sum(await scene.eaten())
    receipt = await move(scene)
    horizon, need, price, status = await scene.box()
    assert (horizon, price, status) == (14, 7800, "proposed")
    assert sum(need) == 28, "two portions on each of fourteen days"  # type: ignore[call-overload]
    assert await portions(scene) == 4
    assert sum(await scene.eaten()) > 1.5 * single
    assert await fetch("SELECT delivery_on FROM skip") == [(NEXT,)]
    done = receipt.done
    assert (done.deed, done.delivery_on, done.until_on) == (Deed.MOVED, NEXT, DELIVERY_ON)
    assert (done.effect_minor, done.next_on, done.cutoff_at) == (0, DELIVERY_ON, CUTOFF)
    assert await broken_invariants() == []


async def test_moved_back_both_are_what_they_were(database: str) -> None:
    scene = await open_scene()
    before, box = await scene.contents(), await scene.box()
    await move(scene)
    moving = MovingService(scene.planning)
    back = await moving.move_back(scene.person, scene.subscription, NEXT, now=BEFORE)
    assert back is not None
    assert back.done.deed is Deed.MOVE_WITHDRAWN
    assert (await scene.contents(), await scene.box()) == (before, box)
    assert await fetch("SELECT 1 FROM skip UNION ALL SELECT 1 FROM box_move") == []
    assert await moving.move_back(scene.person, scene.subscription, NEXT, now=BEFORE) is None
    assert await broken_invariants() == []


async def test_moved_to_a_later_delivery_the_own_box_goes(database: str) -> None:
    scene = await open_scene()
    await move(scene, DELIVERY_ON, NEXT)
    assert not await scene.contents()
    (coming, later, *_) = await scene.skipping.deliveries(
        scene.person, scene.subscription, now=BEFORE
    )
    assert (coming.moved_to, later.holds, later.price.minor) == (NEXT, DELIVERY_ON, 7800)
    assert await broken_invariants() == []


async def test_both_deliveries_have_to_be_open(database: str) -> None:
    scene = await open_scene()
    with pytest.raises(PastCutoff):
        await move(scene, DELIVERY_ON, NEXT, now=CUTOFF)
    with pytest.raises(Invalid) as refused:
        await move(scene, NEXT, DELIVERY_ON, now=CUTOFF)
    assert refused.value.field == "to"
    await move(scene, now=CUTOFF.subtract(seconds=1))
    with pytest.raises(PastCutoff):
        await MovingService(scene.planning).move_back(
            scene.person, scene.subscription, NEXT, now=AFTER
        )


async def test_a_box_that_its_household_changed_is_neither_doubled_nor_halved(
    database: str,
) -> None:
    scene = await open_scene()
    await move(scene)
    box, lot, units = await scene.largest_line()
    await scene.editing.change(scene.person, box, {lot: units - 1}, seen=None, now=BEFORE)
    with pytest.raises(CannotMove):
        await MovingService(scene.planning).move_back(
            scene.person, scene.subscription, NEXT, now=BEFORE
        )
    with pytest.raises(Invalid):
        await move(scene, NEXT.add(weeks=1))


async def test_no_third_box_comes_along_and_none_that_is_skipped(database: str) -> None:
    scene = await open_scene()
    await move(scene)
    with pytest.raises(Invalid):
        await move(scene, NEXT.add(weeks=1))
    with pytest.raises(CannotMove):
        await move(scene, DELIVERY_ON, NEXT.add(weeks=1))
    with pytest.raises(CannotMove):
        await move(scene)
    await scene.skip(NEXT.add(weeks=2))
    with pytest.raises(CannotMove):
        await move(scene, NEXT.add(weeks=2), NEXT.add(weeks=3))


@pytest.mark.parametrize(
    "to_on", [NEXT, Date(2026, 12, 2), Date(2026, 11, 24), Date(2027, 3, 2), Date.max]
)
async def test_only_to_a_day_that_is_offered(database: str, to_on: Date) -> None:
    scene = await open_scene()
    with pytest.raises(Invalid):
        await move(scene, NEXT, to_on)
    assert await fetch("SELECT 1 FROM box_move") == []


async def test_the_largest_boxes_are_not_doubled(database: str) -> None:
    scene = await open_scene()
    await fetch("UPDATE box_plan SET portions_a_day = 5 RETURNING id")
    with pytest.raises(CannotMove):
        await move(scene)


async def test_somebody_elses_is_not_there(database: str) -> None:
    scene = await open_scene()
    with pytest.raises(NotFound):
        await MovingService(scene.planning).move(
            UUID(str(uuid4())), scene.subscription, NEXT, to_on=DELIVERY_ON, now=BEFORE
        )
