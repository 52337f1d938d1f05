"""The checker's eye on boxes that a household has confirmed: nobody may change what is in them."""

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.plan import Plan

Ints = NDArray[np.int64]


def changed_boxes(plan: Plan, before: Plan, kept: Ints) -> NDArray[np.bool_]:
    """Mark which of the boxes `kept` do not hold the lots, modes and units of `before`, in any order."""
    starts, sizes = _lie(plan, kept)
    starts_before, sizes_before = _lie(before, kept)
    changed: NDArray[np.bool_] = sizes != sizes_before
    # Most boxes are the same line for line; only the others are worth sorting.
    same = np.flatnonzero(~changed)
    box, now = _contents(plan, starts[same], sizes[same])
    _, then = _contents(before, starts_before[same], sizes[same])
    doubtful = np.zeros(len(same), dtype=np.bool_)
    doubtful[box[(now != then).any(axis=0)]] = True
    rows = doubtful[box]
    box, now, then = box[rows], now[:, rows], then[:, rows]
    now, then = now[:, np.lexsort((*now, box))], then[:, np.lexsort((*then, box))]
    changed[same[box[(now != then).any(axis=0)]]] = True
    return changed


def _lie(plan: Plan, boxes: Ints) -> tuple[Ints, Ints]:
    """Where the lines of boxes start, and how many there are; none of a box that the plan lacks."""
    ptr = plan.box_ptr
    starts = ptr[np.minimum(boxes, plan.n_boxes)]
    return starts, ptr[np.minimum(boxes + 1, plan.n_boxes)] - starts


def _contents(plan: Plan, starts: Ints, sizes: Ints) -> tuple[Ints, NDArray[np.int32]]:
    """Number of the box of each line, and rows lot, mode, units of the lines."""
    box = np.repeat(np.arange(len(sizes)), sizes)
    line = np.arange(len(box)) + np.repeat(starts - (np.cumsum(sizes) - sizes), sizes)
    rows = [plan.line_lot[line], plan.line_mode[line].astype(np.int32), plan.line_units[line]]
    return box, np.stack(rows)
