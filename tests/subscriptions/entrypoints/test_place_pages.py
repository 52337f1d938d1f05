"""Another place for a box, as pages and by program: looked at first, then done, then taken back."""

from uuid import UUID

import pytest
from litestar.types import ControllerRouterHandler

from subscriptions.entrypoints.household_controller import HouseholdController
from subscriptions.entrypoints.next_box_controller import NextBoxController
from subscriptions.entrypoints.place_api import PlaceApiController
from subscriptions.entrypoints.place_controller import PlaceController, StandingPlaceController
from subscriptions.entrypoints.receipt_controller import ReceiptController
from tests.market import CUTOFF, Market, add_stop
from tests.subscriptions.entrypoints.conftest import Browser, Web
from tests.subscriptions.entrypoints.test_order_pages import customer, done, text
from tests.subscriptions.people import fetch


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return (
        PlaceController, StandingPlaceController, PlaceApiController, NextBoxController, HouseholdController,
        ReceiptController,
    )  # fmt: skip


async def at_a_market_with_a_stop(web: Web) -> tuple[Browser, str, str]:
    """Return the browser of a customer, the address of an order, and a stop of its round."""
    browser, at = await customer(web)
    ((merchant, round_),) = await fetch("SELECT merchant, id FROM delivery_round")

    return (
        browser,
        at,
        str(await add_stop(Market(merchant=UUID(str(merchant)), round=UUID(str(round_))))),
    )


async def test_a_box_is_sent_to_a_stop_looked_at_first_and_taken_back(web: Web) -> None:
    browser, at, stop = await at_a_market_with_a_stop(web)
    asked = {"place": stop, "how_long": "span", "until": "2026-12-10"}
    page = text(await browser.get(f"{at}/places/2026-12-01"))
    assert "Lindenweg 0, 10115 Berlin" in page
    assert "4711" not in page
    looked = text(await browser.send_form(f"{at}/places/2026-12-01", go="look", **asked))
    assert "The boxes of 1 December and 8 December go to Old Bakery, Marktplatz 2" in looked
    assert await fetch("SELECT 1 FROM place_change") == []

    receipt = await done(browser, f"{at}/places/2026-12-01", go="do", **asked)

    assert "Box of 1 December goes to another place" in receipt
    assert "Take it back" in receipt
    assert "Old Bakery" not in receipt
    assert "You fetch it: Old Bakery, Tue 16:00 to 19:00." in text(await browser.get("/boxes"))
    back = text(await browser.get(f"{at}/places/2026-12-08"))
    assert "4711" in back
    assert "The box of 8 December goes to Lindenweg 0" in back
    await done(browser, f"{at}/places/2026-12-08/withdraw")
    assert text(await browser.get("/boxes")).count("You fetch it") == 1


async def test_mistakes_keep_what_was_typed_and_a_closed_box_says_that_it_is_closed(
    web: Web,
) -> None:
    browser, at, _ = await at_a_market_with_a_stop(web)
    wrong = {
        "place": "address",
        "how_long": "span",
        "until": "soon",
        "street": "Nebenweg 3",
        "postcode": "1",
    }
    page = text(await browser.send_form(f"{at}/places/2026-12-01", go="do", **wrong), 422)
    for field in ("until", "postcode", "city"):
        assert f'href="#field-{field}"' in page
    assert 'value="Nebenweg 3"' in page
    web.clock.at = CUTOFF
    right = {
        "place": "address",
        "how_long": "once",
        "street": "Nebenweg 3",
        "postcode": "10115",
        "city": "Berlin",
    }
    for go in ("look", "do"):
        late = await browser.send_form(f"{at}/places/2026-12-01", go=go, **right)
        assert "What you change now counts for the next one." in text(late, 409)
    assert await fetch("SELECT 1 FROM place_change") == []


async def test_for_good_is_led_to_from_the_household_and_told_there(web: Web) -> None:
    browser, at, stop = await at_a_market_with_a_stop(web)
    led = await browser.get(f"{at}/place")
    assert led.headers["location"] == f"{at}/places/2026-12-01?how_long=good"
    await done(browser, f"{at}/places/2026-12-01", go="do", place=stop, how_long="good")
    assert "Old Bakery, Tue 16:00 to 19:00" in text(await browser.get("/household"))


async def test_programs_read_and_change_where_boxes_go(web: Web) -> None:
    browser, at, stop = await at_a_market_with_a_stop(web)
    api = f"/api/v1{at}/places/2026-12-01"
    found = (await browser.get(api)).json()
    assert found["place"]["street"] == "Lindenweg 0"
    assert [each["place"]["stop"] for each in found["stops"]] == [stop]
    wish = {"place": stop, "how_long": "once"}
    headers = {"x-csrftoken": browser.cookies["csrf"]}
    said = (await browser.post(f"{api}/look", json=wish, headers=headers)).json()
    assert any("Old Bakery" in each for each in said["points"])
    done_ = (await browser.post(api, json=wish, headers=headers)).json()
    assert (done_["deed"], done_["delivery_on"]) == ("place_changed", "2026-12-01")
    back = (await browser.post(f"{api}/withdraw", headers=headers)).json()
    assert back["until"] is None
