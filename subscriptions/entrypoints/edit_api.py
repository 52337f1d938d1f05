"""Changing a box before its cut-off: one request says what a tap would do, another one does it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from msgspec import Struct
from pendulum import DateTime

from ripeday.kit.entrypoints.page import speaker
from ripeday.kit.errors import Invalid
from ripeday.kit.text import message
from ripening.produce import Produce
from subscriptions.adapters.edit_store import BoxToEdit
from subscriptions.box_edit import (
    Amount,
    DayEffect,
    EditEffect,
    MendOffer,
    cover_words,
    days_words,
    mend_words,
    over_words,
    units_asked,
)
from subscriptions.entrypoints.guard import WHO, customer_only
from subscriptions.role import Identity
from subscriptions.services.editing import EditingService

Who = NamedDependency[Identity]
Profiles = NamedDependency[Mapping[str, Produce]]
Editing = NamedDependency[EditingService]
Now = NamedDependency[DateTime]


class AmountDocument(Struct, frozen=True):
    """Units of one lot."""

    lot: UUID
    produce: str
    units: int


class EditedLineDocument(Struct, frozen=True):
    """Units of one lot, how they are kept, and the portions planned for each day from the delivery day on."""

    lot: UUID
    produce: str
    units: int
    handling: str
    portions: list[int]


class EditedDayDocument(Struct, frozen=True):
    """What a day lacks, portions of fruit and stems in display: as the box is stored (`before`), and as it would be."""

    on: dt.date
    missing_before: int
    missing: int
    stems_missing_before: int
    stems_missing: int


class OverDocument(Struct, frozen=True):
    """A limit that the box would be over: a stable code, and a sentence."""

    code: str
    message: str


class MendDocument(Struct, frozen=True):
    """A way out: ask for `change` instead. What goes and comes, the days covered again, and both in words."""

    change: list[str]
    out: list[AmountDocument]
    into: list[AmountDocument]
    covers: list[dt.date]
    n_uncovered: int
    does: str
    effect: str


class EditDocument(Struct, frozen=True):
    """A box as it would be. `fits` tells whether it may be so; `seen` names the box that is stored now.

    `choices` are the lots that could still come in, with the most units of each. `goods_fraction` is what its goods
    cost as a share of what they may cost.
    """

    box: UUID
    state: str
    seen: str
    cutoff_at: dt.datetime
    change: list[str]
    fits: bool
    message: str
    days: list[EditedDayDocument]
    lines: list[EditedLineDocument]
    waste_portions_before: int
    waste_portions: int
    goods_fraction_before: float
    goods_fraction: float
    over: list[OverDocument]
    mends: list[MendDocument]
    choices: list[AmountDocument]


class EditApiController(Controller):
    """A customer's own changes to a box that is still open.

    A change is `LOT:UNITS`: so many units of that lot are to be in the box, however many there are now; 0 drops it, a
    swap is two changes. Said twice it does the same once.
    """

    path = "/api/v1/boxes/{box_id:uuid}/edit"
    guards = (customer_only,)
    dependencies = WHO
    include_in_schema = True
    tags = ("customer",)

    @get("/", summary="What a change to your box would do to each day, and what would mend it")
    async def preview(
        self,
        *,
        box_id: FromPath[UUID],
        identity: Who,
        profiles: Profiles,
        editing: Editing,
        now: Now,
        change: FromQuery[list[str] | None] = None,
    ) -> EditDocument:
        """Say what the box would be; nothing is stored. 409 `past_cutoff` once it is closed."""
        asked = units_asked(change or [])
        look = await editing.preview(identity.person_id, box_id, asked, now=now)
        return _document(look.box, look.effect, profiles)

    @post("/", status_code=200, summary="Change your box")
    async def change(
        self,
        *,
        box_id: FromPath[UUID],
        request: Request[Any, Any, Any],
        identity: Who,
        profiles: Profiles,
        editing: Editing,
        now: Now,
    ) -> EditDocument:
        """Change the box and return it; takes JSON or a form with `change` (a list) and `seen` (optional).

        409 `past_cutoff` once it is closed, `over_limit` where it may not be so, `box_changed` where it is no longer
        the box that `seen` names.
        """
        changes, seen = await _asked(request)
        asked = units_asked(changes)
        look = await editing.change(identity.person_id, box_id, asked, seen=seen, now=now)
        return _document(look.box, look.effect, profiles)

    @post("/withdraw", status_code=200, summary="Take your changes back")
    async def withdraw(
        self,
        *,
        box_id: FromPath[UUID],
        identity: Who,
        profiles: Profiles,
        editing: Editing,
        now: Now,
    ) -> EditDocument:
        """Let the box be planned anew as if nothing had been changed, and return it."""
        look = await editing.withdraw(identity.person_id, box_id, now=now)
        return _document(look.box, look.effect, profiles)


class _Asked(Struct):
    change: list[str]
    seen: str | None = None


async def _asked(request: Request[Any, Any, Any]) -> tuple[list[str], str | None]:
    """Read what is asked for, from a program or a form.

    Raises
    ------
    Invalid
    """
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        try:
            said = msgspec.json.decode(await request.body(), type=_Asked)
        except msgspec.MsgspecError:
            raise Invalid("change", message("Say what to change.")) from None
        return said.change, said.seen
    form = await request.form()
    changes = [str(each) for each in form.getall("change", [])]
    if not changes:
        raise Invalid("change", message("Say what to change."))
    return changes, str(form["seen"]) if form.get("seen") else None


def _document(box: BoxToEdit, effect: EditEffect, profiles: Mapping[str, Produce]) -> EditDocument:
    say = speaker().render
    return EditDocument(
        box=box.id,
        state=box.status.value,
        seen=effect.seen,
        cutoff_at=box.cutoff_at,
        change=_changes(effect.units),
        fits=effect.fits,
        message=say(days_words(effect.days)),
        days=[_day(day) for day in effect.days],
        lines=[
            EditedLineDocument(
                lot=line.lot_id,
                produce=line.produce_key,
                units=line.units,
                handling="vase" if profiles[line.produce_key].is_flower else line.mode,
                portions=list(line.portions),
            )
            for line in effect.lines
        ],
        waste_portions_before=effect.waste_before,
        waste_portions=effect.waste_portions,
        goods_fraction_before=effect.goods_fraction_before,
        goods_fraction=effect.goods_fraction,
        over=[OverDocument(each.rule, say(over_words(each, profiles))) for each in effect.over],
        mends=[_mend(mend, profiles) for mend in effect.mends],
        choices=_amounts(effect.choices),
    )


def _day(day: DayEffect) -> EditedDayDocument:
    return EditedDayDocument(
        on=day.on,
        missing_before=day.missing_before,
        missing=day.missing,
        stems_missing_before=day.stems_missing_before,
        stems_missing=day.stems_missing,
    )


def _mend(mend: MendOffer, profiles: Mapping[str, Produce]) -> MendDocument:
    say = speaker().render
    return MendDocument(
        change=_changes(mend.units),
        out=_amounts(mend.out),
        into=_amounts(mend.into),
        covers=list(mend.covers),
        n_uncovered=mend.n_uncovered,
        does=say(mend_words(mend, profiles)),
        effect=say(cover_words(mend)),
    )


def _changes(units: Mapping[UUID, int]) -> list[str]:
    return [f"{lot}:{n}" for lot, n in units.items()]


def _amounts(amounts: tuple[Amount, ...]) -> list[AmountDocument]:
    return [AmountDocument(each.lot_id, each.produce_key, each.units) for each in amounts]
