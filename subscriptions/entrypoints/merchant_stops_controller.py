"""Stops: where several boxes are left, how many each takes, and who fetches theirs there."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from ripeday.kit.entrypoints.form import Form
from ripeday.kit.errors import Invalid, InvalidForm
from ripeday.kit.text import message
from subscriptions.adapters import stop_store
from subscriptions.adapters.stop_store import StopRow, StopTerms
from subscriptions.entrypoints.guard import catalog_staff
from subscriptions.entrypoints.merchant_desk import DESK, AtDesk, Desk
from subscriptions.entrypoints.typed import Typed
from subscriptions.lifecycle import StopKind
from subscriptions.postcode import read_postcode
from subscriptions.services.stops import StopService, own_stop

Typing = URLEncodedBody[dict[str, str]]
Stops = NamedDependency[StopService]
MOST_PLACES = 5_000
BLANK = Form({"kind": StopKind.PICKUP.value})


@dataclass(frozen=True, slots=True)
class StopLine:
    """A stop in the list, with how many boxes go there on the next delivery days of its round."""

    stop: StopRow
    days: tuple[tuple[dt.date, int], ...]


class MerchantStopsController(Controller):
    """Pick-up stops and food banks of a merchant's rounds."""

    path = "/merchant/stops"
    guards = (catalog_staff,)
    dependencies = DESK

    @get("/")
    async def list_stops(self, desk: AtDesk) -> Template:
        """List stops with how many boxes go to each on the next days."""
        return await _page(desk, BLANK)

    @post("/", status_code=303)
    async def add_stop(self, desk: AtDesk, stops: Stops, data: Typing) -> Response[Any]:
        """Add a stop to a round."""
        typed = Typed(data)
        kinds = [kind.value for kind in StopKind]
        kind = typed.one_of("kind", kinds, said=message("Choose what it is."))
        round_id = typed.key("round", said=message("Choose one of the rounds."))
        try:
            terms = _terms(typed, desk)
            await stops.add(
                desk.shop, round_id, StopKind(kind), terms, actor=desk.actor, now=desk.now
            )
        except InvalidForm as error:
            return await _page(desk, Form(typed.values).refused(error), status=422)
        return Redirect("/merchant/stops", status_code=303)

    @get("/{stop_id:uuid}")
    async def show_stop(self, desk: AtDesk, stop_id: FromPath[UUID]) -> Template:
        """Show one stop, to be changed, and who fetches boxes there as a rule."""
        stop = await own_stop(desk.shop, stop_id)
        said = {name: "" if value is None else value for name, value in asdict(stop.terms).items()}
        return await _stop_page(desk, stop, Form(said))

    @post("/{stop_id:uuid}", status_code=303)
    async def change_stop(
        self, desk: AtDesk, stops: Stops, stop_id: FromPath[UUID], data: Typing
    ) -> Response[Any]:
        """Change what is said of a stop."""
        stop, typed = await own_stop(desk.shop, stop_id), Typed(data)
        try:
            await stops.change(
                desk.shop, stop_id, _terms(typed, desk), actor=desk.actor, now=desk.now
            )
        except InvalidForm as error:
            return await _stop_page(desk, stop, Form(typed.values).refused(error), status=422)
        return Redirect(f"/merchant/stops/{stop_id}", status_code=303)

    @post("/{stop_id:uuid}/close", status_code=303)
    async def close_stop(self, desk: AtDesk, stops: Stops, stop_id: FromPath[UUID]) -> Redirect:
        """Let nobody choose it any more."""
        await stops.set_open(desk.shop, stop_id, is_open=False, actor=desk.actor, now=desk.now)
        return Redirect(f"/merchant/stops/{stop_id}", status_code=303)

    @post("/{stop_id:uuid}/reopen", status_code=303)
    async def reopen_stop(self, desk: AtDesk, stops: Stops, stop_id: FromPath[UUID]) -> Redirect:
        """Let it be chosen again."""
        await stops.set_open(desk.shop, stop_id, is_open=True, actor=desk.actor, now=desk.now)
        return Redirect(f"/merchant/stops/{stop_id}", status_code=303)


def _terms(typed: Typed, desk: Desk) -> StopTerms:
    terms = StopTerms(
        name=typed.text("name", most=80, said=message("Give it a name.")),
        name_zh=typed.text("name_zh", most=80, said=message("Give it a Chinese name.")),
        street=typed.text("street", most=200, said=message("Enter the street and number.")),
        city=typed.text("city", most=100, said=message("Enter the town.")),
        postcode=_postcode(typed, desk.shop.country),
        hours=typed.text("hours", most=80, said=message("Say when boxes can be fetched.")),
        hours_zh=typed.text("hours_zh", most=80, said=message("Say it in Chinese, too.")),
        access_note=typed.text("access_note", most=200, said=message("Say how to get in."))
        if typed.has("access_note")
        else None,
        capacity=typed.whole("capacity", least=1, most=MOST_PLACES)
        if typed.has("capacity")
        else None,
    )
    typed.check()
    return terms


def _postcode(typed: Typed, country: str) -> str:
    try:
        return read_postcode(typed.values.get("postcode", ""), country)
    except Invalid as error:
        typed.faults.append(error)
        return ""


async def _page(desk: Desk, form: Form, *, status: int = 200) -> Template:
    rounds = await stop_store.rounds_of(desk.shop.id)
    stops = await stop_store.stops_of(desk.shop.id)
    boxes = await stop_store.boxes_at(desk.shop.id, since=desk.today)
    days = await stop_store.next_days(desk.shop.id, since=desk.today)
    context = {
        "desk": desk,
        "form": form,
        "rounds": rounds,
        "lines": [StopLine(each, _days(each, days, boxes)) for each in stops],
        "most": MOST_PLACES,
    }
    return Template("merchant/stops.html", context=context, status_code=status)


def _days(
    stop: StopRow,
    days: Mapping[UUID, list[dt.date]],
    boxes: Mapping[UUID, Mapping[dt.date, int]],
) -> tuple[tuple[dt.date, int], ...]:
    there = boxes.get(stop.id, {})
    return tuple((on, there.get(on, 0)) for on in days.get(stop.round.id, []))


async def _stop_page(desk: Desk, stop: StopRow, form: Form, *, status: int = 200) -> Template:
    context = {
        "desk": desk,
        "stop": stop,
        "form": form,
        "fetching": await stop_store.households_at(stop.id),
        "most": MOST_PLACES,
    }
    return Template("merchant/stop.html", context=context, status_code=status)
