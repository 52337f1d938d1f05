"""One planned box that its household wants to change, and what it becomes, in PostgreSQL."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from subscriptions.adapters.donation_store import IS_GIVEN
from subscriptions.adapters.planning_store import BoxToSave, DayToPlan, DueRow, with_wishes
from subscriptions.lifecycle import BoxStatus


@dataclass(frozen=True, slots=True)
class EditedLine:
    """Units of one lot in a box as it is stored; `is_override` where the household put them in itself."""

    lot_id: UUID
    produce_key: str
    units: int
    is_override: bool


@dataclass(frozen=True, slots=True)
class BoxToEdit:
    """A box of a household, and where it stands."""

    id: UUID
    delivery_day_id: UUID
    subscription_id: UUID
    merchant_id: UUID
    delivery_on: dt.date
    cutoff_at: dt.datetime
    locked_at: dt.datetime | None
    status: BoxStatus
    edited_at: dt.datetime | None
    is_given: bool
    lines: Sequence[EditedLine]

    @property
    def units(self) -> dict[UUID, int]:
        """Return the units by lot."""
        found: dict[UUID, int] = {}
        for line in self.lines:
            found[line.lot_id] = found.get(line.lot_id, 0) + line.units
        return found


_BOX = f"""
SELECT box.id, box.delivery_day AS delivery_day_id, box.subscription AS subscription_id, box.merchant AS merchant_id,
       day.delivery_on, day.cutoff_at, day.locked_at, box.status, box.edited_at, {IS_GIVEN} AS is_given
FROM box
JOIN delivery_day day ON day.id = box.delivery_day
JOIN household ON household.id = box.household
WHERE household.person = $1 AND box.id = $2
"""
_LINES = """
SELECT lot, produce, units, is_override FROM box_line WHERE box = $1 ORDER BY ready_day, id
"""


async def box_to_edit(person_id: UUID, box_id: UUID, *, held: bool = False) -> BoxToEdit | None:
    """Return a box when it is this person's; `held` keeps its row until the unit of work ends."""
    async with connection() as c:
        row = await c.fetchrow(_BOX + (" FOR UPDATE OF box" if held else ""), person_id, box_id)
        lines = [] if row is None else await c.fetch(_LINES, box_id)
    if row is None:
        return None
    head: dict[str, Any] = dict(row)
    head["status"] = BoxStatus(head["status"])
    return BoxToEdit(**head, lines=[EditedLine(*line.values()) for line in lines])


# Columns as planning has them for whoever is due; what is sold is what the box was planned for.
_DUE = """
SELECT box.subscription AS id, box.household, box.kind, box.portions_a_day, box.stems_a_day,
       subscription.cadence_weeks, box.price_minor, box.usual_minor, box.n_trial,
       subscription.cadence_weeks AS plan_weeks,
       household.room_class, household.has_fridge
FROM box
JOIN subscription ON subscription.id = box.subscription
JOIN household ON household.id = box.household
WHERE box.id = $1
"""


async def due_of(day: DayToPlan, box_id: UUID) -> DueRow:
    """Return what the household of a box of the day wants."""
    async with connection() as c:
        rows: Sequence[Mapping[str, Any]] = await c.fetch(_DUE, box_id)
    (due,) = await with_wishes(day, rows)
    return due


async def save_spans(boxes: Sequence[BoxToSave], ids: Mapping[UUID, UUID]) -> None:
    """Save for how many days boxes are planned now and what is wanted on them; `ids` are they by subscription.

    Call it where lines were replaced without a new plan of the day: skips may have come or gone since that.
    """
    spans = [
        {"box": str(ids[box.due.subscription_id]), "days": box.horizon_days,
         "need": None if box.need is None else list(box.need)}
        for box in boxes
    ]  # fmt: skip
    async with connection() as c:
        await c.execute(
            "UPDATE box SET horizon_days = span.days, need = span.need"
            " FROM jsonb_to_recordset($1::jsonb) AS span (box uuid, days int, need smallint[])"
            " WHERE box.id = span.box",
            json.dumps(spans),
        )


