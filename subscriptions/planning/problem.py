"""One delivery week as arrays: who is due, which lots there are, and what a good plan is worth.

Field names, dtypes and meanings are those of the instance format `ripeday-plan-1`; `adapters/plan_file.py`
reads and writes it. Money is in minor units ("cents"), the objective in 1/100 of a minor unit.
"""

from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ripeday.kit.errors import Invalid
from ripeday.kit.text import message
from subscriptions.planning.extras import NO_EXTRAS, Extras
from subscriptions.planning.layout import misshapen, refuse_first, refuse_type

FRUIT: Final = 0
FLOWER: Final = 1
MIXED: Final = 2
EXCLUDED: Final = -128
DAYS_MAX: Final = 14
DEFAULT_MODES: Final = ("counter", "fridge", "counter_then_fridge")

# dtype and shape of every array; letters are sizes, a letter's value comes from the first array that has it.
LAYOUT: Final[dict[str, tuple[str, str]]] = {
    "prod_kind": ("i1", "P"),
    "lot_prod": ("i2", "L"),
    "lot_stock": ("i4", "L"),
    "lot_cost": ("i4", "L"),
    "lot_grams": ("i4", "L"),
    "lot_portions": ("i1", "L"),
    "lot_pv": ("i1", "L"),
    "lot_last": ("i1", "L"),
    "lot_bonus": ("i2", "LW"),
    "win_a": ("i1", "LWCM"),
    "win_b": ("i1", "LWCM"),
    "plan": ("i1", "N"),
    "n_por": ("i1", "N"),
    "k_stem": ("i1", "N"),
    "horizon": ("i1", "N"),
    "weekday": ("i1", "N"),
    "home": ("i1", "N"),
    "pref": ("i1", "NP"),
    "last_week": ("u1", "NB"),
    "budget": ("i4", "N"),
    "grams_max": ("i4", "N"),
    "u_max": ("i1", "N"),
    "c_day": ("i1", "N"),
    "min_dist": ("i1", "N"),
}

# What can be counted in the dtype that elsewhere holds an index of it.
_LENGTHS: Final = {"P": (0, 32767), "W": (1, 127), "C": (1, 127), "M": (1, 127)}


@dataclass(frozen=True, slots=True)
class PlanWeights:
    """What a missing portion, a wasted one or a liked one is worth. [minor units]

    `pref_cents` is earned per preference portion of a produce with full taste (100 hundredths);
    `missing_value` is per minor unit that a box's goods cost less than its `min_cost`.
    """

    uncovered_portion: int = 250
    uncovered_stem_day: int = 40
    waste_portion: int = 25
    pref_cents: int = 40
    novelty_portion: int = 8
    missing_product: int = 150
    missing_reserve: int = 0
    missing_value: int = 0

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if not 0 <= value <= 10_000_000:
                raise Invalid(
                    each.name,
                    message(
                        "The weight {weight} is {value}; it should be between 0 and 10,000,000.",
                        weight=each.name,
                        value=value,
                    ),
                )


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """All that a plan depends on; sizes are N subscribers, L lots, P products, W weekdays, C homes, M modes.

    Raises
    ------
    Invalid
        An array has the wrong dtype or shape, or a value that cannot be; names the array and the index.
    """

    prod_kind: NDArray[np.int8]
    lot_prod: NDArray[np.int16]
    lot_stock: NDArray[np.int32]
    lot_cost: NDArray[np.int32]
    lot_grams: NDArray[np.int32]
    lot_portions: NDArray[np.int8]
    lot_pv: NDArray[np.int8]
    lot_last: NDArray[np.int8]
    lot_bonus: NDArray[np.int16]
    win_a: NDArray[np.int8]
    win_b: NDArray[np.int8]
    plan: NDArray[np.int8]
    n_por: NDArray[np.int8]
    k_stem: NDArray[np.int8]
    horizon: NDArray[np.int8]
    weekday: NDArray[np.int8]
    home: NDArray[np.int8]
    pref: NDArray[np.int8]
    last_week: NDArray[np.uint8]
    budget: NDArray[np.int32]
    grams_max: NDArray[np.int32]
    u_max: NDArray[np.int8]
    c_day: NDArray[np.int8]
    min_dist: NDArray[np.int8]
    weights: PlanWeights = PlanWeights()
    name: str = ""
    products: tuple[str, ...] = ()
    modes: tuple[str, ...] = DEFAULT_MODES
    extras: Extras = NO_EXTRAS

    def __post_init__(self) -> None:
        sizes = _check_layout(self)
        if self.products and len(self.products) != sizes["P"]:
            raise misshapen("products", (len(self.products),), (sizes["P"],))
        _check_ranges(self, sizes)
        self.extras.refuse_nonsense({**sizes, "D": DAYS_MAX})
        _check_kinds(self)

    @property
    def n_subscribers(self) -> int:
        """Count the households that are due."""
        return len(self.plan)

    @property
    def n_lots(self) -> int:
        """Count the lots that can be packed."""
        return len(self.lot_prod)

    @property
    def n_products(self) -> int:
        """Count the kinds of produce the lots and tastes speak of."""
        return len(self.prod_kind)


