"""Tables of what rides along in boxes: what a merchant offers, who ordered it, and what came of it at the lock."""

from piccolo.constraints import Check, Unique
from piccolo.table import Table

from ripeday.kit.adapters.column import (
    choice,
    day,
    key,
    minor,
    moment,
    one_of,
    reference,
    small,
    whole,
    words,
)
from subscriptions.adapters.box_tables import Box, Subscription
from subscriptions.adapters.people_tables import Merchant
from subscriptions.addon import MOST_UNITS, OrderKind
from subscriptions.tax import TaxClass


class Addon(Table, tablename="addon"):
    """A thing that may ride along: its price, until when it is to be ordered, and how many there are a day."""

    id = key()
    merchant = reference(Merchant)
    name = words(60)
    name_zh = words(60)
    price_minor = minor(help_text="Of one, tax included; fixed in a box when the box is locked.")
    tax_class = choice(TaxClass)
    weight_g = whole(help_text="Of one, as it lies in the box.")
    closes_days_before = small(help_text="Days before the delivery day.")
    closes_minute = small(help_text="Minute of that day, on the merchant's wall clock.")
    day_limit = small(optional=True, help_text="Most units on one delivery day; none said: no end.")
    last_on = day(optional=True, help_text="Last delivery day it comes on; none said: no end.")
    added_at = moment()

    addon_price_ck = Check("price_minor > 0")
    addon_tax_ck = Check(one_of("tax_class", TaxClass))
    addon_weight_ck = Check("weight_g BETWEEN 1 AND 20000")
    addon_closes_ck = Check(
        "closes_days_before BETWEEN 0 AND 21 AND closes_minute BETWEEN 0 AND 1439"
    )
    addon_limit_ck = Check("day_limit > 0")


class AddonOrder(Table, tablename="addon_order"):
    """What a subscription has of an add-on: on one day, with every box from a day on, or with a box moved to a day.

    Read by `subscriptions.addon.units_on`: what was said for one day goes before what holds for every box.
    """

    id = key()
    merchant = reference(Merchant)
    subscription = reference(Subscription)
    addon = reference(Addon)
    kind = choice(OrderKind)
    from_on = day(help_text="The day itself, or the first one.")
    units = small(help_text="None is a word, too: not this time, or no more.")
    asked_at = moment()

    addon_order_once_uq = Unique(["subscription", "addon", "kind", "from_on"])
    addon_order_kind_ck = Check(one_of("kind", OrderKind))
    addon_order_units_ck = Check(f"units BETWEEN 0 AND {2 * MOST_UNITS}")


class BoxAddon(Table, tablename="box_addon"):
    """A line of a box beside its fruit, written when the box is locked; its price and tax are part of the box's."""

    id = key()
    merchant = reference(Merchant)
    box = reference(Box, cascade=True)
    addon = reference(Addon)
    units = small()
    price_minor = minor(help_text="Of all units, tax included.")
    tax_minor = minor(help_text="The part of the price that is tax.")

    box_addon_once_uq = Unique(["box", "addon"])
    box_addon_ck = Check("units > 0 AND price_minor > 0 AND tax_minor BETWEEN 0 AND price_minor")
