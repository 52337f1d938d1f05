"""The plan board: what the boxes of one delivery day come to, who lacks what on which day, and from which lots."""

import datetime as dt
import json
from dataclasses import dataclass
from uuid import UUID

from ripeday.kit.adapters.engine import connection
from ripeday.kit.text import Message, message, plural
from subscriptions.lifecycle import PlanKind
from subscriptions.planning.reason import Reason, UncoveredDay


@dataclass(frozen=True, slots=True)
class PlanRun:
    """One plan that was made for the day."""

    number: int
    n_boxes: int
    n_uncovered: int
    n_covered: int
    objective: int
    waste_portions: int
    made_at: dt.datetime

    @property
    def score_per_box(self) -> int:
        """Return what the planner minimised, for one box: goods, gaps and waste, less what is liked. [minor units]"""
        return round(self.objective / 100 / self.n_boxes) if self.n_boxes else 0


async def runs_of(merchant_id: UUID, delivery_day_id: UUID) -> list[PlanRun]:
    """Return the plans made for a day, newest first."""
    sql = (
        "SELECT number, n_boxes, n_uncovered_days, n_covered_days, objective, waste_portions, made_at"
        " FROM plan_run WHERE merchant = $1 AND delivery_day = $2 ORDER BY number DESC"
    )
    async with connection() as c:
        return [PlanRun(*row.values()) for row in await c.fetch(sql, merchant_id, delivery_day_id)]


@dataclass(frozen=True, slots=True)
class BoxTotals:
    """Sums over the boxes of a day; portions are of fruit only, prices as paid and without tax."""

    portions: int
    eaten: int
    spare: int
    waste_grams: int
    goods_minor: int
    price_minor: int
    net_minor: int

    @property
    def waste(self) -> int:
        """Return the portions that nobody is planned to eat and that are not to spare either."""
        return self.portions - self.eaten - self.spare

    @property
    def waste_pct(self) -> float:
        """Return them as a share of all portions, in percent."""
        return round(100 * self.waste / self.portions, 1) if self.portions else 0.0

    @property
    def goods_pct(self) -> float | None:
        """Return what the goods cost as a share of the price without tax; None without a box."""
        return round(100 * self.goods_minor / self.net_minor, 1) if self.net_minor else None


_TOTALS = """
WITH boxes AS (
    SELECT id, price_minor - riding.price AS price_minor, tax_minor - riding.tax AS tax_minor FROM box
    CROSS JOIN LATERAL (  -- what rides along is no part of what goods may cost
        SELECT coalesce(sum(line.price_minor), 0)::bigint AS price, coalesce(sum(line.tax_minor), 0)::bigint AS tax
        FROM box_addon line WHERE line.box = box.id
    ) riding
    WHERE merchant = $1 AND delivery_day = $2 AND status NOT IN ('cancelled', 'refunded')
),
lines AS (
    SELECT line.units, line.units * lot.unit_cost_minor AS cost, produce.kind = 'fruit' AS is_fruit,
           line.units * lot.unit_portions AS portions, lot.unit_grams::float / lot.unit_portions AS portion_g,
           eaten.portions AS eaten,
           least(coalesce(line.spare, 0), greatest(line.units * lot.unit_portions - eaten.portions, 0)) AS spare
    FROM box_line line JOIN boxes ON boxes.id = line.box JOIN lot ON lot.id = line.lot
    JOIN produce ON produce.key = line.produce
    CROSS JOIN LATERAL (SELECT coalesce(sum(portion), 0) AS portions FROM unnest(line.eat) AS portion) eaten
)
SELECT coalesce((SELECT sum(portions) FROM lines WHERE is_fruit), 0)::bigint AS portions,
       coalesce((SELECT sum(least(eaten, portions)) FROM lines WHERE is_fruit), 0)::bigint AS eaten,
       coalesce((SELECT sum(spare) FROM lines WHERE is_fruit), 0)::bigint AS spare,
       coalesce((SELECT sum(greatest(portions - eaten - spare, 0) * portion_g) FROM lines WHERE is_fruit), 0)::bigint,
       coalesce((SELECT sum(cost) FROM lines), 0)::bigint AS goods,
       coalesce((SELECT sum(price_minor) FROM boxes), 0)::bigint AS price,
       coalesce((SELECT sum(price_minor - tax_minor) FROM boxes), 0)::bigint AS net
"""


async def totals_of(merchant_id: UUID, delivery_day_id: UUID) -> BoxTotals:
    """Return what the boxes of a day come to, as they now are."""
    async with connection() as c:
        row = await c.fetchrow(_TOTALS, merchant_id, delivery_day_id)
    return BoxTotals(*row.values())


