"""How likely each lot is edible (or in bloom) on each day, in each kind of home, by each way of
keeping it.

A fruit needs X days at 20 °C from the dispatch stage until it is edible and then stays so for L
days; both differ from fruit to fruit (`ripening.spread`). With A(t) the ripening time lived by day
t and K the keeping clock,

    P(edible on day t) = E over X <= A(evening of t) of P(L >= K(morning of t) - K(time at which X
    was reached)).

The inner part is the normal law; the outer one is integrated over Gauss-Legendre nodes of the fruit
that are ready by then, so no day's answer jumps. Day 0 is the delivery day, boxes arrive at its
noon, and fruit counts for a day on which it is edible at any time from 6 in the morning to 6 in the
evening: a quarter of a day before and after that day's noon.
"""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from ripening.clock import fridge_helps, keeping_rate, ripening_rate
from ripening.home import FRIDGE_C, HOME_CLASSES, MODES, HomeClass
from ripening.lot_state import LotState, age_at, produce_of
from ripening.produce import Produce
from ripening.spread import Spread

Floats = NDArray[np.float64]

READY_SHARE = 0.8
"""Share of a lot's fruit that must be ripe before any goes into the fridge: cold stops or harms the
rest.
"""

SERVICE_LEVEL = 0.7
"""Chance from which a planner counts on a day. Published ranges span orchards and seasons and so
overstate the spread of a graded lot: 7 homes in 10 by them are rather 8 in truth."""

LEAST_CHANCE = 0.5
"""Where no day reaches the service level, a window holds the days that are likelier than not."""

MEALS_DAYS = 0.25
"""How long before and after noon a household eats. [days] Assumed."""

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(10)
_PARTS, _PART_WEIGHTS = (_NODES + 1) / 2, _WEIGHTS / 2
_NEVER = 1e6
_COUNTER, _FRIDGE, _THEN_FRIDGE = range(3)


@dataclass(frozen=True, slots=True)
class Handling:
    """Two phases of temperature for every lot, home and mode: rates before and after day `switch`.

    All of shape (n_lots, 8, 3); `ripen` and `keep` in days at 20 °C a day, `switch` in days after
    delivery, `allowed` False where the home or the fruit rules the mode out.
    """

    ripen: Floats
    keep: Floats
    ripen_after: Floats
    keep_after: Floats
    switch: Floats
    allowed: NDArray[np.bool_]

    def ripening_time(self, days: Floats) -> Floats:
        """Ripening time lived by each day. Shape (n_lots, 8, 3, n_days). [days at 20 °C]"""
        return _lived(days, self.switch, self.ripen, self.ripen_after)


@dataclass(frozen=True, slots=True)
class Maturity:
    """How far lots are and how their fruit differ; every array of shape (n_lots, 1, 1, 1). [days at
    20 °C]
    """

    age: Floats
    ready_mean: Floats
    ready_sigma: Floats
    keep_mean: Floats
    keep_sigma: Floats


def edible_chance(
    lots: Sequence[LotState],
    *,
    profiles: Mapping[str, Produce],
    delivery_on: dt.date,
    days: int = 14,
) -> Floats:
    """Return P(edible or in display on day t after delivery) of one fruit of each lot.

    Parameters
    ----------
    lots
        Lots as graded; none may be graded after `delivery_on`.
    days
        Days after delivery, the delivery day (0) included.

    Returns
    -------
    shape (n_lots, 8 home classes, 3 modes, days)
        Chances in [0, 1]. A mode that the home has no fridge for, that harms the fruit or that
        gains nothing is 0 on every day.

    Notes ----- These are chances of one fruit. Fruit of one lot ripen together: for "at least n of
    these are edible" use `ripening.cover`.
    """
    if not lots:
        return np.zeros((0, len(HOME_CLASSES), len(MODES), days))
    handling = handling_of(lots, profiles=profiles, delivery_on=delivery_on, days=days)
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
    if not lots:
        return np.zeros((0, len(HOME_CLASSES), len(MODES), days))
    handling = handling_of(lots, profiles=profiles, delivery_on=delivery_on, days=days)
    maturity = maturity_of(lots, profiles=profiles, delivery_on=delivery_on)
    edible = chance_of(maturity, handling, days=days)
    wait = np.minimum(0.5, 0.2 * maturity.keep_mean)
    at = np.maximum(np.arange(days, dtype=np.float64) + MEALS_DAYS - wait, 0.0)
    ready = _ready_share(maturity, handling.ripening_time(at))
    on_arrival = _ready_share(maturity, handling.ripening_time(np.zeros(1)))
    by_day = np.diff(ready, axis=-1, prepend=on_arrival)
    by_day[..., :1] += on_arrival
    best: Floats = np.minimum(by_day, edible)
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


