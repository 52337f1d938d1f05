"""Curves of how likely something is edible by day, one for each kitchen or way of keeping it.

Numbers and rules are those of `ripening.window` and `ripening.reading`; here they become shapes that
a page can draw, and words in days after delivery.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ripeday.kit.text import Message, marked, message
from ripening.clock import fridge_helps
from ripening.course import Floats
from ripening.home import MODES, Home, RoomClass
from ripening.lot_state import LotState
from ripening.produce import Produce
from ripening.reading import MOST_IN_TEN, Reading, in_ten_words, is_cold, read
from ripening.window import (
    LEAST_CHANCE,
    SERVICE_LEVEL,
    Handling,
    best_of,
    chance_of,
    handling_of,
    maturity_of,
    windows,
)

SPANS = (7, 14, 21)
"""How many days a picture may show, the delivery day included."""

_SOME_DAY = dt.date(2026, 1, 1)
"""Homes are given by their temperature here, so the season changes nothing."""

_STORE_C = 20.0
_DAY_WIDTH, _HEIGHT = 10.0, 100.0
_COUNTER, _FRIDGE, _THEN_FRIDGE, _FRIDGE_FIRST, _COOL_NIGHTS = range(len(MODES))
_FRUIT_MODES = (_COUNTER, _FRIDGE, _THEN_FRIDGE, _FRIDGE_FIRST)
_FLOWER_MODES = (_COUNTER, _COOL_NIGHTS)
_ROOMS = tuple(map(marked, ("Cool kitchen", "Mild kitchen", "Warm kitchen", "Hot kitchen")))
_FLOWER_ROOMS = tuple(map(marked, ("Cool room", "Mild room", "Warm room", "Hot room")))
_WAYS = {
    _COUNTER: marked("On the counter"),
    _FRIDGE: marked("In the fridge from the start"),
    _THEN_FRIDGE: marked("Counter, then fridge"),
    _FRIDGE_FIRST: marked("Fridge, then counter"),
}
_FLOWER_WAYS = {
    _COUNTER: marked("In a vase"),
    _COOL_NIGHTS: marked("In a vase that stands cool at night"),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What the reader wants to see: a kitchen, whether it was treated, how many days."""

    room: RoomClass = RoomClass.MILD
    treated: bool = True
    days: int = 14


@dataclass(frozen=True, slots=True)
class Curve:
    """P(edible) by day in one home, kept in one way.

    `window` is the run of days that the planner may count on, `is_likely` whether it reaches the
    planner's level or only half of all homes. Shapes are drawn on a ground of 10 a day by 100.
    """

    label: Message
    detail: Message
    days: int
    chance: tuple[float, ...]
    cold: tuple[bool, ...]
    window: tuple[int, int] | None
    is_likely: bool
    best: Message
    why_not: Message | None = None

    @property
    def in_ten(self) -> tuple[int, ...]:
        """Return in how many homes of ten it is edible on each day; never all ten."""
        return tuple(min(int(10 * value + 1e-9), MOST_IN_TEN) for value in self.shown)

    @property
    def shown(self) -> tuple[float, ...]:
        """Return the chances of the days that are shown."""
        return self.chance[: self.days]

    @property
    def width(self) -> float:
        """Return the width of the ground."""
        return self.days * _DAY_WIDTH

    @property
    def line(self) -> str:
        """Return the curve as an SVG path."""
        return _joined(self._points(0, self.days - 1))

    def areas(self, *, cold: bool) -> list[str]:
        """Return what lies under the curve while it is kept cold, or while it is not."""
        return [
            f"{_joined(points)}V{_HEIGHT:g}H{points[0][0]:g}Z"
            for first, last in self._spells(cold=cold)
            if (points := self._spell_points(first, last))
        ]

    @property
    def band(self) -> tuple[float, float] | None:
        """Return (left edge, width) of the planner's window, as far as it is shown."""
        if self.window is None or self.window[0] >= self.days:
            return None
        first, last = self.window[0], min(self.window[1], self.days - 1)
        return first * _DAY_WIDTH, (last - first + 1) * _DAY_WIDTH

    @property
    def counted_on(self) -> Message:
        """Return the planner's window in words."""
        if self.window is None:
            return message("no day can be counted on")
        return days_words(*self.window, more=self.window[1] == len(self.chance) - 1)

    def _points(self, first: int, last: int) -> list[tuple[float, float]]:
        """Return the corners of the curve from the middle of one day to the middle of another."""
        return [
            ((day + 0.5) * _DAY_WIDTH, _HEIGHT * (1 - self.chance[day]))
            for day in range(first, last + 1)
        ]

    def _spells(self, *, cold: bool) -> list[tuple[int, int]]:
        spells: list[tuple[int, int]] = []
        for day, is_so in enumerate(kept == cold for kept in self.cold[: self.days]):
            if is_so and spells and spells[-1][1] == day - 1:
                spells[-1] = (spells[-1][0], day)
            elif is_so:
                spells.append((day, day))
        return spells

    def _spell_points(self, first: int, last: int) -> list[tuple[float, float]]:
        """Return a spell's corners, drawn on to half-way between it and the days around it."""
        points = self._points(first, last)
        if first > 0:
            points.insert(0, (first * _DAY_WIDTH, self._between(first - 1)))
        if last < self.days - 1:
            points.append(((last + 1) * _DAY_WIDTH, self._between(last)))
        return points if len(points) > 1 else []

    def _between(self, day: int) -> float:
        return _HEIGHT * (1 - (self.chance[day] + self.chance[day + 1]) / 2)


