"""A plan as it is stored: the boxes of one merchant's delivery day, and the lots they are planned from."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from ripening.lot_state import LotState


@dataclass(frozen=True, slots=True)
class StoredLine:
    """Units of one lot in a box; day 0 of `eat` and `chance` is the delivery day.

    `portions` are all there are in it (stems, for flowers) and `portion_g` what one weighs.
    """

    lot_id: UUID
    produce_key: str
    units: int
    portions: int
    portion_g: float
    mode: int
    move_day: int | None
    ready_day: int
    last_day: int
    eat: Sequence[int]
    chance: Sequence[float]


@dataclass(frozen=True, slots=True)
class StoredBox:
    """What one household gets, and what is known of the household.

    `need` are the portions wanted on each day, where not `portions_a_day` on all.
    """

    portions_a_day: int
    stems_a_day: int
    horizon_days: int
    n_people: int
    room_class: int
    has_fridge: bool
    lines: Sequence[StoredLine]
    need: Sequence[int] | None = None


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """The boxes of one delivery day of a merchant."""

    merchant: str
    delivery_on: dt.date
    lots: Mapping[UUID, LotState]
    boxes: Sequence[StoredBox]

    @property
    def name(self) -> str:
        """Return what a person calls it: MERCHANT/DATE."""
        return f"{self.merchant}/{self.delivery_on.isoformat()}"
