"""Standing orders and what their people do with deliveries, in PostgreSQL."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID, uuid4

import pendulum
from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from ripeday.kit.money import Money
from subscriptions.adapters import addon_store, donation_store
from subscriptions.adapters.trial_store import USED
from subscriptions.allowance import GENEROUS, DeliveryRule
from subscriptions.box_price import box_price
from subscriptions.cutoff import RoundRule
from subscriptions.lifecycle import BoxStatus, PlanKind, SubscriptionStatus
from subscriptions.order import DayBox, OpenPause, Order, OrderBook
from subscriptions.trial import Trial

_ORDERS = f"""
SELECT subscription.id, subscription.merchant, round.depot, round.id AS round, subscription.household,
       subscription.status, subscription.cadence_weeks, subscription.first_delivery_on, subscription.ends_on,
       plan.kind, plan.portions_a_day, plan.stems_a_day, plan.price_minor, plan.cadence_weeks AS plan_weeks,
       plan.name AS plan_name, plan.name_zh AS plan_name_zh, merchant.name, merchant.name_zh, merchant.currency,
       rule.n_skips, rule.n_in_a_row, rule.notice_days,
       round.weekday, round.cutoff_days_before, round.cutoff_minute, round.pack_days_before, merchant.timezone,
       ARRAY(SELECT starts_on FROM catalog WHERE catalog.merchant = merchant.id
             UNION SELECT ends_on FROM catalog WHERE catalog.merchant = merchant.id) AS edges,
       pause.id AS pause, pause.from_on, pause.until_on,
       EXISTS (SELECT FROM stop WHERE stop.round = round.id AND stop.kind = 'food_bank' AND stop.is_open) AS has_bank,
       trial.n_boxes AS trial_boxes, trial.price_minor AS trial_minor, used.n AS n_trial_used, used.is_over
FROM subscription
JOIN household ON household.id = subscription.household
JOIN delivery_round round ON round.id = subscription.round
JOIN merchant ON merchant.id = subscription.merchant
JOIN box_plan plan ON plan.id = subscription.box_plan
LEFT JOIN delivery_rule rule ON rule.merchant = merchant.id
LEFT JOIN pause ON pause.subscription = subscription.id AND pause.ended_at IS NULL
LEFT JOIN trial ON trial.subscription = subscription.id AND trial.begun_at IS NOT NULL AND trial.ended_at IS NULL
LEFT JOIN LATERAL ({USED}) used ON trial.id IS NOT NULL
WHERE subscription.status <> 'pending' AND household.person = $1 AND ($2::uuid IS NULL OR subscription.id = $2)
ORDER BY plan.kind = 'flower', subscription.created_at, subscription.id
"""
_BOXES = """
SELECT subscription.id AS subscription, day.id, day.delivery_on, day.cutoff_at, day.locked_at IS NOT NULL,
       day.planned_at IS NOT NULL, box.id, box.status,
       CASE WHEN box.status IN ('paid', 'waived') THEN coalesce(shipment.status, box.status) ELSE box.status END,
       box.horizon_days, box.price_minor, box.currency, box.usual_minor, coalesce(box.n_trial, 0),
       ARRAY(SELECT line.produce FROM box_line line WHERE line.box = box.id
             GROUP BY line.produce ORDER BY min(line.ready_day), line.produce)
