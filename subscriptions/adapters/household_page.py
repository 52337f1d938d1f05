"""What a person has subscribed to and when it comes, one query for each part of a page."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pendulum
from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from ripeday.kit.money import Money
from ripeday.kit.text import Message
from subscriptions.adapters.donation_store import IS_GIVEN
from subscriptions.adapters.trial_store import USED
from subscriptions.box_price import box_price
from subscriptions.lifecycle import Consent, PlanKind, SubscriptionStatus, Taste
from subscriptions.taste import WeekNevers
from subscriptions.trial import Trial
from subscriptions.trial_wording import left_words


@dataclass(frozen=True, slots=True)
class SubscriptionView:
    """A standing order as its household sees it."""

    id: UUID
    household_id: UUID
    merchant_name: str
    merchant_name_zh: str
    timezone: str
    country: str
    plan_name: str
    plan_name_zh: str
    kind: PlanKind
    portions_a_day: int
    stems_a_day: int
    price: Money
    cadence_weeks: int
    status: SubscriptionStatus
    weekday: int
    card_brand: str | None
    card_last4: str | None
    paused_until: dt.date | None
    ends_on: dt.date | None
    trial: Trial | None

    def plan_named(self, locale: str) -> str:
        """Return the plan's name as readers of a language know it."""
        return self.plan_name_zh if locale == "zh" else self.plan_name

    def merchant_named(self, locale: str) -> str:
        """Return the merchant's name as readers of a language know it."""
        return self.merchant_name_zh if locale == "zh" else self.merchant_name

    @property
    def trial_left(self) -> Message | None:
        """Say how many trial boxes are still to come, and what a box costs then; None when none is."""
        if self.trial is None or not self.trial.n_left:
            return None
        return left_words(self.trial, self.price)


_SUBSCRIPTIONS = f"""
SELECT subscription.id, subscription.household, merchant.name AS merchant, merchant.name_zh AS merchant_zh,
       merchant.timezone, merchant.country, merchant.currency, plan.name, plan.name_zh, plan.kind, plan.portions_a_day,
       plan.stems_a_day, plan.price_minor, plan.cadence_weeks AS plan_weeks, subscription.cadence_weeks,
       subscription.status, round.weekday, subscription.card_brand, subscription.card_last4,
       CASE WHEN subscription.status = 'paused' THEN pause.until_on END AS until_on,
       subscription.ends_on, trial.n_boxes, trial.price_minor AS trial_minor, used.n AS n_used, used.is_over
FROM subscription
JOIN household ON household.id = subscription.household
JOIN merchant ON merchant.id = subscription.merchant
JOIN box_plan plan ON plan.id = subscription.box_plan
JOIN delivery_round round ON round.id = subscription.round
LEFT JOIN pause ON pause.subscription = subscription.id AND pause.ended_at IS NULL
LEFT JOIN trial ON trial.subscription = subscription.id AND trial.begun_at IS NOT NULL AND trial.ended_at IS NULL
LEFT JOIN LATERAL ({USED}) used ON trial.id IS NOT NULL
WHERE household.person = $1 AND subscription.status IN ('active', 'paused')
ORDER BY plan.kind = 'flower', subscription.created_at, subscription.id
"""


async def subscriptions_of(person_id: UUID) -> list[SubscriptionView]:
    """Return a person's running subscriptions, those with fruit first."""
    async with connection() as c:
        rows = await c.fetch(_SUBSCRIPTIONS, person_id)
    return [_subscription(row) for row in rows]


def _subscription(row: Any) -> SubscriptionView:
    price = box_price(
        Money(row["price_minor"], row["currency"]),
        plan_weeks=row["plan_weeks"],
        weeks=row["cadence_weeks"],
    )
    return SubscriptionView(
        row["id"], row["household"], row["merchant"], row["merchant_zh"], row["timezone"], row["country"],
        row["name"], row["name_zh"], PlanKind(row["kind"]), row["portions_a_day"], row["stems_a_day"], price,
        row["cadence_weeks"], SubscriptionStatus(row["status"]), row["weekday"], row["card_brand"], row["card_last4"],
        row["until_on"], row["ends_on"], _trial(row),
    )  # fmt: skip


def _trial(row: Any) -> Trial | None:
    if row["n_boxes"] is None or row["is_over"]:
        return None
    price = box_price(
        Money(row["trial_minor"], row["currency"]),
        plan_weeks=row["plan_weeks"],
        weeks=row["cadence_weeks"],
    )
    return Trial(row["n_boxes"], price, row["n_used"])


