"""What rides along: ordered until its own deadline, never oversold, charged with the box, gone and back with it."""

import asyncio
from dataclasses import dataclass
from uuid import UUID, uuid4

import pendulum
import pytest
from pendulum import Date, DateTime

from delivery.services.cutoff import CutoffService
from delivery.services.supply import StockSupply
from ripeday.kit.errors import NotFound
from ripeday.kit.money import Money
from subscriptions.adapters import addon_store, problem_store
from subscriptions.errors import AddonFull, NothingRides
from subscriptions.lifecycle import BoxStatus
from subscriptions.services.billing import BillingService
from subscriptions.services.moving import MovingService
from subscriptions.services.riding import Counted, RidingService
from tests.bank import Bank
from tests.market import (
    AFTER,
    BEFORE,
    CUTOFF,
    DELIVERY_ON,
    Market,
    add_addon,
    add_box,
    add_lot,
    add_stop,
    broken_invariants,
    insert,
    open_market,
)
from tests.subscriptions.people import fetch
from tests.subscriptions.services.test_skipping import NEXT, Scene, open_scene

CLOSES = pendulum.datetime(2026, 11, 26, 11, tz="UTC")
"""Thursday noon in Berlin, five days before the delivery."""
OPEN = CLOSES.subtract(seconds=1)


@dataclass
class Riders:
    """People with boxes of a day, and a thing to ride along."""

    market: Market
    addon: UUID
    people: list[UUID]

    async def order(
        self, n: int = 0, units: int = 1, *, on: Date = DELIVERY_ON, every_box: bool = False, now: DateTime = OPEN
    ) -> Counted:  # fmt: skip
        subscription = self.market.subscriptions[n]
        return await RidingService().order(
            self.people[n], subscription, on, self.addon, units, every_box=every_box, now=now
        )


async def riders(n_boxes: int = 1, **of_addon: object) -> Riders:
    market = await open_market()
    lot = await add_lot(market, "apple_fuji", units=60)
    for _ in range(n_boxes):
        await add_box(market, [(lot, 2)])
    people = await fetch(
        "SELECT household.person FROM subscription JOIN household ON household.id = subscription.household"
        " ORDER BY subscription.created_at"
    )
    addon = await add_addon(market, **of_addon)  # type: ignore[arg-type]
    return Riders(market, addon, [UUID(str(each)) for (each,) in people])


async def paid(m: Market) -> None:
    """Take the day from open to paid."""
    service = CutoffService(BillingService(Bank(), StockSupply()))  # type: ignore[arg-type]
    await service.lock_day(m.day, now=CUTOFF)
    await service.reserve_day(m.day, now=AFTER)
    for box in m.boxes:
        assert await service.charge_box(box, now=AFTER) is BoxStatus.PAID


async def test_until_its_deadline_it_counts_for_this_box_and_from_then_on_for_the_next(
    database: str,
) -> None:
    r = await riders()
    in_time = await r.order(units=2, now=OPEN)
    late = await r.order(units=3, now=CLOSES)
    assert (in_time.counts_on, in_time.is_late) == (DELIVERY_ON, False)
    assert (late.counts_on, late.is_late) == (NEXT, True)
    look = await RidingService().look(
        r.people[0], r.market.subscriptions[0], DELIVERY_ON, now=CLOSES
    )
    (choice,) = look.choices
    assert (choice.units, choice.next_on, choice.closes.is_closed) == (2, NEXT, True)
    assert (look.box_price.minor, look.price.minor) == (2200, 3700)


async def test_it_is_charged_with_its_box_and_the_books_are_in_order(database: str) -> None:
    r = await riders(2, tax="standard")
    await r.order(0, units=2)
    await paid(r.market)
    assert await fetch("SELECT units, price_minor, tax_minor FROM box_addon") == [(2, 1500, 239)]
    assert await fetch("SELECT price_minor, tax_minor FROM box ORDER BY number") == [
        (3700, 383),
        (2200, 144),
    ]
    assert await fetch("SELECT amount_minor FROM charge ORDER BY amount_minor") == [
        (2200,),
        (3700,),
    ]
    ((fruit,),) = await fetch("SELECT id FROM box_line WHERE box = $1", r.market.boxes[0])
    told = await problem_store.line_to_tell(r.people[0], UUID(str(fruit)), now=AFTER)
    assert told is not None
    assert (told.price.minor, told.tax.minor) == (2200, 144), (
        "honey is no part of what fruit is worth"
    )
    lines = await addon_store.lines_of(r.market.boxes)
    assert [(each.units, each.price) for each in lines[r.market.boxes[0]]] == [
        (2, Money(1500, "EUR"))
    ]
    assert await broken_invariants() == []


