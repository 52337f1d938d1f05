"""What mails need to know, one query a mail."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pendulum
from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from ripeday.kit.money import Money
from subscriptions.box_price import box_price
from subscriptions.role import Role
from subscriptions.trial import TrialOffer
from subscriptions.trial_wording import TrialTerms, trial_terms


@dataclass(frozen=True, slots=True)
class Reader:
    """Who a mail goes to. `locale` is their own wish, else their merchant's language."""

    person_id: UUID
    email: str
    locale: str


def _reader(row: Any) -> Reader:
    return Reader(row["person"], row["email"], row["locale"])


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a box with the chances that its reading needs."""

    produce: str
    units: int
    mode: int
    move_day: int | None
    eat: list[int]
    chance: list[float]
    best: list[float]


@dataclass(frozen=True, slots=True)
class BoxToTell:
    """A box, its reader, its lines, and where it stands; `number` is that of the parcel once it has one.

    `credit` is what its last charge took from the household's account; while it is open, what is there now.
    """

    reader: Reader
    merchant: str
    merchant_zh: str
    delivery_on: dt.date
    pack_on: dt.date
    next_on: dt.date
    price: Money
    credit: Money
    card_last4: str
    status_note: str | None
    is_open: bool
    cutoff_at: DateTime
    timezone: str
    number: str | None
    horizon_days: int
    given_to: str | None
    given_to_zh: str
    lines: tuple[Line, ...]


_BOX = """
SELECT person.id AS person, person.email, coalesce(person.locale, merchant.locale) AS locale, merchant.name,
       merchant.name_zh, delivery_day.delivery_on, delivery_day.pack_on,
       CASE WHEN delivery_day.delivery_on < subscription.first_delivery_on  -- of an earlier rhythm
            THEN subscription.first_delivery_on
            ELSE delivery_day.delivery_on + 7 * subscription.cadence_weeks END AS next_on,
       box.status IN ('proposed', 'edited') AS is_open, delivery_day.cutoff_at, merchant.timezone,
       shipment.tracking, box.horizon_days, box.price_minor, coalesce(CASE
           WHEN box.status IN ('proposed', 'edited') THEN (
               SELECT greatest(0, -sum(amount_minor))::bigint FROM ledger_entry entry
               WHERE entry.household = household.id AND entry.account = 'credit' AND entry.currency = box.currency)
           ELSE (SELECT charge.credit_minor FROM charge WHERE charge.box = box.id ORDER BY attempt DESC LIMIT 1)
       END, 0) AS credit_minor, box.currency, box.status_note,
       coalesce(subscription.card_last4, '····') AS card_last4,
       bank.name AS given_to, coalesce(bank.name_zh, '') AS given_to_zh,
       (SELECT coalesce(json_agg(json_build_object(
                   'produce', line.produce, 'units', line.units, 'mode', line.mode, 'move_day', line.move_day,
                   'eat', line.eat, 'chance', line.chance_fraction, 'best', line.best_fraction
               ) ORDER BY line.ready_day, line.produce, line.lot), '[]')
        FROM box_line line WHERE line.box = box.id)::text AS lines
FROM box
JOIN subscription ON subscription.id = box.subscription
JOIN household ON household.id = box.household
JOIN person ON person.id = household.person
JOIN merchant ON merchant.id = box.merchant
JOIN delivery_day ON delivery_day.id = box.delivery_day
LEFT JOIN shipment ON shipment.box = box.id
LEFT JOIN donation ON donation.subscription = box.subscription AND donation.delivery_on = delivery_day.delivery_on
LEFT JOIN stop bank ON bank.id = donation.stop
WHERE box.id = $1
"""


async def box_to_tell(box_id: UUID) -> BoxToTell | None:
    """Return what a mail about a box needs."""
    async with connection() as c:
        row = await c.fetchrow(_BOX, box_id)
    if row is None:
        return None
    return BoxToTell(
        _reader(row), row["name"], row["name_zh"], row["delivery_on"], row["pack_on"], row["next_on"],
        Money(row["price_minor"], row["currency"]), Money(row["credit_minor"], row["currency"]),
        row["card_last4"], row["status_note"], row["is_open"],
        pendulum.instance(row["cutoff_at"]), row["timezone"], row["tracking"], row["horizon_days"],
        row["given_to"], row["given_to_zh"], tuple(Line(**line) for line in json.loads(row["lines"])),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SubscriptionToTell:
    """A new subscription, its reader, what its first box costs, and the round whose rule gives the cut-off."""

    reader: Reader
    merchant: str
    merchant_zh: str
    plan: str
    plan_zh: str
    price: Money
    card_last4: str
    cadence_weeks: int
    first_on: dt.date
    round_id: UUID
    trial: TrialTerms | None


_SUBSCRIPTION = """
SELECT person.id AS person, person.email, coalesce(person.locale, merchant.locale) AS locale, merchant.name,
       merchant.name_zh, box_plan.name AS plan, box_plan.name_zh AS plan_zh, box_plan.price_minor, merchant.currency,
       coalesce(subscription.card_last4, '····') AS card_last4, subscription.cadence_weeks,
       subscription.first_delivery_on, subscription.round, box_plan.cadence_weeks AS plan_weeks,
       trial.n_boxes, trial.price_minor AS trial_minor
