"""What a household has just done to its box, and what it can do next, in words."""

from collections.abc import Mapping, Sequence
from typing import Final

from ripeday.kit.text import Message, marked, message
from ripening.produce import Produce
from ripening.unit import name_in_words, units_in_words
from subscriptions.adapters.edit_store import StandingEdit
from subscriptions.box_edit import MendOffer
from subscriptions.eating_calendar import EatingCalendar
from subscriptions.lifecycle import PlanKind
from subscriptions.today_wording import names_words


def ripe_days_words(calendar: EatingCalendar, kind: PlanKind) -> Message:
    """Say on how many days there is all that the plan promises: "6 of 7 days ripe"."""
    n = sum("bare" not in (day.mark, day.vase_mark) for day in calendar.days)
    of = len(calendar.days)
    if kind is PlanKind.FLOWER:
        return message("{n} of {of} days in bloom", n=n, of=of)
    if kind is PlanKind.MIXED:
        return message("{n} of {of} days covered", n=n, of=of)
    return message("{n} of {of} days ripe", n=n, of=of)


_SHORT: Final = {
    (True, False, True): marked("{produce} out"),
    (True, False, False): marked("fewer {produce}"),
    (False, True, True): marked("{produce} in"),
    (False, True, False): marked("more {produce}"),
}
_DONE: Final = {
    (True, False, True): marked("{produce} taken out."),
    (True, False, False): marked("Fewer {produce} now."),
    (False, True, True): marked("{produce} put in."),
    (False, True, False): marked("More {produce} now."),
}
"""By whether something went, whether something came, and whether all of it did."""


def undo_words(edit: StandingEdit, profiles: Mapping[str, Produce]) -> Message:
    """Say what would be undone: "Undo “pears out”"."""
    gone, came, whole = _turned(edit, profiles)
    if len(gone) > 1 or len(came) > 1:
        return message("Undo the last change")
    if gone and came:
        what = message("{produce} for {other}", produce=came[0], other=gone[0])
    else:
        what = message(_SHORT[bool(gone), bool(came), whole], produce=(gone or came)[0])
    return message("Undo “{what}”", what=what)


def edit_words(edit: StandingEdit, profiles: Mapping[str, Produce]) -> Message:
    """Say what was done: "Pears taken out."."""
    gone, came, whole = _turned(edit, profiles)
    if len(gone) > 1 or len(came) > 1:
        return message("The box is filled anew.")
    if gone and came:
        return message("{produce} came in for {other}.", produce=came[0], other=gone[0])
    return message(_DONE[bool(gone), bool(came), whole], produce=(gone or came)[0])


def _turned(
    edit: StandingEdit, profiles: Mapping[str, Produce]
) -> tuple[list[Message], list[Message], bool]:
    """Return what went, what came, and whether it went or came whole."""
    change: dict[str, int] = {}
    for each in edit.lots:
        turn = each.units_after - each.units_before
        change[each.produce_key] = change.get(each.produce_key, 0) + turn
    names = {key: name_in_words(profiles[key]) for key in change}
    gone = [names[key] for key, turn in change.items() if turn < 0]
    came = [names[key] for key, turn in change.items() if turn >= 0]
    is_whole = not any(each.units_before and each.units_after for each in edit.lots)
    return gone, came, is_whole


def taken_words(names: Sequence[Message]) -> Message:
    """Say what a household has taken out itself, where that may be why a day is bare."""
    return message("You took out {produce}.", produce=names_words(names))


def put_in_words(mend: MendOffer, profiles: Mapping[str, Produce]) -> Message:
    """Say what the button does: "Put in 1 mango"."""
    if len(mend.into) > 1 or len(mend.out) > 1:
        return message("Fill the rest anew")
    if not mend.into:
        gone = mend.out[0]
        return message(
            "Take out {what}", what=units_in_words(profiles[gone.produce_key], gone.units)
        )
    came = mend.into[0]
    amount = units_in_words(profiles[came.produce_key], came.units)
    return message(marked("Swap in {what}") if mend.out else marked("Put in {what}"), what=amount)
