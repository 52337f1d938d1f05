"""A wave on the floor: picked, packed, loaded, and its papers."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Response, Template

from delivery.adapters import shipment_store, warehouse_page, wave_store
from delivery.entrypoints.warehouse_desk import FLOOR, AtFloor, FloorDesk, Said, go_on
from delivery.lifecycle import Carrier, Paper, ShipmentStatus
from delivery.papers.pack_list import packing_order
from delivery.papers.short_name import short_name
from delivery.services.shipping import ShippingService
from delivery.services.wave import WaveService
from delivery.wave import BoxToPack, WaveHead
from ripeday.kit.entrypoints.form import Form
from ripeday.kit.errors import Invalid, NotFound
from ripeday.kit.text import Message, message
from subscriptions.entrypoints.guard import warehouse_staff

SHOWN_AT_ONCE = 8
"""Open boxes on one pack page; the rest is a tap away."""

LANGUAGES = ("en", "zh")
_FILES = {
    "pick-list": Paper.PICK_LIST,
    "pack-list": Paper.PACK_LIST,
    "labels": Paper.LABELS,
    "route-sheet": Paper.ROUTE_SHEET,
}
_LONGEST_TRACKING = 80

Waves = NamedDependency[WaveService]
Shipping = NamedDependency[ShippingService]


class WaveController(Controller):
    """One wave of a merchant that the person works for."""

    path = "/warehouse/waves/{wave_id:uuid}"
    guards = (warehouse_staff,)
    dependencies = FLOOR

    @get("/")
    async def pick(
        self,
        desk: AtFloor,
        wave_id: FromPath[UUID],
        waves: Waves,
        said: Said,
    ) -> Template:
        """Show what to take from where, in walking order, and the wave's papers."""
        wave = await waves.wave_of(wave_id, merchant_ids=desk.merchant_ids)
        head = await _head(desk, wave, "pick", said)
        picking = await waves.picking(wave, desk.locale, now=desk.now)
        printed = await warehouse_page.printed(wave_id, wave.timezone)
        context = {**head, "picking": picking, "printed": printed}
        return Template("warehouse/pick.html", context=context)

    @get("/{file:str}")
    async def open_paper(
        self,
        desk: AtFloor,
        wave_id: FromPath[UUID],
        file: FromPath[str],
        waves: Waves,
        lang: FromQuery[str] = "",
    ) -> Response[bytes]:
        """Set one paper as it stands now: `pick-list.pdf`, `pack-list.pdf`, `labels.pdf`, `route-sheet.pdf`."""
        paper = _FILES.get(file.removesuffix(".pdf"))
        if paper is None or not file.endswith(".pdf"):
            raise NotFound
        wave = await waves.wave_of(wave_id, merchant_ids=desk.merchant_ids)
        locale = lang if lang in LANGUAGES else desk.locale
        pdf = await waves.paper(wave, paper, locale, now=desk.now)
        name = f"{wave.code}-{file.removesuffix('.pdf')}-{locale}.pdf"
        headers = {
            "content-disposition": f'inline; filename="{name}"',
            "cache-control": "no-store",
        }
        return Response(pdf, media_type="application/pdf", headers=headers)

    @post("/print", status_code=303)
    async def print_again(self, desk: AtFloor, wave_id: FromPath[UUID], waves: Waves) -> Redirect:
        """Make the wave's papers anew."""
        await waves.print_papers(wave_id, now=desk.now, merchant_ids=desk.merchant_ids)
        return go_on(f"/warehouse/waves/{wave_id}", "printed")

    @get("/pack")
    async def pack(
        self,
        desk: AtFloor,
        wave_id: FromPath[UUID],
        waves: Waves,
        said: Said,
        tote: FromQuery[int] = 0,
    ) -> Template:
        """Show the boxes that are still open, the next ones in full."""
        wave = await waves.wave_of(wave_id, merchant_ids=desk.merchant_ids)
        context = await _head(desk, wave, "pack", said)
        context |= await _open_boxes(waves, wave, context["states"], tote)
        return Template("warehouse/pack.html", context=context)

    @post("/pack", status_code=303)
    async def pack_boxes(
        self,
        desk: AtFloor,
        wave_id: FromPath[UUID],
        data: URLEncodedBody[dict[str, str]],
        waves: Waves,
        shipping: Shipping,
    ) -> Redirect:
        """Note that one box, or every open one, is packed."""
        await waves.wave_of(wave_id, merchant_ids=desk.merchant_ids)
        totes = {box: nth for nth, box in enumerate(await shipment_store.boxes_of_wave(wave_id), 1)}
        chosen = _chosen(data, totes)
        states = await warehouse_page.shipment_states(wave_id)
        still_open = [box for box in chosen if states[box][0] == ShipmentStatus.LABELLED]
        packed = await shipping.pack(
            still_open, merchant_ids=desk.merchant_ids, actor_id=desk.actor_id, now=desk.now
        )
        after = max(totes[box] for box in chosen) if len(chosen) == 1 else 0
        address = f"/warehouse/waves/{wave_id}/pack?tote={after}"
        return go_on(address, "packed" if packed else "nothing", packed)

    @get("/load")
    async def load(
        self,
        desk: AtFloor,
        wave_id: FromPath[UUID],
        waves: Waves,
        said: Said,
    ) -> Template:
        """Show what is packed and what has left, and ask who takes it."""
        wave = await waves.wave_of(wave_id, merchant_ids=desk.merchant_ids)
        return await _load_page(desk, wave, Form({"carrier": Carrier.OWN_VAN.value}), said)

    @post("/ship", status_code=303)
    async def ship(
        self,
        desk: AtFloor,
        wave_id: FromPath[UUID],
        data: URLEncodedBody[dict[str, str]],
        waves: Waves,
        shipping: Shipping,
    ) -> Response[Any]:
        """Note that the packed boxes have left, with whom."""
        wave = await waves.wave_of(wave_id, merchant_ids=desk.merchant_ids)
        form = Form({name: data.get(name, "") for name in ("carrier", "tracking")})
        carrier, tracking, wrong = _carried_by(data)
        if carrier is None or wrong is not None:
            fault = wrong or Invalid("carrier", message("Choose who takes the boxes"))
            return await _load_page(desk, wave, form.refused(fault), None)
        left = await shipping.ship(
            wave_id,
            merchant_ids=desk.merchant_ids,
            now=desk.now,
            carrier=carrier,
            tracking=tracking,
        )
        deed = "shipped" if left else "nothing"
        return go_on(f"/warehouse/waves/{wave_id}/load", deed, left)

    @post("/deliver", status_code=303)
    async def deliver(self, desk: AtFloor, wave_id: FromPath[UUID], shipping: Shipping) -> Redirect:
        """Note that the boxes that left have arrived."""
        arrived = await shipping.deliver(wave_id, merchant_ids=desk.merchant_ids, now=desk.now)
        deed = "delivered" if arrived else "nothing"
        return go_on(f"/warehouse/waves/{wave_id}/load", deed, arrived)


