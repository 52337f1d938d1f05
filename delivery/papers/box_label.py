"""The label on a box: where it goes, what to eat first, and its own number."""

import datetime as dt
from dataclasses import dataclass

from delivery.barcode import Sscc
from delivery.papers.plain_text import Words


@dataclass(frozen=True, slots=True)
class EatFirst:
    """What to eat on a day; None when nothing is ripe."""

    day: dt.date
    produce: Words | None


@dataclass(frozen=True, slots=True)
class BoxLabel:
    """One label, 102 × 152 mm.

    Parameters
    ----------
    route, stop
        What the driver sorts by.
    name, phone
        In full; the label shows a short name and the last four digits.
    place
        What takes the box where that is nobody's household, instead of a name.
    address_lines
        Street first, at most three lines; never a door code.
    eat_first
        The seven days from delivery on; fewer are allowed, none leaves the block out.
    never_below_c
        Chilling limit of the most tender produce in the box. [°C]
    weight_g
        Of the packed box, with what rides along. [g]
    n_addons
        How many things ride along beside the fruit.
    """

    route: str
    stop: int
    delivery_on: dt.date
    depot: Words
    wave_n: int
    box_n: int
    n_boxes: int
    weight_g: int
    name: str
    phone: str | None
    address_lines: tuple[str, ...]
    sscc: Sscc
    delivery_note: str | None = None
    eat_first: tuple[EatFirst, ...] = ()
    never_below_c: int | None = None
    n_addons: int = 0
    place: Words | None = None

    def __post_init__(self) -> None:
        if len(self.eat_first) > 7:
            raise ValueError("a label has room for seven days")
        if not 1 <= self.box_n <= self.n_boxes:
            raise ValueError(f"box {self.box_n} of {self.n_boxes}")
