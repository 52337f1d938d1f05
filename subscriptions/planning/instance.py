"""Makes a realistic week to plan: `make_instance(offers, params) -> Problem`. Pure, and the same for a seed.

About the proportions of the reference instances in tests/data/plans, with the catalog's own produce, prices and
weights, and windows from the ripening model.
"""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ripeday.kit.errors import Invalid
from ripeday.kit.text import Message, message
from ripening.home import PLANNED_MODES
from ripening.window import SERVICE_LEVEL
from subscriptions.planning.extras import NO_EXTRAS
from subscriptions.planning.instance_household import Households, draw_households, draw_tastes
from subscriptions.planning.instance_risk import at_risk, home_until_next_box
from subscriptions.planning.instance_supply import Floats, SeasonOffer, WeekOfLots, draw_lots
from subscriptions.planning.problem import FLOWER, LAYOUT, PlanWeights, Problem
from subscriptions.planning.spare import SPARE_PCT_MOST, SPARE_WORTH, spare_portions

HOUSEHOLDS_MAX: Final = 10_000_000
LOTS_MAX: Final = 5_000
WEEKDAYS_MAX: Final = 5
SEEDS: Final = 2**32
TIGHT_MAX: Final = 10.0
YEARS: Final = (2000, 2100)

_SCARCE, _SCARCE_SHARE, _POPULAR = 0.3, 8, 3
_BUDGET, _BUDGET_BASE, _BUDGET_SPREAD = 1.5, 1.0, (0.76, 1.24)
_BUNCH_BUDGET = 1.45
_GRAMS, _GRAMS_SPREAD, _BUNCHES_CARRIED = 1.57, (0.65, 1.4), 2.0


@dataclass(frozen=True, slots=True)
class InstanceParams:
    """How large a week, and how hard. `tight` is what there is over what households want; below 1 it cannot do.

    Delivery weekdays are the `weekdays` days from `first_on` on, whose season the kitchens have. `risks` says besides
    what may be lost of each lot, as the product's own planning does; homes are then told apart by their horizon, too.
    With `spare_pct` boxes are to have so many percent of their portions to spare, as merchants want them.
    """

    households: int
    seed: int = 1
    tight: float = 1.15
    lots: int = 62
    weekdays: int = WEEKDAYS_MAX
    first_on: dt.date = dt.date(2026, 6, 1)
    service_level: float = SERVICE_LEVEL
    risks: bool = False
    spare_pct: int = 0

    def __post_init__(self) -> None:
        for name, low, high in (
            ("households", 1, HOUSEHOLDS_MAX),
            ("seed", 0, SEEDS - 1),
            ("lots", 2, LOTS_MAX),
            ("weekdays", 1, WEEKDAYS_MAX),
            ("spare_pct", 0, SPARE_PCT_MOST),
        ):
            if not low <= getattr(self, name) <= high:
                raise Invalid(name, _range_words(name, getattr(self, name), low, high))
        if not (math.isfinite(self.tight) and 0 < self.tight <= TIGHT_MAX):
            raise Invalid("tight", _range_words("tight", self.tight, 0, TIGHT_MAX))
        if not YEARS[0] <= self.first_on.year <= YEARS[1]:
            raise Invalid("first_on", _range_words("year", self.first_on.year, *YEARS))
        if not 0 < self.service_level < 1:
            raise Invalid("service_level", _range_words("service_level", self.service_level, 0, 1))


def make_instance(offers: Sequence[SeasonOffer], params: InstanceParams) -> Problem:
    """Draw lots and households, and as much stock as `params.tight` says.

    The lots are the same for any number of households; only their stock grows.

    Raises
    ------
    Invalid
        There is no fruit, or there are no flowers, among the offers.
    """
    week = lots_of(offers, params)
    of_stock, of_people, of_taste, of_limit = (
        np.random.default_rng(each) for each in np.random.SeedSequence(params.seed).spawn(4)
    )
    people = draw_households(of_people, params.households, params.weekdays)
    share = _stock_shares(of_stock, week, params.weekdays)
    bunches = _bunches(week, share, people)
    arrays: dict[str, NDArray[Any]] = {
        **{name: array.copy() for name, array in week.arrays.items()},
        "lot_stock": _stock(week, share, people, bunches, params.tight),
        **people.arrays,
    }
    arrays |= _limits(of_limit, week, share, people, bunches)
    arrays["pref"], arrays["last_week"] = draw_tastes(of_taste, week, people)
    extras = NO_EXTRAS
    if params.risks:
        told = at_risk(week, first_on=params.first_on, weights=PlanWeights())
        arrays["win_a"], arrays["win_b"], extras = told
        arrays["home"] = home_until_next_box(arrays["home"], arrays["horizon"])
    weights = PlanWeights()
    if params.spare_pct:
        extras = replace(extras, reserve=_spare(people, params.spare_pct))
        weights = replace(weights, missing_reserve=SPARE_WORTH)
    typed: dict[str, Any] = {name: arrays[name] for name in LAYOUT}
    return Problem(
        **typed,
        weights=weights,
        extras=extras,
        name=f"week-n{params.households}-s{params.seed}",
        products=week.products,
        modes=PLANNED_MODES,
    )


def _spare(people: Households, pct: int) -> NDArray[np.int8]:
    return np.array([spare_portions(n, pct) for n in people.portions.tolist()], dtype=np.int8)


