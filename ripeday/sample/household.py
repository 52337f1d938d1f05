"""The sample's households: who they are, what they like, what they ordered, and how they pay."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from uuid import UUID

import pendulum

from ripeday.kit.clock import instant
from ripeday.sample.calendar import SampleDays
from ripeday.sample.merchant import PLANS, SampleMerchant, SamplePlan
from ripeday.sample.row import RowBook
from ripeday.sample.season import source_on
from ripeday.sample.stop import stop_of
from ripeday.sample.table_file import rows, rows_of
from ripening.home import RoomClass
from ripening.produce import Produce
from ripening.unit import families
from subscriptions.adapters.box_tables import Subscription
from subscriptions.adapters.people_tables import Household, HouseholdTaste, Person, RoleGrant
from subscriptions.lifecycle import Consent, SubscriptionStatus, Taste
from subscriptions.role import Role

PAYS = "pm_card_visa"
DECLINES = "pm_card_chargeCustomerFail"
ASKS_THE_BANK = "pm_card_authenticationRequired"
_OTHER_CARDS = ("pm_card_mastercard", "pm_card_visa_debit", "pm_card_amex")

_RARELY_REFUSED = ("pome", "tropical", "citrus")
_LONGEST_WEEKS = 26
_SIZES = {
    "fruit-1": (1, 1, 1, 2),
    "fruit-2": (2, 2, 2, 3),
    "fruit-4": (3, 4, 4, 5, 6),
    "flower-5": (1, 2),
    "flower-10": (2, 3, 4),
    "mixed": (2, 2, 3),
}


@dataclass(frozen=True, slots=True)
class SampleSubscriber:
    """What cards and supply need to know of a subscription."""

    subscription_id: UUID
    email: str
    name: str
    locale: str
    card: str
    plan: SamplePlan
    round: str
    first_on: dt.date
    cadence_weeks: int

    def is_due(self, on: dt.date) -> bool:
        """Tell whether a box is due on one of its round's days."""
        days = (on - self.first_on).days
        return days >= 0 and days % (7 * self.cadence_weeks) == 0


@dataclass(frozen=True, slots=True)
class _Someone:
    number: int
    name: str
    email: str
    plan: SamplePlan
    round: str
    cadence_weeks: int
    first_on: dt.date
    created_at: pendulum.DateTime
    street: Mapping[str, str]
    food_note: Mapping[str, str] | None


def add_households(
    book: RowBook, merchant: SampleMerchant, days: SampleDays, profiles: Mapping[str, Produce]
) -> list[SampleSubscriber]:
    """Add a merchant's households with their people, tastes and subscriptions."""
    rng = book.chance(merchant.slug, "households")
    likely = _on_sale(merchant, days, profiles)
    seen: set[str] = set()
    subscribers = []
    for number in range(1, merchant.n_households + 1):
        someone = _someone(rng, merchant, days, number, seen)
        _add_person(book, merchant, someone)
        _add_household(book, rng, merchant, days, someone)
        _add_tastes(book, rng, merchant, someone, likely)
        subscribers.append(_add_subscription(book, rng, merchant, someone))
    return subscribers


def _someone(
    rng: Random, merchant: SampleMerchant, days: SampleDays, number: int, seen: set[str]
) -> _Someone:
    name, email = _name(rng, merchant, number, seen)
    is_second = number > merchant.n_households - merchant.n_second
    if number == 1:  # the customer whose login is printed sees fruit and flowers every week
        plan, cadence, weeks_ago = PLANS[-1], 1, 9
        email = f"customer@{merchant.slug}.example"
    else:
        plan = rng.choices(PLANS, [plan.share for plan in PLANS])[0]
        cadence = 2 if rng.random() < 0.1 else 1
        weeks_ago = rng.randrange(_LONGEST_WEEKS)
    first_on = days.second_on if is_second else days.last_on - dt.timedelta(weeks=weeks_ago)
    created_on = first_on - dt.timedelta(days=rng.randint(5, 16))
    wall = dt.time(rng.randint(7, 22), rng.randrange(60), rng.randrange(60))
    prefixes = merchant.second_postcodes if is_second else merchant.postcodes
    streets = [
        row for row in rows(f"address_{merchant.slug}") if row["postcode"].startswith(prefixes)
    ]
    return _Someone(
        number,
        name,
        email,
        plan,
        "second" if is_second else "main",
        cadence,
        first_on,
        instant(created_on, wall, merchant.timezone),
        rng.choice(streets),
        _note(rng, merchant, "food") if number > 1 and rng.random() < 0.05 else None,
    )


