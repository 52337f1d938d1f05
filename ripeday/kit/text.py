"""Words for people, carried as a message and its values and rendered above.

A lower package never formats a sentence: it says `message("{count} boxes", count=3)`. The English text is the
gettext key; the person's language is known only where a page or a paper is made.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence for a person: its English text (the gettext key) and its values.

    `plural` and `n` are set together; then `text` is the singular form.
    """

    text: str
    values: Mapping[str, object] = field(default_factory=dict)
    plural: str | None = None
    n: int = 1

    def __str__(self) -> str:
        """Return the English sentence, for logs and for people who type commands."""
        chosen = self.text if self.plural is None or self.n == 1 else self.plural
        return chosen.format(**self.values)


@dataclass(frozen=True, slots=True)
class Named:
    """A name that somebody gave a thing in both languages, as a value of a message; the reader's is written."""

    en: str
    zh: str

    def __str__(self) -> str:
        """Return the English name."""
        return self.en


def message(text: str, /, **values: object) -> Message:
    """State a sentence; `text` is what translators see."""
    return Message(text, values)


def plural(singular: str, several: str, /, n: int, **values: object) -> Message:
    """State a sentence whose form depends on the number `n`, itself available as `{n}`."""
    return Message(singular, {"n": n, **values}, several, n)


def marked(text: str, /) -> str:
    """Mark a constant for translation without translating it here."""
    return text


class Translator(Protocol):
    """Renders messages in one person's language."""

    @property
    def locale(self) -> str:
        """Return the language: `en` or `zh`."""
        ...

    def gettext(self, text: str) -> str:
        """Return the translation of a plain text."""
        ...

    def ngettext(self, singular: str, several: str, n: int) -> str:
        """Return the translation in the plural form that `n` needs."""
        ...

    def render(self, message: Message) -> str:
        """Return the sentence; dates, amounts and nested messages in `values` are written for people."""
        ...
