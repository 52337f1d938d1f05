"""How likely each lot is edible (or in bloom) on each day, in each kind of home, by each way of
keeping it, and the windows that a planner may count on.

The model is in words in docs/ripening.md; the numbers are made in `ripening.chance`.
"""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from ripening.chance import MEALS_DAYS, Maturity, edible_share, ready_and_past, ready_share
from ripening.clock import fridge_helps, keeping_rate, ripening_rate
from ripening.course import NEVER, Course, Floats
from ripening.home import (
    COOL_NIGHT_C,
    HOME_CLASSES,
    MODES,
    NIGHT_HOURS,
    OUT_OF_FRIDGE_DAY,
    WAYS,
    Home,
    HomeClass,
    Way,
)
from ripening.lot_state import LotState, age_at, keep_of, produce_of, ready_of
from ripening.produce import Produce

READY_SHARE = 0.8
"""Share of a lot's fruit that must be ripe before any goes into the fridge: cold stops or harms the
rest.
"""

SERVICE_LEVEL = 0.7
"""Chance from which a planner counts on a day. Published ranges span orchards and seasons and so
overstate the spread of a graded lot: 7 homes in 10 by them are rather 8 in truth."""

LEAST_CHANCE = 0.5
"""Where no day reaches the service level, a window holds the days that are likelier than not."""


@dataclass(frozen=True, slots=True)
class Handling:
    """What every home does to every lot in every way of keeping it.

    `course` is of shape (n_lots, n_homes, n_ways, 2): a way moves things once at most. `allowed` is
    False where the home or the produce rules the way out.
    """

    course: Course
    allowed: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Chances:
    """What is known of one fruit of each lot on each day; shape (n_lots, n_homes, n_ways, days) each.

    Chances that it is edible, that this is its best day, that it is past by that morning, and that it is not ready
    by that evening. In a way of keeping that is ruled out it is neither edible nor ever ready, and past.
    """

    edible: Floats
    best: Floats
    past: Floats
    unready: Floats


def edible_chance(
    lots: Sequence[LotState],
    *,
    profiles: Mapping[str, Produce],
    delivery_on: dt.date,
    days: int = 14,
    homes: Sequence[Home] | None = None,
    ways: Sequence[Way] = WAYS,
) -> Floats:
    """Return P(edible or in display on day t after delivery) of one fruit of each lot.

    Parameters
    ----------
    lots
        Lots as graded; none may be graded after `delivery_on`.
    days
        Days after delivery, the delivery day (0) included.
    homes, ways
        The eight home classes at that time of the year, and the five modes, unless given.

    Returns
    -------
    shape (n_lots, n_homes, n_ways, days)
        Chances in [0, 1]. A way that the home has no fridge for, that harms the fruit or that gains
        nothing is 0 on every day.

    Notes
    -----
    These are chances of one fruit. Fruit of one lot ripen together: for "at least n of these are
    edible" use `ripening.cover`.
    """
    handling = handling_of(
        lots, profiles=profiles, delivery_on=delivery_on, days=days, homes=homes, ways=ways
    )
    maturity = maturity_of(lots, profiles=profiles, delivery_on=delivery_on)
    return chance_of(maturity, handling, days=days)


def best_day_chance(
    lots: Sequence[LotState],
    *,
    profiles: Mapping[str, Produce],
    delivery_on: dt.date,
    days: int = 14,
) -> Floats:
    """Return P(day t is the best day to eat one fruit of each lot); same shape as `edible_chance`.

    The best day is the first one whose evening is at least `min(0.5, 0.2 x keeping time)` days
    after it has become edible; what is ready on arrival is best on day 0. The days sum to less than
    1 where some fruit are past on arrival or not ready in time.
    """
    return both_chances(lots, profiles=profiles, delivery_on=delivery_on, days=days)[1]


def both_chances(
    lots: Sequence[LotState],
    *,
    profiles: Mapping[str, Produce],
    delivery_on: dt.date,
    days: int = 14,
) -> tuple[Floats, Floats]:
    """Return `edible_chance` and `best_day_chance` of the same lots, worked out once."""
    chances = all_chances(lots, profiles=profiles, delivery_on=delivery_on, days=days)
    return chances.edible, chances.best


def all_chances(
    lots: Sequence[LotState],
    *,
    profiles: Mapping[str, Produce],
    delivery_on: dt.date,
    days: int = 14,
) -> Chances:
    """Return all that is known of the same lots, worked out once; see `edible_chance` for what to give."""
    handling = handling_of(lots, profiles=profiles, delivery_on=delivery_on, days=days)
    maturity = maturity_of(lots, profiles=profiles, delivery_on=delivery_on)
    lot, _, _ = where = np.nonzero(handling.allowed)
    shape = (*handling.allowed.shape, days)
    edible, past, unready = np.zeros(shape), np.ones(shape), np.ones(shape)
    ready, gone = ready_and_past(maturity.of(lot), _allowed(handling), days=days)
    edible[where], past[where], unready[where] = np.clip(ready - gone, 0.0, 1.0), gone, 1.0 - ready
    return Chances(edible, best_of(maturity, handling, edible), past, unready)


