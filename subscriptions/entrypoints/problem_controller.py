"""Something wrong with what came: told in one form, with the credit in sight before it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from litestar import Controller, Request, get, post
from litestar.datastructures import FormMultiDict, UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response, Template
from pendulum import DateTime

from ripeday.kit.clock import local_day
from ripeday.kit.entrypoints.form import Form
from ripeday.kit.entrypoints.page import speaker
from ripeday.kit.errors import Invalid, InvalidForm, NotFound
from ripeday.kit.money import Money
from ripeday.kit.text import Message, message
from ripening.produce import Produce
from ripening.unit import units_in_words
from subscriptions.adapters import credit_store, problem_store
from subscriptions.adapters.photo import MOST_BYTES
from subscriptions.adapters.problem_store import LineToTell, ProblemView
from subscriptions.entrypoints.form_reader import FormReader
from subscriptions.entrypoints.guard import WHO, customer_only
from subscriptions.entrypoints.own_household import again
from subscriptions.problem import ProblemKind, last_day_to_tell
from subscriptions.role import Identity
from subscriptions.services.problem import ProblemService, Telling, Worth, may_tell, worth_of

_ROOM_FOR_FORM = 100_000
_MOST_WORDS = 300

Visit = Request[Any, Any, Any]
Who = NamedDependency[Identity]
Profiles = NamedDependency[Mapping[str, Produce]]
Problems = NamedDependency[ProblemService]
Now = NamedDependency[DateTime]
LineId = FromPath[UUID]

PRIVATE = {"cache-control": "private, no-store", "content-disposition": "inline"}
"""How photos are sent: for this person's eyes, and kept by nobody on the way."""


@dataclass(frozen=True, slots=True)
class Told:
    """A problem as its page lists it."""

    problem: ProblemView
    amount: Message


class ProblemController(Controller):
    """Spoiled, damaged, missing, not ripe in time: of a line of one's own box."""

    path = "/problems"
    guards = (customer_only,)
    dependencies = WHO

    @get("/{line_id:uuid}")
    async def ask(
        self,
        *,
        line_id: LineId,
        identity: Who,
        profiles: Profiles,
        problems: Problems,
        now: Now,
        sent: FromQuery[UUID | None] = None,
    ) -> Template:
        """Show the form, and what was told of this line before; `sent` is what was told just now."""
        line = await problems.line(identity.person_id, line_id, now=now)
        form = Form({"try": str(uuid4()), "units": "1"})
        return await _page(identity, line, profiles, form, sent=sent, now=now)

    @post("/{line_id:uuid}", status_code=303, request_max_body_size=MOST_BYTES + _ROOM_FOR_FORM)
    async def tell(
        self,
        request: Visit,
        *,
        line_id: LineId,
        identity: Who,
        profiles: Profiles,
        problems: Problems,
        now: Now,
    ) -> Response[Any]:
        """Take it, and show what is credited."""
        form = await request.form()
        line = await problems.line(identity.person_id, line_id, now=now)
        try:
            telling = await read_telling(form)
            told = await problems.tell(identity.person_id, line_id, telling, now=now)
        except (Invalid, InvalidForm) as error:
            kept = {name: value for name, value in form.items() if isinstance(value, str)}
            refused = Form(kept).refused(error)
            page = again(await _page(identity, line, profiles, refused, sent=None, now=now))
            if not page.context["may_tell"]:
                page.status_code = 409  # in place of the form it says why there is none
            return page
        return Redirect(f"/problems/{line_id}?sent={told.id}#told", status_code=303)

    @get("/photos/{photo_id:uuid}")
    async def show_photo(self, photo_id: FromPath[UUID], identity: Who) -> Response[bytes]:
        """Send a photo to whoever sent it.

        Raises
        ------
        NotFound
        """
        content = await problem_store.photo_of(identity.person_id, photo_id)
        if content is None:
            raise NotFound
        return Response(content, media_type="image/jpeg", headers=PRIVATE)


async def read_telling(form: FormMultiDict) -> Telling:
    """Read what a household tells.

    Raises
    ------
    InvalidForm
    """
    reader = FormReader(form)
    kind = reader.choice(
        "kind", [each.value for each in ProblemKind], message("Say what is wrong.")
    )
    number = str(form.get("units") or "")
    units = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0
    if not units:
        reader.refuse("units", message("Say how many, up to as many as came."))
    said = reader.line("said", None, most=_MOST_WORDS)
    try_key = _uuid(str(form.get("try") or ""))
    photo = form.get("photo")
    sent = await photo.read() if isinstance(photo, UploadFile) else None
    reader.done()
    return Telling(ProblemKind(kind), units, said or None, sent or None, try_key)


def _uuid(text: str) -> UUID:
    """Return the key of a form; one that was tampered with is a form of its own."""
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


async def _page(
    identity: Identity,
    line: LineToTell,
    profiles: Mapping[str, Produce],
    form: Form,
    *,
    sent: UUID | None,
    now: DateTime,
) -> Template:
    produce = profiles[line.produce_key]
    left = line.units - line.units_told
    told = await problem_store.problems_of_line(identity.person_id, line.line_id)
    worths = [worth_of(line, n) for n in range(1, left + 1)]
    balances = await credit_store.balances_of(identity.person_id)
    zh = speaker().locale == "zh"
    context = {
        "line": line,
        "merchant": line.merchant_name_zh if zh else line.merchant_name,
        "form": form,
        "name": units_in_words(produce, line.units),
        "told": [Told(each, units_in_words(produce, each.units)) for each in told],
        "sent": sent if any(each.id == sent for each in told) else None,
        "kinds": [(kind.value, kind.words) for kind in ProblemKind],
        "options": [(worth.units, _option(worth, produce)) for worth in worths],
        "may_tell": may_tell(line, now=now) and bool(worths),
        "is_early": local_day(now, line.timezone) < line.delivery_on,
        "until": last_day_to_tell(line.delivery_on, line.eat, line.last_day, line.rule),
        "at_once": _at_once(line),
        "balance": balances.get(line.household_id),
    }
    return Template("customer/problem.html", context=context)


def _option(worth: Worth, produce: Produce) -> Message:
    amount = units_in_words(produce, worth.units)
    if worth.review is None:
        return message("{amount}: {credit} back at once", amount=amount, credit=worth.credit)
    return message("{amount}: {credit}, we look at it first", amount=amount, credit=worth.credit)


def _at_once(line: LineToTell) -> Money:
    """Return what of the box may be credited without anybody looking."""
    return Money(line.price.minor * line.rule.at_once_pct // 100, line.price.currency)