FROM subscription
JOIN box_plan ON box_plan.id = subscription.box_plan
JOIN household ON household.id = subscription.household
JOIN person ON person.id = household.person
JOIN merchant ON merchant.id = subscription.merchant
LEFT JOIN trial ON trial.subscription = subscription.id
WHERE subscription.id = $1
"""


async def subscription_to_tell(subscription_id: UUID) -> SubscriptionToTell | None:
    """Return what a mail about a new subscription needs."""
    async with connection() as c:
        row = await c.fetchrow(_SUBSCRIPTION, subscription_id)
    if row is None:
        return None
    plan_weeks, weeks = row["plan_weeks"], row["cadence_weeks"]
    usual, first_on = Money(row["price_minor"], row["currency"]), row["first_delivery_on"]
    terms = None
    if row["n_boxes"] is not None:
        offer = TrialOffer(row["n_boxes"], Money(row["trial_minor"], row["currency"]))
        terms = trial_terms(offer, usual, plan_weeks=plan_weeks, weeks=weeks, first_on=first_on)
    price = terms.price if terms else box_price(usual, plan_weeks=plan_weeks, weeks=weeks)
    return SubscriptionToTell(
        _reader(row), row["name"], row["name_zh"], row["plan"], row["plan_zh"], price, row["card_last4"], weeks,
        first_on, row["round"], terms,
    )  # fmt: skip


async def reader_of(person_id: UUID, merchant_id: UUID) -> Reader | None:
    """Return a person as the reader of a merchant's mail; None when they may not come in any more."""
    sql = """
    SELECT person.id AS person, person.email, coalesce(person.locale, merchant.locale) AS locale
    FROM person JOIN merchant ON merchant.id = $2 WHERE person.id = $1 AND person.disabled_at IS NULL
    """
    async with connection() as c:
        row = await c.fetchrow(sql, person_id, merchant_id)
    return None if row is None else _reader(row)


@dataclass(frozen=True, slots=True)
class RecallToTell:
    """A lot that must not be eaten, and what one box had of it; day 0 of `eat` is the delivery day."""

    reader: Reader
    merchant: str
    merchant_zh: str
    timezone: str
    code: str
    produce: str
    delivery_on: dt.date
    eat: list[int]


_RECALL = """
SELECT person.id AS person, person.email, coalesce(person.locale, merchant.locale) AS locale, merchant.name,
       merchant.name_zh, merchant.timezone, lot.code, line.produce, day.delivery_on, line.eat
FROM box_line line
JOIN lot ON lot.id = line.lot AND lot.status = 'recalled'
JOIN box ON box.id = line.box
JOIN delivery_day day ON day.id = box.delivery_day
JOIN household ON household.id = box.household
JOIN person ON person.id = household.person
JOIN merchant ON merchant.id = box.merchant
WHERE line.box = $1 AND line.lot = $2
"""


async def recall_to_tell(box_id: UUID, lot_id: UUID) -> RecallToTell | None:
    """Return what a mail about a recalled lot needs; lines of one box that hold it count together."""
    async with connection() as c:
        rows = await c.fetch(_RECALL, box_id, lot_id)
    if not rows:
        return None
    row = rows[0]
    eat = [sum(portions) for portions in zip(*(each["eat"] for each in rows), strict=False)]
    return RecallToTell(
        _reader(row), row["name"], row["name_zh"], row["timezone"], row["code"], row["produce"], row["delivery_on"],
        eat,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class LinkToTell:
    """Who asked for a link."""

    person_id: UUID
    reader: Reader


_PERSON = """
SELECT person.id AS person, person.email,
       coalesce(person.locale, (
           SELECT merchant.locale FROM role_grant JOIN merchant ON merchant.id = role_grant.merchant
           WHERE role_grant.person = person.id ORDER BY role_grant.granted_at LIMIT 1
       ), 'en') AS locale
FROM person WHERE person.email = $1 AND person.disabled_at IS NULL
"""


async def person_to_tell(email: str) -> LinkToTell | None:
    """Return the person who has this address and may come in."""
    async with connection() as c:
        row = await c.fetchrow(_PERSON, email)
    return None if row is None else LinkToTell(row["person"], _reader(row))


@dataclass(frozen=True, slots=True)
class InvitationToTell:
    """An open invitation."""

    reader: Reader
    merchant: str
    merchant_zh: str
    inviter: str
    role: Role


_INVITATION = """
SELECT person.id AS person, person.email, coalesce(person.locale, merchant.locale) AS locale, merchant.name,
       merchant.name_zh, inviter.name AS inviter, token.role
FROM sign_in_token token
JOIN person ON person.id = token.person
JOIN person inviter ON inviter.id = token.invited_by
JOIN merchant ON merchant.id = token.merchant
WHERE token.id = $1 AND token.purpose = 'invite' AND token.used_at IS NULL AND token.expires_at > $2
      AND person.disabled_at IS NULL
"""


async def invitation_to_tell(token_id: UUID, *, now: DateTime) -> InvitationToTell | None:
    """Return an invitation that can still be answered."""
    async with connection() as c:
        row: Any = await c.fetchrow(_INVITATION, token_id, now)
    if row is None:
        return None
    return InvitationToTell(
        _reader(row), row["name"], row["name_zh"], row["inviter"], Role(row["role"])
    )  # fmt: skip
