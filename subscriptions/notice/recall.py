"""The mail about fruit that must not be eaten."""

import datetime as dt
from dataclasses import dataclass

from ripeday.kit.text import Message, message
from subscriptions.notice.letter import Letter


@dataclass(frozen=True, slots=True)
class RecallFacts:
    """A recalled lot in one box; by its plan some of it is still to be eaten, or all was."""

    merchant: str
    fruit: Message
    lot: str
    delivery_on: dt.date
    is_left: bool
    page_url: str


def recall(facts: RecallFacts) -> Letter:
    """Ask not to eat what is left of a lot."""
    left = message("By our plan you have most likely eaten them. Throw away what is left.")
    if facts.is_left:
        left = message(
            "By our plan you still have some. Throw them away, wherever they lie, in the fridge too."
        )
    return Letter(
        message("Please do not eat the {fruit} from lot {lot}", fruit=facts.fruit, lot=facts.lot),
        (
            message("They came in your box of {day}. That lot must not be eaten.", day=facts.delivery_on),
            left,
        ),
        facts.merchant,
        closing=(
            message("If you have eaten some and do not feel well, see a doctor and show them this mail. We are sorry."),
        ),
        action=(message("See that box"), facts.page_url),
    )  # fmt: skip
