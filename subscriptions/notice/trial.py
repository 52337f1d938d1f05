"""The mail before the last trial box."""

import datetime as dt
from dataclasses import dataclass

from ripeday.kit.money import Money
from ripeday.kit.text import message
from subscriptions.notice.letter import Letter


@dataclass(frozen=True, slots=True)
class TrialFacts:
    """A trial that is about to end; each cut-off is a local day and a wall-clock time.

    `last_on` is the last trial box, unless it has closed; `usual_on` the first box at the usual price.
    """

    merchant: str
    plan: str
    trial_price: Money
    usual_price: Money
    last_on: dt.date | None
    last_closes: tuple[dt.date, dt.time] | None
    usual_on: dt.date
    usual_closes: tuple[dt.date, dt.time]
    end_url: str


def trial_ends(trial: TrialFacts) -> Letter:
    """Tell which box is the last of the trial, what comes after it, and how to end it before."""
    t = trial
    day, time = t.usual_closes
    before = [
        message("Your trial boxes of “{plan}” have all come or are on their way.", plan=t.plan)
    ]
    subject = message("Your trial is over with the next box")
    if t.last_on is not None and t.last_closes is not None:
        subject = message("Your last trial box comes on {day}", day=t.last_on)
        before = [
            message(
                "The box of {day} is the last trial box of “{plan}”, and costs {price}.",
                day=t.last_on, plan=t.plan, price=t.trial_price,
            ),
            message(
                "If you end the subscription until {day}, {time}, that box does not come either, and you pay nothing"
                " for it.",
                day=t.last_closes[0], time=t.last_closes[1],
            ),
        ]  # fmt: skip
    return Letter(
        subject,
        (
            *before,
            message(
                "After that it goes on by itself: the first box at the usual price comes on {day}, and costs {price}.",
                day=t.usual_on, price=t.usual_price,
            ),
            message(
                "If you do not want that, end it until {day}, {time}. There is no notice to keep, and nothing more is"
                " taken from your card.",
                day=day, time=time,
            ),
        ),
        t.merchant,
        closing=(message("If you like it, there is nothing to do."),),
        action=(message("End the subscription"), t.end_url),
    )  # fmt: skip
