"""The eating calendar: months as weeks of strips, and each day by itself."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Template
from pendulum import Date, DateTime

from ripeday.kit.clock import as_date, local_day
from ripeday.kit.entrypoints.strip import StripDay
from ripeday.kit.errors import NotFound
from ripeday.kit.text import Message, message
from ripening import advice
from ripening.produce import Produce
from ripening.reading import month_words
from ripening.verdict import Verdict
from subscriptions.adapters import (
    box_view_store,
    donation_store,
    household_page,
    report_store,
)
from subscriptions.at_home import at_home
from subscriptions.box_state import BoxState
from subscriptions.eating_calendar import Day, Item
from subscriptions.entrypoints.customer_view import (
    BoxCard,
    KeptLine,
    day_cell,
    kept_line,
    load_cards,
)
from subscriptions.entrypoints.guard import WHO, customer_only
from subscriptions.role import Identity
from subscriptions.today_wording import Gap

Who = NamedDependency[Identity]
Profiles = NamedDependency[Mapping[str, Produce]]
Now = NamedDependency[DateTime]

WEEK = 7
MONTHS_SHOWN = 2
BOXES_MOST = 60
DELIVERIES_MOST = 9
LONGEST_BOX_DAYS = 14
_YEARS = (2020, 2100)


@dataclass(frozen=True, slots=True)
class Cell:
    """One day; it `brings_box` when one is, or was, delivered that day, and `gives_box` when one goes to others."""

    on: dt.date
    strip: StripDay | None
    is_today: bool
    is_past: bool
    brings_box: bool
    gives_box: bool


@dataclass(frozen=True, slots=True)
class Month:
    """A month as its weeks; a week's days outside the month are None."""

    first_on: dt.date
    weeks: tuple[tuple[Cell | None, ...], ...]

    @property
    def name(self) -> Message:
        """Return "November 2026"."""
        on = self.first_on
        return message("{month} {year}", month=month_words(on.month), year=str(on.year))


@dataclass(frozen=True, slots=True)
class DayOfBox:
    """One day of one box."""

    card: BoxCard
    day: Day
    planned: tuple[KeptLine, ...]
    good: tuple[KeptLine, ...]
    vase: tuple[KeptLine, ...]
    jobs: tuple[tuple[Item, advice.Job], ...]
    gaps: tuple[Gap, ...]
    told: tuple[KeptLine, ...]


class CalendarController(Controller):
    """When what is ripe."""

    path = "/calendar"
    guards = (customer_only,)
    dependencies = WHO

    @get("/")
    async def show_months(
        self, *, identity: Who, profiles: Profiles, now: Now, month: FromQuery[str | None] = None
    ) -> Template:
        """Show this month and the next, or two others."""
        person = identity.person_id
        deliveries = await household_page.deliveries_of(person, now=now, each=DELIVERIES_MOST)
        subscriptions = await household_page.subscriptions_of(person)
        today = local_day(now, next((each.timezone for each in subscriptions), "UTC"))
        first = _month(month) if month else today.start_of("month")
        last = first.add(months=MONTHS_SHOWN)
        cards = await _cards(identity, first, last, profiles, now)
        brings = {card.box.delivery_on for card in cards if card.state.is_coming}
        brings |= {each.delivery_on for each in deliveries}
        gives = await donation_store.days_given(person, since=first, until=last)
        months = [
            _weeks(first.add(months=n), cards, brings, gives, today) for n in range(MONTHS_SHOWN)
        ]
        context = {
            "months": months,
            "has_gifts": bool(gives),
            "next_on": min((each.delivery_on for each in deliveries), default=None),
            "earlier": first.subtract(months=MONTHS_SHOWN),
            "later": last,
            "is_now": first == today.start_of("month"),
        }
        return Template("customer/calendar.html", context=context)

    @get("/{on:date}")
    async def show_day(
        self,
        *,
        on: FromPath[dt.date],
        identity: Who,
        profiles: Profiles,
        now: Now,
        told: FromQuery[UUID | None] = None,
    ) -> Template:
        """Show one day: what is ripe, what to move, what to finish, and which box it came from."""
        if not _YEARS[0] <= on.year < _YEARS[1]:
            raise NotFound
        day, person = as_date(on), identity.person_id
        cards = await _cards(identity, day, day.add(days=1), profiles, now, with_gaps=True)
        deliveries = await household_page.deliveries_of(person, now=now, each=DELIVERIES_MOST)
        zones = [card.box.timezone for card in cards] + [each.timezone for each in deliveries]
        lines = [item.line.line_id for card in cards for item in card.calendar.items]
        gives = await donation_store.days_given(person, since=day, until=day.add(days=1))
        said = await report_store.verdicts_on(person, lines, judged_on=day)
        context = {
            "on": day,
            "told": told,
            "boxes": [_day_of(card, day, said) for card in cards if card.calendar.day_on(day)],
            "brings": [card for card in cards if card.box.delivery_on == day],
            "is_delivery": any(each.delivery_on == day for each in deliveries),
            "is_gift": bool(gives),
            "is_today": day == local_day(now, next(iter(zones), "UTC")),
            "before": day.subtract(days=1),
            "after": day.add(days=1),
        }
        return Template("customer/day.html", context=context)


