"""What is reported of lots, and the boxes that hold them, in PostgreSQL. Each function is one statement or two,
however many households hold the lot.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from ripening.lot_state import LotState
from ripening.verdict import Verdict
from subscriptions.adapters import carry_store
from subscriptions.adapters.lot_store import STATE, state_of
from subscriptions.holder import HolderBox, HolderLine, Short
from subscriptions.keeping import Keeping
from subscriptions.lifecycle import BoxStatus
from subscriptions.lot_word import Checked, LotWord, Said
from subscriptions.planning.reason import Reason

QUIET_MINUTES = 5
"""So long reports are gathered before their produce is learned, and boxes are planned anew."""

_GOING = (
    BoxStatus.PROPOSED, BoxStatus.EDITED, BoxStatus.LOCKED, BoxStatus.RESERVED, BoxStatus.CHARGE_UNKNOWN,
    BoxStatus.NEEDS_AUTHENTICATION, BoxStatus.PAID, BoxStatus.WAIVED,
)  # fmt: skip
"""A box in one of these states is eaten, or will be."""


@dataclass(frozen=True, slots=True)
class LotToLearn:
    """A lot, and what its merchant counts on."""

    id: UUID
    merchant_id: UUID
    timezone: str
    service_level: float
    state: LotState


_LOT = f"""
SELECT lot.id, lot.merchant, merchant.timezone, merchant.service_level, {STATE}
FROM lot JOIN merchant ON merchant.id = lot.merchant WHERE lot.id = ANY($1)
ORDER BY lot.id FOR NO KEY UPDATE OF lot
"""


async def hold_lots(lot_ids: Sequence[UUID]) -> list[LotToLearn]:
    """Hold lots until the unit of work ends, in the order of their ids, so that each report finds the one before."""
    async with connection() as c:
        rows = await c.fetch(_LOT, list(lot_ids))
    return [
        LotToLearn(row["id"], row["merchant"], row["timezone"], row["service_level"], state_of(row))
        for row in rows
    ]


_REPORTS = """
SELECT lot, box_line, delivery_on, judged_on, verdict, home_class, mode, move_day FROM report
WHERE lot = ANY($1) AND undone_at IS NULL ORDER BY said_at, id
"""
_CHECKS = """
SELECT lot, age_days, expected_days, n_fruit FROM lot_check WHERE lot = ANY($1) ORDER BY checked_at, id
"""
_KNOWN_LOTS = f"""
SELECT lot.id, {STATE} FROM lot
WHERE lot.produce = $1 AND lot.is_treated = $2 AND lot.learned_at IS NOT NULL
ORDER BY lot.learned_at DESC LIMIT $3
"""


async def known_lots(produce_key: str, *, is_treated: bool, most: int) -> dict[UUID, LotState]:
    """Return the lots of a produce that something was reported of, those of late first."""
    async with connection() as c:
        rows = await c.fetch(_KNOWN_LOTS, produce_key, is_treated, most)
    return {row["id"]: state_of(row) for row in rows}


async def words_of(lots: Mapping[UUID, LotState]) -> dict[UUID, LotWord]:
    """Return all that stands reported of lots, and what the warehouse measured."""
    async with connection() as c:
        reports = await c.fetch(_REPORTS, list(lots))
        checks = await c.fetch(_CHECKS, list(lots))
    said: dict[UUID, list[Said]] = defaultdict(list)
    for row in reports:
        _, line_id, delivery_on, judged_on, verdict, *kept = tuple(row)
        said[row["lot"]].append(Said(line_id, delivery_on, judged_on, Verdict(verdict), *kept))
    checked: dict[UUID, list[Checked]] = defaultdict(list)
    for row in checks:
        checked[row["lot"]].append(Checked(*tuple(row)[1:]))
    return {
        lot: LotWord(state, tuple(said[lot]), tuple(checked[lot])) for lot, state in lots.items()
    }


async def save_shift(lot_id: UUID, state: LotState) -> None:
    """Save what was learned of a lot."""
    async with connection() as c:
        await c.execute(
            "UPDATE lot SET shift_days = $2, shift_sigma = $3 WHERE id = $1",
            lot_id, state.shift_days, state.shift_sigma,
        )  # fmt: skip


async def note_learned(lot_id: UUID, *, now: DateTime) -> None:
    """Note that there is news of a lot, which its produce has to be learned from."""
    async with connection() as c:
        await c.execute("UPDATE lot SET learned_at = $2 WHERE id = $1", lot_id, now)


_HOLD_BOXES = """
SELECT box.id FROM box JOIN delivery_day day ON day.id = box.delivery_day
WHERE EXISTS (SELECT FROM box_line line WHERE line.box = box.id AND line.lot = ANY($1))
  AND box.status = ANY($2) AND day.delivery_on + box.horizon_days >= $3
