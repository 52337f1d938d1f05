"""A change that a household makes to its own box: how it is asked for, and in what words its effect is told. Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from ripeday.kit.errors import Invalid
from ripeday.kit.text import Message, marked, message, plural
from ripening.produce import Produce
from ripening.reading import weekday_name_words
from ripening.unit import name_in_words, units_in_words

UNITS_MOST: Final = 50
"""More of one lot than any box may hold."""
CHANGES_MOST: Final = 40


@dataclass(frozen=True, slots=True)
class Amount:
    """Units of one lot of a produce."""

    lot_id: UUID
    produce_key: str
    units: int


@dataclass(frozen=True, slots=True)
class LineEffect:
    """Units of one lot in the box after a change; portions are by day, from the delivery day on."""

    lot_id: UUID
    produce_key: str
    mode: str
    units: int
    portions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DayEffect:
    """What a day lacks, as the box is and after a change: portions of fruit, stems in display."""

    on: dt.date
    missing_before: int
    missing: int
    stems_missing_before: int
    stems_missing: int

    @property
    def is_covered(self) -> bool:
        """Tell whether nothing is missing after the change."""
        return not self.missing and not self.stems_missing

    @property
    def was_covered(self) -> bool:
        """Tell whether nothing was missing before it."""
        return not self.missing_before and not self.stems_missing_before


@dataclass(frozen=True, slots=True)
class OverLimit:
    """A limit that the box is over; `rule` is the checker's name for it, `produce_key` what it is about, if one."""

    rule: str
    produce_key: str | None
    allowed: int


@dataclass(frozen=True, slots=True)
class MendOffer:
    """A further change that mends the box: all units to ask for then, what goes and comes, and days covered again.

    `lines` are those of the whole box then.
    """

    units: Mapping[UUID, int]
    out: tuple[Amount, ...]
    into: tuple[Amount, ...]
    covers: tuple[dt.date, ...]
    n_uncovered: int
    lines: tuple[LineEffect, ...]


@dataclass(frozen=True, slots=True)
class Idea:
    """Something that could come into a box, be it instead of something: all units to ask for, and what that does.

    `lines` are those of what comes in; `days` and the fractions are of the whole box.
    """

    units: Mapping[UUID, int]
    into: Amount
    lines: tuple[LineEffect, ...]
    days: tuple[DayEffect, ...]
    goods_fraction_before: float
    goods_fraction: float

    @property
    def lacking(self) -> tuple[dt.date, ...]:
        """Return the days that would lack something."""
        return tuple(day.on for day in self.days if not day.is_covered)

    @property
    def covers(self) -> tuple[dt.date, ...]:
        """Return the days that lack something now and would not any more."""
        return tuple(day.on for day in self.days if day.is_covered and not day.was_covered)

    @property
    def bares(self) -> tuple[dt.date, ...]:
        """Return the days that lack nothing now and would."""
        return tuple(day.on for day in self.days if day.was_covered and not day.is_covered)


@dataclass(frozen=True, slots=True)
class EditEffect:
    """What a change does to a box.

    `units` are those asked for, by lot; `waste_portions` and `goods_fraction` (cost of the goods as a share of what
    they may cost) are after the change, with what they were before it. `choices` are lots with the units that could
    still come in. `seen` names the box as it is stored.
    """

    seen: str
    units: Mapping[UUID, int]
    lines: tuple[LineEffect, ...]
    days: tuple[DayEffect, ...]
    waste_before: int
    waste_portions: int
    goods_fraction_before: float
    goods_fraction: float
    over: tuple[OverLimit, ...]
    mends: tuple[MendOffer, ...]
    choices: tuple[Amount, ...]

    @property
    def fits(self) -> bool:
        """Tell whether the box may be so."""
        return not self.over