def _name(rng: Random, merchant: SampleMerchant, number: int, seen: set[str]) -> tuple[str, str]:
    """Return a name that nobody has yet, as the country writes it, and an address at a domain for examples."""
    parts = rows(f"name_{merchant.slug}")
    while True:
        first = rng.choice([part for part in parts if part["part"] == "first"])
        last = rng.choice([part for part in parts if part["part"] == "last"])
        name = (
            f"{last['name']}{first['name']}"
            if merchant.locale == "zh"
            else f"{first['name']} {last['name']}"
        )
        if name not in seen:
            seen.add(name)
            domain = ("example.org", "example.com", "example.net")[number % 3]
            return name, f"{first['mail']}.{last['mail']}.{number}@{domain}"


def _add_person(book: RowBook, merchant: SampleMerchant, someone: _Someone) -> None:
    id_ = book.key(merchant.slug, "person", someone.number)
    book.add(
        Person,
        id=id_,
        email=someone.email,
        name=someone.name,
        password_hash=None,
        locale=merchant.locale,
        session_epoch=1,
        disabled_at=None,
        erased_at=None,
        created_at=someone.created_at,
    )
    book.add(
        RoleGrant,
        id=book.key(merchant.slug, "grant", someone.number),
        person=id_,
        role=Role.CUSTOMER.value,
        merchant=book.key(merchant.slug),
        granted_at=someone.created_at,
    )


def _add_household(
    book: RowBook, rng: Random, merchant: SampleMerchant, days: SampleDays, someone: _Someone
) -> None:
    is_shown = someone.number == 1
    note = rng.random() < 0.2
    book.add(
        Household,
        id=book.key(merchant.slug, "household", someone.number),
        merchant=book.key(merchant.slug),
        person=book.key(merchant.slug, "person", someone.number),
        name=someone.name,
        n_people=2 if is_shown else rng.choice(_SIZES[someone.plan.key]),
        room_class=int(RoomClass.MILD if is_shown else _room(rng, merchant, days)),
        has_fridge=is_shown or rng.random() < 0.97,
        street=_street(rng, merchant, someone),
        city=someone.street["city"],
        postcode=someone.street["postcode"],
        phone=_phone(rng, merchant),
        delivery_note=_note(rng, merchant, "delivery")["text"] if note else None,
        food_note=someone.food_note["text"] if someone.food_note else None,
        consent=rng.choice(
            (Consent.BEST, Consent.BEST, Consent.BEST, Consent.ASK, Consent.NEVER)
        ).value,
        created_at=someone.created_at,
    )


def _room(rng: Random, merchant: SampleMerchant, days: SampleDays) -> RoomClass:
    """Return a kitchen: heated rooms in Berlin's winter, hardly heated ones in Hangzhou's, hot ones in summer."""
    is_summer = 5 <= days.as_of.month <= 9
    shares = {
        ("DE", False): (15, 65, 20, 0),
        ("DE", True): (5, 45, 40, 10),
        ("CN", False): (45, 45, 10, 0),
        ("CN", True): (0, 15, 50, 35),
    }[merchant.country, is_summer]
    return rng.choices(tuple(RoomClass), shares)[0]


def _street(rng: Random, merchant: SampleMerchant, someone: _Someone) -> str:
    street = someone.street["street"]
    if merchant.locale == "zh":
        unit, floor, door = rng.randint(1, 4), rng.randint(1, 22), rng.randint(1, 4)
        return f"{street}{rng.randint(2, 398)}号{rng.randint(1, 28)}幢{unit}单元{floor}0{door}室"
    return f"{street} {rng.randint(1, 160)}{rng.choice(('', '', '', 'a', 'b'))}"


