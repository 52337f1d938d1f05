"""Packing, shipping and arrival: each happens once, and only for one's own boxes."""

import asyncio
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from delivery.errors import LotWithheld, NotPackable
from delivery.lifecycle import Carrier
from delivery.services.shipping import ShippingService
from ripeday.kit.adapters.engine import connection
from ripeday.kit.errors import NotFound
from tests.delivery.services.floor import MORNING, paid_boxes, waves_in
from tests.market import Market, add_box, add_lot, broken_invariants, open_market, stock

SHIPPING = ShippingService()


async def wave_of_two(folder: Path) -> tuple[Market, UUID]:
    m = await open_market()
    lot = await add_lot(m, "apple_fuji", units=20)
    await paid_boxes(m, [[(lot, 2)], [(lot, 3)]])
    wave = await waves_in(folder).release_day(m.day, now=MORNING)
    assert wave is not None
    return m, wave


async def pack(m: Market, boxes: list[UUID], *, by: Market | None = None) -> int:
    return await SHIPPING.pack(
        boxes, merchant_ids=[(by or m).merchant], actor_id=uuid4(), now=MORNING
    )


async def notices(kind: str) -> int:
    async with connection() as c:
        return int(
            await c.fetchval("SELECT count(*) FROM outbox WHERE payload->>'kind' = $1", kind)
        )


async def test_packing_takes_the_units_out_of_stock_once(database: str, tmp_path: Path) -> None:
    m, _ = await wave_of_two(tmp_path)
    assert await stock(m.lots[0]) == (0, 20, 5)

    assert await pack(m, m.boxes[:1]) == 1
    assert await pack(m, m.boxes) == 1
    assert await pack(m, m.boxes) == 0

    assert await stock(m.lots[0]) == (0, 15, 0)
    assert await broken_invariants() == []


async def test_ten_packers_tapping_at_once_pack_a_box_once(database: str, tmp_path: Path) -> None:
    m, _ = await wave_of_two(tmp_path)

    packed = await asyncio.gather(*(pack(m, m.boxes) for _ in range(10)))

    assert sum(packed) == 2
    assert await stock(m.lots[0]) == (0, 15, 0)
    assert await broken_invariants() == []


async def test_another_merchants_packer_cannot_pack_ship_or_deliver(
    database: str, tmp_path: Path
) -> None:
    m, wave = await wave_of_two(tmp_path)
    other = await open_market(slug="havel")
    with pytest.raises(NotFound):
        await pack(m, m.boxes, by=other)
    await pack(m, m.boxes)

    with pytest.raises(NotFound):
        await SHIPPING.ship(wave, merchant_ids=[other.merchant], now=MORNING)
    await SHIPPING.ship(wave, merchant_ids=[m.merchant], now=MORNING)
    with pytest.raises(NotFound):
        await SHIPPING.deliver(wave, merchant_ids=[other.merchant], now=MORNING)

    assert await notices("box_delivered") == 0


async def test_a_box_outside_a_wave_cannot_be_packed(database: str, tmp_path: Path) -> None:
    m, _ = await wave_of_two(tmp_path)
    with pytest.raises(NotFound):
        await pack(m, [m.boxes[0], uuid4()])
    late = await add_box(m, [(m.lots[0], 1)])

    with pytest.raises(NotFound):
        await pack(m, [late])

    assert await stock(m.lots[0]) == (0, 20, 5)


async def test_only_packed_boxes_leave_and_each_household_is_told_once(
    database: str, tmp_path: Path
) -> None:
    m, wave = await wave_of_two(tmp_path)
    await pack(m, m.boxes[:1])

    left = [await SHIPPING.ship(wave, merchant_ids=[m.merchant], now=MORNING) for _ in range(2)]
    await pack(m, m.boxes[1:])
    left.append(await SHIPPING.ship(wave, merchant_ids=[m.merchant], now=MORNING))

    assert left == [1, 0, 1]
    assert await notices("box_shipped") == 2


async def test_only_boxes_that_left_arrive(database: str, tmp_path: Path) -> None:
    m, wave = await wave_of_two(tmp_path)
    await pack(m, m.boxes)
    assert await SHIPPING.deliver(wave, merchant_ids=[m.merchant], now=MORNING) == 0
    await SHIPPING.ship(wave, merchant_ids=[m.merchant], now=MORNING)

    assert await SHIPPING.deliver(wave, merchant_ids=[m.merchant], now=MORNING) == 2
    assert await SHIPPING.deliver(wave, merchant_ids=[m.merchant], now=MORNING) == 0

    assert await notices("box_delivered") == 2


async def test_a_carrier_keeps_its_tracking_number(database: str, tmp_path: Path) -> None:
    m, wave = await wave_of_two(tmp_path)
    await pack(m, m.boxes)

    await SHIPPING.ship(
        wave, merchant_ids=[m.merchant], now=MORNING, carrier=Carrier.MANUAL, tracking="SF123"
    )

    async with connection() as c:
        rows = await c.fetch("SELECT DISTINCT carrier, tracking FROM shipment")
    assert [tuple(row) for row in rows] == [("manual", "SF123")]


async def test_a_box_that_left_cannot_be_packed_again(database: str, tmp_path: Path) -> None:
    m, wave = await wave_of_two(tmp_path)
    await pack(m, m.boxes)
    await SHIPPING.ship(wave, merchant_ids=[m.merchant], now=MORNING)

    with pytest.raises(NotPackable):
        await pack(m, m.boxes)


async def test_a_box_with_a_held_lot_stays_open(database: str, tmp_path: Path) -> None:
    m, _ = await wave_of_two(tmp_path)
    async with connection() as c:
        await c.execute("UPDATE lot SET status = 'held' WHERE id = $1", m.lots[0])

    with pytest.raises(LotWithheld, match="L-2200"):
        await pack(m, m.boxes)

    assert await stock(m.lots[0]) == (0, 20, 5)
