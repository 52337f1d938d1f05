"""Trial boxes in PostgreSQL: what was agreed, which boxes are trial boxes, and whom to tell of the last one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from asyncpg import UniqueViolationError
from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from ripeday.kit.money import Money
from subscriptions.box_price import box_price
from subscriptions.lifecycle import CHANGEABLE, BoxStatus
from subscriptions.trial import TOLD_H, TrialOffer, price_of

if TYPE_CHECKING:
    from subscriptions.adapters.planning_store import DayToPlan, DueRow

_OPEN = ", ".join(repr(status.value) for status in CHANGEABLE)
_NEVER_CAME = ", ".join(
    repr(status.value)
    for status in (
        BoxStatus.DECLINED, BoxStatus.SHORT, BoxStatus.MISSED, BoxStatus.CANCELLED, BoxStatus.REFUNDED,
    )
)  # fmt: skip

USED = f"""
SELECT coalesce(sum(box.n_trial), 0)::int AS n, coalesce(bool_or(box.n_trial IS NULL), FALSE) AS is_over
FROM box WHERE box.subscription = trial.subscription AND box.status NOT IN ({_OPEN}, {_NEVER_CAME})
"""
"""Of a row of `trial`: how many trial boxes have closed and come, and whether a box at the usual price has."""

_RUNNING = f"""
SELECT trial.subscription, trial.price_minor, trial.n_boxes - used.n AS n_left
FROM trial CROSS JOIN LATERAL ({USED}) used
WHERE trial.begun_at IS NOT NULL AND trial.ended_at IS NULL AND NOT used.is_over
"""

# Of `subscription` and `day`: how many boxes come on open deliveries before that day.
_BEFORE = f"""
(SELECT coalesce(sum(1 + (SELECT count(*) FROM box_move move WHERE move.subscription = subscription.id
                          AND move.to_on = earlier.delivery_on)), 0)
 FROM delivery_day earlier
 WHERE earlier.round = subscription.round AND earlier.delivery_on < day.delivery_on AND earlier.locked_at IS NULL
   AND earlier.delivery_on >= subscription.first_delivery_on
   AND (earlier.delivery_on - subscription.first_delivery_on) % (7 * subscription.cadence_weeks) = 0
   AND NOT EXISTS (SELECT FROM skip WHERE skip.subscription = subscription.id
                   AND skip.delivery_on = earlier.delivery_on)
   AND NOT EXISTS (SELECT FROM box WHERE box.subscription = subscription.id AND box.delivery_day = earlier.id
                   AND box.status NOT IN ({_OPEN})))
"""
_TOGETHER = """
(1 + (SELECT count(*) FROM box_move move WHERE move.subscription = subscription.id AND move.to_on = day.delivery_on))
"""

_OF_DAY = f"""
SELECT running.subscription, running.price_minor, plan.cadence_weeks AS plan_weeks,
       {_TOGETHER}::int AS n_boxes, (running.n_left - {_BEFORE})::int AS n_left
