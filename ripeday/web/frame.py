"""What stands around every answer: language, theme, security headers, an id, one line in the log.

This is plain ASGI around the whole application, so that it also covers what Litestar answers before a route is found.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import uuid4

import structlog
from litestar.datastructures import Headers, MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from ripeday.kit.entrypoints.page import THEMES, Page, page_opened
from ripeday.translation import Words, chosen_language, translator
from ripeday.web.choice import language_cookie

_log = structlog.get_logger("ripeday.web")
_QUIET = ("/static/", "/health", "/ready")


@dataclass(frozen=True, slots=True)
class Protection:
    """Headers that tell browsers what our pages never do."""

    headers: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, base_url: str, checkout_urls: Iterable[str]) -> "Protection":
        """Allow what the pages need; a form may lead on to the payment provider's own page."""
        forms = " ".join(["'self'", *checkout_urls])
        policy = (
            "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
            f"frame-ancestors 'none'; form-action {forms}"
        )
        headers = [
            ("content-security-policy", policy),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "strict-origin-when-cross-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("permissions-policy", "camera=(self), geolocation=(), microphone=(), payment=()"),
        ]
        if urlsplit(base_url).scheme == "https":
            headers.append(("strict-transport-security", "max-age=31536000; includeSubDomains"))
        return cls(tuple(headers))


def framed(app: ASGIApp, protection: Protection) -> ASGIApp:
    """Put the frame around an application."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        page = _page_of(scope)
        method, remembered = str(scope["method"]), page.translator.locale
        is_https = scope["scheme"] == "https"
        started, status = time.perf_counter(), 500

        async def send_framed(sent: Message) -> None:
            nonlocal status
            if sent["type"] == "http.response.start":
                status = sent["status"]
                _add_headers(sent, protection, page)
                if page.own_language not in (None, remembered):
                    _remember(sent, str(page.own_language), secure=is_https)
            await send(sent)

        with (
            page_opened(page),
            structlog.contextvars.bound_contextvars(request_id=page.request_id),
        ):
            try:
                await app(scope, receive, send_framed)
            finally:
                _write_line(method, scope["path"], status, started)

    return answer


def _page_of(scope: Scope) -> Page:
    headers = Headers.from_scope(scope)
    cookies = _cookies(headers.get("cookie", ""))
    language = chosen_language(cookies.get("lang"), headers.get("accept-language"))
    theme = cookies.get("theme", "")
    query = scope["query_string"].decode("latin-1")
    return Page(
        translator(language),
        path=scope["path"] + (f"?{query}" if query else ""),
        theme=theme if theme in THEMES else "auto",
        request_id=uuid4().hex[:16],
        is_fragment=headers.get("hx-request") == "true",
        words_in=_words_in,
    )


def _words_in(language: str) -> Words:
    return translator(chosen_language(language))


def _remember(sent: Message, language: str, *, secure: bool) -> None:
    """Let the browser go on in the person's language where nobody asks who they are."""
    cookie = language_cookie(language, secure=secure).to_header(header="")
    MutableScopeHeaders.from_message(sent).add("Set-Cookie", cookie)


def _cookies(header: str) -> dict[str, str]:
    pairs = (pair.strip().partition("=") for pair in header.split(";"))
    return {name: value for name, _, value in pairs if name}


def _add_headers(sent: Message, protection: Protection, page: Page) -> None:
    headers = MutableScopeHeaders.from_message(sent)
    for name, value in protection.headers:
        headers.setdefault(name, value)
    headers["x-request-id"] = page.request_id
    if headers.get("content-type", "").startswith("text/html"):
        headers.setdefault("content-language", page.translator.locale)
        headers.setdefault("cache-control", "no-store")
        headers.add("vary", "Cookie, Accept-Language, HX-Request")


def _write_line(method: str, path: str, status: int, started: float) -> None:
    if path.startswith(_QUIET) and status < 400:
        return
    _log.info(
        "answered",
        method=method,
        path=path,
        status=status,
        ms=round((time.perf_counter() - started) * 1000, 1),
    )
