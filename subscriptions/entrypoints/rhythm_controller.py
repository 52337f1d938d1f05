"""How often boxes come: said first what another rhythm does, then done, then proved by a receipt."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Response, Template
from pendulum import DateTime

from ripeday.kit.entrypoints.form import Form
from ripeday.kit.errors import Invalid, NotFound, Refused
from ripeday.kit.text import message
from subscriptions.entrypoints.guard import WHO, customer_only
from subscriptions.entrypoints.order_change_controller import refused, to_receipt
from subscriptions.order import OrderBook
from subscriptions.rhythm import RHYTHMS, rhythm_words
from subscriptions.rhythm_prospect import RhythmProspect
from subscriptions.role import Identity
from subscriptions.services.rhythm import RhythmService

Who = NamedDependency[Identity]
Rhythms = NamedDependency[RhythmService]
Now = NamedDependency[DateTime]
SubscriptionId = FromPath[UUID]
Visit = Request[Any, Any, Any]


class RhythmController(Controller):
    """Every week, or every second, third or fourth."""

    path = "/subscriptions/{subscription_id:uuid}/rhythm"
    guards = (customer_only,)
    dependencies = WHO

    @get("/")
    async def ask(
        self,
        request: Visit,
        *,
        subscription_id: SubscriptionId,
        identity: Who,
        rhythms: Rhythms,
        now: Now,
    ) -> Response[Any]:
        """Ask how often boxes are to come; with `weeks` in the address, say first what that does."""
        book, choices = await rhythms.choices(identity.person_id, subscription_id, now=now)
        typed = str(request.query_params.get("weeks", ""))
        form = Form({"weeks": typed or str(book.order.cadence_weeks)})
        if not typed:
            return _page(book, choices, form, None)
        try:
            prospect = await rhythms.foresee(
                identity.person_id, subscription_id, read_weeks(typed), now=now
            )
        except Invalid as error:
            return _page(book, choices, form.refused(error), None, status=422)
        except NotFound:
            raise
        except Refused as error:
            return refused(error, subscription_id)
        return _page(book, choices, form, prospect)

    @post("/")
    async def change(
        self,
        request: Visit,
        *,
        subscription_id: SubscriptionId,
        identity: Who,
        rhythms: Rhythms,
        now: Now,
    ) -> Response[Any]:
        """Have boxes come as often as that."""
        typed = str((await request.form()).get("weeks") or "")
        book, choices = await rhythms.choices(identity.person_id, subscription_id, now=now)
        try:
            receipt = await rhythms.change(
                identity.person_id, subscription_id, read_weeks(typed), now=now
            )
        except Invalid as error:
            return _page(book, choices, Form({"weeks": typed}).refused(error), None, status=422)
        except NotFound:
            raise
        except Refused as error:
            return refused(error, subscription_id)
        return to_receipt(receipt)


def read_weeks(text: str) -> int:
    """Return every how many weeks a box is to come.

    Raises
    ------
    Invalid
    """
    weeks = {str(each): each for each in RHYTHMS}.get(text.strip())
    if weeks is None:
        raise Invalid("weeks", message("Choose how often it comes."))
    return weeks


def _page(
    book: OrderBook,
    choices: Sequence[int],
    form: Form,
    prospect: RhythmProspect | None,
    *,
    status: int = 200,
) -> Template:
    context = {
        "order": book.order,
        "now": rhythm_words(book.order.cadence_weeks, book.order.kind),
        "choices": [(weeks, rhythm_words(weeks, book.order.kind)) for weeks in choices],
        "form": form,
        "prospect": prospect,
    }
    return Template("customer/rhythm.html", context=context, status_code=status)