def fridge_day(
    lot: LotState,
    home: HomeClass,
    *,
    profiles: Mapping[str, Produce],
    delivery_on: dt.date,
    days: int = 14,
) -> int | None:
    """Return the day on which this home moves the fruit from the counter to the fridge, or None.

    It is the first day on which at least 80 % of the lot's fruit are ripe. None without a fridge,
    for flowers, for fruit the fridge does not help, and for fruit that is ripe on arrival (it goes
    into the fridge at once: mode "fridge").
    """
    produce = produce_of(lot, profiles)
    if not home.has_fridge or produce.is_flower or not fridge_helps(produce):
        return None
    age = age_at(lot, profiles, delivery_on=delivery_on)
    ready = produce.ready_spread(treated=lot.treated)
    day = _move_day(age, ready, ripening_rate(produce, home.room.temperature_c))
    return day if 0 < day < days else None


def handling_of(
    lots: Sequence[LotState],
    *,
    profiles: Mapping[str, Produce],
    delivery_on: dt.date,
    days: int,
) -> Handling:
    """Return what each home does to each lot in each mode; one pass over the few lots, none over
    fruit.
    """
    shape = (len(lots), len(HOME_CLASSES), len(MODES))
    ripen, keep = np.ones(shape), np.ones(shape)
    ripen_after, keep_after = np.ones(shape), np.ones(shape)
    switch = np.full(shape, _NEVER)
    allowed = np.zeros(shape, dtype=np.bool_)
    rooms = [home.room.temperature_c for home in HOME_CLASSES]
    fridges = np.array([home.has_fridge for home in HOME_CLASSES])
    for i, lot in enumerate(lots):
        produce = produce_of(lot, profiles)
        age = age_at(lot, profiles, delivery_on=delivery_on)
        ready = produce.ready_spread(treated=lot.treated)
        ripe_now = age >= _ready_by(ready)
        ripen[i] = np.array([ripening_rate(produce, room) for room in rooms])[:, None]
        keep[i] = np.array([keeping_rate(produce, room) for room in rooms])[:, None]
        ripen_after[i] = ripening_rate(produce, FRIDGE_C)
        keep_after[i] = keeping_rate(produce, FRIDGE_C)
        switch[i, :, _FRIDGE] = 0.0
        move = np.array([_move_day(age, ready, rate) for rate in ripen[i, :, 0]], dtype=np.float64)
        switch[i, :, _THEN_FRIDGE] = move
        helps = not produce.is_flower and fridge_helps(produce)
        allowed[i, :, _COUNTER] = True
        allowed[i, :, _FRIDGE] = fridges & helps & (ripe_now or produce.fridge_ok_when_unripe)
        allowed[i, :, _THEN_FRIDGE] = fridges & helps & (move > 0) & (move < days)
    return Handling(ripen, keep, ripen_after, keep_after, switch, allowed)


def maturity_of(
    lots: Sequence[LotState], *, profiles: Mapping[str, Produce], delivery_on: dt.date
) -> Maturity:
    """Return how far each lot is at delivery and how its fruit differ, over fruit of all such lots."""
    values = np.empty((5, len(lots)))
    for i, lot in enumerate(lots):
        produce = produce_of(lot, profiles)
        ready, kept = produce.ready_spread(treated=lot.treated), produce.keep_spread()
        age = age_at(lot, profiles, delivery_on=delivery_on)
        values[:, i] = age, ready.mean, ready.sigma, kept.mean, kept.sigma
    return Maturity(*(value[:, None, None, None] for value in values))


