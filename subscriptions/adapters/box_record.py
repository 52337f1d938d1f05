"""Planned boxes as the rows they are stored as."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

if TYPE_CHECKING:
    from subscriptions.adapters.planning_store import BoxToSave, DayToPlan

LINE_COLUMNS = (
    "id", "merchant", "box", "lot", "produce", "units", "mode", "move_day", "ready_day", "last_day", "eat",
    "chance_fraction", "best_fraction", "spare", "is_override",
)  # fmt: skip
BARE_COLUMNS = ("id", "merchant", "box", "day_on", "kind", "missing", "reason")


def box_json(box: "BoxToSave") -> dict[str, object]:
    """Return a box as its insert reads it."""
    due = box.due
    return {
        "subscription": str(due.subscription_id),
        "household": str(due.household_id),
        "kind": due.kind.value,
        "portions": due.portions_a_day,
        "stems": due.stems_a_day,
        "horizon": box.horizon_days,
        "need": None if box.need is None else list(box.need),
        "price": due.price_minor,
        "tax": box.tax_minor,
        "usual": due.usual_minor,
        "n_trial": due.n_trial,
    }


def line_records(
    day: "DayToPlan", boxes: Sequence["BoxToSave"], ids: Mapping[UUID, UUID]
) -> list[tuple[object, ...]]:
    """Return the lines of boxes; `ids` are they by subscription."""
    return [
        (
            uuid4(),
            day.merchant_id,
            ids[box.due.subscription_id],
            line.lot_id,
            line.produce_key,
            line.units,
            line.mode,
            line.move_day,
            line.ready_day,
            line.last_day,
            list(line.eat),
            list(line.chance_fraction),
            list(line.best_fraction),
            line.spare,
            False,
        )
        for box in boxes
        if box.due.subscription_id in ids
        for line in box.lines
    ]


def bare_records(
    day: "DayToPlan", boxes: Sequence["BoxToSave"], ids: Mapping[UUID, UUID]
) -> list[tuple[object, ...]]:
    """Return the uncovered days of boxes; `ids` are they by subscription."""
    return [
        (
            uuid4(),
            day.merchant_id,
            ids[box.due.subscription_id],
            day.delivery_on + dt.timedelta(days=bare.day),
            bare.kind,
            bare.missing,
            bare.reason,
        )
        for box in boxes
        if box.due.subscription_id in ids
        for bare in box.bare
    ]
