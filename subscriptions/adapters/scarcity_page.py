"""What was scarce on a delivery day: how many got it, who went without, and who has waited longest."""

from dataclasses import dataclass
from uuid import UUID

from ripeday.kit.adapters.engine import connection

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Waiting:
    """A household that went without, by its box of the day; `turns` in a row, this one included."""

    number: int
    household: str
    turns: int


@dataclass(frozen=True, slots=True)
class ScarceProduce:
    """A produce that some households wanted and went without; `first` have waited longest."""

    key: str
    name: str
    name_zh: str
    n_got: int
    n_without: int
    longest: int
    first: tuple[Waiting, ...]

    @property
    def n_more(self) -> int:
        """Return how many wait besides those shown."""
        return self.n_without - len(self.first)


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
       (array_agg(number ORDER BY turns DESC, number))[:$3] AS numbers,
       (array_agg(waiting.name ORDER BY turns DESC, number))[:$3] AS names,
       (array_agg(turns ORDER BY turns DESC, number))[:$3] AS waits
FROM waiting JOIN produce ON produce.key = waiting.produce
GROUP BY produce.key ORDER BY n_without DESC, produce.key
"""


async def scarce_on(merchant_id: UUID, delivery_day_id: UUID) -> list[ScarceProduce]:
    """Return what was scarce in the boxes of a day, as they now are; what most went without comes first."""
    async with connection() as c:
        rows = await c.fetch(_SCARCE, merchant_id, delivery_day_id, _SHOWN)
    found = []
    for row in rows:
        key, name, name_zh, n_got, n_without, longest = list(row)[:6]
        first = tuple(map(Waiting, row["numbers"], row["names"], row["waits"]))
        found.append(ScarceProduce(key, name, name_zh, n_got, n_without, longest, first))
    return found