@dataclass(frozen=True, slots=True)
class HouseholdKind:
    """Households that are planned alike: what they get and how warm their kitchens are."""

    kind: PlanKind
    portions_a_day: int
    stems_a_day: int
    is_warm: bool
    n_boxes: int
    bare: tuple[int, ...]

    @property
    def plan_words(self) -> Message:
        """Return what they get."""
        if self.kind is PlanKind.FRUIT:
            return message("Fruit, {n} a day", n=self.portions_a_day)
        if self.kind is PlanKind.FLOWER:
            return message("Flowers, {n} stems", n=self.stems_a_day)
        return message(
            "Fruit, {n} a day, and {stems} stems", n=self.portions_a_day, stems=self.stems_a_day
        )

    @property
    def home_words(self) -> Message:
        """Return in what kitchen, and how many boxes."""
        kitchen = message("warm kitchen") if self.is_warm else message("cool or mild kitchen")
        return plural("{kitchen} · {n} box", "{kitchen} · {n} boxes", self.n_boxes, kitchen=kitchen)


_KINDS = """
WITH boxes AS (
    SELECT box.id, box.kind, box.portions_a_day, box.stems_a_day, household.room_class >= 2 AS is_warm,
           box.horizon_days
    FROM box JOIN household ON household.id = box.household
    WHERE box.merchant = $1 AND box.delivery_day = $2 AND box.status NOT IN ('cancelled', 'refunded')
),
bare AS (
    SELECT DISTINCT box, day_on - $3 AS day FROM uncovered_day WHERE box IN (SELECT id FROM boxes)
)
SELECT kind, portions_a_day, stems_a_day, is_warm, count(*) AS n_boxes, max(horizon_days) AS n_days,
       (SELECT jsonb_object_agg(day, n) FROM (
           SELECT bare.day, count(*) AS n FROM bare JOIN boxes b ON b.id = bare.box
           WHERE (b.kind, b.portions_a_day, b.stems_a_day, b.is_warm)
               = (boxes.kind, boxes.portions_a_day, boxes.stems_a_day, boxes.is_warm)
           GROUP BY bare.day
       ) per_day) AS bare
FROM boxes GROUP BY kind, portions_a_day, stems_a_day, is_warm
ORDER BY array_position(ARRAY['fruit', 'mixed', 'flower']::varchar[], kind), portions_a_day, stems_a_day, is_warm
"""


async def household_kinds(
    merchant_id: UUID, delivery_day_id: UUID, delivery_on: dt.date
) -> list[HouseholdKind]:
    """Return how many boxes are uncovered on each day after delivery, by kind of household."""
    async with connection() as c:
        rows = await c.fetch(_KINDS, merchant_id, delivery_day_id, delivery_on)
    n_days = max((row["n_days"] for row in rows), default=7)
    found = []
    for row in rows:
        bare = json.loads(row["bare"] or "{}")
        by_day = tuple(bare.get(str(day), 0) for day in range(n_days))
        parts = [PlanKind(row["kind"]), *list(row)[1:5], by_day]
        found.append(HouseholdKind(*parts))
    return found


@dataclass(frozen=True, slots=True)
class WhyBare:
    """A reason for uncovered days and how many days it explains."""

    kind: str
    reason: str
    n_days: int
    n_boxes: int

    @property
    def words(self) -> Message:
        """Say why in a sentence."""
        return UncoveredDay(0, 0, 1, self.kind, Reason(self.reason)).message


_WHY = """
SELECT uncovered.kind, uncovered.reason, count(*) AS n_days, count(DISTINCT uncovered.box) AS n_boxes
FROM uncovered_day uncovered JOIN box ON box.id = uncovered.box
WHERE box.merchant = $1 AND box.delivery_day = $2 AND box.status NOT IN ('cancelled', 'refunded')
GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
"""


async def reasons_of(merchant_id: UUID, delivery_day_id: UUID) -> list[WhyBare]:
    """Return why days of the day's boxes are uncovered, the commonest reason first."""
    async with connection() as c:
        return [WhyBare(*row.values()) for row in await c.fetch(_WHY, merchant_id, delivery_day_id)]


_PLANNED = """
SELECT line.lot, sum(line.units)::bigint AS units
FROM box_line line JOIN box ON box.id = line.box
WHERE box.merchant = $1 AND box.delivery_day = $2 AND box.status NOT IN ('cancelled', 'refunded')
GROUP BY line.lot
"""


async def units_by_lot(merchant_id: UUID, delivery_day_id: UUID) -> dict[UUID, int]:
    """Return how many units of each lot the boxes of a day hold."""
    async with connection() as c:
        rows = await c.fetch(_PLANNED, merchant_id, delivery_day_id)
    return {row["lot"]: row["units"] for row in rows}
