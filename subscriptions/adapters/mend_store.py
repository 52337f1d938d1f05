"""Boxes that hold what is no longer there, in PostgreSQL."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from ripeday.kit.adapters.engine import connection
from ripeday.kit.money import Money
from subscriptions.adapters import planning_store
from subscriptions.adapters.planning_store import DayToPlan, DueRow
from subscriptions.lifecycle import Consent, LotStatus
from subscriptions.planning.mending import OpenLine


@dataclass(frozen=True, slots=True)
class HeldLot:
    """A lot that open boxes of a day hold, and whether boxes of a later open day hold it, too."""

    id: UUID
    produce_key: str
    kind: str
    status: LotStatus
    has_come: bool
    is_held_later: bool


_HELD = """
SELECT lot.id, lot.produce, produce.kind, lot.status, lot.received_at IS NOT NULL,
       EXISTS (
           SELECT FROM box_line line
           JOIN box ON box.id = line.box JOIN delivery_day later ON later.id = box.delivery_day
           WHERE line.lot = lot.id AND box.status IN ('proposed', 'edited') AND later.locked_at IS NULL
             AND (later.delivery_on, later.id) > ($2, $1)
       )
FROM lot JOIN produce ON produce.key = lot.produce
WHERE lot.id IN (
    SELECT line.lot FROM box_line line JOIN box ON box.id = line.box
    WHERE box.delivery_day = $1 AND box.status IN ('proposed', 'edited')
)
ORDER BY lot.code, lot.id
"""


async def held_lots(day: DayToPlan) -> list[HeldLot]:
    """Return every lot that open boxes of a day hold, in the order of their codes."""
    async with connection() as c:
        rows = await c.fetch(_HELD, day.id, day.delivery_on)
    return [
        HeldLot(row[0], row[1], row[2], LotStatus(row[3]), has_come=row[4], is_held_later=row[5])
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class OpenBox:
    """A box that may still change, whether its household has edited it, and what may be done when something is short.

    `costs` are those of its lines, in minor units; `own_lots` those that the household has put in itself.
    """

    id: UUID
    due: DueRow
    is_edited: bool
    lines: tuple[OpenLine, ...]
    costs: tuple[int, ...]
    consent: Consent
    own_lots: frozenset[UUID]


_FREE = "box.status = 'proposed' AND box.edited_at IS NULL AND household.consent = 'best'"
"""A box that its household leaves to us."""
_BOXES = f"""
SELECT box.id AS box, box.status = 'edited' OR box.edited_at IS NOT NULL AS is_edited, subscription.id,
       box.household, box.kind, box.portions_a_day, box.stems_a_day, box.price_minor, box.usual_minor, box.n_trial,
       subscription.cadence_weeks, subscription.cadence_weeks AS plan_weeks,
       household.room_class, household.has_fridge, household.consent
FROM box JOIN subscription ON subscription.id = box.subscription JOIN household ON household.id = box.household
WHERE box.delivery_day = $1 AND box.status IN ('proposed', 'edited')
  AND (EXISTS (SELECT FROM box_line line WHERE line.box = box.id AND line.lot = ANY($2))
       OR $3 AND {_FREE})
ORDER BY subscription.created_at, subscription.id
"""
_LINES = """
SELECT line.box, line.lot, line.produce, line.units, line.mode, line.eat, coalesce(line.spare, 0) AS spare,
       lot.unit_cost_minor * line.units AS cost, line.is_override
FROM box_line line JOIN lot ON lot.id = line.lot WHERE line.box = ANY($1) ORDER BY line.box, line.lot, line.mode
"""


async def holders(
    day: DayToPlan, lot_ids: Sequence[UUID], *, with_free: bool = False
) -> list[OpenBox]:
    """Return the open boxes of a day with something of these lots, with all their lines, first subscribed first.

    `with_free` returns those besides that may change for others.
    """
    async with connection() as c:
        rows = await c.fetch(_BOXES, day.id, list(lot_ids), with_free)
        held = await c.fetch(_LINES, [row["box"] for row in rows])
    lines: dict[UUID, list[OpenLine]] = defaultdict(list)
    costs: dict[UUID, list[int]] = defaultdict(list)
    own: dict[UUID, set[UUID]] = defaultdict(set)
    for line in held:
        costs[line["box"]].append(line["cost"])
        if line["is_override"]:
            own[line["box"]].add(line["lot"])
        lines[line["box"]].append(
            OpenLine(
                line["lot"],
                line["produce"],
                line["units"],
                line["mode"],
                tuple(line["eat"]),
                line["spare"],
            )
        )
    wishes = await planning_store.with_wishes(day, rows)
    return [
        OpenBox(
            row["box"], due, row["is_edited"], tuple(lines[row["box"]]), tuple(costs[row["box"]]),
            Consent(row["consent"]), frozenset(own[row["box"]]),
        )
        for row, due in zip(rows, wishes, strict=True)
    ]  # fmt: skip


async def save_price(box_id: UUID, price: Money, tax: Money, usual: Money | None) -> None:
    """Change what an open box costs, because something was left out of it; `usual` without its trial boxes."""
    async with connection() as c:
        await c.execute(
            "UPDATE box SET price_minor = $2, tax_minor = $3, usual_minor = $4"
            " WHERE id = $1 AND status IN ('proposed', 'edited')",
            box_id, price.minor, tax.minor, None if usual is None else usual.minor,
        )  # fmt: skip


async def mark_own(boxes: Sequence[OpenBox]) -> None:
    """Mark the lots that households put in themselves, where they still are; call it after lines were replaced."""
    pairs = [(box.id, lot) for box in boxes for lot in box.own_lots]
    async with connection() as c:
        await c.execute(
            "UPDATE box_line line SET is_override = TRUE FROM unnest($1::uuid[], $2::uuid[]) AS own (box, lot)"
            " WHERE line.box = own.box AND line.lot = own.lot",
            [box for box, _ in pairs], [lot for _, lot in pairs],
        )  # fmt: skip


async def n_free(day: DayToPlan) -> int:
    """Count the boxes of a day that may change for others."""
    sql = (
        "SELECT count(*) FROM box JOIN household ON household.id = box.household"
        f" WHERE box.delivery_day = $1 AND {_FREE}"
    )
    async with connection() as c:
        return int(await c.fetchval(sql, day.id))
