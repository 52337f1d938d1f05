"""Offers and box plans, written for one merchant."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from ripeday.kit.adapters.engine import connection
from subscriptions.adapters.catalog_tables import SeasonSource
from subscriptions.lifecycle import PlanKind
from subscriptions.trial import TrialOffer


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """What is agreed of an offer: produce on sale in `[starts_on, ends_on)` at a price, so many in a box."""

    produce_key: str
    starts_on: dt.date
    ends_on: dt.date
    price_minor: int
    box_limit: int
    source: SeasonSource


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """What is agreed of a box plan."""

    name: str
    name_zh: str
    kind: PlanKind
    portions_a_day: int
    stems_a_day: int
    cadence_weeks: int
    price_minor: int


async def hold_catalog(merchant_id: UUID, catalog_id: UUID) -> tuple[dt.date, dt.date] | None:
    """Return a catalog's span and keep its row until the unit of work ends, so that offers do not collide."""
    async with connection() as c:
        row = await c.fetchrow(
            "SELECT starts_on, ends_on FROM catalog WHERE merchant = $1 AND id = $2 FOR UPDATE",
            merchant_id, catalog_id,
        )  # fmt: skip
    return None if row is None else (row["starts_on"], row["ends_on"])


async def colliding_offer(
    catalog_id: UUID, terms: OfferTerms, *, but: UUID | None
) -> tuple[dt.date, dt.date] | None:
    """Return the span of another offer of the same produce that shares a day with these terms."""
    async with connection() as c:
        row = await c.fetchrow(
            "SELECT starts_on, ends_on FROM offer WHERE catalog = $1 AND produce = $2 AND starts_on < $4"
            " AND ends_on > $3 AND id IS DISTINCT FROM $5 ORDER BY starts_on LIMIT 1",
            catalog_id, terms.produce_key, terms.starts_on, terms.ends_on, but,
        )  # fmt: skip
    return None if row is None else (row["starts_on"], row["ends_on"])


async def add_offer(offer_id: UUID, merchant_id: UUID, catalog_id: UUID, terms: OfferTerms) -> None:
    """Save a new offer."""
    async with connection() as c:
        await c.execute(
            "INSERT INTO offer (id, merchant, catalog, produce, starts_on, ends_on, price_minor, box_limit,"
            " season_source) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            offer_id, merchant_id, catalog_id, terms.produce_key, terms.starts_on, terms.ends_on,
            terms.price_minor, terms.box_limit, terms.source.value,
        )  # fmt: skip


async def change_offer(merchant_id: UUID, offer_id: UUID, terms: OfferTerms) -> None:
    """Save an offer's new terms; its produce stays."""
    async with connection() as c:
        await c.execute(
            "UPDATE offer SET starts_on = $3, ends_on = $4, price_minor = $5, box_limit = $6, season_source = $7"
            " WHERE merchant = $1 AND id = $2",
            merchant_id, offer_id, terms.starts_on, terms.ends_on, terms.price_minor, terms.box_limit,
            terms.source.value,
        )  # fmt: skip


async def end_offer(merchant_id: UUID, offer_id: UUID, *, ends_on: dt.date) -> None:
    """End an offer before `ends_on`; one that has not begun by then is taken out."""
    async with connection() as c:
        await c.execute(
            "DELETE FROM offer WHERE merchant = $1 AND id = $2 AND starts_on >= $3",
            merchant_id, offer_id, ends_on,
        )  # fmt: skip
        await c.execute(
            "UPDATE offer SET ends_on = $3 WHERE merchant = $1 AND id = $2 AND ends_on > $3",
            merchant_id, offer_id, ends_on,
        )  # fmt: skip


async def add_plan(plan_id: UUID, merchant_id: UUID, terms: PlanTerms) -> None:
    """Save a new box plan, on sale at once."""
    async with connection() as c:
        await c.execute(
            "INSERT INTO box_plan (id, merchant, name, name_zh, kind, portions_a_day, stems_a_day, cadence_weeks,"
            " price_minor, is_open) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, true)",
            plan_id, merchant_id, terms.name, terms.name_zh, terms.kind.value, terms.portions_a_day,
            terms.stems_a_day, terms.cadence_weeks, terms.price_minor,
        )  # fmt: skip


async def set_trial(merchant_id: UUID, plan_id: UUID, offer: TrialOffer | None) -> None:
    """Offer a box plan with a trial, or without one; trials that were agreed stay as they are."""
    async with connection() as c:
        await c.execute(
            "UPDATE box_plan SET trial_boxes = $3, trial_price_minor = $4 WHERE merchant = $1 AND id = $2",
            merchant_id, plan_id, offer and offer.n_boxes, offer and offer.price.minor,
        )  # fmt: skip


async def set_plan_open(merchant_id: UUID, plan_id: UUID, *, is_open: bool) -> bool:
    """Put a box plan on sale or take it off; False when the merchant has no such plan."""
    async with connection() as c:
        status = await c.execute(
            "UPDATE box_plan SET is_open = $3 WHERE merchant = $1 AND id = $2",
            merchant_id, plan_id, is_open,
        )  # fmt: skip
    return bool(status != "UPDATE 0")
