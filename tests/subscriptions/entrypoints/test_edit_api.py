"""A box changed by taps: each is one request, and says what it would do in the reader's language."""

from typing import Any
from uuid import uuid4

import pytest
from litestar.types import ControllerRouterHandler

from subscriptions.entrypoints.edit_api import EditApiController
from tests.market import AFTER, BEFORE, add_household, add_lot, open_market
from tests.subscriptions.entrypoints.conftest import Browser, Web
from tests.subscriptions.people import PASSWORD, PASSWORD_HASH, fetch

PRODUCE = ("apple_fuji", "mandarin", "kiwifruit_green", "banana", "pear_european", "avocado_hass")


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return (EditApiController,)


async def signed_in(web: Web, *, locale: str = "en") -> tuple[Browser, str]:
    """Plan a box for somebody who is signed in; returns their browser and the address of the box's edit."""
    market = await open_market()
    for key in PRODUCE:
        await add_lot(market, key, units=60)
    await add_household(market)
    web.clock.at = BEFORE
    assert await web.house.planning.plan_day(market.day, now=BEFORE)
    await fetch(
        "UPDATE person SET email = 'anna@example.org', password_hash = $1, locale = $2 RETURNING id",
        PASSWORD_HASH, locale,
    )  # fmt: skip
    ((box,),) = await fetch("SELECT id FROM box")
    browser = await web.browser()
    assert (await browser.sign_in("anna@example.org", PASSWORD)).status_code == 303
    return browser, f"/api/v1/boxes/{box}/edit"


async def told(browser: Browser, address: str, *changes: str) -> dict[str, Any]:
    answer = await browser.get(address, params={"change": list(changes)})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def largest(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = max(document["lines"], key=lambda line: line["units"])
    return found


async def test_a_tap_is_told_and_its_mend_can_be_asked_for_as_it_stands(web: Web) -> None:
    browser, address = await signed_in(web)
    as_it_is = await told(browser, address)
    assert (as_it_is["state"], as_it_is["message"]) == ("proposed", "Every day stays covered.")
    dropped = f"{largest(as_it_is)['lot']}:0"
    tapped = await told(browser, address, dropped)
    assert tapped["change"] == [dropped]
    assert any(day["missing"] > day["missing_before"] for day in tapped["days"])
    assert "too little" in tapped["message"]
    mend = tapped["mends"][0]
    assert mend["does"]
    assert "covered again" in mend["effect"]
    assert dropped in mend["change"]
    csrf = {"x-csrftoken": browser.cookies["csrf"]}
    body = {"change": mend["change"], "seen": as_it_is["seen"]}
    for _ in range(2):  # a tap that is sent twice
        answer = await browser.post(address, json=body, headers=csrf)
        assert answer.status_code == 200, answer.text
        assert answer.json()["state"] == "edited"
        assert sum(day["missing"] for day in answer.json()["days"]) == 0
    assert await fetch("SELECT count(*) FROM audit_entry WHERE action = 'box_edited'") == [(1,)]
    back = await browser.post(f"{address}/withdraw", headers=csrf)
    assert (back.status_code, back.json()["state"]) == (200, "proposed")


async def test_a_form_does_what_a_program_does(web: Web) -> None:
    browser, address = await signed_in(web)
    line = largest(await told(browser, address))
    answer = await browser.send_form(address, change=f"{line['lot']}:{line['units'] - 1}")
    assert (answer.status_code, answer.json()["state"]) == (200, "edited")


async def test_what_cannot_be_has_a_code_and_a_sentence(web: Web) -> None:
    browser, address = await signed_in(web)
    line = largest(await told(browser, address))
    much = await told(browser, address, f"{line['lot']}:40")
    assert not much["fits"]
    assert {"code": "weight", "message": "That would make the box too heavy."} in much["over"]
    csrf = {"x-csrftoken": browser.cookies["csrf"]}
    for change, status, code in (
        (f"{line['lot']}:40", 409, "over_limit"),
        (f"{uuid4()}:1", 422, "invalid"),
        (f"{line['lot']}:-1", 422, "invalid"),
        (f"{line['lot']}:1e3", 422, "invalid"),
        ("kiwi:1", 422, "invalid"),
    ):
        answer = await browser.post(address, json={"change": [change]}, headers=csrf)
        assert (answer.status_code, answer.json()["code"]) == (status, code), change
        assert answer.json()["message"]
    changed = {"change": [f"{line['lot']}:1"], "seen": "another box"}
    answer = await browser.post(address, json=changed, headers=csrf)
    assert (answer.status_code, answer.json()["code"]) == (409, "box_changed")
    for body in (b"[]", b"{", b'{"change": 7}', b'{"change": ["a"], "seen": 4}'):
        answer = await browser.post(
            address, content=body, headers={**csrf, "content-type": "application/json"}
        )
        assert (answer.status_code, answer.json()["field"]) == (422, "change"), body


async def test_after_the_cut_off_the_next_box_is_spoken_of_in_the_readers_language(
    web: Web,
) -> None:
    browser, address = await signed_in(web, locale="zh")
    line = largest(await told(browser, address))
    assert (await told(browser, address))["message"] == "每天都还够吃。"
    web.clock.at = AFTER
    answer = await browser.get(address)
    assert (answer.status_code, answer.json()["code"]) == (409, "past_cutoff")
    assert answer.json()["message"] == "这一箱已截止，不能再改；现在的改动从下一箱起算。"
    changed = await browser.post(
        address,
        json={"change": [f"{line['lot']}:0"]},
        headers={"x-csrftoken": browser.cookies["csrf"]},
    )
    assert (changed.status_code, changed.json()["code"]) == (409, "past_cutoff")
