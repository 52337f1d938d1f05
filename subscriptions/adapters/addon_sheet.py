"""How many of what rides along are ordered for a merchant's coming deliveries: what goes to the supplier."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pendulum
from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from subscriptions.adapters import addon_store
from subscriptions.addon import Addon, addon_lines, closes_at
from subscriptions.cutoff import RoundRule


@dataclass(frozen=True, slots=True)
class SheetDay:
    """One coming delivery of one round; `closes_at` and `units` are by add-on."""

    delivery_on: dt.date
    round_name: str
    round_name_zh: str
    is_locked: bool
    closes_at: Mapping[UUID, DateTime]
    units: Mapping[UUID, int]


_DAYS = """
SELECT day.id, day.delivery_on, day.cutoff_at, day.locked_at IS NOT NULL AS is_locked, round.name, round.name_zh,
       round.weekday, round.cutoff_days_before, round.cutoff_minute, round.pack_days_before, merchant.timezone
FROM delivery_day day JOIN delivery_round round ON round.id = day.round JOIN merchant ON merchant.id = day.merchant
WHERE day.merchant = $1 AND day.delivery_on >= $2 ORDER BY day.delivery_on, round.name
"""
_FIXED = """
SELECT box.delivery_day, line.addon, sum(line.units)::int FROM box_addon line JOIN box ON box.id = line.box
WHERE line.merchant = $1 AND box.delivery_day = ANY($2)
  AND box.status NOT IN ('declined', 'short', 'cancelled', 'refunded')
GROUP BY 1, 2
"""
_DUE = """
SELECT day.id, day.delivery_on, subscription.id FROM delivery_day day
JOIN subscription ON subscription.round = day.round
WHERE day.id = ANY($1) AND subscription.status IN ('active', 'paused')
  AND (subscription.ends_on IS NULL OR day.delivery_on < subscription.ends_on)
  AND day.delivery_on >= subscription.first_delivery_on
  AND (day.delivery_on - subscription.first_delivery_on) % (7 * subscription.cadence_weeks) = 0
  AND EXISTS (SELECT FROM addon_order said WHERE said.subscription = subscription.id)
  AND NOT EXISTS (SELECT FROM skip WHERE skip.subscription = subscription.id AND skip.delivery_on = day.delivery_on)
  AND NOT EXISTS (SELECT FROM donation gift WHERE gift.subscription = subscription.id
                  AND gift.delivery_on = day.delivery_on)
"""


async def sheet_of(merchant_id: UUID, *, since: dt.date) -> list[SheetDay]:
    """Return a merchant's opened deliveries from a day on with what is ordered for each."""
    addons = (await addon_store.addons_of([merchant_id]))[merchant_id]
    async with connection() as c:
        days = await c.fetch(_DAYS, merchant_id, since)
        locked = [day["id"] for day in days if day["is_locked"]]
        fixed = await c.fetch(_FIXED, merchant_id, locked)
        due = await c.fetch(_DUE, [day["id"] for day in days if not day["is_locked"]])
    units: dict[UUID, Counter[UUID]] = defaultdict(Counter)
    for day_id, addon_id, n in fixed:
        units[day_id][addon_id] += n
    await _count_open(units, due, addons)
    return [_day(day, addons, units[day["id"]]) for day in days]


async def _count_open(
    units: dict[UUID, Counter[UUID]], due: Sequence[Sequence[Any]], addons: Iterable[Addon]
) -> None:
    orders = await addon_store.orders_of({row[2] for row in due})
    for day_id, on, subscription_id in due:
        for line in addon_lines(addons, orders[subscription_id], on):
            units[day_id][line.addon.id] += line.units


def _day(row: Mapping[str, Any], addons: Iterable[Addon], units: Mapping[UUID, int]) -> SheetDay:
    rule = RoundRule(
        row["weekday"], row["cutoff_days_before"], row["cutoff_minute"], row["pack_days_before"], row["timezone"]
    )  # fmt: skip
    on, cutoff_at = row["delivery_on"], pendulum.instance(row["cutoff_at"])
    closes = {each.id: closes_at(each.closing, rule, on, cutoff_at=cutoff_at) for each in addons}
    return SheetDay(on, row["name"], row["name_zh"], row["is_locked"], closes, units)
