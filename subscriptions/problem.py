"""Something wrong with what came: until when it may be told, what it is worth, and who looks at it first. Pure.

Refused
├── TooLate          the days in which it may be told are over, or have not begun
└── AlreadyDecided   somebody of the staff was quicker
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from ripeday.kit.errors import Refused
from ripeday.kit.money import Money
from ripeday.kit.text import Message, marked, message


class ProblemKind(StrEnum):
    """What was wrong."""

    SPOILED = "spoiled"
    DAMAGED = "damaged"
    MISSING = "missing"
    NOT_RIPE = "not_ripe"
    OTHER = "other"

    @property
    def words(self) -> Message:
        """Return it as a household says it."""
        return message(_KINDS[self])


_KINDS: Final = {
    ProblemKind.SPOILED: marked("spoiled"),
    ProblemKind.DAMAGED: marked("damaged"),
    ProblemKind.MISSING: marked("not in the box"),
    ProblemKind.NOT_RIPE: marked("not ripe in time"),
    ProblemKind.OTHER: marked("something else"),
}


class ProblemStatus(StrEnum):
    """`credited`, or `review → credited | refused`."""

    CREDITED = "credited"
    REVIEW = "review"
    REFUSED = "refused"

    @property
    def words(self) -> Message:
        """Return it in a word."""
        return message(_STATUSES[self])


_STATUSES: Final = {
    ProblemStatus.CREDITED: marked("credited"),
    ProblemStatus.REVIEW: marked("we are looking at it"),
    ProblemStatus.REFUSED: marked("not credited"),
}


class ReviewReason(StrEnum):
    """Why somebody looks at it before it is credited."""

    MUCH_OF_BOX = "much_of_box"
    OFTEN = "often"

    @property
    def words(self) -> Message:
        """Return it for the merchant's staff."""
        return message(_REVIEWS[self])


_REVIEWS: Final = {
    ReviewReason.MUCH_OF_BOX: marked("more of the box than is credited at once"),
    ReviewReason.OFTEN: marked("more boxes in eight weeks than are credited at once"),
}


class TooLate(Refused):
    """It cannot be told any more, or not yet."""

    code = "too_late"

    def __init__(self) -> None:
        super().__init__(message("The days in which you can tell us about this one are over."))


class AlreadyDecided(Refused):
    """Staff have decided it before."""

    code = "already_decided"

    def __init__(self) -> None:
        super().__init__(message("Somebody has decided this one already."))


@dataclass(frozen=True, slots=True)
class Rule:
    """How a merchant deals with problems."""

    days_after: int = 2
    at_once_pct: int = 50
    boxes_at_once: int = 3


REVIEW_WEEKS: Final = 8
"""Over so many weeks the boxes of a household with credits are counted."""


def last_day_to_tell(
    delivery_on: dt.date, eat: Sequence[int], last_day: int, rule: Rule
) -> dt.date:
    """Return the last local day on which something wrong may be told.

    Counted from the last day that it was planned for: what is never eaten stands in the vase until its `last_day`.
    """
    planned = [day for day, portions in enumerate(eat) if portions]
    until = max(planned, default=last_day)
    return delivery_on + dt.timedelta(days=until + rule.days_after)


def credit_of(price: Money, costs: Sequence[int], line: int, *, units: int, of: int) -> Money:
    """Return what `units` out of `of` of one line are worth: its share of the box's price by what lots cost.

    `costs` are those of all lines in minor units; where all are nothing, lines count alike. Shares of all lines, all
    units of each, sum to the price.
    """
    weights = list(costs) if sum(costs) else [1] * len(costs)
    share = price.split(weights)[line]
    return share.part(Decimal(units) / of)


def review_of(
    price: Money, credit: Money, *, before: Money, n_boxes: int, rule: Rule
) -> ReviewReason | None:
    """Return why somebody should look first; None where it is credited at once.

    `before` is what the box has been credited or waits for already, `n_boxes` other boxes of the household with
    something credited in the last weeks.
    """
    if (before + credit).minor * 100 > price.minor * rule.at_once_pct:
        return ReviewReason.MUCH_OF_BOX
    return ReviewReason.OFTEN if n_boxes >= rule.boxes_at_once else None
