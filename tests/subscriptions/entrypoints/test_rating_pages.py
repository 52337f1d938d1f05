"""How a box was liked: one tap a thing, and a taste made of it."""

from uuid import uuid4

import pytest
from litestar.types import ControllerRouterHandler

from subscriptions.entrypoints.rating_controller import RatingController
from subscriptions.role import Role
from tests.market import AFTER
from tests.subscriptions.entrypoints.conftest import Web
from tests.subscriptions.entrypoints.test_household_pages import text
from tests.subscriptions.entrypoints.test_problem_pages import delivered
from tests.subscriptions.entrypoints.test_today_pages import customer_of
from tests.subscriptions.people import add_person, fetch


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return (RatingController,)


async def test_what_was_not_for_us_can_be_made_never_in_a_tap(web: Web) -> None:
    m, line = await delivered(web)
    browser = await customer_of(web, m.boxes[0], "203.0.113.7")
    assert text(await browser.get(f"/ratings/{m.boxes[0]}")).count("Gladly again") == 2

    for liking in ("gladly", "not_for_us"):
        sent = await browser.send_form(f"/ratings/lines/{line}", liking=liking)
        assert sent.headers["location"] == f"/ratings/{m.boxes[0]}#rate-{line}"

    assert await fetch("SELECT produce, liking FROM item_rating") == [("apple_fuji", "not_for_us")]
    assert "Never send Fuji apples again" in text(await browser.get(f"/ratings/{m.boxes[0]}"))
    taken = await browser.send_form(f"/ratings/lines/{line}/taste", taste="never")
    assert taken.headers["location"] == "/household?saved=0"
    assert await fetch("SELECT produce, taste FROM household_taste") == [("apple_fuji", "never")]
    assert "Never send" not in text(await browser.get(f"/ratings/{m.boxes[0]}"))


async def test_absurd_words_and_other_peoples_boxes_are_refused(web: Web) -> None:
    m, line = await delivered(web)
    browser = await customer_of(web, m.boxes[0], "203.0.113.7")
    assert (await browser.send_form(f"/ratings/lines/{line}", liking="love")).status_code == 422
    assert (
        await browser.send_form(f"/ratings/lines/{line}/taste", taste="always")
    ).status_code == 422
    await add_person("bert@example.org", (Role.CUSTOMER, m.merchant))
    bert = await web.browser("203.0.113.8")
    await bert.sign_in("bert@example.org")

    for id_ in (line, uuid4()):
        assert (await bert.get(f"/ratings/{m.boxes[0]}")).status_code == 404
        assert (await bert.send_form(f"/ratings/lines/{id_}", liking="fine")).status_code == 404
    web.clock.at = AFTER
    assert (await browser.get(f"/ratings/{m.boxes[0]}")).status_code == 404
    assert await fetch("SELECT 1 FROM item_rating") == []
