"""A merchant's stops: added with all that is said of them, counted by day, and closed without moving anybody."""

import datetime as dt
from uuid import UUID

import pytest
from litestar.types import ControllerRouterHandler

from subscriptions.entrypoints.merchant_stops_controller import MerchantStopsController
from subscriptions.place import HowLong
from subscriptions.services.placing import Asked, PlacingService
from tests.market import BEFORE, DELIVERY_ON, add_household, add_stop, open_market
from tests.subscriptions.entrypoints.conftest import Web
from tests.subscriptions.entrypoints.test_merchant_pages import planner
from tests.subscriptions.people import fetch

STOP = {
    "kind": "pickup", "name": "Mill", "name_zh": "磨坊", "street": "Mühlweg 1", "postcode": "10115", "city": "Berlin",
    "hours": "Tue 16:00 to 19:00", "hours_zh": "周二 16:00–19:00", "access_note": "code 4711#", "capacity": "2",
}  # fmt: skip


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return (MerchantStopsController,)


async def test_a_stop_is_added_and_every_mistake_stands_at_its_field(web: Web) -> None:
    m = await open_market()
    browser = await planner(web, m.merchant)
    wrong = await browser.send_form(
        "/merchant/stops", **{**STOP, "round": str(m.merchant), "postcode": "1", "capacity": "0"}
    )
    assert wrong.status_code == 422
    for field in ("postcode", "capacity"):
        assert f'href="#field-{field}"' in wrong.text
    added = await browser.send_form("/merchant/stops", round=str(m.round), **STOP)
    assert added.status_code == 303
    page = (await browser.get("/merchant/stops")).text
    assert "Mill" in page
    assert "Tue 16:00 to 19:00" in page


async def test_boxes_are_counted_by_day_and_closing_moves_nobody(web: Web) -> None:
    m = await open_market()
    stop = await add_stop(m, capacity=2)
    ((_, first), (_, second)) = [(n, await add_household(m)) for n in range(2)]
    await fetch("UPDATE subscription SET stop = $1 WHERE id = $2 RETURNING id", stop, first)
    ((person,),) = await fetch(
        "SELECT person FROM household JOIN subscription s ON s.household = household.id WHERE s.id = $1", second
    )  # fmt: skip
    asked = Asked(str(stop), HowLong.SPAN, DELIVERY_ON + dt.timedelta(days=2))
    await PlacingService().change(UUID(str(person)), second, DELIVERY_ON, asked, now=BEFORE)
    browser = await planner(web, m.merchant)
    web.clock.at = BEFORE

    assert "1 Dec: <b>2</b> full" in (await browser.get("/merchant/stops")).text.replace(
        "\u00a0", " "
    )
    closed = await browser.send_form(f"/merchant/stops/{stop}/close")
    page = (await browser.get(closed.headers["location"])).text

    assert "Anna Nr. 0" in page
    assert "1 household fetches its box here" in page
    assert await fetch("SELECT 1 FROM subscription WHERE stop = $1", stop)
