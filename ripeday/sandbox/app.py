"""The sandbox as a process: its addresses, its start and its end.

`ripeday sandbox` runs it beside the farm; `python -m ripeday.sandbox` runs it alone.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import uvicorn
from litestar import Litestar, Request, Response, route
from litestar.datastructures import State
from litestar.enums import HttpMethod
from litestar.static_files import create_static_files_router
from litestar.types import Receive, Scope, Send

from ripeday.sandbox import mail
from ripeday.sandbox.api import Api, HttpAnswer, HttpRequest
from ripeday.sandbox.books import Books
from ripeday.sandbox.call import Endpoint
from ripeday.sandbox.control import CONTROLS
from ripeday.sandbox.courier import Courier
from ripeday.sandbox.page import PAGES, STATIC

WEBHOOK_PATH = "/webhooks/stripe"
LARGEST_REQUEST = 1_000_000

WEBHOOK_EVENTS = frozenset(
    {
        "charge.dispute.created",
        "charge.dispute.closed",
        "checkout.session.completed",
        "payment_intent.canceled",
        "payment_intent.payment_failed",
        "payment_intent.processing",
        "payment_intent.succeeded",
        "refund.created",
        "refund.failed",
        "refund.updated",
    }
)
"""What the farm's webhook endpoint listens to; the same list belongs into Stripe's dashboard."""


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """Where the sandbox keeps its books and whom it serves.

    `webhook_url` may be missing: then news goes only to endpoints registered through the API.
    """

    data_dir: Path
    api_key: str
    webhook_url: str | None = None
    webhook_secret: str = ""
    host: str = "127.0.0.1"
    port: int = 0
    smtp_port: int = 0


class FarmSettings(Protocol):
    """The farm's settings, as far as the sandbox needs them."""

    @property
    def data_dir(self) -> Path:
        """Return the farm's data folder."""
        ...

    @property
    def stripe_key(self) -> str:
        """Return the key that the farm will show."""
        ...

    @property
    def stripe_api(self) -> str | None:
        """Return the address at which the farm expects the API; None when it uses Stripe."""
        ...

    @property
    def stripe_webhook_secret(self) -> str:
        """Return the secret that signs news."""
        ...

    @property
    def smtp_url(self) -> str:
        """Return where the farm sends its mail."""
        ...

    @property
    def base_url(self) -> str:
        """Return the farm's own address."""
        ...


def create_sandbox(settings: SandboxSettings) -> Litestar:
    """Return the sandbox's web application; its mail server and courier live as long as it does."""

    @asynccontextmanager
    async def alive(app: Litestar) -> AsyncIterator[None]:
        books = Books(settings.data_dir / "books.sqlite3")
        courier = Courier(books)
        endpoint = (
            Endpoint(settings.webhook_url, settings.webhook_secret, WEBHOOK_EVENTS)
            if settings.webhook_url
            else None
        )
        api = Api(books, api_key=settings.api_key, endpoint=endpoint, told=courier.wake)
        app.state.update({"books": books, "courier": courier, "api": api})
        post_office = await mail.listen(books, host=settings.host, port=settings.smtp_port)
        app.state.smtp_port = post_office.sockets[0].getsockname()[1]
        delivering = asyncio.create_task(courier.run())
        try:
            yield
        finally:
            delivering.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await delivering
            post_office.close()
            books.close()

    return Litestar(
        route_handlers=[
            speak,
            *CONTROLS,
            *PAGES,
            create_static_files_router("/static", [STATIC]),
        ],
        lifespan=[alive],
        openapi_config=None,
        request_max_body_size=LARGEST_REQUEST,
        debug=False,
    )


@route("/v1/{rest:path}", http_method=[HttpMethod.GET, HttpMethod.POST, HttpMethod.DELETE])
async def speak(request: Request[None, None, State]) -> Response[None]:
    """Answer a request to the API."""
    api: Api = request.app.state.api
    answer = await api.answer(
        HttpRequest(
            method=request.method,
            path=request.url.path.rstrip("/"),
            query=request.url.query,
            body=await request.body(),
            headers={name.lower(): value for name, value in request.headers.items()},
            base_url=str(request.base_url).rstrip("/"),
        )
    )
    return _Spoken(answer)


class _Spoken(Response[None]):
    """An answer as it is; a broken one ends within its body, so that the client sees no end."""

    def __init__(self, answer: HttpAnswer) -> None:
        super().__init__(content=None)
        self._answer = answer

    def to_asgi_response(self, *_args: object, **_options: object) -> "_Spoken":  # type: ignore[override]
        return self

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        body = self._answer.body.encode()
        headers = {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **self._answer.headers,
        }
        await send(
            {
                "type": "http.response.start",
                "status": self._answer.status,
                "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()],
            }
        )
        sent = body[: len(body) // 2] if self._answer.is_broken else body
        more = self._answer.is_broken
        await send({"type": "http.response.body", "body": sent, "more_body": more})


async def serve(settings: FarmSettings) -> None:
    """Run the farm's own sandbox until it is told to stop."""
    api = urlsplit(settings.stripe_api or "http://127.0.0.1:0")
    await run(
        SandboxSettings(
            data_dir=settings.data_dir / "sandbox",
            api_key=settings.stripe_key,
            webhook_url=settings.base_url.rstrip("/") + WEBHOOK_PATH,
            webhook_secret=settings.stripe_webhook_secret,
            host=api.hostname or "127.0.0.1",
            port=api.port or 0,
            smtp_port=urlsplit(settings.smtp_url).port or 0,
        )
    )


async def run(settings: SandboxSettings) -> None:
    """Run one sandbox until it is told to stop."""
    configuration = uvicorn.Config(
        create_sandbox(settings),
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    await uvicorn.Server(configuration).serve()
