"""Two households with fruit of one lot: one has had it for days, the other's is still to come."""

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import pendulum

from delivery.services.supply import StockSupply
from ripeday.kit.adapters.engine import connection
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripening.learned_times import LearnedProfiles
from ripening.produce import load_profiles
from ripening.verdict import Verdict
from subscriptions.services.learning import LearningService
from subscriptions.services.planning import PlanningService
from subscriptions.services.reporting import ReportingService
from tests.journeys.farm_process import FarmProcess

_NEIGHBOURS: Final = """
WITH meal AS (
    SELECT line.id AS line, line.lot, line.produce, box.id AS box, box.status, person.id AS person, person.email,
           day.delivery_on, day.delivery_on + n AS on_day, line.chance_fraction[n + 1] AS chance,
           n = min(n) OVER (PARTITION BY line.id) AS is_first
    FROM box_line line
    JOIN box ON box.id = line.box
    JOIN merchant ON merchant.id = box.merchant
    JOIN household ON household.id = box.household
    JOIN person ON person.id = household.person
    JOIN delivery_day day ON day.id = box.delivery_day
    CROSS JOIN LATERAL generate_series(0, box.horizon_days - 1) AS day_of_box (n)
    WHERE merchant.slug = $1 AND box.status IN ('paid', 'proposed') AND line.eat[n + 1] > 0 AND line.ready_day > 0
), pair AS (
    SELECT DISTINCT ON (teller.lot, teller.chance, holder.chance)
           teller.email, teller.person, teller.line, teller.on_day, holder.email AS holder_email,
           holder.box, holder.line AS holder_line, holder.produce, holder.status, holder.chance
    FROM meal teller
    JOIN meal holder ON holder.lot = teller.lot AND holder.person <> teller.person
    WHERE teller.is_first AND teller.status = 'paid' AND teller.on_day <= $2 AND teller.chance < 0.97
      AND holder.is_first AND holder.delivery_on > $2
    ORDER BY teller.lot, teller.chance, holder.chance, teller.email, holder.status, holder.email
)
SELECT email, person, line, on_day, holder_email, box, holder_line, produce FROM pair
ORDER BY status = 'proposed', chance, email LIMIT 40
"""
"""Who has waited for ripening fruit that somebody else is still to get, and by how little it is likely enough there."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Who can tell of a lot on which day, of which line, and whose coming box holds fruit of it, too."""

    teller_email: str
    teller_id: UUID
    line_id: UUID
    on: dt.date
    holder_email: str
    box_id: UUID
    holder_line_id: UUID
    produce_key: str


class _Rehearsed(Exception):
    """Takes back what was only tried."""


def neighbours(farm: FarmProcess, slug: str) -> Neighbours:
    """Return two households of a merchant of which one's word moves a meal of the other's, within its box."""

    async def found() -> Neighbours | None:
        async with connection() as c:
            rows = await c.fetch(_NEIGHBOURS, slug, farm.as_of)
        for row in rows:
            pair = Neighbours(*row)
            if await _is_moved_by_a_word(pair, farm.as_of):
                return pair
        return None

    pair = farm.ask(found)
    assert pair is not None, f"at {slug} nobody's word would move a meal of somebody else's"
    return pair


async def _is_moved_by_a_word(pair: Neighbours, today: dt.date) -> bool:
    """Try the word, and take it back with all that came of it."""
    profiles = LearnedProfiles(load_profiles())
    learning = LearningService(profiles, PlanningService(StockSupply(), profiles))
    now = pendulum.instance(dt.datetime.combine(today, dt.time(12), dt.UTC))
    before, after = await _meals(pair.holder_line_id), None
    try:
        async with unit_of_work():
            await ReportingService(learning).report(
                pair.teller_id, pair.line_id, Verdict.HARD.value, judged_on=pair.on, now=now
            )
            after = await _meals(pair.holder_line_id)
            raise _Rehearsed
    except _Rehearsed:
        return bool(after) and min(after) > min(before)


async def _meals(line_id: UUID) -> list[int]:
    """Return the days of its box on which a line is eaten."""
    async with connection() as c:
        eat = await c.fetchval("SELECT eat FROM box_line WHERE id = $1", line_id)
    return [n for n, portions in enumerate(eat) if portions]
