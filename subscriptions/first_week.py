"""A visitor's first week: which box plan fits what they asked for, and what the planned week covers, in words."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from ripeday.kit.money import Money
from ripeday.kit.text import Message, marked, message, plural
from ripening.home import RoomClass
from subscriptions.box_price import LONGEST_WEEKS
from subscriptions.due import Appetite
from subscriptions.eating_calendar import EatingCalendar
from subscriptions.lifecycle import PlanKind, Taste
from subscriptions.planning.reason import Reason, UncoveredDay
from subscriptions.tax import tax_rule
from subscriptions.trial import TrialOffer

PEOPLE_MAX = 12
WEEK = 7

_COUNTS = {
    1: marked("One"),
    2: marked("Two"),
    3: marked("Three"),
    4: marked("Four"),
    5: marked("Five"),
    6: marked("Six"),
    7: marked("Seven"),
    8: marked("Eight"),
}
_ROOM_FOR_MORE_STEMS = 3
"""From so many people on, a visitor is shown the next larger flower plan."""


@dataclass(frozen=True, slots=True)
class PlanOffer:
    """A box plan as a visitor sees it; the price is a box's, delivery and tax included."""

    id: UUID
    name: str
    name_zh: str
    kind: PlanKind
    portions_a_day: int
    stems_a_day: int
    cadence_weeks: int
    price: Money
    trial: TrialOffer | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """Who eats, in what kitchen, and what they would rather not, or gladly, eat."""

    room_class: int = int(RoomClass.MILD)
    has_fridge: bool = True
    tastes: Mapping[str, Taste] = field(default_factory=dict)
    never_families: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class BareReason:
    """A day with too little, and why."""

    on: dt.date
    why: Message


@dataclass(frozen=True, slots=True)
class FirstWeek:
    """The week a box would bring: planned from what may still be promised, stored nowhere."""

    plan: PlanOffer
    calendar: EatingCalendar
    bare: tuple[BareReason, ...]

    @property
    def n_days(self) -> int:
        """Return how many days the box has to last."""
        return len(self.calendar.days)

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing to plan from."""
        return not self.calendar.items

    @property
    def covered(self) -> Message | None:
        """Say that every day is covered; None when one is not."""
        if self.is_empty or self.bare or self.calendar.n_bare:
            return None
        return covered_words(self.plan, self.n_days)


def fitting_plan(plans: Sequence[PlanOffer], kind: PlanKind, people: int) -> PlanOffer | None:
    """Return the plan of a kind for so many people: the smallest that gives each a portion, else the largest."""
    of_kind = sorted(
        (plan for plan in plans if plan.kind is kind),
        key=lambda plan: (plan.portions_a_day, plan.stems_a_day, plan.price),
    )
    if not of_kind:
        return None
    if kind is PlanKind.FLOWER:
        return of_kind[min(int(people >= _ROOM_FOR_MORE_STEMS), len(of_kind) - 1)]
    return next((plan for plan in of_kind if plan.portions_a_day >= people), of_kind[-1])


def appetite_of(plan: PlanOffer, home: Home, *, country: str) -> Appetite:
    """Return what the planner would be asked for this household with this plan."""
    return Appetite(
        kind=plan.kind,
        portions_a_day=plan.portions_a_day,
        stems_a_day=plan.stems_a_day,
        horizon_days=WEEK * min(plan.cadence_weeks, LONGEST_WEEKS),
        net_minor=(plan.price - tax_rule(country).contained(plan.price)).minor,
        room_class=home.room_class,
        has_fridge=home.has_fridge,
        tastes=home.tastes,
        never_families=home.never_families,
        last_produce=frozenset(),
    )


def bare_reasons(
    uncovered: Sequence[tuple[int, str, int, str]], delivery_on: dt.date
) -> tuple[BareReason, ...]:
    """Return the days with too little, one reason each; rows are (day, kind, missing, reason)."""
    first: dict[int, Message] = {}
    for day, kind, missing, reason in uncovered:
        first.setdefault(day, UncoveredDay(0, day, missing, kind, Reason(reason)).message)
    return tuple(
        BareReason(delivery_on + dt.timedelta(days=day), why)
        for day, why in sorted(first.items(), key=_day)
    )


def _day(entry: tuple[int, Message]) -> int:
    return entry[0]


def covered_words(plan: PlanOffer, n_days: int) -> Message:
    """Return "Two portions a day, all seven days"."""
    days = message("seven") if n_days == WEEK else message("{number}", number=n_days)
    if plan.kind is PlanKind.FLOWER:
        return message("Something in bloom, all {days} days", days=days)
    portions = portions_words(plan.portions_a_day)
    if plan.kind is PlanKind.MIXED:
        return message(
            "{portions} and a vase in bloom, all {days} days", portions=portions, days=days
        )
    return message("{portions}, all {days} days", portions=portions, days=days)


def portions_words(portions: int) -> Message:
    """Return "Two portions a day"."""
    count = (
        message(_COUNTS[portions]) if portions in _COUNTS else message("{number}", number=portions)
    )
    return plural("One portion a day", "{count} portions a day", portions, count=count)


class PlanContents(Protocol):
    """What a plan holds, whoever asks."""

    @property
    def kind(self) -> PlanKind:
        """Return fruit, flower or mixed."""
        ...

    @property
    def portions_a_day(self) -> int:
        """Return the portions of fruit a day."""
        ...

    @property
    def stems_a_day(self) -> int:
        """Return the stems in display a day."""
        ...


def contents_words(plan: PlanContents) -> Message:
    """Return what a plan holds: "Two portions a day", "5 stems", or both."""
    stems = plural("One stem for the vase", "{n} stems for the vase", plan.stems_a_day)
    if plan.kind is PlanKind.FLOWER:
        return stems
    if plan.kind is PlanKind.FRUIT:
        return portions_words(plan.portions_a_day)
    return message("{portions}, {stems}", portions=portions_words(plan.portions_a_day), stems=stems)


def price_words(price: Money, weeks: int) -> Message:
    """Return "€29.00 a week", "€29.00 every two weeks", or "€29.00 every 3 weeks"."""
    if weeks == 1:
        return message("{price} a week", price=price)
    if weeks == 2:
        return message("{price} every two weeks", price=price)
    return message("{price} every {n} weeks", price=price, n=weeks)


def tax_words(country: str) -> Message | None:
    """Return the tax note that a price must carry in the buyer's country; None where there is no tax on it."""
    rule = tax_rule(country)
    if not rule.rate:
        return None
    if country == "CN":
        return message("tax included")
    return message("incl. {pct}% VAT", pct=rule.rate_pct)
