"""The mail about a problem that staff have decided."""

import datetime as dt
from dataclasses import dataclass

from ripeday.kit.money import Money
from ripeday.kit.text import Message, message
from subscriptions.notice.letter import Letter


@dataclass(frozen=True, slots=True)
class ProblemFacts:
    """What was decided of what. `merchant` is a name in the reader's language, `answer` what its staff wrote."""

    merchant: str
    amount: Message
    delivery_on: dt.date
    credit: Money
    is_credited: bool
    answer: str | None
    page_url: str


def problem_decided(facts: ProblemFacts) -> Letter:
    """Tell whether it was credited, and what staff wrote."""
    wrote = () if not facts.answer else (message("They write: {answer}", answer=facts.answer),)
    if facts.is_credited:
        said = message(
            "{amount} of the box of {day}: we have looked at it. {credit} is on your account and comes off your"
            " next charge.",
            amount=facts.amount, day=facts.delivery_on, credit=facts.credit,
        )  # fmt: skip
        subject = message("{credit} is on your account", credit=facts.credit)
    else:
        said = message(
            "{amount} of the box of {day}: we have looked at it and do not credit it.",
            amount=facts.amount, day=facts.delivery_on,
        )  # fmt: skip
        subject = message("About your box of {day}", day=facts.delivery_on)
    return Letter(
        subject, (said, *wrote), facts.merchant, action=(message("See it"), facts.page_url)
    )
