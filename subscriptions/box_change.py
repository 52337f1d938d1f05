"""Why a proposed box was planned anew, and what that did to it, in sentences. Pure."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ripeday.kit.text import Message, marked, message
from ripening.produce import Produce
from ripening.unit import name_in_words, units_in_words
from subscriptions.lifecycle import LotStatus


class ChangeReason(StrEnum):
    """What made the box change."""

    NOT_ARRIVED = "not_arrived"
    HELD_BACK = "held_back"
    RECALLED = "recalled"
    FELL_SHORT = "fell_short"
    ASKED = "asked"
    RIPENS_OTHERWISE = "ripens_otherwise"
    MADE_ROOM = "made_room"
    LESS_AT_HOME = "less_at_home"

    def words(self, produce: Message | None = None) -> Message:
        """Say why to the household; `produce` is what failed, where something did."""
        return message(_SENTENCES[self], **({} if produce is None else {"produce": produce}))

    @property
    def in_short(self) -> Message:
        """Say why in a few words, to the merchant."""
        return message(_IN_SHORT[self])


_SENTENCES: Mapping[ChangeReason, str] = {
    ChangeReason.NOT_ARRIVED: marked("{produce}: did not reach us as promised."),
    ChangeReason.HELD_BACK: marked("{produce}: did not pass when we looked it over."),
    ChangeReason.RECALLED: marked("{produce}: recalled."),
    ChangeReason.FELL_SHORT: marked("{produce}: less came than was announced."),
    ChangeReason.ASKED: marked("You changed what you want, so the box was planned anew."),
    ChangeReason.RIPENS_OTHERWISE: marked(
        "Some of it ripens on other days than we thought, so the box was planned anew."
    ),
    ChangeReason.MADE_ROOM: marked(
        "A lot failed. To make room for the boxes that held it, this one was planned anew, too."
    ),
    ChangeReason.LESS_AT_HOME: marked(
        "Your last box is not what it was going to be, so there is less left of it and this one was planned anew."
    ),
}
_IN_SHORT: Mapping[ChangeReason, str] = {
    ChangeReason.NOT_ARRIVED: marked("did not arrive"),
    ChangeReason.HELD_BACK: marked("held"),
    ChangeReason.RECALLED: marked("recalled"),
    ChangeReason.FELL_SHORT: marked("fell short"),
    ChangeReason.ASKED: marked("households changed what they want"),
    ChangeReason.RIPENS_OTHERWISE: marked("ripens on other days than planned"),
    ChangeReason.MADE_ROOM: marked("made room for boxes that lost a lot"),
    ChangeReason.LESS_AT_HOME: marked("less left of the last box"),
}


def reason_of(status: LotStatus, *, has_come: bool) -> ChangeReason:
    """Return why boxes lose a lot that may not go out; one that may has fallen short."""
    if status is LotStatus.RECALLED:
        return ChangeReason.RECALLED
    if status in {LotStatus.HELD, LotStatus.DISCARDED}:
        return ChangeReason.HELD_BACK if has_come else ChangeReason.NOT_ARRIVED
    return ChangeReason.FELL_SHORT


@dataclass(frozen=True, slots=True)
class BoxChange:
    """One change of a box: units by produce that went out of it and that came in; `lot_produce` is what failed."""

    reason: ChangeReason
    lot_produce: str | None
    gone: Mapping[str, int]
    came: Mapping[str, int]
    changed_at: dt.datetime


def change_words(change: BoxChange, profiles: Mapping[str, Produce]) -> Message:
    """Say to the household why its box changed; of a lot that failed, which produce and how much of it went."""
    produce = None if change.lot_produce is None else profiles.get(change.lot_produce)
    if produce is None:
        return change.reason.words()
    units = change.gone.get(produce.key, 0)
    return change.reason.words(units_in_words(produce, units) if units else name_in_words(produce))


def amounts(units: Mapping[str, int], profiles: Mapping[str, Produce]) -> list[Message]:
    """Return how much of what went or came, one message a produce."""
    return [units_in_words(profiles[key], n) for key, n in units.items() if key in profiles]


def difference(
    before: Iterable[tuple[str, int]], after: Iterable[tuple[str, int]]
) -> tuple[dict[str, int], dict[str, int]]:
    """Return units by produce that went out and that came in, of (produce, units) before and after."""
    was, now = Counter[str](), Counter[str]()
    for produce, units in before:
        was[produce] += units
    for produce, units in after:
        now[produce] += units
    return dict(sorted((was - now).items())), dict(sorted((now - was).items()))
