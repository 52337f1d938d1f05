"""From open to paid: who gets stock, who is charged, and what comes back."""

import asyncio

import pytest

from delivery.adapters import stock_store
from delivery.errors import NotYetCutOff
from delivery.services.cutoff import CutoffService
from delivery.services.supply import StockSupply
from ripeday.kit.adapters.engine import connection
from subscriptions.lifecycle import BoxStatus
from subscriptions.ports import ChargeOutcome, ChargeReceipt, PaymentUnavailable
from subscriptions.services.billing import BillingService
from tests.bank import Bank
from tests.market import (
    AFTER,
    BEFORE,
    CUTOFF,
    Market,
    add_box,
    add_lot,
    broken_invariants,
    open_market,
    statuses,
    stock,
)


def cutoff_with(bank: Bank) -> CutoffService:
    return CutoffService(BillingService(bank, StockSupply()))  # type: ignore[arg-type]


async def locked_and_reserved(m: Market, service: CutoffService) -> int:
    await service.lock_day(m.day, now=CUTOFF)
    return await service.reserve_day(m.day, now=AFTER)


async def test_before_the_cut_off_a_day_cannot_be_locked(database: str) -> None:
    m = await open_market()

    with pytest.raises(NotYetCutOff):
        await cutoff_with(Bank()).lock_day(m.day, now=BEFORE)


async def test_at_the_cut_off_boxes_lock_once(database: str) -> None:
    m = await open_market()
    lot = await add_lot(m, "apple_fuji", units=10)
    await add_box(m, [(lot, 2)])
    service = cutoff_with(Bank())

    assert await service.lock_day(m.day, now=CUTOFF) == 1
    assert await service.lock_day(m.day, now=AFTER) == 0


async def test_a_box_is_reserved_whole_or_not_at_all(database: str) -> None:
    m = await open_market()
    plenty, scarce = await add_lot(m, "apple_fuji", units=10), await add_lot(m, "mandarin", units=1)
    await add_box(m, [(plenty, 2), (scarce, 2)])

    assert await locked_and_reserved(m, cutoff_with(Bank())) == 0

    assert await statuses(m) == ["short"]
    assert (await stock(plenty))[2] == (await stock(scarce))[2] == 0


async def test_the_first_subscribed_is_served_first(database: str) -> None:
    m = await open_market()
    lot = await add_lot(m, "apple_fuji", units=5)
    for units in (2, 2, 2, 1):
        await add_box(m, [(lot, units)])

    assert await locked_and_reserved(m, cutoff_with(Bank())) == 3

    assert await statuses(m) == ["reserved", "reserved", "short", "reserved"]
    assert await stock(lot) == (0, 5, 5)


async def test_a_box_that_wants_too_much_does_not_block_those_behind_it(database: str) -> None:
    m = await open_market()
    lot = await add_lot(m, "apple_fuji", units=3)
    await add_box(m, [(lot, 3), (lot, 2)])
    await add_box(m, [(lot, 3)])

    await locked_and_reserved(m, cutoff_with(Bank()))

    assert await statuses(m) == ["short", "reserved"]


async def test_an_empty_box_is_short_and_never_charged(database: str) -> None:
    m, bank = await open_market(), Bank()
    await add_box(m, [])
    service = cutoff_with(bank)
    await locked_and_reserved(m, service)

    assert await service.charge_box(m.boxes[0], now=AFTER) is BoxStatus.SHORT
    assert bank.taken == []


async def test_announced_units_may_be_promised(database: str) -> None:
    m = await open_market()
    lot = await add_lot(m, "apple_fuji", units=4, received=False)
    await add_box(m, [(lot, 4)])

    await locked_and_reserved(m, cutoff_with(Bank()))

    assert await statuses(m) == ["reserved"]
    assert await stock(lot) == (4, 0, 4)


async def test_a_held_lot_is_not_reserved(database: str) -> None:
    m = await open_market()
    lot = await add_lot(m, "apple_fuji", units=4)
    await add_box(m, [(lot, 1)])
    async with connection() as c:
        await c.execute("UPDATE lot SET status = 'held' WHERE id = $1", lot)

    await locked_and_reserved(m, cutoff_with(Bank()))

    assert await statuses(m) == ["short"]


async def test_two_days_at_once_never_sell_a_unit_twice(database: str) -> None:
    """The same scarce lot is wanted by boxes of the same day through two workers."""
    m = await open_market()
    lot = await add_lot(m, "apple_fuji", units=7)
    for _ in range(10):
        await add_box(m, [(lot, 1)])
    service = cutoff_with(Bank())
    await service.lock_day(m.day, now=CUTOFF)

    reserved = await asyncio.gather(*(service.reserve_day(m.day, now=AFTER) for _ in range(4)))

    assert sum(reserved) == 7
    assert await stock(lot) == (0, 7, 7)
    assert (await statuses(m)).count("short") == 3
    assert await broken_invariants() == []


async def test_a_paid_box_is_posted_once_and_charged_once(database: str) -> None:
    m, bank = await open_market(), Bank()
    await add_box(m, [(await add_lot(m, "apple_fuji", units=4), 1)])
    service = cutoff_with(bank)
    await locked_and_reserved(m, service)

    first = await service.charge_box(m.boxes[0], now=AFTER)
    again = await service.charge_box(m.boxes[0], now=AFTER.add(minutes=5))

    assert first is again is BoxStatus.PAID
    assert bank.taken == m.boxes
    assert await broken_invariants() == []


