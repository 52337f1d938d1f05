"""The lots of a made-up week: real produce at different stages, with the windows the ripening model gives them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ripeday.kit.errors import Invalid
from ripeday.kit.text import message
from ripening.home import PLANNED_MODES, WAYS
from ripening.lot_state import MOST_AGE_DAYS, LotState
from ripening.produce import Produce, load_profiles
from ripening.use_by import last_delivery_on
from ripening.window import edible_chance, windows
from subscriptions.planning.problem import DAYS_MAX, FLOWER, FRUIT

Floats = NDArray[np.float64]

FLOWER_PV: Final = 4
"""Preference portions of a bunch."""

BONUS_SHARES: Final = (0.12, 0.08, 0.04)
"""Part of its cost that a lot earns back on its last day, the day before, and two days before."""

_PRODUCTS_A_LOT, _FLOWER_SHARE = 0.65, 0.25
_FLOWER_LOTS = 0.6  # extra lots of flowers come less often: they do not ripen one after the other
_LIVED_SHARE = 0.4  # of its good life, the most that what comes ready has behind it
_FLOWER_STORE_C = 2.0
_COST_SPREAD, _GRAMS_SPREAD = 0.08, 0.05
_TASTE_A_RANK, _TASTE_A_DOUBLING, _TASTE_SPREAD = 5.0, 12.0, 8.0


@dataclass(frozen=True, slots=True)
class SeasonOffer:
    """One produce of a season's catalog: what a unit costs [minor units], and how well it is liked (1 little)."""

    produce_key: str
    unit_cost_minor: int
    liked: int


@dataclass(frozen=True, slots=True, eq=False)
class WeekOfLots:
    """Lots without their stock, as the arrays of a `Problem`; L lots of P products, on W weekdays.

    `taste` [P] is what households think of a product on average [hundredths]. `shown` [L] is how many days a
    flower stands in an average home, 0 for fruit. `states` [L] are the lots as graded. The arrays are read-only:
    weeks are shared.
    """

    products: tuple[str, ...]
    families: tuple[str, ...]
    arrays: dict[str, NDArray[Any]]
    liked: Floats
    taste: Floats
    shown: Floats
    states: tuple[LotState, ...]

    @property
    def is_flower(self) -> NDArray[np.bool_]:
        """Tell the lots of flowers; shape (L,)."""
        kind: NDArray[np.bool_] = self.arrays["prod_kind"][self.arrays["lot_prod"]] == FLOWER
        return kind


@lru_cache(maxsize=8)
def draw_lots(
    offers: tuple[SeasonOffer, ...],
    *,
    n_lots: int,
    weekdays: int,
    first_on: dt.date,
    service_level: float,
    seed: int,
) -> WeekOfLots:
    """Draw the lots of a week: several stages of what is liked, and windows for every weekday, home and mode.

    Raises
    ------
    Invalid
        There is no fruit, or there are no flowers, among the offers.
    """
    rng = np.random.default_rng([seed, n_lots])
    chosen = _assortment(rng, offers, n_lots)
    produce = [load_profiles()[offer.produce_key] for offer in chosen]
    lot_prod = _lots_of_products(rng, chosen, produce, n_lots)
    states, last = _graded(rng, [produce[p] for p in lot_prod], first_on, weekdays)
    win_a, win_b = _windows(states, first_on, weekdays, service_level)
    kind = np.array([FLOWER if each.is_flower else FRUIT for each in produce], dtype=np.int8)
    arrays: dict[str, NDArray[Any]] = {
        "prod_kind": kind,
        "lot_prod": lot_prod.astype(np.int16),
        **_units(rng, chosen, produce, lot_prod),
        "lot_last": np.minimum(last, weekdays - 1).astype(np.int8),
        "win_a": win_a,
        "win_b": win_b,
    }
    arrays["lot_bonus"] = _bonus(arrays["lot_cost"], last, weekdays)
    for array in arrays.values():
        array.setflags(write=False)
    first, final = win_a[:, 0, :, 0].astype(np.int64), win_b[:, 0, :, 0].astype(np.int64)
    return WeekOfLots(
        products=tuple(offer.produce_key for offer in chosen),
        families=tuple(each.family for each in produce),
        arrays=arrays,
        liked=np.array([offer.liked for offer in chosen], dtype=np.float64),
        taste=_tastes(rng, chosen, produce),
        shown=np.where(kind[lot_prod] == FLOWER, np.maximum(final - first + 1, 0).mean(axis=1), 0),
        states=tuple(states),
    )


