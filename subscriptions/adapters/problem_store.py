"""What went wrong with what came, as its household tells it, in PostgreSQL."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from ripeday.kit.money import Money
from subscriptions.adapters.donation_store import IS_GIVEN
from subscriptions.adapters.photo import Photo
from subscriptions.lifecycle import BoxStatus
from subscriptions.problem import REVIEW_WEEKS, ProblemKind, ProblemStatus, ReviewReason, Rule


@dataclass(frozen=True, slots=True)
class LineToTell:
    """A line of a box with what a credit for it hangs on.

    `costs` are those of all lines of the box, `place` is its own among them; `units_told` and `told` are what its
    problems, and those of the whole box, have taken already.
    """

    line_id: UUID
    box_id: UUID
    household_id: UUID
    merchant_id: UUID
    merchant_name: str
    merchant_name_zh: str
    lot_id: UUID
    produce_key: str
    units: int
    status: BoxStatus
    price: Money
    tax: Money
    delivery_on: dt.date
    timezone: str
    eat: tuple[int, ...]
    last_day: int
    costs: tuple[int, ...]
    place: int
    units_told: int
    told: Money
    n_boxes: int
    rule: Rule


_LINE = f"""
SELECT line.id, line.box, box.household, box.merchant, merchant.name, merchant.name_zh, line.lot, line.produce,
       line.units, box.status, box.price_minor - riding.price AS price_minor, box.tax_minor - riding.tax AS tax_minor,
       box.currency, day.delivery_on, merchant.timezone,
       line.eat, line.last_day, array_position(held.lines, line.id) - 1 AS place, held.costs,
       (SELECT coalesce(sum(units), 0) FROM problem WHERE box_line = line.id AND status <> 'refused') AS units_told,
       (SELECT coalesce(sum(credit_minor), 0) FROM problem WHERE problem.box = box.id AND status <> 'refused') AS told,
       (SELECT count(DISTINCT problem.box) FROM problem WHERE problem.household = box.household
        AND problem.box <> box.id AND problem.status = 'credited'
        AND problem.reported_at > $3::timestamptz - interval '{REVIEW_WEEKS} weeks') AS n_boxes,
       rule.days_after, rule.at_once_pct, rule.boxes_at_once
FROM box_line line
JOIN box ON box.id = line.box
JOIN household ON household.id = box.household
JOIN merchant ON merchant.id = box.merchant
JOIN delivery_day day ON day.id = box.delivery_day
LEFT JOIN problem_rule rule ON rule.merchant = box.merchant
CROSS JOIN LATERAL (  -- what rides along is no part of what the fruit is worth
    SELECT coalesce(sum(price_minor), 0)::bigint AS price, coalesce(sum(tax_minor), 0)::bigint AS tax
    FROM box_addon WHERE box_addon.box = box.id
) riding
CROSS JOIN LATERAL (
    SELECT array_agg(each.id ORDER BY each.ready_day, each.id) AS lines,
           array_agg(lot.unit_cost_minor * each.units ORDER BY each.ready_day, each.id) AS costs
    FROM box_line each JOIN lot ON lot.id = each.lot WHERE each.box = box.id
) held
WHERE household.person = $1 AND line.id = $2 AND NOT {IS_GIVEN}
"""


async def line_to_tell(
    person_id: UUID, line_id: UUID, *, now: DateTime, held: bool = False
) -> LineToTell | None:
    """Return a line of a box that comes to this person; `held` keeps its box until the unit of work ends."""
    async with connection() as c:
        if held:
            await c.execute(
                "SELECT FROM box JOIN box_line line ON line.box = box.id WHERE line.id = $1 FOR UPDATE OF box", line_id
            )  # fmt: skip
        row = await c.fetchrow(_LINE, person_id, line_id, now)
    if row is None:
        return None
    currency = row["currency"]
    has_rule = row["days_after"] is not None
    rule = Rule(row["days_after"], row["at_once_pct"], row["boxes_at_once"]) if has_rule else Rule()
    values: list[Any] = [
        *list(row)[:9], BoxStatus(row["status"]), Money(row["price_minor"], currency),
        Money(row["tax_minor"], currency), row["delivery_on"], row["timezone"], tuple(row["eat"]),
        row["last_day"], tuple(map(int, row["costs"])), row["place"], row["units_told"],
        Money(int(row["told"]), currency), row["n_boxes"], rule,
    ]  # fmt: skip
    return LineToTell(*values)


@dataclass(frozen=True, slots=True)
class ProblemView:
    """A problem as its household sees it."""

    id: UUID
    box_line: UUID
    produce_key: str
    kind: ProblemKind
    units: int
    said: str | None
    credit: Money
    status: ProblemStatus
    answer: str | None
    reported_at: dt.datetime
    photo_id: UUID | None


_VIEW = """
SELECT problem.id, problem.box_line, line.produce, problem.kind, problem.units, problem.said, problem.credit_minor,
       problem.currency, problem.status, problem.answer, problem.reported_at, photo.id AS photo
