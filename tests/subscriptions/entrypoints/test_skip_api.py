"""Skipping by program: the deliveries to come, one without, and back."""

from datetime import date
from uuid import uuid4

import pytest
from litestar.types import ControllerRouterHandler

from subscriptions.entrypoints.skip_api import SkipApiController
from tests.market import AFTER, BEFORE, add_household, add_lot, open_market
from tests.subscriptions.entrypoints.conftest import Browser, Web
from tests.subscriptions.people import PASSWORD, PASSWORD_HASH, fetch


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return (SkipApiController,)


async def signed_in(web: Web) -> tuple[Browser, str]:
    """Plan a box for somebody who is signed in; returns their browser and the address of their subscription."""
    market = await open_market()
    for key in ("apple_fuji", "mandarin", "kiwifruit_green", "pear_european"):
        await add_lot(market, key, units=60)
    subscription = await add_household(market)
    web.clock.at = BEFORE
    assert await web.house.planning.plan_day(market.day, now=BEFORE)
    await fetch(
        "UPDATE person SET email = 'anna@example.org', password_hash = $1, locale = 'zh' RETURNING id",
        PASSWORD_HASH,
    )
    browser = await web.browser()
    assert (await browser.sign_in("anna@example.org", PASSWORD)).status_code == 303
    return browser, f"/api/v1/subscriptions/{subscription}"


async def test_a_skip_is_seen_at_once_and_can_be_taken_back(web: Web) -> None:
    browser, address = await signed_in(web)
    csrf = {"x-csrftoken": browser.cookies["csrf"]}
    before = (await browser.get(f"{address}/deliveries")).json()["deliveries"]
    assert [each["state"] for each in before] == ["open"] * 8
    assert before[0]["lasts_until"] == "2026-12-07"
    for _ in range(2):
        answer = await browser.post(f"{address}/skips/2026-12-08", headers=csrf)
        assert answer.status_code == 200, answer.text
        first, second, *_ = answer.json()["deliveries"]
        assert (first["lasts_until"], second["state"]) == ("2026-12-14", "skipped")
    back = await browser.send_form(f"{address}/skips/2026-12-08/withdraw")
    assert (back.status_code, back.json()["deliveries"]) == (200, before)


async def test_what_cannot_be_skipped_has_a_code_and_a_sentence(web: Web) -> None:
    browser, address = await signed_in(web)
    csrf = {"x-csrftoken": browser.cookies["csrf"]}
    answer = await browser.post(f"{address}/skips/2026-12-09", headers=csrf)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["message"] == "这一份订阅在那天没有箱子。"
    nobodys = await browser.post(f"/api/v1/subscriptions/{uuid4()}/skips/2026-12-08", headers=csrf)
    assert (nobodys.status_code, nobodys.json()["code"]) == (404, "not_found")
    web.clock.at = AFTER
    for path in ("2026-12-01", "2026-12-01/withdraw"):
        late = await browser.post(f"{address}/skips/{path}", headers=csrf)
        assert (late.status_code, late.json()["code"]) == (409, "past_cutoff")
    assert (await browser.get(f"{address}/deliveries")).json()["deliveries"][0]["on"] == str(
        date(2026, 12, 1)
    )
