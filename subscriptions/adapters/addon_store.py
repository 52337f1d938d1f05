"""What rides along in boxes, in PostgreSQL: offers, orders, and lines of locked boxes."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pendulum
from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from ripeday.kit.money import Money
from ripeday.kit.text import Named
from subscriptions.addon import (
    Addon,
    AddonLine,
    AddonOrder,
    Claim,
    Closing,
    OrderKind,
    Riding,
    addon_lines,
    price_of,
)
from subscriptions.tax import TaxClass, tax_rule

_ADDONS = """
SELECT addon.id, addon.merchant, addon.name, addon.name_zh, addon.price_minor, merchant.currency, addon.tax_class,
       addon.weight_g, addon.closes_days_before, addon.closes_minute, addon.day_limit, addon.last_on
FROM addon JOIN merchant ON merchant.id = addon.merchant
"""


def _addon(row: Mapping[str, Any]) -> Addon:
    return Addon(
        row["id"], row["name"], row["name_zh"], Money(row["price_minor"], row["currency"]),
        TaxClass(row["tax_class"]), row["weight_g"], Closing(row["closes_days_before"], row["closes_minute"]),
        row["day_limit"], row["last_on"],
    )  # fmt: skip


async def addons_of(merchant_ids: Collection[UUID]) -> dict[UUID, tuple[Addon, ...]]:
    """Return all that merchants offer or ever offered, in the order in which it was put in."""
    found: dict[UUID, list[Addon]] = defaultdict(list)
    async with connection() as c:
        rows = await c.fetch(
            _ADDONS + "WHERE addon.merchant = ANY($1) ORDER BY addon.added_at, addon.id",
            list(merchant_ids),
        )
    for row in rows:
        found[row["merchant"]].append(_addon(row))
    return {merchant: tuple(found[merchant]) for merchant in merchant_ids}


async def hold_addon(addon_id: UUID) -> Addon:
    """Return an add-on that nobody else can order or change until the unit of work ends."""
    async with connection() as c:
        row = await c.fetchrow(_ADDONS + "WHERE addon.id = $1 FOR NO KEY UPDATE OF addon", addon_id)
    return _addon(row)


@dataclass(frozen=True, slots=True)
class AddonTerms:
    """On what terms a merchant offers a thing; prices include tax."""

    name: str
    name_zh: str
    price_minor: int
    tax_class: TaxClass
    weight_g: int
    closing: Closing
    day_limit: int | None
    last_on: dt.date | None


def _values(terms: AddonTerms) -> tuple[object, ...]:
    closing = terms.closing
    return (
        terms.name, terms.name_zh, terms.price_minor, terms.tax_class.value, terms.weight_g, closing.days_before,
        closing.minute, terms.day_limit, terms.last_on,
    )  # fmt: skip


async def add(addon_id: UUID, merchant_id: UUID, terms: AddonTerms, *, now: DateTime) -> None:
    """Save a thing on offer."""
    async with connection() as c:
        await c.execute(
            "INSERT INTO addon (id, merchant, added_at, name, name_zh, price_minor, tax_class, weight_g,"
            " closes_days_before, closes_minute, day_limit, last_on)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            addon_id, merchant_id, now, *_values(terms),
        )  # fmt: skip


async def change(addon_id: UUID, terms: AddonTerms) -> None:
    """Save other terms of a thing that is held."""
    async with connection() as c:
        await c.execute(
            "UPDATE addon SET name = $2, name_zh = $3, price_minor = $4, tax_class = $5, weight_g = $6,"
            " closes_days_before = $7, closes_minute = $8, day_limit = $9, last_on = $10 WHERE id = $1",
            addon_id, *_values(terms),
        )  # fmt: skip


async def end(addon_id: UUID, last_on: dt.date) -> None:
    """Save the last day that a thing comes on."""
    async with connection() as c:
        await c.execute("UPDATE addon SET last_on = $2 WHERE id = $1", addon_id, last_on)


async def merchant_of(addon_id: UUID) -> UUID | None:
    """Return whose thing it is, None when there is none."""
    async with connection() as c:
        found: UUID | None = await c.fetchval("SELECT merchant FROM addon WHERE id = $1", addon_id)
    return found


async def orders_of(subscription_ids: Collection[UUID]) -> dict[UUID, tuple[AddonOrder, ...]]:
    """Return all that was said for subscriptions."""
    found: dict[UUID, list[AddonOrder]] = defaultdict(list)
    async with connection() as c:
        rows = await c.fetch(
            "SELECT subscription, addon, kind, from_on, units FROM addon_order WHERE subscription = ANY($1)",
            list(subscription_ids),
        )
    for row in rows:
        found[row[0]].append(AddonOrder(row[1], OrderKind(row[2]), row[3], row[4]))
    return {each: tuple(found[each]) for each in subscription_ids}


async def riding_of(merchants: Mapping[UUID, UUID]) -> dict[UUID, Riding]:
    """Return what may ride along with subscriptions, given with their merchants, and what was said of it."""
    addons, orders = await addons_of(set(merchants.values())), await orders_of(merchants)
    without = await _without_since([each for each in merchants if orders[each]])
    return {
        each: Riding(addons[merchant], orders[each], without[each])
        for each, merchant in merchants.items()
    }


_WITHOUT = """
SELECT subscription, delivery_on, skipped_at FROM skip WHERE subscription = ANY($1)
UNION ALL SELECT subscription, delivery_on, asked_at FROM donation WHERE subscription = ANY($1)
ORDER BY 3 DESC
"""


async def _without_since(
    subscription_ids: Sequence[UUID],
) -> Mapping[UUID, dict[dt.date, DateTime]]:
    """Return since when deliveries are done without, skipped or given away; the earlier of both."""
    found: dict[UUID, dict[dt.date, DateTime]] = defaultdict(dict)
    if subscription_ids:
        async with connection() as c:
            for row in await c.fetch(_WITHOUT, subscription_ids):
                found[row[0]][row[1]] = pendulum.instance(row[2])
    return found


_CLAIMS = """
SELECT said.subscription, round.weekday, said.kind, said.from_on, said.units FROM addon_order said
JOIN subscription ON subscription.id = said.subscription JOIN delivery_round round ON round.id = subscription.round
WHERE said.addon = $1 AND subscription.status <> 'cancelled' AND (said.kind = 'standing' OR said.from_on >= $2)
ORDER BY said.subscription
"""


async def claims_on(addon_id: UUID, *, since: dt.date) -> list[Claim]:
    """Return what subscriptions that have not ended keep of an add-on from a day on."""
    said: dict[tuple[UUID, int], list[AddonOrder]] = defaultdict(list)
    async with connection() as c:
        rows = await c.fetch(_CLAIMS, addon_id, since)
    for row in rows:
        order = AddonOrder(addon_id, OrderKind(row[2]), row[3], row[4])
        said[row[0], row[1]].append(order)
    return [Claim(subscription, day, tuple(orders)) for (subscription, day), orders in said.items()]


async def replace_orders(
    subscription_id: UUID,
    addon_id: UUID,
    orders: Sequence[AddonOrder],
    *,
    merchant_id: UUID,
    now: DateTime,
) -> None:
    """Have these stand of one thing, and nothing else; what stood before keeps the instant it was asked at."""
    kinds, days = [each.kind.value for each in orders], [each.from_on for each in orders]
    async with connection() as c:
        await c.execute(
            "DELETE FROM addon_order WHERE subscription = $1 AND addon = $2 AND (kind, from_on) NOT IN"
            " (SELECT * FROM unnest($3::text[], $4::date[]))",
            subscription_id, addon_id, kinds, days,
        )  # fmt: skip
        await c.execute(
            "INSERT INTO addon_order (id, merchant, subscription, addon, kind, from_on, units, asked_at)"
            " SELECT gen_random_uuid(), $1, $2, $3, said.kind, said.on_, said.units, $7"
            " FROM unnest($4::text[], $5::date[], $6::smallint[]) AS said (kind, on_, units)"
            " ON CONFLICT (subscription, addon, kind, from_on) DO UPDATE SET units = excluded.units, asked_at = $7"
            " WHERE addon_order.units <> excluded.units",
            merchant_id, subscription_id, addon_id, kinds, days, [each.units for each in orders], now,
        )  # fmt: skip


async def is_locked(round_id: UUID, on: dt.date) -> bool:
    """Tell whether the boxes of a day are locked; if not, they will not be until the unit of work ends."""
    async with connection() as c:
        locked_at = await c.fetchval(
            "SELECT locked_at FROM delivery_day WHERE round = $1 AND delivery_on = $2 FOR SHARE", round_id, on
        )  # fmt: skip
    return locked_at is not None


@dataclass(frozen=True, slots=True)
class BoxAddon:
    """A line of a box beside its fruit; `price` is that of all units, tax included."""

    called: Named
    units: int
    price: Money
    tax: Money


_OPEN = """
SELECT box.id, box.subscription, box.merchant, merchant.currency, merchant.country, day.delivery_on
FROM box JOIN merchant ON merchant.id = box.merchant JOIN delivery_day day ON day.id = box.delivery_day
WHERE {which}
  AND NOT EXISTS (SELECT FROM donation WHERE donation.subscription = box.subscription
                  AND donation.delivery_on = day.delivery_on)
