"""What a customer does with deliveries, as pages without script: said first, then done, then proved."""

import re
from uuid import UUID, uuid4

import httpx
import pytest
from litestar.types import ControllerRouterHandler

from subscriptions.adapters import credit_store
from subscriptions.entrypoints.next_box_controller import NextBoxController
from subscriptions.entrypoints.order_change_controller import MoveController, SkipController
from subscriptions.entrypoints.receipt_controller import ReceiptController, VerifyController
from subscriptions.entrypoints.standing_api import (
    ReceiptApiController,
    StandingApiController,
    VerifyApiController,
)
from subscriptions.entrypoints.standing_controller import CancelController, PauseController
from subscriptions.entrypoints.today_controller import TodayController
from tests.market import BEFORE, CUTOFF, add_household, insert, open_market
from tests.subscriptions.entrypoints.conftest import Browser, Web
from tests.subscriptions.people import PASSWORD, PASSWORD_HASH, fetch


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return (
        NextBoxController, SkipController, MoveController, PauseController, CancelController, ReceiptController,
        VerifyController, TodayController, StandingApiController, ReceiptApiController, VerifyApiController,
    )  # fmt: skip


async def customer(web: Web, locale: str = "en") -> tuple[Browser, str]:
    """Return the browser of somebody with an order, none of whose boxes is planned, and the order's address."""
    market = await open_market()
    order = await add_household(market)
    web.clock.at = BEFORE
    await fetch(
        "UPDATE person SET email = 'anna@example.org', password_hash = $1, locale = $2 RETURNING id",
        PASSWORD_HASH, locale,
    )  # fmt: skip
    browser = await web.browser()
    assert (await browser.sign_in("anna@example.org", PASSWORD)).status_code == 303
    return browser, f"/subscriptions/{order}"


def text(answer: httpx.Response, status: int = 200) -> str:
    assert answer.status_code == status, answer.text
    return re.sub(r"\s+", " ", answer.text.replace("\u00a0", " "))


async def done(browser: Browser, path: str, **fields: str) -> str:
    """Send a form and return the page it leads to."""
    answer = await browser.send_form(path, **fields)
    assert answer.status_code == 303, answer.text
    return text(await browser.get(answer.headers["location"]))


async def number_of_last() -> str:
    ((number,),) = await fetch(
        "SELECT number FROM subscription_receipt ORDER BY asked_at DESC, position DESC LIMIT 1"
    )
    return str(number)


async def open_pause() -> UUID:
    ((found,),) = await fetch("SELECT id FROM pause WHERE ended_at IS NULL")
    return UUID(str(found))


async def test_the_next_eight_deliveries_stand_a_line_each_with_what_may_be_done(web: Web) -> None:
    browser, at = await customer(web)
    page = text(await browser.get("/boxes"))
    assert "The next one comes Tuesday 1 December." in page
    assert page.count(f'href="{at}/skips/') == 8
    assert page.count(f'href="{at}/moves/') == 8
    assert "12 of 12 skips left this season" in page
    assert page.count("€22.00") == 8


async def test_a_skip_is_said_first_then_done_and_leaves_a_receipt_that_proves_itself(
    web: Web,
) -> None:
    browser, at = await customer(web)
    said = text(await browser.get(f"{at}/skips/2026-12-08"))
    assert "You pay nothing for 8 December." in said
    assert "The box of 1 December leans to later fruit, so it lasts 14 days." in said
    assert "After that, the next box comes Tuesday 15 December." in said
    assert await fetch("SELECT 1 FROM skip") == [], "looking changes nothing"

    receipt = await done(browser, f"{at}/skips/2026-12-08")
    number = await number_of_last()
    for words in (
        "Box of 8 December skipped",
        "€0.00",
        "Sun 29 Nov, 19:00",
        "Sun 6 Dec, 20:00",
        number,
    ):
        assert words in receipt, words
    assert f'href="{at}/skips/2026-12-08"' in receipt, "it can be taken back"
    assert "data:image/svg+xml;base64," in receipt

    stranger = await web.browser("203.0.113.9")
    proof = text(await stranger.get(f"/verify/{number}"))
    assert "This receipt is genuine." in proof
    assert "2026-12-06 20:00:00 Europe/Berlin" in proof
    assert "Anna" not in proof
    asked = await stranger.get("/verify", params={"number": number.lower().replace("-", " ")})
    assert asked.headers["location"] == f"/verify/{number}"

    listed = text(await browser.get("/boxes"))
    assert "skipped" in listed
    assert "11 of 12 skips left" in listed
    back = await done(browser, f"{at}/skips/2026-12-08/withdraw")
    assert "Box of 8 December comes after all" in back
    assert "Take it back" not in back


async def test_a_forged_receipt_says_so(web: Web) -> None:
    browser, at = await customer(web)
    await done(browser, f"{at}/skips/2026-12-08")
    await fetch("ALTER TABLE subscription_receipt DISABLE TRIGGER subscription_receipt_append_only")
    await fetch("UPDATE subscription_receipt SET delivery_on = '2026-12-15' RETURNING id")
    page = text(await browser.get(f"/verify/{await number_of_last()}"))
    assert "This receipt does not hold." in page
    api = (await browser.get(f"/api/v1/verify/{await number_of_last()}")).json()
    assert api["holds"] is False


