"""The season chart and the box plans, read for one merchant."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from ripeday.kit.adapters.engine import connection
from subscriptions.adapters.catalog_tables import SeasonSource
from subscriptions.adapters.merchant_page import covered_pct
from subscriptions.lifecycle import PlanKind
from subscriptions.season_chart import LotSpan, OfferSpan, Sold


@dataclass(frozen=True, slots=True)
class CatalogHead:
    """A catalog: its names and its span `[starts_on, ends_on)`."""

    id: UUID
    name: str
    name_zh: str
    starts_on: dt.date
    ends_on: dt.date

    @property
    def last_on(self) -> dt.date:
        """Return its last day."""
        return self.ends_on - dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CatalogOffer:
    """An offer with what is sold and the catalog it is in."""

    span: OfferSpan
    sold: Sold
    catalog_id: UUID


_CATALOGS = """
SELECT id, name, name_zh, starts_on, ends_on FROM catalog WHERE merchant = $1 ORDER BY starts_on, id
"""


async def catalogs_of(merchant_id: UUID) -> list[CatalogHead]:
    """Return a merchant's catalogs, earliest first."""
    async with connection() as c:
        return [CatalogHead(*row.values()) for row in await c.fetch(_CATALOGS, merchant_id)]


_OFFERS = """
SELECT offer.id, offer.produce, offer.starts_on, offer.ends_on, offer.price_minor, offer.box_limit,
       offer.season_source, produce.kind, produce.name_en, produce.name_zh, offer.catalog,
       (SELECT count(*) FROM household_taste taste
        WHERE taste.merchant = offer.merchant AND taste.produce = offer.produce
          AND taste.taste IN ('like', 'always')) AS n_wishes
FROM offer JOIN produce ON produce.key = offer.produce
WHERE offer.merchant = $1
"""
_IN_ORDER = " ORDER BY produce.kind DESC, produce.name_en, offer.starts_on"


async def offers_in(merchant_id: UUID, catalog_id: UUID) -> list[CatalogOffer]:
    """Return the offers of a merchant's catalog: fruit, then flowers, by name."""
    return await _offers(_OFFERS + " AND offer.catalog = $2" + _IN_ORDER, merchant_id, catalog_id)


async def offers_on(merchant_id: UUID, on: dt.date) -> list[CatalogOffer]:
    """Return what a merchant offers on a day."""
    where = " AND offer.starts_on <= $2 AND $2 < offer.ends_on"
    return await _offers(_OFFERS + where + _IN_ORDER, merchant_id, on)


async def offer_of(merchant_id: UUID, offer_id: UUID) -> CatalogOffer | None:
    """Return one offer of a merchant; None when it is another's or there is none."""
    found = await _offers(_OFFERS + " AND offer.id = $2", merchant_id, offer_id)
    return found[0] if found else None


async def _offers(sql: str, *values: object) -> list[CatalogOffer]:
    async with connection() as c:
        rows = await c.fetch(sql, *values)
    return [
        CatalogOffer(
            OfferSpan(
                row["id"], row["produce"], row["starts_on"], row["ends_on"], row["price_minor"],
                row["box_limit"], row["season_source"] == SeasonSource.ASSUMED,
            ),
            Sold(row["produce"], row["kind"], row["name_en"], row["name_zh"], row["n_wishes"]),
            row["catalog"],
        )
        for row in rows
    ]  # fmt: skip


_LOTS = """
SELECT lot.produce, grower.name, grower.place, lot.due_on, lot.must_leave_on,
       coalesce(lot.units_received, lot.units_announced) AS units,
       coalesce(CASE WHEN lot.status IN ('announced', 'received', 'available')
           THEN stock.on_hand + stock.announced - stock.reserved - planned.units END, 0) AS left_over,
       lot.status <> 'announced' AS is_confirmed
FROM lot JOIN grower ON grower.id = lot.grower
LEFT JOIN lot_stock stock ON stock.lot = lot.id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(line.units), 0) AS units FROM box_line line JOIN box ON box.id = line.box
    WHERE line.lot = lot.id AND box.status IN ('proposed', 'edited', 'locked')
) planned
WHERE lot.merchant = $1 AND lot.status NOT IN ('held', 'discarded', 'recalled')
  AND lot.due_on < $3 AND lot.must_leave_on >= $2
ORDER BY lot.due_on, lot.code
"""


