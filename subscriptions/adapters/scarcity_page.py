"""What was scarce on a delivery day: how many got it, who went without, and who has waited longest."""

from dataclasses import dataclass
from uuid import UUID

from ripeday.kit.adapters.engine import connection


@dataclass(frozen=True, slots=True)
class Waiting:
    """A household that went without, and the number of its box of the day."""

    number: int
    household: str


@dataclass(frozen=True, slots=True)
class ScarceProduce:
    """A produce that some households wanted and went without; `first` has waited for the most deliveries, `longest`."""

    key: str
    name: str
    name_zh: str
    n_got: int
    n_without: int
    longest: int
    first: Waiting


_SCARCE = """
WITH alive AS (
    SELECT id, subscription, number, household FROM box
    WHERE merchant = $1 AND delivery_day = $2 AND status NOT IN ('cancelled', 'refunded')
),
waiting AS (
    SELECT turn.produce, turn.before + 1 AS turns, alive.number, household.name
    FROM missed_turn turn
    JOIN alive ON alive.subscription = turn.subscription
    JOIN household ON household.id = alive.household
    WHERE turn.delivery_day = $2
      AND NOT EXISTS (SELECT FROM box_line line WHERE line.box = alive.id AND line.produce = turn.produce)
)
SELECT produce.key, produce.name_en, produce.name_zh,
       (SELECT count(DISTINCT line.box) FROM box_line line JOIN alive ON alive.id = line.box
        WHERE line.produce = produce.key) AS n_got,
       count(*) AS n_without, max(turns) AS longest,
       (array_agg(number ORDER BY turns DESC, number))[1] AS number,
       (array_agg(waiting.name ORDER BY turns DESC, number))[1] AS household
FROM waiting JOIN produce ON produce.key = waiting.produce
GROUP BY produce.key ORDER BY n_without DESC, produce.key
"""


async def scarce_on(merchant_id: UUID, delivery_day_id: UUID) -> list[ScarceProduce]:
    """Return what was scarce in the boxes of a day, as they now are; what most went without comes first."""
    async with connection() as c:
        rows = await c.fetch(_SCARCE, merchant_id, delivery_day_id)
    found = []
    for row in rows:
        *of_produce, number, household = row.values()
        key, name, name_zh, n_got, n_without, longest = of_produce
        first = Waiting(number, household)
        found.append(ScarceProduce(key, name, name_zh, n_got, n_without, longest, first))
    return found
