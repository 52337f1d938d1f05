"""Boxes whose contents changed before their cut-off, and why, in PostgreSQL."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from ripeday.kit.text import Message
from subscriptions.adapters.planning_store import BoxToSave, DayToPlan
from subscriptions.box_change import BoxChange, ChangeReason, difference

Contents = Sequence[tuple[str, int]]
"""Produce and units, line by line."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a box changed, and which lot failed it."""

    reason: ChangeReason
    lot_id: UUID | None = None


async def contents_of(
    delivery_day_id: UUID, subscription_ids: Sequence[UUID]
) -> dict[UUID, list[tuple[str, int]]]:
    """Return what the boxes of some subscriptions hold on a day, by subscription."""
    async with connection() as c:
        rows = await c.fetch(
            "SELECT box.subscription, line.produce, line.units FROM box JOIN box_line line ON line.box = box.id"
            " WHERE box.delivery_day = $1 AND box.subscription = ANY($2)",
            delivery_day_id, list(subscription_ids),
        )  # fmt: skip
    found: dict[UUID, list[tuple[str, int]]] = defaultdict(list)
    for row in rows:
        found[row["subscription"]].append((row["produce"], row["units"]))
    return found


_NOTE = """
INSERT INTO box_change (id, merchant, delivery_day, box, lot, reason, gone, came, changed_at)
SELECT c.id, $2, $3, box.id, c.lot, c.reason, c.gone, c.came, $4
FROM jsonb_to_recordset($1::jsonb) AS c (id uuid, subscription uuid, lot uuid, reason text, gone jsonb, came jsonb)
JOIN box ON box.subscription = c.subscription AND box.delivery_day = $3
"""


async def note(
    day: DayToPlan,
    boxes: Sequence[BoxToSave],
    before: Mapping[UUID, Contents],
    causes: Mapping[UUID, Cause],
    *,
    now: DateTime,
) -> None:
    """Write down which boxes changed, by subscription, inside the unit of work that changes them.

    A box that holds the same as before is left out.
    """
    records = []
    for box in boxes:
        key = box.due.subscription_id
        gone, came = difference(
            before.get(key, ()), [(line.produce_key, line.units) for line in box.lines]
        )
        if gone or came:
            cause = causes[key]
            lot = None if cause.lot_id is None else str(cause.lot_id)
            records.append(
                {"id": str(uuid4()), "subscription": str(key), "lot": lot, "reason": cause.reason.value,
                 "gone": gone, "came": came}
            )  # fmt: skip
    async with connection() as c:
        await c.execute(_NOTE, json.dumps(records), day.merchant_id, day.id, now)


_CHANGES = """
SELECT change.box, change.reason, lot.produce, change.gone::text, change.came::text, change.changed_at
FROM box_change change LEFT JOIN lot ON lot.id = change.lot
WHERE change.box = ANY($1) ORDER BY change.changed_at DESC, change.id
"""


async def changes_of(box_ids: Sequence[UUID]) -> dict[UUID, list[BoxChange]]:
    """Return how boxes that the caller may see have changed, each box's latest change first."""
    async with connection() as c:
        rows = await c.fetch(_CHANGES, list(box_ids))
    found: dict[UUID, list[BoxChange]] = {box_id: [] for box_id in box_ids}
    for row in rows:
        found[row["box"]].append(_change(row))
    return found


def _change(row: Mapping[str, Any]) -> BoxChange:
    return BoxChange(
        ChangeReason(row["reason"]), row["produce"], json.loads(row["gone"]),
        json.loads(row["came"]), row["changed_at"],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ManyChanged:
    """How many boxes of a day changed for one cause, how many of them their households had edited, and when last."""

    reason: ChangeReason
    lot_id: UUID | None
    lot_code: str | None
    name: str | None
    name_zh: str | None
    n_boxes: int
    n_edited: int
    changed_at: dt.datetime

    @property
    def words(self) -> Message:
        """Return why in a few words."""
        return self.reason.in_short


_MANY = """
SELECT change.reason, change.lot, lot.code, produce.name_en, produce.name_zh, count(DISTINCT change.box),
       count(DISTINCT change.box) FILTER (WHERE box.edited_at IS NOT NULL OR box.status = 'edited'),
       max(change.changed_at)
FROM box_change change JOIN box ON box.id = change.box
LEFT JOIN lot ON lot.id = change.lot LEFT JOIN produce ON produce.key = lot.produce
WHERE change.merchant = $1 AND change.delivery_day = $2
GROUP BY 1, 2, 3, 4, 5 ORDER BY max(change.changed_at) DESC, lot.code
"""


async def changes_by_cause(merchant_id: UUID, delivery_day_id: UUID) -> list[ManyChanged]:
    """Return why boxes of a day have changed, the latest cause first."""
    async with connection() as c:
        rows = await c.fetch(_MANY, merchant_id, delivery_day_id)
    return [ManyChanged(ChangeReason(row[0]), *tuple(row)[1:]) for row in rows]
