"""How far a delivery day is, read off what has really happened to it."""

from dataclasses import dataclass
from enum import IntEnum

from ripeday.kit.text import Message, marked, message


class PlanStage(IntEnum):
    """The way of a delivery day from a proposal out of the door."""

    PROPOSED = 0
    OPEN = 1
    LOCKED = 2
    CHARGED = 3
    PICKING = 4
    OUT = 5

    @property
    def words(self) -> Message:
        """Return the step as a stepper names it."""
        return message(_WORDS[self])


_WORDS = (
    marked("Proposed"),
    marked("Open for changes"),
    marked("Locked"),
    marked("Charged"),
    marked("Picking"),
    marked("Out"),
)


@dataclass(frozen=True, slots=True)
class BoxCount:
    """Boxes of a day by what has become of them; `n_unsettled` are locked without their money being decided."""

    n_boxes: int
    n_edited: int
    n_unsettled: int
    n_paid: int
    n_declined: int
    n_needs_authentication: int
    n_short: int
    n_released: int
    n_packed: int
    n_shipped: int
    n_delivered: int


def stage_of(count: BoxCount, *, is_planned: bool, is_locked: bool, is_reserved: bool) -> PlanStage:
    """Return the step a day has reached; a day without a plan is still to be proposed."""
    if not is_locked:
        return PlanStage.OPEN if is_planned else PlanStage.PROPOSED
    if not is_reserved or count.n_unsettled:
        return PlanStage.LOCKED
    if not count.n_released:
        return PlanStage.CHARGED
    return PlanStage.OUT if count.n_shipped >= count.n_released else PlanStage.PICKING
