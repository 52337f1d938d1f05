"""Boxes in another rhythm: from which delivery on, what then comes and what no longer does. Pure."""

import datetime as dt
from dataclasses import dataclass, replace
from itertools import islice, takewhile

from pendulum import DateTime

from ripeday.kit.clock import as_date
from ripeday.kit.errors import Invalid
from ripeday.kit.money import Money
from ripeday.kit.text import message
from subscriptions.box_price import LONGEST_WEEKS, box_price
from subscriptions.cutoff import DatedDelivery, deliveries_from
from subscriptions.errors import BoxesTogether, NotRunning
from subscriptions.lifecycle import SubscriptionStatus
from subscriptions.order import OrderBook
from subscriptions.rhythm import rhythms_of
from subscriptions.skipping import WEEK_DAYS
from subscriptions.trial import Trial

_AHEAD = 16


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """What a box of the plan costs, for how many weeks the plan is made, and what one of its trial boxes costs."""

    price: Money
    weeks: int
    trial: Money | None = None

    def price_every(self, weeks: int) -> Money:
        """Return what one box costs in a rhythm."""
        return box_price(self.price, plan_weeks=self.weeks, weeks=weeks)

    def trial_every(self, weeks: int, trial: Trial | None) -> Trial | None:
        """Return a trial as it is in a rhythm."""
        if trial is None or self.trial is None:
            return trial
        return replace(trial, price=box_price(self.trial, plan_weeks=self.weeks, weeks=weeks))


@dataclass(frozen=True, slots=True)
class RhythmChange:
    """An order before and after; the new rhythm begins with `first`.

    `gone` are days that no longer bring a box, as far as they are opened, `new` those that bring one besides.
    """

    before: OrderBook
    after: OrderBook
    first: DatedDelivery
    gone: tuple[dt.date, ...]
    new: tuple[dt.date, ...]

    @property
    def to_plan(self) -> tuple[dt.date, ...]:
        """Return the opened days whose boxes are new, or have to last for longer or less long."""
        opened = [on for on in self.after.boxes if on >= self.first.delivery_on]
        return tuple(
            on
            for on in opened
            if on in self.new or self.before.lasts_days(on) != self.after.lasts_days(on)
        )

    @property
    def next_on(self) -> dt.date | None:
        """Return the day of the box after the first, if one is to come."""
        on = self.first.delivery_on + dt.timedelta(days=1)
        coming = (each.delivery_on for each in islice(self.after.due(on), _AHEAD))
        return next((day for day in coming if day not in self.after.skips), None)


def rhythm_change(book: OrderBook, weeks: int, terms: PlanTerms, *, now: DateTime) -> RhythmChange:
    """Return what a box every `weeks` weeks would change.

    The new rhythm begins with the first box that may still change, or sooner where no box has anything ripe any more.

    Raises
    ------
    Invalid, NotRunning, BoxesTogether
    """
    if weeks not in rhythms_of(terms.weeks) or weeks == book.order.cadence_weeks:
        raise Invalid("weeks", message("Choose another rhythm."))
    if book.order.status is not SubscriptionStatus.ACTIVE or book.pause is not None:
        raise NotRunning
    first = _first(book, now)
    order = replace(
        book.order,
        cadence_weeks=weeks,
        first_delivery_on=first.delivery_on,
        price=terms.price_every(weeks),
        trial=terms.trial_every(weeks, book.order.trial),
    )
    until_on = max([first.delivery_on, *book.boxes])
    kept = {on: box for on, box in book.boxes.items() if on < first.delivery_on}
    due_before = _due(book, first.delivery_on, until_on)
    due_after = _due(replace(book, order=order), first.delivery_on, until_on)
    after = replace(
        book,
        order=order,
        boxes={on: box for on, box in book.boxes.items() if on in kept or on in due_after},
    )
    _refuse_parting(after, first.delivery_on)
    return RhythmChange(
        book, after, first, tuple(sorted(due_before - due_after)), tuple(sorted(due_after - due_before))
    )  # fmt: skip


def _first(book: OrderBook, now: DateTime) -> DatedDelivery:
    """Return the delivery with which another rhythm begins.

    Raises
    ------
    NotRunning
        No box is to come any more.
    """
    coming = islice(book.open_from(now), _AHEAD)
    first = next((each for each in coming if each.delivery_on not in book.skips), None)
    if first is None:
        raise NotRunning
    since = max(book.today(now), _ripe_until(book, first.delivery_on))
    sooner = takewhile(
        lambda each: each.delivery_on < first.delivery_on, deliveries_from(book.order.rule, since)
    )
    free = (each for each in sooner if each.delivery_on not in book.skips)
    return next((each for each in free if book.is_open(each, now)), first)


def _ripe_until(book: OrderBook, first_on: dt.date) -> dt.date:
    """Return the first day on which nothing of the box before a delivery is ripe; that day where there is none."""
    weeks, on = book.order.cadence_weeks, as_date(first_on).subtract(weeks=book.order.cadence_weeks)
    while on in book.skips and on >= book.order.first_delivery_on:
        on = on.subtract(weeks=weeks)
    if on < book.order.first_delivery_on:
        return first_on
    return on.add(weeks=min(weeks, LONGEST_WEEKS))


def _due(book: OrderBook, since: dt.date, until_on: dt.date) -> set[dt.date]:
    days = takewhile(lambda each: each.delivery_on <= until_on, book.due(since))
    return {each.delivery_on for each in days}


def _refuse_parting(after: OrderBook, first_on: dt.date) -> None:
    """Refuse a rhythm by which boxes that come together would be parted, or lost.

    Raises
    ------
    BoxesTogether
    """
    for from_on, to_on in after.moves.items():
        for on in (from_on, to_on):
            if on >= first_on and (on - first_on).days % (WEEK_DAYS * after.order.cadence_weeks):
                raise BoxesTogether(max(from_on, to_on))