async def _cards(
    identity: Identity,
    first: Date,
    last: Date,
    profiles: Mapping[str, Produce],
    now: DateTime,
    *,
    with_gaps: bool = False,
) -> list[BoxCard]:
    """Return the boxes that reach into the days from `first` to before `last` and are, or will be, eaten."""
    since = first.subtract(days=LONGEST_BOX_DAYS)
    found = await box_view_store.boxes_of(identity.person_id, since=since, limit=BOXES_MOST)
    own = [box for box in found if not box.is_given]
    boxes = [box for box in own if box.delivery_on < last and box.last_on >= first]
    cards = await load_cards(
        boxes, profiles=profiles, now=now, with_gaps=boxes if with_gaps else ()
    )
    return [card for card in cards if card.state.is_coming or card.state is BoxState.REFUNDED]


def _weeks(
    first: Date,
    cards: Sequence[BoxCard],
    brings: set[dt.date],
    gives: set[dt.date],
    today: Date,
) -> Month:
    start, end = first.subtract(days=first.weekday()), first.add(months=1)
    n_weeks = -(-(end - start).days // WEEK)
    cells = [
        _cell(day, cards, brings, gives, today) if first <= day < end else None
        for day in (start.add(days=n) for n in range(n_weeks * WEEK))
    ]
    weeks = tuple(tuple(cells[n : n + WEEK]) for n in range(0, len(cells), WEEK))
    return Month(first, weeks)


def _cell(
    on: Date,
    cards: Sequence[BoxCard],
    brings: set[dt.date],
    gives: set[dt.date],
    today: Date,
) -> Cell:
    found = [(card, day) for card in cards if (day := card.calendar.day_on(on)) is not None]
    strip = None
    if found:
        card, day = found[0]
        mark = day.vase_mark if card.has_vase_alone else day.mark
        strip = day_cell(day, mark or "bare", today=today, vase=card.has_vase_alone)
    return Cell(on, strip, on == today, on < today, on in brings, on in gives)


def _day_of(card: BoxCard, on: Date, said: Mapping[UUID, Verdict]) -> DayOfBox:
    home = at_home([card.calendar], on, said=said)
    day = card.calendar.day_on(on)
    if day is None:
        raise NotFound
    return DayOfBox(
        card,
        day,
        tuple(kept_line(kept) for kept in home.planned if not kept.verdict),
        tuple(kept_line(kept) for kept in home.good if not kept.verdict),
        tuple(kept_line(kept) for kept in home.vase if not kept.verdict),
        day.jobs,
        tuple(gap for gap in card.gaps if gap.on == on),
        tuple(kept_line(kept, today=card.today) for kept in home.judged),
    )


def _month(text: str) -> Date:
    """Return the first day of "2026-11".

    Raises
    ------
    NotFound
    """
    try:
        day = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        raise NotFound from None
    if not _YEARS[0] <= day.year < _YEARS[1]:
        raise NotFound
    return as_date(day)
