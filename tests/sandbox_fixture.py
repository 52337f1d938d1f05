"""A real payment sandbox for tests: a process of its own, on free ports, emptied between tests."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import stripe
import uvicorn
from litestar import Litestar, Request, Response, post

from subscriptions.adapters.mailer import SmtpMailer
from subscriptions.adapters.stripe_gateway import StripeGateway
from subscriptions.ports import SavedCard

API_KEY = "sk_test_of_the_tests"
WEBHOOK_SECRET = "whsec_of_the_tests"
PROJECT = Path(__file__).parents[1]


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Sandbox:
    """A running sandbox and the ways to talk to it."""

    data_dir: Path
    port: int
    smtp_port: int
    webhook_port: int
    process: subprocess.Popen[bytes] | None = None
    api_key: str = API_KEY
    webhook_secret: str = WEBHOOK_SECRET
    _gateways: list[StripeGateway] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def smtp_url(self) -> str:
        return f"smtp://127.0.0.1:{self.smtp_port}"

    def start(self) -> None:
        """Start the process and wait until it answers."""
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "ripeday.sandbox",
                f"--data-dir={self.data_dir}",
                f"--port={self.port}",
                f"--smtp-port={self.smtp_port}",
                f"--api-key={self.api_key}",
                f"--webhook-url=http://127.0.0.1:{self.webhook_port}/webhooks/stripe",
                f"--webhook-secret={self.webhook_secret}",
            ],
            cwd=PROJECT,
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
        )
        transport = httpx.HTTPTransport(retries=30)
        with httpx.Client(transport=transport, timeout=30) as client:
            client.get(f"{self.url}/_sandbox/health").raise_for_status()

    def kill(self) -> None:
        """Kill the process without a word (kill -9)."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        """End the process politely."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=20)
            self.process = None

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Use one of the sandbox's own buttons, below /_sandbox."""
        answer = httpx.request(method, f"{self.url}/_sandbox/{path}", json=body, timeout=30)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def reset(self) -> None:
        """Forget everything."""
        self.control("POST", "reset")

    def fault(self, kind: str, **when: Any) -> None:
        """Plan trouble; see `ripeday.sandbox.fault.Fault`."""
        self.control("POST", "faults", {"kind": kind, **when})

    def forget_keys(self) -> None:
        """Forget all idempotency keys, as after 24 hours."""
        self.control("POST", "forget-keys")

    def change_card(self, payment_method: str, outcome: str | None) -> None:
        """Change what the bank does with a saved card from now on."""
        self.control("POST", "cards", {"payment_method": payment_method, "outcome": outcome})

    def books(self, box_id: object = None) -> dict[str, Any]:
        """Return the sandbox's own books: intents, paid_by_box, balance."""
        query = f"?box_id={box_id}" if box_id is not None else ""
        return dict(self.control("GET", f"books{query}"))

    def succeeded_intents(self, box_id: object) -> int:
        """Return how many times a box was paid."""
        return sum(i["status"] == "succeeded" for i in self.books(box_id)["intents"])

    def hold_news(self, **mode: Any) -> None:
        """Hold webhooks back until `release_news`."""
        self.control("POST", "webhooks", {"hold": True, **mode})

    def waiting_news(self) -> list[dict[str, Any]]:
        """Return held webhooks, oldest first."""
        return list(self.control("GET", "webhooks"))

    def release_news(self, **how: Any) -> list[dict[str, Any]]:
        """Deliver held webhooks now: events (ids), order, copies."""
        return list(self.control("POST", "webhooks/release", how))

    def mails(self, to: str) -> list[dict[str, Any]]:
        """Return the mails caught for an address, newest first."""
        answer = httpx.get(f"{self.url}/mail/api", params={"to": to}, timeout=30)
        return list(answer.raise_for_status().json())

    def gateway(self, *, timeout_s: float = 10.0, network_retries: int = 0) -> StripeGateway:
        """Return the farm's own gateway, talking to this sandbox."""
        gateway = StripeGateway(
            self.api_key,
            webhook_secret=self.webhook_secret,
            api_base=self.url,
            timeout_s=timeout_s,
            network_retries=network_retries,
        )
        self._gateways.append(gateway)
        return gateway

    def mailer(self) -> SmtpMailer:
        """Return the farm's own mailer, talking to this sandbox."""
        return SmtpMailer(self.smtp_url, sender="Ripeday <boxes@ripeday.example>")

    def stripe(self, api_key: str | None = None) -> stripe.StripeClient:
        """Return stripe-python as it comes."""
        return stripe.StripeClient(
            api_key or self.api_key,
            base_addresses={"api": self.url},
            max_network_retries=0,
            http_client=stripe.HTTPXClient(timeout=10),
        )

    async def saved_card(
        self, *, email: str = "anna@example.org", card: str = "pm_card_visa"
    ) -> SavedCard:
        """Return a new customer's saved card."""
        client = self.stripe()
        customer = await client.v1.customers.create_async({"email": email})
        method = await client.v1.payment_methods.attach_async(card, {"customer": customer.id})
        assert method.card is not None
        return SavedCard(
            customer.id,
            method.id,
            method.card.brand,
            method.card.last4,
            method.card.exp_month,
            method.card.exp_year,
        )

    async def close_gateways(self) -> None:
        while self._gateways:
            await self._gateways.pop().close()


@dataclass
class Farm:
    """What the farm's webhook address received: (body, signature), in order of arrival."""

    received: list[tuple[bytes, str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)


@pytest.fixture(scope="session")
def running_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    sandbox = Sandbox(tmp_path_factory.mktemp("sandbox"), free_port(), free_port(), free_port())
    sandbox.start()
    yield sandbox
    sandbox.kill()


@pytest.fixture
async def sandbox(running_sandbox: Sandbox) -> AsyncIterator[Sandbox]:
    """The payment sandbox and mail catcher, empty; news is held back unless a test lets it go."""
    if running_sandbox.process is None:
        running_sandbox.start()
    running_sandbox.reset()
    running_sandbox.hold_news()
    yield running_sandbox
    await running_sandbox.close_gateways()


@pytest.fixture
async def listening_farm(sandbox: Sandbox) -> AsyncIterator[Farm]:
    """A server on the webhook address; it answers 200, or what `answers` holds, first to last."""
    farm = Farm()

    @post("/webhooks/stripe")
    async def webhook(request: Request[Any, Any, Any]) -> Response[None]:
        farm.received.append((await request.body(), request.headers["stripe-signature"]))
        farm.arrived.set()
        status = farm.answers.pop(0) if farm.answers else 200
        return Response(None, status_code=status)

    # Bound here, not by the server, so that it takes connections from the first moment on.
    listener = socket.create_server(("127.0.0.1", sandbox.webhook_port))
    configuration = uvicorn.Config(
        Litestar([webhook], openapi_config=None), log_level="critical", lifespan="off"
    )
    server = uvicorn.Server(configuration)
    serving = asyncio.create_task(server._serve([listener]))
    yield farm
    server.should_exit = True
    with contextlib.suppress(asyncio.CancelledError):
        await serving