def _check_layout(problem: Problem) -> dict[str, int]:
    """Refuse a wrong dtype or shape; return the size behind each letter."""
    sizes: dict[str, int] = {}
    for name, (dtype, axes) in LAYOUT.items():
        array: NDArray[Any] = getattr(problem, name)
        refuse_type(name, array, dtype)
        if array.ndim != len(axes):
            raise misshapen(name, array.shape, tuple(axes))
        for axis, length in zip(axes, array.shape, strict=True):
            sizes.setdefault(axis, length)
        if "P" in sizes:
            sizes["B"] = (sizes["P"] + 7) // 8
        expected = tuple(sizes[axis] for axis in axes)
        if array.shape != expected:
            raise misshapen(name, array.shape, expected)
        for axis, length in zip(axes, array.shape, strict=True):
            low, high = _LENGTHS.get(axis, (0, length))
            if not low <= length <= high:
                lengths = (f"{axis} in {low}..{high}" if each == axis else each for each in axes)
                raise misshapen(name, array.shape, tuple(lengths))
    return sizes


def _check_ranges(problem: Problem, sizes: dict[str, int]) -> None:
    """Refuse the first value outside what its meaning allows."""
    byte, large = 127, 2**31 - 1
    ranges = {
        "prod_kind": (FRUIT, FLOWER),
        "lot_prod": (0, sizes["P"] - 1),
        "lot_stock": (0, large),
        "lot_cost": (0, large),
        "lot_grams": (0, large),
        "lot_portions": (1, byte),
        "lot_pv": (0, byte),
        "win_a": (0, byte),
        "plan": (FRUIT, MIXED),
        "n_por": (0, byte),
        "k_stem": (0, byte),
        "horizon": (1, DAYS_MAX),
        "weekday": (0, sizes["W"] - 1),
        "home": (0, sizes["C"] - 1),
        "budget": (0, large),
        "grams_max": (0, large),
        "u_max": (0, byte),
        "c_day": (0, byte),
        "min_dist": (0, byte),
    }
    for name, (low, high) in ranges.items():
        array: NDArray[Any] = getattr(problem, name)
        if array.size and (array.min() < low or array.max() > high):
            refuse_first(name, array, (array < low) | (array > high), f"{low}..{high}")
    _check_tastes(problem.pref)


def _check_tastes(pref: NDArray[np.int8]) -> None:
    """Refuse tastes out of range; by counting, as there are tens of millions of them."""
    low, excluded = np.count_nonzero(pref < -100), np.count_nonzero(pref == EXCLUDED)
    if pref.size and (low != excluded or pref.max() > 100):
        strange = (pref != EXCLUDED) & ((pref < -100) | (pref > 100))
        refuse_first("pref", pref, strange, "-100..100, -128")


def _check_kinds(problem: Problem) -> None:
    """Refuse portions asked of a flower plan and stems asked of a fruit plan."""
    refuse_first("n_por", problem.n_por, (problem.plan == FLOWER) & (problem.n_por != 0), "0")
    refuse_first("k_stem", problem.k_stem, (problem.plan == FRUIT) & (problem.k_stem != 0), "0")
    for name in ("day_need", "reserve"):
        array = getattr(problem.extras, name)
        if array is not None:
            refuse_first(name, array, ((array != 0).T & (problem.plan == FLOWER)).T, "0")
