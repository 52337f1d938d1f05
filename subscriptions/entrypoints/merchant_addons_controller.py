"""What a merchant offers to ride along in boxes, and how many are ordered for which delivery."""

import re
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from ripeday.kit.entrypoints.form import Form
from ripeday.kit.errors import Invalid, InvalidForm, NotFound
from ripeday.kit.text import message
from subscriptions.adapters import addon_sheet, addon_store
from subscriptions.adapters.addon_store import AddonTerms
from subscriptions.addon import Addon, Closing
from subscriptions.entrypoints.guard import catalog_staff
from subscriptions.entrypoints.merchant_desk import DESK, AtDesk, Desk
from subscriptions.entrypoints.typed import Typed
from subscriptions.services.addon_catalog import AddonCatalogService
from subscriptions.tax import TaxClass, tax_rule

Typing = URLEncodedBody[dict[str, str]]
AddonCatalog = NamedDependency[AddonCatalogService]
BLANK = Form({"tax_class": "food", "closes_days_before": "3", "closes_time": "12:00"})
SHOWN_DAYS = 28
"""So far ahead the order sheet looks."""
DAYS_BEFORE_MOST, WEIGHT_MOST_G, LIMIT_MOST = 21, 20_000, 10_000
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


class MerchantAddonsController(Controller):
    """What rides along: on offer until when, and the order sheet for suppliers."""

    path = "/merchant/add-ons"
    guards = (catalog_staff,)
    dependencies = DESK

    @get("/")
    async def list_addons(self, desk: AtDesk) -> Template:
        """Show what is ordered for the coming deliveries, what is on offer, and the form that adds to it."""
        return await _page(desk, BLANK)

    @post("/", status_code=303)
    async def add_addon(
        self, desk: AtDesk, addon_catalog: AddonCatalog, data: Typing
    ) -> Response[Any]:
        """Offer one thing more."""
        typed = Typed(data)
        try:
            await addon_catalog.add(desk.shop, _terms(typed, desk), actor=desk.actor, now=desk.now)
        except InvalidForm as error:
            return await _page(desk, Form(typed.values).refused(error), status=422)
        return Redirect("/merchant/add-ons", status_code=303)

    @get("/{addon_id:uuid}")
    async def show_addon(self, desk: AtDesk, addon_id: FromPath[UUID]) -> Template:
        """Show one thing and the form that changes it."""
        addon = await _addon(desk, addon_id)
        return _addon_page(desk, addon, Form(_values(addon)))

    @post("/{addon_id:uuid}", status_code=303)
    async def change_addon(
        self, desk: AtDesk, addon_catalog: AddonCatalog, addon_id: FromPath[UUID], data: Typing
    ) -> Response[Any]:
        """Change its name, price, deadline, limit or last day."""
        addon, typed = await _addon(desk, addon_id), Typed(data)
        try:
            terms = _terms(typed, desk)
            await addon_catalog.change(desk.shop, addon_id, terms, actor=desk.actor, now=desk.now)
        except InvalidForm as error:
            return _addon_page(desk, addon, Form(typed.values).refused(error), status=422)
        return Redirect("/merchant/add-ons", status_code=303)

    @post("/{addon_id:uuid}/end", status_code=303)
    async def end_addon(
        self, desk: AtDesk, addon_catalog: AddonCatalog, addon_id: FromPath[UUID]
    ) -> Redirect:
        """Offer it no more."""
        await addon_catalog.end(desk.shop, addon_id, actor=desk.actor, now=desk.now)
        return Redirect("/merchant/add-ons", status_code=303)


def _terms(typed: Typed, desk: Desk) -> AddonTerms:
    known = message("Give its name.")
    terms = AddonTerms(
        name=typed.text("name", most=60, said=known),
        name_zh=typed.text("name_zh", most=60, said=known),
        price_minor=typed.minor("price", desk.shop.currency),
        tax_class=_tax_class(typed),
        weight_g=typed.whole("weight_g", least=1, most=WEIGHT_MOST_G),
        closing=Closing(
            typed.whole("closes_days_before", least=0, most=DAYS_BEFORE_MOST), _minute(typed)
        ),
        day_limit=typed.whole("day_limit", least=1, most=LIMIT_MOST) if typed.has("day_limit") else None,
        last_on=typed.day("last_on") if typed.has("last_on") else None,
    )  # fmt: skip
    typed.check()
    return terms


def _tax_class(typed: Typed) -> TaxClass:
    allowed = [each.value for each in TaxClass]
    chosen = typed.one_of("tax_class", allowed, said=message("Choose a tax."))
    return TaxClass(chosen) if chosen in allowed else TaxClass.FOOD


def _minute(typed: Typed) -> int:
    found = _TIME.fullmatch(typed.values.get("closes_time", "").strip())
    if found is None:
        typed.faults.append(Invalid("closes_time", message("Give a time, like 12:00.")))
        return 0
    return 60 * int(found[1]) + int(found[2])


def _values(addon: Addon) -> dict[str, str]:
    return {
        "name": addon.name,
        "name_zh": addon.name_zh,
        "price": str(addon.price.amount),
        "tax_class": addon.tax_class.value,
        "weight_g": str(addon.weight_g),
        "closes_days_before": str(addon.closing.days_before),
        "closes_time": addon.closing.wall.strftime("%H:%M"),
        "day_limit": str(addon.day_limit or ""),
        "last_on": addon.last_on.isoformat() if addon.last_on else "",
    }


async def _addon(desk: Desk, addon_id: UUID) -> Addon:
    addons = (await addon_store.addons_of([desk.shop.id]))[desk.shop.id]
    found = next((each for each in addons if each.id == addon_id), None)
    if found is None:
        raise NotFound
    return found


def _taxes(desk: Desk) -> dict[str, int]:
    """Return the country's rates by class, in percent."""
    rule = tax_rule(desk.shop.country)
    return {each.value: rule.pct(each) for each in TaxClass}


async def _page(desk: Desk, form: Form, *, status: int = 200) -> Template:
    addons = (await addon_store.addons_of([desk.shop.id]))[desk.shop.id]
    days = await addon_sheet.sheet_of(desk.shop.id, since=desk.today)
    days = [each for each in days if each.delivery_on <= desk.today.add(days=SHOWN_DAYS)]
    ordered = {addon_id for day in days for addon_id, n in day.units.items() if n}
    context = {
        "desk": desk,
        "addons": addons,
        "days": days,
        "shown": [each for each in addons if each.id in ordered or each.comes_on(desk.today)],
        "taxes": _taxes(desk),
        "form": form,
    }
    return Template("merchant/addons.html", context=context, status_code=status)


def _addon_page(desk: Desk, addon: Addon, form: Form, *, status: int = 200) -> Template:
    context = {"desk": desk, "addon": addon, "taxes": _taxes(desk), "form": form}
    return Template("merchant/addon.html", context=context, status_code=status)
