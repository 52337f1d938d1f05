"""Finding a crop by what people call it: its key, or a name in English or Chinese."""

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping

from ripeday.kit.errors import Invalid
from ripeday.kit.text import message
from ripening.fact import rows
from ripening.produce import Produce, load_profiles

MOST_OFFERED = 4
LEAST_LETTERS = 3


def find_produce(text: str) -> Produce:
    """Return the crop that a person means.

    A word of a name is enough where only one crop has it: "avocado", "奇异果".

    Raises
    ------
    Invalid
        Nothing, or more than one crop, is called that; says what comes close.
    """
    wanted = _plain(text)
    names = _names()
    for called in (_is, _has_word, _has_beginning):
        keys = list(dict.fromkeys(key for name, key in names if wanted and called(name, wanted)))
        if len(keys) == 1 or wanted.replace(" ", "_") in keys:
            return load_profiles()[keys[0] if len(keys) == 1 else wanted.replace(" ", "_")]
        if keys:
            break
    offered = keys or _close(wanted, names)
    if offered:
        raise Invalid(
            "produce",
            message(
                "produce: there is no “{value}”. Did you mean {offered}?",
                value=text.strip(),
                offered=", ".join(offered[:MOST_OFFERED]),
            ),
        )
    raise Invalid(
        "produce",
        message(
            "produce: there is no “{value}” among {n} kinds; “ripeday windows --list” names them.",
            value=text.strip(),
            n=str(len(load_profiles())),
        ),
    )


def _close(wanted: str, names: tuple[tuple[str, str], ...]) -> list[str]:
    known: Mapping[str, str] = dict(names)
    close = difflib.get_close_matches(wanted, known, n=MOST_OFFERED, cutoff=0.7)
    return list(dict.fromkeys(known[name] for name in close))


def _names() -> tuple[tuple[str, str], ...]:
    return tuple((_plain(name), key) for name, key in _called())


def _called() -> Iterator[tuple[str, str]]:
    units = {row["key"]: row for row in rows("units.csv")}
    for key, produce in load_profiles().items():
        yield key, key
        yield produce.name_en, key
        yield from ((part, key) for part in re.split(r"[()]", produce.name_en) if part.strip())
        yield from ((part, key) for part in re.split(r"[()（）]", produce.name_zh) if part.strip())
        yield units[key]["name"], key
        yield units[key]["one"].replace("{n}", ""), key


def _is(name: str, wanted: str) -> bool:
    return wanted in {name, name + "s"}


def _has_word(name: str, wanted: str) -> bool:
    """Tell whether what was asked for is a word of a name; Chinese names have no spaces."""
    if not wanted.isascii():
        return wanted in name
    return f" {wanted} " in f" {name} " or f" {wanted}s " in f" {name} "


def _has_beginning(name: str, wanted: str) -> bool:
    return len(wanted) >= LEAST_LETTERS and f" {wanted}" in f" {name}"


def _plain(text: str) -> str:
    words = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"[_\W]+", " ", words).split())