"""
_FIXED = """
SELECT line.box, addon.name, addon.name_zh, line.units, line.price_minor, line.tax_minor, box.currency
FROM box_addon line JOIN addon ON addon.id = line.addon JOIN box ON box.id = line.box
WHERE line.box = ANY($1) ORDER BY addon.added_at, addon.id
"""


async def _ordered(boxes: Sequence[Mapping[str, Any]]) -> list[tuple[AddonLine, ...]]:
    """Return what was ordered beside boxes, rows of `_OPEN`."""
    orders = await orders_of({row["subscription"] for row in boxes})
    if not any(orders.values()):
        return [()] * len(boxes)
    addons = await addons_of({row["merchant"] for row in boxes})
    return [
        addon_lines(addons[row["merchant"]], orders[row["subscription"]], row["delivery_on"])
        for row in boxes
    ]


async def lines_of(box_ids: Collection[UUID]) -> dict[UUID, tuple[BoxAddon, ...]]:
    """Return what rides along in boxes: as it was fixed in locked ones, as it is ordered in others."""
    found = await fixed_lines(box_ids)
    async with connection() as c:
        is_open = "box.id = ANY($1) AND box.status IN ('proposed', 'edited')"
        boxes = await c.fetch(_OPEN.format(which=is_open), list(box_ids))
    for row, lines in zip(boxes, await _ordered(boxes), strict=True):
        found[row["id"]] += as_ordered(lines, row["country"])
    return found


async def fixed_lines(box_ids: Collection[UUID]) -> dict[UUID, tuple[BoxAddon, ...]]:
    """Return what rides along in boxes that are locked; nothing in others."""
    found: dict[UUID, tuple[BoxAddon, ...]] = dict.fromkeys(box_ids, ())
    async with connection() as c:
        rows = await c.fetch(_FIXED, list(box_ids))
    for row in rows:
        price, tax = Money(row[4], row[6]), Money(row[5], row[6])
        found[row[0]] += (BoxAddon(Named(row[1], row[2]), row[3], price, tax),)
    return found


def as_ordered(lines: Iterable[AddonLine], country: str) -> tuple[BoxAddon, ...]:
    """Return lines that are ordered as they will be in a box of a country."""
    rule = tax_rule(country)
    return tuple(
        BoxAddon(each.addon.called, each.units, each.price, each.tax(rule)) for each in lines
    )


_ADD_TO_PRICE = """
UPDATE box SET price_minor = price_minor + more.price, tax_minor = tax_minor + more.tax
FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS more (box, price, tax) WHERE box.id = more.box
"""


async def fix_in_boxes(delivery_day_id: UUID) -> int:
    """Make what was ordered beside the boxes of a day that was just locked their lines, and part of their prices.

    Call it once, in the unit of work that locks them; returns how many lines there are.
    """
    async with connection() as c:
        locked = "box.delivery_day = $1 AND box.status = 'locked'"
        boxes = await c.fetch(_OPEN.format(which=locked), delivery_day_id)
    records, prices = [], []
    for row, lines in zip(boxes, await _ordered(boxes), strict=True):
        if not lines:
            continue
        rule = tax_rule(row["country"])
        taxes = [each.tax(rule).minor for each in lines]
        for each, tax in zip(lines, taxes, strict=True):
            records.append(
                (row["merchant"], row["id"], each.addon.id, each.units, each.price.minor, tax)
            )
        prices.append((row["id"], price_of(lines, row["currency"]).minor, sum(taxes)))
    await _save_fixed(records, prices)
    return len(records)


async def _save_fixed(
    records: Sequence[tuple[UUID, UUID, UUID, int, int, int]],
    prices: Sequence[tuple[UUID, int, int]],
) -> None:
    if not records:
        return
    async with connection() as c:
        await c.execute(
            "INSERT INTO box_addon (id, merchant, box, addon, units, price_minor, tax_minor)"
            " SELECT gen_random_uuid(), line.* FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::smallint[],"
            " $5::bigint[], $6::bigint[]) AS line",
            *map(list, zip(*records, strict=True)),
        )
        await c.execute(_ADD_TO_PRICE, *map(list, zip(*prices, strict=True)))
