"""The whole application, as the house runs it, with two merchants and somebody of every role signed in."""

import dataclasses
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis

from ripeday.app import create_app
from ripeday.composition import House
from ripeday.settings import Settings
from tests.delivery.services.floor import MORNING
from tests.ripeday.web.two_markets import (
    EVERYBODY,
    PLACES,
    Town,
    add_staff,
    open_side,
    sign_everybody_in,
)
from tests.sandbox_fixture import Sandbox
from tests.subscriptions.entrypoints.conftest import Browser, StandingClock
from tests.subscriptions.people import BASE_URL, Mailbox


@pytest.fixture
async def town(
    database: str, valkey_url: str, tmp_path: Path, sandbox: Sandbox
) -> AsyncIterator[Town]:
    settings = Settings(
        secret="0123456789abcdefghijklmnopqrstuvwxyz", database_url=database, redis_url=valkey_url,
        stripe_key=sandbox.api_key, stripe_webhook_secret=sandbox.webhook_secret, smtp_url="smtp://127.0.0.1:1",
        stripe_api=sandbox.url, base_url=BASE_URL, data_dir=tmp_path,
    )  # fmt: skip
    async with AsyncExitStack() as stack:
        redis = await stack.enter_async_context(Redis.from_url(valkey_url))
        house = House.of(settings, redis, payments=sandbox.gateway(), mailer=Mailbox())
        house = dataclasses.replace(house, clock=StandingClock(MORNING))
        ours = await open_side(house, "greengate", "Aardvark", "Greengate Fruit", "9521234")
        theirs = await open_side(house, "outland", "Zanzibar", "Outland Orchards", "9521235")
        town = Town(house, create_app(house), ours, theirs)
        addresses = await add_staff(town)
        for person in EVERYBODY:
            transport = httpx.ASGITransport(
                town.app, client=(PLACES[person], 4711), raise_app_exceptions=False
            )
            browser = Browser(transport=transport, base_url=BASE_URL)
            town.browsers[person] = await stack.enter_async_context(browser)
        await sign_everybody_in(town, addresses)
        yield town
