"""The form of what went wrong, the photo that only two sides see, and the merchant's list by lot."""

from uuid import UUID, uuid4

import pytest
from litestar.types import ControllerRouterHandler

from subscriptions.entrypoints.box_controller import BoxController
from subscriptions.entrypoints.household_controller import HouseholdController
from subscriptions.entrypoints.merchant_problems_controller import MerchantProblemsController
from subscriptions.entrypoints.problem_api import ProblemApiController
from subscriptions.entrypoints.problem_controller import ProblemController
from subscriptions.role import Role
from tests.delivery.services.floor import paid
from tests.market import AFTER, Market, add_box, add_lot, open_market
from tests.subscriptions.adapters.test_photo import SECRET, picture
from tests.subscriptions.entrypoints.conftest import Browser, Web
from tests.subscriptions.entrypoints.test_household_pages import text
from tests.subscriptions.entrypoints.test_today_pages import customer_of
from tests.subscriptions.people import add_person, fetch

NOON = AFTER.add(days=1, hours=16)


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return (
        ProblemController,
        ProblemApiController,
        MerchantProblemsController,
        BoxController,
        HouseholdController,
    )


async def delivered(web: Web) -> tuple[Market, UUID]:
    """Return a market with one paid box of two kinds, on its delivery day, and the line of apples."""
    m = await open_market()
    apples = await add_lot(m, "apple_fuji", units=100)
    grapes = await add_lot(m, "grape", units=100)
    await add_box(m, [(apples, 4), (grapes, 2)])
    await paid(m)
    web.clock.at = NOON
    ((line,),) = await fetch("SELECT id FROM box_line WHERE lot = $1", apples)
    return m, line  # type: ignore[return-value]


async def tell(
    browser: Browser, line: UUID, photo: bytes | None = None, **fields: str
) -> tuple[int, str, str]:
    """Send the form with its file; returns status, page and where it led."""
    page = await browser.get(f"/problems/{line}")
    assert page.status_code == 200
    files = {"photo": ("IMG_0001.jpg", photo, "text/html")} if photo is not None else None
    data = {"_csrf_token": browser.cookies["csrf"], "try": str(uuid4()), **fields}
    sent = await browser.post(f"/problems/{line}", data=data, files=files)
    return sent.status_code, sent.text, sent.headers.get("location", "")


async def test_the_credit_stands_beside_each_number_before_it_is_sent(web: Web) -> None:
    m, line = await delivered(web)
    browser = await customer_of(web, m.boxes[0], "203.0.113.7")

    page = text(await browser.get(f"/problems/{line}"))

    assert "4 Fuji apples, in the box of Tuesday 1 December" in page
    assert "1 Fuji apple: €" in page
    assert " back at once" in page
    assert "we look at it first" in page
    assert "Up to €11.00 of this box is credited at once." in page
    assert "You can tell us until the end of " in page
    box = text(await browser.get(f"/boxes/{m.boxes[0]}"))
    assert f'href="/problems/{line}"' in box


async def test_told_with_a_photo_it_is_credited_and_said_so(web: Web) -> None:
    m, line = await delivered(web)
    browser = await customer_of(web, m.boxes[0], "203.0.113.7")

    status, _, led = await tell(
        browser, line, picture("JPEG"), kind="spoiled", units="1", said="brown inside"
    )

    assert (status, led.partition("?")[0]) == (303, f"/problems/{line}")
    page = text(await browser.get(led.partition("#")[0]))
    assert " credited</h2>" in page
    assert "brown inside" in page
    assert "is on your account. It comes off your next charge." in page
    ((photo, content),) = await fetch("SELECT id, content FROM problem_photo")
    assert SECRET not in bytes(content)  # type: ignore[call-overload]
    seen = await browser.get(f"/problems/photos/{photo}")
    assert seen.headers["content-type"] == "image/jpeg"
    assert seen.headers["cache-control"] == "private, no-store"
    assert seen.headers["x-content-type-options"] == "nosniff"


async def test_wrong_values_are_named_and_what_was_typed_is_kept(web: Web) -> None:
    m, line = await delivered(web)
    browser = await customer_of(web, m.boxes[0], "203.0.113.7")
    hostile = "<script>alert(1)</script>"

    status, page, _ = await tell(browser, line, b"<svg/>", kind="nothing", units="0", said=hostile)
    assert status == 422
    assert 'href="#field-kind"' in page
    assert 'href="#field-units"' in page
    assert "&lt;script&gt;alert(1)" in page
    assert hostile not in page
    status, page, _ = await tell(browser, line, b"<svg/>", kind="other", units="1")
    assert status == 422
    assert "We cannot read this as a photo." in page
    for units in ("99", "-1", "1e9", "²", "9" * 50):
        status, page, _ = await tell(browser, line, kind="other", units=units)
        assert (status, "up to as many as came" in page) == (422, True), units
    status, page, _ = await tell(browser, line, kind="other", units="1", said="x" * 301)
    assert "300 characters fit" in page
    assert await fetch("SELECT 1 FROM problem") == []