def chance_of(maturity: Maturity, handling: Handling, *, days: int) -> Floats:
    """Return P(edible on day t) for lots of this maturity, handled so. Shape (n_lots, 8, 3, days)."""
    day = np.arange(days, dtype=np.float64)
    morning, evening = np.maximum(day - MEALS_DAYS, 0.0), day + MEALS_DAYS
    share = _ready_share(maturity, handling.ripening_time(evening))
    # Only the fruit that are ready by each day: quantiles 0 to `share` of X, one more axis at the
    # end.
    part = np.clip(share[..., None] * _PARTS, 1e-12, 1 - 1e-12)
    need = maturity.ready_mean[..., None] + maturity.ready_sigma[..., None] * ndtri(part)
    missing = need - maturity.age[..., None]
    reached = _day_reached(np.maximum(missing, 0.0), handling)
    switch, before, after = (
        array[..., None, None] for array in (handling.switch, handling.keep, handling.keep_after)
    )
    kept = _steps(morning[:, None], switch, before, after)
    # Fruit that ripens during the day has lived nothing of its good life that morning.
    lived = np.maximum(kept - _steps(reached, switch, before, after), 0.0)
    lived += np.maximum(-missing, 0.0)
    mean, sigma = maturity.keep_mean[..., None], maturity.keep_sigma[..., None]
    # A keeping time is never negative: the normal law cut off at 0.
    good = np.minimum(ndtr((mean - lived) / sigma) / ndtr(mean / sigma), 1.0)
    chance: Floats = np.where(handling.allowed[..., None], share * (good @ _PART_WEIGHTS), 0.0)
    return np.clip(chance, 0.0, 1.0)


def _ready_share(maturity: Maturity, lived: Floats) -> Floats:
    """Share of the lot's fruit that are ready after so much ripening time on top of the lot's age."""
    ahead = maturity.age + lived - maturity.ready_mean
    sigma = maturity.ready_sigma
    share: Floats = np.where(sigma > 0, ndtr(ahead / np.where(sigma > 0, sigma, 1.0)), 1.0)
    return share


def _lived(days: Floats, switch: Floats, before: Floats, after: Floats) -> Floats:
    return _steps(days, switch[..., None], before[..., None], after[..., None])


def _steps(day: Floats, switch: Floats, before: Floats, after: Floats) -> Floats:
    """Time lived by `day` at one rate until `switch` and another after it."""
    time: Floats = before * np.minimum(day, switch) + after * np.maximum(day - switch, 0.0)
    return time


def _day_reached(missing: Floats, handling: Handling) -> Floats:
    """Return the day on which a missing ripening time has been lived; the inverse of
    `ripening_time`.
    """
    switch, before, after = (
        array[..., None, None] for array in (handling.switch, handling.ripen, handling.ripen_after)
    )
    first_phase = before * np.minimum(switch, _NEVER)
    later = np.where(after > 0, (missing - first_phase) / np.where(after > 0, after, 1.0), _NEVER)
    early = missing / np.where(before > 0, before, 1e-9)
    day: Floats = np.where(missing <= first_phase, early, switch + later)
    return day


def _ready_by(ready: Spread) -> float:
    """Return the age by which `READY_SHARE` of the fruit are ready. [days at 20 °C]"""
    return ready.mean + ready.sigma * float(ndtri(READY_SHARE))


def _move_day(age: float, ready: Spread, rate: float) -> int:
    """Return the first day on which enough fruit are ripe to go into the fridge; 0 = on arrival."""
    missing = _ready_by(ready) - age
    if missing <= 0:
        return 0
    return math.ceil(missing / rate) if rate > 0 else int(_NEVER)
