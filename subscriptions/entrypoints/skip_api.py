"""The deliveries of a subscription, and doing without one."""

import datetime as dt
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct
from pendulum import DateTime

from subscriptions.entrypoints.guard import WHO, customer_only
from subscriptions.order import ComingDelivery
from subscriptions.receipt import Receipt
from subscriptions.role import Identity
from subscriptions.services.moving import MovingService
from subscriptions.services.skipping import SkippingService

Who = NamedDependency[Identity]
Skipping = NamedDependency[SkippingService]
Now = NamedDependency[DateTime]


class DeliveryDocument(Struct, frozen=True):
    """A delivery: `state` is open, closed, skipped, given_away, moved or paused.

    Its box is planned for the days up to `lasts_until`. A box that was moved comes on `moved_to`; a double box holds
    the one of `holds`, too. It is `n_trial` trial boxes.
    """

    on: dt.date
    cutoff_at: dt.datetime
    state: str
    can_change: bool
    box: UUID | None
    lasts_until: dt.date | None
    price_minor: int
    n_trial: int
    currency: str
    moved_to: dt.date | None
    holds: dt.date | None


class DeliveriesDocument(Struct, frozen=True):
    """The next deliveries in the order in which they come; `receipt` is the number of what was just done."""

    subscription: UUID
    deliveries: list[DeliveryDocument]
    receipt: str | None = None


class SkipApiController(Controller):
    """A customer's coming deliveries. Before one that is skipped, the box leans to what keeps until the next."""

    path = "/api/v1/subscriptions/{subscription_id:uuid}"
    guards = (customer_only,)
    dependencies = WHO
    include_in_schema = True
    tags = ("customer",)

    @get("/deliveries", summary="Your next deliveries")
    async def list_deliveries(
        self, subscription_id: FromPath[UUID], identity: Who, skipping: Skipping, now: Now
    ) -> DeliveriesDocument:
        """Return the next eight deliveries, skipped ones too."""
        return await deliveries_document(skipping, identity, subscription_id, now=now)

    @post("/skips/{on:date}", status_code=200, summary="Do without a delivery")
    async def skip(
        self,
        *,
        subscription_id: FromPath[UUID],
        on: FromPath[dt.date],
        identity: Who,
        skipping: Skipping,
        now: Now,
    ) -> DeliveriesDocument:
        """Skip the delivery of that day; nothing is charged for it. 409 `past_cutoff` once it is closed,
        `no_skips_left` or `too_many_in_a_row` where the merchant lets no more be skipped.
        """
        receipt = await skipping.skip(identity.person_id, subscription_id, on, now=now)
        return await deliveries_document(skipping, identity, subscription_id, receipt, now=now)

    @post("/skips/{on:date}/withdraw", status_code=200, summary="Have a skipped delivery after all")
    async def withdraw(
        self,
        *,
        subscription_id: FromPath[UUID],
        on: FromPath[dt.date],
        identity: Who,
        skipping: Skipping,
        now: Now,
    ) -> DeliveriesDocument:
        """Take the skip of that day back. 409 `past_cutoff` once it is closed."""
        receipt = await skipping.withdraw(identity.person_id, subscription_id, on, now=now)
        return await deliveries_document(skipping, identity, subscription_id, receipt, now=now)


class MoveApiController(Controller):
    """Boxes that come together. The delivery that is left counts as skipped; the other one brings a double box."""

    path = "/api/v1/subscriptions/{subscription_id:uuid}/moves/{on:date}"
    guards = (customer_only,)
    dependencies = WHO
    include_in_schema = True
    tags = ("customer",)

    @post("/to/{to:date}", status_code=200, summary="Move a box to another delivery")
    async def move(
        self,
        *,
        subscription_id: FromPath[UUID],
        on: FromPath[dt.date],
        to: FromPath[dt.date],
        identity: Who,
        skipping: Skipping,
        moving: NamedDependency[MovingService],
        now: Now,
    ) -> DeliveriesDocument:
        """Have the box of a day come with another, at the price of both.

        409 `past_cutoff` once either is closed, `cannot_move`, and as for skips `no_skips_left`, `too_many_in_a_row`.
        """
        receipt = await moving.move(identity.person_id, subscription_id, on, to_on=to, now=now)
        return await deliveries_document(skipping, identity, subscription_id, receipt, now=now)

    @post("/withdraw", status_code=200, summary="Move a box back to its own day")
    async def move_back(
        self,
        *,
        subscription_id: FromPath[UUID],
        on: FromPath[dt.date],
        identity: Who,
        skipping: Skipping,
        moving: NamedDependency[MovingService],
        now: Now,
    ) -> DeliveriesDocument:
        """Have it by itself again. 409 `past_cutoff` once either delivery is closed."""
        receipt = await moving.move_back(identity.person_id, subscription_id, on, now=now)
        return await deliveries_document(skipping, identity, subscription_id, receipt, now=now)


async def deliveries_document(
    skipping: SkippingService,
    identity: Identity,
    subscription_id: UUID,
    receipt: Receipt | None = None,
    *,
    now: DateTime,
) -> DeliveriesDocument:
    """Return the deliveries of an order as they stand after what was done."""
    coming = await skipping.deliveries(identity.person_id, subscription_id, now=now)
    return DeliveriesDocument(
        subscription_id,
        [
            DeliveryDocument(
                on=each.on,
                cutoff_at=each.cutoff_at,
                state=_state(each),
                can_change=each.is_open,
                box=each.box_id,
                lasts_until=None if each.is_skipped or each.given_to else each.lasts_until,
                price_minor=each.price.minor,
                n_trial=each.n_trial,
                currency=each.price.currency,
                moved_to=each.moved_to,
                holds=each.holds,
            )
            for each in coming
        ],
        None if receipt is None else receipt.number,
    )


def _state(delivery: ComingDelivery) -> str:
    if delivery.moved_to is not None:
        return "moved"
    if delivery.is_skipped:
        return "paused" if delivery.is_paused else "skipped"
    if delivery.given_to is not None:
        return "given_away"
    return "open" if delivery.is_open else "closed"
