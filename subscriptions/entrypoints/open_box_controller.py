"""Changing a box that is still open: every button is a form of its own, and works without any script."""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response, Template
from pendulum import DateTime

from ripeday.kit.entrypoints.page import current_page
from ripeday.kit.errors import Invalid, NotFound, Refused
from ripeday.kit.text import Message
from ripening.produce import Produce
from ripening.unit import name_in_words
from subscriptions.adapters import box_view_store
from subscriptions.box_edit import units_asked
from subscriptions.box_state import BoxState
from subscriptions.entrypoints.change_view import changes_shown
from subscriptions.entrypoints.customer_view import BoxCard, load_cards
from subscriptions.entrypoints.guard import WHO, customer_only
from subscriptions.entrypoints.open_box_view import OpenBoxPage, ideas_shown, open_box_page
from subscriptions.entrypoints.place_view import place_view
from subscriptions.entrypoints.riding_view import riding_view
from subscriptions.entrypoints.scarce_view import scarce_shown
from subscriptions.errors import PastCutoff
from subscriptions.role import Identity
from subscriptions.services.edit_look import EditLook
from subscriptions.services.editing import EditingService

Who = NamedDependency[Identity]
Profiles = NamedDependency[Mapping[str, Produce]]
Editing = NamedDependency[EditingService]
Now = NamedDependency[DateTime]
Visit = Request[Any, Any, Any]

_LEFT = "left_bare"
_LEFT_KEPT = 8
"""Boxes of which this browser remembers that a bare day is all right."""


@dataclass(frozen=True, slots=True)
class _Room:
    """What every answer here needs."""

    request: Visit
    person_id: UUID
    box_id: UUID
    profiles: Mapping[str, Produce]
    editing: EditingService
    now: DateTime

    @property
    def address(self) -> str:
        return f"/boxes/{self.box_id}"

    @property
    def left(self) -> Sequence[str]:
        """Days of the box that may stay bare."""
        found: Sequence[str] = self.request.session.get(_LEFT, {}).get(str(self.box_id), ())
        return found

    async def card(self) -> BoxCard:
        """Return the box as it is stored now."""
        box = await box_view_store.box_of(self.person_id, self.box_id)
        if box is None:
            raise NotFound
        (card,) = await load_cards([box], profiles=self.profiles, now=self.now, with_gaps=[box])
        return card

    async def page(self, look: EditLook | None = None) -> OpenBoxPage:
        look = look or await self.editing.preview(self.person_id, self.box_id, {}, now=self.now)
        return open_box_page(await self.card(), look, self.profiles, left=self.left)


class OpenBoxController(Controller):
    """Swap, take out, put back, add, undo: until the cut-off, as often as one likes."""

    path = "/boxes/{box_id:uuid}"
    guards = (customer_only,)
    dependencies = WHO

    @post("/change", status_code=303)
    async def change(
        self, request: Visit, *, box_id: FromPath[UUID], identity: Who, profiles: Profiles,
        editing: Editing, now: Now,
    ) -> Response[Any]:  # fmt: skip
        """Have other units of some lots in the box: `change` is "LOT:UNITS", as often as needed."""
        room = _Room(request, identity.person_id, box_id, profiles, editing, now)
        form = await request.form()
        at = _produce_at(form.get("at"), profiles)
        try:
            asked = units_asked([str(each) for each in form.getall("change", [])])
        except Invalid as error:
            return await _refused(room, error, at)
        seen = str(form.get("seen") or "") or None
        doing = editing.change(identity.person_id, box_id, asked, seen=seen, now=now)
        return await _done(room, doing, at)

    @post("/undo", status_code=303)
    async def undo(
        self, request: Visit, *, box_id: FromPath[UUID], identity: Who, profiles: Profiles,
        editing: Editing, now: Now,
    ) -> Response[Any]:  # fmt: skip
        """Take the last change back."""
        room = _Room(request, identity.person_id, box_id, profiles, editing, now)
        form = await request.form()
        seen = str(form.get("seen") or "") or None
        doing = editing.undo(identity.person_id, box_id, seen=seen, now=now)
        return await _done(room, doing, _produce_at(form.get("at"), profiles), is_undo=True)

    @post("/withdraw", status_code=303)
    async def withdraw(
        self, request: Visit, *, box_id: FromPath[UUID], identity: Who, profiles: Profiles,
        editing: Editing, now: Now,
    ) -> Response[Any]:  # fmt: skip
        """Have the box filled by the planner again, as if nothing had been changed."""
        room = _Room(request, identity.person_id, box_id, profiles, editing, now)
        doing = editing.withdraw(identity.person_id, box_id, now=now)
        return await _done(room, doing, "", is_undo=True)

    @post("/leave", status_code=303)
    async def leave(
        self, request: Visit, *, box_id: FromPath[UUID], identity: Who, profiles: Profiles,
        editing: Editing, now: Now,
    ) -> Response[Any]:  # fmt: skip
        """Be content with the days that lack something, or ask to see them again (`show`)."""
        room = _Room(request, identity.person_id, box_id, profiles, editing, now)
        card = await room.card()
        shows = bool((await request.form()).get("show"))
        days = [] if shows else [gap.on.isoformat() for gap in card.gaps]
        kept = {
            each: on for each, on in request.session.get(_LEFT, {}).items() if each != str(box_id)
        }
        rest = list(kept.items())[-(_LEFT_KEPT - 1) :]
        request.session[_LEFT] = dict([*rest, (str(box_id), days)])
        if not current_page().is_fragment:
            return Redirect(f"{room.address}#gap", status_code=303)
        return _fragment("customer/open_box_gap.html", await room.page(), focus="gap")

    @get("/swap")
    async def swap(
        self, request: Visit, *, box_id: FromPath[UUID], identity: Who, profiles: Profiles,
        editing: Editing, now: Now, out: FromQuery[str] = "",
    ) -> Response[Any]:  # fmt: skip
        """Show what could come instead of one produce, with what each does to every day."""
        if out not in profiles:
            raise NotFound
        room = _Room(request, identity.person_id, box_id, profiles, editing, now)
        return await _ideas(room, out)

    @get("/add")
    async def add(
        self, request: Visit, *, box_id: FromPath[UUID], identity: Who, profiles: Profiles,
        editing: Editing, now: Now,
    ) -> Response[Any]:  # fmt: skip
        """Show what could come in besides, with what each does to every day."""
        room = _Room(request, identity.person_id, box_id, profiles, editing, now)
        return await _ideas(room, None)


