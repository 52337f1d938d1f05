"""What a person hears of, and their calendar's link, by program."""

import httpx
import pytest
from litestar.types import ControllerRouterHandler

from subscriptions.entrypoints.feed_controller import FeedController
from subscriptions.entrypoints.notice_api import NoticeApiController
from subscriptions.role import Role
from tests.subscriptions.entrypoints.conftest import Browser, Web
from tests.subscriptions.people import BASE_URL, add_merchant, add_person, fetch


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return (NoticeApiController, FeedController)


async def customer(web: Web) -> Browser:
    await add_person("anna@example.org", (Role.CUSTOMER, await add_merchant()))
    browser = await web.browser()
    await browser.sign_in("anna@example.org")
    return browser


async def send(browser: Browser, path: str, document: object = None) -> httpx.Response:
    headers = {"x-csrftoken": browser.cookies["csrf"]}
    return await browser.post(f"/api/v1{path}", json=document, headers=headers)


async def test_what_is_sent_is_what_holds(web: Web) -> None:
    browser = await customer(web)
    at_first = (await browser.get("/api/v1/notices")).json()
    assert at_first == {
        "topics": ["reminder", "receipt", "shipped", "delivered"],
        "digest_hour": 7,
    }

    sent = await send(browser, "/notices", {"topics": ["digest"], "digest_hour": 8})

    assert (sent.status_code, sent.json()) == (200, {"topics": ["digest"], "digest_hour": 8})
    assert (await browser.get("/api/v1/notices")).json() == sent.json()


@pytest.mark.parametrize(
    "document",
    [
        None, [], {}, {"topics": ["digest"]}, {"topics": ["needed"], "digest_hour": 7},
        {"topics": ["digest"], "digest_hour": 3}, {"topics": ["digest"], "digest_hour": 10**30},
        {"topics": ["digest"], "digest_hour": "7.5"}, {"topics": "digest", "digest_hour": 7},
        {"topics": ["digest"], "digest_hour": 7, "person": "somebody"},
    ],
)  # fmt: skip
async def test_what_is_wrong_changes_nothing(web: Web, document: object) -> None:
    browser = await customer(web)
    answer = await send(browser, "/notices", document)
    assert answer.status_code in (400, 422)
    assert await fetch("SELECT count(*) FROM notice_choice") == [(0,)]


async def test_a_link_is_made_renewed_and_ended(web: Web) -> None:
    browser = await customer(web)
    assert (await browser.get("/api/v1/calendar")).json() is None
    first, second = [(await send(browser, "/calendar")).json()["link"] for _ in range(2)]
    assert first.startswith(f"{BASE_URL}/calendar/feed.ics?token=")
    assert (await browser.get(first)).status_code == 404
    assert (await browser.get(second)).status_code == 200
    known = (await browser.get("/api/v1/calendar")).json()
    assert known["link"] is None
    assert known["read_at"]
    assert (await send(browser, "/calendar/end")).status_code == 204
    assert (await browser.get(second)).status_code == 404
