"""A plan for one week: which units of which lots go into each box, and when each portion is eaten."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ripeday.kit.errors import Invalid
from ripeday.kit.text import message
from subscriptions.planning.problem import DAYS_MAX

_LAYOUT: Final = {
    "box_ptr": ("i8", 1),
    "line_lot": ("i4", 1),
    "line_mode": ("i1", 1),
    "line_units": ("i4", 1),
    "line_eat": ("u1", 2),
}


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Boxes as lines, one per subscriber, lot and handling mode.

    The lines of subscriber `n` are `box_ptr[n]:box_ptr[n + 1]`. `line_eat[i, t]` is how many portions
    of line `i` are eaten `t` days after delivery; zero for flowers. Integer arrays of any width are taken and
    stored as i8, i4, i1, i4, u1; a value that does not fit is refused.
    """

    box_ptr: NDArray[np.int64]
    line_lot: NDArray[np.int32]
    line_mode: NDArray[np.int8]
    line_units: NDArray[np.int32]
    line_eat: NDArray[np.uint8]

    def __post_init__(self) -> None:
        for name, (dtype, ndim) in _LAYOUT.items():
            array = np.asarray(getattr(self, name))
            if array.ndim != ndim or array.dtype.kind not in "iu":
                raise _malformed(name)
            bounds = np.iinfo(dtype)
            if array.size and (array.min() < bounds.min or array.max() > bounds.max):
                raise _malformed(name)
            object.__setattr__(self, name, array.astype(dtype))
        ptr, n_lines = self.box_ptr, len(self.line_lot)
        if len(ptr) < 1 or ptr[0] != 0 or ptr[-1] != n_lines or (np.diff(ptr) < 0).any():
            raise _malformed("box_ptr")
        for name in ("line_mode", "line_units", "line_eat"):
            if len(getattr(self, name)) != n_lines:
                raise _malformed(name)
        if self.line_eat.shape[1] != DAYS_MAX:
            raise _malformed("line_eat")

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


def empty_plan(n_boxes: int) -> Plan:
    """Return a plan of empty boxes."""
    nothing = np.zeros(0, dtype=np.int64)
    return Plan(
        np.zeros(n_boxes + 1, dtype=np.int64),
        nothing,
        nothing,
        nothing,
        np.zeros((0, DAYS_MAX), dtype=np.uint8),
    )


def _malformed(name: str) -> Invalid:
    return Invalid(
        name, message("The array {array} of the plan does not fit the other arrays.", array=name)
    )
