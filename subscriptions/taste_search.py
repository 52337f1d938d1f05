"""Finding produce by what people call it, in every language we speak. Pure."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from ripeday.kit.text import Translator
from ripening.produce import Produce
from ripening.unit import family_in_words, name_in_words

LONGEST = 60
"""No name of a produce has more letters."""


def found(
    query: str, profiles: Mapping[str, Produce], languages: Sequence[Translator]
) -> frozenset[str]:
    """Return the produce whose name, or family's name, has every word of `query` in one of the languages.

    Case and accents do not count. Nothing is found for an empty query.
    """
    wanted = [_plain(word) for word in query[:LONGEST].split()]
    if not wanted:
        return frozenset()
    return frozenset(
        key
        for key, produce in profiles.items()
        if any(_has_all(wanted, _names(produce, language)) for language in languages)
    )


def _names(produce: Produce, language: Translator) -> str:
    family, name = family_in_words(produce.family), name_in_words(produce)
    return _plain(f"{language.render(name)} {language.render(family)}")


def _has_all(words: Iterable[str], text: str) -> bool:
    return all(word in text for word in words)


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
