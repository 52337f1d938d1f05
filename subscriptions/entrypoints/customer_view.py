"""A customer's boxes as their pages see them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import pendulum
from pendulum import DateTime

from ripeday.kit.clock import local_day
from ripeday.kit.entrypoints.strip import StripDay, strip_day
from ripeday.kit.money import Money
from ripeday.kit.text import Message, message
from ripening.produce import Produce
from ripening.reading import Reading
from subscriptions.adapters import box_view_store
from subscriptions.adapters.box_view_store import BareDayView, BoxView
from subscriptions.at_home import Kept
from subscriptions.box_state import BoxState, state_of
from subscriptions.cutoff_wording import CutoffWords, cutoff_words
from subscriptions.eating_calendar import Day, EatingCalendar, HeldLine, Item
from subscriptions.entrypoints.shop_view import odds_words
from subscriptions.first_week import tax_words
from subscriptions.lifecycle import PlanKind
from subscriptions.planning.reason import Reason, UncoveredDay
from subscriptions.report_wording import thanks
from subscriptions.today_wording import Gap, left_words, spare_words

WEEK = 7
STRIP_PICTURES = 7


@dataclass(frozen=True, slots=True)
class BoxCard:
    """A box with its calendar, as far as it is planned."""

    box: BoxView
    calendar: EatingCalendar
    state: BoxState
    today: dt.date
    gaps: tuple[Gap, ...]

    @property
    def price(self) -> Money:
        """Return what the box costs, tax included."""
        return Money(self.box.price_minor, self.box.currency)

    @property
    def usual(self) -> Money:
        """Return what the box would cost without a trial: what is in it may be worth as much."""
        usual = self.box.usual_minor
        return self.price if usual is None else Money(usual, self.box.currency)

    @property
    def credit(self) -> Money:
        """Return what of the price the household's account pays."""
        return Money(self.box.credit_minor, self.box.currency)

    @property
    def charge(self) -> Money:
        """Return what the card pays."""
        return self.price - self.credit

    @property
    def tax(self) -> Money:
        """Return the tax in it."""
        return Money(self.box.tax_minor, self.box.currency)

    @property
    def tax_note(self) -> Message | None:
        """Return how the buyer's country says that tax is in the price; None where there is none."""
        return tax_words(self.box.country)

    @property
    def pictures(self) -> tuple[str, ...]:
        """Return what stands for the box in one line."""
        keys = dict.fromkeys(item.produce.key for item in self.calendar.packed)
        return tuple(keys)[:STRIP_PICTURES]

    @property
    def n_more(self) -> int:
        """Return how many kinds have no place among the pictures."""
        return len({item.produce.key for item in self.calendar.packed}) - len(self.pictures)

    @property
    def at_home(self) -> "tuple[ItemLine, ...]":
        """Return what the box counts on from the one before."""
        return item_lines(self.calendar.carried)

    @property
    def has_vase_alone(self) -> bool:
        """Whether the box has flowers and nothing to eat."""
        return self.box.kind is PlanKind.FLOWER

    def strip(self, *, vase: bool = False) -> tuple[StripDay, ...]:
        """Return the box's days as cells that lead to the calendar."""
        return strip_cells(self.calendar, today=self.today, vase=vase)

    def cutoff(self, now: DateTime) -> CutoffWords:
        """Say until when it may be changed."""
        return cutoff_words(
            pendulum.instance(self.box.cutoff_at), now=now, timezone=self.box.timezone
        )

    def local_on(self, at: dt.datetime) -> dt.date:
        """Return the merchant's day of an instant."""
        return local_day(pendulum.instance(at), self.box.timezone)


async def load_cards(
    boxes: Sequence[BoxView],
    *,
    profiles: Mapping[str, Produce],
    now: DateTime,
    with_gaps: Sequence[BoxView] = (),
) -> list[BoxCard]:
    """Return boxes with their calendars, in two queries however many there are."""
    lines = await box_view_store.lines_of([box.id for box in boxes])
    bare = await box_view_store.bare_days_of([box.id for box in with_gaps])
    return [
        box_card(box, lines[box.id], bare.get(box.id, ()), profiles=profiles, now=now)
        for box in boxes
    ]


def box_card(
    box: BoxView,
    lines: Sequence[HeldLine],
    bare: Sequence[BareDayView],
    *,
    profiles: Mapping[str, Produce],
    now: DateTime,
) -> BoxCard:
    """Return a box with its calendar as it reads today."""
    today = local_day(now, box.timezone)
    calendar = box_view_store.calendar_of(box, lines, profiles, today=today)
    state = state_of(box.status, box.stage, cutoff_at=pendulum.instance(box.cutoff_at), now=now)
    return BoxCard(box, calendar, state, today, gaps_of(calendar, bare))


def gaps_of(calendar: EatingCalendar, bare: Sequence[BareDayView]) -> tuple[Gap, ...]:
    """Return the days that lack something, each kind with its reason, in order."""
    gaps: dict[tuple[dt.date, str], Gap] = {}
    for view in bare:
        day = calendar.day_on(view.on)
        why = UncoveredDay(0, 0, view.missing, view.kind, Reason(view.reason)).message
        is_bare = day is None or (day.vase_mark if view.kind == "flower" else day.mark) == "bare"
        gaps[view.on, view.kind] = Gap(view.on, view.kind, view.missing, is_bare, why)
    for day in calendar.days:
        for kind, mark in (("fruit", day.mark), ("flower", day.vase_mark)):
            if mark == "bare":
                gaps.setdefault((day.on, kind), Gap(day.on, kind, 0, is_bare=True, reason=None))
    return tuple(gaps[key] for key in sorted(gaps))


