"""Giving a box away, and taking that back: said first, then done, then proved by a receipt."""

import datetime as dt
from typing import Any
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Response, Template
from pendulum import DateTime

from ripeday.kit.entrypoints.page import current_page
from subscriptions.donation_prospect import DonationProspect
from subscriptions.entrypoints.guard import WHO, customer_only
from subscriptions.entrypoints.order_change_controller import answered, or_refused
from subscriptions.entrypoints.skip_api import DeliveriesDocument, deliveries_document
from subscriptions.role import Identity
from subscriptions.services.donating import DonatingService
from subscriptions.services.skipping import SkippingService

Who = NamedDependency[Identity]
Donating = NamedDependency[DonatingService]
Now = NamedDependency[DateTime]
SubscriptionId = FromPath[UUID]
On = FromPath[dt.date]


class DonationController(Controller):
    """One box for others."""

    path = "/subscriptions/{subscription_id:uuid}/donations/{on:date}"
    guards = (customer_only,)
    dependencies = WHO

    @get("/")
    async def foresee(
        self,
        *,
        subscription_id: SubscriptionId,
        on: On,
        identity: Who,
        donating: Donating,
        now: Now,
    ) -> Response[Any]:
        """Say what giving this box away would do, or having it after all."""
        asking = donating.foresee(identity.person_id, subscription_id, on, now=now)
        at = f"/subscriptions/{subscription_id}/donations/{on}"
        return await or_refused(asking, subscription_id, lambda found: _page(found, at))

    @post("/")
    async def donate(
        self,
        *,
        subscription_id: SubscriptionId,
        on: On,
        identity: Who,
        donating: Donating,
        now: Now,
    ) -> Response[Any]:
        """Give this box away."""
        doing = donating.donate(identity.person_id, subscription_id, on, now=now)
        return await answered(doing, subscription_id)

    @post("/withdraw")
    async def withdraw(
        self,
        *,
        subscription_id: SubscriptionId,
        on: On,
        identity: Who,
        donating: Donating,
        now: Now,
    ) -> Response[Any]:
        """Have this box after all."""
        doing = donating.withdraw(identity.person_id, subscription_id, on, now=now)
        return await answered(doing, subscription_id)


def _page(prospect: DonationProspect, at: str) -> Template:
    bank = prospect.food_bank.named(current_page().translator.locale)
    return Template("customer/donate.html", context={"prospect": prospect, "bank": bank, "at": at})


class DonationApiController(Controller):
    """Boxes that go to a food bank: packed and paid as ever, and none of the season's skips."""

    path = "/api/v1/subscriptions/{subscription_id:uuid}/donations/{on:date}"
    guards = (customer_only,)
    dependencies = WHO
    include_in_schema = True
    tags = ("customer",)

    @post("/", status_code=200, summary="Give a box away")
    async def donate(
        self,
        *,
        subscription_id: SubscriptionId,
        on: On,
        identity: Who,
        skipping: NamedDependency[SkippingService],
        donating: Donating,
        now: Now,
    ) -> DeliveriesDocument:
        """Have the box of that day left at the food bank of the round.

        409 `past_cutoff` once it is closed, `not_coming` when it is skipped, `no_food_bank` where nobody takes it.
        """
        receipt = await donating.donate(identity.person_id, subscription_id, on, now=now)
        return await deliveries_document(skipping, identity, subscription_id, receipt, now=now)

    @post("/withdraw", status_code=200, summary="Have a box that was given away after all")
    async def withdraw(
        self,
        *,
        subscription_id: SubscriptionId,
        on: On,
        identity: Who,
        skipping: NamedDependency[SkippingService],
        donating: Donating,
        now: Now,
    ) -> DeliveriesDocument:
        """Have it oneself again. 409 `past_cutoff` once it is closed."""
        receipt = await donating.withdraw(identity.person_id, subscription_id, on, now=now)
        return await deliveries_document(skipping, identity, subscription_id, receipt, now=now)
