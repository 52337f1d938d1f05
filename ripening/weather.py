"""How warm kitchens and fridges truly are, day by day: what a home says of itself, its own error, the
weather.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ripeday.kit.errors import Invalid
from ripeday.kit.text import message
from ripening.home import FRIDGE_C, RoomClass, room_temperature
from ripening.misfit import Misfit

Floats = NDArray[np.float64]

MOST_DAYS, MOST_C = 60, 25.0
_WAVE = re.compile(r"(?P<start>[^:]+):(?P<days>\d+):\+?(?P<by>\d+(?:\.\d+)?)")
_COLDEST_C, _HOTTEST_C = 0.0, 44.0


@dataclass(frozen=True, slots=True)
class HeatWave:
    """Some days on which every kitchen is `by_c` warmer.

    It starts on a date, or so many days after each delivery.
    """

    start: dt.date | int
    days: int
    by_c: float

    def __post_init__(self) -> None:
        """Refuse what no kitchen has seen."""
        if not 1 <= self.days <= MOST_DAYS or not 0 < self.by_c <= MOST_C:
            raise Invalid(
                "heat_wave",
                message(
                    "A heat wave lasts 1 to {days} days and brings at most {most} °C, not {n} days of {by} °C.",
                    days=MOST_DAYS,
                    most=f"{MOST_C:g}",
                    n=self.days,
                    by=f"{self.by_c:g}",
                ),
            )

    @property
    def text(self) -> str:
        """Return it as it is written: START:DAYS:+C."""
        return f"{self.start}:{self.days}:+{self.by_c:g}"

    def warming(self, delivery_on: dt.date, days: int) -> Floats:
        """Return what it adds on each day after a delivery. Shape (days,). [°C]"""
        day = np.arange(days)
        start = self.start
        first = (start - delivery_on).days if isinstance(start, dt.date) else start
        return np.where((day >= first) & (day < first + self.days), self.by_c, 0.0)


def read_heat_wave(text: str) -> HeatWave:
    """Read START:DAYS:+C, such as 2:4:+8 (from day 2 after delivery) or 2026-07-03:4:+8.

    Raises
    ------
    Invalid
        It is not of that form.
    """
    found = _WAVE.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError(text)
        start = found["start"]
        first = int(start) if start.isdigit() else dt.date.fromisoformat(start)
    except ValueError:
        raise Invalid(
            "heat_wave",
            message(
                "A heat wave is written START:DAYS:+C, such as 2:4:+8 or 2026-07-03:4:+8, not “{text}”.",
                text=text,
            ),
        ) from None
    return HeatWave(first, int(found["days"]), float(found["by"]))


@dataclass(frozen=True, slots=True)
class Kitchens:
    """The homes of a simulation: mean room temperature by day, shape (days, n_homes), and fridge,
    shape (n_homes,). [°C]
    """

    room_c: Floats
    fridge_c: Floats

    def lived(self, misfit: Misfit, rng: np.random.Generator) -> Floats:
        """Return one course of the rooms: their means, and how each day strays from them."""
        if not misfit.day_c:
            return self.room_c
        strayed = self.room_c + misfit.day_c * rng.standard_normal(
            self.room_c.shape, dtype=np.float32
        )
        return np.clip(strayed, _COLDEST_C, _HOTTEST_C)


def draw_kitchens(
    rooms: Sequence[int],
    delivered_on: Sequence[dt.date],
    misfit: Misfit,
    rng: np.random.Generator,
    *,
    days: int,
    heat_wave: HeatWave | None = None,
) -> Kitchens:
    """Draw how warm homes are that call themselves `rooms` and got a box on `delivered_on`.

    A home keeps its own error for good; in its season the model may be wrong for all of them.
    """
    kinds = sorted(set(zip(rooms, delivered_on, strict=True)))
    means = np.array([_means(room, on, days, heat_wave) for room, on in kinds])
    place = {kind: i for i, kind in enumerate(kinds)}
    of_home = np.array([place[kind] for kind in zip(rooms, delivered_on, strict=True)], dtype=int)
    n = len(of_home)
    own = misfit.home_c * rng.standard_normal(n) + misfit.season_c * rng.standard_normal()
    room_c = means.reshape(-1, days)[of_home].T + own
    fridge_c = FRIDGE_C + misfit.fridge_c * rng.standard_normal(n)
    return Kitchens(
        np.clip(room_c, _COLDEST_C, _HOTTEST_C),
        np.clip(fridge_c, _COLDEST_C, 12.0),
    )


def _means(room: int, on: dt.date, days: int, heat_wave: HeatWave | None) -> Floats:
    """Return the temperatures that such a home is told by; the season is that of the delivery."""
    mean = np.full(days, room_temperature(RoomClass(room), on))
    return mean if heat_wave is None else mean + heat_wave.warming(on, days)
