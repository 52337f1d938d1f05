"""The catalog: the season chart, and the forms that put produce on sale, change it and end it."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from ripeday.kit.entrypoints.form import Form
from ripeday.kit.entrypoints.page import speaker
from ripeday.kit.errors import InvalidForm, NotFound
from ripeday.kit.text import message
from ripening.produce import load_profiles, sellable_keys
from subscriptions.adapters import season_page
from subscriptions.adapters.season_page import CatalogHead, CatalogOffer
from subscriptions.catalog_rule import BOX_LIMIT_MOST
from subscriptions.entrypoints.guard import catalog_staff
from subscriptions.entrypoints.merchant_desk import DESK, AtDesk, Desk, called
from subscriptions.entrypoints.typed import Typed
from subscriptions.services.catalog import CatalogService, OfferWish
from subscriptions.services.merchant_view import season_view

FILTERS = ("all", "fruit", "flower", "short")
Typing = URLEncodedBody[dict[str, str]]
Catalogs = NamedDependency[CatalogService]


class MerchantSeasonController(Controller):
    """What a merchant sells, week by week."""

    path = "/merchant/season"
    guards = (catalog_staff,)
    dependencies = DESK

    @get("/")
    async def show_season(
        self, desk: AtDesk, catalog: FromQuery[UUID | None] = None, show: FromQuery[str] = "all"
    ) -> Template:
        """Show a catalog as a chart of weeks."""
        view = await season_view(desk.shop, catalog, desk.today)
        if view is None:
            return Template("merchant/no_season.html", context={"desk": desk})
        show = show if show in FILTERS else "all"
        rows = [
            row
            for row in view.chart.rows
            if show in ("all", row.sold.kind) or (show == "short" and row.n_short)
        ]
        n_short = sum(1 for row in view.chart.rows if row.n_short)
        context = {"desk": desk, "view": view, "rows": rows, "show": show, "n_short": n_short}
        return Template("merchant/season.html", context=context)

    @get("/offers/new")
    async def ask_for_offer(self, desk: AtDesk, catalog: FromQuery[UUID | None] = None) -> Template:
        """Show the form that puts produce on sale."""
        head = await _catalog(desk, catalog)
        first = max(desk.today, head.starts_on)
        form = Form(
            {"starts_on": first.isoformat(), "last_on": head.last_on.isoformat(), "box_limit": "4"}
        )
        return _new_page(desk, head, form)

    @post("/offers", status_code=303)
    async def add_offer(self, desk: AtDesk, catalogs: Catalogs, data: Typing) -> Response[Any]:
        """Put produce on sale."""
        typed = Typed(data)
        head = await _catalog(desk, typed.key("catalog", said=message("Choose a season.")))
        try:
            wish = _wish(typed, desk)
            await catalogs.offer(desk.shop, head.id, wish, actor=desk.actor, now=desk.now)
        except InvalidForm as error:
            return _new_page(desk, head, Form(typed.values).refused(error), status=422)
        return _back(head.id)

    @get("/offers/{offer_id:uuid}")
    async def show_offer(self, desk: AtDesk, offer_id: FromPath[UUID]) -> Template:
        """Show an offer and the form that changes it."""
        offer = await _offer(desk, offer_id)
        span = offer.span
        values = {
            "starts_on": span.starts_on.isoformat(),
            "last_on": span.last_on.isoformat(),
            "price": str(desk.amount(span.price_minor).amount),
            "box_limit": str(span.box_limit),
        }
        return await _offer_page(desk, offer, Form(values))

    @post("/offers/{offer_id:uuid}", status_code=303)
    async def change_offer(
        self, desk: AtDesk, catalogs: Catalogs, offer_id: FromPath[UUID], data: Typing
    ) -> Response[Any]:
        """Change an offer's days, price or limit."""
        offer = await _offer(desk, offer_id)
        typed = Typed({**data, "produce_key": offer.sold.key})
        try:
            wish = _wish(typed, desk)
            await catalogs.change_offer(desk.shop, offer_id, wish, actor=desk.actor, now=desk.now)
        except InvalidForm as error:
            return await _offer_page(desk, offer, Form(typed.values).refused(error), status=422)
        return _back(offer.catalog_id)

    @post("/offers/{offer_id:uuid}/end", status_code=303)
    async def end_offer(
        self, desk: AtDesk, catalogs: Catalogs, offer_id: FromPath[UUID]
    ) -> Redirect:
        """End an offer with today."""
        offer = await _offer(desk, offer_id)
        await catalogs.end_offer(
            desk.shop, offer_id, today=desk.today, actor=desk.actor, now=desk.now
        )
        return _back(offer.catalog_id)


def _wish(typed: Typed, desk: Desk) -> OfferWish:
    wish = OfferWish(
        typed.one_of(
            "produce_key", sellable_keys(), said=message("Choose one of the produce in the list.")
        ),
        typed.day("starts_on"),
        typed.day("last_on"),
        typed.minor("price", desk.shop.currency),
        typed.whole("box_limit", least=1, most=BOX_LIMIT_MOST),
    )
    typed.check()
    return wish


async def _catalog(desk: Desk, catalog_id: UUID | None) -> CatalogHead:
    heads = await season_page.catalogs_of(desk.shop.id)
    wanted = [head for head in heads if catalog_id in (None, head.id)]
    if not wanted:
        raise NotFound
    return next((head for head in wanted if desk.today < head.ends_on), wanted[-1])


async def _offer(desk: Desk, offer_id: UUID) -> CatalogOffer:
    offer = await season_page.offer_of(desk.shop.id, offer_id)
    if offer is None:
        raise NotFound
    return offer


def produce_options() -> list[tuple[str, str]]:
    """Return what may be sold as choices of a form, in the reader's language and order."""
    is_chinese = speaker().locale == "zh"
    profiles = load_profiles()
    named = [
        (key, profiles[key].name_zh if is_chinese else profiles[key].name_en)
        for key in sellable_keys()
    ]
    return sorted(named, key=lambda each: each[1])


def _new_page(desk: Desk, head: CatalogHead, form: Form, *, status: int = 200) -> Template:
    context = {"desk": desk, "catalog": head, "form": form, "produce": produce_options()}
    return Template("merchant/offer_new.html", context=context, status_code=status)


async def _offer_page(
    desk: Desk, offer: CatalogOffer, form: Form, *, status: int = 200
) -> Template:
    head = await _catalog(desk, offer.catalog_id)
    others = [
        each.span
        for each in await season_page.offers_in(desk.shop.id, head.id)
        if each.sold.key == offer.sold.key and each.span.id != offer.span.id
    ]
    context = {
        "desk": desk, "catalog": head, "offer": offer, "others": others, "form": form, "name": called(offer.sold),
    }  # fmt: skip
    return Template("merchant/offer.html", context=context, status_code=status)


def _back(catalog_id: UUID) -> Redirect:
    return Redirect(f"/merchant/season?catalog={catalog_id}", status_code=303)
