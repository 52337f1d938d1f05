"""Lots and their windows in cool and warm kitchens, and the form that announces one."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from ripeday.kit.entrypoints.form import Form
from ripeday.kit.errors import Invalid, InvalidForm, NotFound
from ripeday.kit.text import Message, message, plural
from ripening import advice
from ripening.lot_state import MOST_STORED_DAYS, STORE_C, LotState
from ripening.produce import Produce, sellable_keys
from subscriptions.adapters import lot_page
from subscriptions.adapters.lot_page import LotView
from subscriptions.entrypoints.guard import catalog_staff
from subscriptions.entrypoints.lesson_view import lessons_of
from subscriptions.entrypoints.merchant_desk import DESK, AtDesk, Desk, called
from subscriptions.entrypoints.merchant_season_controller import produce_options
from subscriptions.entrypoints.typed import Typed
from subscriptions.lifecycle import LotStatus
from subscriptions.services.lot_lesson import lot_lessons
from subscriptions.services.lot_view import lot_evidence
from subscriptions.services.merchant_view import lot_windows
from subscriptions.services.supply_book import Announcement, SupplyBook

Typing = URLEncodedBody[dict[str, str]]
Profiles = NamedDependency[Mapping[str, Produce]]
FILTERS = ("all", "here", "announced", "late")
MOST_ROAD_DAYS = 30


class MerchantLotsController(Controller):
    """What there is to plan from, and what is on its way."""

    path = "/merchant/lots"
    guards = (catalog_staff,)
    dependencies = DESK

    @get("/")
    async def list_lots(
        self,
        desk: AtDesk,
        profiles: Profiles,
        show: FromQuery[str] = "all",
        produce: FromQuery[str | None] = None,
    ) -> Template:
        """List lots that may still go out, those that must leave first before others."""
        lots = await lot_page.lots_of(desk.shop.id, since=desk.today)
        show = show if show in FILTERS else "all"
        shown = [
            lot
            for lot in lots
            if not lot.is_gone
            and _is_shown(lot, show, desk)
            and produce in (None, lot.state.produce_key)
        ]
        context = {
            "desk": desk,
            "windows": await lot_windows(desk.shop, shown, desk.today, profiles),
            "show": show,
            "produce": produce,
            "n_late": sum(lot.is_late(desk.today) for lot in lots),
            "stage": lambda lot: _stage(lot, profiles),
            "ahead": ahead_words,
        }
        return Template("merchant/lots.html", context=context)

    @get("/new")
    async def ask_for_lot(self, desk: AtDesk, produce: FromQuery[str | None] = None) -> Template:
        """Show the form that announces a lot."""
        tomorrow = desk.today.add(days=1)
        values = {
            "produce_key": produce or "", "due_on": tomorrow.isoformat(), "case_units": "12", "ripe_pct": "0",
            "harvested_on": desk.today.isoformat(), "store_c": "4", "is_treated": "yes",
        }  # fmt: skip
        return await _new_page(desk, Form(values))

    @post("/", status_code=303)
    async def announce_lot(
        self, desk: AtDesk, supply_book: NamedDependency[SupplyBook], data: Typing
    ) -> Response[Any]:
        """Save a lot that a grower has announced."""
        typed = Typed(data)
        try:
            said = _announcement(typed, desk)
            lot_id = await supply_book.announce(desk.shop, said, actor=desk.actor, now=desk.now)
        except InvalidForm as error:
            return await _new_page(desk, Form(typed.values).refused(error), status=422)
        return Redirect(f"/merchant/lots/{lot_id}", status_code=303)

    @get("/{lot_id:uuid}")
    async def show_lot(
        self,
        desk: AtDesk,
        lot_id: FromPath[UUID],
        profiles: Profiles,
        delivery: FromQuery[str] = "",
    ) -> Template:
        """Show one lot: its windows, what was reported, its units, and by when it must leave."""
        lot = await lot_page.lot_of(desk.shop.id, lot_id)
        if lot is None:
            raise NotFound
        seen = await lot_evidence(desk.shop, lot, desk.today, profiles, _day(delivery))
        context = {
            "desk": desk, "seen": seen, "lot": lot, "name": called(lot), "stage": _stage(lot, profiles),
            "ahead": ahead_words(lot.state), "past": past_words(lot.state),
            "is_flower": profiles[lot.state.produce_key].is_flower,
            **lessons_of(await lot_lessons(lot, profiles), profiles[lot.state.produce_key]),
        }  # fmt: skip
        return Template("merchant/lot.html", context=context)


def _is_shown(lot: LotView, show: str, desk: Desk) -> bool:
    if show == "here":
        return lot.units_received is not None
    if show == "announced":
        return lot.status is LotStatus.ANNOUNCED
    return show == "all" or lot.is_late(desk.today)


def _day(typed: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(typed)
    except ValueError:
        return None


def ahead_words(lot: LotState) -> Message | None:
    """Say how far a lot runs from its grade, once anything was reported of it."""
    if lot.shift_sigma is None:
        return None
    days = f"{abs(lot.shift_days):.1f}"
    if days == "0.0":
        return message("as graded, by reports")
    if lot.shift_days > 0:
        return message("{days} days ahead of its grade, by reports", days=days)
    return message("{days} days behind its grade, by reports", days=days)


def past_words(lot: LotState) -> Message | None:
    """Say how a lot travelled and how long it lay in the cold before, where that is known."""
    said = [
        plural("{days} day on the road at {c} °C", "{days} days on the road at {c} °C",
               n=round(stay.days), days=f"{stay.days:g}", c=f"{stay.temperature_c:g}")
        for stay in lot.transit
        if stay.days
    ]  # fmt: skip
    if lot.stored_days:
        said.append(
            plural("{days} day in cold storage before", "{days} days in cold storage before",
                   n=round(lot.stored_days), days=f"{lot.stored_days:g}")
        )  # fmt: skip
    if len(said) < 2:
        return said[0] if said else None
    return message("{road}; {storage}", road=said[0], storage=said[1])


def _stage(lot: LotView, profiles: Mapping[str, Produce]) -> advice.Stage:
    produce = profiles[lot.state.produce_key]
    return advice.stage(produce, lot.state.age_days, treated=lot.state.treated)


def _announcement(typed: Typed, desk: Desk) -> Announcement:
    low, high = STORE_C
    said = Announcement(
        produce_key=typed.one_of(
            "produce_key", sellable_keys(), said=message("Choose one of the produce in the list.")
        ),
        depot_id=typed.key("depot_id", said=message("Choose one of your depots.")),
        grower_id=typed.key("grower_id", said=message("Choose one of your growers.")),
        code=typed.text("code", most=20, said=message("Give the lot a code, like L-2218.")),
        units=typed.whole("units", least=1, most=100_000),
        case_units=typed.whole("case_units", least=1, most=1_000),
        unit_cost_minor=typed.minor("unit_cost", desk.shop.currency),
        harvested_on=typed.day("harvested_on"),
        due_on=typed.day("due_on"),
        ripe_fraction=typed.whole("ripe_pct", least=0, most=100) / 100,
        store_c=typed.number("store_c", least=low, most=high),
        is_treated=typed.values.get("is_treated") == "yes",
        stored_days=_days(typed, "stored_days", most=int(MOST_STORED_DAYS)),
        road_days=_days(typed, "road_days", most=MOST_ROAD_DAYS),
        road_c=_road_c(typed),
    )
    if said.due_on < desk.today and not typed.faults:
        typed.faults.append(
            Invalid(
                "due_on", message("Choose today or a later day; what is here is received instead.")
            )
        )
    if said.harvested_on > desk.today and not typed.faults:
        typed.faults.append(
            Invalid(
                "harvested_on",
                message(
                    "{day} is still to come. Choose the day of the harvest, {today} or earlier.",
                    day=said.harvested_on,
                    today=desk.today,
                ),
            )
        )
    typed.check()
    return said


def _days(typed: Typed, name: str, *, most: int) -> int:
    return typed.whole(name, least=0, most=most) if typed.has(name) else 0


def _road_c(typed: Typed) -> float | None:
    """Return how warm it was on the road; days without a temperature say too little, and so the other way round."""
    low, high = STORE_C
    if typed.has("road_c"):
        if not typed.has("road_days"):
            said = message(
                "Say for how many days, from 0 to {most}, or leave both empty.", most=MOST_ROAD_DAYS
            )
            typed.faults.append(Invalid("road_days", said))
        return typed.number("road_c", least=low, most=high)
    if typed.values.get("road_days", "").strip().strip("0"):
        said = message(
            "Say how warm it was on the road, from {least} to {most} °C.",
            least=f"{low:g}",
            most=f"{high:g}",
        )
        typed.faults.append(Invalid("road_c", said))
    return None


async def _new_page(desk: Desk, form: Form, *, status: int = 200) -> Template:
    growers = await lot_page.growers_of(desk.shop.id)
    depots = await lot_page.depots_of(desk.shop.id)
    context = {
        "desk": desk,
        "form": form,
        "produce": produce_options(),
        "growers": [(each.id, f"{each.name}, {each.place}") for each in growers],
        "depots": [(each.id, called(each)) for each in depots],
        "most_stored_days": f"{MOST_STORED_DAYS:g}",
        "most_road_days": MOST_ROAD_DAYS,
        "store_c": [f"{c:g}" for c in STORE_C],
    }
    return Template("merchant/lot_new.html", context=context, status_code=status)
