"""The pack list: what goes into which box, in packing order, with what must not."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from delivery.papers.ethylene import EthyleneMark
from delivery.papers.plain_text import Words


@dataclass(frozen=True, slots=True)
class PackLine:
    """Put `units` of one produce into the box.

    Parameters
    ----------
    produce
        What stands after the number: "kiwifruit", "bunch of tulips".
    grams_per_unit
        Shipped weight of one unit; decides what goes to the bottom. [g]
    is_soft
        Bruises under weight: goes on top.
    instead_of
        The produce that this one replaces.
    """

    produce: Words
    units: int
    grams_per_unit: float
    is_soft: bool = False
    mark: EthyleneMark | None = None
    instead_of: Words | None = None

    def __post_init__(self) -> None:
        if self.units <= 0 or self.grams_per_unit < 0:
            raise ValueError(f"units must be positive, grams not negative: {self}")


@dataclass(frozen=True, slots=True)
class PackCard:
    """One box; `name` is the full name, shortened on the paper, where no `place` stands instead."""

    box_number: str
    name: str
    lines: tuple[PackLine, ...]
    tote: str | None = None
    exclusions: tuple[Words, ...] = ()
    food_note: str | None = None
    place: Words | None = None


@dataclass(frozen=True, slots=True)
class PackList:
    """The cards of a wave, in the order in which the boxes are packed."""

    wave_code: str
    wave_n: int
    n_waves: int
    round_name: Words
    delivery_on: dt.date
    cards: tuple[PackCard, ...]


def packing_order(lines: Iterable[PackLine]) -> list[PackLine]:
    """Return lines from the bottom of the box to its top.

    What gives off ethylene lies low, what is soft or harmed by it on top; within each layer the heavy
    comes first. A soft fruit that gives off ethylene still goes on top, for a bruise is worse.
    """
    return sorted(lines, key=lambda line: (_layer(line), -line.grams_per_unit))


def _layer(line: PackLine) -> int:
    if line.is_soft:
        return 3
    if line.mark == "S":
        return 2
    return 0 if line.mark == "E" else 1
