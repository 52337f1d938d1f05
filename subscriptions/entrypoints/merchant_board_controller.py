"""The plan board of one delivery day, and the button that plans it again."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from ripeday.kit.entrypoints.form import Form
from ripeday.kit.errors import InvalidForm, NotFound
from ripeday.kit.text import message
from ripening.produce import Produce
from subscriptions.adapters import (
    change_store,
    merchant_page,
    plan_board_page,
    room_store,
    share_store,
)
from subscriptions.entrypoints.guard import catalog_staff
from subscriptions.entrypoints.merchant_desk import DESK, AtDesk, Desk
from subscriptions.entrypoints.typed import Typed
from subscriptions.making_room import CHOICES
from subscriptions.plan_stage import PlanStage
from subscriptions.services.mending import MendingService
from subscriptions.services.merchant_view import plan_board
from subscriptions.services.planning_again import PlanningAgainService


class MerchantBoardController(Controller):
    """One delivery day, from the proposal to the door."""

    path = "/merchant/plan/{day_id:uuid}"
    guards = (catalog_staff,)
    dependencies = DESK

    @get("/")
    async def show_board(
        self,
        desk: AtDesk,
        day_id: FromPath[UUID],
        profiles: NamedDependency[Mapping[str, Produce]],
        after: FromQuery[int | None] = None,
        closed: FromQuery[str] = "",
    ) -> Template:
        """Show what the boxes of a day come to, and what changed since proposal number `after`."""
        pct = await room_store.others_pct(desk.shop.id)
        room = Form({"others_pct": pct})
        context = await _board(desk, day_id, profiles, room=room, after=after)
        return Template("merchant/board.html", context={**context, "came_late": bool(closed)})

    @get("/progress")
    async def show_progress(
        self,
        desk: AtDesk,
        day_id: FromPath[UUID],
        running: FromQuery[str] = "",
        after: FromQuery[int | None] = None,
    ) -> Template:
        """Show how far the day's plan is; `running` says that it was at work when the page last asked.

        `after` is the number of the last proposal before somebody asked for another.
        """
        day = await merchant_page.day_of(desk.shop.id, day_id)
        if day is None:
            raise NotFound
        context = {
            "day_id": day_id,
            "running": await share_store.progress_of(day_id, [desk.shop.id], now=desk.now),
            "is_open": day.may_plan(desk.now),
            "was_running": bool(running),
            "after": after,
        }
        return Template("merchant/progress.html", context=context)

    @post("/again", status_code=303)
    async def plan_again(
        self,
        desk: AtDesk,
        day_id: FromPath[UUID],
        planning_again: NamedDependency[PlanningAgainService],
    ) -> Redirect:
        """Have the boxes that nobody has edited planned again by a worker; the board says how far that is."""
        if await merchant_page.day_of(desk.shop.id, day_id) is None:
            raise NotFound
        runs = await plan_board_page.runs_of(desk.shop.id, day_id)
        board = f"/merchant/plan/{day_id}"
        if not await planning_again.ask(day_id, now=desk.now):
            return Redirect(f"{board}?closed=yes", status_code=303)
        return Redirect(f"{board}?after={runs[0].number if runs else 0}", status_code=303)

    @post("/room", status_code=303)
    async def set_room(
        self,
        desk: AtDesk,
        day_id: FromPath[UUID],
        profiles: NamedDependency[Mapping[str, Produce]],
        mending: NamedDependency[MendingService],
        data: URLEncodedBody[dict[str, str]],
    ) -> Response[Any]:
        """Say how many boxes may change to make room for those that lose a lot."""
        if await merchant_page.day_of(desk.shop.id, day_id) is None:
            raise NotFound
        typed = Typed(data)
        pct = typed.one_of(
            "others_pct", [str(each) for each in CHOICES], said=message("Choose how many")
        )
        try:
            typed.check()
        except InvalidForm as error:
            room = Form(typed.values).refused(error)
            context = await _board(desk, day_id, profiles, room=room, after=None)
            return Template("merchant/board.html", context=context, status_code=422)
        await mending.let_make_room(desk.shop.id, int(pct), actor=desk.actor, now=desk.now)
        return Redirect(f"/merchant/plan/{day_id}#room", status_code=303)


async def _board(
    desk: Desk, day_id: UUID, profiles: Mapping[str, Produce], *, room: Form, after: int | None
) -> dict[str, Any]:
    """Put together what the board of a day shows."""
    board = await plan_board(desk.shop, day_id, profiles)
    return {
        "desk": desk,
        "board": board,
        "steps": [stage.words for stage in PlanStage],
        "may_plan": board.day.may_plan(desk.now),
        "change": board.change_since(after),
        "after": after,
        "came_late": False,
        "running": await share_store.progress_of(day_id, [desk.shop.id], now=desk.now),
        "changes": await change_store.changes_by_cause(desk.shop.id, day_id),
        "room_form": room,
        "room_choices": CHOICES,
        "last_mended": await room_store.last_mended(desk.shop.id, day_id),
    }