def best_of(maturity: Maturity, handling: Handling, edible: Floats) -> Floats:
    """Return P(day t is the best day) for lots of this maturity, handled so; same shape as `edible`,
    what `chance_of` says of them.
    """
    lot, _, _ = where = np.nonzero(handling.allowed)
    rows, course = maturity.of(lot), _allowed(handling)
    wait = np.minimum(0.5, 0.2 * rows.keep_mean)[:, None]
    at = np.maximum(np.arange(edible.shape[-1], dtype=np.float64) + MEALS_DAYS - wait, 0.0)
    on_arrival = ready_share(rows, np.zeros((len(lot), 1)))
    by_day = np.diff(ready_share(rows, course.ripened(at)), axis=-1, prepend=on_arrival)
    by_day[:, :1] += on_arrival
    best = np.zeros_like(edible)
    best[where] = np.minimum(by_day, edible[where])
    return best


def windows(
    chance: Floats, service_level: float = SERVICE_LEVEL
) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """Return the first and the last day (inclusive) of the window that a planner may count on.

    A day belongs to the window when its chance is at least `service_level`. Where no day gets
    there, days of at least `LEAST_CHANCE` stand in for them, around the best one: a hard avocado is
    planned for its likeliest days and says so in its sentence. Always one run of days that holds
    the likeliest one. First > last where the mode is not available or no day is likelier than not.
    """
    most = chance.max(axis=-1, keepdims=True)
    level = np.where(most >= service_level, service_level, min(LEAST_CHANCE, service_level))
    inside = chance >= level
    day = np.arange(chance.shape[-1])
    best = chance.argmax(axis=-1)[..., None]
    first = np.where(~inside & (day < best), day + 1, 0).max(axis=-1)
    last = np.where(~inside & (day > best), day - 1, day[-1]).min(axis=-1)
    available = np.take_along_axis(inside, best, axis=-1)[..., 0]
    first, last = np.where(available, first, 1), np.where(available, last, 0)
    return first.astype(np.int8), last.astype(np.int8)


def switch_day(
    lot: LotState,
    home: HomeClass,
    mode: int,
    *,
    profiles: Mapping[str, Produce],
    delivery_on: dt.date,
    days: int = 14,
) -> int | None:
    """Return the day on which this home moves the produce in this mode, or None.

    Into the fridge it goes on the first day on which at least 80 % of the lot's fruit are ripe; out
    of it on `OUT_OF_FRIDGE_DAY`. None for modes that move nothing or that this home and this lot
    do not allow: no fridge, flowers, fruit the fridge does not help or that is ripe on arrival.
    """
    handling = handling_of(
        [lot],
        profiles=profiles,
        delivery_on=delivery_on,
        days=days,
        homes=[home.home(delivery_on)],
        ways=[Way(MODES[mode])],
    )
    moves = MODES[mode] in {"counter_then_fridge", "fridge_then_counter"}
    if not moves or not handling.allowed[0, 0, 0]:
        return None
    return int(handling.course.starts[0, 0, 0, 1])


def handling_of(
    lots: Sequence[LotState],
    *,
    profiles: Mapping[str, Produce],
    delivery_on: dt.date,
    days: int,
    homes: Sequence[Home] | None = None,
    ways: Sequence[Way] = WAYS,
) -> Handling:
    """Return what each home does to each lot in each way; one pass over the few lots, none over
    fruit.
    """
    if homes is None:
        homes = [home.home(delivery_on) for home in HOME_CLASSES]
    shape = (len(lots), len(homes), len(ways), 2)
    starts, ripen, keep = np.full(shape, NEVER), np.ones(shape), np.ones(shape)
    starts[..., 0] = 0.0
    allowed = np.zeros(shape[:-1], dtype=np.bool_)
    fridges = np.array([home.has_fridge for home in homes])
    for i, lot in enumerate(lots):
        produce = produce_of(lot, profiles)
        rates = _HomeRates.of(produce, homes)
        ready = ready_of(lot, produce)
        age = age_at(lot, profiles, delivery_on=delivery_on)
        missing = ready.mean + ready.sigma * float(ndtri(READY_SHARE)) - age
        missing = missing if produce.ripens else 0.0
        helps = not produce.is_flower and fridge_helps(produce)
        for j, way in enumerate(ways):
            starts[i, :, j, 1] = _switch(way, missing, rates.ripen_room)
            cold = _COLD_PHASES[way.mode]
            ripen[i, :, j] = rates.ripen(cold)
            keep[i, :, j] = rates.keep(cold)
            allowed[i, :, j] = _is_allowed(way, produce, missing, helps=helps) & (
                fridges if any(phase == 1 for phase in cold) else True
            )
        moved = starts[i, :, :, 1]
        allowed[i] &= (moved == NEVER) | ((moved > 0) & (moved < days))
        if not produce.fridge_ok_when_unripe:
            into_cold = np.array([way.mode == "counter_then_fridge" for way in ways])
            allowed[i] &= ~into_cold | (rates.ripen_room[:, None] * moved >= missing)
    return Handling(Course(starts, ripen, keep), allowed)


