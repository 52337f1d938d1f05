"""Subscriptions from the first form to the saved card, in PostgreSQL."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from pendulum import DateTime

from ripeday.kit.adapters.engine import connection
from ripeday.kit.money import Money
from subscriptions.lifecycle import PlanKind, SubscriptionStatus, Taste
from subscriptions.ports import SavedCard
from subscriptions.trial import TrialOffer


@dataclass(frozen=True, slots=True)
class PlanOnSale:
    """A box plan as a visitor sees it."""

    id: UUID
    merchant_id: UUID
    name: str
    name_zh: str
    kind: PlanKind
    portions_a_day: int
    stems_a_day: int
    cadence_weeks: int
    price_minor: int
    trial_boxes: int | None
    trial_minor: int | None

    def trial(self, currency: str) -> TrialOffer | None:
        """Return the trial that it is offered with, if one is."""
        if self.trial_boxes is None or self.trial_minor is None:
            return None
        return TrialOffer(self.trial_boxes, Money(self.trial_minor, currency))


_PLANS = """
SELECT id, merchant, name, name_zh, kind, portions_a_day, stems_a_day, cadence_weeks, price_minor,
       trial_boxes, trial_price_minor
FROM box_plan WHERE merchant = $1 AND is_open ORDER BY kind, portions_a_day, stems_a_day, price_minor
"""


async def plans_on_sale(merchant_id: UUID) -> list[PlanOnSale]:
    """Return the box plans a merchant sells now."""
    async with connection() as c:
        rows = await c.fetch(_PLANS, merchant_id)
    return [PlanOnSale(r[0], r[1], r[2], r[3], PlanKind(r[4]), *tuple(r)[5:]) for r in rows]


@dataclass(frozen=True, slots=True)
class HouseholdToSave:
    """Who eats, in what kitchen, and where the box goes."""

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
    tastes: Mapping[str, Taste]
    never_families: frozenset[str]


async def person_by_email(email: str) -> UUID | None:
    """Return the person with that address (lower case)."""
    async with connection() as c:
        found: UUID | None = await c.fetchval("SELECT id FROM person WHERE email = $1", email)
    return found


async def save_person(*, email: str, name: str, locale: str, now: DateTime) -> UUID:
    """Save a new person who signs in by mailed link."""
    async with connection() as c:
        made: UUID = await c.fetchval(
            "INSERT INTO person (id, email, name, locale, session_epoch, created_at)"
            " VALUES (gen_random_uuid(), $1, $2, $3, 1, $4) RETURNING id",
            email, name, locale, now,
        )  # fmt: skip
    return made


async def grant_customer(person_id: UUID, merchant_id: UUID, *, now: DateTime) -> None:
    """Make the person a customer of the merchant; doing it again changes nothing."""
    async with connection() as c:
        await c.execute(
            "INSERT INTO role_grant (id, person, role, merchant, granted_at)"
            " VALUES (gen_random_uuid(), $1, 'customer', $2, $3) ON CONFLICT DO NOTHING",
            person_id, merchant_id, now,
        )  # fmt: skip


_HOUSEHOLD = """
INSERT INTO household (id, merchant, person, name, n_people, room_class, has_fridge, street, city, postcode, phone,
                       delivery_note, food_note, consent, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'best', $14)
"""
_TASTE = """
INSERT INTO household_taste (id, merchant, household, produce, family, taste)
VALUES (gen_random_uuid(), $1, $2, $3, $4, $5)
"""


async def save_household(
    household: HouseholdToSave, *, merchant_id: UUID, person_id: UUID, now: DateTime
) -> UUID:
    """Save a household with its tastes."""
    h, household_id = household, uuid4()
    never = [
        (merchant_id, household_id, None, family, "never") for family in sorted(h.never_families)
    ]
    said = [(merchant_id, household_id, key, None, taste.value) for key, taste in h.tastes.items()]
    async with connection() as c:
        await c.execute(
            _HOUSEHOLD, household_id, merchant_id, person_id, h.name, h.n_people, h.room_class,
            h.has_fridge, h.street, h.city, h.postcode, h.phone, h.delivery_note, h.food_note, now,
        )  # fmt: skip
        await c.executemany(_TASTE, never + said)
    return household_id


_SUBSCRIPTION = """
INSERT INTO subscription (id, merchant, household, box_plan, round, status, cadence_weeks, first_delivery_on,
                          stop, created_at)
VALUES ($1, $2, $3, $4, $5, 'pending', $6, $7, $8, $9)
"""


async def save_pending(
    subscription_id: UUID,
    *,
    merchant_id: UUID,
    household_id: UUID,
    plan_id: UUID,
    round_id: UUID,
    cadence_weeks: int,
    first_on: date,
    now: DateTime,
    stop_id: UUID | None = None,
) -> None:
    """Save a subscription that waits for its card; its boxes are fetched at a stop where one is given."""
    async with connection() as c:
        await c.execute(
            _SUBSCRIPTION, subscription_id, merchant_id, household_id, plan_id, round_id,
            cadence_weeks, first_on, stop_id, now,
        )  # fmt: skip


async def note_setup(subscription_id: UUID, *, customer: str, session_id: str) -> None:
    """Note on which page of the provider the card is being entered."""
    async with connection() as c:
        await c.execute(
            "UPDATE subscription SET provider_customer = $2, provider_setup = $3 WHERE id = $1",
            subscription_id, customer, session_id,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SetupRow:
    """A subscription whose card is being, or has been, entered."""

    id: UUID
    merchant_id: UUID
    round_id: UUID
    person_id: UUID
    status: SubscriptionStatus
    first_delivery_on: date
    stop_id: UUID | None


_BY_SETUP = """
SELECT subscription.id, subscription.merchant, subscription.round, household.person, subscription.status,
       subscription.first_delivery_on, subscription.stop
FROM subscription JOIN household ON household.id = subscription.household
WHERE subscription.provider_setup = $1 FOR UPDATE OF subscription
"""


async def hold_by_setup(session_id: str) -> SetupRow | None:
    """Return the subscription of a checkout session, its row held until the unit of work ends."""
    async with connection() as c:
        row = await c.fetchrow(_BY_SETUP, session_id)
    if row is None:
        return None
    return SetupRow(row[0], row[1], row[2], row[3], SubscriptionStatus(row[4]), row[5], row[6])


async def activate(subscription_id: UUID, card: SavedCard, *, first_on: date) -> None:
    """Make a subscription active with its saved card."""
    async with connection() as c:
        await c.execute(
            "UPDATE subscription SET status = 'active', provider_customer = $2, provider_payment_method = $3,"
            " card_brand = $4, card_last4 = $5, first_delivery_on = $6 WHERE id = $1 AND status = 'pending'",
            subscription_id, card.customer, card.payment_method, card.brand, card.last4, first_on,
        )  # fmt: skip
