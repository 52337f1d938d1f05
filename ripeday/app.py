"""The web application: every page and the API, put into one frame."""

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from litestar import Litestar, Request, Response, get
from litestar.config.compression import CompressionConfig
from litestar.config.csrf import CSRFConfig
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXPlugin
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.stores.redis import RedisStore
from litestar.template.base import csrf_token
from litestar.template.config import TemplateConfig
from litestar.types import ControllerRouterHandler
from pendulum import DateTime
from redis.asyncio import Redis

from ripeday.kit.clock import Clock
from ripeday.kit.entrypoints.page import current_page
from ripeday.settings import Settings
from ripeday.web.asset import Assets
from ripeday.web.frame import Protection, framed
from ripeday.web.refusal import HANDLERS
from ripeday.web.session import QuietSessionConfig
from ripeday.web.template import environment

CHECKOUT_URL = "https://checkout.stripe.com"
BANK_URL = "https://hooks.stripe.com"
"""Where the provider's pages lie: cards are entered on the one, banks ask their customers by way of the other."""
_WITHOUT_SESSION = ["^/static/", "^/health$", "^/ready$", "^/webhooks/", "^/schema"]
_A_YEAR = "public, max-age=31536000, immutable"


class Rooms(Protocol):
    """What the application needs of the house that it serves."""

    @property
    def settings(self) -> Settings:
        """Return where everything is."""
        ...

    @property
    def clock(self) -> Clock:
        """Return the house's time."""
        ...

    @property
    def redis(self) -> Redis:
        """Return the store of sessions."""
        ...


def create_app(house: Rooms, routes: Sequence[ControllerRouterHandler] | None = None) -> Litestar:
    """Put the application together; without `routes` it has all there are.

    Every field of the house can be asked for by its name in a handler (`billing`, `clock`, …), and `now` is the
    present instant.
    """
    if routes is None:
        from ripeday.web.route import ROUTES  # noqa: PLC0415 - the pages need the app's parts first

        routes = ROUTES
    assets = Assets.load()
    is_https = urlsplit(house.settings.base_url).scheme == "https"
    sessions = QuietSessionConfig(exclude=_WITHOUT_SESSION, secure=is_https)
    app = Litestar(
        route_handlers=[health, _static(assets), *routes],
        dependencies=_dependencies(house),
        plugins=[HTMXPlugin()],
        middleware=[sessions.middleware],
        stores={sessions.store: RedisStore(house.redis, namespace="ripeday:web")},
        csrf_config=CSRFConfig(
            secret=house.settings.secret,
            cookie_name="csrf",
            cookie_secure=is_https,
            cookie_httponly=True,
            exclude=_WITHOUT_SESSION,
        ),
        template_config=TemplateConfig(
            instance=JinjaTemplateEngine(engine_instance=environment(assets))
        ),
        compression_config=CompressionConfig(
            backend="gzip", gzip_compress_level=6, minimum_size=700, exclude="^/static/"
        ),
        exception_handlers=HANDLERS,
        before_request=_know_the_token,
        openapi_config=OpenAPIConfig(
            title="Ripeday", version="1", path="/schema", render_plugins=[JsonRenderPlugin()]
        ),
        include_in_schema=False,
        logging_config=None,
        debug=False,
    )
    protection = Protection.of(house.settings.base_url, _provider_origins(house.settings))
    app.asgi_handler = framed(app.asgi_handler, protection)
    return app


@get("/health", sync_to_thread=False)
def health() -> dict[str, str]:
    """Say that the process lives."""
    return {"status": "alive"}


def _static(assets: Assets) -> ControllerRouterHandler:
    @get("/static/{path:path}", sync_to_thread=False, opt={"exclude_from_csrf": True})
    def static_file(request: Request[Any, Any, Any], path: FromPath[str]) -> Response[bytes]:
        """Send a static file of the present version, to be kept for a year."""
        asset = assets.find(path.removeprefix("/"))
        if asset is None:
            return Response(b"", status_code=404, media_type="text/plain")
        headers = {"cache-control": _A_YEAR}
        content = asset.content
        if asset.compressed and "gzip" in request.headers.get("accept-encoding", ""):
            content = asset.compressed
            headers |= {"content-encoding": "gzip", "vary": "Accept-Encoding"}
        return Response(content, media_type=asset.media_type, headers=headers)

    return static_file


def _dependencies(house: Rooms) -> dict[str, Provide]:
    names = (
        [each.name for each in fields(house)]
        if is_dataclass(house)
        else ["settings", "clock", "redis"]
    )

    def now() -> DateTime:
        return house.clock.now()

    found = {name: Provide(_constant(getattr(house, name)), sync_to_thread=False) for name in names}
    return {**found, "now": Provide(now, sync_to_thread=False)}


def _constant(value: Any) -> Any:
    def provide() -> Any:
        return value

    return provide


def _know_the_token(request: Request[Any, Any, Any]) -> None:
    current_page().csrf_token = csrf_token({"request": request})


def _provider_origins(settings: Settings) -> list[str]:
    if settings.stripe_api is None:
        return [CHECKOUT_URL, BANK_URL]
    parts = urlsplit(settings.stripe_api)
    return [f"{parts.scheme}://{parts.netloc}"]