async def test_with_every_box_it_comes_until_it_is_taken_out_and_one_box_may_differ(
    database: str,
) -> None:
    r = await riders()
    await r.order(units=2, every_box=True)
    await r.order(units=0, on=NEXT)
    third = NEXT.add(weeks=1)

    async def units() -> list[int]:
        looks = [
            await RidingService().look(r.people[0], r.market.subscriptions[0], on, now=OPEN)
            for on in (DELIVERY_ON, NEXT, third)
        ]
        return [look.choices[0].units for look in looks]

    assert await units() == [2, 0, 2]
    await r.order(units=0, on=third, every_box=True)
    assert await units() == [2, 0, 0]


async def test_a_day_is_never_oversold_however_many_ask_at_once(database: str) -> None:
    r = await riders(5, limit=3)
    tries = [r.order(n, every_box=n % 2 == 0) for n in range(5)]
    done = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(each, Counted) for each in done) == 3
    assert sum(isinstance(each, AddonFull) for each in done) == 2
    assert await fetch("SELECT sum(units) FROM addon_order") == [(3,)]


async def test_somebody_elses_delivery_and_thing_are_as_missing(database: str) -> None:
    r = await riders(2)
    with pytest.raises(NotFound):
        await RidingService().look(r.people[0], r.market.subscriptions[1], DELIVERY_ON, now=OPEN)
    other = await add_addon(await open_market(slug="other"))
    with pytest.raises(NotFound):
        await RidingService().order(
            r.people[0], r.market.subscriptions[0], DELIVERY_ON, other, 1, every_box=False, now=OPEN
        )


async def test_with_a_box_that_is_given_away_nothing_rides_and_nothing_of_it_is_charged(
    database: str,
) -> None:
    r = await riders()
    await r.order(units=2)
    bank = await add_stop(r.market, kind="food_bank")
    await insert(
        "donation", id=uuid4(), merchant=r.market.merchant, subscription=r.market.subscriptions[0],
        delivery_on=DELIVERY_ON, stop=bank, asked_at=OPEN,
    )  # fmt: skip
    with pytest.raises(NothingRides):
        await r.order(units=3)
    await paid(r.market)
    assert await fetch("SELECT price_minor FROM box") == [(2200,)]
    assert await fetch("SELECT 1 FROM box_addon") == []


async def with_honey(scene: Scene, units: int, *, on: Date, every_box: bool = False) -> UUID:
    addon = await add_addon(scene.market)
    await RidingService().order(
        scene.person, scene.subscription, on, addon, units, every_box=every_box, now=OPEN
    )
    return addon


async def riding(scene: Scene) -> list[int]:
    """Return what the next two deliveries cost beyond their boxes, skipped ones too, in jars."""
    coming = await scene.skipping.deliveries(scene.person, scene.subscription, now=BEFORE)
    return [(each.price.minor % 3900) // 750 for each in coming[:2]]


async def test_skipped_it_goes_and_with_the_box_it_comes_back(database: str) -> None:
    scene = await open_scene()
    await with_honey(scene, 2, on=NEXT)
    skipped = await scene.skipping.skip(scene.person, scene.subscription, NEXT, now=BEFORE)
    back = await scene.skipping.withdraw(scene.person, scene.subscription, NEXT, now=BEFORE)
    assert skipped is not None
    assert back is not None
    assert (skipped.done.effect_minor, back.done.effect_minor) == (-5400, 5400)
    assert await riding(scene) == [0, 2]


async def test_what_closes_while_its_box_is_skipped_stays_away(database: str) -> None:
    scene = await open_scene()
    await with_honey(scene, 2, on=DELIVERY_ON, every_box=True)
    await scene.skipping.skip(scene.person, scene.subscription, DELIVERY_ON, now=OPEN)
    prospect = await scene.skipping.foresee(
        scene.person, scene.subscription, DELIVERY_ON, now=BEFORE
    )
    back = await scene.skipping.withdraw(scene.person, scene.subscription, DELIVERY_ON, now=BEFORE)
    assert back is not None
    assert prospect.price.minor == back.done.effect_minor == 3900
    assert await riding(scene) == [0, 2], "it was not ordered for that box, and comes with the next"


async def test_what_closed_before_its_box_was_skipped_comes_back(database: str) -> None:
    scene = await open_scene()
    await with_honey(scene, 2, on=DELIVERY_ON)
    await scene.skip(DELIVERY_ON)
    await scene.withdraw(DELIVERY_ON)
    assert await riding(scene) == [2, 0]


async def test_of_a_moved_box_it_comes_along_once_and_goes_back_with_it(database: str) -> None:
    scene = await open_scene()
    addon = await with_honey(scene, 1, on=DELIVERY_ON, every_box=True)
    order = RidingService().order
    await order(scene.person, scene.subscription, NEXT, addon, 3, every_box=False, now=OPEN)
    moving = MovingService(scene.planning)
    moved = await moving.move(scene.person, scene.subscription, NEXT, to_on=DELIVERY_ON, now=OPEN)
    assert moved.done.effect_minor == -750, "of every box's one comes, not two"
    assert (await riding(scene))[0] == 3
    back = await moving.move_back(scene.person, scene.subscription, NEXT, now=OPEN)
    assert back is not None
    assert back.done.effect_minor == 750
    assert await riding(scene) == [1, 3]
