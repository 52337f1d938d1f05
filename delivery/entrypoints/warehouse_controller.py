"""The warehouse: its start page, releasing waves, and taking lots in."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Response, Template

from delivery.adapters import trace_page, warehouse_page
from delivery.entrypoints.warehouse_desk import FLOOR, AtFloor, FloorDesk, Said, go_on
from delivery.errors import FewerThanPromised
from delivery.floor import Floor, LotPage, PlaceChoice
from delivery.grading import Grade, grades, has_numbers
from delivery.services.stock import Arrived, StockService
from delivery.services.wave import WaveService
from ripeday.kit.entrypoints.form import Form
from ripeday.kit.errors import Invalid, InvalidForm, NotFound
from ripeday.kit.text import Message, message, plural
from ripening import advice
from ripening.lot_state import age_at
from ripening.produce import Produce
from ripening.stage import scale_words
from ripening.unit import name_in_words
from subscriptions.entrypoints.guard import warehouse_staff
from subscriptions.lifecycle import LotStatus

ROWS = (1, 2, 3)
"""A lot may be put at this many places in one go."""

AS_ANNOUNCED = "announced"
_MOST_DIGITS = 6
_LONGEST_MEASURE = 20


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the four big tiles: done of all, and where it leads."""

    icon: str
    label: Message
    done: int
    of: int
    href: str


class WarehouseController(Controller):
    """The start page and the ramp."""

    path = "/warehouse"
    guards = (warehouse_staff,)
    dependencies = FLOOR

    @get("/")
    async def home(self, desk: AtFloor, said: Said) -> Template:
        """Show each depot's waves, what is done of all, and what is on the way."""
        floors = await warehouse_page.floors(desk.merchant_ids, locale=desk.locale, now=desk.now)
        context = {
            "floors": [(floor, _tiles(floor)) for floor in floors],
            "answer": _answer(floors),
            "said": said,
        }
        return Template("warehouse/home.html", context=context)

    @post("/days/{day_id:uuid}/release", status_code=303)
    async def release_wave(
        self, desk: AtFloor, day_id: FromPath[UUID], waves: NamedDependency[WaveService]
    ) -> Redirect:
        """Release what is paid of a delivery day as a wave."""
        wave_id = await waves.release_day(
            day_id, now=desk.now, merchant_ids=desk.merchant_ids, actor_id=desk.actor_id
        )
        if wave_id is None:
            return go_on("/warehouse", "nothing")
        return go_on(f"/warehouse/waves/{wave_id}", "released")

    @get("/receive")
    async def list_due(
        self,
        desk: AtFloor,
        profiles: NamedDependency[Mapping[str, Produce]],
        said: Said,
    ) -> Template:
        """Show the lots that are waited for, and those that came in today."""
        due = await warehouse_page.lots_due(desk.merchant_ids, now=desk.now)
        came = await warehouse_page.lots_come_today(desk.merchant_ids, now=desk.now)
        floors = await warehouse_page.floors(desk.merchant_ids, locale=desk.locale, now=desk.now)
        context = {
            "due": due,
            "came": came,
            "depots": {floor.depot.id: floor.depot for floor in floors},
            "names": _names(profiles, [lot.produce_key for lot in (*due, *came)]),
            "said": said,
        }
        return Template("warehouse/receive_list.html", context=context)

    @get("/receive/{lot_id:uuid}")
    async def ask_what_came(
        self,
        desk: AtFloor,
        lot_id: FromPath[UUID],
        profiles: NamedDependency[Mapping[str, Produce]],
    ) -> Response[Any]:
        """Ask how many came, where they lie, and how they look."""
        lot = await _lot(desk, lot_id)
        if lot.status is not LotStatus.ANNOUNCED:
            return Redirect(f"/warehouse/lots/{lot_id}", status_code=303)
        return await _receive_form(desk, lot, profiles[lot.produce_key])

    @post("/receive/{lot_id:uuid}", status_code=303)
    async def receive_lot(
        self,
        desk: AtFloor,
        lot_id: FromPath[UUID],
        data: URLEncodedBody[dict[str, str]],
        stock: NamedDependency[StockService],
        profiles: NamedDependency[Mapping[str, Produce]],
    ) -> Response[Any]:
        """Take the lot in as it was counted."""
        lot = await _lot(desk, lot_id)
        typed = Form({name: value for name, value in data.items() if not name.startswith("_")})
        try:
            came = await stock.receive_lot(
                lot_id,
                _arrived(data),
                merchant_ids=desk.merchant_ids,
                actor_id=desk.actor_id,
                now=desk.now,
            )
        except (Invalid, InvalidForm) as error:
            return await _receive_form(desk, lot, profiles[lot.produce_key], typed.refused(error))
        except FewerThanPromised as error:
            wrong = typed.refused(Invalid("units_1", error.message))
            return await _receive_form(desk, lot, profiles[lot.produce_key], wrong)
        return go_on(f"/warehouse/lots/{lot_id}", "received", came)


def _tiles(floor: Floor) -> list[Tile]:
    """Return the four tiles; each leads to the first wave that still waits for it."""
    to_pick = next((wave for wave in floor.waves if not wave.is_picked), None)
    to_load = next((wave for wave in floor.waves if not wave.is_gone), None)
    last = floor.waves[-1] if floor.waves else None
    pick, load = to_pick or last, to_load or last
    nowhere = f"#depot-{floor.depot.id}"
    n_lots = floor.depot.n_due + floor.depot.n_came
    return [
        Tile("package-open", message("Receive"), floor.depot.n_came, n_lots, "/warehouse/receive"),
        Tile(
            "scan-barcode", message("Pick"), floor.n_picked, len(floor.waves),
            f"/warehouse/waves/{pick.id}" if pick else nowhere,
        ),
        Tile(
            "package-check", message("Pack"), floor.n_packed, floor.n_boxes,
            f"/warehouse/waves/{pick.id}/pack" if pick else nowhere,
        ),
        Tile(
            "truck", message("Load"), floor.n_shipped, floor.n_boxes,
            f"/warehouse/waves/{load.id}/load" if load else nowhere,
        ),
    ]  # fmt: skip


