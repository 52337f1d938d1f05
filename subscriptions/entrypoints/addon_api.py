"""What rides along with a delivery, by program."""

import datetime as dt
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct
from pendulum import DateTime

from subscriptions.addon_prospect import AddonChoice
from subscriptions.entrypoints.addon_controller import read_addon, read_units
from subscriptions.entrypoints.guard import WHO, customer_only
from subscriptions.entrypoints.standing_api import values_of
from subscriptions.role import Identity
from subscriptions.services.riding import RidingLook, RidingService

Who = NamedDependency[Identity]
Ridings = NamedDependency[RidingService]
Now = NamedDependency[DateTime]


class AddonDocument(Struct, frozen=True):
    """One thing: `units` come with this delivery, `every_box` with every one. `price_minor` is that of one.

    From `closes_at` on a change counts from `counts_on`, absent where it is no longer to be had.
    """

    id: UUID
    name: str
    name_zh: str
    price_minor: int
    units: int
    every_box: int
    closes_at: dt.datetime
    counts_on: dt.date | None
    last_on: dt.date | None


class AddonsDocument(Struct, frozen=True):
    """What may ride along with a delivery, and what it costs: `price_minor` is all, `box_minor` the box of it."""

    subscription: UUID
    on: dt.date
    addons: list[AddonDocument]
    box_minor: int
    price_minor: int
    currency: str


class CountedDocument(Struct, frozen=True):
    """From which delivery a change counts, and that delivery as it is now."""

    counts_on: dt.date
    delivery: AddonsDocument


class AddonApiController(Controller):
    """What rides along in a box: each thing closes at its own time, never after the box."""

    path = "/api/v1/subscriptions/{subscription_id:uuid}/addons/{on:date}"
    guards = (customer_only,)
    dependencies = WHO
    include_in_schema = True
    tags = ("customer",)

    @get("/", summary="What may ride along with a delivery")
    async def show(
        self,
        *,
        subscription_id: FromPath[UUID],
        on: FromPath[dt.date],
        identity: Who,
        ridings: Ridings,
        now: Now,
    ) -> AddonsDocument:
        """Return what there is, how many come, and what the delivery costs. 409 `nothing_rides` without a box."""
        return _document(await ridings.look(identity.person_id, subscription_id, on, now=now))

    @post("/", status_code=200, summary="Have something ride along, or take it out")
    async def order(
        self,
        request: Request[Any, Any, Any],
        *,
        subscription_id: FromPath[UUID],
        on: FromPath[dt.date],
        identity: Who,
        ridings: Ridings,
        now: Now,
    ) -> CountedDocument:
        """Have `units` of an `addon`, none to take it out, with this delivery or with `every` box from it on.

        Once it has closed for that delivery the change counts for the next. 409 `addon_full`, `addon_gone`,
        `nothing_rides`.
        """
        said, person = await values_of(request, "addon", "units", "every"), identity.person_id
        addon_id, units = read_addon(said["addon"]), read_units(said["units"])
        done = await ridings.order(
            person, subscription_id, on, addon_id, units, every_box=bool(said["every"]), now=now
        )
        look = await ridings.look(person, subscription_id, done.counts_on, now=now)
        return CountedDocument(done.counts_on, _document(look))


def _document(look: RidingLook) -> AddonsDocument:
    on = look.delivery.delivery_on
    return AddonsDocument(
        look.book.order.id,
        on,
        [_addon(each, on) for each in look.choices],
        look.box_price.minor,
        look.price.minor,
        look.price.currency,
    )


def _addon(choice: AddonChoice, on: dt.date) -> AddonDocument:
    addon = choice.addon
    return AddonDocument(
        id=addon.id,
        name=addon.name,
        name_zh=addon.name_zh,
        price_minor=addon.price.minor,
        units=choice.units,
        every_box=choice.every,
        closes_at=choice.closes.cutoff_at,
        counts_on=choice.next_on if choice.closes.is_closed else on,
        last_on=addon.last_on,
    )
