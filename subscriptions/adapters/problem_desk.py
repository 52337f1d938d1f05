"""What households have told a merchant, by problem and by lot, and what staff decide of it, in PostgreSQL."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from ripeday.kit.money import Money
from subscriptions.adapters.problem_store import ProblemToSave
from subscriptions.problem import ProblemKind, ProblemStatus, ReviewReason, Rule


@dataclass(frozen=True, slots=True)
class Owed:
    """What a household is to be credited for one problem; `tax` is the part of it that is tax."""

    id: UUID
    merchant_id: UUID
    household_id: UUID
    box_id: UUID
    credit: Money
    tax: Money


def owed_for(problem: ProblemToSave) -> Owed:
    """Return what a problem that was just told is worth."""
    line = problem.line
    return Owed(
        problem.id,
        line.merchant_id,
        line.household_id,
        line.box_id,
        problem.credit,
        problem.tax,
    )


async def hold_waiting(problem_id: UUID, merchants: Sequence[UUID]) -> Owed | None:
    """Return a problem that waits for these merchants' staff, its row held until the unit of work ends."""
    async with connection() as c:
        row = await c.fetchrow(
            "SELECT id, merchant, household, box, credit_minor, tax_minor, currency FROM problem"
            " WHERE id = $1 AND merchant = ANY($2) AND status = 'review' FOR UPDATE",
            problem_id, list(merchants),
        )  # fmt: skip
    if row is None:
        return None
    values: list[Any] = list(row)
    values[4:] = [Money(row[4], row[6]), Money(row[5], row[6])]
    return Owed(*values)


async def exists(problem_id: UUID, merchants: Sequence[UUID]) -> bool:
    """Tell whether a problem is these merchants'."""
    async with connection() as c:
        found = await c.fetchval(
            "SELECT 1 FROM problem WHERE id = $1 AND merchant = ANY($2)",
            problem_id,
            list(merchants),
        )
    return found is not None


async def decide(
    problem_id: UUID, *, actor_id: UUID, is_granted: bool, answer: str | None, now: DateTime
) -> None:
    """Note what staff decided."""
    status = ProblemStatus.CREDITED if is_granted else ProblemStatus.REFUSED
    async with connection() as c:
        await c.execute(
            "UPDATE problem SET status = $2, decided_at = $3, decided_by = $4, answer = $5 WHERE id = $1",
            problem_id, status.value, now, actor_id, answer,
        )  # fmt: skip


async def rule_of(merchant_id: UUID) -> Rule:
    """Return how a merchant deals with problems."""
    async with connection() as c:
        row = await c.fetchrow(
            "SELECT days_after, at_once_pct, boxes_at_once FROM problem_rule WHERE merchant = $1", merchant_id
        )  # fmt: skip
    return Rule() if row is None else Rule(*row.values())