def _answer(floors: Sequence[Floor]) -> Message:
    """Return the one sentence a foreman would say."""
    to_pack = sum(floor.n_boxes - floor.n_packed for floor in floors)
    to_load = sum(floor.n_packed - floor.n_shipped for floor in floors)
    ready = sum(day.n_ready for floor in floors for day in floor.days if day.state == "ready")
    if ready:
        return plural(
            "{n} box is paid and waits for a wave.",
            "{n} boxes are paid and wait for a wave.",
            ready,
        )
    if to_pack:
        return plural("{n} box to pack.", "{n} boxes to pack.", to_pack)
    if to_load:
        return plural(
            "All is packed. {n} box to load.", "All is packed. {n} boxes to load.", to_load
        )
    return message("Nothing to pack right now.")


def _names(profiles: Mapping[str, Produce], keys: Sequence[str]) -> dict[str, Message]:
    return {key: name_in_words(profiles[key]) for key in keys}


async def _lot(desk: FloorDesk, lot_id: UUID) -> LotPage:
    lot = await trace_page.lot_page(lot_id, desk.merchant_ids, locale=desk.locale, now=desk.now)
    if lot is None:
        raise NotFound
    return lot


def announced_stage(lot: LotPage, produce: Produce) -> advice.Stage:
    """Return how ripe a lot is by its papers, today."""
    on = max(lot.today, lot.state.graded_on)
    age = age_at(lot.state, {produce.key: produce}, delivery_on=on)
    return advice.stage(produce, age, treated=lot.state.treated)


async def _receive_form(
    desk: FloorDesk, lot: LotPage, produce: Produce, form: Form | None = None
) -> Template:
    places = await warehouse_page.places(lot.depot_id, locale=desk.locale)
    stage = announced_stage(lot, produce)
    others: list[Grade] = [
        grade for grade in grades(produce, treated=lot.state.treated) if grade.words != stage.words
    ]
    if form is None:
        place = _best_place(places, lot.state.store_c)
        form = Form(
            {
                "stage": AS_ANNOUNCED,
                "place_1": str(place.id) if place else "",
                "units_1": str(lot.units_announced),
            }
        )
    context = {
        "lot": lot,
        "form": form,
        "rows": ROWS,
        "zones": _by_zone(places),
        "name": name_in_words(produce),
        "stage": stage,
        "grades": others,
        "as_announced": AS_ANNOUNCED,
        "scale": scale_words(produce) if has_numbers(produce) else None,
        "is_flower": produce.is_flower,
        "chilling_c": produce.chilling_threshold_c,
        "storage_c": produce.storage_c,
    }
    status = 422 if form.errors else 200
    return Template("warehouse/receive.html", context=context, status_code=status)


def _best_place(places: Sequence[PlaceChoice], store_c: float) -> PlaceChoice | None:
    """Return the first empty place of the room whose air is nearest to what the lot is used to."""
    empty = [place for place in places if place.units == 0] or list(places)
    return min(
        empty,
        key=lambda place: abs(min(max(store_c, place.low_c), place.high_c) - store_c),
        default=None,
    )


def _by_zone(places: Sequence[PlaceChoice]) -> dict[str, list[PlaceChoice]]:
    zones: dict[str, list[PlaceChoice]] = {}
    for place in places:
        zones.setdefault(place.zone, []).append(place)
    return zones


def _arrived(data: Mapping[str, str]) -> Arrived:
    """Return what was typed; several rows with one place are added up.

    Raises
    ------
    InvalidForm
    """
    errors: list[Invalid] = []
    units: dict[UUID, int] = {}
    for row in ROWS:
        count = data.get(f"units_{row}", "").strip()
        if count in {"", "0"}:
            continue
        number = _whole(count)
        place = _id(data.get(f"place_{row}", ""))
        if number is None:
            said = message("Enter a whole number, like 120")
            errors.append(Invalid(f"units_{row}", said))
        if place is None:
            errors.append(Invalid(f"place_{row}", message("Choose where they lie")))
        if number is not None and place is not None:
            units[place] = units.get(place, 0) + number
    temperature_c = _degrees(data.get("temperature", ""), errors)
    looked_at = data.get("n_fruit", "").strip()
    n_fruit = _whole(looked_at) if looked_at else None
    if looked_at and n_fruit is None:
        errors.append(Invalid("n_fruit", message("Enter a whole number, like 10")))
    if not units and not errors:
        errors.append(Invalid("units_1", message("Enter how many came, at least at one place")))
    if errors:
        raise InvalidForm(errors)
    stage = data.get("stage", AS_ANNOUNCED)
    return Arrived(
        units,
        None if stage == AS_ANNOUNCED else stage,
        temperature_c,
        data.get("measured", "").strip()[:_LONGEST_MEASURE] or None,
        n_fruit,
    )


def _whole(text: str) -> int | None:
    is_number = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return int(text) if is_number else None


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _degrees(text: str, errors: list[Invalid]) -> float | None:
    """Return a temperature; a comma counts as a point, nothing typed as not measured."""
    typed = text.strip().replace(",", ".").replace("\N{MINUS SIGN}", "-")
    if not typed:
        return None
    try:
        degrees = float(typed)
    except ValueError:
        degrees = math.nan
    if not math.isfinite(degrees):
        errors.append(Invalid("temperature", message("Enter a temperature in °C, like 4.5")))
    return degrees
