"""Text from people made fit for paper: one line, nothing hidden, nothing that turns other text around."""

import unicodedata
from collections.abc import Iterable

from ripeday.kit.text import Message, Translator

Words = str | Message
"""What a paper says: data that is already in the reader's language, or a sentence still to be rendered."""

MAX_CHARACTERS = 160
MISSING = "〓"
"""The printer's mark for a letter that the type case lacks (geta)."""

_MAX_MARKS = 2
_DROPPED = {"Cc", "Cf", "Co", "Cs", "Cn"}


def plain(text: str, *, limit: int = MAX_CHARACTERS) -> str:
    """Return `text` in NFC on one line, at most `limit` characters long.

    Control, formatting (RTL override, zero-width), private and unassigned characters go, as do
    variation selectors; no letter keeps more than two combining marks; any run of white space becomes one
    space. An ellipsis tells where a text was cut.
    """
    # The slice bounds the work on hostile lengths; normalising never makes a line of people's text 20 times shorter.
    kept: list[str] = []
    n_marks = 0
    for character in unicodedata.normalize("NFC", text[: 20 * limit]):
        category = unicodedata.category(character)
        n_marks = n_marks + 1 if category in ("Mn", "Me") else 0
        if character.isspace() or category in ("Zl", "Zp"):
            kept.append(" ")
        elif category not in _DROPPED and n_marks <= _MAX_MARKS and not _selects(character):
            kept.append(character)
    line = " ".join("".join(kept).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def said(words: Words | None, translator: Translator, *, limit: int = MAX_CHARACTERS) -> str:
    """Return words as plain text in the translator's language; nothing for None."""
    if words is None:
        return ""
    return plain(words if isinstance(words, str) else translator.render(words), limit=limit)


def all_said(words: Iterable[Words], translator: Translator) -> list[str]:
    """Return several words as plain texts, empty ones left out."""
    return [text for one in words if (text := said(one, translator))]


def _selects(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def headed(text: str) -> str:
    """Return a text as it stands at the head of a line: its first letter is a capital."""
    return text[:1].upper() + text[1:]