def maturity_of(
    lots: Sequence[LotState], *, profiles: Mapping[str, Produce], delivery_on: dt.date
) -> Maturity:
    """Return how far each lot is at delivery and how its fruit differ, its own unknown shift
    included. Arrays of shape (n_lots,).
    """
    values = np.empty((5, len(lots)))
    for i, lot in enumerate(lots):
        produce = produce_of(lot, profiles)
        ready, kept = ready_of(lot, produce), keep_of(lot, produce)
        age = age_at(lot, profiles, delivery_on=delivery_on)
        # What comes ready and runs behind its grade is ready all the same, and keeps that much longer.
        behind = 0.0 if produce.ripens else min(age, 0.0)
        values[:, i] = age, ready.mean + behind, ready.sigma, kept.mean - behind, kept.sigma
    return Maturity(*values)


def chance_of(maturity: Maturity, handling: Handling, *, days: int) -> Floats:
    """Return P(edible on day t) for lots of this maturity (one row a lot), handled so.

    Shape (n_lots, n_homes, n_ways, days).
    """
    chance = np.zeros((*handling.allowed.shape, days))
    lot, _, _ = where = np.nonzero(handling.allowed)
    chance[where] = edible_share(maturity.of(lot), _allowed(handling), days=days)
    return chance


def _allowed(handling: Handling) -> Course:
    course, where = handling.course, handling.allowed
    return Course(course.starts[where], course.ripen[where], course.keep[where])


_COLD_PHASES = {
    "counter": (0, 0),
    "fridge": (1, 1),
    "counter_then_fridge": (0, 1),
    "fridge_then_counter": (1, 0),
    "cool_nights": (2, 2),
}
"""Where things are before and after they move: 0 room, 1 fridge, 2 a room with cool nights."""


@dataclass(frozen=True, slots=True)
class _HomeRates:
    """Rates of one produce by place and home: shape (3 places, n_homes)."""

    ripening: Floats
    keeping: Floats

    @classmethod
    def of(cls, produce: Produce, homes: Sequence[Home]) -> "_HomeRates":
        night = NIGHT_HOURS / 24
        both: list[Floats] = []
        for rate in (ripening_rate, keeping_rate):
            room = np.array([rate(produce, home.room_c) for home in homes])
            fridge = np.array([rate(produce, home.fridge_c) for home in homes])
            cool = np.array([rate(produce, min(COOL_NIGHT_C, home.room_c)) for home in homes])
            both.append(np.stack([room, fridge, (1 - night) * room + night * cool]))
        return cls(*both)

    @property
    def ripen_room(self) -> Floats:
        room: Floats = self.ripening[0]
        return room

    def ripen(self, places: tuple[int, int]) -> Floats:
        return _phases(self.ripening, places)

    def keep(self, places: tuple[int, int]) -> Floats:
        return _phases(self.keeping, places)


def _phases(rates: Floats, places: tuple[int, int]) -> Floats:
    """Return the rates at two places, one after the other, for each home. Shape (n_homes, 2)."""
    both: Floats = np.stack([rates[place] for place in places], axis=-1)
    return both


def _switch(way: Way, missing: float, ripen_room: Floats) -> Floats:
    """Return the day on which each home moves the produce; never for ways that move nothing."""
    days = np.full(len(ripen_room), NEVER)
    if way.mode == "fridge_then_counter":
        days[:] = OUT_OF_FRIDGE_DAY if way.day is None else way.day
    elif way.mode == "counter_then_fridge" and way.day is not None:
        days[:] = way.day
    elif way.mode == "counter_then_fridge":
        days[:] = [
            max(math.ceil(missing / rate), 0) if rate > 0 else NEVER - 1 for rate in ripen_room
        ]
    return days


def _is_allowed(way: Way, produce: Produce, missing: float, *, helps: bool) -> bool:
    """Tell whether a way does the produce good, apart from what the home has."""
    if way.mode == "cool_nights":
        return produce.is_flower
    if way.mode == "fridge":
        return helps and (missing <= 0 or produce.fridge_ok_when_unripe)
    if way.mode == "counter_then_fridge":
        return helps
    if way.mode == "fridge_then_counter":
        return helps and produce.ripens and missing > 0 and produce.fridge_ok_when_unripe
    return True
