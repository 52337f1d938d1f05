"""Mails about a subscription as a whole."""

import datetime as dt
from dataclasses import dataclass

from ripeday.kit.money import Money
from ripeday.kit.text import Message, message
from subscriptions.notice.letter import Letter


@dataclass(frozen=True, slots=True)
class SubscriptionFacts:
    """A new subscription as a mail tells of it; the cut-off is a local day and a wall-clock time."""

    merchant: str
    plan: str
    first_on: dt.date
    cutoff_on: dt.date
    cutoff_wall: dt.time
    price: Money
    card_last4: str
    cadence_weeks: int
    page_url: str
    trial_happens: tuple[Message, ...] = ()


def subscribed(subscription: SubscriptionFacts) -> Letter:
    """Tell when the first box comes, and when money is taken."""
    s = subscription
    rhythm = message("After that a box comes every week.")
    if s.cadence_weeks > 1:
        rhythm = message("After that a box comes every {n} weeks.", n=s.cadence_weeks)
    return Letter(
        message("Your first box comes on {day}", day=s.first_on),
        (
            message("Thank you. {plan} begins on {day}.", plan=s.plan, day=s.first_on),
            rhythm,
            message(
                "The first box is yours to change until {cutoff_day}, {time}. Then we take {amount} from the card"
                " ending in {last4}. Nothing has been taken so far.",
                cutoff_day=s.cutoff_on, time=s.cutoff_wall, amount=s.price, last4=s.card_last4,
            ),
            message("Each later box is charged in the same way, only after its own cut-off."),
            *s.trial_happens,
        ),
        s.merchant,
        action=(message("See your first box"), s.page_url),
    )  # fmt: skip
