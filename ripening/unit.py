"""Produce, counts and families in words, the way they are said at a counter."""

from dataclasses import replace
from functools import cache

from ripeday.kit.errors import Invalid
from ripeday.kit.text import Message, marked, message, plural
from ripening.fact import rows
from ripening.produce import Produce

_UNIT_NAMES = {
    "piece": marked("piece"),
    "punnet": marked("punnet"),
    "bunch": marked("bunch"),
}


@cache
def _units() -> dict[str, dict[str, str]]:
    return {row["key"]: row for row in rows("units.csv")}


@cache
def families() -> dict[str, str]:
    """Return the names of the never-list families by key, in the order they are shown."""
    return {row["family"]: row["name"] for row in rows("families.csv")}


def units_in_words(produce: Produce, units: int) -> Message:
    """Return how many: "4 kiwifruit", "250 g grapes", "1 bunch of tulips"; packs count their
    pieces.
    """
    row = _units()[produce.key]
    if produce.unit == "punnet":
        return message(row["one"], grams=f"{units * int(row['net_g'])}")
    return plural(row["one"], row["many"], units * produce.pieces_per_unit)


def pieces_in_words(produce: Produce, pieces: int) -> Message:
    """Return how many single fruit (or bunches): "3 figs"."""
    if produce.unit == "punnet":
        return units_in_words(produce, pieces)
    row = _units()[produce.key]
    return plural(row["one"], row["many"], pieces)


def counted_out(produce: Produce, units: int) -> tuple[int, Message]:
    """Return how many to count out and what stands after that number: 6 and "kiwifruit", 2 and
    "punnets of strawberries", 1 and "bunch of tulips".
    """
    if produce.unit == "punnet":
        name = name_in_words(produce)
        said = plural("{n} punnet of {produce}", "{n} punnets of {produce}", units, produce=name)
    else:
        said = units_in_words(produce, units)
    return said.n, replace(said, values={**said.values, "n": ""})


def name_in_words(produce: Produce) -> Message:
    """Return the produce in the plural, as it stands inside a sentence: "Bartlett pears"."""
    return message(_units()[produce.key]["name"])


def unit_in_words(produce: Produce) -> Message:
    """Return what one unit is: "piece", "punnet", "bunch"."""
    return message(_UNIT_NAMES[produce.unit])


def family_in_words(family: str) -> Message:
    """Return a never-list family: "Stone fruit"."""
    name = families().get(family)
    if name is None:
        raise Invalid("family", message("There is no produce family “{family}”.", family=family))
    return message(name)
