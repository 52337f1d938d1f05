"""Where boxes go, and other places for them, by program."""

import datetime as dt
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct
from pendulum import DateTime

from ripeday.kit.entrypoints.page import speaker
from ripeday.kit.text import Named
from subscriptions.entrypoints.guard import WHO, customer_only
from subscriptions.entrypoints.place_form import FIELDS, read_asked
from subscriptions.entrypoints.standing_api import (
    ProspectDocument,
    ReceiptDocument,
    document,
    prospect_document,
    values_of,
)
from subscriptions.place import Door, Place, StopPlace
from subscriptions.role import Identity
from subscriptions.services.placing import PlaceDesk, PlacingService

Who = NamedDependency[Identity]
Placing = NamedDependency[PlacingService]
Now = NamedDependency[DateTime]
SubscriptionId = FromPath[UUID]
On = FromPath[dt.date]
Visit = Request[Any, Any, Any]


class PlaceDocument(Struct, frozen=True):
    """A place: a stop has an id, a name and hours, a door has none of them."""

    street: str
    postcode: str
    city: str
    stop: UUID | None = None
    name: str | None = None
    hours: str | None = None


class StopDocument(Struct, frozen=True):
    """A stop of the round, and whether it is full on the day asked about."""

    place: PlaceDocument
    is_full: bool


class WhereDocument(Struct, frozen=True):
    """Where the box of a day goes; `until` is set while that is another place than usual."""

    on: dt.date
    place: PlaceDocument | None
    usual: PlaceDocument | None
    until: dt.date | None
    stops: list[StopDocument]


class PlaceApiController(Controller):
    """Where boxes go. Each change answers with its receipt."""

    path = "/api/v1/subscriptions/{subscription_id:uuid}/places/{on:date}"
    guards = (customer_only,)
    dependencies = WHO
    include_in_schema = True
    tags = ("customer",)

    @get("/", summary="Where a box goes")
    async def show(
        self, *, subscription_id: SubscriptionId, on: On, identity: Who, placing: Placing, now: Now
    ) -> WhereDocument:
        """Return where the box of a day goes, and the stops of its round."""
        return _where(await placing.desk(identity.person_id, subscription_id, on, now=now), on)

    @post("/look", status_code=200, summary="What another place would do")
    async def foresee(
        self,
        request: Visit,
        *,
        subscription_id: SubscriptionId,
        on: On,
        identity: Who,
        placing: Placing,
        now: Now,
    ) -> ProspectDocument:
        """Say which boxes would go there, and when it would be as usual again; the values are those of the change."""
        desk = await placing.desk(identity.person_id, subscription_id, on, now=now)
        asked = read_asked(await values_of(request, *FIELDS), country=desk.served.country)
        prospect = await placing.foresee(identity.person_id, subscription_id, on, asked, now=now)
        return prospect_document(prospect.points)

    @post("/", status_code=200, summary="Have a box go elsewhere")
    async def change(
        self,
        request: Visit,
        *,
        subscription_id: SubscriptionId,
        on: On,
        identity: Who,
        placing: Placing,
        now: Now,
    ) -> ReceiptDocument:
        """Have the box of that day, and those after it that are meant, go elsewhere.

        `place` is a stop's id, `home`, or `address` with `street`, `postcode`, `city` and `delivery_note`; `how_long`
        is once, span (then `until` is a day) or good.

        409 `past_cutoff` once it is closed, `given_away`, `place_taken` where boxes of those days go to another place
        already; 422 where a stop is full on one of the days.
        """
        desk = await placing.desk(identity.person_id, subscription_id, on, now=now)
        asked = read_asked(await values_of(request, *FIELDS), country=desk.served.country)
        return document(
            await placing.change(identity.person_id, subscription_id, on, asked, now=now)
        )

    @post("/withdraw", status_code=200, summary="Have boxes go to the usual place again")
    async def withdraw(
        self, *, subscription_id: SubscriptionId, on: On, identity: Who, placing: Placing, now: Now
    ) -> WhereDocument:
        """End the other place with the box of that day. 409 `past_cutoff` once it is closed."""
        await placing.withdraw(identity.person_id, subscription_id, on, now=now)
        return _where(await placing.desk(identity.person_id, subscription_id, on, now=now), on)


def _where(desk: PlaceDesk, on: dt.date) -> WhereDocument:
    span = desk.places.span_on(on)
    return WhereDocument(
        on,
        _document(desk.places.on(on)),
        _document(desk.places.usual),
        None if span is None else span.until_on,
        [StopDocument(_stop(each.place), each.is_full) for each in desk.stops],
    )


def _document(place: Place | None) -> PlaceDocument | None:
    if place is None:
        return None
    if isinstance(place, Door):
        return PlaceDocument(place.street, place.postcode, place.city)
    return _stop(place)


def _stop(place: StopPlace) -> PlaceDocument:
    return PlaceDocument(
        place.street, place.postcode, place.city, place.id, _said(place.named), _said(place.open_hours)
    )  # fmt: skip


def _said(name: Named) -> str:
    return name.zh if speaker().locale == "zh" else name.en
