"""What the plan board says of produce that was scarce."""

import pytest
from litestar.types import ControllerRouterHandler

from subscriptions.entrypoints.merchant_board_controller import MerchantBoardController
from subscriptions.role import Role
from tests.subscriptions.entrypoints.conftest import Web
from tests.subscriptions.people import add_person, fetch
from tests.subscriptions.services.scarce_street import open_scarce_street


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return (MerchantBoardController,)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ("Scarce this time: who waits", "Went without", "2 deliveries", "Anna Nr. ")),
        ("zh", ("这次紧缺：谁还在等", "没分到", "2 次", "Anna Nr. ")),
    ],
)
async def test_the_board_says_what_was_scarce_and_who_waits(
    web: Web, language: str, told: tuple[str, ...]
) -> None:
    street = await open_scarce_street()
    await add_person("planner@example.org", (Role.PLANNER, street.market.merchant))
    browser = await web.browser()
    await browser.sign_in("planner@example.org")
    await fetch("UPDATE person SET locale = $1 RETURNING id", language)
    await street.plan(street.market.day)
    street.supply.one_more()
    later = await street.open_day(1)
    await street.plan(later)

    page = await browser.get(f"/merchant/plan/{later}")

    assert page.status_code == 200
    for words in told:
        assert words in page.text.replace("\u00a0", " "), words
