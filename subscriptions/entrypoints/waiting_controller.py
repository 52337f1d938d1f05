"""The waiting list of a round that is full: joining it, and the personal link by which one looks, takes or leaves."""

import datetime as dt
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response, Template
from pendulum import DateTime

from ripeday.kit.entrypoints.form import Form
from ripeday.kit.entrypoints.page import speaker
from ripeday.kit.errors import InvalidForm, NotFound
from ripeday.kit.text import message
from subscriptions.adapters import shop_page
from subscriptions.adapters.shop_page import OpenDay, Shop
from subscriptions.adapters.waiting_store import Wish
from subscriptions.entrypoints.form_reader import FormReader
from subscriptions.entrypoints.shop_controller import shop_named
from subscriptions.entrypoints.subscribe_session import answers_of, keep_answers, keep_place
from subscriptions.first_week import PlanOffer
from subscriptions.services.waiting import WaitingService
from subscriptions.waiting import Waiter

_MONDAY = dt.date(2027, 1, 4)
Visit = Request[Any, Any, Any]
Now = NamedDependency[DateTime]
Lists = NamedDependency[WaitingService]


class WaitingController(Controller):
    """Joining the list of a round."""

    path = "/m/{slug:str}/waiting/{round_id:uuid}"

    @get("/")
    async def ask_who(
        self, request: Visit, slug: FromPath[str], round_id: FromPath[UUID], now: Now
    ) -> Response[Any]:
        """Ask who would like a place; where there is room, lead to the steps instead."""
        shop, day, plans = await _round(slug, round_id, now)
        if not day.is_full:
            return Redirect(f"/m/{slug}/subscribe/where", status_code=303)
        said = answers_of(request, slug)
        known = {name: said.get(name, "") for name in ("email", "name", "postcode", "plan")}
        return _page(shop, day, plans, Form(known))

    @post("/", status_code=303)
    async def join(
        self,
        request: Visit,
        slug: FromPath[str],
        round_id: FromPath[UUID],
        waiting: Lists,
        now: Now,
    ) -> Response[Any]:
        """Join the list. Whoever is on it already is answered in the same words, and keeps their place."""
        shop, day, plans = await _round(slug, round_id, now)
        if not day.is_full:
            return Redirect(f"/m/{slug}/subscribe/where", status_code=303)
        typed = await request.form()
        reader = FormReader(typed)
        try:
            wish = _wish(reader, shop, day, plans)
        except InvalidForm as error:
            form = Form({name: typed.get(name) for name in typed}).refused(error)
            return _page(shop, day, plans, form, status=422)
        await waiting.join(wish, now=now)
        context = {"shop": shop, "day": day, "email": wish.email}
        return Template("shop/waiting_joined.html", context=context, status_code=200)


class WaitingLinkController(Controller):
    """The personal link of somebody who waits; it needs no account."""

    path = "/waiting"

    @get("/")
    async def show_place(self, token: FromQuery[str], waiting: Lists, now: Now) -> Template:
        """Show where somebody stands, or that a place is kept for them."""
        return _own(await waiting.by_link(token), token, now)

    @post("/take", status_code=303)
    async def take(self, request: Visit, waiting: Lists, now: Now) -> Response[Any]:
        """Begin to subscribe with the place that is kept; what is known is not asked again."""
        token = str((await request.form()).get("token") or "")
        waiter = await waiting.by_link(token)
        if not waiter.is_asked(now):
            return _own(waiter, token, now)
        known = {"email": waiter.email, "name": waiter.name, "postcode": waiter.postcode}
        chosen = {"round": str(waiter.round_id), "how": "door", "answered": []}
        if waiter.plan_id is not None:
            chosen["plan"] = str(waiter.plan_id)
        keep_answers(request, waiter.slug, {**answers_of(request, waiter.slug), **known, **chosen})
        keep_place(request, waiter.slug, waiter.id)
        return Redirect(f"/m/{waiter.slug}/subscribe/where", status_code=303)

    @post("/leave", status_code=200)
    async def leave(self, request: Visit, waiting: Lists, now: Now) -> Template:
        """Leave the list."""
        token = str((await request.form()).get("token") or "")
        return _own(await waiting.leave(token, now=now), token, now)


async def _round(slug: str, round_id: UUID, now: DateTime) -> tuple[Shop, OpenDay, list[PlanOffer]]:
    shop = await shop_named(slug)
    for day in await shop_page.open_days(shop.id, now=now):
        if day.round_id == round_id:
            return shop, day, await shop_page.plan_offers(shop)
    raise NotFound


def _wish(reader: FormReader, shop: Shop, day: OpenDay, plans: list[PlanOffer]) -> Wish:
    name = reader.line("name", message("Enter your name."), most=120)
    email, postcode = reader.email(), reader.postcode(shop.country)
    if postcode and not day.serves(postcode):
        said = message("This round does not come to {postcode}.", postcode=postcode)
        reader.refuse("postcode", said)
    allowed = ["", *(str(plan.id) for plan in plans)]
    plan = reader.choice("plan", allowed, message("Choose a box."))
    reader.done()
    return Wish(
        round_id=day.round_id,
        merchant_id=shop.id,
        email=email,
        name=name,
        locale=speaker().locale,
        postcode=postcode,
        plan_id=UUID(plan) if plan else None,
    )


def _page(
    shop: Shop, day: OpenDay, plans: list[PlanOffer], form: Form, *, status: int = 200
) -> Template:
    context = {"shop": shop, "day": day, "plans": plans, "form": form}
    return Template("shop/waiting_form.html", context=context, status_code=status)


def _own(waiter: Waiter, token: str, now: DateTime) -> Template:
    until = waiter.held_until
    context = {
        "waiter": waiter,
        "token": token,
        "day": _MONDAY + dt.timedelta(days=waiter.weekday),
        "is_asked": waiter.is_asked(now),
        "until": None if until is None else until.in_timezone(waiter.timezone),
    }
    return Template("shop/waiting_place.html", context=context)
