"""What rides along in a box: a jar of honey, a loaf. When it closes, how many come, what that costs. Pure."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from pendulum import DateTime

from ripeday.kit.money import Money
from ripeday.kit.text import Named
from subscriptions.cutoff import RoundRule, dated
from subscriptions.tax import TaxClass, TaxRule

MOST_UNITS = 20
"""So many of one thing in a box, and no more; twice that in a box that came together with another."""


class OrderKind(StrEnum):
    """How a thing was ordered: for one delivery, with every box from one on, or come along with a box moved here."""

    ONCE = "once"
    STANDING = "standing"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Closing:
    """Until when a thing may be ordered: so many days before the delivery, at a minute of the wall clock."""

    days_before: int
    minute: int

    @property
    def wall(self) -> dt.time:
        """Return the wall-clock time."""
        return dt.time(self.minute // 60, self.minute % 60)


def closes_at(
    closing: Closing, rule: RoundRule, delivery_on: dt.date, *, cutoff_at: DateTime
) -> DateTime:
    """Return until when a thing may be ordered for a delivery, never later than its box may be changed.

    At that instant itself it is too late.
    """
    own = replace(rule, cutoff_days_before=closing.days_before, cutoff_minute=closing.minute)
    return min(dated(own, delivery_on).cutoff_at, cutoff_at)


@dataclass(frozen=True, slots=True)
class Addon:
    """A thing on offer; `price` is that of one, tax included."""

    id: UUID
    name: str
    name_zh: str
    price: Money
    tax_class: TaxClass
    weight_g: int
    closing: Closing
    day_limit: int | None
    last_on: dt.date | None

    @property
    def called(self) -> Named:
        """Return its name in both languages."""
        return Named(self.name, self.name_zh)

    def comes_on(self, on: dt.date) -> bool:
        """Tell whether it is to be had with the deliveries of a day."""
        return self.last_on is None or on <= self.last_on


@dataclass(frozen=True, slots=True)
class AddonOrder:
    """What somebody said about one thing; see `OrderKind` for what `from_on` means."""

    addon_id: UUID
    kind: OrderKind
    from_on: dt.date
    units: int


def standing_on(orders: Iterable[AddonOrder], on: dt.date) -> int:
    """Return how many of one thing come with every box, as of a day."""
    said = [each for each in orders if each.kind is OrderKind.STANDING and each.from_on <= on]
    return max(said, key=attrgetter("from_on")).units if said else 0


def once_on(orders: Iterable[AddonOrder], on: dt.date) -> int | None:
    """Return how many of one thing were asked for that day alone; None when nothing was said of it."""
    return next(
        (each.units for each in orders if each.kind is OrderKind.ONCE and each.from_on == on), None
    )


def own_units_on(orders: Sequence[AddonOrder], on: dt.date) -> int:
    """Return how many of one thing were ordered for a day, without what comes along with a box moved there."""
    once = once_on(orders, on)
    return standing_on(orders, on) if once is None else once


def units_on(orders: Sequence[AddonOrder], on: dt.date) -> int:
    """Return how many of one thing come on a day: what was said for it, else what comes with every box."""
    moved = sum(
        each.units for each in orders if each.kind is OrderKind.MOVED and each.from_on == on
    )
    return own_units_on(orders, on) + moved


def comes_along(orders: Sequence[AddonOrder], on: dt.date) -> int:
    """Return how many go along when the box of a day is moved: what was ordered for that day beyond every box.

    What comes with every box comes with the other one, too, once and not twice.
    """
    once = once_on(orders, on)
    return 0 if once is None else max(0, once - standing_on(orders, on))


@dataclass(frozen=True, slots=True)
class AddonLine:
    """So many of one thing in one box."""

    addon: Addon
    units: int

    @property
    def price(self) -> Money:
        """Return what they cost, tax included."""
        return self.addon.price * self.units

    def tax(self, rule: TaxRule) -> Money:
        """Return the tax in it."""
        return rule.contained(self.price, self.addon.tax_class)


def by_addon(orders: Iterable[AddonOrder]) -> Iterator[tuple[UUID, list[AddonOrder]]]:
    """Yield orders thing by thing."""
    key = attrgetter("addon_id")
    for addon_id, of_it in groupby(sorted(orders, key=key), key=key):
        yield addon_id, list(of_it)


def addon_lines(
    addons: Iterable[Addon], orders: Iterable[AddonOrder], on: dt.date
) -> tuple[AddonLine, ...]:
    """Return what a subscription gets on a day besides its box, in the order of the things."""
    said = dict(by_addon(orders))
    counted = ((each, units_on(said.get(each.id, []), on)) for each in addons if each.comes_on(on))
    return tuple(AddonLine(addon, units) for addon, units in counted if units)


def price_of(lines: Iterable[AddonLine], currency: str) -> Money:
    """Return what lines cost together."""
    return Money(sum(line.price.minor for line in lines), currency)


@dataclass(frozen=True, slots=True)
class Riding:
    """What a merchant offers to ride along, and what one subscription said of it.

    `without_since` says since when it does without a delivery, be it skipped or given away.
    """

    addons: tuple[Addon, ...] = ()
    orders: tuple[AddonOrder, ...] = ()
    without_since: Mapping[dt.date, DateTime] = field(default_factory=dict)

    def of(self, addon_id: UUID) -> tuple[AddonOrder, ...]:
        """Return what was said of one thing."""
        return tuple(each for each in self.orders if each.addon_id == addon_id)

    def saying(
        self, addon_id: UUID, on: dt.date, units: int, *, every_box: bool
    ) -> tuple[AddonOrder, ...]:
        """Return what stands of one thing once so many are wanted on a day, or with every box from it on."""
        said = [
            each
            for each in self.of(addon_id)
            if not (each.kind is OrderKind.ONCE and each.from_on == on)
        ]
        if not every_box:
            if units != standing_on(said, on):
                said.append(AddonOrder(addon_id, OrderKind.ONCE, on, units))
            return tuple(said)
        said = [each for each in said if each.kind is not OrderKind.STANDING or each.from_on < on]
        if units != standing_on(said, on):
            said.append(AddonOrder(addon_id, OrderKind.STANDING, on, units))
        return tuple(said)

    def lines_on(self, on: dt.date) -> tuple[AddonLine, ...]:
        """Return what rides along on a day."""
        return addon_lines(self.addons, self.orders, on)


@dataclass(frozen=True, slots=True)
class Claim:
    """All that one subscription said of one thing, and the weekday on which its boxes come."""

    subscription_id: UUID
    weekday: int
    orders: tuple[AddonOrder, ...]

    def units_on(self, on: dt.date) -> int:
        """Return how many it keeps of a day's.

        Skipped, paused and rarer boxes keep theirs, too: whoever takes a skip back, or comes again every week, finds
        what was theirs.
        """
        if on.weekday() == self.weekday:
            return units_on(self.orders, on)
        said = [each for each in self.orders if each.kind is not OrderKind.STANDING]
        return units_on(said, on)


def taken_on(claims: Iterable[Claim], on: dt.date) -> int:
    """Return how many of a day's are kept."""
    return sum(claim.units_on(on) for claim in claims)


