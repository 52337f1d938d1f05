"""The storefront as its templates see it."""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pendulum import DateTime

from ripeday.kit.clock import local_day
from ripeday.kit.entrypoints.form import Form
from ripeday.kit.entrypoints.strip import StripDay, strip_day
from ripeday.kit.text import Message, marked, message
from ripening.home import RoomClass
from ripening.produce import Produce
from ripening.reading import Reading, day_words, in_ten_words
from ripening.unit import families, family_in_words, name_in_words
from subscriptions.adapters.shop_page import CoverRecord, OpenDay, Shop
from subscriptions.cutoff import PLANNED_DAYS
from subscriptions.cutoff_wording import cutoff_words
from subscriptions.eating_calendar import Day, EatingCalendar, Item
from subscriptions.entrypoints.shop_area import AreaView
from subscriptions.entrypoints.shop_season import SeasonView
from subscriptions.entrypoints.shop_wish import KINDS, Wish
from subscriptions.first_week import FirstWeek, PlanOffer, price_words, tax_words
from subscriptions.lifecycle import PlanKind
from subscriptions.price_list import PriceLine

_KINDS = {
    PlanKind.FRUIT: marked("Fruit"),
    PlanKind.FLOWER: marked("Flowers"),
    PlanKind.MIXED: marked("Both"),
}
_COUNTRIES = {"CN": marked("China"), "DE": marked("Germany"), "GB": marked("Great Britain")}


def country_words(country: str) -> Message:
    """Return a country that boxes are sold in: "Germany"."""
    return message(_COUNTRIES.get(country, country))


@dataclass(frozen=True, slots=True)
class WeekLine:
    """One item of the week: what it is, when it is at its best, and its bar."""

    key: str
    amount: Message
    odds: Message
    reading: Reading


@dataclass(frozen=True, slots=True)
class WeekView:
    """The part of "My first week" that changes with its controls."""

    wish: Wish
    week: FirstWeek | None
    strip: tuple[StripDay, ...]
    vase_strip: tuple[StripDay, ...]
    lines: tuple[WeekLine, ...]
    others: tuple[OpenDay, ...]
    price: Message | None
    tax: Message | None
    charged: Message | None
    kitchen: Message
    seen: Message | None


def week_view(
    shop: Shop, wish: Wish, week: FirstWeek | None, *, days: Sequence[OpenDay], now: DateTime
) -> WeekView:
    """Return what is shown for a wish; `week` is None where there is no plan or no day for it."""
    plan, day = week.plan if week else None, wish.day
    return WeekView(
        wish=wish,
        week=week,
        strip=strip_of(week.calendar) if week else (),
        vase_strip=strip_of(week.calendar, vase=True) if week else (),
        lines=lines_of(week.calendar) if week else (),
        others=tuple(other for other in days if other is not day and not other.is_full),
        price=price_words(plan.price, plan.cadence_weeks) if plan else None,
        tax=tax_words(shop.country),
        charged=charged_words(day, shop, now=now) if day else None,
        kitchen=kitchen_words(wish),
        seen=seen_words(day, shop, now=now) if day else None,
    )


def kitchen_words(wish: Wish) -> Message:
    """Say for what kitchen the week is reckoned."""
    room = message("{degrees} °C", degrees=round(wish.room.temperature_c))
    if wish.has_fridge:
        return message("Reckoned for a kitchen of about {room} with a fridge.", room=room)
    return message("Reckoned for a kitchen of about {room} without a fridge.", room=room)


def seen_words(day: OpenDay, shop: Shop, *, now: DateTime) -> Message:
    """Say from when the real box of a delivery can be seen, and until when it can be changed."""
    until = cutoff_words(day.cutoff_at, now=now, timezone=shop.timezone).when
    planned_on = local_day(day.cutoff_at.subtract(days=PLANNED_DAYS), shop.timezone)
    values = {"day": day_words(day.delivery_on), "until": until}
    if planned_on <= local_day(now, shop.timezone):
        return message(
            "An example, from what is free today. The boxes of {day} are planned already: yours stands in your account"
            " minutes after you join, and is yours to change until {until}.",
            **values,
        )
    return message(
        "An example, from what is free today. Your own box of {day} stands in your account from {planned} on, and is"
        " yours to change until {until}.",
        planned=day_words(planned_on),
        **values,
    )


