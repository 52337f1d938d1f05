"""What a merchant lets its customers do with deliveries: skips a season, in a row, and the notice to be kept."""

from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody
from litestar.response import Redirect, Template

from ripeday.kit.entrypoints.form import Form
from ripeday.kit.errors import InvalidForm
from subscriptions.adapters import rule_store
from subscriptions.allowance import DeliveryRule
from subscriptions.entrypoints.guard import catalog_staff
from subscriptions.entrypoints.merchant_desk import DESK, AtDesk, Desk
from subscriptions.entrypoints.typed import Typed
from subscriptions.services.catalog import CatalogService

Typing = URLEncodedBody[dict[str, str]]
Catalogs = NamedDependency[CatalogService]

MOST_SKIPS = 60
MOST_NOTICE_DAYS = 60
_FIELDS = ("n_skips", "n_in_a_row", "notice_days")


class MerchantRuleController(Controller):
    """The rule of skips and notice."""

    path = "/merchant/rule"
    guards = (catalog_staff,)
    dependencies = DESK

    @get("/")
    async def show_rule(self, request: Request[Any, Any, Any], desk: AtDesk) -> Template:
        """Show the rule; with another one in the address, say first for how many that would hold."""
        typed = {name: request.query_params[name] for name in _FIELDS if name in request.query_params}  # fmt: skip
        if not typed:
            return await _page(desk, None)
        try:
            return await _page(desk, None, wanted=_rule(Typed(typed)))
        except InvalidForm as error:
            return await _page(desk, Form(typed).refused(error), status=422)

    @post("/", status_code=303)
    async def set_rule(self, desk: AtDesk, catalogs: Catalogs, data: Typing) -> Response[Any]:
        """Set the rule for whatever is asked for from now on."""
        typed = Typed(data)
        try:
            rule = _rule(typed)
        except InvalidForm as error:
            return await _page(desk, Form(typed.values).refused(error), status=422)
        await catalogs.set_rule(desk.shop, rule, actor=desk.actor, now=desk.now)
        return Redirect("/merchant/rule", status_code=303)


def _rule(typed: Typed) -> DeliveryRule:
    rule = DeliveryRule(
        typed.whole("n_skips", least=0, most=MOST_SKIPS),
        typed.whole("n_in_a_row", least=1, most=MOST_SKIPS),
        typed.whole("notice_days", least=0, most=MOST_NOTICE_DAYS),
    )
    typed.check()
    return rule


async def _page(
    desk: Desk, form: Form | None, *, wanted: DeliveryRule | None = None, status: int = 200
) -> Template:
    rule = await rule_store.rule_of(desk.shop.id)
    shown = wanted or rule
    if wanted == rule:
        wanted = None
    context = {
        "desk": desk,
        "form": form or Form({name: getattr(shown, name) for name in _FIELDS}),
        "rule": rule,
        "reach": await rule_store.reach_of(desk.shop.id, rule, today=desk.today),
        "wanted": wanted,
        "wanted_reach": wanted
        and await rule_store.reach_of(desk.shop.id, wanted, today=desk.today),
        "most": MOST_SKIPS,
    }
    return Template("merchant/rule.html", context=context, status_code=status)