@dataclass(frozen=True, slots=True)
class Curves:
    """One produce on the counter of every kitchen, and in the wished kitchen in every way."""

    wish: Wish
    by_kitchen: tuple[Curve, ...]
    by_way: tuple[Curve, ...]

    @property
    def days(self) -> range:
        """Return the days after delivery that are shown."""
        return range(self.wish.days)

    @property
    def counter(self) -> Curve:
        """Return the plainest case: on the counter of the wished kitchen."""
        return self.by_kitchen[self.wish.room]


def curves_of(produce: Produce, profiles: Mapping[str, Produce], wish: Wish) -> Curves:
    """Return the curves of a produce that is delivered at its usual dispatch stage."""
    drawer = _Drawer.of(produce, profiles, wish)
    rooms = _FLOWER_ROOMS if produce.is_flower else _ROOMS
    return Curves(
        wish,
        tuple(drawer.curve(room, _COUNTER, rooms[room]) for room in RoomClass),
        tuple(
            drawer.curve(wish.room, mode, label)
            for mode, label in _ways_of(produce)
            if drawer.is_worth_showing(mode)
        ),
    )


@dataclass(frozen=True, slots=True)
class _Drawer:
    """The model's numbers for one lot in every kitchen, kept in every mode."""

    produce: Produce
    wish: Wish
    handling: Handling
    chance: Floats
    best: Floats

    @classmethod
    def of(cls, produce: Produce, profiles: Mapping[str, Produce], wish: Wish) -> "_Drawer":
        homes = [Home(room.temperature_c, has_fridge=True) for room in RoomClass]
        lot = LotState(produce.key, 0.0, _SOME_DAY, _STORE_C, treated=wish.treated)
        days = max(SPANS)
        handling = handling_of(
            [lot], profiles=profiles, delivery_on=_SOME_DAY, days=days, homes=homes
        )
        maturity = maturity_of([lot], profiles=profiles, delivery_on=_SOME_DAY)
        chance = chance_of(maturity, handling, days=days)
        return cls(produce, wish, handling, chance, best_of(maturity, handling, chance))

    def curve(self, room: RoomClass, mode: int, label: str) -> Curve:
        """Return the curve of one kitchen and mode."""
        at = (0, int(room), mode)
        warmth = warmth_words(room)
        if not self.handling.allowed[at]:
            return _refused(self.produce, mode, label, warmth, self.wish)
        chance = [float(value) for value in self.chance[at]]
        moved = float(self.handling.course.starts[(*at, 1)])
        move_day = int(moved) if moved < len(chance) else None
        reading = read(
            chance,
            best_chance=list(self.best[at]),
            mode=mode,
            move_day=move_day,
            planned_days=(),
            delivery_on=_SOME_DAY,
            is_flower=self.produce.is_flower,
        )
        first, last = (int(day) for day in windows(self.chance[at]))
        return Curve(
            message(label),
            _moved_words(mode, move_day) or warmth,
            self.wish.days,
            tuple(chance),
            tuple(is_cold(mode, move_day, day) for day in range(len(chance))),
            (first, last) if first <= last else None,
            max(chance) >= SERVICE_LEVEL,
            best_words(reading),
        )

    def is_worth_showing(self, mode: int) -> bool:
        """Leave out ways that are only another name for one that is shown."""
        if self.handling.allowed[0, self.wish.room, mode] or mode == _FRIDGE:
            return True
        return mode == _THEN_FRIDGE and self.produce.ripens


