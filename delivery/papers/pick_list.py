"""The pick list: what to take from where for one wave, in walking order."""

import datetime as dt
from dataclasses import dataclass

from delivery.papers.ethylene import EthyleneMark
from delivery.papers.plain_text import Words


@dataclass(frozen=True, slots=True)
class PickLine:
    """Take `units` of one lot from one place.

    Parameters
    ----------
    place
        Where it lies, like "A-01-2".
    produce
        Name in the reader's language.
    stage
        Ripeness in words and how to handle it, like "stage 3, half yellow".
    units
        Pieces, punnets or bunches to take.
    units_per_case
        Units in a full case; None when the produce is not handled in cases.
    unit_word
        What a unit is called when it is not counted in cases ("bunches").
    else_place
        Where more of it lies.
    place_note
        Said instead of the other place ("in Mon 05:30").
    must_leave_on
        Last day on which the lot may leave the depot.
    lot_note
        Said about the lot when there is no such day.
    mark
        E gives off ethylene, S is harmed by it.
    """

    place: str
    produce: Words
    lot_code: str
    units: int
    stage: Words | None = None
    units_per_case: int | None = None
    unit_word: Words | None = None
    else_place: str | None = None
    place_note: Words | None = None
    must_leave_on: dt.date | None = None
    lot_note: Words | None = None
    mark: EthyleneMark | None = None

    def __post_init__(self) -> None:
        if self.units <= 0 or (self.units_per_case is not None and self.units_per_case <= 0):
            raise ValueError(f"units must be positive: {self}")

    @property
    def cases_and_loose(self) -> tuple[int, int]:
        """Return full cases and units beside them."""
        if self.units_per_case is None:
            return 0, self.units
        return divmod(self.units, self.units_per_case)


@dataclass(frozen=True, slots=True)
class PickZone:
    """One room, in walking order; its temperature in °C as (low, high)."""

    code: str
    name: Words
    lines: tuple[PickLine, ...]
    temperature_c: tuple[float, float] | None = None
    rule: Words | None = None


@dataclass(frozen=True, slots=True)
class PickList:
    """Everything on the list of wave `wave_n` of `n_waves`; times are the depot's wall time."""

    wave_code: str
    wave_n: int
    n_waves: int
    round_name: Words
    delivery_on: dt.date
    n_boxes: int
    ready_by: dt.datetime
    zones: tuple[PickZone, ...]
    made_at: dt.datetime

    @property
    def n_lines(self) -> int:
        """Return the number of lines in all zones."""
        return sum(len(zone.lines) for zone in self.zones)
