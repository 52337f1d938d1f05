"""The sandbox's few words in the customer's language. It stands apart from the farm, so reads its own."""

import re
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

LANGUAGES = ("en", "zh")
_CATALOG = Path(__file__).parent / "locale" / "zh" / "sandbox.po"


@cache
def _chinese() -> dict[str, str]:
    with _CATALOG.open("rb") as file:
        catalog = read_po(file, locale="zh")
    return {str(m.id): str(m.string) for m in catalog if m.id and m.string}


def translated(text: str, language: str) -> str:
    """Return a text in English or Chinese."""
    return _chinese().get(text, text) if language == "zh" else text


def chosen_language(*wishes: str | None) -> str:
    """Return the first language wished for that there is; the last wish may be Accept-Language."""
    for wish in wishes:
        for tag in re.split(r"[,\s]+", wish or ""):
            if (language := tag[:2].lower()) in LANGUAGES:
                return language
    return "en"
