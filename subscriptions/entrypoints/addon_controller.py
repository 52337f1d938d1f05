"""What rides along with a delivery: every button is a form of its own, and works without any script."""

import datetime as dt
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response, Template
from pendulum import DateTime

from ripeday.kit.entrypoints.page import current_page
from ripeday.kit.errors import Invalid, NotFound, Refused
from ripeday.kit.text import message
from subscriptions.entrypoints.guard import WHO, customer_only
from subscriptions.entrypoints.order_change_controller import refused
from subscriptions.errors import NothingRides
from subscriptions.role import Identity
from subscriptions.services.riding import RidingLook, RidingService

Who = NamedDependency[Identity]
Ridings = NamedDependency[RidingService]
Now = NamedDependency[DateTime]
SubscriptionId = FromPath[UUID]
On = FromPath[dt.date]
Visit = Request[Any, Any, Any]


class AddonController(Controller):
    """A jar, a loaf, a bunch: with this box, or with every one."""

    path = "/subscriptions/{subscription_id:uuid}/addons/{on:date}"
    guards = (customer_only,)
    dependencies = WHO

    @get("/")
    async def show(
        self, *, subscription_id: SubscriptionId, on: On, identity: Who, ridings: Ridings, now: Now,
        at: FromQuery[UUID | None] = None, late: FromQuery[dt.date | None] = None,
    ) -> Response[Any]:  # fmt: skip
        """Show what may ride along; `at` was changed last, too `late` for the box of that day."""
        try:
            look = await ridings.look(identity.person_id, subscription_id, on, now=now)
        except NothingRides as error:
            return refused(error, subscription_id)
        return _page(look, at=at, late=late)

    @post("/", status_code=303)
    async def order(
        self, request: Visit, *, subscription_id: SubscriptionId, on: On, identity: Who,
        ridings: Ridings, now: Now,
    ) -> Response[Any]:  # fmt: skip
        """Have `units` of an `addon` with this box or, with `every`, with every box from this one on."""
        form, person = await request.form(), identity.person_id
        addon_id = read_addon(form.get("addon"))
        every_box = bool(form.get("every"))
        try:
            units = read_units(form.get("units"))
            done = await ridings.order(
                person, subscription_id, on, addon_id, units, every_box=every_box, now=now
            )
        except NotFound:
            raise
        except NothingRides as error:
            return refused(error, subscription_id)
        except Refused as error:
            look = await ridings.look(person, subscription_id, on, now=now)
            return _page(look, at=addon_id, wrong=error)
        late = f"&late={on}" if done.is_late else ""
        address = f"/subscriptions/{subscription_id}/addons/{done.counts_on}?at={addon_id}{late}"
        if late and current_page().is_fragment:
            return Response(b"", headers={"hx-redirect": address})
        return Redirect(address, status_code=303)


def read_addon(text: object) -> UUID:
    """Return the thing that a form names.

    Raises
    ------
    NotFound
    """
    try:
        return UUID(str(text or ""))
    except ValueError:
        raise NotFound from None


def read_units(text: object) -> int:
    """Return how many of it a form names.

    Raises
    ------
    Invalid
    """
    digits = str(text or "").strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) < 4):
        raise Invalid("units", message("Give a whole number."))
    return int(digits)


def _page(
    look: RidingLook,
    *,
    at: UUID | None = None,
    late: dt.date | None = None,
    wrong: Refused | None = None,
) -> Template:
    changed = next((each for each in look.choices if each.addon.id == at), None)
    context = {
        "look": look,
        "on": look.delivery.delivery_on,
        "box": look.book.boxes.get(look.delivery.delivery_on),
        "changed": changed,
        "late": late if changed is not None else None,
        "wrong": wrong.message if wrong else None,
    }
    status = 422 if isinstance(wrong, Invalid) else 409 if wrong else 200
    return Template("customer/addons.html", context=context, status_code=status)
