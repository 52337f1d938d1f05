"""What becomes of fruit, drawn by a process of its own, so that no plan wins by sharing its
assumptions.

A fruit needs X days at 20 °C until edible and stays so for L, as in the model; but here the means
are wrong by cultivar and by lot, fruit differ more and skewed to one side, temperature acts
otherwise, lots are misgraded and homes are not as warm as they say (`ripening.misfit`). Without a
misfit it is the model itself, drawn fruit by fruit. Shares no code with `ripening.window` and
`ripening.cover`, which it judges.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ripening.clock import keeping_rate, ripening_rate
from ripening.lot_state import LotState, age_at, keep_of, produce_of, ready_of
from ripening.misfit import Misfit
from ripening.produce import Produce

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

MEAL_DAYS = 0.25
"""How long before and after noon a household eats. [days] Assumed, as the model does."""

BEST_SHARE = 0.6
"""Share of its good life after which a fruit is past its best, though still good. Assumed."""

WAIT_DAYS, WAIT_SHARE = 0.5, 0.2
"""A fruit is at its best from so many days, or so much of its good life, after it became edible."""

_COLDEST_C, _HOTTEST_C, _STEPS_A_DEGREE = -2.0, 45.0, 4
_DEGREES = np.linspace(
    _COLDEST_C, _HOTTEST_C, round((_HOTTEST_C - _COLDEST_C) * _STEPS_A_DEGREE) + 1
)
_TOO_HOT_C = 30.0
_LEAST = 1e-12


@dataclass(frozen=True, slots=True)
class Cultivars:
    """The temperature law of each cultivar: logarithms of both clocks' rates, by quarter degrees.
    Shape (n_cultivars, n_steps).
    """

    keys: tuple[str, ...]
    ripen: Floats
    keep: Floats


@dataclass(frozen=True, slots=True)
class Consignments:
    """Lots as delivered on a day; a lot that goes out on two days is two of them. Times in days at 20
    °C, shape (n,).

    `cultivar` and `lot` are places; `age` is the age at delivery by the books, `stored` the part of it
    lived since the grading; `scale` is what a grade is worth.
    """

    cultivar: Ints
    lot: Ints
    age: Floats
    stored: Floats
    scale: Floats
    ready_mean: Floats
    ready_lot_sigma: Floats
    ready_sigma: Floats
    keep_mean: Floats
    keep_lot_sigma: Floats
    keep_sigma: Floats

    @property
    def lot_share(self) -> Floats:
        """Share of the variance that the fruit of a lot have in common."""
        shared = np.where(self.ready_sigma > 0, self.ready_lot_sigma, self.keep_lot_sigma) ** 2
        own = np.where(self.ready_sigma > 0, self.ready_sigma, self.keep_sigma) ** 2
        share: Floats = np.divide(shared, shared + own, out=np.zeros_like(own), where=own > 0)
        return share


@dataclass(frozen=True, slots=True)
class World:
    """One course that nature may take: the true means of each consignment and each cultivar's
    response to temperature, as powers on the laws.
    """

    age: Floats
    ready_mean: Floats
    ready_sigma: Floats
    keep_mean: Floats
    keep_sigma: Floats
    ripen_power: Floats
    keep_power: Floats


@dataclass(frozen=True, slots=True)
class Lives:
    """When each fruit is edible, at its best and past, in days after delivery. Shape (n_fruit,).

    `ready` is infinite for what never gets there; `past` is -1 for what was past on arrival and
    infinite for what outlives the days that were looked at.
    """

    ready: Floats
    best_from: Floats
    best_until: Floats
    past: Floats

    def edible_on(self, day: Floats | int) -> NDArray[np.bool_]:
        """Tell which are edible at some time between 6 in the morning and 6 in the evening."""
        return (self.ready <= day + MEAL_DAYS) & (self.past >= np.maximum(day - MEAL_DAYS, 0.0))

    def split(self, place: int) -> tuple["Lives", "Lives"]:
        """Return the first `place` lives, and the others."""
        parts = (self.ready, self.best_from, self.best_until, self.past)
        return Lives(*(part[:place] for part in parts)), Lives(*(part[place:] for part in parts))


def cultivars_of(keys: Sequence[str], profiles: Mapping[str, Produce]) -> Cultivars:
    """Tabulate the temperature law that the model believes in; a misfit bends it."""
    rates = np.array(
        [
            [[rate(profiles[key], float(c)) for c in _DEGREES] for key in keys]
            for rate in (ripening_rate, keeping_rate)
        ]
    ).reshape(2, len(keys), len(_DEGREES))
    ripen, keep = np.log(np.maximum(rates, _LEAST))
    return Cultivars(tuple(keys), ripen, keep)


def consignments_of(
    lots: Sequence[tuple[int, LotState, dt.date]],
    cultivars: Cultivars,
    profiles: Mapping[str, Produce],
) -> Consignments:
    """Lay out lots as (place of the lot, its state, the day it is delivered)."""
    place = {key: i for i, key in enumerate(cultivars.keys)}
    rows = np.empty((len(lots), 9))
    for i, (_, state, on) in enumerate(lots):
        produce = produce_of(state, profiles)
        ready, keep = ready_of(state, produce), keep_of(state, produce)
        age = age_at(state, profiles, delivery_on=on)
        # What comes ready has its lot's shift in how long it keeps.
        ripens = ready.sigma > 0
        rows[i] = (
            age,
            age - state.age_days - state.shift_days,
            ready.mean if ripens else 0.6 * keep.mean,
            ready.mean,
            ready.lot_sigma,
            ready.fruit_sigma,
            keep.mean,
            0.0 if ripens else keep.lot_sigma,
            keep.sigma if ripens else keep.fruit_sigma,
        )
    return Consignments(
        np.array([place[state.produce_key] for _, state, _ in lots], dtype=np.intp),
        np.array([lot for lot, _, _ in lots], dtype=np.intp),
        *rows.T,
    )


def draw_world(
    consignments: Consignments, cultivars: Cultivars, misfit: Misfit, rng: np.random.Generator
) -> World:
    """Draw what is true of every lot and cultivar; a lot is the same wherever it goes."""
    c, n_lots = consignments, int(consignments.lot.max(initial=-1)) + 1
    n_cultivars = len(cultivars.keys)
    by_cultivar = np.exp(misfit.cultivar * rng.standard_normal((2, n_cultivars)))[:, c.cultivar]
    by_lot = np.exp(misfit.lot * rng.standard_normal((2, n_lots)))[:, c.lot]
    shift = misfit.spread * rng.standard_normal((2, n_lots))[:, c.lot]
    is_wrong = rng.random(n_lots) < misfit.misgraded
    wrong = np.where(is_wrong, misfit.grade * rng.standard_normal(n_lots), 0.0)[c.lot]
    store = np.exp(misfit.store * rng.standard_normal(n_lots))[c.lot]
    powers = np.exp(misfit.response * rng.standard_normal((2, n_cultivars)))
    factors = by_cultivar * by_lot
    return World(
        age=c.age + c.stored * (store - 1.0) + wrong * c.scale,
        ready_mean=c.ready_mean * factors[0] + shift[0] * c.ready_lot_sigma,
        ready_sigma=c.ready_sigma * misfit.spread,
        keep_mean=c.keep_mean * factors[1] + shift[1] * c.keep_lot_sigma,
        keep_sigma=c.keep_sigma * misfit.spread,
        ripen_power=powers[0],
        keep_power=powers[1],
    )


def steps_of(temperature_c: Floats) -> Ints:
    """Return the steps of the temperature law, quarter degrees, that temperatures stand on."""
    inside = np.clip(temperature_c, _COLDEST_C, _HOTTEST_C)
    return np.rint((inside - _COLDEST_C) * _STEPS_A_DEGREE).astype(np.intp)


def clocks(
    cultivars: Cultivars, world: World, misfit: Misfit, *, cultivar: Ints, steps: Ints
) -> tuple[Floats, Floats]:
    """Return what lines of these cultivars have lived by the end of each day, on both clocks.

    Parameters
    ----------
    cultivar
        Shape (n_lines,).
    steps
        Temperatures as `steps_of` them, shape (days, n_lines); each holds from one noon to the next.

    Returns
    -------
    shape (days + 1, n_lines) each, beginning with 0 at delivery
        Ripening and keeping time. [days at 20 °C]
    """
    ripen, keep = cultivars.ripen, cultivars.keep
    if misfit.response:
        # Heat beyond 30 °C slows ripening down: to half at 38 °C.
        ripen = ripen - 0.087 * np.maximum(_DEGREES - _TOO_HOT_C, 0.0)
    ripen = np.exp(ripen * world.ripen_power[:, None])
    keep = np.exp(keep * world.keep_power[:, None])
    ripen = np.maximum(np.where(ripen < 1e-6, 0.0, ripen), misfit.cold_ripening)
    place = cultivar * ripen.shape[1] + steps
    lived = np.zeros((2, len(steps) + 1, len(cultivar)))
    for clock, rates in zip(lived, (ripen.ravel(), keep.ravel()), strict=True):
        for day, at in enumerate(place):
            np.add(clock[day], rates[at], out=clock[day + 1])
    return lived[0], lived[1]


def draw_lives(
    world: World,
    misfit: Misfit,
    rng: np.random.Generator,
    *,
    consignment: Ints,
    line: Ints,
    ripened: Floats,
    kept: Floats,
) -> Lives:
    """Draw fruit and live them through.

    Parameters
    ----------
    consignment, line
        Of each fruit; `line` is the column of the clocks it lives by. Shape (n_fruit,).
    ripened, kept
        From `clocks`.
    """
    n = len(consignment)
    own = _skewed(_normal(n, rng), misfit.skew)
    missing = (world.ready_mean - world.age)[consignment] + world.ready_sigma[consignment] * own
    good = _good_days(world, misfit, rng, consignment)
    waits = np.flatnonzero(missing > 0)
    ready, lived = np.zeros(n), np.zeros(n)
    ready[waits] = _day_reached(ripened, line[waits], missing[waits])
    lived[waits] = _lived_by(kept, line[waits], ready[waits])
    # What was ready before it came has lived a part of its good days already.
    before = np.maximum(-missing, 0.0)
    left = good - before
    past = np.full(n, np.inf)
    ends = np.flatnonzero(lived + left <= kept[-1, line])
    past[ends] = _day_reached(kept, line[ends], (lived + left)[ends])
    past[left < 0] = -1.0
    came = np.where(np.isfinite(ready), ready, 0.0)
    best_until = came + BEST_SHARE * (past - came + before) - before
    wait = np.where(missing > 0, np.minimum(WAIT_DAYS, WAIT_SHARE * good), 0.0)
    return Lives(ready, ready + wait, best_until, past)


def _normal(n: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Draw normal numbers; single precision is twice as fast and finer than any fruit."""
    return rng.standard_normal(n, dtype=np.float32)


