"""The catalog for programs of a merchant's own."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from litestar import Controller, get
from litestar.params import FromPath, FromQuery

from ripeday.kit.clock import local_day
from ripeday.kit.errors import NotFound
from subscriptions.adapters import season_page, share_store
from subscriptions.entrypoints.guard import catalog_staff
from subscriptions.entrypoints.merchant_desk import DESK, AtDesk, shop_called


@dataclass(frozen=True, slots=True)
class OfferDocument:
    """One produce on sale; the last day is a day of sale, the price includes tax."""

    id: UUID
    produce: str
    kind: str
    name: str
    name_zh: str
    starts_on: dt.date
    last_on: dt.date
    price_minor: int
    currency: str
    box_limit: int
    season_is_assumed: bool


@dataclass(frozen=True, slots=True)
class OffersDocument:
    """What a merchant offers on a day."""

    merchant: str
    on: dt.date
    tax_pct: int
    offers: list[OfferDocument]


@dataclass(frozen=True, slots=True)
class PlanProgressDocument:
    """How far the plan of a delivery day is: its phase, and how much of the whole is done, 0 to 1.

    Phases are waiting, reading, prices, boxes, improving, saving and, once `ended_at` is set, done.
    """

    delivery_day: UUID
    phase: str
    done_fraction: float
    began_at: dt.datetime
    ended_at: dt.datetime | None


class MerchantApiController(Controller):
    """What a merchant's own programs may read, signed in as one of its planners."""

    path = "/api/v1/merchant"
    guards = (catalog_staff,)
    dependencies = DESK
    include_in_schema = True
    tags = ("merchant",)

    @get("/{slug:str}/offers", summary="What a merchant offers on a day")
    async def list_offers(
        self, desk: AtDesk, slug: FromPath[str], on: FromQuery[dt.date | None] = None
    ) -> OffersDocument:
        """Return the offers of a day, today unless said otherwise; 404 for a merchant that is not yours."""
        shop = shop_called(desk, slug)
        day = on or local_day(desk.now, shop.timezone)
        offers = [
            OfferDocument(
                id=offer.span.id,
                produce=offer.sold.key,
                kind=offer.sold.kind,
                name=offer.sold.name,
                name_zh=offer.sold.name_zh,
                starts_on=offer.span.starts_on,
                last_on=offer.span.last_on,
                price_minor=offer.span.price_minor,
                currency=shop.currency,
                box_limit=offer.span.box_limit,
                season_is_assumed=offer.span.is_assumed,
            )
            for offer in await season_page.offers_on(shop.id, day)
        ]
        return OffersDocument(shop.slug, day, desk.tax_of(shop), offers)

    @get("/days/{day_id:uuid}/progress", summary="How far the plan of a delivery day is")
    async def show_progress(self, desk: AtDesk, day_id: FromPath[UUID]) -> PlanProgressDocument:
        """Return how far a day's plan is, or that it is done; 404 for a day of another or one never planned."""
        shops = [shop.id for shop in desk.shops]
        found = await share_store.progress_of(day_id, shops, now=desk.now)
        if found is None:
            raise NotFound
        return PlanProgressDocument(
            day_id, found.phase.value, round(found.done_fraction, 3), found.began_at, found.ended_at
        )
