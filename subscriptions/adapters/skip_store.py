"""How many deliveries bring a household nothing after a day, for plans of the box that has to last, in PostgreSQL."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from ripeday.kit.adapters.engine import connection
from subscriptions.skipping import n_skipped_next

_SKIPPED = """
SELECT subscription.id, subscription.cadence_weeks, without.delivery_on
FROM (SELECT subscription, delivery_on FROM skip UNION SELECT subscription, delivery_on FROM donation) without
JOIN subscription ON subscription.id = without.subscription
WHERE without.subscription = ANY($1) AND without.delivery_on > $2
  AND NOT EXISTS (SELECT FROM donation own WHERE own.subscription = subscription.id AND own.delivery_on = $2)
"""


async def n_skipped_after(
    delivery_on: dt.date, subscription_ids: Sequence[UUID]
) -> dict[UUID, int]:
    """Count the deliveries that subscriptions skip or give away right after a day; those with none are left out.

    A box that is given away bridges nothing itself.
    """
    async with connection() as c:
        rows = await c.fetch(_SKIPPED, list(subscription_ids), delivery_on)
    days: dict[UUID, set[dt.date]] = defaultdict(set)
    weeks: dict[UUID, int] = {}
    for row in rows:
        days[row["id"]].add(row["delivery_on"])
        weeks[row["id"]] = row["cadence_weeks"]
    return {each: n_skipped_next(delivery_on, weeks[each], days[each]) for each in days}
