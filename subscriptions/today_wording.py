"""The sentences of the day: what is ripe, what comes next, what is covered and what is not.

Pure: names and days in, messages out.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from ripeday.kit.text import Message, marked, message, plural
from ripening.produce import Produce
from ripening.reading import day_words, weekday_name_words
from ripening.unit import name_in_words, pieces_in_words
from subscriptions.at_home import AtHome

NAMES_MOST = 3
_NEAR_DAYS = 7
_VOWELS = tuple("aeiou")
_LEFT = {
    "counter": marked("{amount} left, on the counter."),
    "fridge": marked("{amount} left, in the fridge."),
    "vase": marked("{amount}, in the vase."),
}


@dataclass(frozen=True, slots=True)
class Then:
    """What begins next: its names, and the day."""

    names: Sequence[Message]
    on: dt.date


def then_of(home: AtHome, *, in_vase: bool) -> Then | None:
    """Return what begins next, of the kind that the headline speaks of."""
    if home.then is None:
        return None
    on, starting = home.then
    names = each_once([each.item.name for each in starting if each.item.is_flower is in_vase])
    return Then(names, on) if names else None


def each_once(names: Sequence[Message]) -> list[Message]:
    """Return names without those that were said before."""
    return list({str(name): name for name in names}.values())


def portion_words(produce: Produce, pieces: int) -> Message:
    """Return what is eaten: "a banana", "an orange", and "bananas" when it is more than one or a part of a pack."""
    if pieces != 1 or produce.unit != "piece":
        return name_in_words(produce)
    said = pieces_in_words(produce, 1)
    is_open = said.text.removeprefix("{n} ").lower().startswith(_VOWELS)
    article = message(marked("an")) if is_open else message(marked("a"))
    return Message(said.text, {**said.values, "n": article}, said.plural, 1)


def headline(
    names: Sequence[Message],
    *,
    today: dt.date,
    then: Then | None,
    next_box_on: dt.date | None,
    in_vase: bool = False,
) -> tuple[Message, Message]:
    """Say the day in two clauses: "A banana today." "Kiwis from tomorrow."

    Parameters
    ----------
    names
        What is planned for today, likeliest first.
    then
        What begins on a later day of the box.
    next_box_on
        The next delivery, said when nothing new begins before it.
    in_vase
        The box has flowers alone.
    """
    return _now(names, in_vase=in_vase), _next(today, then, next_box_on)


def _now(names: Sequence[Message], *, in_vase: bool) -> Message:
    if in_vase:
        if not names:
            return message("Nothing in bloom today.")
        return message("{what} in bloom today.", what=names_words(names))
    if not names:
        return message("Nothing ripe today.")
    return message("{what} today.", what=names_words(names))


def _next(today: dt.date, then: Then | None, next_box_on: dt.date | None) -> Message:
    if then is not None:
        what = names_words(then.names)
        if (then.on - today).days == 1:
            return message("{what} from tomorrow.", what=what)
        return message("{what} from {day}.", what=what, day=_near(then.on, today))
    if next_box_on is None:
        return message("That is all of this box.")
    if (next_box_on - today).days == 1:
        return message("A new box tomorrow.")
    return message("A new box on {day}.", day=_near(next_box_on, today))


def _near(on: dt.date, today: dt.date) -> Message:
    return weekday_name_words(on) if 0 < (on - today).days < _NEAR_DAYS else day_words(on)


def names_words(names: Sequence[Message]) -> Message:
    """Return "bananas, pears and grapes"; past three, "bananas, pears and more"."""
    if len(names) == 1:
        return names[0]
    if len(names) == 2:
        return message("{first} and {second}", first=names[0], second=names[1])
    if len(names) <= NAMES_MOST:
        return message(
            "{first}, {second} and {third}", first=names[0], second=names[1], third=names[2]
        )
    return message("{first}, {second} and more", first=names[0], second=names[1])


def covered_words(today: dt.date, next_box_on: dt.date | None, *, in_vase: bool = False) -> Message:
    """Say that no day is bare: "Something ripe every day until Tuesday's box"."""
    if next_box_on is None:
        if in_vase:
            return message("Something in bloom every day of this box")
        return message("Something ripe every day of this box")
    if (next_box_on - today).days < _NEAR_DAYS:
        day = weekday_name_words(next_box_on)
        if in_vase:
            return message("Something in bloom every day until {day}’s box", day=day)
        return message("Something ripe every day until {day}’s box", day=day)
    if in_vase:
        return message(
            "Something in bloom every day until the box of {day}", day=day_words(next_box_on)
        )
    return message("Something ripe every day until the box of {day}", day=day_words(next_box_on))


@dataclass(frozen=True, slots=True)
class Gap:
    """A day of a box that lacks something; it is bare when there is nothing at all."""

    on: dt.date
    kind: str
    missing: int
    is_bare: bool
    reason: Message | None

    @property
    def said(self) -> Message:
        """Say what is missing, and why."""
        why = self.reason or message("What is planned for that day may not be ready yet.")
        if self.is_bare:
            return why
        if self.kind == "flower":
            return plural(
                "One stem fewer in bloom than your plan has. {why}",
                "{n} stems fewer in bloom than your plan has. {why}",
                self.missing,
                why=why,
            )
        return plural(
            "One portion fewer than your plan has. {why}",
            "{n} portions fewer than your plan has. {why}",
            self.missing,
            why=why,
        )


def gaps_heading(gaps: Sequence[Gap], *, today: dt.date) -> Message:
    """Head a list of gaps: "Monday has nothing ripe", "2 days have nothing ripe", "Friday has too little"."""
    bare = [gap for gap in gaps if gap.is_bare]
    days = sorted({gap.on for gap in (bare or gaps)})
    day = _near(days[0], today) if days[0] != today else message("Today")
    is_vase = bool(bare) and all(gap.kind == "flower" for gap in bare)
    if len(days) == 1:
        if not bare:
            return message("{day} has a little too little", day=day)
        if is_vase:
            return message("{day} has nothing in bloom", day=day)
        return message("{day} has nothing ripe", day=day)
    if not bare:
        return message("{n} days have a little too little", n=len(days))
    if is_vase:
        return message("{n} days have nothing in bloom", n=len(days))
    return message("{n} days have nothing ripe", n=len(days))


def spare_words(portions: int) -> Message | None:
    """Say that some of it is there for what may spoil; None where nothing is."""
    if not portions:
        return None
    return plural(
        "One portion is to spare, in case another spoils.",
        "{n} portions are to spare, in case others spoil.",
        portions,
    )


def left_words(produce: Produce, pieces: int, place: str) -> Message:
    """Return "2 bananas left, on the counter."; `place` is counter, fridge or vase."""
    return message(_LEFT[place], amount=pieces_in_words(produce, pieces))
