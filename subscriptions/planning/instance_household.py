"""The households of a made-up week: what they are sold, where they live and what they like."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from subscriptions.box_limit import same_a_day
from subscriptions.planning.instance_supply import Floats, WeekOfLots
from subscriptions.planning.problem import EXCLUDED, FLOWER, FRUIT, MIXED

# Each is a list of values and of how many in a hundred have them.
_PLANS: Final = ((FRUIT, FLOWER, MIXED), (65, 11, 24))
_PORTIONS: Final = ((1, 2, 3, 4, 5, 6), (20, 33, 20, 15, 7, 5))
_STEMS: Final = ((3, 5, 7, 10), (36, 34, 20, 10))
_TWO_WEEKS, _TWO_WEEKS_EAT = 0.16, 3  # a box for two weeks is too heavy for more portions a day
_ROOMS: Final = ((0, 1, 2, 3), (21, 40, 28, 11))
_WEEKDAYS: Final = (5, 4, 4, 4, 3)
_FRIDGE: Final = 0.88

_TASTE_SPREAD, _HOUSEHOLD_SPREAD = 40.0, 5.0
_NEVER, _NEVER_TASTE, _NEVER_RANGE = 0.13, 45.0, (0.01, 0.25)
_PICKY, _NEVER_FAMILY = (0.3, 1.7), 0.05
_SILENT = 0.02
_NEW, _HAD_SHARE = 0.06, (0.05, 0.4)
_ROWS: Final = 1 << 16


@dataclass(frozen=True, slots=True, eq=False)
class Households:
    """N households without tastes and limits, as arrays of a `Problem`; `portions` [N] are wanted in all."""

    arrays: dict[str, NDArray[Any]]
    portions: NDArray[np.int64]

    @property
    def n(self) -> int:
        """Count them."""
        return len(self.portions)


def draw_households(rng: np.random.Generator, n: int, weekdays: int) -> Households:
    """Draw what households are sold and where they live."""
    plan = _drawn(rng, n, *_PLANS)
    n_por = np.where(plan == FLOWER, 0, _drawn(rng, n, *_PORTIONS)).astype(np.int8)
    k_stem = np.where(plan == FRUIT, 0, _drawn(rng, n, *_STEMS)).astype(np.int8)
    lasts = (rng.random(n) < _TWO_WEEKS) & (n_por <= _TWO_WEEKS_EAT)
    horizon = np.where(lasts, 14, 7).astype(np.int8)
    fridge = rng.random(n) < _FRIDGE
    weekday = _drawn(rng, n, tuple(range(weekdays)), _WEEKDAYS[:weekdays])
    eats = n_por > 0
    u_max = np.where(eats, n_por + 1, 2) + rng.integers(0, 2, n, dtype=np.int8) + 2 * lasts
    wished = np.where(n_por > 1, 4, 3) + rng.integers(0, np.where(n_por > 1, 3, 2), dtype=np.int8)
    at_most = np.array([same_a_day(each) if each else 0 for each in range(max(_PORTIONS[0]) + 1)])
    return Households(
        {
            "plan": plan,
            "n_por": n_por,
            "k_stem": k_stem,
            "horizon": horizon,
            "weekday": weekday,
            "home": 2 * _drawn(rng, n, *_ROOMS) + fridge.astype(np.int8),
            "u_max": u_max.astype(np.int8),
            "c_day": at_most[n_por].astype(np.int8),
            "min_dist": np.where(eats, wished + lasts, 0).astype(np.int8),
        },
        n_por.astype(np.int64) * horizon,
    )


def draw_tastes(
    rng: np.random.Generator, week: WeekOfLots, people: Households
) -> tuple[NDArray[np.int8], NDArray[np.uint8]]:
    """Draw what each household likes and never wants, and what was in its last box.

    Returns `pref` [N, P] and `last_week` [N, ceil(P/8)]. Row by row different, but for the few who say nothing. Made
    in blocks of rows, so that what is in between is small.
    """
    n, n_products = people.n, len(week.products)
    pref = np.empty((n, n_products), dtype=np.int8)
    last_week = np.empty((n, (n_products + 7) // 8), dtype=np.uint8)
    never = np.clip(_NEVER * np.exp(-week.taste / _NEVER_TASTE), *_NEVER_RANGE).astype(np.float32)
    families = sorted(set(week.families))
    in_family = np.array([[each == family for each in week.families] for family in families])
    kind = week.arrays["prod_kind"]
    for start in range(0, n, _ROWS):
        rows = slice(start, min(start + _ROWS, n))
        plan = people.arrays["plan"][rows, None]
        pref[rows] = _block_of_tastes(rng, week.taste, never, in_family, len(plan))
        sold = (plan == MIXED) | (plan == kind)
        often = rng.uniform(*_HAD_SHARE, plan.shape) * (rng.random(plan.shape) >= _NEW)
        had = rng.random(sold.shape, dtype=np.float32) < often.astype(np.float32)
        had &= sold & (pref[rows] != EXCLUDED)
        last_week[rows] = np.packbits(had, axis=1, bitorder="little")
    return pref, last_week


def _block_of_tastes(
    rng: np.random.Generator,
    taste: Floats,
    never: NDArray[np.float32],
    in_family: NDArray[np.bool_],
    n: int,
) -> NDArray[np.int8]:
    """Draw the tastes of n households; shape (n, P)."""
    liking = rng.standard_normal((n, len(taste)), dtype=np.float32)
    liking *= np.float32(_TASTE_SPREAD)
    liking += taste.astype(np.float32)
    liking += rng.normal(0.0, _HOUSEHOLD_SPREAD, (n, 1)).astype(np.float32)
    np.rint(np.clip(liking, -100, 100, out=liking), out=liking)
    picky = rng.uniform(*_PICKY, (n, 1)).astype(np.float32)
    excluded = rng.random(liking.shape, dtype=np.float32) < never * picky
    families = rng.integers(0, len(in_family), n)
    excluded |= (rng.random(n) < _NEVER_FAMILY)[:, None] & in_family[families]
    pref = liking.astype(np.int8)
    pref[excluded] = EXCLUDED
    pref[rng.random(n) < _SILENT] = 0
    return pref


def _drawn(
    rng: np.random.Generator, n: int, values: tuple[int, ...], shares: tuple[int, ...]
) -> NDArray[np.int8]:
    """Draw n of the values, each as often as its share says."""
    edges = np.cumsum(shares) / sum(shares)
    places = np.searchsorted(edges[:-1], rng.random(n), side="right")
    return np.array(values, dtype=np.int8)[places]
