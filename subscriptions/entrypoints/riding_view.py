"""What rides along in a box, as its pages show it."""

from collections.abc import Sequence
from dataclasses import dataclass

from ripeday.kit.money import Money
from ripeday.kit.text import Message, message
from subscriptions.adapters import addon_store
from subscriptions.adapters.addon_store import BoxAddon
from subscriptions.adapters.box_view_store import BoxView
from subscriptions.addon import addon_lines
from subscriptions.entrypoints.customer_view import BoxCard
from subscriptions.lifecycle import CHANGEABLE


@dataclass(frozen=True, slots=True)
class RidingView:
    """What rides along; `box_price` is what the box costs without it, `total` with it, `tax` the part of that.

    The note of a rate stands only where nothing rides along: things may be taxed at another. `href` leads to where it
    can be changed.
    """

    lines: tuple[BoxAddon, ...]
    box_price: Money
    total: Money
    tax: Money
    tax_note: Message | None
    href: str | None


def total_of(box: BoxView, lines: Sequence[BoxAddon]) -> Money:
    """Return what a box costs with what rides along; once it is closed, that is part of its price."""
    price = Money(box.price_minor, box.currency)
    return sum((each.price for each in lines), price) if box.status in CHANGEABLE else price


async def riding_view(card: BoxCard) -> RidingView:
    """Return what rides along in a box that the caller may see."""
    box, none, href = card.box, Money(0, card.box.currency), None
    tax = card.tax
    if box.status in CHANGEABLE and not box.is_given:
        addons = (await addon_store.addons_of([box.merchant_id]))[box.merchant_id]
        orders = (await addon_store.orders_of([box.subscription_id]))[box.subscription_id]
        lines = addon_store.as_ordered(addon_lines(addons, orders, box.delivery_on), box.country)
        tax += sum((each.tax for each in lines), none)
        if any(each.comes_on(box.delivery_on) for each in addons):
            href = f"/subscriptions/{box.subscription_id}/addons/{box.delivery_on}"
    else:
        lines = (await addon_store.fixed_lines([box.id]))[box.id]
    total = total_of(box, lines)
    riding = sum((each.price for each in lines), none)
    note = card.tax_note if not lines else message("tax included") if tax.minor else None
    return RidingView(lines, total - riding, total, tax, note, href)
