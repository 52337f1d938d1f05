"""How often the boxes of a subscription come, in PostgreSQL."""

import datetime as dt
from uuid import UUID

from ripeday.kit.adapters.engine import connection
from ripeday.kit.money import Money
from subscriptions.rhythm_change import PlanTerms

_TERMS = """
SELECT box_plan.price_minor, merchant.currency, box_plan.cadence_weeks, trial.price_minor
FROM subscription
JOIN box_plan ON box_plan.id = subscription.box_plan
JOIN merchant ON merchant.id = subscription.merchant
LEFT JOIN trial ON trial.subscription = subscription.id
WHERE subscription.id = $1
"""


async def plan_terms(subscription_id: UUID) -> PlanTerms:
    """Return what the plan of a subscription costs, its trial boxes, too, and for how many weeks it is made."""
    async with connection() as c:
        row = await c.fetchrow(_TERMS, subscription_id)
    trial = None if row[3] is None else Money(row[3], row[1])
    return PlanTerms(Money(row[0], row[1]), row[2], trial)


async def set_rhythm(subscription_id: UUID, weeks: int, *, first_on: dt.date) -> None:
    """Have boxes come every so many weeks, counted from a delivery."""
    async with connection() as c:
        await c.execute(
            "UPDATE subscription SET cadence_weeks = $2, first_delivery_on = $3 WHERE id = $1",
            subscription_id, weeks, first_on,
        )  # fmt: skip
