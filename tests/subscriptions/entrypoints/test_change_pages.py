"""A plan at work and boxes that were mended, as the merchant and the household see them."""

import re
from uuid import UUID, uuid4

import pytest
from litestar.types import ControllerRouterHandler

from subscriptions.adapters import share_store
from subscriptions.entrypoints.box_controller import BoxController
from subscriptions.entrypoints.merchant_api import MerchantApiController
from subscriptions.entrypoints.merchant_board_controller import MerchantBoardController
from subscriptions.plan_progress import PlanPhase, Standing
from tests.market import BEFORE, Market, add_household, insert, open_market
from tests.subscriptions.entrypoints.conftest import Web
from tests.subscriptions.entrypoints.test_merchant_pages import planner
from tests.subscriptions.entrypoints.test_today_pages import boxed, customer_of
from tests.subscriptions.people import fetch

HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return (MerchantBoardController, MerchantApiController, BoxController)


async def at_work(m: Market, phase: PlanPhase, done: float) -> None:
    await share_store.begin(m.merchant, [m.day], now=BEFORE)
    await share_store.tell(m.day, Standing(phase, done))


async def test_a_board_shows_how_far_a_running_plan_is_and_asks_again(web: Web) -> None:
    m = await open_market()
    web.clock.at = BEFORE
    browser = await planner(web, m.merchant)
    path = f"/merchant/plan/{m.day}"
    assert 'hx-trigger="every 3s"' in (await browser.get(path)).text

    await at_work(m, PlanPhase.BOXES, 0.372)

    for page in (await browser.get(path), await browser.get(f"{path}/progress")):
        assert 'value="37"' in page.text
        assert "Choosing boxes" in page.text
        assert f'hx-get="{path}/progress?running=yes" hx-trigger="every 1s"' in page.text


async def test_a_plan_that_was_seen_running_shows_its_boxes_once_it_has_ended(web: Web) -> None:
    m = await open_market()
    web.clock.at = BEFORE
    browser = await planner(web, m.merchant)
    path = f"/merchant/plan/{m.day}"
    await at_work(m, PlanPhase.SAVING, 0.9)
    await share_store.end(m.day, now=BEFORE)

    seen = (await browser.get(f"{path}/progress?running=yes")).text
    never_seen = (await browser.get(f"{path}/progress")).text

    assert f'hx-get="{path}" hx-trigger="load"' in seen
    assert "being planned" not in seen
    assert "load" not in never_seen


async def test_programs_read_how_far_a_plan_is_and_nobody_elses(web: Web) -> None:
    m, other = await open_market(), await open_market(slug="havel")
    web.clock.at = BEFORE
    browser = await planner(web, m.merchant)
    path = "/api/v1/merchant/days/{day}/progress"
    assert (await browser.get(path.format(day=m.day))).status_code == 404

    await at_work(m, PlanPhase.IMPROVING, 0.5)
    await at_work(other, PlanPhase.IMPROVING, 0.5)

    told = (await browser.get(path.format(day=m.day))).json()
    assert (told["phase"], told["done_fraction"], told["ended_at"]) == ("improving", 0.5, None)
    assert (await browser.get(path.format(day=other.day))).status_code == 404
    assert (await browser.get(f"/merchant/plan/{other.day}/progress")).status_code == 404


async def change(m: Market, box: UUID, lot: UUID) -> None:
    """Note that the box lost three bananas of a lot that was held, and got a pear."""
    await fetch("UPDATE lot SET status = 'held' WHERE id = $1 RETURNING id", lot)
    await insert(
        "box_change", id=uuid4(), merchant=m.merchant, delivery_day=m.day, box=box, lot=lot, reason="not_arrived",
        gone='{"banana": 3}', came='{"pear_european": 1}', changed_at=BEFORE,
    )  # fmt: skip


async def test_a_household_sees_what_did_not_arrive_and_what_came_instead(web: Web) -> None:
    m = await open_market()
    box = await boxed(m, "banana")
    await change(m, box, m.lots[0])
    web.clock.at = BEFORE
    browser = await customer_of(web, box)

    page = (await browser.get(f"/boxes/{box}")).text

    assert "Your box has changed" in page
    assert "3 bananas: did not reach us as promised." in page
    assert "In it instead:" in page
    assert "1 Bartlett pear" in page


async def test_the_board_says_why_boxes_were_planned_anew_in_both_languages(web: Web) -> None:
    m = await open_market()
    box = await boxed(m, "banana")
    await add_household(m)
    await change(m, box, m.lots[0])
    assert await web.house.planning.plan_day(m.day, now=BEFORE.subtract(hours=1))
    web.clock.at = BEFORE
    browser = await planner(web, m.merchant)

    english = (await browser.get(f"/merchant/plan/{m.day}")).text
    await fetch("UPDATE person SET locale = 'zh' RETURNING id")
    chinese = (await browser.get(f"/merchant/plan/{m.day}")).text

    assert "Boxes planned anew since" in english
    assert "did not arrive" in english
    assert "没有到货" in chinese
    assert "之后重新配过的箱子" in chinese


@pytest.mark.parametrize("phase", [phase for phase in PlanPhase if phase is not PlanPhase.DONE])
async def test_every_phase_is_named_in_both_languages(web: Web, phase: PlanPhase) -> None:
    m = await open_market()
    web.clock.at = BEFORE
    browser = await planner(web, m.merchant)
    await at_work(m, phase, 0.2)

    await fetch("UPDATE person SET locale = 'zh' RETURNING id")
    page = (await browser.get(f"/merchant/plan/{m.day}/progress")).text

    assert HAN.search(page.partition("<progress")[2])
    assert not re.search(r"[a-z]{4,}", re.sub(r"<[^>]*>", "", page))