@dataclass(frozen=True, slots=True)
class EndedOrder:
    """A standing order that has ended; nothing came of it from `ended_on` on."""

    id: UUID
    ended_on: dt.date
    merchant_slug: str
    merchant_name: str
    merchant_name_zh: str
    plan_name: str
    plan_name_zh: str

    def plan_named(self, locale: str) -> str:
        """Return the plan's name as readers of a language know it."""
        return self.plan_name_zh if locale == "zh" else self.plan_name

    def merchant_named(self, locale: str) -> str:
        """Return the merchant's name as readers of a language know it."""
        return self.merchant_name_zh if locale == "zh" else self.merchant_name


_ENDED = """
SELECT subscription.id,
       coalesce(subscription.ends_on, (subscription.cancelled_at AT TIME ZONE merchant.timezone)::date),
       merchant.slug, merchant.name, merchant.name_zh, plan.name, plan.name_zh
FROM subscription
JOIN household ON household.id = subscription.household
JOIN merchant ON merchant.id = subscription.merchant
JOIN box_plan plan ON plan.id = subscription.box_plan
WHERE household.person = $1 AND subscription.status = 'cancelled'
ORDER BY subscription.cancelled_at DESC, subscription.id LIMIT $2
"""


async def ended_of(person_id: UUID, *, limit: int = 3) -> list[EndedOrder]:
    """Return a person's subscriptions that ended last, the latest first."""
    async with connection() as c:
        return [EndedOrder(*row.values()) for row in await c.fetch(_ENDED, person_id, limit)]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery to come; `box_id` is absent until its box is planned."""

    subscription_id: UUID
    delivery_on: dt.date
    cutoff_at: DateTime
    timezone: str
    box_id: UUID | None


_DELIVERIES = """
SELECT subscription, delivery_on, cutoff_at, timezone, box FROM (
    SELECT subscription.id AS subscription, day.delivery_on, day.cutoff_at, merchant.timezone, box.id AS box,
           row_number() OVER (PARTITION BY subscription.id ORDER BY day.delivery_on) AS place
    FROM subscription
    JOIN household ON household.id = subscription.household
    JOIN merchant ON merchant.id = subscription.merchant
    JOIN delivery_day day ON day.round = subscription.round
    LEFT JOIN box ON box.subscription = subscription.id AND box.delivery_day = day.id
    WHERE household.person = $1 AND subscription.status IN ('active', 'paused')
      AND (subscription.ends_on IS NULL OR day.delivery_on < subscription.ends_on)
      AND day.delivery_on > ($2 AT TIME ZONE merchant.timezone)::date
      AND (day.delivery_on >= subscription.first_delivery_on
           AND (day.delivery_on - subscription.first_delivery_on) % (7 * subscription.cadence_weeks) = 0
           OR day.delivery_on < subscription.first_delivery_on AND box.id IS NOT NULL)  -- of an earlier rhythm
      AND NOT EXISTS (SELECT FROM skip WHERE skip.subscription = subscription.id
                      AND skip.delivery_on = day.delivery_on)
      AND NOT EXISTS (SELECT FROM donation WHERE donation.subscription = subscription.id
                      AND donation.delivery_on = day.delivery_on)
      AND CASE WHEN box.id IS NULL THEN day.locked_at IS NULL AND day.cutoff_at > $2
               ELSE box.status NOT IN ('declined', 'short', 'missed', 'cancelled', 'refunded') END
) coming WHERE place <= $3 ORDER BY delivery_on, subscription
"""


async def deliveries_of(person_id: UUID, *, now: DateTime, each: int = 4) -> list[Delivery]:
    """Return the next deliveries after today that bring a box to its household, at most `each` of a subscription."""
    async with connection() as c:
        rows = await c.fetch(_DELIVERIES, person_id, now, each)
    return [Delivery(r[0], r[1], pendulum.instance(r[2]), r[3], r[4]) for r in rows]


@dataclass(frozen=True, slots=True)
class HouseholdView:
    """Who eats, in what kitchen, and where the box goes."""

    id: UUID
    merchant_id: UUID
    country: str
    name: str
    n_people: int
    room_class: int
    has_fridge: bool
    street: str
    city: str
    postcode: str
    phone: str | None
    delivery_note: str | None
    food_note: str | None
    consent: Consent
    tastes: dict[str, Taste]
    never_families: frozenset[str]
    week_nevers: dict[dt.date, WeekNevers]


_HOUSEHOLDS = """
SELECT household.id, household.merchant, merchant.country, household.name, n_people, room_class, has_fridge, street,
       city, postcode, phone, delivery_note, food_note, consent
