"""Giving a box away, as pages without script and by program."""

import pytest
from litestar.types import ControllerRouterHandler

from subscriptions.entrypoints.box_controller import BoxController
from subscriptions.entrypoints.calendar_controller import CalendarController
from subscriptions.entrypoints.donation_controller import (
    DonationApiController,
    DonationController,
)
from subscriptions.entrypoints.next_box_controller import NextBoxController
from subscriptions.entrypoints.open_box_controller import OpenBoxController
from subscriptions.entrypoints.order_change_controller import SkipController
from subscriptions.entrypoints.receipt_controller import ReceiptController
from subscriptions.entrypoints.today_controller import TodayController
from subscriptions.notice.box import BOX_NOTICES, GIFT_NOTICES
from subscriptions.services.notice_box import WRITERS
from subscriptions.services.notice_desk import Desk
from tests.market import AFTER, BEFORE, CUTOFF, add_household, add_lot, add_stop, open_market
from tests.subscriptions.entrypoints.conftest import Browser, Web
from tests.subscriptions.entrypoints.test_order_pages import done, text
from tests.subscriptions.people import PASSWORD, PASSWORD_HASH, fetch


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return (
        NextBoxController, SkipController, ReceiptController, TodayController, BoxController, OpenBoxController,
        CalendarController, DonationController, DonationApiController,
    )  # fmt: skip


async def customer(web: Web, *, locale: str = "en", with_bank: bool = True) -> tuple[Browser, str]:
    """Plan a box for somebody who is signed in; returns their browser and the address of their subscription."""
    market = await open_market()
    for key in ("apple_fuji", "mandarin", "kiwifruit_green", "pear_european"):
        await add_lot(market, key, units=60)
    order = await add_household(market)
    if with_bank:
        await add_stop(market, "City Food Bank", kind="food_bank")
    web.clock.at = BEFORE
    assert await web.house.planning.plan_day(market.day, now=BEFORE)
    await fetch(
        "UPDATE person SET email = 'anna@example.org', password_hash = $1, locale = $2 RETURNING id",
        PASSWORD_HASH, locale,
    )  # fmt: skip
    browser = await web.browser()
    assert (await browser.sign_in("anna@example.org", PASSWORD)).status_code == 303
    return browser, f"/subscriptions/{order}"


async def test_it_is_said_first_then_done_and_stands_on_every_page_until_it_is_taken_back(
    web: Web,
) -> None:
    browser, at = await customer(web)
    listed = text(await browser.get("/boxes"))
    assert f'href="{at}/donations/2026-12-08"' in listed
    assert f'href="{at}/donations/2026-12-08"' in text(await browser.get(f"{at}/skips/2026-12-08"))
    said = text(await browser.get(f"{at}/donations/2026-12-08"))
    for words in (
        "Give the box of 8 December away?",
        "The box goes to City Food Bank, which gives it to people who need it.",
        "You pay as usual, €22.00.",
        "The box of 1 December leans to later fruit, so it lasts 14 days.",
    ):
        assert words in said, words
    assert await fetch("SELECT 1 FROM donation") == [], "looking changes nothing"

    receipt = await done(browser, f"{at}/donations/2026-12-08")
    assert "Box of 8 December given away" in receipt
    assert "the same as before" in receipt
    assert f'href="{at}/donations/2026-12-08"' in receipt, "it can be taken back"
    listed = text(await browser.get("/boxes"))
    assert "given away" in listed
    assert "12 of 12 skips left" in listed
    assert listed.count("€22.00") == 8, "it is paid as ever"
    assert "you give a box away" in text(await browser.get("/calendar?month=2026-12"))

    back = await done(browser, f"{at}/donations/2026-12-08/withdraw")
    assert "Box of 8 December comes to you after all" in back
    assert "given away" not in text(await browser.get("/boxes"))


async def test_the_page_of_a_box_given_away_says_where_it_goes_and_offers_nothing_to_eat(
    web: Web,
) -> None:
    browser, at = await customer(web)
    await done(browser, f"{at}/donations/2026-12-01")
    ((box,),) = await fetch("SELECT id FROM box")
    for status in ("proposed", "paid"):
        page = text(await browser.get(f"/boxes/{box}"))
        assert "It goes to City Food Bank." in page
        for words in ("Something wrong?", "How did you like it?", "/swap", "The taller"):
            assert words not in page, (status, words)
        web.clock.at = AFTER.add(days=2)
        await fetch("UPDATE box SET status = 'paid', locked_at = status_at RETURNING id")
    assert "No box" in text(await browser.get("/today"))
    assert "/boxes/" not in text(await browser.get("/calendar/2026-12-02"))
    web.clock.at = BEFORE
    await fetch("UPDATE box SET status = 'proposed', locked_at = NULL RETURNING id")
    csrf = {"x-csrftoken": browser.cookies["csrf"]}
    changed = await browser.post(f"/boxes/{box}/change", headers=csrf)
    assert "Take that back first" in text(changed, 409)


async def test_where_no_food_bank_takes_boxes_there_is_no_link_and_the_page_says_so(
    web: Web,
) -> None:
    browser, at = await customer(web, with_bank=False)
    assert "/donations/" not in text(await browser.get("/boxes"))
    assert "/donations/" not in text(await browser.get(f"{at}/skips/2026-12-08"))
    for answer in (
        await browser.get(f"{at}/donations/2026-12-08"),
        await browser.send_form(f"{at}/donations/2026-12-08"),
    ):
        assert "No food bank on your round takes a box that day." in text(answer, 409)


async def test_by_program_with_stable_codes(web: Web) -> None:
    browser, at = await customer(web, locale="zh")
    csrf = {"x-csrftoken": browser.cookies["csrf"]}
    api = f"/api/v1{at}/donations/2026-12-08"
    given = (await browser.post(api, headers=csrf)).json()
    first, second, *_ = given["deliveries"]
    assert (second["state"], second["lasts_until"], second["price_minor"]) == (
        "given_away", None, 2200,
    )  # fmt: skip
    assert first["lasts_until"] == "2026-12-14"
    assert given["receipt"]
    back = (await browser.post(f"{api}/withdraw", headers=csrf)).json()
    assert [each["state"] for each in back["deliveries"]] == ["open"] * 8
    web.clock.at = CUTOFF
    late = await browser.post(f"/api/v1{at}/donations/2026-12-01", headers=csrf)
    assert (late.status_code, late.json()["code"]) == (409, "past_cutoff")
    await fetch("UPDATE stop SET is_open = false RETURNING id")
    none = await browser.post(api, headers=csrf)
    assert (none.status_code, none.json()["code"]) == (409, "no_food_bank")


async def test_mails_about_it_thank_and_never_say_what_to_eat(web: Web) -> None:
    browser, at = await customer(web)
    await done(browser, f"{at}/donations/2026-12-01")
    ((box,),) = await fetch("SELECT id FROM box")
    desk = Desk(web.house.profiles, web.house.settings.base_url)
    told = {}
    for kind in BOX_NOTICES:
        found = await WRITERS[kind](desk, {"kind": kind, "box": str(box)}, BEFORE)
        if found is not None:
            told[kind] = found[1]
    assert set(told) == set(GIFT_NOTICES)
    assert str(told["box_delivered"].subject) == "Thank you: your box has arrived at City Food Bank"
    assert not any(letter.items for letter in told.values())
