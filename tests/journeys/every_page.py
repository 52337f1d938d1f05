"""Every page that people can reach by links, one of each kind, as each of them finds it."""

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urljoin, urlsplit

import httpx
from playwright.sync_api import APIResponse, BrowserContext

from tests.ripeday.web.test_access import DOORS

PAGES_MAX: Final = 400
"""Addresses asked for one person; a guard against endless calendars."""
EACH_MOST: Final = 8
"""Addresses of one kind whose links are followed: an open box leads elsewhere than one that was delivered."""
LEFT_ALONE: Final = ("/sign-out", "/language/", "/theme/", "/static/", "/schema")
"""Not pages, or they change who is looking."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One route that answers GET: its template and what an address of it looks like."""

    template: str
    address: re.Pattern[str]


def _kinds() -> tuple[Kind, ...]:
    templates = [door.removeprefix("GET ") for door in DOORS if door.startswith("GET ")]
    exact_first = sorted(templates, key=lambda each: (each.count("{"), each))
    return tuple(
        Kind(each, re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(each)) + "$"))
        for each in exact_first
    )


KINDS: Final = _kinds()


def kind_of(path: str) -> str | None:
    """Return the template of the route that answers an address."""
    return next((kind.template for kind in KINDS if kind.address.match(path)), None)


class _Links(HTMLParser):
    """Gathers where a page leads."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a" and (to := dict(attrs).get("href")):
            self.found.append(to)


def links_of(html: str, *, at: str) -> Iterator[str]:
    """Yield the addresses within the site that a page links to, without fragments."""
    reader = _Links()
    reader.feed(html)
    for to in reader.found:
        parts = urlsplit(urljoin(at, to))
        if parts.netloc == urlsplit(at).netloc and not parts.path.startswith(LEFT_ALONE):
            yield parts._replace(fragment="").geturl()


def find_pages(
    context: BrowserContext, starts: Iterable[str], *, known: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Follow links and return the first address found of each kind of page, by its template.

    Kinds in `known` are not looked at again; everything else is asked for as the person of this context.
    """
    seen: set[str] = set()
    found: dict[str, str] = {}
    n_asked: Counter[str] = Counter()
    waiting = deque(starts)
    while waiting and len(seen) < PAGES_MAX:
        address = waiting.popleft()
        kind = kind_of(urlsplit(address).path)
        if address in seen or kind is None or n_asked[kind] >= EACH_MOST or kind in (known or {}):
            continue
        seen.add(address)
        n_asked[kind] += 1
        answer = context.request.get(address)
        if not _is_page(answer):
            continue
        arrived = kind_of(urlsplit(answer.url).path) or kind
        found.setdefault(arrived, answer.url)
        waiting.extend(links_of(answer.text(), at=answer.url))
    return found


def _is_page(answer: APIResponse) -> bool:
    return answer.status == httpx.codes.OK and "text/html" in answer.headers["content-type"]
