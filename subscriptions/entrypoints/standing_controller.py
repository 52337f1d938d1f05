"""Pausing a subscription, letting it run again, and ending it: each said first, then done, then proved by a receipt."""

import datetime as dt
from collections.abc import Mapping
from itertools import islice
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Response, Template
from pendulum import DateTime

from ripeday.kit.entrypoints.form import Form
from ripeday.kit.errors import Invalid, NotFound, Refused
from ripeday.kit.text import Message, message
from subscriptions.cancelling import CancelReason
from subscriptions.entrypoints.guard import WHO, customer_only
from subscriptions.entrypoints.order_change_controller import answered, refused, to_receipt
from subscriptions.errors import NotRunning
from subscriptions.order import OrderBook
from subscriptions.pause_prospect import PauseProspect
from subscriptions.role import Identity
from subscriptions.services.cancelling import CancellingService
from subscriptions.services.ordering import order_book
from subscriptions.services.pausing import LONGEST_DAYS, PausingService

Who = NamedDependency[Identity]
Pausing = NamedDependency[PausingService]
Cancelling = NamedDependency[CancellingService]
Now = NamedDependency[DateTime]
SubscriptionId = FromPath[UUID]
Visit = Request[Any, Any, Any]

_FROM_SHOWN = 8


class PauseController(Controller):
    """No boxes until a day."""

    path = "/subscriptions/{subscription_id:uuid}"
    guards = (customer_only,)
    dependencies = WHO

    @get("/pause")
    async def ask(
        self,
        request: Visit,
        *,
        subscription_id: SubscriptionId,
        identity: Who,
        pausing: Pausing,
        now: Now,
    ) -> Response[Any]:
        """Ask from when until when; with both in the address, say first what that does."""
        book = await order_book(identity.person_id, subscription_id, now=now)
        if book.pause is not None:
            prospect = await pausing.foresee_resuming(identity.person_id, subscription_id, now=now)
            context = {"prospect": prospect, "until": book.pause.until_on, "order": book.order}
            return Template("customer/resume.html", context=context)
        typed = {name: str(request.query_params.get(name, "")) for name in ("from", "until")}
        if not typed["until"]:
            return _pause_page(book, Form(typed), None, now=now)
        try:
            from_on, until_on = read_span(typed)
            prospect = await pausing.foresee(
                identity.person_id, subscription_id, from_on=from_on, until_on=until_on, now=now
            )
        except Invalid as error:
            return _pause_again(book, Form(typed), error, now=now)
        except NotFound:
            raise
        except Refused as error:
            return refused(error, subscription_id)
        return _pause_page(book, Form(typed), prospect, now=now)

    @post("/pause")
    async def pause(
        self,
        request: Visit,
        *,
        subscription_id: SubscriptionId,
        identity: Who,
        pausing: Pausing,
        now: Now,
    ) -> Response[Any]:
        """Pause."""
        form = await request.form()
        typed = {name: str(form.get(name) or "") for name in ("from", "until")}
        book = await order_book(identity.person_id, subscription_id, now=now)
        try:
            from_on, until_on = read_span(typed)
            receipt = await pausing.pause(
                identity.person_id, subscription_id, from_on=from_on, until_on=until_on, now=now
            )
        except Invalid as error:
            return _pause_again(book, Form(typed), error, now=now)
        except NotFound:
            raise
        except Refused as error:
            return refused(error, subscription_id)
        return to_receipt(receipt)

    @post("/resume")
    async def resume(
        self, *, subscription_id: SubscriptionId, identity: Who, pausing: Pausing, now: Now
    ) -> Response[Any]:
        """End the pause now."""
        doing = pausing.resume(identity.person_id, subscription_id, now=now)
        return await answered(doing, subscription_id)


class CancelController(Controller):
    """The end of a subscription."""

    path = "/subscriptions/{subscription_id:uuid}/cancel"
    guards = (customer_only,)
    dependencies = WHO

    @get("/")
    async def ask(
        self, *, subscription_id: SubscriptionId, identity: Who, cancelling: Cancelling, now: Now
    ) -> Response[Any]:
        """Say what cancelling does, and where it stands once it was asked for."""
        return await _cancel_page(cancelling, identity, subscription_id, Form(), now)

    @post("/")
    async def cancel(
        self,
        request: Visit,
        *,
        subscription_id: SubscriptionId,
        identity: Who,
        cancelling: Cancelling,
        now: Now,
    ) -> Response[Any]:
        """Cancel, with or without a reason."""
        form = await request.form()
        typed = str(form.get("reason") or "")
        try:
            reason = read_reason(typed)
            receipt = await cancelling.cancel(
                identity.person_id, subscription_id, reason=reason, now=now
            )
        except Invalid as error:
            asked = Form({"reason": typed}).refused(error)
            page = await _cancel_page(cancelling, identity, subscription_id, asked, now)
            is_asking = page.context["prospect"].stage == "running"
            return _again(page) if is_asking else refused(NotRunning(), subscription_id)
        except NotFound:
            raise
        except Refused as error:
            return refused(error, subscription_id)
        return to_receipt(receipt)

    @post("/withdraw")
    async def withdraw(
        self, *, subscription_id: SubscriptionId, identity: Who, cancelling: Cancelling, now: Now
    ) -> Response[Any]:
        """Go on after all."""
        doing = cancelling.withdraw(identity.person_id, subscription_id, now=now)
        return await answered(doing, subscription_id)


def read_span(typed: Mapping[str, str]) -> tuple[dt.date, dt.date]:
    """Return from which delivery until which day.

    Raises
    ------
    Invalid
    """
    return (
        _day(typed, "from", message("Choose the first box that you do without.")),
        _day(typed, "until", message("Choose a day, like 2027-01-04.")),
    )


def read_reason(text: str) -> CancelReason | None:
    """Return why somebody goes; nobody has to say.

    Raises
    ------
    Invalid
    """
    if not text:
        return None
    if text not in {reason.value for reason in CancelReason}:
        raise Invalid("reason", message("Choose one of the reasons, or none."))
    return CancelReason(text)


def _day(typed: Mapping[str, str], name: str, said: Message) -> dt.date:
    try:
        return dt.date.fromisoformat(typed[name].strip())
    except ValueError:
        raise Invalid(name, said) from None


def _pause_page(
    book: OrderBook, form: Form, prospect: PauseProspect | None, *, now: DateTime
) -> Template:
    first = [each.delivery_on for each in islice(book.open_from(now), _FROM_SHOWN)]
    today = book.today(now)
    context = {
        "order": book.order,
        "form": form,
        "first": first,
        "prospect": prospect,
        "earliest": today.add(days=1),
        "latest": today.add(days=LONGEST_DAYS),
    }
    return Template("customer/pause.html", context=context)


def _pause_again(book: OrderBook, form: Form, error: Invalid, *, now: DateTime) -> Template:
    """Show the form again with what is wrong; where no box is left to pause, say so."""
    if next(book.open_from(now), None) is None:
        return refused(error, book.order.id)
    return _again(_pause_page(book, form.refused(error), None, now=now))


async def _cancel_page(
    cancelling: CancellingService,
    identity: Identity,
    subscription_id: UUID,
    form: Form,
    now: DateTime,
) -> Template:
    prospect = await cancelling.foresee(identity.person_id, subscription_id, now=now)
    reasons = [(reason.value, reason.words) for reason in CancelReason]
    context = {"prospect": prospect, "form": form, "reasons": reasons}
    return Template("customer/cancel.html", context=context)


def _again(page: Template) -> Template:
    page.status_code = 422
    return page
