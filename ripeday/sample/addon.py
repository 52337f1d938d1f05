"""What rides along in the sample's boxes, and the households that have some of it with every box."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from ripeday.kit.clock import instant
from ripeday.sample.household import SampleSubscriber
from ripeday.sample.merchant import SampleMerchant
from ripeday.sample.row import RowBook
from subscriptions.adapters.addon_tables import Addon, AddonOrder
from subscriptions.addon import Closing, OrderKind
from subscriptions.tax import TaxClass

EVERY = 12
"""One household in so many has the first thing with every box, another one the second."""


@dataclass(frozen=True, slots=True)
class SampleAddon:
    """A thing on offer."""

    key: str
    name: str
    name_zh: str
    price_minor: int
    tax_class: TaxClass
    weight_g: int
    closing: Closing
    day_limit: int | None = None


ADDONS = {
    "EUR": (
        SampleAddon("honey", "Heather honey, 500 g", "石楠蜂蜜 500 克", 750, TaxClass.FOOD, 720, Closing(4, 720)),
        SampleAddon(
            "bread", "Rye sourdough loaf, 750 g", "黑麦酸面包 750 克", 420, TaxClass.FOOD, 750, Closing(3, 600), 40
        ),
        SampleAddon("juice", "Apple juice, 1 l", "苹果汁 1 升", 340, TaxClass.STANDARD, 1450, Closing(3, 1080)),
    ),
    "CNY": (
        SampleAddon("honey", "Osmanthus honey, 250 g", "桂花蜜 250 克", 4800, TaxClass.FOOD, 410, Closing(4, 720)),
        SampleAddon("nuts", "Hickory nuts, 200 g", "临安山核桃 200 克", 3900, TaxClass.STANDARD, 220, Closing(3, 1080)),
        SampleAddon("herbs", "Coriander, a bunch", "香菜一把", 500, TaxClass.FOOD, 100, Closing(2, 720), 30),
    ),
}  # fmt: skip
"""By the currency of a merchant."""


def add_addons(
    book: RowBook, merchant: SampleMerchant, subscribers: Sequence[SampleSubscriber]
) -> None:
    """Add what a merchant offers, and some orders."""
    offered = ADDONS[merchant.currency]
    since = min(each.first_on for each in subscribers)
    for n, addon in enumerate(offered):
        book.add(
            Addon,
            id=book.key(merchant.slug, "addon", addon.key),
            merchant=book.key(merchant.slug),
            name=addon.name,
            name_zh=addon.name_zh,
            price_minor=addon.price_minor,
            tax_class=addon.tax_class.value,
            weight_g=addon.weight_g,
            closes_days_before=addon.closing.days_before,
            closes_minute=addon.closing.minute,
            day_limit=addon.day_limit,
            last_on=None,
            added_at=instant(since, dt.time(9), merchant.timezone).add(seconds=n),
        )
    for n, subscriber in enumerate(subscribers):
        if n % EVERY in (0, 1):
            _add_order(book, merchant, subscriber, offered[n % EVERY])


def _add_order(
    book: RowBook, merchant: SampleMerchant, subscriber: SampleSubscriber, addon: SampleAddon
) -> None:
    key = book.key(merchant.slug, "addon", addon.key)
    book.add(
        AddonOrder,
        id=book.key(subscriber.subscription_id, "addon", addon.key),
        merchant=book.key(merchant.slug),
        subscription=subscriber.subscription_id,
        addon=key,
        kind=OrderKind.STANDING.value,
        from_on=subscriber.first_on,
        units=1,
        asked_at=instant(subscriber.first_on, addon.closing.wall, merchant.timezone).subtract(
            days=7
        ),
    )