ORDER BY box.id FOR NO KEY UPDATE OF box
"""
_BOXES = """
SELECT box.id, day.delivery_on, box.horizon_days, 2 * household.room_class + household.has_fridge::int AS home,
       box.status = 'proposed' AS is_open, box.portions_a_day, box.stems_a_day, box.need
FROM box JOIN delivery_day day ON day.id = box.delivery_day JOIN household ON household.id = box.household
WHERE box.id = ANY($1) AND day.delivery_on + box.horizon_days > $3
  AND EXISTS (SELECT FROM box_line line WHERE line.box = box.id AND line.lot = $2)
ORDER BY box.id
"""
_LINES = """
SELECT line.id, line.box, line.lot, line.produce, produce.kind = 'flower' AS is_flower, line.units, lot.unit_portions,
       coalesce(line.planned_mode, line.mode) AS planned_mode,
       CASE WHEN line.planned_mode IS NULL THEN line.move_day ELSE line.planned_move_day END AS planned_move_day,
       line.mode, line.move_day, line.ready_day, line.last_day, coalesce(line.planned_eat, line.eat) AS planned_eat,
       line.eat, line.chance_fraction, line.best_fraction, said.verdict, said.judged_on,
       coalesce(line.spare, 0) AS spare
FROM box_line line
JOIN lot ON lot.id = line.lot
JOIN produce ON produce.key = line.produce
LEFT JOIN LATERAL (
    SELECT verdict, judged_on FROM report WHERE report.box_line = line.id AND undone_at IS NULL
    ORDER BY judged_on DESC LIMIT 1
) said ON true
WHERE line.box = ANY($1) ORDER BY line.box, line.id
"""


async def hold_boxes(lot_ids: Sequence[UUID], *, now: DateTime) -> list[UUID]:
    """Hold the boxes with something of these lots whose days are not over, in the order of their ids.

    Proposed boxes that are just being planned anew are left out: that plan is found to be out of date.
    """
    waiting = [status.value for status in _GOING if status is not BoxStatus.PROPOSED]
    proposed, yesterday = [BoxStatus.PROPOSED.value], now.subtract(days=1).date()
    async with connection() as c:
        held = await c.fetch(_HOLD_BOXES, list(lot_ids), waiting, yesterday)
        free = await c.fetch(_HOLD_BOXES + " SKIP LOCKED", list(lot_ids), proposed, yesterday)
    return [row["id"] for row in (*held, *free)]


async def holders(lot_id: UUID, box_ids: Sequence[UUID], *, today: dt.date) -> list[HolderBox]:
    """Return those of the boxes with something of a lot whose days are not over, with all their lines."""
    async with connection() as c:
        boxes = await c.fetch(_BOXES, list(box_ids), lot_id, today)
        rows = await c.fetch(_LINES, [row["id"] for row in boxes])
    carried = await carry_store.carried_meals([row["id"] for row in boxes])
    delivery = {row["id"]: row["delivery_on"] for row in boxes}
    lines: dict[UUID, list[HolderLine]] = defaultdict(list)
    for row in rows:
        lines[row["box"]].append(_line(row, delivery[row["box"]]))
    return [
        HolderBox(**row, lines=tuple(lines[row["id"]]), carried=carried.get(row["id"], ()))
        for row in boxes
    ]


def _line(row: Mapping[str, Any], delivery_on: dt.date) -> HolderLine:
    judged_on = row["judged_on"]
    return HolderLine(
        id=row["id"],
        lot_id=row["lot"],
        produce_key=row["produce"],
        is_flower=row["is_flower"],
        units=row["units"],
        unit_portions=row["unit_portions"],
        planned=Keeping(row["planned_mode"], row["planned_move_day"]),
        kept=Keeping(row["mode"], row["move_day"]),
        ready_day=row["ready_day"],
        last_day=row["last_day"],
        planned_eat=tuple(row["planned_eat"]),
        eat=tuple(row["eat"]),
        chance=tuple(row["chance_fraction"]),
        best=tuple(row["best_fraction"]),
        verdict=Verdict(row["verdict"]) if row["verdict"] else None,
        judged_day=-1 if judged_on is None else (judged_on - delivery_on).days,
        spare=row["spare"],
    )


_SAVE_CURVES = """
UPDATE box_line line
SET chance_fraction = c.chance, best_fraction = c.best, ready_day = c.ready, last_day = c.last, mode = c.mode,
    move_day = c.move_day,
    planned_mode = CASE WHEN c.mode = c.planned_mode THEN NULL ELSE c.planned_mode END,
    planned_move_day = CASE WHEN c.mode = c.planned_mode THEN NULL ELSE c.planned_move_day END
