"""Mails to those who wait for a place on a round."""

import datetime as dt
from dataclasses import dataclass

from ripeday.kit.text import Message, message
from subscriptions.notice.letter import Letter


@dataclass(frozen=True, slots=True)
class WaitingFacts:
    """Somebody's waiting; `until` is the local day and time that a place is kept to, `place` counts from 1."""

    merchant: str
    weekday: Message
    place: int
    until: tuple[dt.date, dt.time] | None
    url: str


def waiting_joined(waiting: WaitingFacts) -> Letter:
    """Tell their place in the line, and where they can look at it or leave."""
    w = waiting
    return Letter(
        message("You are on the waiting list of {merchant}", merchant=w.merchant),
        (
            message("Boxes on {weekday} are all taken. You are number {n} on the list.", weekday=w.weekday, n=w.place),
            message("As soon as a place is free we write to you, and keep it for you for two days."),
        ),
        w.merchant,
        closing=(message("With the link you see where you stand, and leave the list whenever you like."),),
        action=(message("See where I stand"), w.url),
    )  # fmt: skip


def waiting_asked(waiting: WaitingFacts) -> Letter:
    """Tell that a place is free and kept, and until when."""
    w = waiting
    until = w.until or (dt.date.min, dt.time.min)
    return Letter(
        message("A place is free: boxes on {weekday}", weekday=w.weekday),
        (
            message("You waited for a box of {merchant}. Now there is a place.", merchant=w.merchant),
            message(
                "It is kept for you until {day}, {time}. After that the next one on the list is asked.",
                day=until[0], time=until[1],
            ),
        ),
        w.merchant,
        closing=(message("You do not want it any more? With the same link you leave the list."),),
        action=(message("Take the place"), w.url),
    )  # fmt: skip


def waiting_expired(waiting: WaitingFacts) -> Letter:
    """Tell that a place was kept and is not any more."""
    w = waiting
    return Letter(
        message("Your place on {weekday} has gone to the next one", weekday=w.weekday),
        (
            message("We kept a place for you for two days, and it was not taken. You are off the list now."),
            message("If you still would like a box, join the list again; it begins at its end."),
        ),
        w.merchant,
        action=(message("Join the list again"), w.url),
    )  # fmt: skip