FROM subscription
JOIN delivery_day day ON day.round = subscription.round AND day.delivery_on >= $2
LEFT JOIN box ON box.subscription = subscription.id AND box.delivery_day = day.id
LEFT JOIN shipment ON shipment.box = box.id
WHERE subscription.id = ANY($1)
"""
_SKIPS = """
SELECT skip.subscription, skip.delivery_on, skip.pause, move.to_on FROM skip
LEFT JOIN box_move move ON move.subscription = skip.subscription AND move.from_on = skip.delivery_on
WHERE skip.subscription = ANY($1)
"""


async def order_books(
    person_id: UUID, *, now: DateTime, subscription_id: UUID | None = None
) -> list[OrderBook]:
    """Return a person's orders with their deliveries, or the one of them that is named; six queries."""
    async with connection() as c:
        orders = await c.fetch(_ORDERS, person_id, subscription_id)
        ids = [row["id"] for row in orders]
        since = (now - dt.timedelta(days=1)).date()
        days = await c.fetch(_BOXES, ids, since)
        skips = await c.fetch(_SKIPS, ids)
    gifts = await donation_store.gifts_of(ids)
    riding = await addon_store.riding_of({row["id"]: row["merchant"] for row in orders})
    boxes: dict[UUID, dict[dt.date, DayBox]] = defaultdict(dict)
    for row in days:
        boxes[row[0]][row[2]] = _day_box(row)
    skipped: dict[UUID, dict[dt.date, UUID | None]] = defaultdict(dict)
    moves: dict[UUID, dict[dt.date, dt.date]] = defaultdict(dict)
    for row in skips:
        skipped[row[0]][row[1]] = row[2]
        if row[3] is not None:
            moves[row[0]][row[1]] = row[3]
    return [
        OrderBook(
            _order(row),
            boxes[id_],
            skipped[id_],
            _pause(row),
            moves[id_],
            gifts[id_],
            riding[id_],
            row["has_bank"],
        )
        for row in orders
        for id_ in (row["id"],)
    ]


async def hold(subscription_id: UUID) -> None:
    """Hold a subscription until the unit of work ends."""
    async with connection() as c:
        await c.execute("SELECT FROM subscription WHERE id = $1 FOR NO KEY UPDATE", subscription_id)


def _order(row: Any) -> Order:
    price = box_price(
        Money(row["price_minor"], row["currency"]),
        plan_weeks=row["plan_weeks"],
        weeks=row["cadence_weeks"],
    )
    lets = GENEROUS
    if row["n_skips"] is not None:
        lets = DeliveryRule(row["n_skips"], row["n_in_a_row"], row["notice_days"])
    rule = RoundRule(
        row["weekday"], row["cutoff_days_before"], row["cutoff_minute"], row["pack_days_before"], row["timezone"]
    )  # fmt: skip
    return Order(
        row["id"], row["merchant"], row["depot"], row["round"], row["household"], SubscriptionStatus(row["status"]),
        PlanKind(row["kind"]), row["portions_a_day"], row["stems_a_day"], row["cadence_weeks"],
        row["first_delivery_on"], row["ends_on"], price, rule, lets, tuple(row["edges"]), row["name"], row["name_zh"],
        row["plan_name"], row["plan_name_zh"], _trial(row),
    )  # fmt: skip


def _trial(row: Any) -> Trial | None:
    if row["trial_boxes"] is None or row["is_over"]:
        return None
    price = box_price(
        Money(row["trial_minor"], row["currency"]),
        plan_weeks=row["plan_weeks"],
        weeks=row["cadence_weeks"],
    )
    return Trial(row["trial_boxes"], price, row["n_trial_used"])


def _day_box(row: Sequence[Any]) -> DayBox:
    has_box = row[6] is not None
    return DayBox(
        row[1], row[2], pendulum.instance(row[3]), row[4], row[5], row[6],
        BoxStatus(row[7]) if has_box else None, row[8] or "", row[9],
        Money(row[10], row[11]) if has_box else None, tuple(row[14]),
        None if row[12] is None else Money(row[12], row[11]), row[13] if has_box else 0,
    )  # fmt: skip


def _pause(row: Any) -> OpenPause | None:
    return (
        None if row["pause"] is None else OpenPause(row["pause"], row["from_on"], row["until_on"])
    )