def charged_words(day: OpenDay, shop: Shop, *, now: DateTime) -> Message:
    """Say when money is taken: not before the cut-off."""
    when = cutoff_words(day.cutoff_at, now=now, timezone=shop.timezone).when
    return message("Nothing is charged before {when}.", when=when)


def strip_of(calendar: EatingCalendar, *, vase: bool = False) -> tuple[StripDay, ...]:
    """Return the week as cells; those of the vase only where flowers belong to the box."""
    marked_days = [(day, day.vase_mark if vase else day.mark) for day in calendar.days]
    if all(mark is None for _, mark in marked_days):
        return ()
    return tuple(_cell(day, mark or "bare", vase=vase) for day, mark in marked_days)


def lines_of(calendar: EatingCalendar) -> tuple[WeekLine, ...]:
    """Return the items in the order in which they are planned."""
    return tuple(
        WeekLine(item.produce.key, item.amount, odds_words(item), item.reading)
        for item in calendar.items
    )


def odds_words(item: Item) -> Message:
    """Return when it is at its best; where that spreads over many days, the chance on those it is planned for."""
    if item.reading.kind != "unsure" or not item.planned_days:
        return item.reading.short
    least = min(item.reading.columns[day].chance for day in item.planned_days)
    return in_ten_words(math.floor(10 * least + 1e-9))


def _cell(day: Day, mark: str, *, vase: bool) -> StripDay:
    items = day.blooms if vase else day.items
    first = items[0] if items else None
    return strip_day(
        day.on,
        picture=first.produce.key if first else None,
        what=first.name if first else None,
        mark=mark,
        is_flower=vase,
    )


@dataclass(frozen=True, slots=True)
class Family:
    """A family of the never-list with what of it is on sale."""

    key: str
    name: Message
    produce: tuple[tuple[str, Message], ...]


def never_list(offered: Sequence[str], profiles: Mapping[str, Produce]) -> tuple[Family, ...]:
    """Return what can be ruled out, by family, in the order families are always shown in."""
    by_family: dict[str, list[Produce]] = {}
    for key, produce in profiles.items():
        if key in offered:
            by_family.setdefault(produce.family, []).append(produce)
    return tuple(
        Family(
            family,
            family_in_words(family),
            tuple((produce.key, name_in_words(produce)) for produce in members),
        )
        for family in families()
        if (members := by_family.get(family))
    )


@dataclass(frozen=True, slots=True)
class Storefront:
    """A merchant's public page."""

    shop: Shop
    others: tuple[Shop, ...]
    plans: tuple[PlanOffer, ...]
    days: tuple[OpenDay, ...]
    families: tuple[Family, ...]
    season: SeasonView
    record: CoverRecord | None
    view: WeekView
    prices: tuple[PriceLine, ...]
    area: AreaView

    @property
    def country(self) -> Message:
        """Return where it delivers."""
        return country_words(self.shop.country)

    def country_of(self, other: Shop) -> Message:
        """Return where another merchant delivers."""
        return country_words(other.country)

    @property
    def form(self) -> Form:
        """Return the controls as they are set."""
        return Form(dict(self.view.wish.fields))

    @property
    def tax(self) -> Message | None:
        """Return the tax note of its prices."""
        return tax_words(self.shop.country)

    @property
    def rooms(self) -> tuple[tuple[int, Message], ...]:
        """Return how warm a kitchen may be."""
        return tuple((int(room), room.words) for room in RoomClass)

    @property
    def kind_options(self) -> tuple[tuple[str, Message], ...]:
        """Return the kinds of boxes there are."""
        there = {plan.kind for plan in self.plans}
        return tuple((kind.value, message(_KINDS[kind])) for kind in KINDS if kind in there)


def today_of(shop: Shop, now: DateTime) -> dt.date:
    """Return the merchant's own day."""
    return local_day(now, shop.timezone)