FROM jsonb_to_recordset($1::jsonb) AS c (ids uuid[], mode int, move_day int, planned_mode int, planned_move_day int,
    ready int, last int, chance float8[], best float8[])
WHERE line.id = ANY(c.ids)
"""
_SAVE_MEALS = """
UPDATE box_line line
SET eat = m.eat, planned_eat = CASE WHEN m.is_moved THEN coalesce(line.planned_eat, line.eat) END
FROM jsonb_to_recordset($1::jsonb) AS m (id uuid, eat smallint[], is_moved boolean)
WHERE line.id = m.id
"""


async def save_lines(before: Sequence[HolderBox], after: Sequence[HolderBox]) -> set[UUID]:
    """Save what has changed in boxes; returns which of them have meals, or blooms, moved.

    Lines that are kept alike in like homes share one set of numbers. Of open boxes whose windows moved the plan is
    noted as moved, too: another one may be better now.
    """
    curves: dict[tuple[object, ...], list[str]] = defaultdict(list)
    meals: list[dict[str, object]] = []
    moved: set[UUID] = set()
    for box, new_box in zip(before, after, strict=True):
        for old, new in zip(box.lines, new_box.lines, strict=True):
            is_shifted = _window(old) != _window(new)
            if old.chance != new.chance or old.kept != new.kept or is_shifted:
                curves[_curve(new)].append(str(new.id))
            is_moved = is_shifted and (new.is_flower or box.is_open)
            if old.eat != new.eat or is_moved:
                is_moved = is_moved or new.eat != new.planned_eat
                meals.append({"id": str(new.id), "eat": list(new.eat), "is_moved": is_moved})
                moved.add(box.id)
    async with connection() as c:
        if curves:
            await c.execute(_SAVE_CURVES, json.dumps(_records(curves)))
        if meals:
            await c.execute(_SAVE_MEALS, json.dumps(meals))
    return moved


def _window(line: HolderLine) -> tuple[int, int]:
    return line.ready_day, line.last_day


_CURVE = ("mode", "move_day", "planned_mode", "planned_move_day", "ready", "last", "chance", "best")


def _curve(line: HolderLine) -> tuple[object, ...]:
    return (
        line.kept.mode, line.kept.move_day, line.planned.mode, line.planned.move_day, line.ready_day, line.last_day,
        line.chance, line.best,
    )  # fmt: skip


def _records(curves: Mapping[tuple[object, ...], list[str]]) -> list[dict[str, object]]:
    return [{"ids": ids, **dict(zip(_CURVE, curve, strict=True))} for curve, ids in curves.items()]


async def save_short_days(
    box_ids: Sequence[UUID], short: Sequence[Short], *, merchant_id: UUID, since: dt.date
) -> None:
    """Put the days that are short now in the place of those known before, from `since` on; reasons that hold stay."""
    async with connection() as c:
        rows = await c.fetch(
            "DELETE FROM uncovered_day WHERE box = ANY($1) AND day_on >= $2"
            " RETURNING box, day_on, kind, missing, reason",
            list(box_ids), since,
        )  # fmt: skip
        known = {(row["box"], row["day_on"], row["kind"]): row for row in rows}
        records = []
        for day in short:
            old = known.get((day.box_id, day.on, day.kind))
            is_old = old is not None and day.missing <= old["missing"]
            reason = old["reason"] if old is not None and is_old else Reason.RIPENS_OTHERWISE.value
            records.append(
                (uuid4(), merchant_id, day.box_id, day.on, day.kind, day.missing, reason)
            )
        await c.copy_records_to_table(
            "uncovered_day",
            columns=("id", "merchant", "box", "day_on", "kind", "missing", "reason"),
            records=records,
        )


_EATEN = """
SELECT lot.id FROM lot WHERE lot.id = ANY($1) AND lot.must_leave_on + 21 >= $2
"""


async def lots_at_home(lots: Collection[UUID], *, now: DateTime) -> list[UUID]:
    """Return those lots that somebody may still have, or get."""
    async with connection() as c:
        rows = await c.fetch(_EATEN, list(lots), now.date())
    return [row["id"] for row in rows]


async def moved_boxes(delivery_day_id: UUID) -> list[UUID]:
    """Return the subscriptions whose proposed box of a day has meals that reports have moved."""
    async with connection() as c:
        rows = await c.fetch(
            "SELECT DISTINCT box.subscription FROM box JOIN box_line line ON line.box = box.id"
            " WHERE box.delivery_day = $1 AND box.status = 'proposed' AND line.planned_eat IS NOT NULL",
            delivery_day_id,
        )
    return [row["subscription"] for row in rows]


DUE_TO_LEARN = f"""
SELECT DISTINCT lot.produce || CASE WHEN lot.is_treated THEN ':treated' ELSE ':untreated' END
FROM lot LEFT JOIN learned_produce known ON known.produce = lot.produce AND known.is_treated = lot.is_treated
WHERE lot.learned_at <= $1::timestamptz - interval '{QUIET_MINUTES} minutes'
  AND (known.id IS NULL OR lot.learned_at > known.learned_at)
"""
DUE_TO_PLAN_AGAIN = f"""
SELECT day.id::text FROM delivery_day day
WHERE day.locked_at IS NULL AND day.cutoff_at > $1 AND EXISTS (
    SELECT FROM box JOIN subscription ON subscription.id = box.subscription
        AND subscription.status IN ('active', 'paused')
    WHERE box.delivery_day = day.id AND box.status = 'proposed' AND {carry_store.is_gone("box.id")}
)
UNION
SELECT DISTINCT day.id::text FROM delivery_day day
JOIN box ON box.delivery_day = day.id AND box.status = 'proposed'
JOIN subscription ON subscription.id = box.subscription AND subscription.status IN ('active', 'paused')
JOIN box_line line ON line.box = box.id AND line.planned_eat IS NOT NULL
JOIN lot ON lot.id = line.lot
WHERE day.locked_at IS NULL AND day.cutoff_at > $1
  AND lot.learned_at <= $1::timestamptz - interval '{QUIET_MINUTES} minutes'
"""
"""Queries that find due work; `$1` is the present instant, the answer is business keys."""
