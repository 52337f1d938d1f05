"""Joining in a browser's hands: trying boxes first, and waiting for a place on a full round."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis

from ripeday.app import create_app
from ripeday.composition import House
from ripeday.settings import Settings
from subscriptions.adapters import waiting_store
from subscriptions.entrypoints.account_controller import AccountController
from subscriptions.entrypoints.shop_controller import ShopController
from subscriptions.entrypoints.subscribe_controller import SubscribeController
from subscriptions.entrypoints.subscribed_controller import SubscribedController
from subscriptions.entrypoints.waiting_controller import WaitingController, WaitingLinkController
from tests.market import BEFORE, add_household, add_lot, open_market
from tests.sandbox_fixture import Sandbox
from tests.subscriptions.entrypoints.conftest import Browser, StandingClock
from tests.subscriptions.entrypoints.test_shop_pages import STEPS, Town, enter_card, fill
from tests.subscriptions.people import BASE_URL, fetch

NOW = BEFORE.subtract(days=2)
ROUTES = [
    ShopController, SubscribeController, SubscribedController, WaitingController, WaitingLinkController,
    AccountController,
]  # fmt: skip


@pytest.fixture
async def town(
    database: str, valkey_url: str, tmp_path: Path, sandbox: Sandbox
) -> AsyncIterator[Town]:
    market = await open_market()
    await add_lot(market, "mandarin", units=200)
    settings = Settings(
        secret="0123456789abcdefghijklmnopqrstuvwxyz", database_url=database, redis_url=valkey_url,
        stripe_key=sandbox.api_key, stripe_webhook_secret=sandbox.webhook_secret, smtp_url=sandbox.smtp_url,
        stripe_api=sandbox.url, base_url=BASE_URL, data_dir=tmp_path,
    )  # fmt: skip
    async with AsyncExitStack() as stack:
        redis = await stack.enter_async_context(Redis.from_url(valkey_url))
        house = replace(
            House.of(settings, redis, payments=sandbox.gateway()), clock=StandingClock(NOW)
        )
        app = create_app(house, ROUTES)

        async def open_browser() -> Browser:
            transport = httpx.ASGITransport(app)
            return await stack.enter_async_context(Browser(transport=transport, base_url=BASE_URL))

        yield Town(market, house, sandbox, open_browser)


async def offer_trial(n_boxes: int, price_minor: int) -> None:
    await fetch(
        "UPDATE box_plan SET trial_boxes = $1, trial_price_minor = $2 RETURNING id", n_boxes, price_minor
    )  # fmt: skip


async def choose(town: Town, browser: Browser, trial: str) -> httpx.Response:
    return await browser.send_form(
        f"{STEPS}/who", people="1", plan=str(town.market.plan), cadence="1", room="1", fridge="yes", trial=trial
    )  # fmt: skip


async def test_a_trial_is_said_before_it_is_signed_and_holds_as_it_was_signed(town: Town) -> None:
    browser = await town.browser()
    await fill(town, browser)
    assert (await choose(town, browser, "yes")).status_code == 422, "none is offered"
    await offer_trial(2, 900)
    assert "Try 2 boxes first" in (await browser.get(f"{STEPS}/who")).text
    await choose(town, browser, "yes")
    review = (await browser.get(f"{STEPS}/review")).text
    for said in (
        "2 boxes at €9.00 each, then €22.00 a box",
        "Tue 8 Dec",
        "Tue 15 Dec",
        "without notice",
    ):
        assert said in review.replace("\u00a0", " "), said
    await offer_trial(1, 1900)
    changed = await browser.send_form(STEPS)
    assert (changed.status_code, "has just changed" in changed.text) == (409, True)
    await offer_trial(2, 900)
    to_card = await browser.send_form(STEPS)
    done = await browser.get(enter_card(to_card.headers["location"]))
    assert "Then €9.00 is charged" in done.text
    await offer_trial(1, 1900)
    assert await fetch("SELECT n_boxes, price_minor FROM trial WHERE begun_at IS NOT NULL") == [
        (2, 900)
    ]
    await fill(town, browser)
    await choose(town, browser, "yes")
    again = await browser.send_form(STEPS)
    assert (again.status_code, "had your trial boxes" in again.text) == (409, True)


async def test_who_waits_is_led_to_the_place_that_is_kept(town: Town) -> None:
    await add_household(town.market)
    await fetch("UPDATE delivery_round SET capacity = 1 RETURNING id")
    browser, page = await town.browser(), f"/m/greengate/waiting/{town.market.round}"
    assert page in (await browser.get(f"{STEPS}/where")).text
    typed = {"name": "Mira Holm", "email": "mira@example.org", "postcode": "20095", "plan": ""}
    refused = await browser.send_form(page, **typed)
    assert (refused.status_code, "does not come to 20095" in refused.text) == (422, True)
    for _ in range(2):
        joined = await browser.send_form(page, **{**typed, "postcode": "10115"})
        assert "We have written to mira@example.org" in joined.text
    ((waiting,),) = await fetch("SELECT id FROM waiting")
    token = await waiting_store.renew_link(waiting, asks=False)  # type: ignore[arg-type]
    own = await browser.get(f"/waiting?token={token}")
    assert "You are number 1 on the list" in own.text
    await fetch("UPDATE delivery_round SET capacity = 2 RETURNING id")
    await town.house.waiting.ask(town.market.round, now=NOW)
    assert "A place is kept for you" in (await browser.get(f"/waiting?token={token}")).text
    stranger = await town.browser()
    assert re.search(r"full</span>", (await stranger.get(f"{STEPS}/where")).text)
    led = await browser.send_form("/waiting/take", token=token)
    assert led.headers["location"].endswith("/subscribe/where")
    where = (await browser.get(f"{STEPS}/where")).text
    assert not re.search(r"full</span>", where)
    assert 'value="10115"' in where
    await fill(town, browser)
    to_card = await browser.send_form(STEPS)
    done = await browser.get(enter_card(to_card.headers["location"]))
    assert done.status_code == 200
    assert "Your subscription has begun" in (await browser.get(f"/waiting?token={token}")).text
