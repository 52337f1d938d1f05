"""Kitchens, as far as fruit can tell them apart."""

from dataclasses import dataclass
from enum import IntEnum

from ripeday.kit.errors import Invalid
from ripeday.kit.text import Message, marked, message

FRIDGE_C = 4.0
"""A home fridge. Assumed: home fridges are said to run at 2-6 °C."""


class RoomClass(IntEnum):
    """How warm the kitchen is; customers choose one in words."""

    COOL = 0
    MILD = 1
    WARM = 2
    HOT = 3

    @property
    def temperature_c(self) -> float:
        """Mean temperature of such a kitchen. [°C]"""
        return ROOM_C[self]

    @property
    def words(self) -> Message:
        """Return what the customer chooses."""
        return message(_ROOM_WORDS[self])


ROOM_C: tuple[float, ...] = (17.0, 20.0, 24.0, 28.0)
"""Mean kitchen temperatures by `RoomClass`. [°C] Assumed: no survey of kitchens stands behind them;
20 °C is where most published times were measured, and above 30 °C ripening goes wrong."""

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


HOME_CLASSES: tuple[HomeClass, ...] = tuple(
    HomeClass(room, has_fridge) for room in RoomClass for has_fridge in (False, True)
)

MODES = ("counter", "fridge", "counter_then_fridge")
"""Handling modes in plan order; a flower's vase is mode 0."""


def home_class(index: int) -> HomeClass:
    """Return the home class that a stored index means."""
    if not 0 <= index < len(HOME_CLASSES):
        raise Invalid("home", message("A home class is 0 to 7, not {index}.", index=index))
    return HOME_CLASSES[index]