def _assortment(
    rng: np.random.Generator, offers: Sequence[SeasonOffer], n_lots: int
) -> list[SeasonOffer]:
    """Choose fewer products than lots, the liked ones rather; fruit and flowers both, in the order of the catalog."""
    is_flower = np.array([load_profiles()[offer.produce_key].is_flower for offer in offers])
    n_there = int((~is_flower).sum()), int(is_flower.sum())
    if not all(n_there):
        raise Invalid("offers", message("A week is made of fruit and flowers; one is not on sale."))
    n_products = max(2, round(_PRODUCTS_A_LOT * n_lots))
    n_fruit = min(n_there[0], n_products - max(1, round(_FLOWER_SHARE * n_products)))
    n_flower = min(n_there[1], n_products - n_fruit)
    rank = np.log([offer.liked for offer in offers]) + rng.gumbel(size=len(offers))
    chosen: list[int] = []
    for kind, n in ((~is_flower, n_fruit), (is_flower, n_flower)):
        there = np.flatnonzero(kind)
        chosen += there[np.argsort(-rank[there], kind="stable")[:n]].tolist()
    return [offers[i] for i in sorted(chosen)]


def _lots_of_products(
    rng: np.random.Generator, offers: Sequence[SeasonOffer], produce: Sequence[Produce], n_lots: int
) -> NDArray[np.int64]:
    """Give each product a lot and deal out the rest by how well it is liked; return the product of each lot."""
    weight = np.array([offer.liked for offer in offers], dtype=np.float64)
    weight[[each.is_flower for each in produce]] *= _FLOWER_LOTS
    n = 1 + rng.multinomial(n_lots - len(offers), weight / weight.sum())
    return np.repeat(np.arange(len(offers)), n)


def _graded(
    rng: np.random.Generator, produce: Sequence[Produce], first_on: dt.date, weekdays: int
) -> tuple[list[LotState], NDArray[np.int64]]:
    """Grade each lot shortly before the week; return it and the last weekday it may leave on, counted past the week.

    What would be past by the first delivery is taken fresh instead.
    """
    ages = _ages(rng, produce)
    ago = rng.integers(1, 4, size=len(produce))
    drawn = [
        _state(each, age, first_on - dt.timedelta(days=int(days)))
        for each, age, days in zip(produce, ages, ago, strict=True)
    ]
    fresh = [_state(each, 0.0, first_on - dt.timedelta(days=1)) for each in produce]
    last = _last_weekdays(drawn, first_on, weekdays)
    states = [
        state if day >= 0 else new for state, new, day in zip(drawn, fresh, last, strict=True)
    ]
    return states, np.maximum(_last_weekdays(states, first_on, weekdays), 0)


def _ages(rng: np.random.Generator, produce: Sequence[Produce]) -> Floats:
    """Spread the lots of each product over the way from dispatch to ready, or over the start of its good life."""
    keys = [each.key for each in produce]
    seen: dict[str, int] = {}
    ages = np.empty(len(produce))
    for i, each in enumerate(produce):
        place = seen[each.key] = seen.get(each.key, -1) + 1
        share = (place + rng.random()) / keys.count(each.key)
        ready = each.ready_spread(treated=True).mean
        age = ready * share if each.ripens else _LIVED_SHARE * each.keep_spread().mean * share
        ages[i] = round(min(age, MOST_AGE_DAYS), 2)
    return ages


