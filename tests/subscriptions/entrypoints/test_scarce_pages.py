"""Why a box is without what its household likes: on its page, in the words of the API."""

import pytest
from litestar.types import ControllerRouterHandler

from subscriptions.entrypoints.box_api import BoxApiController
from subscriptions.entrypoints.box_controller import BoxController
from tests.market import AFTER, BEFORE
from tests.subscriptions.entrypoints.conftest import Web
from tests.subscriptions.entrypoints.test_household_pages import text
from tests.subscriptions.entrypoints.test_today_pages import customer_of, pay
from tests.subscriptions.people import fetch
from tests.subscriptions.services.scarce_street import SCARCE, open_scarce_street

ASKED = "Why no clementines this time?"


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return (BoxController, BoxApiController)


async def test_who_likes_what_was_scarce_reads_on_the_box_why_it_is_not_there(web: Web) -> None:
    street = await open_scarce_street()
    (holder,) = await street.plan(street.market.day)
    order = (holder, *({0, 1, 2} - {holder}))
    with_it, without, indifferent = [await street.box(n, street.market.day) for n in order]
    await fetch(
        "DELETE FROM household_taste WHERE household = (SELECT household FROM box WHERE id = $1)"
        " RETURNING id",
        indifferent,
    )
    web.clock.at = BEFORE
    for n, box in enumerate((with_it, indifferent)):
        neighbour = await customer_of(web, box, f"203.0.113.{n + 8}")
        assert "this time?" not in text(await neighbour.get(f"/boxes/{box}"))

    browser = await customer_of(web, without, "203.0.113.7")
    path = f"/api/v1/boxes/{without}/why?produce={SCARCE}"
    (answer,) = (await browser.get(path)).json()["answers"]
    assert len(answer["sentences"]) >= 3
    open_page = text(await browser.get(f"/boxes/{without}"))
    await pay(without)
    web.clock.at = AFTER
    closed_page = text(await browser.get(f"/boxes/{without}"))
    for page in (open_page, closed_page):
        asked = page.partition(ASKED)[2].partition("</details>")[0]
        for sentence in answer["sentences"]:
            assert sentence in asked
