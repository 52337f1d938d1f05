"""The reader's own choices: language and light. Plain links, so they work without script."""

from typing import Any
from urllib.parse import urlsplit

from litestar import Request, get
from litestar.datastructures import Cookie
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from ripeday.kit.entrypoints.page import THEMES, speak_own
from ripeday.kit.errors import NotFound
from ripeday.translation import LANGUAGES
from subscriptions.adapters import account_store
from subscriptions.entrypoints.guard import identity_of

_A_YEAR_S = 365 * 24 * 3600


@get("/language/{language:str}")
async def choose_language(
    request: Request[Any, Any, Any], language: FromPath[str], back: FromQuery[str] = "/"
) -> Redirect:
    """Go on in another language, on the page one came from; for whoever is signed in it is kept, also for mails.

    A link on somebody else's site changes only what this browser shows a stranger.
    """
    if language not in LANGUAGES:
        raise NotFound
    if request.headers.get("sec-fetch-site") != "cross-site":
        identity = await identity_of(request)
        if identity is not None:
            await account_store.set_locale(identity.person_id, language)
            speak_own(language)
    return _back(back, language_cookie(language, secure=_is_https(request)))


@get("/theme/{theme:str}", sync_to_thread=False)
def choose_theme(
    request: Request[Any, Any, Any], theme: FromPath[str], back: FromQuery[str] = "/"
) -> Redirect:
    """Go on in light, dark, or as the device wishes (auto)."""
    if theme not in THEMES:
        raise NotFound
    return _back(back, _kept("theme", theme, secure=_is_https(request)))


def language_cookie(language: str, *, secure: bool) -> Cookie:
    """Return the cookie in which a browser remembers its language."""
    return _kept("lang", language, secure=secure)


def local_path(address: str) -> str:
    """Return an address within this site, or the front page: a link must not lead astray."""
    parts = urlsplit(address)
    is_local = (
        not parts.scheme
        and not parts.netloc
        and address.startswith("/")
        and not address.startswith("//")  # three slashes have no host for us, but for browsers
        and "\\" not in address
        and address.isprintable()
    )
    return address if is_local else "/"


def _is_https(request: Request[Any, Any, Any]) -> bool:
    return request.url.scheme == "https"


def _back(back: str, cookie: Cookie) -> Redirect:
    return Redirect(local_path(back), status_code=303, cookies=[cookie])


def _kept(name: str, value: str, *, secure: bool) -> Cookie:
    return Cookie(
        key=name,
        value=value,
        max_age=_A_YEAR_S,
        path="/",
        httponly=True,
        samesite="lax",
        secure=secure,
    )
