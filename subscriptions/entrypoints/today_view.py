"""A customer's day as its page sees it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from pendulum import Date, DateTime

from ripeday.kit.text import Message, message
from ripening import advice
from ripening.reading import HALF, day_words
from ripening.verdict import Verdict
from subscriptions.adapters.box_view_store import BoxView
from subscriptions.adapters.household_page import Delivery, SubscriptionView
from subscriptions.at_home import AtHome, Kept, at_home
from subscriptions.box_state import BoxState
from subscriptions.cutoff_wording import CutoffWords, cutoff_words
from subscriptions.eating_calendar import Item
from subscriptions.entrypoints.customer_view import BoxCard, KeptLine, kept_line
from subscriptions.today_wording import (
    Gap,
    covered_words,
    each_once,
    gaps_heading,
    headline,
    portion_words,
    then_of,
)

MOST_JOBS = 3


@dataclass(frozen=True, slots=True)
class JobView:
    """A small job; `key` names it in addresses, `is_tomorrow` when it can wait a night."""

    key: str
    job: advice.Job
    is_tomorrow: bool


@dataclass(frozen=True, slots=True)
class WeekView:
    """A box as rows of days, what it covers, and what of it is not ready yet."""

    card: BoxCard
    gaps: tuple[Gap, ...]
    covered: Message | None
    coming: tuple[KeptLine, ...]

    @property
    def bare_on(self) -> tuple[dt.date, ...]:
        """Return the days on which it has nothing."""
        return tuple(gap.on for gap in self.gaps if gap.is_bare)

    @property
    def gaps_heading(self) -> Message:
        """Head the days that lack something."""
        return gaps_heading(self.gaps, today=self.card.today)


@dataclass(frozen=True, slots=True)
class NextView:
    """The next box; without an id it is not planned yet."""

    on: dt.date
    id: UUID | None
    cutoff: CutoffWords


@dataclass(frozen=True, slots=True)
class TodayView:
    """Everything that /today shows. `state` is eating, arriving, between, waiting (for the first box) or none."""

    on: dt.date
    state: str
    headline: tuple[Message, ...]
    weeks: tuple[WeekView, ...]
    hero: KeptLine | None
    told: tuple[KeptLine, ...]
    more: tuple[KeptLine, ...]
    jobs: tuple[JobView, ...]
    vase: tuple[KeptLine, ...]
    next: NextView | None


def today_view(
    today: Date,
    *,
    subscriptions: Sequence[SubscriptionView],
    deliveries: Sequence[Delivery],
    boxes: Sequence[BoxView],
    held: Sequence[BoxCard],
    said: Mapping[UUID, Verdict],
    told: UUID | None = None,
    now: DateTime,
) -> TodayView:
    """Return the customer's day.

    Parameters
    ----------
    deliveries
        Those to come, earliest first.
    boxes
        All of the last weeks, those to come among them.
    held
        The ones that are eaten from today.
    said
        What the household has said of their lines today.
    told
        The line that was judged just now: it keeps its place.
    """
    coming = _next(deliveries, now=now)
    is_paused = _paused_until(subscriptions) is not None
    state = _state(today, boxes, held, coming, is_paused=is_paused)
    home = at_home([card.calendar for card in held], today, said=said)
    is_eating = state == "eating"
    hero, judged, more = _good(home, told) if is_eating else (None, (), ())
    return TodayView(
        on=today,
        state=state,
        headline=_eating_headline(held, home, coming)
        if is_eating
        else _other_headline(state, subscriptions, coming),
        weeks=tuple(_week(card, coming, said) for card in held),
        hero=hero,
        told=judged,
        more=more,
        jobs=_jobs(held, home)[:MOST_JOBS] if is_eating else (),
        vase=tuple(kept_line(each) for each in home.vase if not each.verdict) if is_eating else (),
        next=coming,
    )


def _next(deliveries: Sequence[Delivery], *, now: DateTime) -> NextView | None:
    if not deliveries:
        return None
    first = deliveries[0]
    words = cutoff_words(first.cutoff_at, now=now, timezone=first.timezone)
    return NextView(first.delivery_on, first.box_id, words)


def _state(
    today: Date,
    boxes: Sequence[BoxView],
    held: Sequence[BoxCard],
    coming: NextView | None,
    *,
    is_paused: bool,
) -> str:
    if held:
        is_on_its_way = all(
            card.box.delivery_on == today and card.state is not BoxState.DELIVERED for card in held
        )
        return "arriving" if is_on_its_way else "eating"
    if any(box.is_eaten_on(box.delivery_on) and box.delivery_on < today for box in boxes):
        return "between"
    if is_paused:
        return "between"
    return "waiting" if coming else "none"


def _paused_until(subscriptions: Sequence[SubscriptionView]) -> dt.date | None:
    """Return the day on which the first boxes come again; None while any come."""
    days = [each.paused_until for each in subscriptions]
    return min((day for day in days if day), default=None) if all(days) else None


def _week(card: BoxCard, coming: NextView | None, said: Mapping[UUID, Verdict]) -> WeekView:
    calendar, today = card.calendar, card.today
    gaps = tuple(gap for gap in card.gaps if gap.on >= today)
    until = coming.on if coming and coming.on <= calendar.next_on else None
    is_last = until == today + dt.timedelta(days=1)  # the headline has said so
    is_covered = bool(calendar.items) and not gaps and not is_last
    return WeekView(
        card=card,
        gaps=gaps,
        covered=covered_words(today, until, in_vase=card.has_vase_alone) if is_covered else None,
        coming=_coming(card, said),
    )


def _other_headline(
    state: str, subscriptions: Sequence[SubscriptionView], coming: NextView | None
) -> tuple[Message, ...]:
    """Say in a sentence why there is nothing to eat from a box today."""
    if state == "arriving":
        return (message("Your box comes today."),)
    if (until := _paused_until(subscriptions)) is not None:
        return message("Paused until {day}.", day=day_words(until)), message("Nothing is charged.")
    if state == "waiting":
        return (message("No box yet."),)
    if coming is not None:
        return (message("Nothing planned for today."),)
    return (message("No box is on its way."),)


def _eating_headline(
    held: Sequence[BoxCard], home: AtHome, coming: NextView | None
) -> tuple[Message, ...]:
    in_vase = all(card.has_vase_alone for card in held)
    if in_vase:
        names = [each.item.name for each in home.vase]
    else:
        likely = [each for each in home.planned if each.chance >= HALF]
        names = [portion_words(each.item.produce, each.pieces_today) for each in likely]
    return headline(
        each_once(names),
        today=home.on,
        then=then_of(home, in_vase=in_vase),
        next_box_on=coming.on if coming else None,
        in_vase=in_vase,
    )


def _good(
    home: AtHome, told: UUID | None
) -> tuple[KeptLine | None, tuple[KeptLine, ...], tuple[KeptLine, ...]]:
    """Return what the day is about, what was judged besides, and what else is good.

    The first is what was judged just now, else the likeliest of what is planned for the day, else of what is left.
    What the household has said of a thing goes before what was thought of it.
    """
    found = (*(each for each in home.planned if each.chance >= HALF), *home.good)
    good = [each for each in found if each.verdict in (None, Verdict.RIGHT)]
    just_now = [each for each in home.judged if each.item.line.line_id == told]
    hero = next(iter([*just_now, *good]), None)
    judged = tuple(kept_line(each) for each in home.judged if each is not hero)
    more = tuple(kept_line(each) for each in good if each is not hero and not each.verdict)
    return kept_line(hero) if hero else None, judged, more


def _coming(card: BoxCard, said: Mapping[UUID, Verdict]) -> tuple[KeptLine, ...]:
    """Return what is not ready yet; all of it while the box is on its way."""
    calendar = card.calendar
    if card.today == calendar.delivery_on and card.state is not BoxState.DELIVERED:
        return tuple(kept_line(Kept(item, calendar, 0)) for item in calendar.items)
    home = at_home([calendar], card.today, said=said)
    return tuple(kept_line(each) for each in home.coming if each.verdict is not Verdict.LATE)


def _jobs(held: Sequence[BoxCard], home: AtHome) -> tuple[JobView, ...]:
    """Return today's small jobs, then tomorrow's; "tonight" is said of today alone."""
    tomorrow = home.on + dt.timedelta(days=1)
    later = at_home([card.calendar for card in held], tomorrow)
    found: dict[str, JobView] = {}
    for day, is_tomorrow in ((home, False), (later, True)):
        for item, job in day.jobs:
            if is_tomorrow and job.kind == "finish":
                continue
            key = _job_key(item, job)
            found.setdefault(key, JobView(key, job, is_tomorrow))
    return tuple(found.values())


def _job_key(item: Item, job: advice.Job) -> str:
    return f"{job.kind}-{item.line.line_id}"
