"""What the public pages show, one query for each part of a page."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from pendulum import Date, DateTime

from ripeday.kit.adapters.engine import connection
from ripeday.kit.clock import as_date
from ripeday.kit.money import Money
from subscriptions.adapters.subscribing_store import PlanOnSale, plans_on_sale
from subscriptions.adapters.waiting_store import TAKEN
from subscriptions.box_price import box_price
from subscriptions.first_week import PlanOffer
from subscriptions.lifecycle import PlanKind
from subscriptions.season_ahead import OfferSpan
from subscriptions.trial import TrialOffer
from subscriptions.trial_wording import TrialTerms, trial_terms

_KIND_ORDER = (PlanKind.FRUIT, PlanKind.MIXED, PlanKind.FLOWER)


@dataclass(frozen=True, slots=True)
class Shop:
    """A merchant as the public sees it."""

    id: UUID
    slug: str
    name: str
    name_zh: str
    country: str
    currency: str
    timezone: str
    locale: str
    season_region: str

    def named(self, locale: str) -> str:
        """Return its name as readers of a language know it."""
        return self.name_zh if locale == "zh" else self.name


_SHOPS = """
SELECT id, slug, name, name_zh, country, currency, timezone, locale, season_region FROM merchant ORDER BY name, slug
"""


async def shops() -> list[Shop]:
    """Return every merchant there is."""
    async with connection() as c:
        return [Shop(*row.values()) for row in await c.fetch(_SHOPS)]


@dataclass(frozen=True, slots=True)
class OpenDay:
    """A round and its first delivery that can still be joined."""

    round_id: UUID
    delivery_day_id: UUID
    name: str
    name_zh: str
    postcode_prefixes: tuple[str, ...]
    is_full: bool
    delivery_on: Date
    cutoff_at: DateTime

    def serves(self, postcode: str) -> bool:
        """Tell whether the round comes to a postcode."""
        plain = postcode.upper().replace(" ", "")
        return any(plain.startswith(prefix) for prefix in self.postcode_prefixes)


_OPEN_DAYS = f"""
SELECT DISTINCT ON (round.id) round.id, day.id, round.name, round.name_zh, round.postcode_prefixes,
       round.capacity <= {TAKEN},
       day.delivery_on, day.cutoff_at
