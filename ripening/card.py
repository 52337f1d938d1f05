"""The printed card "how to ripen": one produce on a postcard, for the box or the fridge door."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import zxingcpp

from ripeday.kit.text import Message, marked, message
from ripening.clock import fridge_helps
from ripening.curve import Curve, Wish, curves_of
from ripening.produce import Produce
from ripening.reading import height_of
from ripening.unit import name_in_words

DAYS = 14
_GIVES_OFF = frozenset({"m", "h", "vh"})
_SIGNS = {
    "banana": marked("All yellow, with the first brown flecks."),
    "tomato": marked("Red all over, gives a little."),
    "papaya": marked("Mostly yellow, gives a little."),
    "guava": marked("Yellowing, fragrant, gives a little."),
    "passionfruit": marked("The skin begins to wrinkle."),
    "pineapple": marked("Fragrant at the base; a leaf of the crown comes off easily."),
    "cantaloupe": marked("Fragrant; the end where the stem was gives a little."),
    "honeydew": marked("Waxy to the touch; the end opposite the stem gives a little."),
}
_READY_SIGNS = {
    "citrus": marked("Heavy for their size, the peel firm and glossy."),
    "berry": marked("Full colour, dry, no soft spots."),
    "grape": marked("Plump, and firm on a green stem."),
    "pome": marked("Crisp: firm all round, no soft spots."),
}

_FRESH = marked("Fresh to the eye, firm, no soft spots.")
_SOFT = marked("They give a little under your thumb.")


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of the card's bar; `pattern` is dot, light, ripe or cold, so that no colour is needed."""

    day: int
    height: int
    pattern: str
    is_counted_on: bool


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on the card. `qr` is an SVG path on a square of `qr_size` modules."""

    produce: Produce
    name: Message
    lines: tuple[Message, ...]
    sign: Message
    best: Message
    bars: tuple[Bar, ...]
    qr: str
    qr_size: int


def card_of(produce: Produce, profiles: Mapping[str, Produce], *, url: str) -> Card:
    """Return the card of a produce that is modelled; `url` is the address of its page."""
    curve = curves_of(produce, profiles, Wish(days=DAYS)).counter
    path, size = qr_path(url)
    return Card(
        produce, name_in_words(produce), _lines(produce), sign_of(produce), curve.best, _bars(curve),
        path, size,
    )  # fmt: skip


def sign_of(produce: Produce) -> Message:
    """Say how to tell that it is ready, without any instrument."""
    if produce.is_flower:
        return message("The first petals open and show their full colour.")
    said = _SIGNS.get(produce.key)
    if said is None and not produce.ripens:
        said = _READY_SIGNS.get(produce.family, _FRESH)
    return message(said or _SOFT)


def qr_path(text: str) -> tuple[str, int]:
    """Return a QR code (error correction M) as an SVG path, and how many modules wide it is with the
    quiet zone of four modules that it needs.
    """
    symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    modules = np.asarray(symbol.to_image(scale=1, add_quiet_zones=False))
    quiet = 4
    drawn = []
    for y, row in enumerate(modules.tolist()):
        x = quiet
        for value, run in groupby(row):
            length = len(list(run))
            if not value:
                drawn.append(f"M{x} {y + quiet}h{length}v1h-{length}z")
            x += length
    return "".join(drawn), modules.shape[1] + 2 * quiet


def _lines(produce: Produce) -> tuple[Message, ...]:
    """Return how to keep it, in three lines at most."""
    if produce.is_flower:
        return (
            message("Cut a slice off each stem."),
            message("Fresh water every other day."),
            message("Cool, out of the sun, away from ripe fruit."),
        )
    return (_where(produce), _then(produce), _beside(produce))


def _where(produce: Produce) -> Message:
    if not produce.ripens:
        return message("Ready to eat as they come.")
    return message("Leave them on the counter until ripe.")


def _then(produce: Produce) -> Message:
    if not fridge_helps(produce):
        return message("Not in the fridge: it gains them nothing.")
    if not produce.ripens:
        return message("In the fridge they keep longest.")
    return message("Into the fridge only once ripe.")


def _beside(produce: Produce) -> Message:
    if produce.ethylene_production in _GIVES_OFF:
        return message("Away from flowers and other fruit.")
    if produce.ethylene_sensitivity == "h":
        return message("Away from bananas and apples.")
    return message("Out of the sun, and not heaped up.")


def _bars(curve: Curve) -> tuple[Bar, ...]:
    peak = max(range(curve.days), key=curve.chance.__getitem__)
    first, last = curve.window or (1, 0)
    return tuple(
        Bar(day, height_of(chance), _pattern(chance, after=day > peak), first <= day <= last)
        for day, chance in enumerate(curve.shown)
    )


def _pattern(chance: float, *, after: bool) -> str:
    if height_of(chance) == 0:
        return "dot"
    return "ripe" if chance >= 0.5 or after else "light"
