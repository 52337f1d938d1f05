"""What every writer of notices works with; writers of one theme stand in a `notice_…` module of their own."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pendulum import DateTime

from ripening.produce import Produce
from subscriptions.adapters.notice_store import Reader
from subscriptions.notice.letter import Letter


@dataclass(frozen=True, slots=True)
class Desk:
    """The produce by its keys, and where links lead to."""

    profiles: Mapping[str, Produce]
    base_url: str

    def url(self, path: str) -> str:
        """Return the address of one of our pages."""
        return self.base_url + path


Writer = Callable[[Desk, Mapping[str, Any], DateTime], Awaitable[tuple[Reader, Letter] | None]]
"""Says who is told what, from the payload of a parcel; None when there is nobody or nothing left to tell."""


def language_of(reader: Reader) -> str:
    """Return the language that a reader is written to in: `en` or `zh`."""
    return "zh" if reader.locale.startswith("zh") else "en"


def named(reader: Reader, name: str, name_zh: str) -> str:
    """Return a name in the reader's language."""
    return name_zh if language_of(reader) == "zh" else name