FROM delivery_round round JOIN delivery_day day ON day.round = round.id
WHERE round.merchant = $1 AND round.is_open AND day.locked_at IS NULL AND day.cutoff_at > $2
ORDER BY round.id, day.delivery_on
"""


async def open_days(merchant_id: UUID, *, now: DateTime) -> list[OpenDay]:
    """Return the first open delivery of each round that takes subscriptions, earliest first."""
    async with connection() as c:
        rows = await c.fetch(_OPEN_DAYS, merchant_id, now)
    days = [
        OpenDay(row[0], row[1], row[2], row[3], tuple(row[4]), row[5], as_date(row[6]), DateTime.instance(row[7]))
        for row in rows
    ]  # fmt: skip
    return sorted(days, key=lambda day: (day.delivery_on, day.name))


async def plan_offers(shop: Shop) -> list[PlanOffer]:
    """Return the box plans a merchant sells now."""
    return [
        PlanOffer(
            plan.id, plan.name, plan.name_zh, plan.kind, plan.portions_a_day, plan.stems_a_day, plan.cadence_weeks,
            Money(plan.price_minor, shop.currency), plan.trial(shop.currency),
        )
        for plan in sorted(await plans_on_sale(shop.id), key=_fruit_first)
    ]  # fmt: skip


def _fruit_first(plan: PlanOnSale) -> tuple[int, int, int]:
    return _KIND_ORDER.index(plan.kind), plan.portions_a_day, plan.stems_a_day


async def produce_offered(merchant_id: UUID, *, from_on: dt.date, weeks: int) -> dict[str, dt.date]:
    """Return what a merchant offers in the coming weeks, by key, with the day on which its offers end."""
    async with connection() as c:
        rows = await c.fetch(
            "SELECT produce, max(ends_on) FROM offer WHERE merchant = $1 AND starts_on < $3 AND ends_on > $2"
            " GROUP BY produce ORDER BY produce",
            merchant_id, from_on, from_on + dt.timedelta(weeks=weeks),
        )  # fmt: skip
    return dict(rows)


async def offer_spans(merchant_id: UUID, *, from_on: dt.date) -> list[OfferSpan]:
    """Return the weeks of every offer that has not ended before a day."""
    async with connection() as c:
        rows = await c.fetch(
            "SELECT produce, starts_on, ends_on FROM offer WHERE merchant = $1 AND ends_on > $2",
            merchant_id, from_on,
        )  # fmt: skip
    return [OfferSpan(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class CoverRecord:
    """How a merchant did: days that boxes were planned for, and how many of them had too little."""

    n_boxes: int
    n_days: int
    n_bare: int

    @property
    def covered_pct(self) -> float:
        """Return the share of covered days, rounded down to a tenth so that it never flatters. [%]"""
        return (1000 * (self.n_days - self.n_bare) // self.n_days) / 10 if self.n_days else 0.0


_COVER = """
WITH planned AS (
    SELECT box.id, box.horizon_days FROM box JOIN plan_run ON plan_run.id = box.plan_run
    WHERE box.merchant = $1 AND plan_run.made_at > $2::timestamptz - interval '30 days' AND plan_run.made_at <= $2
      AND box.status NOT IN ('cancelled', 'missed')
)
SELECT count(*), coalesce(sum(horizon_days), 0)::int,
       (SELECT count(DISTINCT (bare.box, bare.day_on)) FROM uncovered_day bare JOIN planned ON planned.id = bare.box)
FROM planned
"""


async def cover_record(merchant_id: UUID, *, now: DateTime) -> CoverRecord | None:
    """Return the record of the boxes planned in the last 30 days; None when there were none."""
    async with connection() as c:
        row = await c.fetchrow(_COVER, merchant_id, now)
    return CoverRecord(*row.values()) if row and row[0] else None


@dataclass(frozen=True, slots=True)
class FirstBox:
    """The first box of a subscription, as far as it is there."""

    subscription_id: UUID
    price: Money
    box_id: UUID | None
    trial: TrialTerms | None


_FIRST_BOX = """
SELECT subscription.id, box_plan.price_minor, merchant.currency, box_plan.cadence_weeks, subscription.cadence_weeks,
       (SELECT box.id FROM box JOIN delivery_day day ON day.id = box.delivery_day
        WHERE box.subscription = subscription.id AND box.status <> 'cancelled' ORDER BY day.delivery_on LIMIT 1),
       trial.price_minor, trial.n_boxes, subscription.first_delivery_on
FROM subscription
JOIN household ON household.id = subscription.household
JOIN box_plan ON box_plan.id = subscription.box_plan
JOIN merchant ON merchant.id = subscription.merchant
LEFT JOIN trial ON trial.subscription = subscription.id
WHERE subscription.id = $1 AND household.person = $2
"""


async def first_box(subscription_id: UUID, person_id: UUID) -> FirstBox | None:
    """Return a person's subscription with its first box; None when it is not theirs."""
    async with connection() as c:
        row = await c.fetchrow(_FIRST_BOX, subscription_id, person_id)
    if row is None:
        return None
    price = box_price(Money(row[1], row[2]), plan_weeks=row[3], weeks=row[4])
    if row[6] is None:
        return FirstBox(row[0], price, row[5], None)
    terms = trial_terms(
        TrialOffer(row[7], Money(row[6], row[2])), Money(row[1], row[2]),
        plan_weeks=row[3], weeks=row[4], first_on=row[8],
    )  # fmt: skip
    return FirstBox(row[0], terms.price, row[5], terms)
