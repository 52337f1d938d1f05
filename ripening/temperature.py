"""How warm something is kept over time, as a person writes it: "0:20,3:4" is 20 °C from day 0 and
4 °C from day 3.
"""

import math
import re
from dataclasses import dataclass

import numpy as np

from ripeday.kit.errors import Invalid
from ripeday.kit.text import message
from ripening.clock import keeping_rate, ripening_rate
from ripening.course import Course
from ripening.produce import Produce

WARM_C = (-2.0, 40.0)
"""Temperatures that fruit and flowers may meet. [°C] Outside it, the number is in other degrees."""

MOST_STEPS = 40
MOST_DAYS = 400.0

_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Steps:
    """Temperatures that follow each other: `celsius[i]` from day `days[i]` on; the last one lasts.

    `days` begin with 0 and rise.
    """

    days: tuple[float, ...]
    celsius: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse what is not a course of temperatures."""
        if not 1 <= len(self.days) <= MOST_STEPS:
            said = message(
                "steps: 1 to {most} steps, not {n}.", most=MOST_STEPS, n=str(len(self.days))
            )
            raise Invalid("steps", said)
        if self.days[0] != 0:
            said = message(
                "steps: the first step starts on day 0, not on day {day}.", day=f"{self.days[0]:g}"
            )
            raise Invalid("steps", said)
        for before, day in zip(self.days, self.days[1:], strict=False):
            if not before < day <= MOST_DAYS:
                raise _wrong_day(before, day)
        for value in self.celsius:
            check_temperature(value, "steps")

    def course(self, produce: Produce) -> Course:
        """Return what these temperatures do to one crop. One phase a step."""
        return Course(
            np.array(self.days),
            np.array([ripening_rate(produce, value) for value in self.celsius]),
            np.array([keeping_rate(produce, value) for value in self.celsius]),
        )

    def spans(self, until: float) -> tuple[tuple[float, float], ...]:
        """Return (days, °C) of each step, up to the day `until`."""
        ends = (*self.days[1:], math.inf)
        found = zip(self.days, ends, self.celsius, strict=True)
        return tuple(
            (min(end, until) - start, value) for start, end, value in found if start < until
        )


def steady_at(temperature_c: float) -> Steps:
    """Return one temperature that lasts."""
    check_temperature(temperature_c, "temperature")
    return Steps((0.0,), (temperature_c,))


def read_temperature(text: str) -> float:
    """Read "20"; a number in other degrees is refused with what it would be in °C.

    Raises
    ------
    Invalid
    """
    value = _number(text)
    if value is None:
        raise Invalid(
            "temperature",
            message(
                "temperature: a number of °C from {low} to {high}, not “{value}”.",
                low=f"{WARM_C[0]:g}",
                high=f"{WARM_C[1]:g}",
                value=text.strip(),
            ),
        )
    check_temperature(value, "temperature")
    return value


def read_steps(text: str) -> Steps:
    """Read "0:20,3:4".

    Raises
    ------
    Invalid
    """
    parts = [part.strip() for part in text.split(",")]
    if len(parts) > MOST_STEPS:
        said = message("steps: 1 to {most} steps, not {n}.", most=MOST_STEPS, n=str(len(parts)))
        raise Invalid("steps", said)
    days: list[float] = []
    celsius: list[float] = []
    for part in parts:
        day, colon, degrees = part.partition(":")
        numbers = _number(day), _number(degrees)
        if not colon or numbers[0] is None or numbers[1] is None:
            said = message(
                "steps: days and °C, such as “{example}” (20 °C, from day 3 on 4 °C), not “{value}”.",
                example="0:20,3:4",
                value=part or text.strip(),
            )
            raise Invalid("steps", said)
        days.append(numbers[0])
        celsius.append(numbers[1])
    return Steps(tuple(days), tuple(celsius))


def check_temperature(value: float, field: str) -> None:
    """Refuse a temperature that no kitchen, fridge or store has.

    Raises
    ------
    Invalid
        It names the field, the value and what is allowed, and what the value would be if it was
        meant in °F.
    """
    low, high = WARM_C
    if low <= value <= high:
        return
    celsius = (value - 32) / 1.8
    if low <= celsius <= high:
        said = message(
            "{field}: {low} to {high} °C, not {value}. If {value} °F was meant, that is {celsius} °C.",
            field=field,
            low=f"{low:g}",
            high=f"{high:g}",
            value=f"{value:g}",
            celsius=f"{celsius:.1f}".removesuffix(".0"),
        )
    else:
        said = message(
            "{field}: {low} to {high} °C, not {value}.",
            field=field,
            low=f"{low:g}",
            high=f"{high:g}",
            value=f"{value:g}",
        )
    raise Invalid(field, said)


def _number(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text := text.strip()) else None


def _wrong_day(before: float, day: float) -> Invalid:
    values = {"before": f"{before:g}", "day": f"{day:g}"}
    if not before < day:
        return Invalid(
            "steps", message("steps: days must rise, but {day} comes after {before}.", **values)
        )
    return Invalid(
        "steps",
        message("steps: days from 0 to {most}, not {day}.", most=f"{MOST_DAYS:g}", day=f"{day:g}"),
    )
