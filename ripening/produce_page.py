"""What a person may read about one produce: how to keep it, the numbers behind it, where they were published."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ripeday.kit.text import Message, marked, message, plural
from ripening.fact import Source, is_assumed, load_sources
from ripening.produce import Produce
from ripening.spread import CENTRAL_90, Spread
from ripening.unit import name_in_words

_SHOWN: Mapping[str, str] = {
    "ready": marked("days until ripe"),
    "ready_untreated": marked("days until ripe, not ripened beforehand"),
    "keep": marked("days it stays good"),
    "fridge_hold": marked("days in the fridge"),
    "storage_life": marked("days in storage"),
    "storage_c": marked("storage temperature"),
    "chilling_threshold_c": marked("how cold is too cold"),
    "fridge_ok_when_unripe": marked("whether the fridge harms it before it is ripe"),
    "climacteric": marked("whether it ripens after harvest"),
    "ethylene_production": marked("how much ripening gas it gives off"),
    "ethylene_sensitivity": marked("how much ripening gas harms it"),
    "q10": marked("how warmth speeds it up"),
    "q10_ripening": marked("how warmth speeds up ripening"),
    "q10_keeping": marked("how warmth shortens its life"),
    "unit_grams": marked("weight"),
    "edible_fraction": marked("how much of it is eaten"),
    "dispatch_stage": marked("how ripe it leaves the depot"),
    "season_ncn": marked("season in northern China"),
    "season_ca": marked("season in California"),
    "season_med": marked("season around the Mediterranean"),
    "season_nh": marked("season in the north"),
}
"""Values of a profile that mean something to a reader, in reading order; names and units are ours to choose."""

_FLOWER_SHOWN = {
    "ready": marked("days until it opens"),
    "keep": marked("days in bloom"),
}
_GIVES_OFF = frozenset({"m", "h", "vh"})


@dataclass(frozen=True, slots=True)
class Publication:
    """A source and what was taken from it."""

    source: Source
    values: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class ProducePage:
    """One produce in words; `name` is plural, as at a counter."""

    produce: Produce
    name: Message
    advice: tuple[Message, ...]
    facts: tuple[tuple[Message, Message], ...]
    assumed: tuple[Message, ...]
    publications: tuple[Publication, ...]


def produce_page(produce: Produce) -> ProducePage:
    """Return what is told about a produce."""
    return ProducePage(
        produce=produce,
        name=name_in_words(produce),
        advice=_flower_advice(produce) if produce.is_flower else _fruit_advice(produce),
        facts=_facts(produce),
        assumed=tuple(
            _value_words(produce, name)
            for name in _SHOWN
            if name in produce.sources
            and is_assumed(produce.sources[name])
            and _matters(produce, name)
        ),
        publications=_publications(produce),
    )


def _matters(produce: Produce, name: str) -> bool:
    return not (produce.is_flower and name == "fridge_ok_when_unripe")


def _fruit_advice(produce: Produce) -> tuple[Message, ...]:
    said = []
    if produce.ripens and produce.fridge_ok_when_unripe:
        said.append(message("Leave them on the counter to ripen. The fridge slows that down."))
    elif produce.ripens:
        said.append(
            message(
                "Leave them on the counter until they are ripe. In the fridge they would not ripen."
            )
        )
    else:
        said.append(message("They come ready to eat and do not get any riper."))
    if produce.fridge_hold is not None:
        said.append(message("Once ripe, the fridge holds them."))
    if produce.ripens and produce.key != "banana":
        said.append(message("They are ripe when they give a little under your thumb."))
    if produce.ethylene_production in _GIVES_OFF:
        said.append(
            message(
                "They give off a gas that ripens other fruit and fades flowers; keep those apart."
            )
        )
    if produce.ethylene_sensitivity == "h":
        said.append(
            message("A ripe banana or apple beside them makes them ripen faster, wanted or not.")
        )
    return tuple(said)


def _flower_advice(produce: Produce) -> tuple[Message, ...]:
    said = [
        message("Cut a slice off each stem and put them into fresh water at once."),
        message("A cool place out of the sun; every degree less is time won."),
    ]
    if produce.ethylene_sensitivity == "h":
        said.append(message("Away from the fruit bowl: ripening fruit makes them fade."))
    return tuple(said)


def _facts(produce: Produce) -> tuple[tuple[Message, Message], ...]:
    rows: list[tuple[Message, Message]] = []
    if produce.ready is not None:
        at_20 = (
            message("Opens at 20 °C after") if produce.is_flower else message("Ripe at 20 °C after")
        )
        if produce.ripens:
            rows.append((at_20, _days_words(produce.ready)))
    if produce.keep is not None:
        label = message("Then in bloom for") if produce.is_flower else message("Good at 20 °C for")
        rows.append((label, _days_words(produce.keep)))
    if produce.fridge_hold is not None:
        rows.append((message("Ripe, in the fridge"), _days_words(produce.fridge_hold)))
    if produce.chilling_threshold_c is not None:
        cold = message("{c} °C", c=produce.chilling_threshold_c)
        rows.append((message("Unripe, harmed below"), cold))
    if produce.storage_c is not None:
        low, high = produce.storage_c
        kept = (
            message("{c} °C", c=low)
            if low == high
            else message("{low}–{high} °C", low=low, high=high)
        )
        rows.append((message("We store them at"), kept))
    return tuple(rows)


def _days_words(days: Spread) -> Message:
    """Return the range that nine in ten stay within, in whole days."""
    half = days.sigma * CENTRAL_90 / 2
    low, high = max(math.floor(days.mean - half + 0.5), 0), math.floor(days.mean + half + 0.5)
    if low == high or high <= 1:
        return plural("about one day", "about {n} days", max(high, 1))
    return message("{low}–{high} days", low=low, high=high)


def _value_words(produce: Produce, name: str) -> Message:
    words = _FLOWER_SHOWN.get(name) if produce.is_flower else None
    return message(words or _SHOWN[name])


def _publications(produce: Produce) -> tuple[Publication, ...]:
    taken: dict[str, list[Message]] = {}
    for name in _SHOWN:
        source_id = _published(produce.sources.get(name, ""))
        if source_id:
            taken.setdefault(source_id, []).append(_value_words(produce, name))
    known = load_sources()
    return tuple(
        Publication(known[source_id], tuple(values))
        for source_id, values in taken.items()
        if source_id in known
    )


def _published(source: str) -> str:
    """Return the source id behind a value: its own, or the one that it was derived from."""
    if source.startswith("derived<"):
        return source.removeprefix("derived<").partition(":")[0]
    return "" if is_assumed(source) else source
