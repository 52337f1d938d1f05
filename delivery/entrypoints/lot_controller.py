"""A lot on the floor: found by its code, followed to its boxes, held and let go."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response, Template

from delivery.adapters import trace_page
from delivery.entrypoints.warehouse_controller import announced_stage
from delivery.entrypoints.warehouse_desk import FLOOR, AtFloor, Said, go_on
from delivery.papers.short_name import short_name
from delivery.services.stock import StockService
from ripeday.kit.errors import NotFound
from ripening.produce import Produce
from ripening.unit import name_in_words
from subscriptions.entrypoints.guard import warehouse_staff

_LONGEST_CODE = 20


class LotController(Controller):
    """Lots of the merchants that the person works for."""

    path = "/warehouse/lots"
    guards = (warehouse_staff,)
    dependencies = FLOOR

    @get("/")
    async def find_lot(
        self,
        desk: AtFloor,
        profiles: NamedDependency[Mapping[str, Produce]],
        code: FromQuery[str] = "",
    ) -> Response[Any]:
        """Find lots by the beginning of their code; a single one is opened at once."""
        code = code.strip()[:_LONGEST_CODE] if code.isprintable() else ""
        found = await trace_page.lots_called(desk.merchant_ids, code)
        if len(found) == 1 and code:
            return Redirect(f"/warehouse/lots/{found[0].id}", status_code=303)
        names = {lot.produce_key: name_in_words(profiles[lot.produce_key]) for lot in found}
        context = {"code": code, "found": found, "names": names}
        return Template("warehouse/lots.html", context=context)

    @get("/{lot_id:uuid}")
    async def show_lot(
        self,
        desk: AtFloor,
        lot_id: FromPath[UUID],
        profiles: NamedDependency[Mapping[str, Produce]],
        said: Said,
    ) -> Template:
        """Show where a lot came from, where it lies, and who has it."""
        lot = await trace_page.lot_page(lot_id, desk.merchant_ids, locale=desk.locale, now=desk.now)
        if lot is None:
            raise NotFound
        boxes = await trace_page.boxes_with(lot_id, desk.merchant_ids)
        produce = profiles[lot.produce_key]
        context = {
            "lot": lot,
            "name": name_in_words(produce),
            "is_flower": produce.is_flower,
            "stage": announced_stage(lot, produce),
            "places": await trace_page.places_with(lot_id),
            "boxes": boxes,
            "short_names": {
                box.box_id: box.name if box.is_given else short_name(box.name) for box in boxes
            },
            "said": said,
        }
        return Template("warehouse/lot.html", context=context)

    @post("/{lot_id:uuid}/hold", status_code=303)
    async def hold_lot(
        self, desk: AtFloor, lot_id: FromPath[UUID], stock: NamedDependency[StockService]
    ) -> Redirect:
        """Hold a lot."""
        await stock.hold_lot(
            lot_id, merchant_ids=desk.merchant_ids, actor_id=desk.actor_id, now=desk.now
        )
        return go_on(f"/warehouse/lots/{lot_id}", "held")

    @post("/{lot_id:uuid}/let-go", status_code=303)
    async def let_lot_go(
        self, desk: AtFloor, lot_id: FromPath[UUID], stock: NamedDependency[StockService]
    ) -> Redirect:
        """Let a held lot go."""
        await stock.release_lot(
            lot_id, merchant_ids=desk.merchant_ids, actor_id=desk.actor_id, now=desk.now
        )
        return go_on(f"/warehouse/lots/{lot_id}", "let_go")

    @post("/{lot_id:uuid}/recall", status_code=303)
    async def recall_lot(
        self, desk: AtFloor, lot_id: FromPath[UUID], stock: NamedDependency[StockService]
    ) -> Redirect:
        """Recall a held lot."""
        await stock.recall_lot(
            lot_id, merchant_ids=desk.merchant_ids, actor_id=desk.actor_id, now=desk.now
        )
        return go_on(f"/warehouse/lots/{lot_id}", "recalled")
