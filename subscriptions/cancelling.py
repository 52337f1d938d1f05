"""Ending a subscription: from which day on no box comes, and why people go. Pure."""

import datetime as dt
from enum import StrEnum


class CancelReason(StrEnum):
    """Why somebody goes; asked once, and nobody has to say."""

    TOO_MUCH = "too_much"
    TOO_DEAR = "too_dear"
    NOT_RIPE = "not_ripe"
    AWAY = "away"
    MOVING = "moving"
    OTHER = "other"


def ends_on(today: dt.date, notice_days: int) -> dt.date:
    """Return the first day on which no box comes any more: the day after the notice has passed."""
    return today + dt.timedelta(days=notice_days + 1)
