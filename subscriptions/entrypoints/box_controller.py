"""The boxes of a customer, one by one, and the yes that their bank may ask for."""

import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response, Template
from pendulum import DateTime

from ripeday.kit.errors import Invalid, NotFound
from ripeday.kit.text import Message, message
from ripening.produce import Produce
from subscriptions.adapters import box_view_store
from subscriptions.box_state import BoxState
from subscriptions.entrypoints.change_view import changes_shown
from subscriptions.entrypoints.customer_view import (
    BoxCard,
    Trouble,
    item_lines,
    load_cards,
    trouble_of,
)
from subscriptions.entrypoints.guard import WHO, customer_only
from subscriptions.entrypoints.open_box_controller import show_open_box
from subscriptions.entrypoints.place_view import place_view
from subscriptions.entrypoints.riding_view import riding_view
from subscriptions.entrypoints.scarce_view import scarce_shown
from subscriptions.lifecycle import BoxStatus
from subscriptions.role import Identity
from subscriptions.services.confirming import ConfirmingService
from subscriptions.services.editing import EditingService
from subscriptions.today_wording import covered_words, gaps_heading

Who = NamedDependency[Identity]
Profiles = NamedDependency[Mapping[str, Produce]]
Now = NamedDependency[DateTime]

STEPS = (BoxState.PAID, BoxState.PACKING, BoxState.ON_ITS_WAY, BoxState.DELIVERED)
"""The way of a box once its money is there."""
_TRY_LETTERS = 16


class BoxController(Controller):
    """What a customer gets, and when."""

    path = "/boxes"
    guards = (customer_only,)
    dependencies = WHO

    @get("/{box_id:uuid}")
    async def show_box(
        self,
        request: Request[Any, Any, Any],
        *,
        box_id: FromPath[UUID],
        identity: Who,
        profiles: Profiles,
        editing: NamedDependency[EditingService],
        now: Now,
        at: FromQuery[str] = "",
    ) -> Template:
        """Show one box; while its household may change it with what can be changed, of late the produce `at`."""
        card = await _card(identity, box_id, profiles, now)
        if card.state is BoxState.OPEN and not card.box.is_given:
            return await show_open_box(
                request,
                card,
                person_id=identity.person_id,
                profiles=profiles,
                editing=editing,
                now=now,
                at=at,
            )
        context = {
            "card": card,
            "cutoff": card.cutoff(now),
            "lines": item_lines(card.calendar.packed),
            "trouble": trouble_of(card.box, card.state, today=card.today),
            "gaps_heading": gaps_heading(card.gaps, today=card.today) if card.gaps else None,
            "said_covered": _covered(card),
            "steps": [step.words for step in STEPS] if card.state in STEPS else (),
            "step_now": STEPS.index(card.state) if card.state in STEPS else 0,
            "place": await place_view(card, now=now),
            "changes": await changes_shown(box_id, profiles),
            "scarce": () if card.box.is_given else await scarce_shown(box_id, profiles),
            "riding": await riding_view(card),
        }
        return Template("customer/box.html", context=context)

    @get("/{box_id:uuid}/confirm")
    async def ask(
        self, box_id: FromPath[UUID], identity: Who, profiles: Profiles, now: Now
    ) -> Response[Any]:
        """Show what the bank wants a yes to."""
        return _ask(await _card(identity, box_id, profiles, now))

    @post("/{box_id:uuid}/confirm")
    async def confirm(
        self,
        request: Request[Any, Any, Any],
        *,
        box_id: FromPath[UUID],
        identity: Who,
        profiles: Profiles,
        confirming: NamedDependency[ConfirmingService],
        now: Now,
    ) -> Response[Any]:
        """Go to the bank's page, or be told what it said."""
        answer = await confirming.begin(
            identity.person_id,
            box_id,
            try_key=_try_key((await request.form()).get("try")),
            return_path=f"/boxes/{box_id}/confirm/done",
            now=now,
        )
        if answer.url is not None:
            return Redirect(answer.url, status_code=303)
        return await self._told(answer.status, box_id, identity, profiles, now)

    @get("/{box_id:uuid}/confirm/done")
    async def come_back(
        self,
        *,
        box_id: FromPath[UUID],
        identity: Who,
        profiles: Profiles,
        confirming: NamedDependency[ConfirmingService],
        now: Now,
    ) -> Response[Any]:
        """Come back from the bank: what it decided is applied; loading this again changes nothing."""
        answer = await confirming.finish(identity.person_id, box_id, now=now)
        return await self._told(answer.status, box_id, identity, profiles, now)

    async def _told(
        self,
        status: BoxStatus,
        box_id: UUID,
        identity: Identity,
        profiles: Mapping[str, Produce],
        now: DateTime,
    ) -> Response[Any]:
        if status is BoxStatus.NEEDS_AUTHENTICATION:
            return _ask(await _card(identity, box_id, profiles, now), has_failed=True)
        return Redirect(f"/boxes/{box_id}", status_code=303)


async def _card(
    identity: Identity, box_id: UUID, profiles: Mapping[str, Produce], now: DateTime
) -> BoxCard:
    box = await box_view_store.box_of(identity.person_id, box_id)
    if box is None:
        raise NotFound
    (card,) = await load_cards([box], profiles=profiles, now=now, with_gaps=[box])
    return card


def _covered(card: BoxCard) -> Message | None:
    """Say that the box leaves no day bare; None where it does, or has nothing in it yet."""
    if card.gaps or not card.calendar.items or card.calendar.next_on <= card.today:
        return None
    seen_from = max(card.today, card.calendar.delivery_on)
    return covered_words(seen_from, None, in_vase=card.has_vase_alone)


def _ask(card: BoxCard, *, has_failed: bool = False) -> Response[Any]:
    if card.state is not BoxState.NEEDS_BANK:
        return Redirect(f"/boxes/{card.box.id}", status_code=303)
    trouble: Trouble | None = trouble_of(card.box, card.state, today=card.today)
    context = {
        "card": card,
        "trouble": trouble,
        "has_failed": has_failed,
        "try_key": secrets.token_hex(_TRY_LETTERS // 2),
    }
    return Template(
        "customer/confirm.html", context=context, status_code=409 if has_failed else 200
    )


def _try_key(value: object) -> str:
    """Return the key of a try, as the page gave it.

    Raises
    ------
    Invalid
    """
    key = str(value or "")
    if len(key) != _TRY_LETTERS or not key.isalnum() or not key.isascii():
        raise Invalid("try", message("This page was open for too long. Load it again."))
    return key