def units_asked(changes: Sequence[str]) -> dict[UUID, int]:
    """Read changes, each "LOT:UNITS": so many units of that lot are to be in the box, whatever is in it now.

    Raises
    ------
    Invalid
        One is not of that form, names a lot twice, or asks for absurdly many.
    """
    asked: dict[UUID, int] = {}
    for change in changes[: CHANGES_MOST + 1]:
        lot, _, count = change.strip().partition(":")
        try:
            lot_id = UUID(lot)
        except ValueError:
            raise _unreadable() from None
        if not (count.isascii() and count.isdigit() and len(count) <= 3) or lot_id in asked:
            raise _unreadable()
        asked[lot_id] = int(count)
    if len(asked) > CHANGES_MOST or any(units > UNITS_MOST for units in asked.values()):
        raise Invalid("change", message("That is more than any box holds."))
    return asked


def _unreadable() -> Invalid:
    return Invalid("change", message("A change is a lot, a colon and how many units of it."))


_OVER: Final = {
    "budget": marked("That is more than the price of this box allows."),
    "weight": marked("That would make the box too heavy."),
    "product_units": marked("A box may hold at most this much of one kind: {amount}."),
    "stock": marked("No more than this is left: {amount}."),
    "excluded": marked("{produce}: on your never-list."),
    "plan_kind": marked("{produce}: not part of your plan."),
}
_GONE: Final = marked("{produce}: all gone into other boxes.")
_OTHERWISE: Final = marked("{produce}: not to be had for this box.")


def over_words(over: OverLimit, profiles: Mapping[str, Produce]) -> Message:
    """Say which limit a box is over."""
    if over.produce_key is None:
        return message(_OVER.get(over.rule, marked("A box cannot be like that.")))
    produce = profiles[over.produce_key]
    if over.rule in ("product_units", "stock") and over.allowed > 0:
        return message(_OVER[over.rule], amount=units_in_words(produce, over.allowed))
    sentence = _GONE if over.rule == "stock" else _OVER.get(over.rule, _OTHERWISE)
    return message(sentence, produce=name_in_words(produce))


def mend_words(mend: MendOffer, profiles: Mapping[str, Produce]) -> Message:
    """Say what to do: "Put in 4 kiwifruit instead of 2 pears"."""
    into = [units_in_words(profiles[each.produce_key], each.units) for each in mend.into]
    out = [units_in_words(profiles[each.produce_key], each.units) for each in mend.out]
    if len(into) > 1 or len(out) > 1:
        return message("Let us fill the rest of the box anew.")
    if not into:
        return message("Take out {amount}.", amount=out[0])
    if not out:
        return message("Put in {amount}.", amount=into[0])
    return message("Put in {amount}, take out {gone}.", amount=into[0], gone=out[0])


def cover_words(mend: MendOffer) -> Message:
    """Say what that does: "Wednesday is covered again."."""
    if not mend.covers and mend.n_uncovered:
        return message("Less is missing then.")
    if not mend.covers:
        return message("The box is within its limits again.")
    if len(mend.covers) == 1:
        return message("{weekday} is covered again.", weekday=weekday_name_words(mend.covers[0]))
    return plural("{n} day is covered again.", "{n} days are covered again.", len(mend.covers))


def days_words(days: Sequence[DayEffect]) -> Message:
    """Say what a change does to the days, in one sentence."""
    lost = [day.on for day in days if day.was_covered and not day.is_covered]
    won = [day.on for day in days if day.is_covered and not day.was_covered]
    if len(lost) == 1:
        return message("{weekday} would have too little.", weekday=weekday_name_words(lost[0]))
    if lost:
        return plural(
            "{n} day would have too little.", "{n} days would have too little.", len(lost)
        )
    if len(won) == 1:
        return message("{weekday} is covered again.", weekday=weekday_name_words(won[0]))
    if won:
        return plural("{n} day is covered again.", "{n} days are covered again.", len(won))
    if all(day.is_covered for day in days):
        return message("Every day stays covered.")
    return message("The days stay as they are.")
