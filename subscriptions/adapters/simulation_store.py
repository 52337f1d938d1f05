"""Stored plans, read for living through them. What a box counts on at home is not looked at: it asks for the rest."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from ripeday.kit.adapters.engine import connection
from subscriptions.adapters.lot_store import state_of
from subscriptions.simulation.stored import StoredBox, StoredLine, StoredPlan

_GONE = ("cancelled", "refunded")

_PLANNED = """
SELECT merchant.slug, day.delivery_on, count(*) AS n_boxes
FROM box JOIN delivery_day day ON day.id = box.delivery_day JOIN merchant ON merchant.id = box.merchant
WHERE box.status <> ALL ($1) AND EXISTS (SELECT FROM box_line line WHERE line.box = box.id)
GROUP BY 1, 2 ORDER BY 1, 2
"""


async def planned_days() -> dict[str, list[dt.date]]:
    """Return the delivery days that have boxes, in order, by the merchant's short name."""
    days: dict[str, list[dt.date]] = defaultdict(list)
    async with connection() as c:
        for row in await c.fetch(_PLANNED, list(_GONE)):
            days[row["slug"]].append(row["delivery_on"])
    return dict(days)


async def merchant_slugs() -> list[str]:
    """Return the short names of all merchants."""
    async with connection() as c:
        return [row["slug"] for row in await c.fetch("SELECT slug FROM merchant ORDER BY slug")]


_BOXES = """
SELECT box.id, box.portions_a_day, box.stems_a_day, box.horizon_days, household.n_people,
       household.room_class, household.has_fridge, box.need,
       (SELECT array_agg(n ORDER BY day) FROM (
           SELECT meal.day, sum(meal.n)::int AS n
           FROM box_carry carry, unnest(carry.eat) WITH ORDINALITY AS meal (n, day)
           WHERE carry.box = box.id AND carry.line IS NOT NULL GROUP BY meal.day
       ) at_home) AS carried
FROM box
JOIN merchant ON merchant.id = box.merchant AND merchant.slug = $1
JOIN delivery_day day ON day.id = box.delivery_day AND day.merchant = merchant.id AND day.delivery_on = $2
JOIN household ON household.id = box.household AND household.merchant = merchant.id
WHERE box.status <> ALL ($3) ORDER BY day.id, box.number
"""
_LINES = """
SELECT line.box, line.lot, line.produce, line.units, line.units * lot.unit_portions AS portions,
       lot.unit_grams::float / lot.unit_portions AS portion_g, line.mode, line.move_day, line.ready_day,
       line.last_day, line.eat, line.chance_fraction
FROM box_line line
JOIN merchant ON merchant.id = line.merchant AND merchant.slug = $1
JOIN lot ON lot.id = line.lot AND lot.merchant = merchant.id
WHERE line.box = ANY ($2) ORDER BY line.box, line.ready_day, lot.code, line.mode
"""
_LOTS = """
SELECT lot.* FROM lot JOIN merchant ON merchant.id = lot.merchant AND merchant.slug = $1
WHERE lot.id = ANY ($2)
"""


async def stored_plan(merchant: str, delivery_on: dt.date) -> StoredPlan:
    """Return the boxes of one merchant's delivery day; empty ones where nothing was planned."""
    async with connection() as c:
        boxes = await c.fetch(_BOXES, merchant, delivery_on, list(_GONE))
        rows = await c.fetch(_LINES, merchant, [box["id"] for box in boxes])
        lots = await c.fetch(_LOTS, merchant, list({row["lot"] for row in rows}))
    lines: dict[UUID, list[StoredLine]] = defaultdict(list)
    for row in rows:
        lines[row["box"]].append(StoredLine(*list(row.values())[1:]))
    return StoredPlan(
        merchant=merchant,
        delivery_on=delivery_on,
        lots={row["id"]: state_of(row) for row in lots},
        boxes=[_box(box, lines[box["id"]]) for box in boxes],
    )


_OF_BOX = (
    "portions_a_day", "stems_a_day", "horizon_days", "n_people", "room_class", "has_fridge", "need",
)  # fmt: skip


def _box(row: Mapping[str, Any], lines: Sequence[StoredLine]) -> StoredBox:
    box = StoredBox(**{name: row[name] for name in _OF_BOX}, lines=lines)
    if row["carried"] is None:
        return box
    need = box.need or [box.portions_a_day] * box.horizon_days
    return replace(box, need=[n - at_home for n, at_home in zip(need, row["carried"], strict=True)])