async def test_ten_workers_charging_one_box_take_the_money_once(database: str) -> None:
    m, bank = await open_market(), Bank()
    await add_box(m, [(await add_lot(m, "apple_fuji", units=4), 1)])
    service = cutoff_with(bank)
    await locked_and_reserved(m, service)

    await asyncio.gather(*(service.charge_box(m.boxes[0], now=AFTER) for _ in range(10)))

    assert bank.taken == m.boxes
    assert await statuses(m) == ["paid"]
    assert await broken_invariants() == []


async def test_a_declined_card_gives_its_stock_back_and_is_told(database: str) -> None:
    m, bank = await open_market(), Bank(answers={"pm_broke": ChargeOutcome.DECLINED})
    lot = await add_lot(m, "apple_fuji", units=4)
    await add_box(m, [(lot, 3)], card=("cus_1", "pm_broke"))
    service = cutoff_with(bank)
    await locked_and_reserved(m, service)

    assert await service.charge_box(m.boxes[0], now=AFTER) is BoxStatus.DECLINED

    assert await stock(lot) == (0, 4, 0)
    async with connection() as c:
        told = await c.fetchval("SELECT payload->>'kind' FROM outbox WHERE topic = 'notice'")
    assert told == "card_declined"
    assert await broken_invariants() == []


async def test_a_box_whose_bank_wants_the_customer_keeps_its_stock(database: str) -> None:
    m, bank = await open_market(), Bank(answers={"pm_3ds": ChargeOutcome.NEEDS_AUTHENTICATION})
    lot = await add_lot(m, "apple_fuji", units=4)
    await add_box(m, [(lot, 3)], card=("cus_1", "pm_3ds"))
    service = cutoff_with(bank)
    await locked_and_reserved(m, service)

    assert await service.charge_box(m.boxes[0], now=AFTER) is BoxStatus.NEEDS_AUTHENTICATION
    assert await stock(lot) == (0, 4, 3)

    paid = ChargeReceipt(ChargeOutcome.SUCCEEDED, "pi_0")
    status = await service.billing.apply_receipt(m.boxes[0], 1, paid, now=AFTER.add(hours=1))
    assert status is BoxStatus.PAID
    assert await broken_invariants() == []


async def test_a_charge_without_an_answer_is_asked_about_and_never_repeated(database: str) -> None:
    m, bank = await open_market(), Bank(silent=1)
    lot = await add_lot(m, "apple_fuji", units=4)
    await add_box(m, [(lot, 3)])
    service = cutoff_with(bank)
    await locked_and_reserved(m, service)

    with pytest.raises(PaymentUnavailable):
        await service.charge_box(m.boxes[0], now=AFTER)
    assert await statuses(m) == ["charge_unknown"]
    assert (await stock(lot))[2] == 3

    assert await service.settle_box(m.boxes[0], now=AFTER.add(minutes=1)) is BoxStatus.PAID
    assert bank.taken == m.boxes


async def test_a_key_the_provider_has_forgotten_is_never_sent_again(database: str) -> None:
    m, bank = await open_market(), Bank(silent=1)
    await add_box(m, [(await add_lot(m, "apple_fuji", units=4), 1)])
    service = cutoff_with(bank)
    await locked_and_reserved(m, service)
    with pytest.raises(PaymentUnavailable):
        await service.charge_box(m.boxes[0], now=AFTER)
    bank.intents.clear()

    with pytest.raises(PaymentUnavailable):
        await service.settle_box(m.boxes[0], now=AFTER.add(hours=25))

    assert bank.intents == {}
    assert await statuses(m) == ["charge_unknown"]


async def test_a_late_webhook_changes_nothing_that_is_settled(database: str) -> None:
    m, bank = await open_market(), Bank(answers={"pm_broke": ChargeOutcome.DECLINED})
    await add_box(m, [(await add_lot(m, "apple_fuji", units=4), 1)], card=("cus_1", "pm_broke"))
    await add_box(m, [(m.lots[0], 1)])
    service = cutoff_with(bank)
    await locked_and_reserved(m, service)
    for box in m.boxes:
        await service.charge_box(box, now=AFTER)

    late = ChargeReceipt(ChargeOutcome.DECLINED, "pi_1", "insufficient_funds")
    for box in m.boxes:
        await service.billing.apply_receipt(box, 1, late, now=AFTER.add(minutes=1))

    assert await statuses(m) == ["declined", "paid"]
    assert await broken_invariants() == []


async def test_a_lot_whose_last_unit_is_packed_is_depleted(database: str) -> None:
    m = await open_market()
    lot = await add_lot(m, "apple_fuji", units=2)
    await add_box(m, [(lot, 2)])
    service = cutoff_with(Bank())
    await locked_and_reserved(m, service)
    await service.charge_box(m.boxes[0], now=AFTER)

    await stock_store.consume(m.boxes, now=AFTER)

    async with connection() as c:
        assert await c.fetchval("SELECT status FROM lot WHERE id = $1", lot) == "depleted"


async def test_packing_consumes_what_was_reserved_from_the_places_it_lies_at(database: str) -> None:
    m = await open_market()
    lot = await add_lot(m, "apple_fuji", units=5)
    await add_box(m, [(lot, 2)])
    service = cutoff_with(Bank())
    await locked_and_reserved(m, service)
    await service.charge_box(m.boxes[0], now=AFTER)

    await stock_store.consume(m.boxes, now=AFTER)
    await stock_store.consume(m.boxes, now=AFTER)

    assert await stock(lot) == (0, 3, 0)
    assert await broken_invariants() == []