async def lots_between(merchant_id: UUID, starts_on: dt.date, ends_on: dt.date) -> list[LotSpan]:
    """Return the lots of a merchant that may be delivered in `[starts_on, ends_on)`."""
    async with connection() as c:
        return [
            LotSpan(*row.values()) for row in await c.fetch(_LOTS, merchant_id, starts_on, ends_on)
        ]


@dataclass(frozen=True, slots=True)
class WeekCover:
    """The deliveries of a week: how many of their boxes' days are covered; open while one may change."""

    starts_on: dt.date
    n_days: int
    n_uncovered: int
    is_open: bool

    @property
    def covered_pct(self) -> float | None:
        """Return the covered share of the days; None without a box."""
        return covered_pct(self.n_days, self.n_uncovered)


_COVER = """
SELECT date_trunc('week', day.delivery_on)::date AS starts_on, sum(box.horizon_days)::bigint AS n_days,
       coalesce(sum(bare.n), 0)::bigint AS n_uncovered, bool_or(day.locked_at IS NULL) AS is_open
FROM delivery_day day
JOIN box ON box.delivery_day = day.id AND box.status NOT IN ('cancelled', 'refunded')
LEFT JOIN LATERAL (
    SELECT count(DISTINCT day_on) AS n FROM uncovered_day WHERE uncovered_day.box = box.id
) bare ON true
WHERE day.merchant = $1 AND day.delivery_on >= $2 AND day.delivery_on < $3
GROUP BY 1
"""


async def cover_by_week(
    merchant_id: UUID, starts_on: dt.date, ends_on: dt.date
) -> dict[dt.date, WeekCover]:
    """Return, by Monday, how many days of the planned boxes are covered."""
    async with connection() as c:
        rows = await c.fetch(_COVER, merchant_id, starts_on, ends_on)
    return {row["starts_on"]: WeekCover(*row.values()) for row in rows}


@dataclass(frozen=True, slots=True)
class BoxPlanRow:
    """A box plan, its trial, how many households have tried it, and how many have it."""

    id: UUID
    name: str
    name_zh: str
    kind: PlanKind
    portions_a_day: int
    stems_a_day: int
    cadence_weeks: int
    price_minor: int
    is_open: bool
    trial_boxes: int | None
    trial_minor: int | None
    n_trials: int
    n_households: int


_PLANS = """
SELECT plan.id, plan.name, plan.name_zh, plan.kind, plan.portions_a_day, plan.stems_a_day, plan.cadence_weeks,
       plan.price_minor, plan.is_open, plan.trial_boxes, plan.trial_price_minor,
       (SELECT count(*) FROM trial JOIN subscription ON subscription.id = trial.subscription
        WHERE subscription.box_plan = plan.id AND trial.begun_at IS NOT NULL) AS n_trials,
       (SELECT count(*) FROM subscription WHERE subscription.box_plan = plan.id
        AND subscription.status IN ('active', 'paused')) AS n_households
FROM box_plan plan WHERE plan.merchant = $1
ORDER BY plan.is_open DESC, plan.kind, plan.portions_a_day, plan.stems_a_day, plan.price_minor
"""


async def box_plans_of(merchant_id: UUID) -> Sequence[BoxPlanRow]:
    """Return a merchant's box plans, those on sale first."""
    async with connection() as c:
        rows = await c.fetch(_PLANS, merchant_id)
    parts = ([*list(row)[:3], PlanKind(row["kind"]), *list(row)[4:]] for row in rows)
    return [BoxPlanRow(*each) for each in parts]
