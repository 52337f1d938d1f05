"""Skipping a delivery or moving its box, and taking that back: said first, then done, then proved by a receipt."""

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Response, Template
from pendulum import DateTime

from ripeday.kit.entrypoints.form import Form
from ripeday.kit.errors import Invalid, NotFound, Refused
from ripeday.kit.text import message
from subscriptions.entrypoints.guard import WHO, customer_only
from subscriptions.move_prospect import MoveProspect
from subscriptions.receipt import Receipt
from subscriptions.role import Identity
from subscriptions.services.moving import MovingService
from subscriptions.services.skipping import SkippingService

Who = NamedDependency[Identity]
Skipping = NamedDependency[SkippingService]
Moving = NamedDependency[MovingService]
Now = NamedDependency[DateTime]
SubscriptionId = FromPath[UUID]
On = FromPath[dt.date]
Found = TypeVar("Found")


class SkipController(Controller):
    """One delivery less."""

    path = "/subscriptions/{subscription_id:uuid}/skips/{on:date}"
    guards = (customer_only,)
    dependencies = WHO

    @get("/")
    async def foresee(
        self,
        *,
        subscription_id: SubscriptionId,
        on: On,
        identity: Who,
        skipping: Skipping,
        now: Now,
    ) -> Response[Any]:
        """Say what skipping this delivery would do, or having it after all."""
        asking = skipping.foresee(identity.person_id, subscription_id, on, now=now)
        at = f"/subscriptions/{subscription_id}/skips/{on}"
        return await or_refused(
            asking,
            subscription_id,
            lambda found: Template("customer/skip.html", context={"prospect": found, "at": at}),
        )

    @post("/")
    async def skip(
        self,
        *,
        subscription_id: SubscriptionId,
        on: On,
        identity: Who,
        skipping: Skipping,
        now: Now,
    ) -> Response[Any]:
        """Do without this delivery."""
        doing = skipping.skip(identity.person_id, subscription_id, on, now=now)
        return await answered(doing, subscription_id)

    @post("/withdraw")
    async def withdraw(
        self,
        *,
        subscription_id: SubscriptionId,
        on: On,
        identity: Who,
        skipping: Skipping,
        now: Now,
    ) -> Response[Any]:
        """Have this delivery after all."""
        doing = skipping.withdraw(identity.person_id, subscription_id, on, now=now)
        return await answered(doing, subscription_id)


class MoveController(Controller):
    """Two boxes together."""

    path = "/subscriptions/{subscription_id:uuid}/moves/{on:date}"
    guards = (customer_only,)
    dependencies = WHO

    @get("/")
    async def foresee(
        self, *, subscription_id: SubscriptionId, on: On, identity: Who, moving: Moving, now: Now
    ) -> Response[Any]:
        """Say where this box can be moved to and what that does, or what moving it back does."""
        foreseen = moving.foresee(identity.person_id, subscription_id, on, now=now)
        return await _move_page(foreseen, subscription_id, on, Form())

    @post("/")
    async def move(
        self,
        request: Request[Any, Any, Any],
        *,
        subscription_id: SubscriptionId,
        on: On,
        identity: Who,
        moving: Moving,
        now: Now,
    ) -> Response[Any]:
        """Move this box."""
        typed = str((await request.form()).get("to") or "")
        try:
            to_on = read_day("to", typed)
            receipt = await moving.move(
                identity.person_id, subscription_id, on, to_on=to_on, now=now
            )
        except NotFound:
            raise
        except Invalid as error:
            form = Form({"to": typed}).refused(error)
            foreseen = moving.foresee(identity.person_id, subscription_id, on, now=now)
            page = await _move_page(foreseen, subscription_id, on, form)
            page.status_code = 409 if page.status_code == 409 else 422
            return page
        except Refused as error:
            return refused(error, subscription_id)
        return to_receipt(receipt)

    @post("/withdraw")
    async def move_back(
        self, *, subscription_id: SubscriptionId, on: On, identity: Who, moving: Moving, now: Now
    ) -> Response[Any]:
        """Move this box back to its own day."""
        doing = moving.move_back(identity.person_id, subscription_id, on, now=now)
        return await answered(doing, subscription_id)


async def _move_page(
    foreseen: Awaitable[MoveProspect], subscription_id: UUID, on: dt.date, form: Form
) -> Template:
    try:
        prospect = await foreseen
    except NotFound:
        raise
    except Refused as error:
        return refused(error, subscription_id)
    context = {
        "prospect": prospect,
        "form": form,
        "at": f"/subscriptions/{subscription_id}/moves/{on}",
    }
    return Template("customer/move.html", context=context)


def read_day(name: str, text: str) -> dt.date:
    """Return a day that was chosen.

    Raises
    ------
    Invalid
    """
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise Invalid(name, message("Choose one of the days that are offered.")) from None


async def answered(doing: Awaitable[Receipt | None], subscription_id: UUID) -> Response[Any]:
    """Do something where no value can be wrong; lead to its receipt, or say why it cannot be done."""
    return await or_refused(doing, subscription_id, to_receipt)


async def or_refused(
    asking: Awaitable[Found], subscription_id: UUID, answer: Callable[[Found], Response[Any]]
) -> Response[Any]:
    """Answer with what is found, or say why it cannot be done.

    Raises
    ------
    Invalid, NotFound
    """
    try:
        found = await asking
    except (Invalid, NotFound):
        raise
    except Refused as error:
        return refused(error, subscription_id)
    return answer(found)


def to_receipt(receipt: Receipt | None) -> Redirect:
    """Lead to the receipt of what was done; where nothing was, to the boxes."""
    return Redirect("/boxes" if receipt is None else f"/receipts/{receipt.number}", status_code=303)


def refused(error: Refused, subscription_id: UUID) -> Template:
    """Say why something cannot be done, and what can be done instead."""
    context = {"said": error.message, "code": error.code, "subscription_id": subscription_id}
    return Template("customer/refused.html", context=context, status_code=409)