async def test_somebody_elses_line_and_photo_are_like_none(web: Web) -> None:
    m, line = await delivered(web)
    mine = await customer_of(web, m.boxes[0], "203.0.113.7")
    await tell(mine, line, picture("PNG"), kind="spoiled", units="1")
    ((photo,),) = await fetch("SELECT id FROM problem_photo")
    await add_person("bert@example.org", (Role.CUSTOMER, m.merchant))
    bert = await web.browser("203.0.113.8")
    await bert.sign_in("bert@example.org")

    for path in (
        f"/problems/{line}",
        f"/problems/photos/{photo}",
        f"/api/v1/lines/{line}/problems",
    ):
        assert (await bert.get(path)).status_code == 404
    assert (await bert.get(f"/merchant/problems/photos/{photo}")).status_code == 403
    stranger = await web.browser("203.0.113.9")
    assert (await stranger.get(f"/problems/photos/{photo}")).status_code == 303


async def test_staff_see_the_photo_the_lot_and_the_grower_and_decide(web: Web) -> None:
    m, line = await delivered(web)
    browser = await customer_of(web, m.boxes[0], "203.0.113.7")
    await tell(browser, line, picture("WEBP"), kind="spoiled", units="4")
    await add_person("clerk@example.org", (Role.PLANNER, m.merchant))
    clerk = await web.browser("203.0.113.8")
    await clerk.sign_in("clerk@example.org")

    page = text(await clerk.get("/merchant/problems"))

    assert "One waits for you." in page
    assert "Finca Luz" in page
    assert "more of the box than is credited at once" in page
    ((problem, photo),) = await fetch("SELECT problem, id FROM problem_photo")
    assert (await clerk.get(f"/merchant/problems/photos/{photo}")).status_code == 200
    no = await clerk.send_form(f"/merchant/problems/{problem}", do="refuse", answer=" ")
    assert (no.status_code, "Write to the household why." in no.text) == (422, True)
    yes = await clerk.send_form(f"/merchant/problems/{problem}", do="credit", answer="So sorry")
    assert yes.status_code == 303
    assert (await clerk.send_form(f"/merchant/problems/{problem}", do="credit")).status_code == 409
    assert "So sorry" in text(await browser.get(f"/problems/{line}"))
    await web.door.relay(now=NOON)
    assert "is on your account" in web.door.mailbox.mails[-1].subject
    assert "So sorry" in web.door.mailbox.mails[-1].text


async def test_the_rule_is_the_merchants_own(web: Web) -> None:
    m, line = await delivered(web)
    await add_person("clerk@example.org", (Role.PLANNER, m.merchant))
    clerk = await web.browser("203.0.113.8")
    await clerk.sign_in("clerk@example.org")
    wrong = await clerk.send_form(
        "/merchant/problems/rule", days_after="0", at_once_pct="101", boxes_at_once="two"
    )
    assert wrong.status_code == 422
    assert wrong.text.count("Give a whole number from") >= 3
    assert 'value="101"' in wrong.text

    rule = {"days_after": "5", "at_once_pct": "10", "boxes_at_once": "1"}
    assert (await clerk.send_form("/merchant/problems/rule", **rule)).status_code == 303

    browser = await customer_of(web, m.boxes[0], "203.0.113.7")
    assert "Up to €2.20 of this box" in text(await browser.get(f"/problems/{line}"))


async def test_programs_tell_it_by_the_same_rule(web: Web) -> None:
    m, line = await delivered(web)
    browser = await customer_of(web, m.boxes[0], "203.0.113.7")
    path, key = f"/api/v1/lines/{line}/problems", str(uuid4())
    look = (await browser.get(path)).json()
    assert look["may_tell"]
    assert [each["units"] for each in look["worth"]] == [1, 2, 3, 4]
    form = {"kind": "missing", "units": "1", "try": key}

    told = [await browser.send_form(path, **form) for _ in range(2)]

    assert [answer.status_code for answer in told] == [200, 200]
    (problem,) = told[1].json()["problems"]
    assert (problem["status"], problem["kind"]) == ("credited", "missing")
    assert problem["credit_minor"] == look["worth"][0]["credit_minor"]


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_pages_speak_both_languages(web: Web, language: str) -> None:
    m, line = await delivered(web)
    browser = await customer_of(web, m.boxes[0], "203.0.113.7")
    await fetch("UPDATE person SET locale = $1 RETURNING id", language)

    assert ("哪里不对" in text(await browser.get(f"/problems/{line}"))) == (language == "zh")


async def test_the_household_page_says_what_is_on_the_account(web: Web) -> None:
    m, line = await delivered(web)
    browser = await customer_of(web, m.boxes[0], "203.0.113.7")
    assert "comes off your next charge" not in text(await browser.get("/household"))

    await tell(browser, line, kind="missing", units="1")

    assert "comes off your next charge" in text(await browser.get("/household"))