async def test_past_the_cut_off_the_page_says_that_the_next_one_counts(web: Web) -> None:
    browser, at = await customer(web)
    web.clock.at = CUTOFF.subtract(seconds=1)
    assert "for one more minute" in text(await browser.get(f"{at}/skips/2026-12-01"))
    web.clock.at = CUTOFF
    for answer in (
        await browser.get(f"{at}/skips/2026-12-01"),
        await browser.send_form(f"{at}/skips/2026-12-01"),
        await browser.send_form(f"{at}/pause", **{"from": "2026-12-01", "until": "2027-01-04"}),
    ):
        assert "What you change now counts for the next one." in text(answer, 409)
    assert await fetch("SELECT 1 FROM skip") == []


async def test_a_pause_is_shown_first_and_stands_on_every_page_until_it_is_ended(web: Web) -> None:
    browser, at = await customer(web)
    span = {"from": "2026-12-08", "until": "2027-01-04"}
    said = text(await browser.get(f"{at}/pause", params=span))
    assert (
        "No box comes from 8 December to 29 December, 4 in all. You pay nothing for them." in said
    )
    assert "The box of 1 December still comes." in said
    assert "On 4 January the pause ends by itself." in said
    assert "Boxes paused until 4 January" in await done(browser, f"{at}/pause", **span)
    listed = text(await browser.get("/boxes"))
    assert "The next one comes Tuesday 1 December. From 8 December to 4 January" in listed
    assert "Paused until" not in text(await browser.get("/today"))
    web.clock.at = CUTOFF.add(days=9)
    await web.house.pausing.turn(await open_pause(), now=web.clock.at)
    assert "Paused until 4 January. Nothing is charged." in text(await browser.get("/boxes"))
    assert "Paused until 4 January." in text(await browser.get("/today"))
    assert "End the pause now" in text(await browser.get(f"{at}/pause"))
    assert "Boxes come again" in await done(browser, f"{at}/resume")
    assert "Paused until" not in text(await browser.get("/boxes"))
    assert "Let it run again" in text(await browser.send_form(f"{at}/resume"), 409)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"from": "2026-12-08", "until": "soon"}, "until"),
        ({"from": "2026-12-08", "until": "2026-12-01"}, "until"),
        ({"from": "2026-12-08", "until": "9999-12-31"}, "until"),
        ({"from": "<script>", "until": "2027-01-04"}, "from"),
        ({"from": "2026-12-09", "until": "2027-01-04"}, "from"),
    ],
)
async def test_a_span_that_cannot_be_is_kept_and_names_its_field(
    web: Web, fields: dict[str, str], field: str
) -> None:
    browser, at = await customer(web)
    for answer in (
        await browser.send_form(f"{at}/pause", **fields),
        await browser.get(f"{at}/pause", params=fields),
    ):
        page = text(answer, 422)
        assert f'href="#field-{field}"' in page
        assert 'aria-invalid="true"' in page
        assert "<script>" not in page.replace("<script src", "")
    assert await fetch("SELECT 1 FROM pause") == []


async def test_cancelling_says_what_still_comes_asks_once_and_ends_on_its_last_page(
    web: Web,
) -> None:
    browser, at = await customer(web)
    said = text(await browser.get(f"{at}/cancel"))
    assert "No more box comes." in said
    assert "Refund: €0.00." in said
    wrong = text(await browser.send_form(f"{at}/cancel", reason="none of your business"), 422)
    assert 'href="#field-reason"' in wrong
    assert "Subscription cancelled" in await done(browser, f"{at}/cancel", reason="away")
    assert "Your subscription has ended" in text(await browser.get(f"{at}/cancel"))
    assert await web.door.relay(now=BEFORE) == 1
    (mail,) = web.door.mailbox.mails
    assert mail.subject == "Subscription cancelled"
    assert f"/verify/{await number_of_last()}" in mail.text


async def test_a_move_offers_days_and_is_taken_back(web: Web) -> None:
    browser, at = await customer(web)
    said = text(await browser.get(f"{at}/moves/2026-12-08"))
    assert "It costs €44.00: both boxes" in said
    wrong = text(await browser.send_form(f"{at}/moves/2026-12-08", to="2026-12-08"), 422)
    assert 'href="#field-to"' in wrong
    assert "Box of 8 December moved to 1 December" in await done(
        browser, f"{at}/moves/2026-12-08", to="2026-12-01"
    )
    listed = text(await browser.get("/boxes"))
    assert "It comes together with the box of 1 December." in listed
    assert "A double box: it holds the one of 8 December, too." in listed
    assert "€44.00" in listed
    assert "back on its own day" in await done(browser, f"{at}/moves/2026-12-08/withdraw")


