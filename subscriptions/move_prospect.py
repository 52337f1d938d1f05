"""Where a box may be moved to, and what that does, said before it is done. Pure."""

import datetime as dt
from dataclasses import dataclass
from itertools import takewhile

from pendulum import DateTime

from ripeday.kit.text import Message, message
from ripening.reading import day_words
from subscriptions.addon_prospect import move_words, return_words
from subscriptions.cutoff_wording import CutoffWords, cutoff_words
from subscriptions.order import Order, OrderBook
from subscriptions.trial_prospect import double_words, moved_back

WEEKS_AROUND = 4
"""A box is moved by so many weeks at most."""
MOST_PORTIONS, MOST_STEMS = 8, 40
"""A day, of the largest box that is sold, and so of a double one."""


@dataclass(frozen=True, slots=True)
class MoveProspect:
    """The box of a day: where it may be moved to, or where it was; `points` say what moving it back does."""

    on: dt.date
    moved_to: dt.date | None
    targets: tuple[dt.date, ...]
    points: tuple[Message, ...]
    cutoff: CutoffWords


def can_double(order: Order) -> bool:
    """Tell whether a box of twice the size is still one that is sold."""
    return 2 * order.portions_a_day <= MOST_PORTIONS and 2 * order.stems_a_day <= MOST_STEMS


def targets(book: OrderBook, on: dt.date, *, now: DateTime) -> tuple[dt.date, ...]:
    """Return the deliveries that a box may come together with: open, coming, and neither changed nor double yet."""
    span = dt.timedelta(weeks=WEEKS_AROUND)
    near = takewhile(lambda each: each.delivery_on <= on + span, book.open_from(now))
    return tuple(
        each.delivery_on
        for each in near
        if each.delivery_on != on
        and each.delivery_on >= on - span
        and book.may_change(each.delivery_on)
        and book.comes(each, now)
        and book.held_on(each.delivery_on) is None
        and not _is_own(book, each.delivery_on)
    )


def move_prospect(book: OrderBook, on: dt.date, *, now: DateTime) -> MoveProspect:
    """Say what moving the box of a day does, or moving it back."""
    moved_to = book.moves.get(on)
    if moved_to is None:
        found = targets(book, on, now=now)
        points = [
            message("Nothing comes on {day}.", day=day_words(on)),
            message("The other box is planned for twice as much, and lasts until the next one where it can."),
            *double_words(book, on, found),
            *move_words(book, on),
            message("It counts as one skip of the season."),
        ]  # fmt: skip
    else:
        found, after = (), moved_back(book, on)
        points = [
            message(
                "The box of {day} comes on its own day again, for {price}.",
                day=day_words(on), price=after.whole_price_on(on),
            ),
            *return_words(book, on, now=now),
            message(
                "The box of {day} is a single one again, and costs {price}.",
                day=day_words(moved_to), price=after.whole_price_on(moved_to),
            ),
        ]  # fmt: skip
    days = [day for day in (on, moved_to) if day is not None]
    closes = min(book.cutoff_of(each) for day in days if (each := book.due_on(day)))
    words = cutoff_words(closes, now=now, timezone=book.order.rule.timezone)
    return MoveProspect(on, moved_to, found, tuple(points), words)


def _is_own(book: OrderBook, on: dt.date) -> bool:
    box = book.boxes.get(on)
    return box is not None and box.is_own
