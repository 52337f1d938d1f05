"""The merchant's rule of skips and notice: for how many it holds is said first, then it holds for what comes."""

import pytest
from litestar.types import ControllerRouterHandler

from subscriptions.adapters import order_store
from subscriptions.entrypoints.merchant_rule_controller import MerchantRuleController
from tests.market import BEFORE, add_household, open_market
from tests.subscriptions.entrypoints.conftest import Web
from tests.subscriptions.entrypoints.test_merchant_pages import planner
from tests.subscriptions.people import fetch


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    return (MerchantRuleController,)


async def test_another_rule_says_for_how_many_it_would_hold_and_leaves_what_there_is(
    web: Web,
) -> None:
    m = await open_market()
    order = await add_household(m)
    await add_household(m)
    await fetch(
        "INSERT INTO skip (id, merchant, subscription, delivery_on, skipped_at)"
        " SELECT gen_random_uuid(), $1, $2, day::date, $3"
        " FROM generate_series('2026-12-08'::date, '2026-12-22', '7 days') day RETURNING id",
        m.merchant, order, BEFORE,
    )  # fmt: skip
    browser = await planner(web, m.merchant)
    web.clock.at = BEFORE
    wanted = {"n_skips": "2", "n_in_a_row": "1", "notice_days": "7"}
    assert "It holds for 2 running subscriptions." in (await browser.get("/merchant/rule")).text
    page = (await browser.get("/merchant/rule", params=wanted)).text
    assert "1 of them has none left of 2 skips in this season." in page
    assert "1 has skipped more already; that stays." in page
    assert await fetch("SELECT 1 FROM delivery_rule") == [], "looking changes nothing"

    assert (await browser.send_form("/merchant/rule", **wanted)).status_code == 303
    ((person,),) = await fetch(
        "SELECT household.person FROM subscription JOIN household ON household.id = subscription.household"
        " WHERE subscription.id = $1",
        order,
    )
    (book,) = await order_store.order_books(person, now=BEFORE)  # type: ignore[arg-type]
    assert (book.order.lets.n_skips, book.order.lets.notice_days) == (2, 7)
    assert book.allowance(BEFORE.date()).left == 0
    assert len(book.skips) == 3
    assert ("delivery_rule_set",) in await fetch("SELECT action FROM audit_entry")
    for name in wanted:
        for typed in ("61", "-1", "", "<b>"):
            wrong = await browser.send_form("/merchant/rule", **{**wanted, name: typed})
            assert wrong.status_code == 422
            assert f'id="wrong-{name}"' in wrong.text
            assert "<b>" not in wrong.text.replace("<b ", "")
    assert await fetch("SELECT n_skips FROM delivery_rule") == [(2,)]