def _skewed(z: NDArray[np.float32], shape: float) -> NDArray[np.float32]:
    """Turn normal draws into ones of mean 0 and variance 1 with a long right tail."""
    if not shape:
        return z
    scale = float(np.sqrt(np.expm1(shape**2)))
    skewed: NDArray[np.float32] = np.expm1(shape * z - shape**2 / 2) / scale
    return skewed


def _good_days(world: World, misfit: Misfit, rng: np.random.Generator, consignment: Ints) -> Floats:
    """Draw how long each fruit stays edible; what would be less than nothing is drawn again."""
    mean, sigma = np.maximum(world.keep_mean, 0.1)[consignment], world.keep_sigma[consignment]
    good: Floats = mean + sigma * _skewed(_normal(len(mean), rng), misfit.skew)
    while (wrong := np.flatnonzero(good < 0)).size:
        again = _skewed(_normal(wrong.size, rng), misfit.skew)
        good[wrong] = mean[wrong] + sigma[wrong] * again
    return good


def _day_reached(lived: Floats, line: Ints, wanted: Floats) -> Floats:
    """Return the day on which each fruit's line has lived so much; infinite past the last day."""
    last, n_lines = len(lived) - 1, lived.shape[1]
    flat = lived.ravel()
    # The last day's end by which less than `wanted` has been lived, found by halving.
    start = np.zeros(len(line), dtype=np.intp)
    step = 1 << max(last.bit_length() - 1, 0)
    while step:
        further = np.minimum(start + step, last)
        start = np.where(flat[further * n_lines + line] < wanted, further, start)
        step >>= 1
    before = flat[start * n_lines + line]
    after = flat[np.minimum(start + 1, last) * n_lines + line]
    part = (wanted - before) / np.maximum(after - before, _LEAST)
    return np.where(start < last, start + np.maximum(part, 0.0), np.inf)


def _lived_by(lived: Floats, line: Ints, day: Floats) -> Floats:
    """Return what each fruit's line has lived by a day; infinite for a day that never comes."""
    last, n_lines = len(lived) - 1, lived.shape[1]
    never = ~np.isfinite(day)
    known = np.where(never, 0.0, day)
    start = np.minimum(known.astype(np.intp), last - 1)
    flat, place = lived.ravel(), start * n_lines + line
    at = flat[place] + (flat[place + n_lines] - flat[place]) * (known - start)
    return np.where(never, np.inf, at)