def full_on(
    claims: Sequence[Claim], mine: Claim, limit: int, *, since: dt.date
) -> tuple[dt.date, int] | None:
    """Return the first day from `since` on that has too few left for more of mine, and how many it has.

    `claims` are as they stand, the one that `mine` replaces among them. What is taken changes only on the days that
    orders name, and a week after.
    """
    before = next((each for each in claims if each.subscription_id == mine.subscription_id), None)
    others = [each for each in claims if each is not before]
    for on in _days_of_change([*claims, mine], mine.weekday, since):
        left = max(0, limit - taken_on(others, on))
        had = 0 if before is None else before.units_on(on)
        if mine.units_on(on) > max(left, had):
            return on, left
    return None


def most_taken(claims: Sequence[Claim], *, since: dt.date) -> int:
    """Return how many are kept on the day from `since` on that has most."""
    weekdays = {claim.weekday for claim in claims}
    days = {on for weekday in weekdays for on in _days_of_change(claims, weekday, since)}
    return max((taken_on(claims, on) for on in days), default=0)


def _days_of_change(claims: Iterable[Claim], weekday: int, since: dt.date) -> list[dt.date]:
    """Return the days from `since` on that anything may change on, and the days of the round next after them."""
    named = {each.from_on for claim in claims for each in claim.orders}
    week = dt.timedelta(weeks=1)
    days = {since, since + week, *named, *(on + week for on in named)}
    days |= {on + dt.timedelta(days=(weekday - on.weekday()) % 7) for on in days}
    return sorted(on for on in days if on >= since)
