"""What a trial means, in words, before it is signed and after. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from ripeday.kit.money import Money
from ripeday.kit.text import Message, message, plural
from subscriptions.box_price import box_price
from subscriptions.rhythm import often_words
from subscriptions.trial import Trial, TrialOffer


@dataclass(frozen=True, slots=True)
class TrialTerms:
    """A trial in one rhythm: so many boxes from a day on, what each costs, and what every box after them does."""

    n_boxes: int
    price: Money
    usual: Money
    first_on: dt.date
    weeks: int

    @property
    def last_on(self) -> dt.date:
        """Return when the last trial box comes, if none is skipped."""
        return self.first_on + dt.timedelta(weeks=self.weeks * (self.n_boxes - 1))

    @property
    def usual_on(self) -> dt.date:
        """Return when the first box at the usual price comes, if none is skipped."""
        return self.last_on + dt.timedelta(weeks=self.weeks)


def trial_terms(
    offer: TrialOffer, usual: Money, *, plan_weeks: int, weeks: int, first_on: dt.date
) -> TrialTerms:
    """Return what a trial of a plan comes to in a household's rhythm; `usual` is the plan's price."""
    return TrialTerms(
        offer.n_boxes,
        box_price(offer.price, plan_weeks=plan_weeks, weeks=weeks),
        box_price(usual, plan_weeks=plan_weeks, weeks=weeks),
        first_on,
        weeks,
    )


def try_words(n_boxes: Sequence[int]) -> Message:
    """Return "Try two boxes first", for plans with trials of so many boxes."""
    if len(set(n_boxes)) != 1:
        return message("Try some boxes first")
    return plural("Try one box first", "Try {n} boxes first", n_boxes[0])


def price_words(terms: TrialTerms) -> Message:
    """Return "2 boxes at €12.90 each, then €25.90 a box"."""
    return plural(
        "One box at {price}, then {usual} a box",
        "{n} boxes at {price} each, then {usual} a box",
        terms.n_boxes,
        price=terms.price,
        usual=terms.usual,
    )


def last_words(terms: TrialTerms) -> Message:
    """Return "Every week: the last trial box comes on Tue 8 Dec."."""
    return message(
        "{often}: the last trial box comes on {day}.",
        often=often_words(terms.weeks),
        day=terms.last_on,
    )


def left_words(trial: Trial, usual: Money) -> Message:
    """Return "2 trial boxes at €12.90 still to come, then €25.90 a box"."""
    return plural(
        "{n} trial box at {price} still to come, then {usual} a box",
        "{n} trial boxes at {price} still to come, then {usual} a box",
        trial.n_left,
        price=trial.price,
        usual=usual,
    )


def what_happens(terms: TrialTerms) -> tuple[Message, ...]:
    """Say what a trial costs, when it ends, how it goes on, and when people are told."""
    comes = plural(
        "The trial box comes on {day} and costs {price}.",
        "The first {n} boxes cost {price} each. The last of them comes on {day}.",
        terms.n_boxes,
        day=terms.last_on,
        price=terms.price,
    )
    return (
        comes,
        message("A box that you skip is none of them; the trial goes on with the next."),
        message(
            "After that the subscription goes on by itself, unless you end it: from {day} on each box costs {usual}.",
            day=terms.usual_on, usual=terms.usual,
        ),
        message("We write to you before the last trial box closes."),
        message("You can end it without notice until the first box at the usual price closes."),
    )  # fmt: skip
