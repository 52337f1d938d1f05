"""What rides along in boxes: ordered for one or for every box, until each thing's own deadline."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.adapters import audit
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.errors import Invalid, NotFound
from ripeday.kit.money import Money
from ripeday.kit.text import message
from subscriptions.adapters import addon_store
from subscriptions.addon import (
    MOST_UNITS,
    Addon,
    AddonOrder,
    Claim,
    OrderKind,
    full_on,
)
from subscriptions.addon_prospect import (
    AddonChoice,
    choices_on,
    counts_from,
    is_sent_home,
    let_go,
    to_come_along,
)
from subscriptions.cutoff import DatedDelivery
from subscriptions.errors import AddonFull, AddonGone, NothingRides, PastCutoff
from subscriptions.order import OrderBook
from subscriptions.services.ordering import AHEAD_DAYS, held_book, never_due, order_book


@dataclass(frozen=True, slots=True)
class RidingLook:
    """A delivery with what may ride along; `price` is what it costs, `box_price` what of that is the box."""

    book: OrderBook
    delivery: DatedDelivery
    choices: tuple[AddonChoice, ...]
    box_price: Money
    price: Money


@dataclass(frozen=True, slots=True)
class Counted:
    """A change, and from which delivery it counts: a later one where the thing had closed for the one asked for."""

    addon: Addon
    asked_on: dt.date
    counts_on: dt.date

    @property
    def is_late(self) -> bool:
        """Whether it had closed."""
        return self.counts_on != self.asked_on


@dataclass(frozen=True, slots=True)
class RidingService:
    """Orders what rides along.

    A thing is held while it is ordered, and its places are counted on every day that the order touches, so no day is
    ever oversold. Rows are held in one order: subscription, delivery day, things by their ids.
    """

    async def look(
        self, person_id: UUID, subscription_id: UUID, on: dt.date, *, now: DateTime
    ) -> RidingLook:
        """Return what may ride along with a delivery.

        Raises
        ------
        NotFound, Invalid, NothingRides
        """
        book = await order_book(person_id, subscription_id, now=now)
        delivery = _delivery(book, on, now=now)
        price = book.price_on(on)
        riding = sum((line.price for line in book.riding_on(on)), Money(0, price.currency))
        return RidingLook(
            book, delivery, choices_on(book, delivery, now=now), price - riding, price
        )

    async def order(
        self, person_id: UUID, subscription_id: UUID, on: dt.date, addon_id: UUID, units: int,
        *, every_box: bool, now: DateTime,
    ) -> Counted:  # fmt: skip
        """Have so many of a thing with the box of a day, or with every box from it on; none takes it out.

        Once it has closed for that day, the change counts for the next box.

        Raises
        ------
        NotFound, Invalid, NothingRides, AddonGone, AddonFull, PastCutoff
        """
        if not 0 <= units <= MOST_UNITS:
            raise Invalid("units", message("Choose 0 to {most}.", most=MOST_UNITS))
        async with unit_of_work():
            book = await held_book(person_id, subscription_id, now=now, plans=False)
            _delivery(book, on, now=now)
            addon, counts_on = _counted(book, addon_id, on, now=now)
            if await addon_store.is_locked(book.order.round_id, counts_on):
                raise PastCutoff
            addon = await addon_store.hold_addon(addon.id)
            said = book.riding.saying(addon.id, counts_on, units, every_box=every_box)
            full = await _full(book, addon, said, counts_on)
            if full is not None:
                raise AddonFull(*full)
            await _save(book, addon, said, now=now)
            await audit.write(
                "addon_ordered", subject="subscription", subject_id=book.order.id, merchant_id=book.order.merchant_id,
                actor_id=person_id, now=now,
                detail={"addon": str(addon.id), "on": counts_on, "units": units, "every_box": every_box},
            )  # fmt: skip
        return Counted(addon, on, counts_on)


async def come_back(book: OrderBook, days: Sequence[dt.date], *, now: DateTime) -> OrderBook:
    """Let go of what closed while deliveries were done without that come after all; call it before they do.

    Returns the book as it is then.
    """
    for on in days:
        for line in let_go(book, on, now=now):
            addon = line.addon
            said = book.riding.saying(addon.id, on, 0, every_box=False)
            book = await _save(
                book, addon, [each for each in said if not _is_moved(each, on)], now=now
            )
    return book


async def come_along(book: OrderBook, on: dt.date, to_on: dt.date, *, now: DateTime) -> OrderBook:
    """Have what was ordered for a box alone come with the one that it is moved to, as far as there is any left.

    Call it after that one was planned anew, with the book from before the move; returns it as it is then.
    """
    if await addon_store.is_locked(book.order.round_id, to_on):
        return book
    for line in sorted(to_come_along(book, on, to_on, now=now), key=lambda each: each.addon.id):
        addon = await addon_store.hold_addon(line.addon.id)
        said = book.riding.of(addon.id)
        for units in range(line.units, 0, -1):
            more = (*said, AddonOrder(addon.id, OrderKind.MOVED, to_on, units))
            if await _full(book, addon, more, to_on) is None:
                book = await _save(book, addon, more, now=now)
                break
    return book


async def stay_behind(book: OrderBook, to_on: dt.date, *, now: DateTime) -> OrderBook:
    """Take out of a box what came along with the one that was moved to its day, and moves back."""
    for addon in book.riding.addons:
        said = book.riding.of(addon.id)
        left = [each for each in said if not _is_moved(each, to_on)]
        if len(left) != len(said):
            book = await _save(book, addon, left, now=now)
    return book


def _is_moved(order: AddonOrder, on: dt.date) -> bool:
    return order.kind is OrderKind.MOVED and order.from_on == on


def _counted(
    book: OrderBook, addon_id: UUID, on: dt.date, *, now: DateTime
) -> tuple[Addon, dt.date]:
    """Return a thing, and the first delivery from a day on that a change of it counts for."""
    addon = next((each for each in book.riding.addons if each.id == addon_id), None)
    if addon is None:
        raise NotFound
    delivery = counts_from(book, addon, on, now=now)
    if delivery is None:
        raise AddonGone
    return addon, delivery.delivery_on


def _delivery(book: OrderBook, on: dt.date, *, now: DateTime) -> DatedDelivery:
    today = book.today(now)
    delivery = book.due_on(on) if today <= on <= today.add(days=AHEAD_DAYS) else None
    if delivery is None:
        raise never_due()
    if not is_sent_home(book, on):
        raise NothingRides
    return delivery


async def _full(
    book: OrderBook, addon: Addon, said: Sequence[AddonOrder], since: dt.date
) -> tuple[dt.date, int] | None:
    """Return the first day that has too few left for what is said, and how many are left of it."""
    if addon.day_limit is None:
        return None
    mine = Claim(book.order.id, book.order.rule.weekday, tuple(said))
    claims = await addon_store.claims_on(addon.id, since=since)
    return full_on(claims, mine, addon.day_limit, since=since)


async def _save(
    book: OrderBook, addon: Addon, said: Sequence[AddonOrder], *, now: DateTime
) -> OrderBook:
    order = book.order
    await addon_store.replace_orders(
        order.id, addon.id, said, merchant_id=order.merchant_id, now=now
    )
    others = (each for each in book.riding.orders if each.addon_id != addon.id)
    return replace(book, riding=replace(book.riding, orders=(*others, *said)))
