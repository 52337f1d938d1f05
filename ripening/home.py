"""Kitchens, as far as fruit can tell them apart, and the ways of keeping something in one."""

import datetime as dt
import math
from dataclasses import dataclass
from enum import IntEnum

from ripeday.kit.errors import Invalid
from ripeday.kit.text import Message, marked, message

FRIDGE_C = 4.0
"""A home fridge. Assumed; surveys found means of 3 to 7 °C (data/homes.csv), and days "in the fridge"
are published without any.
"""

COOL_NIGHT_C = 12.0
"""A cool place for a vase at night, such as a hall or a balcony. Assumed."""

NIGHT_HOURS = 10.0

SUMMER_C = 3.0
"""How much warmer a kitchen is at the height of summer than in the heating season. [°C] Assumed;
homes in the English Midlands were 2 °C warmer, in Bratislava 4, in Tsukuba 6 (ashrae_db2)."""

OUT_OF_FRIDGE_DAY = 3
"""The day on which what waited unripe in the fridge comes out, unless a way names another."""


class RoomClass(IntEnum):
    """How warm the kitchen is while the house is heated; customers choose one in words."""

    COOL = 0
    MILD = 1
    WARM = 2
    HOT = 3

    @property
    def temperature_c(self) -> float:
        """Mean temperature of such a kitchen in the heating season. [°C]"""
        return ROOM_C[self]

    @property
    def words(self) -> Message:
        """Return what the customer chooses."""
        return message(_ROOM_WORDS[self])


ROOM_C: tuple[float, ...] = (17.0, 20.0, 24.0, 28.0)
"""Mean kitchen temperatures by `RoomClass`. [°C] Assumed: 20 °C is where most published times were
measured, heated homes of Europe are 17 to 23 °C in winter (data/homes.csv), and above 30 °C ripening
goes wrong."""

_ROOM_WORDS = (
    marked("Cool, about 17 °C"),
    marked("Mild, about 20 °C"),
    marked("Warm, about 24 °C"),
    marked("Hot, about 28 °C"),
)


@dataclass(frozen=True, slots=True)
class HomeClass:
    """A kitchen temperature, with or without a fridge."""

    room: RoomClass
    has_fridge: bool

    @property
    def index(self) -> int:
        """Place among the eight home classes: 2 x temperature class + fridge."""
        return 2 * self.room + self.has_fridge

    def home(self, on: dt.date) -> "Home":
        """Return such a home at a time of the year."""
        return Home(room_temperature(self.room, on), has_fridge=self.has_fridge)


HOME_CLASSES: tuple[HomeClass, ...] = tuple(
    HomeClass(room, has_fridge) for room in RoomClass for has_fridge in (False, True)
)


@dataclass(frozen=True, slots=True)
class Home:
    """The temperatures of one home. [°C]"""

    room_c: float
    has_fridge: bool
    fridge_c: float = FRIDGE_C


@dataclass(frozen=True, slots=True)
class Way:
    """A way of keeping something, one of `MODES`; `day` is the day it moves, None where the model
    chooses.
    """

    mode: str
    day: int | None = None


MODES = ("counter", "fridge", "counter_then_fridge", "fridge_then_counter", "cool_nights")
"""Handling modes in plan order; a flower's vase is mode 0, and mode 4 is a vase that stands cool at
night."""

PLANNED_MODES = MODES[:4]
"""What a planner may count on: nobody is asked to carry a vase around."""

COUNTER, FRIDGE, THEN_FRIDGE, FRIDGE_FIRST, COOL_NIGHTS = range(len(MODES))

WAYS: tuple[Way, ...] = tuple(map(Way, MODES))


def room_temperature(room: RoomClass, on: dt.date) -> float:
    """Return how warm such a kitchen is at a time of the year, in the northern half of the world. [°C]

    What a customer chose holds while the house is heated, October to April; from there it rises to
    `SUMMER_C` more in the middle of July.
    """
    phase = 2 * math.pi * (on.timetuple().tm_yday - 197) / 365
    return room.temperature_c + SUMMER_C * max(0.0, math.cos(phase))


def home_class(index: int) -> HomeClass:
    """Return the home class that a stored index means."""
    if not 0 <= index < len(HOME_CLASSES):
        raise Invalid("home", message("A home class is 0 to 7, not {index}.", index=index))
    return HOME_CLASSES[index]