def strip_cells(
    calendar: EatingCalendar, *, today: dt.date, vase: bool = False
) -> tuple[StripDay, ...]:
    """Return the days as cells; those of the vase only where flowers belong to the box."""
    marked_days = [(day, day.vase_mark if vase else day.mark) for day in calendar.days]
    if all(mark is None for _, mark in marked_days):
        return ()
    return tuple(day_cell(day, mark or "bare", today=today, vase=vase) for day, mark in marked_days)


def day_cell(day: Day, mark: str, *, today: dt.date, vase: bool = False) -> StripDay:
    """Return one day of a box as a cell that leads to the calendar."""
    items = day.blooms if vase else day.items
    first = items[0] if items else None
    return strip_day(
        day.on,
        picture=first.produce.key if first else None,
        what=first.name if first else None,
        mark=mark,
        today=today,
        href=f"/calendar/{day.on.isoformat()}",
        is_flower=vase,
    )


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item in a list: how much, when, and its bar over the week shown."""

    line_id: UUID
    key: str
    amount: Message
    when: Message
    reading: Reading
    handling: Message
    spare: Message | None


def item_lines(items: Sequence[Item]) -> tuple[ItemLine, ...]:
    """Return items as lines of a list."""
    return tuple(
        ItemLine(
            item.line.line_id,
            item.produce.key,
            item.amount,
            odds_words(item),
            item.reading,
            item.handling,
            spare_words(item.spare),
        )
        for item in items
    )


@dataclass(frozen=True, slots=True)
class KeptLine:
    """One item at home on one day; `verdict` is what was said of it that day, `thanks` what came of that."""

    line_id: UUID
    on: dt.date
    verdict: str | None
    thanks: Message | None
    key: str
    name: Message
    left: Message
    spare: Message | None
    handling: Message
    when: Message
    sentence: Message
    reading: Reading
    week_start: int
    days: tuple[dt.date, ...]
    is_flower: bool
    ripens: bool


def kept_line(kept: Kept, *, today: dt.date | None = None) -> KeptLine:
    """Return an item at home with the week of its box that the day lies in; `today` is that day unless given."""
    start = kept.day // WEEK * WEEK
    shown = kept.calendar.days[start : start + WEEK]
    item = kept.item
    return KeptLine(
        line_id=item.line.line_id,
        on=kept.on,
        verdict=kept.verdict.value if kept.verdict else None,
        thanks=_thanks(kept, today or kept.on),
        key=item.produce.key,
        name=item.name,
        left=left_words(item.produce, kept.pieces_left, kept.place),
        spare=spare_words(item.spare),
        handling=item.handling,
        when=odds_words(item),
        sentence=item.reading.sentence,
        reading=item.reading,
        week_start=start,
        days=tuple(day.on for day in shown),
        is_flower=item.produce.is_flower,
        ripens=item.produce.ripens,
    )


def _thanks(kept: Kept, today: dt.date) -> Message | None:
    if kept.verdict is None:
        return None
    ahead = [kept.calendar.delivery_on + dt.timedelta(days=day) for day in kept.item.planned_days]
    moves_on = next((on for on in ahead if on > today), None)
    return thanks(kept.item.produce, kept.verdict, moves_on=moves_on, today=today)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A box that waits for its household: the bank wants a yes, or the card was declined."""

    box_id: UUID
    state: BoxState
    heading: Message
    said: Message


def trouble_of(box: BoxView, state: BoxState, *, today: dt.date) -> Trouble | None:
    """Return what to tell of a box whose money did not come; None where all is well or long past."""
    card = box.card_last4 or "····"
    if state is BoxState.NEEDS_BANK:
        return Trouble(
            box.id,
            state,
            message("Your bank asks for your yes"),
            message(
                "It wants you to confirm {amount} from the card ending in {last4}. The box of {day} is kept until we"
                " pack on {pack_day}.",
                amount=Money(box.price_minor - box.credit_minor, box.currency), last4=card,
                day=box.delivery_on, pack_day=box.pack_on,
            ),
        )  # fmt: skip
    if state is BoxState.DECLINED and box.last_on >= today:
        said = message(
            "The card ending in {last4} did not pay for the box of {day}, so we did not pack it. You pay nothing for"
            " it. Ask your bank what the card needs before the next box.",
            last4=card, day=box.delivery_on,
        )  # fmt: skip
        if box.status_note == "authentication_missed":
            said = message(
                "Your bank waited for your yes, and packing the box of {day} had to begin without it. You pay nothing"
                " for it.",
                day=box.delivery_on,
            )
        return Trouble(box.id, state, message("The bank did not take the card"), said)
    return None


def troubles_of(boxes: Sequence[BoxView], *, now: DateTime) -> list[Trouble]:
    """Return what to tell of boxes whose money did not come: each that waits for a yes, and the last card declined."""
    found: list[Trouble] = []
    for box in sorted(boxes, key=_delivered_last_first):
        state = state_of(box.status, box.stage, cutoff_at=pendulum.instance(box.cutoff_at), now=now)
        trouble = trouble_of(box, state, today=local_day(now, box.timezone))
        is_known = any(each.state is BoxState.DECLINED for each in found)
        if trouble and (state is BoxState.NEEDS_BANK or not is_known):
            found.append(trouble)
    return found


def _delivered_last_first(box: BoxView) -> int:
    return -box.delivery_on.toordinal()
