"""Skipping a delivery, and having it after all: each said first, then done, then proved by a receipt."""

import datetime as dt
from typing import Any
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Response, Template
from pendulum import DateTime

from ripeday.kit.errors import Invalid, NotFound, Refused
from subscriptions.entrypoints.guard import WHO, customer_only
from subscriptions.receipt import Receipt
from subscriptions.role import Identity
from subscriptions.services.skipping import SkippingService

Who = NamedDependency[Identity]
Skipping = NamedDependency[SkippingService]
Now = NamedDependency[DateTime]
SubscriptionId = FromPath[UUID]
On = FromPath[dt.date]


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
        try:
            prospect = await skipping.foresee(identity.person_id, subscription_id, on, now=now)
        except (Invalid, NotFound):
            raise
        except Refused as error:
            return refused(error, subscription_id)
        context = {"prospect": prospect, "at": f"/subscriptions/{subscription_id}/skips/{on}"}
        return Template("customer/skip.html", context=context)

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
        try:
            receipt = await skipping.skip(identity.person_id, subscription_id, on, now=now)
        except (Invalid, NotFound):
            raise
        except Refused as error:
            return refused(error, subscription_id)
        return to_receipt(receipt)

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
        try:
            receipt = await skipping.withdraw(identity.person_id, subscription_id, on, now=now)
        except (Invalid, NotFound):
            raise
        except Refused as error:
            return refused(error, subscription_id)
        return to_receipt(receipt)


def to_receipt(receipt: Receipt | None) -> Redirect:
    """Lead to the receipt of what was done; where nothing was, to the boxes."""
    return Redirect("/boxes" if receipt is None else f"/receipts/{receipt.number}", status_code=303)


def refused(error: Refused, subscription_id: UUID) -> Template:
    """Say why something cannot be done, and what can be done instead."""
    context = {"said": error.message, "code": error.code, "subscription_id": subscription_id}
    return Template("customer/refused.html", context=context, status_code=409)
