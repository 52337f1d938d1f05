"""How many deliveries are skipped after a day, for plans of the box that has to last, in PostgreSQL."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from ripeday.kit.adapters.engine import connection
from subscriptions.skipping import n_skipped_next

_SKIPPED = """
SELECT subscription.id, subscription.cadence_weeks, skip.delivery_on
FROM skip JOIN subscription ON subscription.id = skip.subscription
WHERE skip.subscription = ANY($1) AND skip.delivery_on > $2
"""


async def n_skipped_after(
    delivery_on: dt.date, subscription_ids: Sequence[UUID]
) -> dict[UUID, int]:
    """Count the deliveries that subscriptions skip right after a day; those that skip none are left out."""
    async with connection() as c:
        rows = await c.fetch(_SKIPPED, list(subscription_ids), delivery_on)
    days: dict[UUID, set[dt.date]] = defaultdict(set)
    weeks: dict[UUID, int] = {}
    for row in rows:
        days[row["id"]].add(row["delivery_on"])
        weeks[row["id"]] = row["cadence_weeks"]
    return {each: n_skipped_next(delivery_on, weeks[each], days[each]) for each in days}
