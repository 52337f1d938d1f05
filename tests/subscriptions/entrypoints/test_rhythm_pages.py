"""Another rhythm in a browser: said first, then done, with a receipt; nonsense is kept and named."""

import pytest
from litestar.types import ControllerRouterHandler

from subscriptions.entrypoints.household_controller import HouseholdController
from subscriptions.entrypoints.receipt_controller import ReceiptController
from subscriptions.entrypoints.rhythm_api import RhythmApiController
from subscriptions.entrypoints.rhythm_controller import RhythmController
from tests.subscriptions.entrypoints.conftest import Web
from tests.subscriptions.entrypoints.test_order_pages import customer, done, text
from tests.subscriptions.people import fetch


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return (RhythmController, RhythmApiController, ReceiptController, HouseholdController)


async def test_what_another_rhythm_does_is_said_before_it_is_done(web: Web) -> None:
    browser, at = await customer(web)
    assert f'href="{at}/rhythm"' in text(await browser.get("/household"))
    said = text(await browser.get(f"{at}/rhythm", params={"weeks": "3"}))
    assert "in the third there is nothing ripe from us" in said
    assert "the one after that comes on Tuesday 22 December." in said
    assert await fetch("SELECT 1 FROM subscription WHERE cadence_weeks <> 1") == []
    receipt = await done(browser, f"{at}/rhythm", weeks="3")
    assert "Boxes come in another rhythm from 1 December" in receipt
    assert "every 3 weeks" in text(await browser.get("/household"))
    csrf = {"x-csrftoken": browser.cookies["csrf"]}
    api = f"/api/v1{at}/rhythm"
    assert (await browser.get(api)).json() | {"subscription": ""} == {
        "subscription": "", "weeks": 3, "choices": [1, 2, 3, 4], "points": [], "receipt": None,
    }  # fmt: skip
    changed = (await browser.post(api, json={"weeks": "1"}, headers=csrf)).json()
    assert (changed["weeks"], bool(changed["receipt"])) == (1, True)


@pytest.mark.parametrize("weeks", ["0", "5", "soon", "1", "<b>"])
async def test_a_rhythm_that_cannot_be_changes_nothing(web: Web, weeks: str) -> None:
    browser, at = await customer(web)
    page = text(await browser.get(f"{at}/rhythm", params={"weeks": weeks}), 422)
    assert 'href="#field-weeks"' in page
    assert "<b>" not in page.replace("<b ", "")
    assert await fetch("SELECT 1 FROM subscription_receipt") == []