def _phone(rng: Random, merchant: SampleMerchant) -> str | None:
    """Return a number that Germany's regulator keeps free for fiction; China keeps none, so none is made up."""
    if merchant.country == "DE" and rng.random() < 0.7:
        return f"+49 30 23125 {rng.randrange(1000):03}"
    return None


def _note(rng: Random, merchant: SampleMerchant, kind: str) -> Mapping[str, str]:
    return rng.choice([row for row in rows_of("note", merchant.slug) if row["kind"] == kind])


def _add_tastes(
    book: RowBook,
    rng: Random,
    merchant: SampleMerchant,
    someone: _Someone,
    likely: Sequence[Produce],
) -> None:
    """Add up to two produce never wanted, now and then a family, and a few that are liked."""
    never = {someone.food_note["family"]} if someone.food_note else set()
    if someone.number > 1 and rng.random() < 0.06:
        never.add(rng.choice([family for family in families() if family not in _RARELY_REFUSED]))
    for family in sorted(never - {""}):
        _add_taste(book, merchant, someone, Taste.NEVER, family=family)
    n_never = rng.choices((0, 1, 2), (70, 22, 8))[0]
    n_liked = rng.choices((0, 1, 2, 3, 4), (25, 20, 25, 20, 10))[0]
    open_to = [produce for produce in likely if produce.family not in never]
    chosen = rng.sample(open_to, n_never + n_liked)
    for produce in chosen[:n_never]:
        _add_taste(book, merchant, someone, Taste.NEVER, produce=produce.key)
    for produce in chosen[n_never:]:
        taste = Taste.ALWAYS if rng.random() < 0.2 else Taste.LIKE
        _add_taste(book, merchant, someone, taste, produce=produce.key)


def _add_taste(
    book: RowBook,
    merchant: SampleMerchant,
    someone: _Someone,
    taste: Taste,
    *,
    produce: str | None = None,
    family: str | None = None,
) -> None:
    book.add(
        HouseholdTaste,
        id=book.key(merchant.slug, "taste", someone.number, produce, family),
        merchant=book.key(merchant.slug),
        household=book.key(merchant.slug, "household", someone.number),
        produce=produce,
        family=family,
        taste=taste.value,
    )


def _add_subscription(
    book: RowBook, rng: Random, merchant: SampleMerchant, someone: _Someone
) -> SampleSubscriber:
    """Add a subscription that waits for its card; `cards` makes it active."""
    id_ = book.key(merchant.slug, "subscription", someone.number)
    book.add(
        Subscription,
        id=id_,
        merchant=book.key(merchant.slug),
        household=book.key(merchant.slug, "household", someone.number),
        box_plan=book.key(merchant.slug, "plan", someone.plan.key),
        round=book.key(merchant.slug, "round", someone.round),
        stop=stop_of(book, merchant, someone.number, someone.round),
        status=SubscriptionStatus.PENDING.value,
        cadence_weeks=someone.cadence_weeks,
        first_delivery_on=someone.first_on,
        provider_customer=None,
        provider_setup=None,
        provider_payment_method=None,
        card_brand=None,
        card_last4=None,
        created_at=someone.created_at,
        cancelled_at=None,
        ends_on=None,
    )
    return SampleSubscriber(
        id_,
        someone.email,
        someone.name,
        merchant.locale,
        _card(rng, someone),
        someone.plan,
        someone.round,
        someone.first_on,
        someone.cadence_weeks,
    )


def _card(rng: Random, someone: _Someone) -> str:
    """Return the test card a household pays with: 3 in 100 decline, 1 in 100 wants its owner each time."""
    roll = rng.random()
    if someone.number == 1 or roll >= 0.3:
        return PAYS
    if roll < 0.03:
        return DECLINES
    return ASKS_THE_BANK if roll < 0.04 else rng.choice(_OTHER_CARDS)


def _on_sale(
    merchant: SampleMerchant, days: SampleDays, profiles: Mapping[str, Produce]
) -> list[Produce]:
    """Return what a household can have an opinion on now, so that opinions matter."""
    known = (profiles[row["key"]] for row in rows("offer"))
    return [produce for produce in known if source_on(merchant, produce, days.current_on)]