FROM problem
JOIN box_line line ON line.id = problem.box_line
JOIN household ON household.id = problem.household
LEFT JOIN problem_photo photo ON photo.problem = problem.id
WHERE household.person = $1
"""


async def problems_of_line(person_id: UUID, line_id: UUID) -> list[ProblemView]:
    """Return what was told of a line, the latest first."""
    sql = _VIEW + " AND problem.box_line = $2 ORDER BY problem.reported_at DESC, problem.id"
    async with connection() as c:
        return [_view(row) for row in await c.fetch(sql, person_id, line_id)]


async def problem_by_try(person_id: UUID, try_key: UUID) -> ProblemView | None:
    """Return what one form has become, if it was sent before."""
    async with connection() as c:
        row = await c.fetchrow(_VIEW + " AND problem.try_key = $2", person_id, try_key)
    return None if row is None else _view(row)


def _view(row: Any) -> ProblemView:
    values: list[Any] = list(row)
    values[3], values[8] = ProblemKind(values[3]), ProblemStatus(values[8])
    values[6:8] = [Money(values[6], values[7])]
    return ProblemView(*values)


@dataclass(frozen=True, slots=True)
class ProblemToSave:
    """A problem as it was told, and what was decided at once."""

    id: UUID
    line: LineToTell
    kind: ProblemKind
    units: int
    said: str | None
    credit: Money
    tax: Money
    review: ReviewReason | None
    try_key: UUID


_SAVE = """
INSERT INTO problem (id, merchant, household, box, box_line, lot, kind, units, said, credit_minor, tax_minor, currency,
                     status, review_reason, try_key, reported_at, decided_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
"""


async def save_problem(problem: ProblemToSave, photo: Photo | None, *, now: DateTime) -> None:
    """Save a problem and its photo."""
    line, review = problem.line, problem.review
    status = ProblemStatus.CREDITED if review is None else ProblemStatus.REVIEW
    async with connection() as c:
        await c.execute(
            _SAVE, problem.id, line.merchant_id, line.household_id, line.box_id, line.line_id, line.lot_id,
            problem.kind.value, problem.units, problem.said, problem.credit.minor, problem.tax.minor,
            problem.credit.currency, status.value, review.value if review else None, problem.try_key, now,
            None if review else now,
        )  # fmt: skip
        if photo is not None:
            await c.execute(
                "INSERT INTO problem_photo (id, problem, content, width_px, height_px, kept_at)"
                " VALUES (gen_random_uuid(), $1, $2, $3, $4, $5)",
                problem.id, photo.content, photo.width_px, photo.height_px, now,
            )  # fmt: skip


async def photo_of(person_id: UUID, photo_id: UUID) -> bytes | None:
    """Return a photo when this person sent it."""
    sql = """
    SELECT content FROM problem_photo photo JOIN problem ON problem.id = photo.problem
    JOIN household ON household.id = problem.household WHERE household.person = $1 AND photo.id = $2
    """
    async with connection() as c:
        found: bytes | None = await c.fetchval(sql, person_id, photo_id)
    return found
