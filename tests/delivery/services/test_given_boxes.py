"""Boxes that are given away: one stop for all of them, and nothing of who gives them on any paper or in a recall."""

from pathlib import Path

from delivery.adapters import trace_page
from delivery.lifecycle import Paper
from ripeday.kit.adapters.engine import connection
from subscriptions.adapters import notice_due_store
from tests.delivery.papers.reading import text_of
from tests.delivery.services.floor import MORNING, paid_boxes, waves_in
from tests.market import DELIVERY_ON, LONG_AGO, add_lot, add_stop, insert, open_market
from tests.subscriptions.people import fetch


async def test_they_are_one_stop_under_the_name_of_the_food_bank(
    database: str, tmp_path: Path
) -> None:
    m = await open_market()
    lot = await add_lot(m, "apple_fuji", units=20)
    await paid_boxes(m, [[(lot, 1)], [(lot, 1)], [(lot, 1)]])
    bank = await add_stop(m, "City Food Bank", kind="food_bank")
    async with connection() as c:
        await c.execute("UPDATE household SET food_note = 'No nuts', phone = '030 1234567'")
        await c.execute(
            "UPDATE person SET name = 'Anna Geber'; UPDATE household SET name = 'Anna Geber'"
        )
        await c.execute(
            "INSERT INTO household_taste (id, merchant, household, produce, taste)"
            " SELECT gen_random_uuid(), merchant, id, 'apple_fuji', 'never' FROM household"
        )
    for given in m.subscriptions[1:]:
        await insert(
            "donation", id=given, merchant=m.merchant, subscription=given,
            delivery_on=DELIVERY_ON, stop=bank, asked_at=LONG_AGO,
        )  # fmt: skip
    waves = waves_in(tmp_path)
    wave_id = await waves.release_day(m.day, now=MORNING)
    assert wave_id is not None
    wave = await waves.wave_of(wave_id, merchant_ids=[m.merchant])

    sheet = text_of(await waves.paper(wave, Paper.ROUTE_SHEET, "en", now=MORNING))
    assert sheet.count("City Food Bank") == 1
    assert "Donated boxes." in sheet
    assert "2 stops · 3 boxes" in sheet
    cards = text_of(await waves.paper(wave, Paper.PACK_LIST, "en", now=MORNING))
    assert cards.count("Food bank") == 2
    labels = text_of(await waves.paper(wave, Paper.LABELS, "en", now=MORNING))
    assert labels.count("City Food Bank") == 2
    for paper in (sheet, cards, labels):
        # The one that comes home is Anna's; of her other boxes nothing is hers.
        assert paper.count("Anna G.") == 1
    assert cards.count("No nuts") == 1
    assert cards.count("NO FUJI") == 1
    assert labels.count("4567") <= 1

    boxes = await trace_page.boxes_with(lot, [m.merchant])
    assert sorted((box.name, box.is_given) for box in boxes) == [
        ("Anna Geber", False), ("City Food Bank", True), ("City Food Bank", True),
    ]  # fmt: skip
    await fetch("UPDATE shipment SET status = 'packed', packed_at = labelled_at RETURNING id")
    assert await notice_due_store.put_recalls(lot, now=MORNING) == 1, "only who has it at home"
