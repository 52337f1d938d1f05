"""Waves: each paid box goes into one, and its papers say what to take from where."""

from pathlib import Path
from uuid import uuid4

import pytest

from delivery.adapters import stock_store, wave_store
from delivery.lifecycle import Paper
from delivery.services.shipping import ShippingService
from ripeday.kit.adapters.engine import connection
from ripeday.kit.errors import NotFound
from subscriptions.ports import ChargeOutcome
from tests.bank import Bank
from tests.delivery.papers.reading import pages_of, scan, text_of
from tests.delivery.services.floor import MORNING, add_place, paid, paid_boxes, waves_in
from tests.market import (
    LONG_AGO,
    PACK_ON,
    Market,
    add_box,
    add_lot,
    broken_invariants,
    open_market,
)


async def market_with_two_boxes() -> Market:
    m = await open_market()
    apples, kiwis = (
        await add_lot(m, "apple_fuji", units=20),
        await add_lot(m, "kiwifruit_green", units=20),
    )
    await paid_boxes(m, [[(apples, 2), (kiwis, 3)], [(apples, 1)]])
    return m


async def picked(folder: Path, wave_id: object) -> list[tuple[str, str, int, str | None]]:
    """Return (place, lot, units, else) of each line of a wave's list."""
    waves = waves_in(folder)
    wave = await wave_store.wave_head(wave_id)  # type: ignore[arg-type]
    assert wave is not None
    paper = await waves.picking(wave, "en", now=MORNING)
    return [
        (line.place, line.lot_code, line.units, line.else_place)
        for zone in paper.zones
        for line in zone.lines
    ]


async def test_a_wave_takes_each_paid_box_once(database: str, tmp_path: Path) -> None:
    m = await market_with_two_boxes()
    waves = waves_in(tmp_path)

    first = await waves.release_day(m.day, now=MORNING)
    again = await waves.release_day(m.day, now=MORNING.add(minutes=1))

    assert first is not None
    assert again is None
    wave = await wave_store.wave_head(first)
    assert wave is not None
    assert (wave.number, wave.n_boxes, wave.code) == (1, 2, "W26-1201-3-1")
    boxes = await wave_store.boxes_to_pack(first)
    assert {box.box_id for box in boxes} == set(m.boxes)
    assert len({box.sscc for box in boxes}) == 2
    assert await broken_invariants() == []


async def test_a_box_that_is_paid_late_goes_into_the_second_wave(
    database: str, tmp_path: Path
) -> None:
    m = await open_market()
    lot, bank = await add_lot(m, "apple_fuji", units=20), Bank()
    await add_box(m, [(lot, 2)])
    await add_box(m, [(lot, 3)], card=("cus_2", "pm_slow"))
    bank.answers["pm_slow"] = ChargeOutcome.NEEDS_AUTHENTICATION
    await paid(m, bank)
    waves = waves_in(tmp_path)
    first = await waves.release_day(m.day, now=MORNING)
    async with connection() as c:
        await c.execute("UPDATE box SET status = 'paid' WHERE id = $1", m.boxes[1])

    second = await waves.release_day(m.day, now=MORNING.add(hours=1))

    assert first is not None
    assert second is not None
    head = await wave_store.wave_head(second)
    assert head is not None
    assert (head.number, head.n_waves, head.n_boxes) == (2, 2, 1)
    assert [box.box_id for box in await wave_store.boxes_to_pack(second)] == [m.boxes[1]]


async def test_nothing_paid_makes_no_wave(database: str, tmp_path: Path) -> None:
    m = await open_market()
    await add_box(m, [(await add_lot(m, "apple_fuji", units=2), 1)])

    assert await waves_in(tmp_path).release_day(m.day, now=MORNING) is None


async def test_another_merchants_packer_finds_no_day_and_no_wave(
    database: str, tmp_path: Path
) -> None:
    m = await market_with_two_boxes()
    other = await open_market(slug="havel")
    waves = waves_in(tmp_path)
    with pytest.raises(NotFound):
        await waves.release_day(m.day, now=MORNING, merchant_ids=[other.merchant])
    wave = await waves.release_day(m.day, now=MORNING, merchant_ids=[m.merchant])
    assert wave is not None

    with pytest.raises(NotFound):
        await waves.wave_of(wave, merchant_ids=[other.merchant])
    with pytest.raises(NotFound):
        await waves.print_papers(wave, now=MORNING, merchant_ids=[other.merchant])
    with pytest.raises(NotFound):
        await waves.wave_of(uuid4(), merchant_ids=[m.merchant])


async def test_papers_are_written_whole_and_their_codes_can_be_read(
    database: str, tmp_path: Path
) -> None:
    m = await market_with_two_boxes()
    waves = waves_in(tmp_path)
    wave_id = await waves.release_day(m.day, now=MORNING)
    assert wave_id is not None

    made = await waves.print_papers(wave_id, now=MORNING)

    assert set(made) == set(Paper)
    assert not list(tmp_path.rglob("*.part"))
    assert {paper for paper, _, _ in await wave_store.prints_of(wave_id)} == set(Paper)
    pick_list = made[Paper.PICK_LIST].read_bytes()
    assert "W26-1201-3-1" in {code.text for code in scan(pick_list, dpi=300)}
    assert "A-01-1" in text_of(pick_list)
    labels = made[Paper.LABELS].read_bytes()
    assert pages_of(labels) == 2
    ssccs = {box.sscc for box in await wave_store.boxes_to_pack(wave_id)}
    read = {code.text for page in (0, 1) for code in scan(labels, page=page)}
    assert {f"00{sscc}" for sscc in ssccs} <= {text.strip("()").replace(")", "") for text in read}


