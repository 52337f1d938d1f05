"""The trial boxes of a box plan: so many first boxes at a lower price, or none."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from ripeday.kit.entrypoints.form import Form
from ripeday.kit.errors import InvalidForm, NotFound
from subscriptions.adapters import season_page
from subscriptions.adapters.season_page import BoxPlanRow
from subscriptions.entrypoints.guard import catalog_staff
from subscriptions.entrypoints.merchant_desk import DESK, AtDesk, Desk
from subscriptions.entrypoints.typed import Typed
from subscriptions.services.catalog import CatalogService
from subscriptions.trial import MOST_BOXES, TrialOffer

Catalogs = NamedDependency[CatalogService]


class MerchantTrialController(Controller):
    """What a customer may try first."""

    path = "/merchant/plans/{plan_id:uuid}/trial"
    guards = (catalog_staff,)
    dependencies = DESK

    @get("/")
    async def show_trial(self, desk: AtDesk, plan_id: FromPath[UUID]) -> Template:
        """Show the trial of a box plan."""
        plan = await _plan(desk, plan_id)
        price = "" if plan.trial_minor is None else str(desk.amount(plan.trial_minor).amount)
        return _page(desk, plan, Form({"n_boxes": plan.trial_boxes or 2, "price": price}))

    @post("/", status_code=303)
    async def set_trial(
        self,
        desk: AtDesk,
        catalogs: Catalogs,
        plan_id: FromPath[UUID],
        data: URLEncodedBody[dict[str, str]],
    ) -> Response[Any]:
        """Offer the plan with a trial from now on."""
        plan, typed = await _plan(desk, plan_id), Typed(data)
        try:
            n_boxes = typed.whole("n_boxes", least=1, most=MOST_BOXES)
            price = desk.amount(typed.minor("price", desk.shop.currency))
            typed.check()
            offer = TrialOffer(n_boxes, price)
            await catalogs.set_trial(desk.shop, plan_id, offer, actor=desk.actor, now=desk.now)
        except InvalidForm as error:
            return _page(desk, plan, Form(typed.values).refused(error), status=422)
        return Redirect("/merchant/plans", status_code=303)

    @post("/end", status_code=303)
    async def end_trial(
        self, desk: AtDesk, catalogs: Catalogs, plan_id: FromPath[UUID]
    ) -> Redirect:
        """Offer the plan without a trial from now on."""
        await catalogs.set_trial(desk.shop, plan_id, None, actor=desk.actor, now=desk.now)
        return Redirect("/merchant/plans", status_code=303)


async def _plan(desk: Desk, plan_id: UUID) -> BoxPlanRow:
    for plan in await season_page.box_plans_of(desk.shop.id):
        if plan.id == plan_id:
            return plan
    raise NotFound


def _page(desk: Desk, plan: BoxPlanRow, form: Form, *, status: int = 200) -> Template:
    context = {"desk": desk, "plan": plan, "form": form, "most": MOST_BOXES}
    return Template("merchant/trial.html", context=context, status_code=status)
