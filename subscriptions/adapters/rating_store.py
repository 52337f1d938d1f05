"""How households liked what came, in PostgreSQL."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from subscriptions.adapters.donation_store import IS_GIVEN
from subscriptions.rating import Liking


@dataclass(frozen=True, slots=True)
class RatedLine:
    """A line of a box that has come, and how it was liked, if that was said."""

    line_id: UUID
    box_id: UUID
    household_id: UUID
    produce_key: str
    units: int
    liking: Liking | None


_LINES = f"""
SELECT line.id, line.box, box.household, line.produce, line.units, rating.liking
FROM box_line line JOIN box ON box.id = line.box JOIN household ON household.id = box.household
JOIN delivery_day day ON day.id = box.delivery_day JOIN merchant ON merchant.id = box.merchant
LEFT JOIN item_rating rating ON rating.box_line = line.id
WHERE household.person = $1 AND (line.box = $2 OR line.id = $2) AND box.status IN ('paid', 'waived', 'refunded')
  AND NOT {IS_GIVEN}
  AND day.delivery_on <= ($3::timestamptz AT TIME ZONE merchant.timezone)::date
ORDER BY line.ready_day, line.id
"""


async def lines_to_rate(person_id: UUID, box_or_line: UUID, *, now: DateTime) -> list[RatedLine]:
    """Return the lines of a person's box that has come, or one line of it."""
    async with connection() as c:
        rows = await c.fetch(_LINES, person_id, box_or_line, now)
    return [RatedLine(r[0], r[1], r[2], r[3], r[4], Liking(r[5]) if r[5] else None) for r in rows]


async def is_own(person_id: UUID, line_id: UUID) -> bool:
    """Tell whether a line is in a box of one of a person's households, whether or not that has come."""
    async with connection() as c:
        found: bool = await c.fetchval(
            "SELECT EXISTS (SELECT FROM box_line line JOIN box ON box.id = line.box"
            " JOIN household ON household.id = box.household WHERE household.person = $1 AND line.id = $2)",
            person_id, line_id,
        )  # fmt: skip
    return found


async def likings_of(household_id: UUID) -> dict[str, list[Liking]]:
    """Return what a household ever said of each produce, the latest first."""
    async with connection() as c:
        rows = await c.fetch(
            "SELECT produce, liking FROM item_rating WHERE household = $1 ORDER BY rated_at DESC, id", household_id
        )  # fmt: skip
    found: dict[str, list[Liking]] = defaultdict(list)
    for produce, liking in rows:
        found[produce].append(Liking(liking))
    return found


async def save_liking(line: RatedLine, liking: Liking, *, now: DateTime) -> None:
    """Keep how a line was liked."""
    async with connection() as c:
        await c.execute(
            "INSERT INTO item_rating (id, merchant, household, box_line, produce, liking, rated_at)"
            " SELECT gen_random_uuid(), merchant, household, $2, $3, $4, $5 FROM box WHERE id = $1"
            " ON CONFLICT (box_line) DO UPDATE SET liking = excluded.liking, rated_at = excluded.rated_at",
            line.box_id, line.line_id, line.produce_key, liking.value, now,
        )  # fmt: skip
