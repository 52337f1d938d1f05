"""Where a box goes, and another place for it: said first, then done, then proved by a receipt."""

import datetime as dt
from collections.abc import Awaitable
from itertools import islice
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response, Template
from pendulum import DateTime

from ripeday.kit.entrypoints.form import Form
from ripeday.kit.errors import Invalid, InvalidForm, NotFound, Refused
from ripeday.kit.text import marked, message
from subscriptions.entrypoints.guard import WHO, customer_only
from subscriptions.entrypoints.order_change_controller import (
    answered,
    or_refused,
    refused,
    to_receipt,
)
from subscriptions.entrypoints.place_form import FIELDS, read_asked
from subscriptions.errors import NotRunning, PlaceTaken
from subscriptions.place import LONGEST_DAYS, HowLong, StopPlace
from subscriptions.place_prospect import PlaceProspect
from subscriptions.role import Identity
from subscriptions.services.ordering import order_book
from subscriptions.services.placing import PlaceDesk, PlacingService

Who = NamedDependency[Identity]
Placing = NamedDependency[PlacingService]
Now = NamedDependency[DateTime]
SubscriptionId = FromPath[UUID]
On = FromPath[dt.date]
LOOKED_AT = 60
"""Deliveries ahead, among which the first is searched that may change."""
Visit = Request[Any, Any, Any]


class PlaceController(Controller):
    """Where a box goes."""

    path = "/subscriptions/{subscription_id:uuid}/places/{on:date}"
    guards = (customer_only,)
    dependencies = WHO

    @get("/")
    async def ask(
        self,
        *,
        subscription_id: SubscriptionId,
        on: On,
        identity: Who,
        placing: Placing,
        now: Now,
        how_long: FromQuery[str] = HowLong.ONCE.value,
    ) -> Response[Any]:
        """Say where this box goes, and ask where else it should; or say what taking another place back does."""
        desk = await placing.desk(identity.person_id, subscription_id, on, now=now)
        asking = placing.foresee(identity.person_id, subscription_id, on, None, now=now)
        form = Form({"how_long": how_long})
        return await or_refused(asking, subscription_id, lambda found: _page(desk, found, form))

    @post("/", status_code=200)
    async def change(
        self,
        request: Visit,
        *,
        subscription_id: SubscriptionId,
        on: On,
        identity: Who,
        placing: Placing,
        now: Now,
    ) -> Response[Any]:
        """Say what a wish would do, or do it when it was looked at."""
        sent = await request.form()
        form = Form({name: str(sent.get(name) or "") for name in FIELDS})
        desk = await placing.desk(identity.person_id, subscription_id, on, now=now)
        if there := desk.places.span_on(on):
            return refused(PlaceTaken(there.from_on, there.until_on), subscription_id)
        try:
            asked = read_asked(sent, country=desk.served.country)
            if sent.get("go") == "do":
                receipt = await placing.change(
                    identity.person_id, subscription_id, on, asked, now=now
                )
                return to_receipt(receipt)
            prospect = await placing.foresee(
                identity.person_id, subscription_id, on, asked, now=now
            )
        except NotFound:
            raise
        except (Invalid, InvalidForm) as error:
            asking = placing.foresee(identity.person_id, subscription_id, on, None, now=now)
            return await _again(asking, desk, form.refused(error))
        except Refused as error:
            return refused(error, subscription_id)
        return _page(desk, prospect, form, is_looked_at=True)

    @post("/withdraw")
    async def withdraw(
        self, *, subscription_id: SubscriptionId, on: On, identity: Who, placing: Placing, now: Now
    ) -> Response[Any]:
        """Have boxes go to the usual place from this one on."""
        doing = placing.withdraw(identity.person_id, subscription_id, on, now=now)
        return await answered(doing, subscription_id)


class StandingPlaceController(Controller):
    """Where boxes go as a rule."""

    path = "/subscriptions/{subscription_id:uuid}/place"
    guards = (customer_only,)
    dependencies = WHO

    @get("/")
    async def lead(
        self, *, subscription_id: SubscriptionId, identity: Who, now: Now
    ) -> Response[Any]:
        """Lead to the next box whose place may change, to choose another one for good."""
        book = await order_book(identity.person_id, subscription_id, now=now)
        for each in islice(book.open_from(now), LOOKED_AT):
            on = each.delivery_on
            if book.may_change(on) and on not in book.skips and on not in book.gifts:
                at = f"/subscriptions/{subscription_id}/places/{on}?how_long={HowLong.GOOD}"
                return Redirect(at, status_code=303)
        return refused(NotRunning(), subscription_id)


async def _again(asking: Awaitable[PlaceProspect], desk: PlaceDesk, form: Form) -> Template:
    """Ask again with what is wrong; where this box cannot go elsewhere at all, say so."""
    try:
        prospect = await asking
    except NotFound:
        raise
    except Refused as error:
        return refused(error, desk.book.order.id)
    page = _page(desk, prospect, form)
    page.status_code = 422
    return page


def _page(
    desk: PlaceDesk, prospect: PlaceProspect, form: Form, *, is_looked_at: bool = False
) -> Template:
    places, on = desk.places, prospect.on
    standing = places.standing
    context = {
        "prospect": prospect,
        "form": form,
        "fields": FIELDS,
        "is_looked_at": is_looked_at,
        "at": f"/subscriptions/{desk.book.order.id}/places/{on}",
        "now_at": prospect.now_at.words if prospect.now_at else None,
        "fetched_at": prospect.now_at if isinstance(prospect.now_at, StopPlace) else None,
        "home": places.home if standing is not None else None,
        "address_at": None if places.home else f"/household/{desk.book.order.household_id}/address",
        "stops": [each for each in desk.stops if standing is None or each.place.id != standing.id],
        "spans": [(each.value, message(_HOW_LONG[each])) for each in HowLong],
        "earliest": on + dt.timedelta(days=1),
        "latest": on + dt.timedelta(days=LONGEST_DAYS),
    }
    return Template("customer/place.html", context=context)


_HOW_LONG = {
    HowLong.ONCE: marked("Only this box"),
    HowLong.SPAN: marked("Until a day"),
    HowLong.GOOD: marked("For good"),
}
