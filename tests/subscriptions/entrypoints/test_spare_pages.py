"""What boxes have to spare, on the pages of the shop and of the household; what is left of the last box, too."""

from uuid import uuid4

import pytest
from litestar.types import ControllerRouterHandler
from pendulum import Date

from subscriptions.entrypoints.box_controller import BoxController
from subscriptions.entrypoints.calendar_controller import CalendarController
from subscriptions.entrypoints.merchant_board_controller import MerchantBoardController
from subscriptions.entrypoints.merchant_plans_controller import MerchantPlansController
from subscriptions.entrypoints.today_controller import TodayController
from tests.market import BEFORE, LONG_AGO, add_box, add_lot, insert, open_market
from tests.subscriptions.entrypoints.conftest import Web
from tests.subscriptions.entrypoints.test_merchant_pages import planner
from tests.subscriptions.entrypoints.test_today_pages import customer_of, pay
from tests.subscriptions.people import fetch

NEXT = Date(2026, 12, 8)


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return (
        MerchantPlansController,
        MerchantBoardController,
        BoxController,
        TodayController,
        CalendarController,
    )


async def test_the_shop_sees_what_is_to_spare_and_what_it_costs(web: Web) -> None:
    m = await open_market()
    lot = await add_lot(m, "banana", units=100)
    browser = await planner(web, m.merchant)
    web.clock.at = BEFORE
    assert "No box is planned yet" in (await browser.get("/merchant/plans")).text
    box = await add_box(m, [(lot, 5)])
    assert "hold nothing to spare" in (await browser.get("/merchant/plans")).text
    await fetch("UPDATE box_line SET spare = 3 WHERE box = $1 RETURNING id", box)

    page = (await browser.get("/merchant/plans")).text.replace("\u00a0", " ")

    assert 'name="spare_pct"' in page
    assert 'value="10"' in page
    assert "hold 3 portions to spare: €0.90 of goods, 30.0 % of all." in page.replace(
        "30 %", "30.0 %"
    )
    await insert(
        "plan_run", id=uuid4(), merchant=m.merchant, delivery_day=m.day, number=1, seed=0, n_boxes=1,
        n_uncovered_days=0, n_covered_days=7, objective=0, waste_portions=0, made_at=LONG_AGO,
    )  # fmt: skip
    board = (await browser.get(f"/merchant/plan/{m.day}")).text
    assert "portions to spare" in board
    await fetch("UPDATE person SET locale = 'zh' RETURNING id")
    assert "备份水果" in (await browser.get("/merchant/plans")).text


async def test_the_shop_says_how_much_is_to_spare(web: Web) -> None:
    m = await open_market()
    browser = await planner(web, m.merchant)

    done = await browser.send_form("/merchant/plans/spare", spare_pct="5")

    assert done.status_code == 303
    assert await fetch("SELECT spare_pct FROM merchant WHERE id = $1", m.merchant) == [(5,)]
    audited = await fetch("SELECT action FROM audit_entry WHERE subject_id = $1", m.merchant)
    assert ("spare_set",) in audited
    for wrong in ("31", "-1", "", "ten"):
        answer = await browser.send_form("/merchant/plans/spare", spare_pct=wrong)
        assert answer.status_code == 422
        assert 'id="wrong-spare_pct"' in answer.text
        assert f'value="{wrong}"' in answer.text
    assert await fetch("SELECT spare_pct FROM merchant WHERE id = $1", m.merchant) == [(5,)]


async def test_a_household_reads_what_is_to_spare_in_both_languages(web: Web) -> None:
    m = await open_market()
    box = await add_box(m, [(await add_lot(m, "banana", units=100), 5)])
    await fetch(
        "UPDATE box_line SET spare = 1, eat = ARRAY[1,1,1,1,0,0,0] WHERE box = $1 RETURNING id", box
    )
    browser = await customer_of(web, box)
    web.clock.at = BEFORE
    open_box = (await browser.get(f"/boxes/{box}")).text
    assert "Take out" in open_box
    assert open_box.count("One portion is to spare") == 1
    await pay(box)
    web.clock.at = BEFORE.add(days=2, hours=12)

    for path in (f"/boxes/{box}", "/today", "/calendar/2026-12-02"):
        assert "One portion is to spare" in (await browser.get(path)).text, path
    await fetch("UPDATE person SET locale = 'zh' RETURNING id")
    assert "其中 1 份是备份" in (await browser.get(f"/boxes/{box}")).text


async def test_a_household_reads_what_is_left_of_the_last_box(web: Web) -> None:
    m = await open_market()
    lot = await add_lot(m, "apple_fuji", units=100)
    box = await add_box(m, [(lot, 4)])
    await pay(box)
    next_day, next_box = uuid4(), uuid4()
    await insert(
        "delivery_day", id=next_day, merchant=m.merchant, round=m.round, depot=m.depot, delivery_on=NEXT,
        cutoff_at=BEFORE.add(days=7), pack_on=NEXT.subtract(days=1),
    )  # fmt: skip
    await fetch(
        "INSERT INTO box (id, merchant, delivery_day, subscription, household, number, kind, portions_a_day,"
        " stems_a_day, horizon_days, status, price_minor, tax_minor, currency, status_at)"
        " SELECT $1, merchant, $2, subscription, household, 1, kind, 1, 0, 7, 'proposed', 2200, 144, 'EUR', status_at"
        " FROM box WHERE id = $3 RETURNING id",
        next_box, next_day, box,
    )  # fmt: skip
    await fetch(
        "INSERT INTO box_carry (id, merchant, box, line, portions, eat)"
        " SELECT gen_random_uuid(), merchant, $1, id, 2, ARRAY[1,1,0,0,0,0,0] FROM box_line WHERE box = $2"
        " RETURNING id",
        next_box, box,
    )  # fmt: skip
    browser = await customer_of(web, box)

    page = (await browser.get(f"/boxes/{next_box}")).text

    assert "Still at home" in page
    assert "1 Fuji apple<" in page
    assert "this box holds less" in page
    assert "Still at home" not in (await browser.get(f"/boxes/{box}")).text
    await pay(next_box)
    web.clock.at = BEFORE.add(days=9, hours=12)
    day = (await browser.get("/calendar/2026-12-09")).text
    assert "Planned for this day" in day
    assert "Fuji apple" in day