FROM ({_RUNNING}) running
JOIN subscription ON subscription.id = running.subscription
JOIN box_plan plan ON plan.id = subscription.box_plan
JOIN delivery_day day ON day.id = $1 AND day.round = subscription.round
WHERE running.subscription = ANY($2)
"""


async def with_trials(day: "DayToPlan", rows: "Sequence[DueRow]") -> "list[DueRow]":
    """Return rows that cost the usual price as they cost with trials; the first boxes that come are trial boxes."""
    async with connection() as c:
        found = await c.fetch(_OF_DAY, day.id, [row.subscription_id for row in rows])
    trials = {each["subscription"]: each for each in found}
    return [
        _on_trial(row, trials[row.subscription_id], day.currency)
        if row.subscription_id in trials
        else row
        for row in rows
    ]


def _on_trial(row: "DueRow", trial: Mapping[str, Any], currency: str) -> "DueRow":
    n_boxes = trial["n_boxes"]
    n_trial = max(0, min(trial["n_left"], n_boxes))
    if not n_trial:
        return row
    one = Money(row.price_minor // n_boxes, currency)
    each = box_price(
        Money(trial["price_minor"], currency),
        plan_weeks=trial["plan_weeks"],
        weeks=row.cadence_weeks,
    )
    price = price_of(one, each, n_boxes=n_boxes, n_trial=n_trial)
    return replace(row, price_minor=price.minor, usual_minor=row.price_minor, n_trial=n_trial)


@dataclass(frozen=True, slots=True)
class BoxPrice:
    """What an open box costs, the tax in it, and what it would cost without its trial boxes."""

    box_id: UUID
    price: Money
    tax: Money
    usual: Money
    n_trial: int


async def save_prices(prices: Sequence[BoxPrice]) -> None:
    """Save what open boxes cost now that others come before them, or no longer do."""
    async with connection() as c:
        await c.execute(
            "UPDATE box SET price_minor = said.price, tax_minor = said.tax, n_trial = nullif(said.n, 0),"
            " usual_minor = CASE WHEN said.n > 0 THEN said.usual END"
            " FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::smallint[])"
            " AS said (box, price, tax, usual, n)"
            f" WHERE box.id = said.box AND box.status IN ({_OPEN})",
            [each.box_id for each in prices], [each.price.minor for each in prices],
            [each.tax.minor for each in prices], [each.usual.minor for each in prices],
            [each.n_trial for each in prices],
        )  # fmt: skip


async def agree(
    subscription_id: UUID, offer: TrialOffer, *, merchant_id: UUID, person_id: UUID, now: DateTime
) -> None:
    """Keep what was agreed with a subscription that waits for its card."""
    async with connection() as c:
        await c.execute(
            "INSERT INTO trial (id, merchant, person, subscription, n_boxes, price_minor, agreed_at)"
            " VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6)",
            merchant_id, person_id, subscription_id, offer.n_boxes, offer.price.minor, now,
        )  # fmt: skip


async def has_begun(merchant_id: UUID, person_id: UUID) -> bool:
    """Tell whether a person has had a trial at a merchant."""
    async with connection() as c:
        found: bool = await c.fetchval(
            "SELECT EXISTS (SELECT FROM trial WHERE merchant = $1 AND person = $2 AND begun_at IS NOT NULL)",
            merchant_id, person_id,
        )  # fmt: skip
    return found


async def begin(subscription_id: UUID, *, now: DateTime) -> bool:
    """Begin the trial of a subscription, if it has one; False when its person has begun another there."""
    try:
        async with connection() as c, c.transaction():
            await c.execute(
                "UPDATE trial SET begun_at = $2 WHERE subscription = $1 AND begun_at IS NULL",
                subscription_id, now,
            )  # fmt: skip
    except UniqueViolationError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class RunningTrial:
    """Whose trial it is, and whether they were told of its last box."""

    person_id: UUID
    is_told: bool


async def running(subscription_id: UUID) -> RunningTrial | None:
    """Return the trial of a subscription until it has ended."""
    async with connection() as c:
        row = await c.fetchrow(
            "SELECT person, told_at IS NOT NULL FROM trial"
            " WHERE subscription = $1 AND begun_at IS NOT NULL AND ended_at IS NULL",
            subscription_id,
        )
    return None if row is None else RunningTrial(row[0], row[1])


async def country_of(merchant_id: UUID) -> str:
    """Return where a merchant sells, for the tax in a price."""
    async with connection() as c:
        found: str = await c.fetchval("SELECT country FROM merchant WHERE id = $1", merchant_id)
    return found


async def note_told(subscription_id: UUID, *, now: DateTime) -> None:
    """Note that the mail before the last trial box is on its way."""
    async with connection() as c:
        await c.execute(
            "UPDATE trial SET told_at = $2 WHERE subscription = $1", subscription_id, now
        )


async def end(subscription_id: UUID, *, now: DateTime) -> None:
    """Note that a trial is over."""
    async with connection() as c:
        await c.execute(
            "UPDATE trial SET ended_at = $2 WHERE subscription = $1", subscription_id, now
        )


DUE_TO_SETTLE = f"""
SELECT trial.subscription::text
FROM trial
JOIN subscription ON subscription.id = trial.subscription
CROSS JOIN LATERAL ({USED}) used
WHERE trial.begun_at IS NOT NULL AND trial.ended_at IS NULL AND (
    used.is_over OR subscription.status = 'cancelled'
    OR EXISTS (
        SELECT FROM box JOIN delivery_day day ON day.id = box.delivery_day
        WHERE box.subscription = subscription.id AND box.status IN ({_OPEN})
          AND coalesce(box.n_trial, 0) <> greatest(0, least({_TOGETHER}, trial.n_boxes - used.n - {_BEFORE}))
    )
    OR trial.told_at IS NULL AND subscription.ends_on IS NULL AND (trial.n_boxes <= used.n OR EXISTS (
        SELECT FROM delivery_day day
        WHERE day.round = subscription.round AND day.locked_at IS NULL
          AND day.cutoff_at <= $1::timestamptz + interval '{TOLD_H} hours'
          AND day.delivery_on >= subscription.first_delivery_on
          AND (day.delivery_on - subscription.first_delivery_on) % (7 * subscription.cadence_weeks) = 0
          AND NOT EXISTS (SELECT FROM skip WHERE skip.subscription = subscription.id
                          AND skip.delivery_on = day.delivery_on)
          AND trial.n_boxes - used.n <= {_BEFORE} + {_TOGETHER}
    ))
)
"""
"""Trials that are over, that have boxes priced wrong, or whose people have to be told of the last one, by their
subscriptions; `$1` is the present instant."""
