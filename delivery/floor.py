"""What the warehouse's pages show: values, however they were read."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from ripeday.kit.text import Named
from ripening.lot_state import LotState
from subscriptions.lifecycle import LotStatus


@dataclass(frozen=True, slots=True)
class DayOnTheWay:
    """A delivery day between its cut-off and its last wave; counts are boxes. `cutoff_at` is wall time."""

    id: UUID
    depot_id: UUID
    round_name: str
    delivery_on: dt.date
    pack_on: dt.date
    cutoff_at: dt.datetime
    is_locked: bool
    is_reserved: bool
    n_boxes: int
    n_charging: int
    n_waiting: int
    n_ready: int
    n_short: int
    n_declined: int

    @property
    def state(self) -> str:
        """Return open, locked, charging, waiting (for a customer's bank), ready or done."""
        if not self.is_locked:
            return "open"
        if not self.is_reserved:
            return "locked"
        if self.n_charging:
            return "charging"
        if self.n_ready:
            return "ready"
        return "waiting" if self.n_waiting else "done"


@dataclass(frozen=True, slots=True)
class WaveOnFloor:
    """A wave and how far its boxes are; `printed_at` is wall time."""

    id: UUID
    depot_id: UUID
    code: str
    number: int
    round_name: str
    delivery_on: dt.date
    pack_on: dt.date
    n_boxes: int
    n_packed: int
    n_shipped: int
    n_delivered: int
    n_papers: int
    printed_at: dt.datetime | None

    @property
    def is_picked(self) -> bool:
        """Whether every box of it is packed, so that nothing is left to pick."""
        return self.n_packed == self.n_boxes

    @property
    def is_gone(self) -> bool:
        """Whether every box of it has left."""
        return self.n_shipped == self.n_boxes


@dataclass(frozen=True, slots=True)
class Depot:
    """A depot with its merchant, the day it is there, and what was to come in by today."""

    id: UUID
    name: str
    merchant_name: str
    timezone: str
    today: dt.date
    n_due: int
    n_came: int


@dataclass(frozen=True, slots=True)
class Floor:
    """A depot's day: waves first, then what is on the way."""

    depot: Depot
    waves: Sequence[WaveOnFloor]
    days: Sequence[DayOnTheWay]

    @property
    def n_boxes(self) -> int:
        """Return how many boxes the waves have."""
        return sum(wave.n_boxes for wave in self.waves)

    @property
    def n_packed(self) -> int:
        """Return how many of them are packed."""
        return sum(wave.n_packed for wave in self.waves)

    @property
    def n_shipped(self) -> int:
        """Return how many of them have left."""
        return sum(wave.n_shipped for wave in self.waves)

    @property
    def n_picked(self) -> int:
        """Return how many waves have nothing left to pick."""
        return sum(wave.is_picked for wave in self.waves)


@dataclass(frozen=True, slots=True)
class LotDue:
    """A lot that is waited for."""

    id: UUID
    depot_id: UUID
    code: str
    produce_key: str
    grower: str
    units: int
    case_units: int
    reserved: int
    due_on: dt.date
    is_held: bool


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """A pick location, and what lies there."""

    id: UUID
    code: str
    zone: str
    zone_name: str
    low_c: float
    high_c: float
    units: int


@dataclass(frozen=True, slots=True)
class LotPage:
    """One lot, from its grower to its places and boxes."""

    id: UUID
    depot_id: UUID
    code: str
    state: LotState
    status: LotStatus
    grower: str
    grower_place: str
    depot_name: str
    units_announced: int
    units_received: int | None
    case_units: int
    harvested_on: dt.date
    due_on: dt.date
    must_leave_on: dt.date
    received_at: dt.datetime | None
    today: dt.date
    on_hand: int
    reserved: int

    @property
    def produce_key(self) -> str:
        """Return what it is."""
        return self.state.produce_key


@dataclass(frozen=True, slots=True)
class LotInBox:
    """Units of a lot in one box, and who has it: a household, or the food bank that it was given to.

    The name of a household is in full: show it shortened.
    """

    box_id: UUID
    number: int
    delivery_on: dt.date
    name: str
    units: int
    wave_id: UUID | None
    state: str
    is_given: bool
    left_at: Named | None = None
    """The stop at which it is fetched, when it does not go to a door."""


@dataclass(frozen=True, slots=True)
class LotAtPlace:
    """Units of a lot that lie at a place now."""

    code: str
    units: int


@dataclass(frozen=True, slots=True)
class LotFound:
    """A lot as a search shows it."""

    id: UUID
    code: str
    produce_key: str
    status: LotStatus
    due_on: dt.date
