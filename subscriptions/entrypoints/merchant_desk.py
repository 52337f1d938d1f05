"""Where a merchant's planner works: the shop in front of them, its day, its money; and how they change shops."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pendulum
from litestar import Request
from litestar.di import NamedDependency, Provide
from pendulum import Date, DateTime

from ripeday.kit.clock import local_day
from ripeday.kit.entrypoints.page import current_page, speaker
from ripeday.kit.errors import NotFound
from ripeday.kit.money import Money
from subscriptions.adapters import merchant_page
from subscriptions.adapters.merchant_page import Shop
from subscriptions.entrypoints.guard import WHO, chosen_merchant
from subscriptions.role import CATALOG_ROLES, Identity
from subscriptions.tax import tax_rule

Visit = Request[Any, Any, Any]

_CHOSEN = "merchant_id"


@dataclass(frozen=True, slots=True)
class Desk:
    """One shop as its staff works on it; `shops` are all that the person may work on."""

    shop: Shop
    shops: Sequence[Shop]
    actor: UUID
    now: DateTime

    @property
    def today(self) -> Date:
        """Return the day it is at the shop."""
        return local_day(self.now, self.shop.timezone)

    @property
    def tax_pct(self) -> int:
        """Return the tax contained in the prices the shop shows."""
        return self.tax_of(self.shop)

    def tax_of(self, shop: Shop) -> int:
        """Return the tax contained in the prices of one of the person's shops."""
        return tax_rule(shop.country).rate_pct

    def amount(self, minor: int) -> Money:
        """Return an amount in the shop's currency."""
        return Money(minor, self.shop.currency)

    def day(self, at: dt.datetime) -> Date:
        """Return the day of an instant at the shop."""
        return local_day(at, self.shop.timezone)

    def time(self, at: dt.datetime) -> dt.time:
        """Return the wall-clock time of an instant at the shop."""
        return pendulum.instance(at).in_timezone(self.shop.timezone).time()


async def present_desk(
    request: Visit, identity: NamedDependency[Identity], now: NamedDependency[DateTime]
) -> Desk:
    """Return the shop chosen last, or the first one that the person plans for.

    Raises
    ------
    NotFound
    """
    allowed = identity.merchants(CATALOG_ROLES)
    kept = request.session.get(_CHOSEN)
    wanted = UUID(kept) if kept and UUID(kept) in allowed else None
    merchant_id = chosen_merchant(identity, CATALOG_ROLES, wanted)
    shops = await merchant_page.shops_of(allowed)
    shop = next(shop for shop in shops if shop.id == merchant_id)
    current_page().place_name = called(shop)
    return Desk(shop, shops, identity.person_id, now)


DESK = {**WHO, "desk": Provide(present_desk)}
"""Dependencies of a controller whose handlers ask for `desk`."""

AtDesk = NamedDependency[Desk]


def choose_shop(request: Visit, desk: Desk, slug: str) -> None:
    """Go on with another of the person's shops.

    Raises
    ------
    NotFound
    """
    request.session[_CHOSEN] = str(shop_called(desk, slug).id)


def shop_called(desk: Desk, slug: str) -> Shop:
    """Return the person's shop of that name in addresses.

    Raises
    ------
    NotFound
        There is none, or it is not theirs.
    """
    for shop in desk.shops:
        if shop.slug == slug:
            return shop
    raise NotFound


def called(thing: Any) -> str:
    """Return the name of a thing that has one in either language, in the reader's."""
    name: str = thing.name_zh if speaker().locale == "zh" else thing.name
    return name
