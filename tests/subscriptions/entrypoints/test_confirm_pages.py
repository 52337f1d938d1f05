"""The bank asks for the customer's yes: from our page to the bank's and back, with a real sandbox."""

import dataclasses
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from redis.asyncio import Redis

from ripeday.app import create_app
from ripeday.composition import House
from ripeday.settings import Settings
from subscriptions.entrypoints.account_controller import AccountController
from subscriptions.entrypoints.box_controller import BoxController
from tests.market import AFTER, CUTOFF, add_box, add_lot, broken_invariants, open_market, statuses
from tests.sandbox_fixture import API_KEY, WEBHOOK_SECRET, Sandbox
from tests.subscriptions.entrypoints.conftest import Browser, StandingClock, Web
from tests.subscriptions.entrypoints.test_today_pages import customer_of
from tests.subscriptions.people import BASE_URL, Mailbox, fetch, open_door

TRY = "0123456789abcdef"


@pytest.fixture
async def web(
    database: str, valkey_url: str, tmp_path: Path, sandbox: Sandbox
) -> AsyncIterator[Web]:
    settings = Settings(
        secret="0123456789abcdefghijklmnopqrstuvwxyz", database_url=database, redis_url=valkey_url,
        stripe_key=API_KEY, stripe_webhook_secret=WEBHOOK_SECRET, smtp_url="smtp://127.0.0.1:1",
        stripe_api=sandbox.url, base_url=BASE_URL, data_dir=tmp_path,
    )  # fmt: skip
    clock = StandingClock(AFTER)
    async with AsyncExitStack() as stack:
        redis = await stack.enter_async_context(Redis.from_url(valkey_url))
        house = House.of(settings, redis, payments=sandbox.gateway(), mailer=Mailbox())
        house = dataclasses.replace(house, clock=clock)
        app = create_app(house, [AccountController, BoxController])

        async def open_browser(ip: str) -> Browser:
            transport = httpx.ASGITransport(app, client=(ip, 4711))
            return await stack.enter_async_context(Browser(transport=transport, base_url=BASE_URL))

        yield Web(house, clock, open_door(redis), redis, open_browser)


async def waiting_box(web: Web, sandbox: Sandbox) -> UUID:
    """Return a box whose charge the bank wants the customer for."""
    m = await open_market()
    lot = await add_lot(m, "banana", units=10)
    card = await sandbox.saved_card(card="pm_card_authenticationRequired")
    box = await add_box(m, [(lot, 3)], card=(card.customer, card.payment_method))
    await web.house.cutoff.lock_day(m.day, now=CUTOFF)
    await web.house.cutoff.reserve_day(m.day, now=AFTER)
    await web.house.cutoff.charge_box(box, now=AFTER)
    assert await statuses(m) == ["needs_authentication"]
    return box


async def status_of(box: UUID) -> str:
    ((status,),) = await fetch("SELECT status FROM box WHERE id = $1", box)
    return str(status)


async def at_the_bank(url: str, answer: str) -> str:
    """Answer the bank on its page; returns the path it leads back to."""
    async with httpx.AsyncClient() as bank:
        assert "€22.00" in (await bank.get(url)).text
        back = (await bank.post(url, data={"answer": answer})).headers["location"]
    assert back.startswith(f"{BASE_URL}/boxes/")
    return str(back).removeprefix(BASE_URL)


async def test_a_yes_at_the_bank_pays_the_box_once(web: Web, sandbox: Sandbox) -> None:
    box = await waiting_box(web, sandbox)
    browser = await customer_of(web, box)
    page = await browser.get(f"/boxes/{box}/confirm")
    assert "Confirm €22.00" in page.text

    sent = await browser.send_form(f"/boxes/{box}/confirm", **{"try": TRY})
    assert sent.status_code == 303
    back = await at_the_bank(sent.headers["location"], "yes")
    for _ in range(2):
        told = await browser.get(back)
        assert told.headers["location"] == f"/boxes/{box}"

    assert await status_of(box) == "paid"
    assert sandbox.succeeded_intents(box) == 1
    assert await broken_invariants() == []


async def test_a_no_at_the_bank_can_be_tried_again(web: Web, sandbox: Sandbox) -> None:
    box = await waiting_box(web, sandbox)
    browser = await customer_of(web, box)
    sent = await browser.send_form(f"/boxes/{box}/confirm", **{"try": TRY})

    told = await browser.get(await at_the_bank(sent.headers["location"], "no"))
    assert told.status_code == 409
    assert "The bank has not said yes" in told.text
    assert await status_of(box) == "needs_authentication"

    sent = await browser.send_form(f"/boxes/{box}/confirm", **{"try": TRY[::-1]})
    await browser.get(await at_the_bank(sent.headers["location"], "yes"))
    assert await status_of(box) == "paid"
    assert sandbox.succeeded_intents(box) == 1


async def test_pressing_twice_is_one_try(web: Web, sandbox: Sandbox) -> None:
    box = await waiting_box(web, sandbox)
    browser = await customer_of(web, box)

    sent = [await browser.send_form(f"/boxes/{box}/confirm", **{"try": TRY}) for _ in range(2)]

    assert len({each.headers["location"] for each in sent}) == 1


async def test_a_box_that_was_given_up_cannot_be_paid_any_more(web: Web, sandbox: Sandbox) -> None:
    box = await waiting_box(web, sandbox)
    browser = await customer_of(web, box)
    await web.house.billing.give_up(box, now=AFTER)

    assert (await browser.get(f"/boxes/{box}/confirm")).headers["location"] == f"/boxes/{box}"
    sent = await browser.send_form(f"/boxes/{box}/confirm", **{"try": TRY})

    assert sent.headers["location"] == f"/boxes/{box}"
    assert await status_of(box) == "declined"
    assert sandbox.succeeded_intents(box) == 0


async def test_without_an_answer_from_the_bank_nothing_changes(web: Web, sandbox: Sandbox) -> None:
    box = await waiting_box(web, sandbox)
    browser = await customer_of(web, box)
    sandbox.fault("down", path="/v1/payment_intents")

    assert (await browser.send_form(f"/boxes/{box}/confirm", **{"try": TRY})).status_code == 503
    assert await status_of(box) == "needs_authentication"


@pytest.mark.parametrize("key", ["", "short", "0123456789abcde/"])
async def test_a_try_without_its_key_is_refused(web: Web, sandbox: Sandbox, key: str) -> None:
    box = await waiting_box(web, sandbox)
    browser = await customer_of(web, box)

    assert (await browser.send_form(f"/boxes/{box}/confirm", **{"try": key})).status_code == 422
    assert await status_of(box) == "needs_authentication"
