"""Pages of an open box as its household uses them: forms found by the words on their buttons, and sent."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import httpx

from tests.market import Market
from tests.subscriptions.entrypoints.conftest import Browser
from tests.subscriptions.people import fetch

_FORM = re.compile(r'<form method="post" action="([^"]+)"[^>]*>(.*?)</form>', re.DOTALL)


@dataclass(frozen=True)
class Form:
    """A form of a page: where it leads, its hidden values, and the words on its button."""

    action: str
    fields: list[tuple[str, str]]
    button: str

    def of(self, name: str) -> list[str]:
        return [value for each, value in self.fields if each == name]


@dataclass
class Visit:
    """Somebody who is looking at an open box."""

    browser: Browser
    market: Market
    box: UUID

    @property
    def path(self) -> str:
        return f"/boxes/{self.box}"

    async def page(self, path: str = "", *, status: int = 200) -> str:
        answer = await self.browser.get(self.path + path)
        assert answer.status_code == status, answer.text[:300]
        return answer.text.replace("\u00a0", " ")

    async def send(self, form: Form, **headers: str) -> httpx.Response:
        return await self.browser.post(
            form.action,
            content=str(httpx.QueryParams(form.fields)).encode(),
            headers={"content-type": "application/x-www-form-urlencoded", **headers},
        )

    async def tap(self, words: str, page: str | None = None) -> str:
        """Press the first button that says so, and follow to the page that it leads to."""
        answer = await self.send(form_of(page or await self.page(), words))
        assert answer.status_code == 303, answer.text[:300]
        where = answer.headers["location"].partition("#")[0]
        return (await self.browser.get(where)).text.replace("\u00a0", " ")

    async def lines(self) -> Counter[str]:
        """Return the units of the box by produce, as stored."""
        rows = await fetch("SELECT produce, units FROM box_line WHERE box = $1", self.box)
        held: Counter[str] = Counter()
        for key, units in rows:
            held[str(key)] += int(units)  # type: ignore[call-overload]
        return held

    async def status(self) -> str:
        ((status,),) = await fetch("SELECT status FROM box WHERE id = $1", self.box)
        return str(status)


def forms(page: str) -> Iterator[Form]:
    """Yield the forms of a page, in its order."""
    for action, inside in _FORM.findall(page):
        fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', inside)
        label = re.search(r'aria-label="([^"]+)"', inside)
        words = " ".join(re.sub(r"<[^>]+>", " ", inside).split())
        yield Form(action, fields, label[1] if label else words)


def form_of(page: str, words: str) -> Form:
    """Return the first form whose button begins with these words."""
    found = [form for form in forms(page) if form.button.startswith(words)]
    assert found, f"no button {words!r} among {[form.button for form in forms(page)]}"
    return found[0]


def most_of(lines: Counter[str]) -> str:
    """Return the produce of which there is most."""
    return max(lines, key=lambda key: (lines[key], key))


def line_of(page: str, key: str) -> str:
    """Return the line of a produce."""
    found = re.search(rf'<li id="line-{key}".*?</li>', page, re.DOTALL)
    assert found, key
    return found[0]
