"""Box plans: what a customer can choose, added and taken off sale."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from ripeday.kit.entrypoints.form import Form
from ripeday.kit.errors import InvalidForm
from ripeday.kit.text import message
from subscriptions.adapters import season_page, spare_store, waiting_store
from subscriptions.adapters.catalog_store import PlanTerms
from subscriptions.catalog_rule import PORTIONS_MOST, STEMS_MOST
from subscriptions.entrypoints.guard import catalog_staff
from subscriptions.entrypoints.merchant_desk import DESK, AtDesk, Desk
from subscriptions.entrypoints.typed import Typed
from subscriptions.lifecycle import PlanKind
from subscriptions.planning.spare import SPARE_PCT_MOST
from subscriptions.services.catalog import CatalogService

Typing = URLEncodedBody[dict[str, str]]
Catalogs = NamedDependency[CatalogService]
BLANK = Form({"kind": "fruit", "portions_a_day": "1", "stems_a_day": "0", "cadence_weeks": "1"})


class MerchantPlansController(Controller):
    """What is sold: kinds, amounts, rhythm and price."""

    path = "/merchant/plans"
    guards = (catalog_staff,)
    dependencies = DESK

    @get("/")
    async def list_plans(self, desk: AtDesk) -> Template:
        """List box plans, those on sale first."""
        return await _page(desk, BLANK)

    @post("/", status_code=303)
    async def add_plan(self, desk: AtDesk, catalogs: Catalogs, data: Typing) -> Response[Any]:
        """Put a box plan on sale."""
        typed = Typed(data)
        try:
            terms = _terms(typed, desk)
            await catalogs.add_plan(desk.shop, terms, actor=desk.actor, now=desk.now)
        except InvalidForm as error:
            return await _page(desk, Form(typed.values).refused(error), status=422)
        return Redirect("/merchant/plans", status_code=303)

    @post("/spare", status_code=303)
    async def set_spare(self, desk: AtDesk, catalogs: Catalogs, data: Typing) -> Response[Any]:
        """Say how much boxes are to have to spare."""
        typed = Typed(data)
        try:
            pct = typed.whole("spare_pct", least=0, most=SPARE_PCT_MOST)
            typed.check()
        except InvalidForm as error:
            return await _page(desk, BLANK, spare=Form(typed.values).refused(error), status=422)
        await catalogs.set_spare(desk.shop, pct, actor=desk.actor, now=desk.now)
        return Redirect("/merchant/plans#spare", status_code=303)

    @post("/{plan_id:uuid}/close", status_code=303)
    async def close_plan(
        self, desk: AtDesk, catalogs: Catalogs, plan_id: FromPath[UUID]
    ) -> Redirect:
        """Take a box plan off sale."""
        await catalogs.set_plan_open(
            desk.shop, plan_id, is_open=False, actor=desk.actor, now=desk.now
        )
        return Redirect("/merchant/plans", status_code=303)

    @post("/{plan_id:uuid}/reopen", status_code=303)
    async def reopen_plan(
        self, desk: AtDesk, catalogs: Catalogs, plan_id: FromPath[UUID]
    ) -> Redirect:
        """Put a box plan back on sale."""
        await catalogs.set_plan_open(
            desk.shop, plan_id, is_open=True, actor=desk.actor, now=desk.now
        )
        return Redirect("/merchant/plans", status_code=303)


def _terms(typed: Typed, desk: Desk) -> PlanTerms:
    kinds = [kind.value for kind in PlanKind]
    kind = typed.one_of("kind", kinds, said=message("Choose what is in it."))
    terms = PlanTerms(
        typed.text("name", most=80, said=message("Give it a name.")),
        typed.text("name_zh", most=80, said=message("Give it a Chinese name.")),
        PlanKind(kind) if kind in kinds else PlanKind.FRUIT,
        typed.whole("portions_a_day", least=0, most=PORTIONS_MOST),
        typed.whole("stems_a_day", least=0, most=STEMS_MOST),
        typed.whole("cadence_weeks", least=1, most=2),
        typed.minor("price", desk.shop.currency),
    )
    typed.check()
    return terms


async def _page(
    desk: Desk, form: Form, *, spare: Form | None = None, status: int = 200
) -> Template:
    terms = await spare_store.spare_terms(desk.shop.id, today=desk.today)
    context = {
        "desk": desk,
        "plans": await season_page.box_plans_of(desk.shop.id),
        "form": form,
        "waiting": await waiting_store.lists_of(desk.shop.id),
        "spare": terms,
        "spare_form": spare or Form({"spare_pct": terms.pct}),
        "spare_most": SPARE_PCT_MOST,
    }
    return Template("merchant/plans.html", context=context, status_code=status)
