"""A box that is open to change, as it is or as it would be, with all that its page says of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from ripening.home import MODES, HomeClass, RoomClass
from ripening.produce import Produce
from ripening.window import switch_day
from subscriptions.adapters.edit_store import BoxToEdit, StandingEdit
from subscriptions.adapters.planning_store import DayToPlan, DueRow
from subscriptions.box_edit import EditEffect, LineEffect
from subscriptions.box_effect import OpenBox, seen_of
from subscriptions.eating_calendar import HeldLine
from subscriptions.planning.assemble import DueHousehold
from subscriptions.services.shelf import Shelf


@dataclass(frozen=True, slots=True)
class EditCase:
    """One box that may still change, its household, and what it may be filled from."""

    box: BoxToEdit
    day: DayToPlan
    due: DueRow
    shelf: Shelf
    household: DueHousehold
    open: OpenBox
    edits: Sequence[StandingEdit]

    @property
    def seen(self) -> str:
        """Name the box as it is stored (`EditEffect.seen`)."""
        return seen_of(self.open.held)

    def first_day(self, lots: Collection[UUID]) -> int:
        """Return the day after delivery on which one of the lots is first ready there, however it is kept."""
        index = [self.open.index[lot] for lot in lots if lot in self.open.index]
        opens, closes = (
            each[index, 0, 0] for each in (self.open.problem.win_a, self.open.problem.win_b)
        )
        return min(opens[opens <= closes].tolist(), default=0)

    def held(self, line: LineEffect, profiles: Mapping[str, Produce]) -> HeldLine:
        """Return units of a lot as if they lay in the box, with the chances that they have in that home."""
        lot = self.open.index[line.lot_id]
        mode = MODES.index(line.mode)
        home = HomeClass(RoomClass(self.due.room_class), self.due.has_fridge)
        row, problem = self.shelf.rows[lot], self.open.problem
        at = (lot, home.index, mode)
        return HeldLine(
            line_id=line.lot_id,
            lot_id=line.lot_id,
            lot_code="",
            produce_key=line.produce_key,
            units=line.units,
            mode=mode,
            move_day=switch_day(
                row.state, home, mode, profiles=profiles, delivery_on=self.day.delivery_on
            ),
            ready_day=int(problem.win_a[lot, 0, 0, mode]),
            last_day=int(problem.win_b[lot, 0, 0, mode]),
            eat=line.portions,
            chance=[float(each) for each in self.shelf.chance[at]],
            best=[float(each) for each in self.shelf.best[at]],
        )


@dataclass(frozen=True, slots=True)
class EditLook:
    """What a change does to a box, or how the box is when nothing is asked for."""

    case: EditCase
    effect: EditEffect

    @property
    def box(self) -> BoxToEdit:
        """Return the box as it is stored."""
        return self.case.box


def planners_units(edits: Sequence[StandingEdit]) -> dict[UUID, tuple[str, int]]:
    """Return what lots that were changed held before the first change: produce and units, by lot."""
    found: dict[UUID, tuple[str, int]] = {}
    for edit in edits:
        for each in edit.lots:
            found.setdefault(each.lot_id, (each.produce_key, each.units_before))
    return found


def shunned_lots(edits: Sequence[StandingEdit], held: Mapping[UUID, int]) -> frozenset[UUID]:
    """Return the lots of which a household has taken units out; no mend of ours brings them back."""
    planned = planners_units(edits)
    return frozenset(lot for lot, (_, units) in planned.items() if held.get(lot, 0) < units)
