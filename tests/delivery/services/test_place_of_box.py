"""Where a box is left: at one stop with others, at another door for a while, or at home; papers say the same."""

from pathlib import Path

import asyncpg
import pytest

from delivery.adapters import trace_page, wave_store
from delivery.lifecycle import Paper
from ripeday.kit.adapters.engine import connection
from tests.delivery.papers.reading import text_of
from tests.delivery.services.floor import MORNING, paid_boxes, waves_in
from tests.market import Market, add_lot, add_stop, move_box, open_market


async def market_of_places() -> Market:
    """Four paid boxes: at home, at the bakery for good, at the bakery this once, and at a neighbour's this once."""
    m = await open_market()
    lot = await add_lot(m, "apple_fuji", units=20)
    await paid_boxes(m, [[(lot, 1)], [(lot, 1)], [(lot, 1)], [(lot, 1)]])
    bakery = await add_stop(m)
    async with connection() as c:
        await c.execute(
            "UPDATE subscription SET stop = $2 WHERE id = $1", m.subscriptions[1], bakery
        )
        await c.execute("UPDATE household SET delivery_note = 'Ring twice'")
    await move_box(m, m.subscriptions[2], stop=bakery)
    await move_box(m, m.subscriptions[3], street="Nachbarweg 9")
    return m


async def test_boxes_left_at_one_place_share_a_stop_and_keep_their_own_totes(
    database: str, tmp_path: Path
) -> None:
    m = await market_of_places()
    wave = await waves_in(tmp_path).release_day(m.day, now=MORNING)
    assert wave is not None

    boxes = await wave_store.boxes_to_pack(wave)

    found = [(box.stop, box.tote, box.street, box.delivery_note) for box in boxes]
    assert found == [
        (1, 1, "Lindenweg 0", "Ring twice"),
        (2, 2, "Marktplatz 2", None),
        (2, 3, "Marktplatz 2", None),
        (3, 4, "Nachbarweg 9", None),
    ]
    assert [box.left_at is not None for box in boxes] == [False, True, True, False]


async def test_papers_name_the_stop_and_give_its_host_nothing_but_short_names(
    database: str, tmp_path: Path
) -> None:
    m = await market_of_places()
    waves = waves_in(tmp_path)
    wave_id = await waves.release_day(m.day, now=MORNING)
    assert wave_id is not None
    wave = await waves.wave_of(wave_id, merchant_ids=[m.merchant])

    sheet = text_of(await waves.paper(wave, Paper.ROUTE_SHEET, "en", now=MORNING))
    route, host = sheet.split("Label ends")
    assert route.count("Marktplatz 2") == 1
    assert "Old Bakery, Tue 16:00 to 19:00" in route
    assert "4711" in route
    assert "2 boxes to hand out" in host
    assert "4711" not in host
    assert "Lindenweg" not in host
    labels = text_of(await waves.paper(wave, Paper.LABELS, "zh", now=MORNING))
    assert labels.count("老面包房") == 2
    assert "Nachbarweg 9" in labels


async def test_a_lot_is_followed_to_the_stop_at_which_its_boxes_are_fetched(database: str) -> None:
    m = await market_of_places()

    boxes = await trace_page.boxes_with(m.lots[0], [m.merchant])

    found = [each.left_at and each.left_at.en for each in boxes]
    assert found == [None, "Old Bakery", "Old Bakery", None]


async def test_no_two_changes_of_place_are_about_one_day(database: str) -> None:
    m = await market_of_places()

    with pytest.raises(asyncpg.ExclusionViolationError):
        await move_box(m, m.subscriptions[3], street="Anderswo 1")
