"""What a week may say beyond the plain format: odd days, a reserve, food still at home, confirmed boxes.

Every array is optional; an absent one means what its line in the class says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ripeday.kit.errors import Invalid
from ripeday.kit.text import message
from subscriptions.planning.layout import misshapen, refuse_first, refuse_type

# dtype, shape and range of every optional array: N households, D the 14 days, P products, K carried items, and of lots
# L, delivery weekdays W, kinds of home C and ways of keeping M.
EXTRAS_LAYOUT: Final[dict[str, tuple[str, str, int, int]]] = {
    "day_need": ("i1", "ND", 0, 127),
    "reserve": ("i1", "N", 0, 127),
    "carry_ptr": ("i8", "R", 0, 2**63 - 1),
    "carry_prod": ("i2", "K", 0, 32767),
    "carry_portions": ("i1", "K", 0, 127),
    "carry_a": ("i1", "K", 0, 127),
    "carry_b": ("i1", "K", -128, 127),
    "prod_group": ("i2", "P", -1, 32767),
    "min_cost": ("i4", "N", 0, 2**31 - 1),
    "keep": ("u1", "N", 0, 1),
    "win_risk": ("i4", "LWCM", 0, 2**24 - 1),
    "day_risk": ("u1", "LWCMD", 0, 255),
}
CARRY: Final = ("carry_ptr", "carry_prod", "carry_portions", "carry_a", "carry_b")


class AtHome(NamedTuple):
    """K items still at homes: where each household's begin (N + 1), product, portions, days they are good (K, D)."""

    ptr: NDArray[np.int64]
    prod: NDArray[np.int16]
    portions: NDArray[np.int8]
    good: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Extras:
    """The optional arrays of a problem.

    `day_need` [N, 14]: portions wanted on each day, in place of `n_por` on all of them.
    `reserve` [N]: spare portions wished beyond the days, of fruit still good on the last day; absent: none.
    `carry_*`: items still at home, those of household n at `carry_ptr[n]:carry_ptr[n + 1]`: the product, its
    portions (for flowers the stems in display), and its first and last day after delivery, inclusive.
    `prod_group` [P]: a box holds products of at most one kind per group; -1: in no group.
    `min_cost` [N]: what the goods of a box should cost at least [minor units]; absent: 0.
    `keep` [N]: 1 where the household has confirmed its box.
    `win_risk` [L, W, C, M]: what it is worth that a portion of a lot, kept in a way, may be lost, by weekday and home
    [1/100 minor unit a portion shipped]; of fruit only. Part of the objective; absent: 0.
    `day_risk` [L, W, C, M, 14]: chance that such a portion is lost if it is to be eaten on a day [1/255]. Decides
    which portion of a box is eaten when, not what is in it; absent: any that is ripe will do.
    """

    day_need: NDArray[np.int8] | None = None
    reserve: NDArray[np.int8] | None = None
    carry_ptr: NDArray[np.int64] | None = None
    carry_prod: NDArray[np.int16] | None = None
    carry_portions: NDArray[np.int8] | None = None
    carry_a: NDArray[np.int8] | None = None
    carry_b: NDArray[np.int8] | None = None
    prod_group: NDArray[np.int16] | None = None
    min_cost: NDArray[np.int32] | None = None
    keep: NDArray[np.uint8] | None = None
    win_risk: NDArray[np.int32] | None = None
    day_risk: NDArray[np.uint8] | None = None

    @property
    def n_carried(self) -> int:
        """Count the items that are still at homes."""
        return 0 if self.carry_prod is None else len(self.carry_prod)

    def at_home(self, n_days: int) -> AtHome | None:
        """Return what is still at homes and on which of so many days it is good; None where nothing is said of it."""
        ptr, prod, portions = self.carry_ptr, self.carry_prod, self.carry_portions
        first, last = self.carry_a, self.carry_b
        if ptr is None or prod is None or portions is None or first is None or last is None:
            return None
        days = np.arange(n_days)
        return AtHome(ptr, prod, portions, (first[:, None] <= days) & (days <= last[:, None]))

    def given(self) -> dict[str, NDArray[Any]]:
        """Return the arrays that are present, by name."""
        arrays = ((name, getattr(self, name)) for name in EXTRAS_LAYOUT)
        return {name: array for name, array in arrays if array is not None}

    def refuse_nonsense(self, sizes: Mapping[str, int]) -> None:
        """Hold the arrays against the sizes of their problem, by letter.

        Raises
        ------
        Invalid
            An array has the wrong dtype or shape, holds a value that cannot be, or lacks its fellows.
        """
        sizes = {**sizes, "R": sizes["N"] + 1, "K": self.n_carried}
        given = self.given()
        for name, array in given.items():
            dtype, axes, low, high = EXTRAS_LAYOUT[name]
            refuse_type(name, array, dtype)
            expected = tuple(sizes[axis] for axis in axes)
            if array.shape != expected:
                raise misshapen(name, array.shape, expected)
            high = min(high, sizes["P"] - 1) if name == "carry_prod" else high
            if array.size and (array.min() < low or array.max() > high):
                refuse_first(name, array, (array < low) | (array > high), f"{low}..{high}")
        _refuse_part_of_carry(given)
        if self.carry_ptr is not None:
            _refuse_pointers(self.carry_ptr, self.n_carried)


NO_EXTRAS: Final = Extras()
"""A week of which nothing more is to be said."""


def _refuse_part_of_carry(given: dict[str, NDArray[Any]]) -> None:
    """The arrays of carried items come together or not at all."""
    missing = [name for name in CARRY if name not in given]
    if 0 < len(missing) < len(CARRY):
        raise Invalid(missing[0], message("The array {array} is missing.", array=missing[0]))


def _refuse_pointers(ptr: NDArray[np.int64], n_items: int) -> None:
    """Pointers start at 0, never fall, and end at the number of items."""
    wrong = np.zeros(len(ptr), dtype=np.bool_)
    wrong[0] = ptr[0] != 0
    wrong[1:] = ptr[1:] < ptr[:-1]
    wrong[-1] |= ptr[-1] != n_items
    refuse_first("carry_ptr", ptr, wrong, f"0..{n_items}")
