"""Lots come in as counted, are held and let go; nothing that makes no sense is believed."""

import json
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from pendulum import Date

from delivery.adapters import trace_page, wave_store
from delivery.errors import AlreadyReceived, FewerThanPromised, NotHoldable, StageUnknown
from delivery.services.stock import Arrived
from ripeday.kit.adapters.engine import connection
from ripeday.kit.errors import InvalidForm, NotFound
from ripening.lot_state import Stay
from subscriptions.adapters.lot_page import lot_of
from tests.delivery.services.floor import (
    MORNING,
    add_place,
    paid,
    paid_boxes,
    stock_service,
    waves_in,
)
from tests.market import Market, add_box, add_lot, broken_invariants, open_market, stock

STOCK = stock_service()
PACKER = uuid4()


async def receive(m: Market, lot: UUID, arrived: Arrived, *, by: Market | None = None) -> int:
    return await STOCK.receive_lot(
        lot, arrived, merchant_ids=[(by or m).merchant], actor_id=PACKER, now=MORNING
    )


async def lot_row(lot: UUID) -> Mapping[str, object]:
    async with connection() as c:
        return dict(await c.fetchrow("SELECT * FROM lot WHERE id = $1", lot))


async def test_a_lot_comes_in_as_counted_at_two_places(database: str) -> None:
    m = await open_market()
    lot = await add_lot(m, "apple_fuji", units=20, received=False)
    second = await add_place(m, "A-01-2", walk=2)

    came = await receive(m, lot, Arrived({m.place: 10, second: 8}, temperature_c=2.5))

    assert came == 18
    assert await stock(lot) == (0, 18, 0)
    assert (await lot_row(lot))["status"] == "available"
    assert await broken_invariants() == []
    async with connection() as c:
        (row,) = await c.fetch("SELECT * FROM audit_entry WHERE subject_id = $1", lot)
    assert (row["action"], row["actor_id"]) == ("receive", PACKER)
    assert json.loads(row["detail"]) == {"units": 18, "announced": 20, "temperature_c": 2.5}


async def test_a_lot_comes_in_once(database: str) -> None:
    m = await open_market()
    lot = await add_lot(m, "apple_fuji", units=20, received=False)
    await receive(m, lot, Arrived({m.place: 20}))

    with pytest.raises(AlreadyReceived):
        await receive(m, lot, Arrived({m.place: 20}))

    assert await stock(lot) == (0, 20, 0)


async def test_another_merchants_packer_finds_no_lot(database: str) -> None:
    m, other = await open_market(), await open_market(slug="havel")
    lot = await add_lot(m, "apple_fuji", units=20, received=False)

    with pytest.raises(NotFound):
        await receive(m, lot, Arrived({m.place: 20}), by=other)
    for deed in (STOCK.hold_lot, STOCK.release_lot, STOCK.recall_lot):
        with pytest.raises(NotFound):
            await deed(lot, merchant_ids=[other.merchant], actor_id=PACKER, now=MORNING)


@pytest.mark.parametrize(
    ("units", "temperature_c", "fields"),
    [
        ({}, None, ["units"]),
        ({"place": 0}, None, ["units"]),
        ({"place": -3}, None, ["units"]),
        ({"place": 41}, None, ["units"]),
        ({"elsewhere": 20}, None, ["place"]),
        ({"place": 20}, 80.0, ["temperature"]),
        ({"elsewhere": 900}, float("nan"), ["units", "place", "temperature"]),
    ],
)
async def test_what_makes_no_sense_is_not_believed(
    database: str, units: dict[str, int], temperature_c: float | None, fields: list[str]
) -> None:
    m, other = await open_market(), await open_market(slug="havel")
    lot = await add_lot(m, "apple_fuji", units=20, received=False)
    places = {"place": m.place, "elsewhere": other.place}
    arrived = Arrived({places[key]: n for key, n in units.items()}, temperature_c=temperature_c)

    with pytest.raises(InvalidForm) as refused:
        await receive(m, lot, arrived)

    assert [error.field for error in refused.value.errors] == fields
    assert await stock(lot) == (20, 0, 0)


async def test_fewer_than_boxes_count_on_is_told_and_not_taken_in(database: str) -> None:
    m = await open_market()
    lot = await add_lot(m, "apple_fuji", units=20, received=False)
    await add_box(m, [(lot, 12)])
    await paid(m)

    with pytest.raises(FewerThanPromised) as refused:
        await receive(m, lot, Arrived({m.place: 11}))

    assert (refused.value.came, refused.value.promised) == (11, 12)
    assert await stock(lot) == (20, 0, 12)
    assert await receive(m, lot, Arrived({m.place: 12})) == 12