async def save_rule(merchant_id: UUID, rule: Rule, *, now: DateTime) -> None:
    """Put a rule in the place of the one before."""
    async with connection() as c:
        await c.execute(
            "INSERT INTO problem_rule (id, merchant, days_after, at_once_pct, boxes_at_once, changed_at)"
            " VALUES (gen_random_uuid(), $1, $2, $3, $4, $5) ON CONFLICT (merchant) DO UPDATE"
            " SET days_after = excluded.days_after, at_once_pct = excluded.at_once_pct,"
            " boxes_at_once = excluded.boxes_at_once, changed_at = excluded.changed_at",
            merchant_id, rule.days_after, rule.at_once_pct, rule.boxes_at_once, now,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ToldProblem:
    """A problem as a merchant's staff see it: the household by its name alone."""

    id: UUID
    household: str
    delivery_on: dt.date
    box_id: UUID
    produce_key: str
    lot_id: UUID
    lot_code: str
    grower: str
    kind: ProblemKind
    units: int
    units_of: int
    said: str | None
    credit: Money
    status: ProblemStatus
    review: ReviewReason | None
    answer: str | None
    reported_at: dt.datetime
    photo_id: UUID | None


_TOLD = """
SELECT problem.id, household.name, day.delivery_on, problem.box, line.produce, problem.lot, lot.code,
       coalesce(grower.name, ''), problem.kind, problem.units, line.units, problem.said, problem.credit_minor,
       problem.currency, problem.status, problem.review_reason, problem.answer, problem.reported_at, photo.id
FROM problem
JOIN household ON household.id = problem.household
JOIN box ON box.id = problem.box JOIN delivery_day day ON day.id = box.delivery_day
JOIN box_line line ON line.id = problem.box_line
JOIN lot ON lot.id = problem.lot LEFT JOIN grower ON grower.id = lot.grower
LEFT JOIN problem_photo photo ON photo.problem = problem.id
WHERE problem.merchant = $1 AND (problem.status = 'review' OR problem.reported_at >= $2)
  AND ($3::uuid IS NULL OR problem.lot = $3)
ORDER BY problem.status <> 'review', problem.reported_at DESC, problem.id LIMIT $4
"""


async def problems_told(
    merchant_id: UUID, *, since: DateTime, lot_id: UUID | None = None, limit: int = 100
) -> list[ToldProblem]:
    """Return a merchant's problems: those that wait first, then the latest since a moment; of one lot or of all."""
    async with connection() as c:
        rows = await c.fetch(_TOLD, merchant_id, since, lot_id, limit)
    found = []
    for row in rows:
        values: list[Any] = list(row)
        values[8], values[14] = ProblemKind(values[8]), ProblemStatus(values[14])
        values[15] = None if values[15] is None else ReviewReason(values[15])
        values[12:14] = [Money(values[12], values[13])]
        found.append(ToldProblem(*values))
    return found


@dataclass(frozen=True, slots=True)
class LotTrouble:
    """A lot with problems: units told of out of those that went out, households, and what was credited."""

    lot_id: UUID
    lot_code: str
    produce_key: str
    grower: str
    units: int
    units_out: int
    n_households: int
    credited: Money
    kinds: tuple[ProblemKind, ...]

    @property
    def told_pct(self) -> int:
        """Return the units told of, of a hundred that went out."""
        return round(100 * self.units / self.units_out) if self.units_out else 0


_BY_LOT = """
SELECT problem.lot, lot.code, lot.produce, coalesce(grower.name, ''), sum(problem.units)::int,
       (SELECT coalesce(sum(line.units), 0)::int FROM box_line line JOIN box ON box.id = line.box
        WHERE line.lot = problem.lot AND box.status IN ('paid', 'waived', 'refunded')),
       count(DISTINCT problem.household)::int,
       coalesce(sum(problem.credit_minor) FILTER (WHERE problem.status = 'credited'), 0)::bigint,
       min(problem.currency), array_agg(DISTINCT problem.kind ORDER BY problem.kind)
FROM problem JOIN lot ON lot.id = problem.lot LEFT JOIN grower ON grower.id = lot.grower
WHERE problem.merchant = $1 AND problem.status <> 'refused' AND problem.reported_at >= $2
GROUP BY problem.lot, lot.code, lot.produce, grower.name ORDER BY 5 DESC, lot.code LIMIT 50
"""


async def problems_by_lot(merchant_id: UUID, *, since: DateTime) -> list[LotTrouble]:
    """Return the lots that households told something of since a moment, the worst first."""
    async with connection() as c:
        rows = await c.fetch(_BY_LOT, merchant_id, since)
    found = []
    for row in rows:
        values: list[Any] = list(row)
        values[7:] = [Money(values[7], values[8]), tuple(map(ProblemKind, values[9]))]
        found.append(LotTrouble(*values))
    return found


async def n_waiting(merchants: Sequence[UUID]) -> int:
    """Count the problems that wait for staff."""
    async with connection() as c:
        found: int = await c.fetchval(
            "SELECT count(*) FROM problem WHERE merchant = ANY($1) AND status = 'review'", list(merchants)
        )  # fmt: skip
    return found


async def photo_for(merchant_id: UUID, photo_id: UUID) -> bytes | None:
    """Return a photo that was sent to a merchant."""
    sql = """
    SELECT content FROM problem_photo photo JOIN problem ON problem.id = photo.problem
    WHERE problem.merchant = $1 AND photo.id = $2
    """
    async with connection() as c:
        found: bytes | None = await c.fetchval(sql, merchant_id, photo_id)
    return found


@dataclass(frozen=True, slots=True)
class ProblemToTell:
    """A decided problem as a mail tells of it."""

    person_id: UUID
    email: str
    locale: str
    merchant: str
    merchant_zh: str
    line_id: UUID
    produce_key: str
    units: int
    delivery_on: dt.date
    credit: Money
    status: ProblemStatus
    answer: str | None


_TO_TELL = """
SELECT person.id, person.email, coalesce(person.locale, merchant.locale), merchant.name, merchant.name_zh, line.id,
       line.produce, problem.units, day.delivery_on, problem.credit_minor, problem.currency, problem.status,
       problem.answer
FROM problem
JOIN household ON household.id = problem.household JOIN person ON person.id = household.person
JOIN merchant ON merchant.id = problem.merchant
JOIN box ON box.id = problem.box JOIN delivery_day day ON day.id = box.delivery_day
JOIN box_line line ON line.id = problem.box_line
WHERE problem.id = $1 AND problem.status <> 'review' AND person.disabled_at IS NULL
"""


async def problem_to_tell(problem_id: UUID) -> ProblemToTell | None:
    """Return a decided problem and who told of it."""
    async with connection() as c:
        row = await c.fetchrow(_TO_TELL, problem_id)
    if row is None:
        return None
    values: list[Any] = list(row)
    values[9:12] = [Money(values[9], values[10]), ProblemStatus(values[11])]
    return ProblemToTell(*values)
