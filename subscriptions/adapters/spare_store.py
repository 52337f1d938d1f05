"""What a merchant wants boxes to have to spare, and what that comes to in the boxes planned at present."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from ripeday.kit.adapters.engine import connection
from subscriptions.planning.spare import SPARE_PCT


@dataclass(frozen=True, slots=True)
class SpareTerms:
    """Percent of the portions of a box, and of boxes still to come: portions to spare, and cost of goods."""

    pct: int
    n_boxes: int
    portions: int
    spare_minor: int
    goods_minor: int

    @property
    def goods_pct(self) -> float:
        """Return what is to spare as a share of all goods, in percent."""
        return round(100 * self.spare_minor / self.goods_minor, 1) if self.goods_minor else 0.0


_TERMS = f"""
SELECT coalesce(merchant.spare_pct, {SPARE_PCT}), coming.*
FROM merchant
CROSS JOIN LATERAL (
    SELECT count(DISTINCT box.id) AS n_boxes, coalesce(sum(line.spare), 0)::bigint AS portions,
           coalesce(sum(line.spare * lot.unit_cost_minor::float / lot.unit_portions), 0)::bigint AS spare_minor,
           coalesce(sum(line.units * lot.unit_cost_minor), 0)::bigint AS goods_minor
    FROM box
    JOIN delivery_day day ON day.id = box.delivery_day AND day.delivery_on >= $2
    JOIN box_line line ON line.box = box.id
    JOIN lot ON lot.id = line.lot
    WHERE box.merchant = merchant.id AND box.status NOT IN ('cancelled', 'refunded', 'declined', 'missed', 'short')
) coming
WHERE merchant.id = $1
"""


async def spare_terms(merchant_id: UUID, *, today: dt.date) -> SpareTerms:
    """Return what a merchant wants spared, and what it comes to in the boxes from today on."""
    async with connection() as c:
        row = await c.fetchrow(_TERMS, merchant_id, today)
    return SpareTerms(*row.values())


async def set_spare(merchant_id: UUID, pct: int) -> None:
    """Save what a merchant wants spared; boxes already planned keep what they have."""
    async with connection() as c:
        await c.execute("UPDATE merchant SET spare_pct = $2 WHERE id = $1", merchant_id, pct)