async def mark_edited(box_id: UUID, own_lots: Sequence[UUID], *, now: DateTime) -> None:
    """Mark a box as its household's own, and the lots that they put in; call it after its lines were replaced."""
    async with connection() as c:
        await c.execute(
            "UPDATE box SET status = 'edited', status_at = $2, edited_at = $2 WHERE id = $1",
            box_id, now,
        )  # fmt: skip
        await c.execute(
            "UPDATE box_line SET is_override = TRUE WHERE box = $1 AND lot = ANY($2)",
            box_id, list(own_lots),
        )  # fmt: skip


async def mark_proposed(box_id: UUID, *, now: DateTime) -> None:
    """Give a box back to the planner."""
    async with connection() as c:
        await c.execute(
            "UPDATE box SET status = 'proposed', status_at = $2, edited_at = NULL WHERE id = $1",
            box_id, now,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class LotEdit:
    """Units of a lot before a change of a box, and after it."""

    lot_id: UUID
    produce_key: str
    units_before: int
    units_after: int


@dataclass(frozen=True, slots=True)
class StandingEdit:
    """A change that a household has made to its box and not undone."""

    id: UUID
    made_at: dt.datetime
    lots: Sequence[LotEdit]


_STANDING = """
SELECT edit.id, edit.made_at, line.lot, lot.produce, line.units_before, line.units_after
FROM box_edit edit JOIN box_edit_line line ON line.edit = edit.id JOIN lot ON lot.id = line.lot
WHERE edit.box = $1 AND edit.undone_at IS NULL ORDER BY edit.number, lot.code
"""


async def standing_edits(box_id: UUID) -> list[StandingEdit]:
    """Return the changes of a box that stand, in the order in which they were made."""
    async with connection() as c:
        rows = await c.fetch(_STANDING, box_id)
    found: dict[UUID, list[LotEdit]] = {}
    for row in rows:
        found.setdefault(row["id"], []).append(LotEdit(*tuple(row)[2:]))
    made = {row["id"]: row["made_at"] for row in rows}
    return [StandingEdit(edit_id, made[edit_id], lots) for edit_id, lots in found.items()]


_NOTE_EDIT = """
INSERT INTO box_edit (id, merchant, box, number, made_at, undone_at)
SELECT $1, $2, $3, 1 + coalesce(max(number), 0), $4, NULL FROM box_edit WHERE box = $3
"""
_NOTE_LINES = """
INSERT INTO box_edit_line (id, merchant, edit, lot, units_before, units_after)
SELECT gen_random_uuid(), $2, $1, * FROM unnest($3::uuid[], $4::int[], $5::int[])
"""


async def note_edit(
    box: BoxToEdit, before: Mapping[UUID, int], after: Mapping[UUID, int], *, now: DateTime
) -> UUID | None:
    """Write down what a change did, so that it can be undone; nothing where it did nothing."""
    lots = sorted(lot for lot in {*before, *after} if before.get(lot, 0) != after.get(lot, 0))
    if not lots:
        return None
    edit_id = uuid4()
    async with connection() as c:
        await c.execute(_NOTE_EDIT, edit_id, box.merchant_id, box.id, now)
        await c.execute(
            _NOTE_LINES, edit_id, box.merchant_id, lots,
            [before.get(lot, 0) for lot in lots], [after.get(lot, 0) for lot in lots],
        )  # fmt: skip
    return edit_id


async def mark_undone(edit_ids: Sequence[UUID], *, now: DateTime) -> None:
    """Note that changes do not stand any more."""
    async with connection() as c:
        await c.execute(
            "UPDATE box_edit SET undone_at = $2 WHERE id = ANY($1)", list(edit_ids), now
        )
