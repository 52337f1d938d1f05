"""The public pages of a merchant: its storefront and the week that a visitor would get."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from pendulum import DateTime

from ripeday.kit.entrypoints.page import speaker
from ripeday.kit.errors import NotFound
from ripening.produce import Produce
from subscriptions.adapters import place_store, shop_page
from subscriptions.adapters.shop_page import OpenDay, Shop
from subscriptions.entrypoints.guard import identity_of
from subscriptions.entrypoints.shop_area import AreaView, area_view
from subscriptions.entrypoints.shop_season import season_view
from subscriptions.entrypoints.shop_view import (
    Storefront,
    WeekView,
    never_list,
    today_of,
    week_view,
)
from subscriptions.entrypoints.shop_wish import Wish, read_wish
from subscriptions.first_week import PlanOffer, fitting_plan
from subscriptions.price_list import price_list
from subscriptions.season_ahead import season_ahead
from subscriptions.services.first_week import FirstWeekService

Visit = Request[Any, Any, Any]
Weeks = NamedDependency[FirstWeekService]
Now = NamedDependency[DateTime]
Profiles = NamedDependency[Mapping[str, Produce]]

WEEKS_AHEAD = 8
"""How far ahead produce counts as something that a box may bring."""


class ShopController(Controller):
    """What anybody may see."""

    path = "/"

    @get("/")
    async def choose_shop(self, request: Visit) -> Redirect:
        """Lead to the merchant of the visitor's country, else of their language, else the first."""
        shop = nearest_shop(await shop_page.shops(), request.headers.get("accept-language", ""))
        if shop is None:
            raise NotFound
        return Redirect(f"/m/{shop.slug}", status_code=303, headers={"vary": "Accept-Language"})

    @get("/m/{slug:str}")
    async def show_shop(
        self, request: Visit, slug: FromPath[str], first_weeks: Weeks, profiles: Profiles, now: Now
    ) -> Template:
        """Show a merchant's storefront with a first week, as its controls are set in the address."""
        shops = await shop_page.shops()
        shop = _named(shops, slug)
        await identity_of(request)
        counter = await _counter(request, shop, profiles, now)
        front = await _storefront(request, counter, shops, weeks=first_weeks, profiles=profiles)
        return Template("shop/storefront.html", context={"front": front, "shop": shop})

    @get("/m/{slug:str}/week")
    async def show_week(
        self, request: Visit, slug: FromPath[str], first_weeks: Weeks, profiles: Profiles, now: Now
    ) -> Template | Redirect:
        """Show only what changes with the controls; as a page of its own it is the storefront."""
        shop = await shop_named(slug)
        if request.headers.get("hx-request") != "true":
            query = f"?{request.url.query}" if request.url.query else ""
            return Redirect(f"/m/{shop.slug}{query}#my-week", status_code=303)
        counter = await _counter(request, shop, profiles, now)
        view = await _week(counter, first_weeks)
        return Template("shop/week.html", context={"view": view, "shop": shop})

    @get("/m/{slug:str}/area")
    async def show_area(
        self, request: Visit, slug: FromPath[str], profiles: Profiles, now: Now
    ) -> Template | Redirect:
        """Answer only whether boxes come to a postcode; as a page of its own it is the storefront."""
        shop = await shop_named(slug)
        if request.headers.get("hx-request") != "true":
            query = f"?{request.url.query}" if request.url.query else ""
            return Redirect(f"/m/{shop.slug}{query}#area", status_code=303)
        counter = await _counter(request, shop, profiles, now)
        context = {"area": await _area(request, counter), "shop": shop}
        return Template("shop/area_answer.html", context=context)


async def shop_named(slug: str) -> Shop:
    """Return a merchant by its name in addresses.

    Raises
    ------
    NotFound
    """
    return _named(await shop_page.shops(), slug)


def nearest_shop(shops: list[Shop], accepted: str) -> Shop | None:
    """Return the merchant for a reader: their country ("de-DE"), the page's language, or the first."""
    regions = [
        tag.split(";")[0].strip().split("-")[-1].upper()
        for tag in accepted.split(",")
        if "-" in tag
    ]
    for region in regions:
        for shop in shops:
            if shop.country == region:
                return shop
    own = [shop for shop in shops if shop.locale == speaker().locale]
    return next(iter([*own, *shops]), None)


def _named(shops: list[Shop], slug: str) -> Shop:
    found = next((shop for shop in shops if shop.slug == slug), None)
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class _Counter:
    """What a merchant has for a visitor, and what the address asks of it."""

    shop: Shop
    days: Sequence[OpenDay]
    plans: Sequence[PlanOffer]
    wish: Wish
    now: DateTime


async def _counter(
    request: Visit, shop: Shop, profiles: Mapping[str, Produce], now: DateTime
) -> _Counter:
    days = await shop_page.open_days(shop.id, now=now)
    plans = await shop_page.plan_offers(shop)
    wish = read_wish(
        request.query_params, days=days, plans=plans, profiles=profiles, country=shop.country
    )
    return _Counter(shop, days, plans, wish, now)


async def _area(request: Visit, counter: _Counter) -> AreaView:
    shop, now = counter.shop, counter.now
    stops = await place_store.stops_of_merchant(shop.id, from_on=today_of(shop, now), now=now)
    return area_view(
        shop, request.query_params, counter.wish, days=counter.days, stops=stops, now=now
    )


async def _storefront(
    request: Visit,
    counter: _Counter,
    shops: list[Shop],
    *,
    weeks: FirstWeekService,
    profiles: Mapping[str, Produce],
) -> Storefront:
    shop, today = counter.shop, today_of(counter.shop, counter.now)
    spans = await shop_page.offer_spans(shop.id, from_on=today)
    ahead = season_ahead(spans, on=today, weeks=WEEKS_AHEAD)
    return Storefront(
        shop=shop,
        others=tuple(other for other in shops if other is not shop),
        plans=tuple(counter.plans),
        days=tuple(counter.days),
        families=never_list([*ahead.now, *ahead.to_come], profiles),
        season=season_view(ahead, profiles, region=shop.season_region, on=today),
        record=await shop_page.cover_record(shop.id, now=counter.now),
        view=await _week(counter, weeks),
        prices=price_list(counter.plans),
        area=await _area(request, counter),
    )


async def _week(counter: _Counter, weeks: FirstWeekService) -> WeekView:
    wish, shop, now = counter.wish, counter.shop, counter.now
    plan = fitting_plan(counter.plans, wish.kind, wish.people)
    if plan is None or wish.day is None:
        return week_view(shop, wish, None, days=counter.days, now=now)
    week = await weeks.plan(wish.day.delivery_day_id, plan, wish.home, now=now)
    return week_view(shop, wish, week, days=counter.days, now=now)