async def show_open_box(
    request: Visit,
    card: BoxCard,
    *,
    person_id: UUID,
    profiles: Mapping[str, Produce],
    editing: EditingService,
    now: DateTime,
    at: str = "",
) -> Template:
    """Return the page of a box that may still change; `at` is the produce that was spoken of last.

    Raises
    ------
    PastCutoff
        It was closed this moment.
    """
    look = await editing.preview(person_id, card.box.id, {}, now=now)
    room = _Room(request, person_id, card.box.id, profiles, editing, now)
    page = open_box_page(card, look, profiles, left=room.left)
    return await _whole(room, page, focus=at if at in profiles else "")


async def _done(
    room: _Room, doing: Awaitable[EditLook], at: str, *, is_undo: bool = False
) -> Response[Any]:
    """Answer a change: lead back to the box, or send what is other now to the page that asked."""
    try:
        look = await doing
    except NotFound:
        raise
    except Refused as error:
        return await _refused(room, error, at)
    if not current_page().is_fragment:
        where = f"?at={at}#line-{at}" if at else ""
        return Redirect(f"{room.address}{where}", status_code=303)
    return _fragment(
        "customer/open_box_answer.html", await room.page(look), focus=at, is_undo=is_undo
    )


async def _refused(room: _Room, error: Refused, at: str) -> Response[Any]:
    """Say at the line why it cannot be; the box is as it was."""
    status = 422 if isinstance(error, Invalid) else 409
    if isinstance(error, PastCutoff) or (await room.card()).state is not BoxState.OPEN:
        if current_page().is_fragment:
            return Response(b"", status_code=409, headers={"hx-redirect": room.address})
        raise PastCutoff
    page = await room.page()
    wrong: tuple[str, Message] = (at if at in {row.key for row in page.rows} else "", error.message)
    if current_page().is_fragment:
        return _fragment(
            "customer/open_box_answer.html", page, focus=at, wrong=wrong, status=status
        )
    answer = await _whole(room, page, focus=at, wrong=wrong)
    answer.status_code = status
    return answer


async def _whole(
    room: _Room, page: OpenBoxPage, *, focus: str, wrong: tuple[str, Message] | None = None
) -> Template:
    context = {
        "box_page": page,
        "card": page.card,
        "cutoff": page.card.cutoff(room.now),
        "changes": await changes_shown(room.box_id, room.profiles),
        "scarce": await scarce_shown(room.box_id, room.profiles),
        "riding": await riding_view(page.card),
        "place": await place_view(page.card, now=room.now),
        "focus": focus,
        "wrong": wrong,
        "is_undo": False,
    }
    return Template("customer/open_box.html", context=context)


def _fragment(
    name: str,
    page: OpenBoxPage,
    *,
    focus: str,
    wrong: tuple[str, Message] | None = None,
    is_undo: bool = False,
    status: int = 200,
) -> Template:
    context = {
        "box_page": page,
        "card": page.card,
        "focus": focus,
        "wrong": wrong,
        "is_undo": is_undo,
    }
    return Template(name, context=context, status_code=status)


async def _ideas(room: _Room, out: str | None) -> Template:
    case, ideas = await room.editing.ideas(
        room.person_id, room.box_id, instead_of=out, now=room.now
    )
    card = await room.card()
    context = {
        "card": card,
        "cutoff": card.cutoff(room.now),
        "ideas": ideas_shown(ideas, card, case, room.profiles),
        "seen": case.seen,
        "out": out,
        "out_name": name_in_words(room.profiles[out]) if out else None,
    }
    kind = "part" if current_page().is_fragment else "page"
    return Template(f"customer/open_box_ideas_{kind}.html", context=context)


def _produce_at(value: object, profiles: Mapping[str, Produce]) -> str:
    """Return the produce that a form is about, if it names one."""
    key = str(value or "")
    return key if key in profiles else ""