async def test_printing_again_replaces_the_papers(database: str, tmp_path: Path) -> None:
    m = await market_with_two_boxes()
    waves = waves_in(tmp_path)
    wave_id = await waves.release_day(m.day, now=MORNING)
    assert wave_id is not None
    await waves.print_papers(wave_id, now=MORNING)

    await waves.print_papers(wave_id, now=MORNING.add(minutes=5))

    assert len(await wave_store.prints_of(wave_id)) == len(Paper)
    async with connection() as c:
        times = await c.fetch("SELECT DISTINCT made_at FROM print WHERE wave = $1", wave_id)
    assert [row["made_at"] for row in times] == [MORNING.add(minutes=5)]


async def test_a_lot_at_two_places_is_picked_in_walking_order(
    database: str, tmp_path: Path
) -> None:
    m = await open_market()
    lot = await add_lot(m, "apple_fuji", units=9, received=False)
    further = await add_place(m, "A-02-1", walk=2)
    await stock_store.receive(lot, units={further: 4, m.place: 5}, now=LONG_AGO)
    await paid_boxes(m, [[(lot, 6)]])

    wave = await waves_in(tmp_path).release_day(m.day, now=MORNING)

    assert await picked(tmp_path, wave) == [
        ("A-01-1", "L-2200", 5, "A-02-1"),
        ("A-02-1", "L-2200", 1, "A-01-1"),
    ]


async def test_the_second_wave_starts_where_the_first_one_ends(
    database: str, tmp_path: Path
) -> None:
    """Whether the first wave is packed already or not."""
    m = await open_market()
    lot = await add_lot(m, "apple_fuji", units=9, received=False)
    further = await add_place(m, "A-02-1", walk=2)
    await stock_store.receive(lot, units={further: 4, m.place: 5}, now=LONG_AGO)
    bank = Bank(answers={"pm_slow": ChargeOutcome.NEEDS_AUTHENTICATION})
    await add_box(m, [(lot, 4)])
    await add_box(m, [(lot, 3)], card=("cus_2", "pm_slow"))
    await paid(m, bank)
    waves = waves_in(tmp_path)
    first = await waves.release_day(m.day, now=MORNING)
    async with connection() as c:
        await c.execute("UPDATE box SET status = 'paid' WHERE id = $1", m.boxes[1])
    second = await waves.release_day(m.day, now=MORNING.add(hours=1))

    expected = [("A-01-1", "L-2200", 1, "A-02-1"), ("A-02-1", "L-2200", 2, "A-01-1")]
    assert await picked(tmp_path, first) == [("A-01-1", "L-2200", 4, "A-02-1")]
    assert await picked(tmp_path, second) == expected

    await ShippingService().pack(
        m.boxes[:1], merchant_ids=[m.merchant], actor_id=None, now=MORNING.add(hours=2)
    )

    assert await picked(tmp_path, first) == [("A-01-1", "L-2200", 4, "A-02-1")]
    assert await picked(tmp_path, second) == expected


async def test_a_lot_that_is_not_in_yet_stands_on_the_list_with_its_day(
    database: str, tmp_path: Path
) -> None:
    m = await open_market()
    await paid_boxes(m, [[(await add_lot(m, "apple_fuji", units=9, received=False), 6)]])
    waves = waves_in(tmp_path)
    wave_id = await waves.release_day(m.day, now=MORNING)
    assert wave_id is not None
    wave = await waves.wave_of(wave_id, merchant_ids=[m.merchant])

    text = text_of(await waves.paper(wave, Paper.PICK_LIST, "en", now=MORNING))

    assert "Not in yet" in text
    assert "due Fri" in text
    assert "L-2200" in text


async def test_a_held_lot_is_marked_on_the_list(database: str, tmp_path: Path) -> None:
    m = await market_with_two_boxes()
    waves = waves_in(tmp_path)
    wave_id = await waves.release_day(m.day, now=MORNING)
    assert wave_id is not None
    async with connection() as c:
        await c.execute("UPDATE lot SET status = 'held' WHERE id = $1", m.lots[0])
    wave = await waves.wave_of(wave_id, merchant_ids=[m.merchant])

    for locale, words in (("en", "HELD"), ("zh", "暂扣")):
        text = text_of(await waves.paper(wave, Paper.PICK_LIST, locale, now=MORNING))
        assert text.count(words) == 1


async def test_two_lots_of_one_produce_in_a_wave_can_be_told_apart_when_packing(
    database: str, tmp_path: Path
) -> None:
    m = await open_market()
    green = await add_lot(m, "banana", units=9)
    yellow = await add_lot(m, "banana", units=9, age_days=4.5)
    alone = await add_lot(m, "apple_fuji", units=9)
    await paid_boxes(m, [[(green, 2), (yellow, 3), (alone, 1)]])
    waves = waves_in(tmp_path)
    wave_id = await waves.release_day(m.day, now=MORNING)
    assert wave_id is not None
    wave = await waves.wave_of(wave_id, merchant_ids=[m.merchant])

    text = text_of(await waves.paper(wave, Paper.PACK_LIST, "en", now=MORNING))

    assert "L-2200" in text
    assert "L-2201" in text
    assert "L-2202" not in text


async def test_the_lists_of_a_pack_day_come_as_one_paper(database: str, tmp_path: Path) -> None:
    m = await market_with_two_boxes()
    waves = waves_in(tmp_path)
    with pytest.raises(NotFound, match="GR1"):
        await waves.pick_list("GR1", PACK_ON, locale="en", now=MORNING)
    await waves.release_day(m.day, now=MORNING)

    pdf = await waves.pick_list("GR1", PACK_ON, locale="zh", now=MORNING)

    assert pages_of(pdf) == 1
    assert "拣货单" in text_of(pdf)