async def test_receipts_are_listed_newest_first_and_narrowed_by_kind(web: Web) -> None:
    browser, at = await customer(web)
    await done(browser, f"{at}/skips/2026-12-08")
    web.clock.at = BEFORE.add(minutes=1)
    await done(browser, f"{at}/moves/2026-12-15", to="2026-12-22")
    page = text(await browser.get("/receipts"))
    assert page.index("Box of 15 December moved") < page.index("Box of 8 December skipped")
    assert "moved to" not in text(await browser.get("/receipts?kind=skips"))
    assert "No receipts here yet." in text(await browser.get("/receipts?kind=money"))
    api = (await browser.get("/api/v1/receipts")).json()["receipts"]
    assert [each["deed"] for each in api] == ["moved", "skipped"]
    assert api[0]["previous"] == api[1]["hash"]


async def test_what_was_paid_and_credited_stands_among_the_receipts(web: Web) -> None:
    browser, at = await customer(web)
    ((merchant, household, order),) = await fetch(
        "SELECT merchant, household, id FROM subscription"
    )
    ((day,),) = await fetch("SELECT id FROM delivery_day")
    box = uuid4()
    await insert(
        "box", id=box, merchant=merchant, delivery_day=day, subscription=order, household=household, number=1,
        kind="fruit", portions_a_day=1, stems_a_day=0, horizon_days=7, status="paid", price_minor=2200,
        tax_minor=144, currency="EUR", status_at=BEFORE, locked_at=BEFORE,
    )  # fmt: skip
    await insert(
        "charge", id=uuid4(), merchant=merchant, box=box, attempt=1, amount_minor=2200, currency="EUR",
        outcome="succeeded", started_at=BEFORE, settled_at=BEFORE, provider_intent="pi_1",
    )  # fmt: skip
    await credit_store.post(
        "credit:1", {"sales": 157, "credit": -157}, merchant_id=UUID(str(merchant)), box_id=box,
        household_id=UUID(str(household)), currency="EUR", now=BEFORE.add(hours=1),
    )  # fmt: skip
    page = text(await browser.get("/receipts?kind=money"))
    assert page.index("Credit for the box of 1 December") < page.index("Box of 1 December paid")
    assert "€1.57" in page
    assert "€22.00" in page
    assert "€1.57 is on your account." in text(await browser.get(f"{at}/cancel"))


async def test_programs_pause_and_cancel_with_the_same_words(web: Web) -> None:
    browser, at = await customer(web)
    csrf = {"x-csrftoken": browser.cookies["csrf"]}
    span = {"from": "2026-12-08", "until": "2027-01-04"}
    points = (await browser.get(f"/api/v1{at}/pause", params=span)).json()["points"]
    assert any("8\u00a0December" in point for point in points)
    paused = await browser.post(f"/api/v1{at}/pause", json=span, headers=csrf)
    assert (paused.status_code, paused.json()["deed"]) == (200, "paused")
    again = await browser.post(f"/api/v1{at}/pause", json=span, headers=csrf)
    assert (again.status_code, again.json()["code"]) == (409, "not_running")
    json = {**csrf, "content-type": "application/json"}
    wrong = await browser.post(f"/api/v1{at}/cancel", content=b"[", headers=json)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid")
    assert (await browser.post(f"/api/v1{at}/resume", headers=csrf)).json()["deed"] == "resumed"
    ended = await browser.post(f"/api/v1{at}/cancel", json={"reason": "other"}, headers=csrf)
    assert ended.json()["deed"] == "cancelled"


async def test_chinese_pages_are_chinese(web: Web) -> None:
    browser, at = await customer(web, "zh")
    for path, words in (
        ("/boxes", "接下来的箱子"), (f"{at}/skips/2026-12-08", "12月8日这一箱不收费"), (f"{at}/pause", "暂停配送"),
        (f"{at}/cancel", "要退订吗"), (f"{at}/moves/2026-12-08", "改期"), ("/receipts", "回执"),
        ("/verify", "查验回执"),
    ):  # fmt: skip
        assert words in text(await browser.get(path)), path
    assert "已跳过12月8日的箱子" in await done(browser, f"{at}/skips/2026-12-08")
    await web.door.relay(now=BEFORE)
    assert web.door.mailbox.mails[0].subject == "已跳过12月8日的箱子"


async def test_what_is_somebody_elses_is_not_there(web: Web) -> None:
    browser, at = await customer(web)
    await done(browser, f"{at}/skips/2026-12-08")
    number = await number_of_last()
    await fetch("UPDATE person SET email = 'old@example.org' RETURNING id")
    market = await open_market(slug="other")
    await add_household(market)
    await fetch(
        "UPDATE person SET email = 'bert@example.org', password_hash = $1 WHERE email LIKE 'anna.%' RETURNING id",
        PASSWORD_HASH,
    )
    bert = await web.browser("203.0.113.8")
    await bert.sign_in("bert@example.org", PASSWORD)
    for page in (f"{at}/skips/2026-12-15", f"{at}/pause", f"{at}/cancel", f"{at}/moves/2026-12-15"):
        assert (await bert.get(page)).status_code == 404, page
    assert (await bert.get(f"/receipts/{number}")).status_code == 404
    assert (await bert.send_form(f"{at}/skips/2026-12-15")).status_code == 404
