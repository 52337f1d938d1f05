"""The route sheet: one van's stops in driving order. The only paper that carries door codes.

After it comes a list for the host of each pick-up stop: short names to tick, no address, no code of a door.
"""

import datetime as dt
from dataclasses import dataclass

from delivery.papers.plain_text import Words


@dataclass(frozen=True, slots=True)
class BoxThere:
    """One box on a host's list: a short name, and how the number under the label's bars ends."""

    name: str
    code_end: str


@dataclass(frozen=True, slots=True)
class RouteStop:
    """One address, pick-up point or food bank.

    Parameters
    ----------
    name
        In full; the sheet shows a short one. A place's name is given as `place` instead.
    window
        Earliest and latest local time; None when any time will do.
    note
        How to hand over, door code included.
    n_crates_back
        Empty crates to collect.
    needs_signature
        A signature instead of a tick.
    place_name, hours
        What stands over the host's list.
    boxes
        What people fetch here; each such stop has a list of its own after the route, for its host.
    """

    stop: int
    street: str
    n_boxes: int
    name: str = ""
    place: Words | None = None
    window: tuple[dt.time, dt.time] | None = None
    note: Words | None = None
    n_crates_back: int = 0
    needs_signature: bool = False
    place_name: str = ""
    hours: str = ""
    boxes: tuple[BoxThere, ...] = ()

    def __post_init__(self) -> None:
        if self.n_boxes < 0 or self.n_crates_back < 0:
            raise ValueError(f"counts must not be negative: {self}")


@dataclass(frozen=True, slots=True)
class RouteSheet:
    """All stops of a route; boxes given to a food bank are one stop."""

    route: str
    depot: Words
    round_name: Words
    delivery_on: dt.date
    stops: tuple[RouteStop, ...]
    made_at: dt.datetime