async def _head(desk: FloorDesk, wave: WaveHead, step: str, said: Message | None) -> dict[str, Any]:
    """Return what stands at the top of each of the wave's pages."""
    states = await warehouse_page.shipment_states(wave.id)
    reached = [status for status, _, _ in states.values()]
    left = (ShipmentStatus.SHIPPED, ShipmentStatus.DELIVERED)
    return {
        "wave": wave,
        "round_name": wave.round_name_zh if desk.locale == "zh" else wave.round_name,
        "step": step,
        "states": states,
        "n_open": reached.count(ShipmentStatus.LABELLED),
        "n_to_load": reached.count(ShipmentStatus.PACKED),
        "n_left": sum(status in left for status in reached),
        "n_arrived": reached.count(ShipmentStatus.DELIVERED),
        "withheld": await warehouse_page.withheld_lots(wave.id),
        "said": said,
    }


async def _open_boxes(
    waves: WaveService,
    wave: WaveHead,
    states: dict[UUID, tuple[str, str, str | None]],
    tote: int,
) -> dict[str, Any]:
    """Return the open boxes: those from `tote` on in full, with their lines in packing order."""
    boxes = await wave_store.boxes_to_pack(wave.id)
    still_open = [box for box in boxes if states[box.box_id][0] == ShipmentStatus.LABELLED]
    after = [box for box in still_open if box.tote > tote] or still_open
    shown = after[:SHOWN_AT_ONCE]
    cards = waves.cards(shown, boxes)
    return {
        "cards": [
            (box, card, packing_order(card.lines), card.place or short_name(box.name))
            for box, card in zip(shown, cards, strict=True)
        ],
        "others": _without(still_open, shown),
        "packed": [box for box in boxes if states[box.box_id][0] != ShipmentStatus.LABELLED],
    }


def _without(boxes: Sequence[BoxToPack], shown: Sequence[BoxToPack]) -> list[BoxToPack]:
    ids = {box.box_id for box in shown}
    return [box for box in boxes if box.box_id not in ids]


def _chosen(data: dict[str, str], totes: dict[UUID, int]) -> list[UUID]:
    """Return the boxes that a form means: all of the wave, or one of it.

    Raises
    ------
    NotFound
    """
    if data.get("all"):
        return list(totes)
    try:
        box = UUID(data.get("box", ""))
    except ValueError:
        raise NotFound from None
    if box not in totes:
        raise NotFound
    return [box]


def _carried_by(data: dict[str, str]) -> tuple[Carrier | None, str | None, Invalid | None]:
    """Return the carrier, its tracking number, and what is wrong with the latter."""
    typed = data.get("carrier", "")
    carrier = Carrier(typed) if typed in set(Carrier) else None
    tracking = " ".join(data.get("tracking", "").split())
    if carrier is not Carrier.MANUAL:
        return carrier, None, None
    if not tracking or len(tracking) > _LONGEST_TRACKING or not tracking.isprintable():
        said = message("Enter the carrier's tracking number, like SF1234567890")
        return carrier, None, Invalid("tracking", said)
    return carrier, tracking, None


async def _load_page(desk: FloorDesk, wave: WaveHead, form: Form, said: Message | None) -> Template:
    context = await _head(desk, wave, "load", said)
    carried = {(carrier, tracking) for _, carrier, tracking in context["states"].values()}
    context |= {
        "form": form,
        "trackings": sorted(tracking for _, tracking in carried if tracking),
    }
    status = 422 if form.errors else 200
    return Template("warehouse/load.html", context=context, status_code=status)