async def skip(
    order: Order, days: Collection[dt.date], *, pause_id: UUID | None = None, now: DateTime
) -> int:
    """Save that an order does without the deliveries of some days; returns how many are new."""
    async with connection() as c:
        done = await c.execute(
            "INSERT INTO skip (id, merchant, subscription, delivery_on, skipped_at, pause)"
            " SELECT gen_random_uuid(), $1, $2, day, $4, $5 FROM unnest($3::date[]) AS day"
            " ON CONFLICT (subscription, delivery_on) DO NOTHING",
            order.merchant_id, order.id, list(days), now, pause_id,
        )  # fmt: skip
    return int(done.split()[-1])


async def take_back(order: Order, days: Collection[dt.date]) -> int:
    """Have the deliveries of some days after all; returns how many were skipped."""
    async with connection() as c:
        done = await c.execute(
            "DELETE FROM skip WHERE subscription = $1 AND delivery_on = ANY($2)", order.id, list(days)
        )  # fmt: skip
    return int(done.split()[-1])


async def move(order: Order, from_on: dt.date, to_on: dt.date, *, now: DateTime) -> None:
    """Save that the box of a day comes together with the one of another; its own day is to be skipped besides."""
    async with connection() as c:
        await c.execute(
            "INSERT INTO box_move (id, merchant, subscription, from_on, to_on, asked_at)"
            " VALUES (gen_random_uuid(), $1, $2, $3, $4, $5)",
            order.merchant_id, order.id, from_on, to_on, now,
        )  # fmt: skip


async def unmove(order: Order, from_on: dt.date) -> None:
    """Have the box of a day come by itself again."""
    async with connection() as c:
        await c.execute(
            "DELETE FROM box_move WHERE subscription = $1 AND from_on = $2", order.id, from_on
        )


async def drop_boxes(box_ids: Collection[UUID]) -> None:
    """Take back boxes that may still change, with their lines."""
    async with connection() as c:
        await c.execute(
            "DELETE FROM box WHERE id = ANY($1) AND status IN ('proposed', 'edited')", list(box_ids)
        )


async def set_status(subscription_id: UUID, status: SubscriptionStatus) -> None:
    """Move a subscription between active and paused."""
    async with connection() as c:
        await c.execute(
            "UPDATE subscription SET status = $2 WHERE id = $1", subscription_id, status.value
        )


async def begin_pause(order: Order, *, from_on: dt.date, until_on: dt.date, now: DateTime) -> UUID:
    """Save a pause; returns its id."""
    pause_id = uuid4()
    async with connection() as c:
        await c.execute(
            "INSERT INTO pause (id, merchant, subscription, from_on, until_on, asked_at)"
            " VALUES ($1, $2, $3, $4, $5, $6)",
            pause_id, order.merchant_id, order.id, from_on, until_on, now,
        )  # fmt: skip
    return pause_id


async def end_pause(pause_id: UUID, *, now: DateTime) -> None:
    """Note that a pause has ended."""
    async with connection() as c:
        await c.execute("UPDATE pause SET ended_at = $2 WHERE id = $1", pause_id, now)


async def owner_of_pause(pause_id: UUID) -> tuple[UUID, UUID] | None:
    """Return whose pause it is (person, subscription), None when it has ended."""
    async with connection() as c:
        row = await c.fetchrow(
            "SELECT household.person, subscription.id FROM pause"
            " JOIN subscription ON subscription.id = pause.subscription"
            " JOIN household ON household.id = subscription.household"
            " WHERE pause.id = $1 AND pause.ended_at IS NULL",
            pause_id,
        )
    return None if row is None else (row[0], row[1])


DUE_TO_TURN = """
SELECT pause.id::text FROM pause
JOIN subscription ON subscription.id = pause.subscription JOIN merchant ON merchant.id = pause.merchant
WHERE pause.ended_at IS NULL
  AND (pause.until_on <= ($1 AT TIME ZONE merchant.timezone)::date
       OR subscription.status = 'active' AND pause.from_on <= ($1 AT TIME ZONE merchant.timezone)::date)
"""
"""Which pauses begin or end; `$1` is the present instant, the answer is business keys."""
