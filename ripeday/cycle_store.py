"""What a played round came to, read from the rows that are there; so playing again tells the same."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from delivery.lifecycle import Paper
from ripeday.kit.adapters.engine import connection

FIRST_FEW = 10


@dataclass(frozen=True, slots=True)
class RoundHead:
    """A round of a merchant, as far as playing it goes."""

    round_id: UUID
    merchant_id: UUID
    merchant_slug: str
    timezone: str
    name: str
    weekday: int


@dataclass(frozen=True, slots=True)
class DayState:
    """How far a delivery day is."""

    id: UUID
    delivery_on: dt.date
    pack_on: dt.date
    cutoff_at: dt.datetime
    planned_at: dt.datetime | None
    locked_at: dt.datetime | None
    reserved_at: dt.datetime | None


_ROUNDS = """
SELECT round.id, merchant.id, merchant.slug, merchant.timezone, round.name, round.weekday
FROM delivery_round round JOIN merchant ON merchant.id = round.merchant
WHERE merchant.slug = $1 ORDER BY round.route
"""


async def rounds_of(merchant_slug: str) -> list[RoundHead]:
    """Return a merchant's rounds."""
    async with connection() as c:
        return [RoundHead(*row.values()) for row in await c.fetch(_ROUNDS, merchant_slug)]


async def day_state(round_id: UUID, delivery_on: dt.date) -> DayState | None:
    """Return a round's delivery day; None when it is not opened."""
    async with connection() as c:
        row = await c.fetchrow(
            "SELECT id, delivery_on, pack_on, cutoff_at, planned_at, locked_at, reserved_at"
            " FROM delivery_day WHERE round = $1 AND delivery_on = $2",
            round_id,
            delivery_on,
        )
    return None if row is None else DayState(*row.values())


async def boxes_in(delivery_day_id: UUID, *statuses: str) -> list[UUID]:
    """Return a day's boxes in one of these states, the longest waiting first."""
    async with connection() as c:
        rows = await c.fetch(
            "SELECT id FROM box WHERE delivery_day = $1 AND status = ANY($2) ORDER BY status_at, number",
            delivery_day_id,
            list(statuses),
        )
    return [row["id"] for row in rows]


async def waves_of(delivery_day_id: UUID) -> list[UUID]:
    """Return a day's waves in order."""
    async with connection() as c:
        rows = await c.fetch(
            "SELECT id FROM wave WHERE delivery_day = $1 ORDER BY number", delivery_day_id
        )
    return [row["id"] for row in rows]


async def unprinted_waves(delivery_day_id: UUID) -> list[UUID]:
    """Return a day's waves that lack one of their papers."""
    async with connection() as c:
        rows = await c.fetch(
            "SELECT id FROM wave WHERE delivery_day = $1"
            " AND (SELECT count(DISTINCT paper) FROM print WHERE print.wave = wave.id) < $2"
            " ORDER BY number",
            delivery_day_id,
            len(Paper),
        )
    return [row["id"] for row in rows]


async def boxes_to_pack(wave_id: UUID) -> list[UUID]:
    """Return a wave's boxes that are labelled but not packed."""
    async with connection() as c:
        rows = await c.fetch(
            "SELECT wave_box.box FROM wave_box JOIN shipment ON shipment.box = wave_box.box"
            " WHERE wave_box.wave = $1 AND shipment.status = 'labelled' ORDER BY wave_box.tote",
            wave_id,
        )
    return [row["box"] for row in rows]


_COUNTS = """
SELECT count(*) AS boxes_planned,
       coalesce(sum(box.horizon_days), 0) AS days,
       count(*) FILTER (WHERE EXISTS (SELECT FROM reservation r WHERE r.box = box.id)) AS reserved,
       count(*) FILTER (WHERE box.status = 'short') AS short,
       count(*) FILTER (WHERE box.status = 'paid') AS charged,
       count(*) FILTER (WHERE box.status = 'declined'
                        AND box.status_note IS DISTINCT FROM 'authentication_missed') AS declined,
       count(*) FILTER (WHERE box.status = 'needs_authentication'
                        OR box.status_note = 'authentication_missed') AS needs_authentication,
       count(*) FILTER (WHERE shipment.shipped_at IS NOT NULL) AS shipped,
       count(*) FILTER (WHERE shipment.delivered_at IS NOT NULL) AS delivered
FROM box LEFT JOIN shipment ON shipment.box = box.id WHERE box.delivery_day = $1
"""
_BARE = """
SELECT box.number, uncovered_day.day_on, uncovered_day.kind, uncovered_day.missing, uncovered_day.reason
FROM uncovered_day JOIN box ON box.id = uncovered_day.box
WHERE box.delivery_day = $1 ORDER BY box.number, uncovered_day.day_on, uncovered_day.kind
"""
_PICK_LISTS = """
SELECT print.path FROM print JOIN wave ON wave.id = print.wave
WHERE wave.delivery_day = $1 AND print.paper = 'pick_list' ORDER BY wave.number, print.locale
"""


async def figures_of(delivery_day_id: UUID) -> dict[str, Any]:
    """Return what became of a day's boxes: counts, uncovered days with their reasons, pick lists."""
    async with connection() as c:
        counts = dict(await c.fetchrow(_COUNTS, delivery_day_id))
        bare = await c.fetch(_BARE, delivery_day_id)
        papers = await c.fetch(_PICK_LISTS, delivery_day_id)
    reasons: dict[str, int] = {}
    for row in bare:
        reason = f"{row['kind']}: {row['reason']}"
        reasons[reason] = reasons.get(reason, 0) + 1
    first = [{**dict(row), "day_on": str(row["day_on"])} for row in bare[:FIRST_FEW]]
    n_days = len({(row["number"], row["day_on"]) for row in bare})
    days = int(counts.pop("days"))
    return {
        **counts,
        "days": days,
        "uncovered_days": {"n": n_days, "by_reason": reasons, "first": first},
        "pick_list": [row["path"] for row in papers],
    }
