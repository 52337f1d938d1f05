"""What households said of their fruit, in PostgreSQL; every function names the person it is for."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from ripening.verdict import Verdict
from subscriptions.adapters.donation_store import IS_GIVEN
from subscriptions.lifecycle import BoxStatus


@dataclass(frozen=True, slots=True)
class LineToJudge:
    """A line of somebody's box, and how it is kept."""

    line_id: UUID
    merchant_id: UUID
    lot_id: UUID
    household_id: UUID
    box_status: BoxStatus
    delivery_on: dt.date
    timezone: str
    home: int
    mode: int
    move_day: int | None


_LINE = f"""
SELECT line.id, line.merchant, line.lot, box.household, box.status, day.delivery_on, merchant.timezone,
       2 * household.room_class + household.has_fridge::int, line.mode, line.move_day
FROM box_line line
JOIN box ON box.id = line.box
JOIN delivery_day day ON day.id = box.delivery_day
JOIN merchant ON merchant.id = box.merchant
JOIN household ON household.id = box.household
WHERE line.id = $2 AND household.person = $1 AND NOT {IS_GIVEN}
"""


async def line_of(person_id: UUID, line_id: UUID) -> LineToJudge | None:
    """Return a line of one of the boxes that come to a person; None when it is somebody else's or there is none."""
    async with connection() as c:
        row = await c.fetchrow(_LINE, person_id, line_id)
    if row is None:
        return None
    values = list(row.values())
    values[4] = BoxStatus(values[4])
    return LineToJudge(*values)


_SAY = """
INSERT INTO report (id, merchant, lot, box_line, household, person, delivery_on, judged_on, verdict, home_class, mode,
                    move_day, said_at)
VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (box_line, household, judged_on) DO UPDATE
    SET verdict = excluded.verdict, person = excluded.person, home_class = excluded.home_class,
        mode = excluded.mode, move_day = excluded.move_day, said_at = excluded.said_at, undone_at = NULL
    WHERE report.undone_at IS NOT NULL OR report.verdict <> excluded.verdict
RETURNING id
"""


async def say(
    line: LineToJudge, verdict: Verdict, *, judged_on: dt.date, person_id: UUID, now: DateTime
) -> bool:
    """Save a verdict in the place of an earlier one of that day; False when that is what was said already."""
    async with connection() as c:
        saved = await c.fetchval(
            _SAY, line.merchant_id, line.lot_id, line.line_id, line.household_id, person_id, line.delivery_on,
            judged_on, verdict.value, line.home, line.mode, line.move_day, now,
        )  # fmt: skip
    return saved is not None


_TAKE_BACK = """
UPDATE report SET undone_at = greatest($4, said_at)
WHERE box_line = $1 AND household = $2 AND judged_on = $3 AND undone_at IS NULL
"""


async def take_back(line: LineToJudge, *, judged_on: dt.date, now: DateTime) -> bool:
    """Undo what was said of a line on a day; False when nothing is said of it."""
    async with connection() as c:
        done = await c.execute(_TAKE_BACK, line.line_id, line.household_id, judged_on, now)
    return bool(done.endswith(" 1"))


async def verdicts_on(
    person_id: UUID, line_ids: Sequence[UUID], *, judged_on: dt.date
) -> dict[UUID, Verdict]:
    """Return what a person's household said of its lines on one day."""
    async with connection() as c:
        rows = await c.fetch(
            "SELECT report.box_line, report.verdict FROM report"
            " JOIN household ON household.id = report.household"
            " WHERE household.person = $1 AND report.box_line = ANY($2) AND report.judged_on = $3"
            " AND report.undone_at IS NULL",
            person_id, list(line_ids), judged_on,
        )  # fmt: skip
    return {row["box_line"]: Verdict(row["verdict"]) for row in rows}
