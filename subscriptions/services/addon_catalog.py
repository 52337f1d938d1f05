"""What a merchant offers to ride along: put in, changed, ended."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID, uuid4

from pendulum import Date, DateTime

from ripeday.kit.adapters import audit
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.clock import local_day
from ripeday.kit.errors import Invalid, InvalidForm, NotFound
from ripeday.kit.text import message
from subscriptions.adapters import addon_sheet, addon_store
from subscriptions.adapters.addon_store import AddonTerms
from subscriptions.adapters.merchant_page import Shop
from subscriptions.addon import Addon, Claim, OrderKind, most_taken


@dataclass(frozen=True, slots=True)
class AddonCatalogService:
    """Changes what rides along. `shop` is one the caller may touch, `actor` who does it."""

    async def add(self, shop: Shop, terms: AddonTerms, *, actor: UUID, now: DateTime) -> UUID:
        """Offer a thing from now on."""
        addon_id = uuid4()
        async with unit_of_work():
            await addon_store.add(addon_id, shop.id, terms, now=now)
            await _note("addon_added", shop, addon_id, terms, actor=actor, now=now)
        return addon_id

    async def change(
        self, shop: Shop, addon_id: UUID, terms: AddonTerms, *, actor: UUID, now: DateTime
    ) -> None:
        """Offer a thing on other terms.

        People who have ordered it keep its price, and what is kept for them; what has closed still comes.

        Raises
        ------
        NotFound, InvalidForm
        """
        async with unit_of_work():
            addon = await _held(shop, addon_id)
            today = local_day(now, shop.timezone)
            claims = await addon_store.claims_on(addon_id, since=today)
            faults = _faults(addon, terms, claims, today)
            least = await _last_closed(shop, addon_id, today, now=now)
            if least is not None and terms.last_on is not None and terms.last_on < least:
                said = message(
                    "It has closed for {day}, and people have ordered it. Choose that day or a later one.",
                    day=least,
                )
                faults.append(Invalid("last_on", said))
            if faults:
                raise InvalidForm(faults)
            await addon_store.change(addon_id, terms)
            await _note("addon_changed", shop, addon_id, terms, actor=actor, now=now)

    async def end(self, shop: Shop, addon_id: UUID, *, actor: UUID, now: DateTime) -> dt.date:
        """Offer a thing no more; returns the last delivery day that still brings it, for it has closed already.

        Raises
        ------
        NotFound
        """
        async with unit_of_work():
            await _held(shop, addon_id)
            today = local_day(now, shop.timezone)
            last_on = await _last_closed(shop, addon_id, today, now=now) or today.subtract(days=1)
            await addon_store.end(addon_id, last_on)
            await audit.write(
                "addon_ended", subject="addon", subject_id=addon_id, merchant_id=shop.id, actor_id=actor, now=now,
                detail={"last_on": last_on},
            )  # fmt: skip
        return last_on


async def _held(shop: Shop, addon_id: UUID) -> Addon:
    if await addon_store.merchant_of(addon_id) != shop.id:
        raise NotFound
    return await addon_store.hold_addon(addon_id)


def _faults(addon: Addon, terms: AddonTerms, claims: list[Claim], today: Date) -> list[Invalid]:
    faults = []
    if terms.price_minor != addon.price.minor and any(_wants(each, today) for each in claims):
        said = message(
            "People have ordered it at {price}. End it, and put it in anew at the other price.",
            price=addon.price,
        )
        faults.append(Invalid("price", said))
    kept = most_taken(claims, since=today)
    if terms.day_limit is not None and terms.day_limit < kept:
        said = message("{n} are ordered for one day already. Give that number or a higher one.", n=kept)  # fmt: skip
        faults.append(Invalid("day_limit", said))
    return faults


def _wants(claim: Claim, today: Date) -> bool:
    """Tell whether somebody gets any from today on."""
    standing = [each for each in claim.orders if each.kind is OrderKind.STANDING]
    began = max((each.from_on for each in standing if each.from_on <= today), default=today)
    return any(
        each.units
        for each in claim.orders
        if each.from_on >= (began if each.kind is OrderKind.STANDING else today)
    )


async def _last_closed(shop: Shop, addon_id: UUID, today: Date, *, now: DateTime) -> dt.date | None:
    """Return the last delivery day to come for which a thing is ordered and has closed."""
    days = await addon_sheet.sheet_of(shop.id, since=today)
    return max(
        (day.delivery_on for day in days if day.units.get(addon_id) and day.closes_at[addon_id] <= now),
        default=None,
    )  # fmt: skip


async def _note(
    action: str, shop: Shop, addon_id: UUID, terms: AddonTerms, *, actor: UUID, now: DateTime
) -> None:
    await audit.write(
        action, subject="addon", subject_id=addon_id, merchant_id=shop.id, actor_id=actor, now=now,
        detail={
            "name": terms.name, "price_minor": terms.price_minor, "day_limit": terms.day_limit,
            "last_on": terms.last_on,
        },
    )  # fmt: skip
