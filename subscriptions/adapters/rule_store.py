"""What a merchant lets its customers do with deliveries, and how many of them that holds for, in PostgreSQL."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from ripeday.kit.adapters.engine import connection
from subscriptions.allowance import GENEROUS, DeliveryRule


async def rule_of(merchant_id: UUID) -> DeliveryRule:
    """Return a merchant's rule; the generous one where it has set none."""
    async with connection() as c:
        row = await c.fetchrow(
            "SELECT n_skips, n_in_a_row, notice_days FROM delivery_rule WHERE merchant = $1",
            merchant_id,
        )
    return GENEROUS if row is None else DeliveryRule(*row.values())


async def set_rule(merchant_id: UUID, rule: DeliveryRule) -> None:
    """Save a merchant's rule; it holds for whatever is asked for from now on."""
    async with connection() as c:
        await c.execute(
            "INSERT INTO delivery_rule (id, merchant, n_skips, n_in_a_row, notice_days)"
            " VALUES (gen_random_uuid(), $1, $2, $3, $4)"
            " ON CONFLICT (merchant) DO UPDATE SET n_skips = $2, n_in_a_row = $3, notice_days = $4",
            merchant_id, rule.n_skips, rule.n_in_a_row, rule.notice_days,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RuleReach:
    """How many orders run, and of them: none left of the season's skips, more skipped than that, on notice already."""

    n_orders: int
    n_spent: int
    n_beyond: int
    n_on_notice: int


_REACH = """
WITH edge AS (SELECT starts_on AS on_day FROM catalog WHERE merchant = $1
              UNION SELECT ends_on FROM catalog WHERE merchant = $1),
     season AS (SELECT max(on_day) FILTER (WHERE on_day <= $2) AS starts_on,
                       min(on_day) FILTER (WHERE on_day > $2) AS ends_on FROM edge),
     running AS (
         SELECT subscription.ends_on,
                (SELECT count(*) FROM skip, season WHERE skip.subscription = subscription.id AND skip.pause IS NULL
                 AND skip.delivery_on >= coalesce(season.starts_on, '-infinity')
                 AND skip.delivery_on < coalesce(season.ends_on, 'infinity')) AS used
         FROM subscription WHERE subscription.merchant = $1 AND subscription.status IN ('active', 'paused')
     )
SELECT count(*), count(*) FILTER (WHERE used >= $3), count(*) FILTER (WHERE used > $3),
       count(*) FILTER (WHERE ends_on IS NOT NULL)
FROM running
"""


async def reach_of(merchant_id: UUID, rule: DeliveryRule, *, today: dt.date) -> RuleReach:
    """Return how many orders of a merchant a rule would hold for, in the season that a day lies in."""
    async with connection() as c:
        row = await c.fetchrow(_REACH, merchant_id, today, rule.n_skips)
    return RuleReach(*row.values())