def _state(produce: Produce, age_days: float, graded_on: dt.date) -> LotState:
    low, high = produce.storage_c or (_FLOWER_STORE_C, _FLOWER_STORE_C)
    return LotState(produce.key, age_days, graded_on, (low + high) / 2, treated=True)


def _last_weekdays(
    states: Sequence[LotState], first_on: dt.date, weekdays: int
) -> NDArray[np.int64]:
    """Return the last weekday each lot may leave on, up to two past the last; -1 where even the first is too late."""
    ahead = weekdays - 1 + len(BONUS_SHARES)
    last = last_delivery_on(states, profiles=load_profiles(), on=first_on, ahead_days=ahead)
    return np.array([-1 if day is None else (day - first_on).days for day in last], dtype=np.int64)


def _windows(
    states: Sequence[LotState], first_on: dt.date, weekdays: int, service_level: float
) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """Return first and last day of every window; shape (L, W, 8 homes, planned modes)."""
    by_day = []
    for weekday in range(weekdays):
        chance = edible_chance(
            states,
            profiles=load_profiles(),
            delivery_on=first_on + dt.timedelta(days=weekday),
            days=DAYS_MAX,
            ways=WAYS[: len(PLANNED_MODES)],
        )
        by_day.append(windows(chance, service_level))
    first, last = (np.stack(days, axis=1) for days in zip(*by_day, strict=True))
    return first, last


def _units(
    rng: np.random.Generator,
    offers: Sequence[SeasonOffer],
    produce: Sequence[Produce],
    lot_prod: NDArray[np.int64],
) -> dict[str, NDArray[Any]]:
    """What a unit of each lot costs, weighs and holds; growers differ a little."""
    n = len(lot_prod)
    haggled = rng.uniform(1 - _COST_SPREAD, 1 + _COST_SPREAD, n)
    grown = rng.uniform(1 - _GRAMS_SPREAD, 1 + _GRAMS_SPREAD, n)
    cost = np.array([offer.unit_cost_minor for offer in offers])[lot_prod]
    grams = np.array([each.unit_grams.shipped for each in produce])[lot_prod]
    portions = np.array([each.portions_per_unit or 1 for each in produce])[lot_prod]
    flower = np.array([each.is_flower for each in produce])[lot_prod]
    return {
        "lot_cost": np.rint(cost * haggled).astype(np.int32),
        "lot_grams": np.rint(grams * grown).astype(np.int32),
        "lot_portions": portions.astype(np.int8),
        "lot_pv": np.where(flower, FLOWER_PV, portions).astype(np.int8),
    }


def _bonus(cost: NDArray[np.int32], last: NDArray[np.int64], weekdays: int) -> NDArray[np.int16]:
    """What using a unit earns as its last day comes near; shape (L, W)."""
    days_left = last[:, None] - np.arange(weekdays)
    share = np.zeros(days_left.shape)
    for days, part in enumerate(BONUS_SHARES):
        share[days_left == days] = part
    return np.rint(cost[:, None] * share).astype(np.int16)


def _tastes(
    rng: np.random.Generator, offers: Sequence[SeasonOffer], produce: Sequence[Produce]
) -> Floats:
    """What households think on average: the liked more, and a treat more than what is cheap by the portion."""
    flower = np.array([each.is_flower for each in produce])
    cost = np.array(
        [
            offer.unit_cost_minor / (each.portions_per_unit or 1)
            for offer, each in zip(offers, produce, strict=True)
        ]
    )
    usual = np.where(flower, np.median(cost[flower]), np.median(cost[~flower]))
    liked = np.array([offer.liked for offer in offers], dtype=np.float64)
    taste = _TASTE_A_RANK * (liked - 1) + _TASTE_A_DOUBLING * np.log2(cost / usual)
    spread = rng.normal(0.0, _TASTE_SPREAD, len(offers))
    clipped: NDArray[np.float64] = np.clip(taste + spread, -20.0, 60.0)
    return clipped
