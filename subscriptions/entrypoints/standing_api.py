"""Pausing, resuming and ending a subscription by program, and the receipts that come of it."""

import datetime as dt
from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from msgspec import Struct
from pendulum import DateTime

from ripeday.kit.entrypoints.page import speaker
from ripeday.kit.errors import Invalid, NotFound
from ripeday.kit.text import Message, message
from subscriptions.adapters import receipt_store
from subscriptions.entrypoints.guard import WHO, customer_only
from subscriptions.entrypoints.receipt_controller import in_utc
from subscriptions.entrypoints.standing_controller import read_reason, read_span
from subscriptions.receipt import Deed, Receipt
from subscriptions.receipt_wording import heading
from subscriptions.role import Identity
from subscriptions.services.cancelling import CancellingService
from subscriptions.services.pausing import PausingService
from subscriptions.services.receipts import prove

Who = NamedDependency[Identity]
Pausing = NamedDependency[PausingService]
Cancelling = NamedDependency[CancellingService]
Now = NamedDependency[DateTime]
SubscriptionId = FromPath[UUID]
Visit = Request[Any, Any, Any]

_MOST = 50
_LONGEST_NUMBER = 40


class ReceiptDocument(Struct, frozen=True):
    """A receipt: what was done and when it was asked; `hash` is SHA-256 over it and the hash before."""

    number: str
    subscription: UUID
    position: int
    deed: str
    said: str
    delivery_on: dt.date | None
    until_on: dt.date | None
    next_on: dt.date | None
    asked_at: dt.datetime
    cutoff_at: dt.datetime | None
    effect_minor: int
    currency: str
    previous: str
    hash: str


class ReceiptsDocument(Struct, frozen=True):
    """Receipts, newest first."""

    receipts: list[ReceiptDocument]


class ProofDocument(Struct, frozen=True):
    """What a number proves: `holds` is whether the receipt and all before it are as they were written."""

    holds: bool
    receipt: ReceiptDocument


class ProspectDocument(Struct, frozen=True):
    """What something would do, in sentences; nothing is changed by asking."""

    points: list[str]


class StandingApiController(Controller):
    """Whether boxes come. Each change answers with its receipt."""

    path = "/api/v1/subscriptions/{subscription_id:uuid}"
    guards = (customer_only,)
    dependencies = WHO
    include_in_schema = True
    tags = ("customer",)

    @get("/pause", summary="What a pause would do")
    async def foresee_pause(
        self,
        request: Visit,
        *,
        subscription_id: SubscriptionId,
        identity: Who,
        pausing: Pausing,
        now: Now,
    ) -> ProspectDocument:
        """Say what a pause from the delivery `from` until the day `until` would do; both are in the query."""
        typed = {name: str(request.query_params.get(name, "")) for name in ("from", "until")}
        from_on, until_on = read_span(typed)
        prospect = await pausing.foresee(
            identity.person_id, subscription_id, from_on=from_on, until_on=until_on, now=now
        )
        return prospect_document(prospect.points)

    @post("/pause", status_code=200, summary="Pause until a day")
    async def pause(
        self,
        request: Visit,
        *,
        subscription_id: SubscriptionId,
        identity: Who,
        pausing: Pausing,
        now: Now,
    ) -> ReceiptDocument:
        """Do without every delivery from `from` (one that may still change) until `until`.

        409 `past_cutoff` once the first is closed, `not_running` where a pause is open or the subscription has ended.
        """
        from_on, until_on = read_span(await values_of(request, "from", "until"))
        receipt = await pausing.pause(
            identity.person_id, subscription_id, from_on=from_on, until_on=until_on, now=now
        )
        return document(receipt)

    @post("/resume", status_code=200, summary="End the pause now")
    async def resume(
        self, *, subscription_id: SubscriptionId, identity: Who, pausing: Pausing, now: Now
    ) -> ReceiptDocument:
        """Have every paused delivery that may still change come again. 409 `not_running` without a pause."""
        return document(await pausing.resume(identity.person_id, subscription_id, now=now))

    @get("/cancel", summary="What cancelling would do")
    async def foresee_cancel(
        self, *, subscription_id: SubscriptionId, identity: Who, cancelling: Cancelling, now: Now
    ) -> ProspectDocument:
        """Say which boxes would still come, and what would be refunded."""
        prospect = await cancelling.foresee(identity.person_id, subscription_id, now=now)
        return prospect_document(prospect.points)

    @post("/cancel", status_code=200, summary="Cancel the subscription")
    async def cancel(
        self,
        request: Visit,
        *,
        subscription_id: SubscriptionId,
        identity: Who,
        cancelling: Cancelling,
        now: Now,
    ) -> ReceiptDocument:
        """End it, with a `reason` or none. 409 `not_running` where it has ended, or was cancelled already."""
        reason = read_reason((await values_of(request, "reason"))["reason"])
        receipt = await cancelling.cancel(
            identity.person_id, subscription_id, reason=reason, now=now
        )
        return document(receipt)

    @post("/cancel/withdraw", status_code=200, summary="Go on after all")
    async def withdraw(
        self, *, subscription_id: SubscriptionId, identity: Who, cancelling: Cancelling, now: Now
    ) -> ReceiptDocument:
        """Take a cancellation back while its notice runs. 409 `not_running` after that."""
        return document(await cancelling.withdraw(identity.person_id, subscription_id, now=now))


