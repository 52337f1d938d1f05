"""The checker's eye on boxes that a household has confirmed: nobody may change what is in them."""

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.plan import Plan


def changed_boxes(plan: Plan, before: Plan, keep: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Mark the kept boxes whose lots, modes or units are not those of `before`; the order is all the same."""
    now, then = _contents(plan, keep), _contents(before, keep)
    sizes = [np.bincount(rows[0], minlength=len(keep)) for rows in (now, then)]
    changed: NDArray[np.bool_] = sizes[0] != sizes[1]
    same_size = [rows[:, ~changed[rows[0]]] for rows in (now, then)]
    differs = (same_size[0] != same_size[1]).any(axis=0)
    changed[same_size[0][0, differs]] = True
    return changed


def _contents(plan: Plan, keep: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Rows box, lot, mode, units of the kept boxes' lines, sorted; boxes that a plan lacks are empty."""
    n = min(len(keep), plan.n_boxes)
    kept = np.flatnonzero(keep[:n])
    sizes = np.diff(plan.box_ptr)[kept]
    box = np.repeat(kept, sizes)
    within = np.arange(len(box)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    line = plan.box_ptr[box] + within
    rows = np.stack([box, plan.line_lot[line], plan.line_mode[line], plan.line_units[line]])
    return rows[:, np.lexsort(rows[::-1])]
