"""What rides along, as pages without script: what there is, until when, and what a delivery costs then."""

import pytest
from litestar.types import ControllerRouterHandler

from subscriptions.entrypoints.addon_api import AddonApiController
from subscriptions.entrypoints.addon_controller import AddonController
from subscriptions.entrypoints.next_box_controller import NextBoxController
from subscriptions.entrypoints.order_change_controller import SkipController
from tests.market import DELIVERY_ON, Market, add_addon
from tests.subscriptions.entrypoints.conftest import Browser, Web
from tests.subscriptions.entrypoints.test_order_pages import customer, done, text
from tests.subscriptions.people import fetch
from tests.subscriptions.services.test_riding import CLOSES, OPEN


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return NextBoxController, SkipController, AddonController, AddonApiController


async def guest(
    web: Web, *, limit: int | None = None, locale: str = "en"
) -> tuple[Browser, str, str]:
    """Return the browser of somebody with an order, the address of its add-ons, and a thing to order."""
    browser, at = await customer(web, locale)
    ((merchant,),) = await fetch("SELECT id FROM merchant")
    addon = await add_addon(Market(merchant=merchant), limit=limit)  # type: ignore[arg-type]
    web.clock.at = OPEN
    return browser, f"{at}/addons/{DELIVERY_ON}", str(addon)


async def test_a_tap_has_one_ride_along_and_says_at_once_what_the_delivery_costs(web: Web) -> None:
    browser, at, addon = await guest(web)
    assert f'href="{at}"' in text(await browser.get("/boxes"))
    page = await done(browser, at, addon=addon, units="2")
    assert "2 × Honey" in page
    assert "this box only" in page
    assert "€37.00" in page
    assert "€37.00" in text(await browser.get("/boxes"))
    skip = text(await browser.get(at.replace("/addons/", "/skips/")))
    assert "What rides along does not come either, and is not charged: 2 × Honey." in skip
    assert "with every box" in await done(browser, at, addon=addon, units="2", every="1")
    assert "Honey" in await done(browser, at, addon=addon, units="0", every="1")
    assert "€37.00" not in text(await browser.get("/boxes"))


async def test_too_late_for_this_box_it_counts_for_the_next_and_the_page_says_so(web: Web) -> None:
    browser, at, addon = await guest(web, locale="zh")
    web.clock.at = CLOSES
    page = await done(browser, at, addon=addon, units="1")
    assert "从12月8日那一箱起算" in page
    assert "12月1日那一箱的蜂蜜已经截止" in page
    early = text(await browser.get(at))
    assert "从12月8日那一箱起再改" in early
    assert "1 × 蜂蜜" not in early


async def test_what_cannot_be_is_said_at_its_line(web: Web) -> None:
    browser, at, addon = await guest(web, limit=2)
    refused = text(await browser.send_form(at, addon=addon, units="3"), 409)
    assert "Only 2 are left on Tue 1 Dec. Nothing was changed." in refused
    assert (await browser.send_form(at, addon=addon, units="21")).status_code == 422
    assert (await browser.send_form(at, addon="none", units="1")).status_code == 404


async def test_programs_order_the_same(web: Web) -> None:
    browser, at, addon = await guest(web)
    answer = await browser.post(
        f"/api/v1{at}",
        json={"addon": addon, "units": "2", "every": "1"},
        headers={"x-csrftoken": browser.cookies["csrf"]},
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["counts_on"] == "2026-12-01"
    found = (await browser.get(f"/api/v1{at}")).json()
    assert (found["price_minor"], found["box_minor"]) == (3700, 2200)
    (honey,) = found["addons"]
    assert (honey["units"], honey["every_box"], honey["closes_at"]) == (
        2,
        2,
        "2026-11-26T11:00:00+00:00",
    )
