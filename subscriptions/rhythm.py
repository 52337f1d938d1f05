"""How often boxes come, and how long one lasts: every week to every fourth. Pure."""

from ripeday.kit.text import Message, marked, message
from subscriptions.lifecycle import PlanKind

RHYTHMS = (1, 2, 3, 4)
"""Every how many weeks a box may come."""

_OFTEN = {
    1: marked("Every week"),
    2: marked("Every second week"),
    3: marked("Every third week"),
    4: marked("Every fourth week"),
}
_LASTS = {
    1: marked("a box lasts seven days"),
    2: marked("a box lasts fourteen days"),
    3: marked("a box lasts two weeks; in the third there is nothing ripe from us"),
    4: marked("a box lasts two weeks; in the third and the fourth there is nothing ripe from us"),
}
_FLOWERS_LAST = {
    1: _LASTS[1],
    2: _LASTS[2],
    3: marked("a box lasts two weeks; in the third there is nothing in bloom from us"),
    4: marked("a box lasts two weeks; in the third and the fourth there is nothing in bloom from us"),
}  # fmt: skip


def rhythms_of(plan_weeks: int) -> tuple[int, ...]:
    """Return every how many weeks a box of a plan may come: no oftener than the plan is made for."""
    return tuple(weeks for weeks in RHYTHMS if weeks >= plan_weeks)


def often_words(weeks: int) -> Message:
    """Return "Every third week"."""
    return message(_OFTEN[weeks])


def rhythm_words(weeks: int, kind: PlanKind) -> Message:
    """Return how often a box comes and how long it lasts, days without anything included."""
    lasts = _FLOWERS_LAST if kind is PlanKind.FLOWER else _LASTS
    return message("{often}: {lasts}", often=message(_OFTEN[weeks]), lasts=message(lasts[weeks]))
