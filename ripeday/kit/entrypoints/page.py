"""What is known about the page being made: its reader's language, and what it has shown so far.

The web frame opens one `Page` per request; templates and handlers ask for it here, because a macro that is imported
into a template sees no request.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from ripeday.kit.text import Message, Translator

THEMES = ("auto", "light", "dark")


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the side bar of work pages; `n_waiting` is how many things there need somebody."""

    href: str
    icon: str
    label: Message
    n_waiting: int = 0


@dataclass(slots=True)
class Page:
    """One answer to one request, while it is being made.

    `path` is where the person is (with its query), so that a change of language can come back to it;
    `symbols` are the ids of the pictures used so far, each to be drawn once at the end of the page.
    `words_in` finds the words of a language; `own_language` is the one that the reader has saved, once that is known.
    Work pages show `places` (the one they belong to is the longest that their address begins with) and
    `place_name`, the merchant or depot.
    """

    translator: Translator
    path: str = "/"
    theme: str = "auto"
    request_id: str = ""
    csrf_token: str = ""
    is_fragment: bool = False
    reader_name: str = ""
    place_name: str = ""
    places: tuple[Place, ...] = ()
    symbols: dict[str, None] = field(default_factory=dict)
    words_in: Callable[[str], Translator] | None = None
    own_language: str | None = None

    @property
    def here(self) -> str | None:
        """Return the address of the place that this page belongs to."""
        path = self.path.partition("?")[0]
        around = [p.href for p in self.places if path == p.href or path.startswith(f"{p.href}/")]
        return max(around, key=len, default=None)


_page: ContextVar[Page] = ContextVar("page")


def current_page() -> Page:
    """Return the page of the present request.

    Raises
    ------
    LookupError
        Outside a request.
    """
    return _page.get()


def speaker() -> Translator:
    """Return the words of the person who asked."""
    return _page.get().translator


def speak_own(language: str) -> None:
    """Go on in the language that the person has saved: it goes before what this browser remembers."""
    page = _page.get()
    if page.words_in is not None:
        page.translator = page.words_in(language)
        page.own_language = page.translator.locale


@contextmanager
def page_opened(page: Page) -> Iterator[Page]:
    """Make `page` the present one for the block."""
    token = _page.set(page)
    try:
        yield page
    finally:
        _page.reset(token)
