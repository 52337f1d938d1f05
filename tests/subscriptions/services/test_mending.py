"""A lot is held, or comes short: boxes that hold it are planned anew, with the reason, and no others."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from delivery.adapters import promise_store
from delivery.services.stock import Arrived, StockService
from delivery.services.supply import StockSupply
from ripeday.kit.adapters.engine import connection
from ripening.learned_times import LearnedProfiles
from ripening.produce import load_profiles
from subscriptions.adapters import change_store
from subscriptions.box_change import ChangeReason
from subscriptions.services.learning import LearningService
from subscriptions.services.mending import MendingService
from subscriptions.services.planning import PlanningService
from tests.market import (
    BEFORE,
    CUTOFF,
    DELIVERY_ON,
    Market,
    add_household,
    add_lot,
    broken_invariants,
    insert,
    open_market,
)
from tests.subscriptions.people import fetch

pytestmark = pytest.mark.usefixtures("database")
HOUSEHOLDS, UNITS = 12, 14
"""Enough of all lots together, and not of any for all households."""
PRODUCE = ("banana", "apple_fuji", "kiwifruit_green", "mandarin", "pear_european")


@dataclass
class Farm:
    """A planned day, and those who work on it."""

    market: Market
    lots: dict[str, UUID]
    planning: PlanningService
    stock: StockService
    mending: MendingService

    async def hold(self, lot: UUID) -> None:
        await self.stock.hold_lot(
            lot, merchant_ids=[self.market.merchant], actor_id=None, now=BEFORE
        )

    async def receive(self, lot: UUID, units: int) -> None:
        await self.stock.receive_lot(
            lot, Arrived({self.market.place: units}), merchant_ids=[self.market.merchant], actor_id=None, now=BEFORE
        )  # fmt: skip

    async def mend(self) -> int:
        return await self.mending.mend_day(self.market.day, now=BEFORE)

    async def contents(self) -> dict[UUID, set[tuple[UUID, int, int]]]:
        rows = await fetch(
            "SELECT box.id, line.lot, line.units, line.mode FROM box LEFT JOIN box_line line ON line.box = box.id"
            " WHERE box.delivery_day = $1",
            self.market.day,
        )
        found: dict[UUID, set[tuple[UUID, int, int]]] = {}
        for box, *line in rows:
            found.setdefault(box, set()).add(tuple(line))  # type: ignore[arg-type]
        return found

    async def holders(self, lot: UUID) -> set[UUID]:
        held = await self.contents()
        return {box for box, lines in held.items() if any(line[0] == lot for line in lines)}

    async def edited(self, *boxes: UUID) -> None:
        await fetch(
            "UPDATE box SET status = 'edited', edited_at = $2 WHERE id = ANY($1) RETURNING id",
            list(boxes), BEFORE,
        )  # fmt: skip


async def open_farm(
    *,
    slug: str = "greengate",
    received: bool = False,
    households: int = HOUSEHOLDS,
    units: int = UNITS,
) -> Farm:
    market = await open_market(slug=slug)
    lots = {
        key: await add_lot(market, key, units=units, received=received, age_days=2.0)
        for key in PRODUCE
    }
    for n in range(households):
        await never_wants(await add_household(market), market, PRODUCE[n % len(PRODUCE)])
    profiles = LearnedProfiles(load_profiles())
    planning = PlanningService(StockSupply(), profiles)
    assert await planning.plan_day(market.day, now=BEFORE)
    stock = StockService(LearningService(profiles, planning))
    return Farm(market, lots, planning, stock, MendingService(planning))


async def never_wants(subscription: UUID, market: Market, produce: str) -> None:
    """So that not all boxes are alike."""
    ((household,),) = await fetch("SELECT household FROM subscription WHERE id = $1", subscription)
    await insert(
        "household_taste", id=uuid4(), merchant=market.merchant, household=household, produce=produce,
        taste="never",
    )  # fmt: skip


async def due() -> list[str]:
    async with connection() as c:
        return [row[0] for row in await c.fetch(promise_store.DUE_TO_MEND, BEFORE)]


async def most_held(farm: Farm) -> UUID:
    """Return the lot that most boxes hold, of those that not all do."""
    counts = {lot: len(await farm.holders(lot)) for lot in farm.lots.values()}
    some = {lot: n for lot, n in counts.items() if 1 < n < len(await farm.contents())}
    return max(some, key=lambda each: some[each])


async def assert_no_more_promised_than_there_is() -> None:
    over = await fetch(
        "SELECT stock.lot FROM lot_stock stock WHERE stock.on_hand + stock.announced - stock.reserved < ("
        " SELECT coalesce(sum(line.units), 0) FROM box_line line JOIN box ON box.id = line.box"
        " WHERE line.lot = stock.lot AND box.status IN ('proposed', 'edited', 'locked'))"
    )
    assert over == []
    assert await broken_invariants() == []


async def test_a_held_lot_leaves_every_box_and_no_other_box_changes() -> None:
    farm = await open_farm()
    lot = await most_held(farm)
    assert await due() == []
    before, holders = await farm.contents(), await farm.holders(lot)

    await farm.hold(lot)
    assert await due() == [str(farm.market.day)]
    assert await farm.mend() == len(holders)

    after = await farm.contents()
    assert await farm.holders(lot) == set()
    assert {box for box in after if after[box] != before[box]} == holders
    assert await due() == []
    await assert_no_more_promised_than_there_is()


async def test_each_change_says_what_failed_what_went_and_what_came() -> None:
    farm = await open_farm()
    lot = await most_held(farm)
    holders = await farm.holders(lot)
    produce = next(key for key, each in farm.lots.items() if each == lot)

    await farm.hold(lot)
    await farm.mend()

    changes = await change_store.changes_of(list(holders))
    for box in holders:
        (change,) = changes[box]
        assert change.reason is ChangeReason.NOT_ARRIVED
        assert change.lot_produce == produce
        assert change.gone[produce] > 0
        assert produce not in change.came
    (cause,) = await change_store.changes_by_cause(farm.market.merchant, farm.market.day)
    assert (cause.reason, cause.lot_id, cause.n_boxes) == (
        ChangeReason.NOT_ARRIVED, lot, len(holders),
    )  # fmt: skip


async def test_a_lot_that_is_held_in_the_building_did_not_pass() -> None:
    farm = await open_farm(received=True)
    lot = await most_held(farm)
    (box, *_) = await farm.holders(lot)

    await farm.hold(lot)
    await farm.mend()

    (change,) = (await change_store.changes_of([box]))[box]
    assert change.reason is ChangeReason.HELD_BACK


async def test_of_a_lot_that_comes_short_only_as_many_boxes_change_as_it_takes() -> None:
    farm = await open_farm()
    lot = await most_held(farm)
    before = await farm.contents()
    planned = sum(line[1] for lines in before.values() for line in lines if line[0] == lot)

    await farm.receive(lot, planned - 1)
    assert await due() == [str(farm.market.day)]
    assert await farm.mend() == 1

    after = await farm.contents()
    assert sum(after[box] != before[box] for box in after) <= 1
    assert await due() == []
    await assert_no_more_promised_than_there_is()


async def test_what_households_have_edited_stays_while_another_box_can_give() -> None:
    farm = await open_farm()
    lot = await most_held(farm)
    before, holders = await farm.contents(), sorted(await farm.holders(lot))
    free_to_change = holders[0]
    await farm.edited(*holders[1:])
    planned = sum(line[1] for lines in before.values() for line in lines if line[0] == lot)

    await farm.receive(lot, planned - 1)
    await farm.mend()

    after = await farm.contents()
    assert {box for box in after if after[box] != before[box]} <= {free_to_change}
    assert await due() == []
    assert await fetch("SELECT count(*) FROM outbox WHERE topic = 'notice'") == [(0,)]


async def test_who_has_edited_a_box_that_loses_its_lot_gets_one_mail() -> None:
    farm = await open_farm()
    lot = await most_held(farm)
    edited = min(await farm.holders(lot))
    await farm.edited(edited)

    await farm.hold(lot)
    await farm.mend()
    await farm.mend()

    told = await fetch(
        "SELECT payload->>'kind', payload->>'box' FROM outbox WHERE topic = 'notice'"
    )
    assert told == [("box_changed", str(edited))]
    assert await fetch("SELECT status FROM box WHERE id = $1", edited) == [("edited",)]


async def test_mending_again_changes_nothing() -> None:
    farm = await open_farm()
    lot = await most_held(farm)
    await farm.hold(lot)
    await farm.mend()
    once = await farm.contents(), await fetch("SELECT * FROM box_change ORDER BY id")

    assert await farm.mend() == 0

    assert (await farm.contents(), await fetch("SELECT * FROM box_change ORDER BY id")) == once


async def test_a_closed_day_is_not_mended() -> None:
    farm = await open_farm()
    lot = await most_held(farm)
    await farm.hold(lot)

    assert await farm.mending.mend_day(farm.market.day, now=CUTOFF) == 0

    assert await farm.holders(lot)


async def test_work_that_dies_half_way_leaves_nothing_and_is_found_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    farm = await open_farm()
    lot = await most_held(farm)
    await farm.hold(lot)
    before = await farm.contents()

    async def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(change_store, "note", die)
        with pytest.raises(KeyboardInterrupt):
            await farm.mend()

    assert await farm.contents() == before
    assert await due() == [str(farm.market.day)]
    assert await farm.mend() > 0


async def test_the_same_damage_is_mended_the_same_way() -> None:
    found = []
    for slug in ("aa", "bb"):
        farm = await open_farm(slug=slug)
        numbers = dict(
            await fetch("SELECT id, number FROM box WHERE merchant = $1", farm.market.merchant)
        )  # type: ignore[arg-type]
        await farm.hold(farm.lots["banana"])
        await farm.mend()
        keys = {lot: key for key, lot in farm.lots.items()}
        found.append(
            {
                numbers[box]: {(keys[lot], units, mode) for lot, units, mode in lines if lot}
                for box, lines in (await farm.contents()).items()
            }
        )
    assert found[0] == found[1]


async def test_a_box_before_a_skipped_delivery_is_mended_for_all_the_days_it_has_to_last() -> None:
    farm = await open_farm()
    lot = await most_held(farm)
    box = min(await farm.holders(lot))
    ((subscription,),) = await fetch("SELECT subscription FROM box WHERE id = $1", box)
    await insert(
        "skip", id=uuid4(), merchant=farm.market.merchant, subscription=subscription,
        delivery_on=DELIVERY_ON.add(weeks=1), skipped_at=BEFORE,
    )  # fmt: skip

    await farm.hold(lot)
    await farm.mend()

    ((days, need),) = await fetch("SELECT horizon_days, need FROM box WHERE id = $1", box)
    assert days == 14
    assert need is not None
    assert await broken_invariants() == []