FROM household JOIN merchant ON merchant.id = household.merchant
WHERE household.person = $1 AND EXISTS (
    SELECT FROM subscription WHERE subscription.household = household.id AND status IN ('active', 'paused')
) ORDER BY household.created_at, household.id
"""


async def households_of(person_id: UUID) -> list[HouseholdView]:
    """Return a person's households that get boxes, each with its tastes."""
    async with connection() as c:
        rows = await c.fetch(_HOUSEHOLDS, person_id)
        ids = [row["id"] for row in rows]
        tastes = await c.fetch(
            "SELECT household, produce, family, taste FROM household_taste WHERE household = ANY($1)",
            ids,
        )
        week = await c.fetch(
            "SELECT household, delivery_on, array_agg(produce) FILTER (WHERE produce IS NOT NULL),"
            " array_agg(family) FILTER (WHERE family IS NOT NULL)"
            " FROM week_never WHERE household = ANY($1) GROUP BY household, delivery_on ORDER BY delivery_on",
            ids,
        )  # fmt: skip
    said: dict[UUID, dict[str, Taste]] = defaultdict(dict)
    families: dict[UUID, set[str]] = defaultdict(set)
    weeks: dict[UUID, dict[dt.date, WeekNevers]] = defaultdict(dict)
    for row in tastes:
        if row["produce"] is not None:
            said[row["household"]][row["produce"]] = Taste(row["taste"])
        elif row["taste"] == Taste.NEVER:
            families[row["household"]].add(row["family"])
    for household, on, produce, never in week:
        weeks[household][on] = WeekNevers(frozenset(produce or ()), frozenset(never or ()))
    return [_household(row, said[row["id"]], families[row["id"]], weeks[row["id"]]) for row in rows]


def _household(
    row: Any, tastes: dict[str, Taste], families: set[str], weeks: dict[dt.date, WeekNevers]
) -> HouseholdView:
    values = [*list(row)[:-1], Consent(row["consent"]), tastes, frozenset(families), weeks]
    return HouseholdView(*values)


_OPEN_DAYS = """
SELECT DISTINCT ON (subscription.id) subscription.household, day.delivery_on
FROM subscription
JOIN household ON household.id = subscription.household
JOIN delivery_day day ON day.round = subscription.round
LEFT JOIN box ON box.subscription = subscription.id AND box.delivery_day = day.id
WHERE household.person = $1 AND subscription.status = 'active'
  AND day.locked_at IS NULL AND day.cutoff_at > $2 AND day.delivery_on >= subscription.first_delivery_on
  AND (day.delivery_on - subscription.first_delivery_on) % (7 * subscription.cadence_weeks) = 0
  AND NOT EXISTS (SELECT FROM skip WHERE skip.subscription = subscription.id AND skip.delivery_on = day.delivery_on)
  AND NOT EXISTS (SELECT FROM donation WHERE donation.subscription = subscription.id
                  AND donation.delivery_on = day.delivery_on)
  AND (box.id IS NULL OR box.status IN ('proposed', 'edited'))
ORDER BY subscription.id, day.delivery_on
"""


async def open_days_of(person_id: UUID, *, now: DateTime) -> dict[UUID, list[dt.date]]:
    """Return, by household, the day of each subscription's next box that may still change, earliest first."""
    async with connection() as c:
        rows = await c.fetch(_OPEN_DAYS, person_id, now)
    found: dict[UUID, set[dt.date]] = defaultdict(set)
    for household, on in rows:
        found[household].add(on)
    return {household: sorted(days) for household, days in found.items()}


@dataclass(frozen=True, slots=True)
class OwnLine:
    """Produce that a household never wants, in a box that it has changed itself and may still change."""

    box_id: UUID
    household_id: UUID
    delivery_on: dt.date
    produce: tuple[str, ...]


_OWN = f"""
SELECT box.id, box.household, day.delivery_on, array_agg(DISTINCT line.produce ORDER BY line.produce)
FROM box
JOIN household ON household.id = box.household
JOIN delivery_day day ON day.id = box.delivery_day
JOIN box_line line ON line.box = box.id
JOIN produce ON produce.key = line.produce
WHERE household.person = $1 AND box.status = 'edited' AND day.locked_at IS NULL AND day.cutoff_at > $2
  AND NOT {IS_GIVEN}
  AND (EXISTS (SELECT FROM household_taste said WHERE said.household = box.household AND said.taste = 'never'
               AND (said.produce = line.produce OR said.family = produce.family))
    OR EXISTS (SELECT FROM week_never said WHERE said.household = box.household
               AND said.delivery_on = day.delivery_on
               AND (said.produce = line.produce OR said.family = produce.family)))
GROUP BY box.id, box.household, day.delivery_on ORDER BY day.delivery_on, box.id
"""


async def unwanted_by_own_hand(person_id: UUID, *, now: DateTime) -> list[OwnLine]:
    """Return boxes that a person has changed and that still hold what the household never wants."""
    async with connection() as c:
        rows = await c.fetch(_OWN, person_id, now)
    return [OwnLine(row[0], row[1], row[2], tuple(row[3])) for row in rows]