def lots_of(offers: Sequence[SeasonOffer], params: InstanceParams) -> WeekOfLots:
    """Draw the lots of `make_instance`, with what the ripening model knows of them.

    Raises
    ------
    Invalid
        There is no fruit, or there are no flowers, among the offers.
    """
    return draw_lots(
        tuple(offers),
        n_lots=params.lots,
        weekdays=params.weekdays,
        first_on=params.first_on,
        service_level=params.service_level,
        seed=params.seed,
    )


def _stock_shares(rng: np.random.Generator, week: WeekOfLots, weekdays: int) -> Floats:
    """Share out what there is of fruit, and of flowers, among their lots; each sums to 1. Shape (L,).

    More of what is liked and of what is cheap; of a few of the most popular there is far too little.
    """
    arrays, flower = week.arrays, week.arrays["prod_kind"] == FLOWER
    cost = arrays["lot_cost"] / arrays["lot_portions"]
    product = np.bincount(arrays["lot_prod"], cost) / np.bincount(arrays["lot_prod"])
    weight = week.liked / np.sqrt(product)
    for kind in (flower, ~flower):
        popular = np.flatnonzero(kind)[np.argsort(-week.taste[kind], kind="stable")]
        popular = popular[: max(1, len(popular) // _POPULAR)]
        n_scarce = min(len(popular), max(1, int(kind.sum()) // _SCARCE_SHARE))
        weight[rng.choice(popular, n_scarce, replace=False)] *= _SCARCE
    lot = rng.gamma(2.0, size=len(cost)) * (arrays["lot_last"] + 1) / weekdays
    split = lot / np.bincount(arrays["lot_prod"], lot)[arrays["lot_prod"]]
    share = weight[arrays["lot_prod"]] * split
    for is_kind in (week.is_flower, ~week.is_flower):
        share[is_kind] /= share[is_kind].sum()
    found: Floats = share
    return found


def _bunches(week: WeekOfLots, share: Floats, people: Households) -> Floats:
    """How many bunches each household needs to have its stems in display all along, on average; shape (N,)."""
    lots = week.is_flower & (week.shown >= 1)
    if not lots.any():
        return np.zeros(people.n)
    stems, shown = week.arrays["lot_portions"][lots], week.shown[lots]
    weight = share[lots] / share[lots].sum()
    stem_counts, k = np.unique(people.arrays["k_stem"], return_inverse=True)
    horizons, h = np.unique(people.arrays["horizon"], return_inverse=True)
    at_once = np.ceil(stem_counts[:, None] / stems)
    after_another = horizons[:, None] / np.minimum(shown, horizons[:, None])
    needed = np.einsum("kl,hl,l->kh", at_once, after_another, weight)
    found: Floats = needed[k, h]
    return found


def _stock(
    week: WeekOfLots, share: Floats, people: Households, bunches: Floats, tight: float
) -> NDArray[np.int32]:
    """Give the lots their units: fruit by the portions that are wanted, flowers by the bunches; shape (L,)."""
    stock = np.zeros(len(share), dtype=np.int32)
    for lots, wanted, size in (
        (~week.is_flower, people.portions.sum(), week.arrays["lot_portions"]),
        (week.is_flower, bunches.sum(), np.ones_like(week.arrays["lot_portions"])),
    ):
        stock[lots] = _whole_units(share[lots] * float(wanted) * tight, size[lots])
    return stock


def _whole_units(wanted: Floats, size: NDArray[np.int8]) -> NDArray[np.int64]:
    """Turn portions into whole units so that the total is off by less than one unit of the largest."""
    units = np.floor(wanted / size).astype(np.int64)
    left = wanted.sum() - (units * size).sum()
    for i in np.argsort(units * size - wanted, kind="stable"):
        if size[i] <= left:
            units[i] += 1
            left -= size[i]
    return units


def _limits(
    rng: np.random.Generator, week: WeekOfLots, share: Floats, people: Households, bunches: Floats
) -> dict[str, NDArray[np.int32]]:
    """What each box may cost and weigh, by what the lots cost and weigh on average; shape (N,)."""
    cost, grams, size = (week.arrays[f"lot_{name}"] for name in ("cost", "grams", "portions"))
    fruit, flower = ~week.is_flower, week.is_flower
    portion_cost, portion_grams = (
        float((share * each / size)[fruit].sum()) for each in (cost, grams)
    )
    bunch_cost, bunch_grams = (float((share * each)[flower].sum()) for each in (cost, grams))
    eats, portions = people.portions > 0, people.portions
    budget = portion_cost * (_BUDGET * portions + _BUDGET_BASE * eats)
    budget += _BUNCH_BUDGET * bunch_cost * bunches
    weight = _GRAMS * portion_grams * portions
    weight += _BUNCHES_CARRIED * bunch_grams * (bunches + (bunches > 0))
    return {
        "budget": np.rint(budget * rng.uniform(*_BUDGET_SPREAD, people.n)).astype(np.int32),
        "grams_max": np.rint(weight * rng.uniform(*_GRAMS_SPREAD, people.n)).astype(np.int32),
    }


def _range_words(name: str, value: float, low: float, high: float) -> Message:
    return message(
        "{name} is {value}; it should be between {low} and {high}.",
        name=name,
        value=value,
        low=low,
        high=high,
    )
