"""The reader's own choices: language and light. Plain links, so they work without script."""

from typing import Any
from urllib.parse import urlsplit

from litestar import Request, get
from litestar.datastructures import Cookie
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from ripeday.kit.entrypoints.page import THEMES
from ripeday.kit.errors import NotFound
from ripeday.translation import LANGUAGES

_A_YEAR_S = 365 * 24 * 3600


@get("/language/{language:str}", sync_to_thread=False)
def choose_language(
    request: Request[Any, Any, Any], language: FromPath[str], back: FromQuery[str] = "/"
) -> Redirect:
    """Go on in another language, on the page one came from."""
    if language not in LANGUAGES:
        raise NotFound
    return _back(request, back, "lang", language)


@get("/theme/{theme:str}", sync_to_thread=False)
def choose_theme(
    request: Request[Any, Any, Any], theme: FromPath[str], back: FromQuery[str] = "/"
) -> Redirect:
    """Go on in light, dark, or as the device wishes (auto)."""
    if theme not in THEMES:
        raise NotFound
    return _back(request, back, "theme", theme)


def local_path(address: str) -> str:
    """Return an address within this site, or the front page: a link must not lead astray."""
    parts = urlsplit(address)
    is_local = (
        not parts.scheme
        and not parts.netloc
        and parts.path.startswith("/")
        and not parts.path.startswith("//")
        and "\\" not in address
        and address.isprintable()
    )
    return address if is_local else "/"


def _back(request: Request[Any, Any, Any], back: str, name: str, value: str) -> Redirect:
    cookie = Cookie(
        key=name,
        value=value,
        max_age=_A_YEAR_S,
        path="/",
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return Redirect(local_path(back), status_code=303, cookies=[cookie])
