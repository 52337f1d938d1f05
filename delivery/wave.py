"""What the papers of a wave are made from: values, however they were read."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ripeday.kit.text import Named
from ripening.lot_state import LotState
from subscriptions.lifecycle import StopKind


@dataclass(frozen=True, slots=True)
class WaveHead:
    """What stands at the top of every paper of a wave."""

    id: UUID
    merchant_id: UUID
    depot_id: UUID
    delivery_day_id: UUID
    code: str
    number: int
    n_waves: int
    released_at: dt.datetime
    delivery_on: dt.date
    pack_on: dt.date
    round_name: str
    round_name_zh: str
    route: str
    depot_name: str
    depot_name_zh: str
    timezone: str
    locale: str
    gs1_prefix: str
    n_boxes: int


@dataclass(frozen=True, slots=True)
class LotToPick:
    """Units of one lot that a wave takes; `units_before` go to waves that were released earlier."""

    lot_id: UUID
    lot_code: str
    state: LotState
    units: int
    case_units: int
    must_leave_on: dt.date
    due_on: dt.date
    is_withheld: bool
    units_before: int

    @property
    def produce_key(self) -> str:
        """Return what it is."""
        return self.state.produce_key


@dataclass(frozen=True, slots=True)
class PlaceOfLot:
    """Where a lot was put, how many units of it, and in which zone."""

    lot_id: UUID
    code: str
    walk: int
    units: int
    zone: str
    zone_name: str
    zone_name_zh: str
    low_c: float
    high_c: float


@dataclass(frozen=True, slots=True)
class StopOfBox:
    """A place with a name that boxes are left at: people fetch theirs there, or a food bank gives them out."""

    id: UUID
    kind: StopKind
    name: str
    name_zh: str
    hours: str
    hours_zh: str
    access_note: str | None


@dataclass(frozen=True, slots=True)
class AddonToPack:
    """Units of something that rides along in a box, beside its fruit; weight is of one. [g]"""

    called: Named
    units: int
    weight_g: int


@dataclass(frozen=True, slots=True)
class BoxToPack:
    """One box of a wave with its household and lines, and where it is left.

    `stop` is its place on the route, which all boxes left at one place share; `tote` is its own. The address and the
    delivery note are those of the place that it goes to; `left_at` is None when that is somebody's door.
    """

    box_id: UUID
    number: int
    stop: int
    tote: int
    name: str
    street: str
    city: str
    postcode: str
    phone: str | None
    delivery_note: str | None
    food_note: str | None
    sscc: str
    left_at: StopOfBox | None
    never: Sequence[str]
    lines: Sequence[Mapping[str, Any]]
    addons: Sequence[AddonToPack] = ()

    @property
    def is_given(self) -> bool:
        """Whether it goes to a food bank; then nothing of the household that gives it is known here."""
        return self.left_at is not None and self.left_at.kind is StopKind.FOOD_BANK