async def test_a_lot_that_came_riper_is_graded_anew(database: str) -> None:
    m = await open_market()
    lot = await add_lot(m, "banana", units=20, received=False)

    await receive(m, lot, Arrived({m.place: 20}, stage="6"))

    row = await lot_row(lot)
    assert row["age_days"] == pytest.approx(4.5)
    assert row["graded_on"] == Date(2026, 11, 30)


async def test_a_grade_that_was_not_asked_for_is_refused(database: str) -> None:
    m = await open_market()
    lot = await add_lot(m, "banana", units=20, received=False)

    with pytest.raises(InvalidForm) as refused:
        await receive(m, lot, Arrived({m.place: 20}, stage="9"))

    assert isinstance(refused.value.errors[0], StageUnknown)
    assert await stock(lot) == (20, 0, 0)


@pytest.mark.parametrize("received", [True, False])
async def test_a_held_lot_goes_back_to_where_it_was(database: str, *, received: bool) -> None:
    m = await open_market()
    lot = await add_lot(m, "apple_fuji", units=20, received=received)
    before = (await lot_row(lot))["status"]
    scope = {"merchant_ids": [m.merchant], "actor_id": PACKER, "now": MORNING}

    await STOCK.hold_lot(lot, **scope)  # type: ignore[arg-type]
    assert (await lot_row(lot))["status"] == "held"
    with pytest.raises(NotHoldable):
        await STOCK.hold_lot(lot, **scope)  # type: ignore[arg-type]
    await STOCK.release_lot(lot, **scope)  # type: ignore[arg-type]
    with pytest.raises(NotHoldable):
        await STOCK.release_lot(lot, **scope)  # type: ignore[arg-type]

    assert (await lot_row(lot))["status"] == before
    async with connection() as c:
        actions = await c.fetch("SELECT action FROM audit_entry WHERE subject_id = $1", lot)
    assert [row["action"] for row in actions] == ["hold", "let_go"]


async def test_only_a_held_lot_is_recalled_and_it_never_comes_back(database: str) -> None:
    m = await open_market()
    lot = await add_lot(m, "banana", units=20)
    scope = {"merchant_ids": [m.merchant], "actor_id": PACKER, "now": MORNING}

    with pytest.raises(NotHoldable):
        await STOCK.recall_lot(lot, **scope)  # type: ignore[arg-type]
    await STOCK.hold_lot(lot, **scope)  # type: ignore[arg-type]
    await STOCK.recall_lot(lot, **scope)  # type: ignore[arg-type]

    assert (await lot_row(lot))["status"] == "recalled"
    for deed in (STOCK.recall_lot, STOCK.release_lot, STOCK.hold_lot):
        with pytest.raises(NotHoldable):
            await deed(lot, **scope)  # type: ignore[arg-type]


async def travelled(m: Market) -> UUID:
    """Add a lot on its way since Friday, two days of them in a warm van."""
    lot = await add_lot(m, "banana", units=20, received=False)
    async with connection() as c:
        await c.execute(
            "UPDATE lot SET transit_days = 2, transit_c = 28, stored_days = 5 WHERE id = $1", lot
        )
    return lot


async def test_a_lot_that_is_graded_anew_has_its_road_behind_it(database: str) -> None:
    m = await open_market()
    lot = await travelled(m)

    await receive(m, lot, Arrived({m.place: 20}, stage="2"))

    row = await lot_row(lot)
    assert (row["transit_days"], row["transit_c"], row["stored_days"]) == (None, None, 5)


async def test_a_lot_that_came_as_announced_keeps_its_road(database: str) -> None:
    m = await open_market()
    lot = await travelled(m)

    await receive(m, lot, Arrived({m.place: 20}))

    row = await lot_row(lot)
    assert (row["transit_days"], row["transit_c"], row["stored_days"]) == (2, 28, 5)


async def test_the_floor_reads_of_a_lot_what_its_merchant_reads(
    database: str, tmp_path: Path
) -> None:
    m = await open_market()
    lot = await travelled(m)
    await receive(m, lot, Arrived({m.place: 20}))
    await paid_boxes(m, [[(lot, 2)]])
    wave = await waves_in(tmp_path).release_day(m.day, now=MORNING)
    assert wave is not None

    page = await trace_page.lot_page(lot, [m.merchant], locale="en", now=MORNING)
    (to_pick,) = await wave_store.lots_to_pick(wave)
    view = await lot_of(m.merchant, lot)

    assert page is not None
    assert view is not None
    assert page.state == view.state == to_pick.state
    assert view.state.transit == (Stay(2, 28),)
    assert (page.code, page.units_announced, page.case_units) == ("L-2200", 20, 12)
    assert (to_pick.lot_code, to_pick.units, to_pick.units_before) == ("L-2200", 2, 0)