class ReceiptApiController(Controller):
    """What was done with a customer's deliveries."""

    path = "/api/v1/receipts"
    guards = (customer_only,)
    dependencies = WHO
    include_in_schema = True
    tags = ("customer",)

    @get("/", summary="Your receipts")
    async def list_receipts(
        self, identity: Who, before: FromQuery[dt.datetime | None] = None
    ) -> ReceiptsDocument:
        """Return the last fifty receipts, those asked for before an instant where one is given."""
        views = await receipt_store.own_receipts(
            identity.person_id, deeds=tuple(Deed), before=in_utc(before), limit=_MOST
        )
        return ReceiptsDocument([document(view.receipt) for view in views])


class VerifyApiController(Controller):
    """For every program that has the number of a receipt."""

    path = "/api/v1/verify"
    include_in_schema = True
    tags = ("public",)

    @get("/{number:str}", summary="What a receipt proves")
    async def verify(self, number: FromPath[str]) -> ProofDocument:
        """Recompute the chain up to a receipt."""
        proof = await prove(number[:_LONGEST_NUMBER])
        if proof is None:
            raise NotFound
        return ProofDocument(proof.is_true, document(proof.view.receipt))


def document(receipt: Receipt) -> ReceiptDocument:
    """Return a receipt for programs."""
    done = receipt.done
    return ReceiptDocument(
        receipt.number, receipt.subscription_id, receipt.position, done.deed.value,
        speaker().render(heading(done)), done.delivery_on, done.until_on, done.next_on, done.asked_at,
        done.cutoff_at, done.effect_minor, done.currency, receipt.previous, receipt.digest,
    )  # fmt: skip


def prospect_document(points: tuple[Message, ...]) -> ProspectDocument:
    """Return sentences for programs."""
    return ProspectDocument([speaker().render(point) for point in points])


async def values_of(request: Visit, *names: str) -> dict[str, str]:
    """Return values of a JSON object or of a form; what is missing is empty.

    Raises
    ------
    Invalid
    """
    if "json" not in request.headers.get("content-type", ""):
        form = await request.form()
        return {name: str(form.get(name) or "") for name in names}
    try:
        found = msgspec.json.decode(await request.body(), type=dict[str, str | None])
    except msgspec.MsgspecError:
        raise Invalid(names[0], message("Send a JSON object of texts.")) from None
    return {name: found.get(name) or "" for name in names}
