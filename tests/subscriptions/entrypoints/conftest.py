"""The web application with the pages of this package's door, asked as a browser would."""

import dataclasses
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar.types import ControllerRouterHandler
from pendulum import DateTime
from redis.asyncio import Redis

from ripeday.app import create_app
from ripeday.composition import House
from ripeday.settings import Settings
from subscriptions.entrypoints.account_controller import AccountController
from subscriptions.entrypoints.staff_controller import StaffController
from subscriptions.entrypoints.webhook_controller import WebhookController
from tests.sandbox_fixture import API_KEY, WEBHOOK_SECRET
from tests.subscriptions.people import BASE_URL, NOW, PASSWORD, Door, Mailbox


@dataclass
class StandingClock:
    """Shows one moment until it is moved."""

    at: DateTime = NOW

    def now(self) -> DateTime:
        return self.at


class Browser(httpx.AsyncClient):
    """Keeps cookies, sends forms with the token of the page it is on, does not follow redirects."""

    async def send_form(self, path: str, **fields: str) -> httpx.Response:
        """Send a form."""
        if "csrf" not in self.cookies:
            await self.get("/sign-in")
        return await self.post(path, data={"_csrf_token": self.cookies["csrf"], **fields})

    async def sign_in(self, email: str, password: str = PASSWORD) -> httpx.Response:
        """Sign in by password."""
        return await self.send_form("/sign-in", email=email, password=password)


@dataclass
class Web:
    """A running application and its house."""

    house: House
    clock: StandingClock
    door: Door
    redis: Redis
    _open: Callable[..., Any]

    async def browser(self, ip: str = "203.0.113.7") -> Browser:
        return await self._open(ip)


@pytest.fixture
def more_routes() -> tuple[ControllerRouterHandler, ...]:
    """Pages of the test's own."""
    return ()


@pytest.fixture
async def web(
    database: str,
    valkey_url: str,
    tmp_path: Path,
    more_routes: tuple[ControllerRouterHandler, ...],
) -> AsyncIterator[Web]:
    settings = Settings(
        secret="0123456789abcdefghijklmnopqrstuvwxyz", database_url=database, redis_url=valkey_url,
        stripe_key=API_KEY, stripe_webhook_secret=WEBHOOK_SECRET, smtp_url="smtp://127.0.0.1:1",
        stripe_api="http://127.0.0.1:1", base_url=BASE_URL, data_dir=tmp_path,
    )  # fmt: skip
    clock, mailbox = StandingClock(), Mailbox()
    async with AsyncExitStack() as stack:
        redis = await stack.enter_async_context(Redis.from_url(valkey_url))
        house = dataclasses.replace(House.of(settings, redis, mailer=mailbox), clock=clock)
        app = create_app(
            house, [AccountController, StaffController, WebhookController, *more_routes]
        )

        async def open_browser(ip: str) -> Browser:
            transport = httpx.ASGITransport(app, client=(ip, 4711))
            return await stack.enter_async_context(Browser(transport=transport, base_url=BASE_URL))

        yield Web(house, clock, Door(house.accounts, house.notices, mailbox), redis, open_browser)
