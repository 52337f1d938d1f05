"""A plan for one week: which units of which lots go into each box, and when each portion is eaten."""

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ripeday.kit.errors import Invalid
from ripeday.kit.text import message
from subscriptions.planning.problem import DAYS_MAX

_LAYOUT: Final = {
    "box_ptr": ("i8", 1),
    "line_lot": ("i4", 1),
    "line_mode": ("i1", 1),
    "line_units": ("i4", 1),
    "line_eat": ("u1", 2),
    "line_reserve": ("u1", 1),
    "carry_eat": ("u1", 2),
}


def _no_reserve() -> NDArray[np.uint8]:
    return np.zeros(0, dtype=np.uint8)


def _nothing_eaten() -> NDArray[np.uint8]:
    return np.zeros((0, DAYS_MAX), dtype=np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Boxes as lines, one per subscriber, lot and handling mode.

    The lines of subscriber `n` are `box_ptr[n]:box_ptr[n + 1]`. `line_eat[i, t]` is how many portions
    of line `i` are eaten `t` days after delivery; zero for flowers. `line_reserve[i]` portions are meant
    to be left after the last day, 0 where not given. `carry_eat[k, t]` is eaten on day `t` of the k-th item
    that homes still have (`Extras`); no rows: nothing is. The dtypes are i8, i4, i1, i4 and u1; `plan_of`
    takes whole numbers of any width.

    Raises
    ------
    Invalid
        An array has the wrong dtype, or does not fit the others.
    """

    box_ptr: NDArray[np.int64]
    line_lot: NDArray[np.int32]
    line_mode: NDArray[np.int8]
    line_units: NDArray[np.int32]
    line_eat: NDArray[np.uint8]
    line_reserve: NDArray[np.uint8] = field(default_factory=_no_reserve)
    carry_eat: NDArray[np.uint8] = field(default_factory=_nothing_eaten)

    def __post_init__(self) -> None:
        if not len(self.line_reserve) and len(self.line_lot):
            zeros = np.zeros(len(self.line_lot), dtype=np.uint8)
            object.__setattr__(self, "line_reserve", zeros)
        for name, (dtype, ndim) in _LAYOUT.items():
            array = getattr(self, name)
            if array.ndim != ndim or array.dtype != np.dtype(dtype):
                raise _malformed(name)
        ptr, n_lines = self.box_ptr, len(self.line_lot)
        if len(ptr) < 1 or ptr[0] != 0 or ptr[-1] != n_lines or (np.diff(ptr) < 0).any():
            raise _malformed("box_ptr")
        for name in ("line_mode", "line_units", "line_eat", "line_reserve"):
            if len(getattr(self, name)) != n_lines:
                raise _malformed(name)
        for name in ("line_eat", "carry_eat"):
            if getattr(self, name).shape[1] != DAYS_MAX:
                raise _malformed(name)

    @property
    def n_boxes(self) -> int:
        """Count the boxes, empty ones too."""
        return len(self.box_ptr) - 1

    @property
    def line_subscriber(self) -> NDArray[np.int64]:
        """Name the subscriber of each line; shape (lines,)."""
        return np.repeat(np.arange(self.n_boxes), np.diff(self.box_ptr))

    def lines_of(self, subscriber: int) -> range:
        """Return the indices of one box's lines."""
        return range(int(self.box_ptr[subscriber]), int(self.box_ptr[subscriber + 1]))


def plan_of(
    box_ptr: ArrayLike,
    line_lot: ArrayLike,
    line_mode: ArrayLike,
    line_units: ArrayLike,
    line_eat: ArrayLike,
    *,
    line_reserve: ArrayLike | None = None,
    carry_eat: ArrayLike | None = None,
) -> Plan:
    """Make a plan from whole numbers of any width.

    Raises
    ------
    Invalid
        A number does not fit, or the arrays do not fit each other; names the array.
    """
    given = {
        "box_ptr": box_ptr,
        "line_lot": line_lot,
        "line_mode": line_mode,
        "line_units": line_units,
        "line_eat": line_eat,
        "line_reserve": line_reserve,
        "carry_eat": carry_eat,
    }
    present = {name: values for name, values in given.items() if values is not None}
    return Plan(**{name: _narrowed(name, values) for name, values in present.items()})


def _narrowed(name: str, values: ArrayLike) -> NDArray[Any]:
    array, dtype = np.asarray(values), _LAYOUT[name][0]
    bounds = np.iinfo(dtype)
    if array.size and array.dtype.kind not in "iu":
        raise _malformed(name)
    if array.size and (array.min() < bounds.min or array.max() > bounds.max):
        raise _malformed(name)
    return array.astype(dtype)


def empty_plan(n_boxes: int) -> Plan:
    """Return a plan of empty boxes."""
    return plan_of(
        np.zeros(n_boxes + 1, dtype=np.int64), [], [], [], np.zeros((0, DAYS_MAX), dtype=np.uint8)
    )


def _malformed(name: str) -> Invalid:
    return Invalid(
        name, message("The array {array} of the plan does not fit the other arrays.", array=name)
    )
