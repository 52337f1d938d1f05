"""The storefront as its templates see it."""

import datetime as dt
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pendulum import DateTime

from ripeday.kit.clock import local_day
from ripeday.kit.entrypoints.form import Form
from ripeday.kit.entrypoints.strip import StripDay, strip_day
from ripeday.kit.text import Message, marked, message
from ripening.produce import Produce
from ripening.reading import Reading, in_ten_words, month_words
from ripening.season import availability, last_month_of_season
from ripening.unit import families, family_in_words, name_in_words
from subscriptions.adapters.shop_page import CoverRecord, OpenDay, Shop
from subscriptions.cutoff_wording import cutoff_words
from subscriptions.eating_calendar import Day, EatingCalendar, Item
from subscriptions.entrypoints.shop_wish import KINDS, Wish
from subscriptions.first_week import FirstWeek, PlanOffer, price_words, tax_words
from subscriptions.lifecycle import PlanKind

N_TILES = 8
_TILES_OF_FLOWERS = 2
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
class Tile:
    """One produce in season and until when."""

    key: str
    name: Message
    until: Message


def season_tiles(
    offered: Mapping[str, dt.date], profiles: Mapping[str, Produce], *, region: str, on: dt.date
) -> tuple[Tile, ...]:
    """Return up to eight of what is offered: what is being harvested first, and what ends soonest of it."""
    known = [profiles[key] for key in offered if key in profiles]
    ranked = sorted(known, key=lambda produce: (*_rank(produce, region, on), produce.key))
    flowers = _mixed([produce for produce in ranked if produce.is_flower])
    fruit = _mixed([produce for produce in ranked if not produce.is_flower])
    n_fruit = N_TILES - min(len(flowers), _TILES_OF_FLOWERS)
    chosen = fruit[:n_fruit]
    chosen += flowers[: N_TILES - len(chosen)]
    return tuple(
        Tile(produce.key, name_in_words(produce), _until(produce, offered[produce.key], region, on))
        for produce in chosen
    )


def _mixed(ranked: Sequence[Produce]) -> list[Produce]:
    """Return the same produce with the first of each family before any second: three apples are no season."""
    seen: Counter[str] = Counter()
    rounds = []
    for place, produce in enumerate(ranked):
        rounds.append((seen[produce.family], place))
        seen[produce.family] += 1
    return [ranked[place] for _, place in sorted(rounds)]


def _rank(produce: Produce, region: str, on: dt.date) -> tuple[int, int]:
    """Return first whether it is harvested now with an end in sight, now all year, or only kept; then the end."""
    if availability(produce, region, on) != "harvest":
        return 2, 0
    last = last_month_of_season(produce, region, on)
    return (1, 0) if last is None else (0, (last - on.month) % 12)


def _until(produce: Produce, ends_on: dt.date, region: str, on: dt.date) -> Message:
    if availability(produce, region, on) == "harvest":
        last = last_month_of_season(produce, region, on)
        if last is None:
            return message("all year")
        if last == on.month:
            return message("until the end of {month}", month=month_words(last))
        return message("until {month}", month=month_words(last))
    ends = ends_on - dt.timedelta(days=1)
    return message("until {month}", month=month_words(ends.month))


@dataclass(frozen=True, slots=True)
class Storefront:
    """A merchant's public page."""

    shop: Shop
    others: tuple[Shop, ...]
    plans: tuple[PlanOffer, ...]
    days: tuple[OpenDay, ...]
    families: tuple[Family, ...]
    tiles: tuple[Tile, ...]
    record: CoverRecord | None
    view: WeekView

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
        return Form({"kind": self.view.wish.kind.value, "people": self.view.wish.people})

    @property
    def kind_options(self) -> tuple[tuple[str, Message], ...]:
        """Return the kinds of boxes there are."""
        there = {plan.kind for plan in self.plans}
        return tuple((kind.value, message(_KINDS[kind])) for kind in KINDS if kind in there)


def today_of(shop: Shop, now: DateTime) -> dt.date:
    """Return the merchant's own day."""
    return local_day(now, shop.timezone)
