"""Boxes that households give away, and the food banks that take them, in PostgreSQL."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from subscriptions.order import FoodBank, Order

IS_GIVEN = """EXISTS (SELECT FROM donation WHERE donation.subscription = box.subscription
                      AND donation.delivery_on = day.delivery_on)"""
"""The condition that a household gives its box away, in a query that has `box` and `day`."""


async def gifts_of(subscription_ids: Sequence[UUID]) -> dict[UUID, dict[dt.date, FoodBank]]:
    """Return which boxes of subscriptions are given away, by day, and to whom."""
    async with connection() as c:
        rows = await c.fetch(
            "SELECT donation.subscription, donation.delivery_on, stop.id, stop.name, stop.name_zh"
            " FROM donation JOIN stop ON stop.id = donation.stop WHERE donation.subscription = ANY($1)",
            list(subscription_ids),
        )
    found: dict[UUID, dict[dt.date, FoodBank]] = defaultdict(dict)
    for subscription, on, *bank in rows:
        found[subscription][on] = FoodBank(*bank)
    return found


_WITH_ROOM = """
SELECT stop.id, stop.name, stop.name_zh FROM stop
WHERE stop.round = $1 AND stop.kind = 'food_bank' AND stop.is_open
  AND (stop.capacity IS NULL OR stop.capacity > (
      SELECT count(*) FROM donation WHERE donation.stop = stop.id AND donation.delivery_on = $2))
ORDER BY stop.name, stop.id LIMIT 1
"""


async def food_bank_for(round_id: UUID, on: dt.date) -> FoodBank | None:
    """Return the food bank of a round that takes one more box on a day; None where there is none, or it is full."""
    async with connection() as c:
        row = await c.fetchrow(_WITH_ROOM, round_id, on)
    return None if row is None else FoodBank(*row)


async def give(order: Order, on: dt.date, bank: FoodBank, *, now: DateTime) -> None:
    """Save that the box of a day goes to a food bank."""
    async with connection() as c:
        await c.execute(
            "INSERT INTO donation (id, merchant, subscription, delivery_on, stop, asked_at)"
            " VALUES (gen_random_uuid(), $1, $2, $3, $4, $5)",
            order.merchant_id, order.id, on, bank.stop_id, now,
        )  # fmt: skip


async def take_back(order: Order, on: dt.date) -> None:
    """Have the box of a day come to its household again."""
    async with connection() as c:
        await c.execute(
            "DELETE FROM donation WHERE subscription = $1 AND delivery_on = $2", order.id, on
        )


async def days_given(person_id: UUID, *, since: dt.date, until: dt.date) -> set[dt.date]:
    """Return the days of `[since, until)` on which a person's box goes to a food bank instead.

    Those that are skipped meanwhile are not among them, nor those that another rhythm leaves out.
    """
    async with connection() as c:
        rows = await c.fetch(
            "SELECT donation.delivery_on FROM donation"
            " JOIN subscription ON subscription.id = donation.subscription"
            " JOIN household ON household.id = subscription.household"
            " WHERE household.person = $1 AND donation.delivery_on >= $2 AND donation.delivery_on < $3"
            " AND NOT EXISTS (SELECT FROM skip WHERE skip.subscription = subscription.id"
            " AND skip.delivery_on = donation.delivery_on)"
            " AND (subscription.ends_on IS NULL OR donation.delivery_on < subscription.ends_on)"
            " AND (EXISTS (SELECT FROM box JOIN delivery_day day ON day.id = box.delivery_day"
            " WHERE box.subscription = subscription.id AND day.delivery_on = donation.delivery_on)"
            " OR (donation.delivery_on - subscription.first_delivery_on) % (7 * subscription.cadence_weeks) = 0)",
            person_id, since, until,
        )  # fmt: skip
    return {row["delivery_on"] for row in rows}
