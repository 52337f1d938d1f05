"""Ending a subscription: from which day on no box comes, which still come, and why people go. Pure."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile
from typing import TYPE_CHECKING

from pendulum import DateTime

from ripeday.kit.text import Message, marked, message

if TYPE_CHECKING:
    from subscriptions.order import OrderBook


class CancelReason(StrEnum):
    """Why somebody goes; asked once, and nobody has to say."""

    TOO_MUCH = "too_much"
    TOO_DEAR = "too_dear"
    NOT_RIPE = "not_ripe"
    AWAY = "away"
    MOVING = "moving"
    OTHER = "other"

    @property
    def words(self) -> Message:
        """Return the reason as people choose it."""
        return message(_REASONS[self])


_REASONS = {
    CancelReason.TOO_MUCH: marked("It is more than we eat"),
    CancelReason.TOO_DEAR: marked("It costs too much"),
    CancelReason.NOT_RIPE: marked("Too often it was not ripe on its day"),
    CancelReason.AWAY: marked("We are away for a long time"),
    CancelReason.MOVING: marked("We are moving"),
    CancelReason.OTHER: marked("Something else"),
}


@dataclass(frozen=True, slots=True)
class Ending:
    """How a subscription would end now: no box on `ends_on` or later, and which still come.

    `closed` of those are past their cut-off. It ends `at_once` where nothing is left that could change.
    """

    ends_on: dt.date
    coming: tuple[dt.date, ...]
    closed: tuple[dt.date, ...]
    is_at_once: bool


def ending(book: "OrderBook", *, now: DateTime) -> Ending:
    """Return how an order would end if it were cancelled now."""
    today = book.today(now)
    notice: dt.date = today.add(days=book.order.lets.notice_days + 1)
    first_open = next(book.open_from(now), None)
    if book.order.trial is not None and first_open is not None:
        # In a trial there is no notice to keep: all open boxes go.
        notice = min(today.add(days=1), first_open.delivery_on)
    if book.order.ends_on is not None:
        notice = book.order.ends_on
    near = list(takewhile(lambda each: each.delivery_on < today.add(days=15), book.due(today)))
    closed = tuple(
        each.delivery_on for each in near if not book.is_open(each, now) and book.is_sent(each, now)
    )
    ends_on = max(notice, *(on + dt.timedelta(days=1) for on in closed)) if closed else notice
    still = list(takewhile(lambda each: each.delivery_on < ends_on, book.due(today)))
    coming = tuple(each.delivery_on for each in still if book.is_sent(each, now))
    return Ending(ends_on, coming, closed, is_at_once=set(coming) <= set(closed))