def warmth_words(room: RoomClass) -> Message:
    """Return "about 20 °C"."""
    return message("about {c} °C", c=f"{room.temperature_c:g}")


def days_words(first: int, last: int, *, more: bool = False) -> Message:
    """Return "days 3-6", counted from the delivery day, which is day 0."""
    if more:
        return message("days {first}–{last} and longer", first=first, last=last)
    if first == last:
        return message("day {first}", first=first)
    return message("days {first}–{last}", first=first, last=last)


def best_words(reading: Reading) -> Message:
    """Say within which days after delivery the best one lies; the same finding as `reading.short`."""
    if reading.kind == "never":
        return message("not ready in this time")
    if reading.kind == "past":
        return message("past it on arrival")
    if reading.run is None:
        return message("too uncertain to name days")
    first, last = reading.run
    more = last == len(reading.columns) - 1
    if reading.kind == "any_day":
        return message("any of {days}", days=days_words(first, last, more=more))
    return message(
        "{days}, {chance}", days=days_words(first, last), chance=in_ten_words(reading.in_ten)
    )


def level_words(level: float) -> Message:
    """Return a level of the planner's as a count of homes: "7 in 10"."""
    return in_ten_words(round(10 * level))


LEVELS: Sequence[float] = (SERVICE_LEVEL, LEAST_CHANCE)
"""Heights that a picture names."""


def _ways_of(produce: Produce) -> list[tuple[int, str]]:
    if produce.is_flower:
        return [(mode, _FLOWER_WAYS[mode]) for mode in _FLOWER_MODES]
    return [(mode, _WAYS[mode]) for mode in _FRUIT_MODES]


def _moved_words(mode: int, move_day: int | None) -> Message | None:
    if move_day is None:
        return None
    if mode == _THEN_FRIDGE:
        return message("into the fridge on day {day}", day=move_day)
    return message("out of the fridge on day {day}", day=move_day)


def _refused(produce: Produce, mode: int, label: str, detail: Message, wish: Wish) -> Curve:
    nothing = tuple(0.0 for _ in range(max(SPANS)))
    return Curve(
        message(label),
        detail,
        wish.days,
        nothing,
        tuple(False for _ in nothing),
        None,
        is_likely=False,
        best=message("not advised"),
        why_not=_why_not(produce, mode),
    )


def _why_not(produce: Produce, mode: int) -> Message:
    """Say why a way is never advised."""
    if not fridge_helps(produce):
        return message("The fridge gains them nothing, so we never advise it.")
    if mode == _FRIDGE and produce.ripens and not produce.fridge_ok_when_unripe:
        if produce.chilling_threshold_c is None:
            return message("Not before they are ripe: the cold would spoil them.")
        return message(
            "Not before they are ripe: below {c} °C the cold spoils them.",
            c=f"{produce.chilling_threshold_c:g}",
        )
    return message("They are not ripe in time to gain anything from it.")


def _joined(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:.1f}" for x, y in points)
