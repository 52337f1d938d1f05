"""The checker's ledger: the lines of some consecutive boxes in order, and sums that cannot overflow."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import DAYS_MAX, FRUIT, Problem

Ints = NDArray[Any]
"""Whole numbers: int32 or int64 where a bound proves that they fit, else Python's own."""
Marks = NDArray[np.bool_]

DAYS: Final = np.arange(DAYS_MAX, dtype=np.int8)[:, None]


def largest(values: Ints) -> int:
    """Return the largest absolute value; 0 of none."""
    return max(abs(int(values.min())), abs(int(values.max()))) if values.size else 0


def wide_enough(bound: int) -> Any:
    """Return a dtype that holds every whole number up to `bound` in absolute value."""
    return np.int32 if bound < 2**31 else np.int64 if bound < 2**63 else np.object_


def times(first: Ints, *others: Ints) -> Ints:
    """Multiply element by element, exactly."""
    bound = largest(first)
    for each in others:
        bound *= largest(each)
    product = first.astype(wide_enough(bound))
    for each in others:
        product = product * each.astype(product.dtype)
    return product


def plus(first: Ints, second: Ints) -> Ints:
    """Add element by element, exactly."""
    dtype = wide_enough(largest(first) + largest(second))
    return first.astype(dtype) + second.astype(dtype)  # type: ignore[no-any-return]


def total(values: Ints) -> int:
    """Add up everything, exactly."""
    return int(values.sum(dtype=wide_enough(largest(values) * values.size))) if values.size else 0


def sums(values: Ints, starts: Ints) -> Ints:
    """Add up runs along the last axis, exactly; run g is `starts[g]:starts[g + 1]`."""
    n = values.shape[-1]
    dtype = wide_enough(largest(values) * n)
    running = np.zeros((*values.shape[:-1], n + 1), dtype=dtype)
    np.cumsum(values.astype(dtype, copy=False), axis=-1, out=running[..., 1:])
    at_starts = running.take(starts, axis=-1)
    difference: Ints = at_starts[..., 1:] - at_starts[..., :-1]
    return difference


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """The lines of boxes `first` to `last - 1` that name a real lot and mode, by box, product, lot and mode.

    `box` is counted from `first`. `eat` has shape (14, lines). The lines of a box lie between its
    `box_starts`; those of one product in a box between `product_starts`. `shipped` counts portions or stems;
    `risk` is what each of them costs because it may be lost, 0 of flowers.
    """

    first: int
    last: int
    box: Ints
    lot: Ints
    units: Ints
    eat: NDArray[np.uint8]
    reserve: NDArray[np.uint8]
    prod: Ints
    is_fruit: Marks
    opens: NDArray[np.int8]
    closes: NDArray[np.int8]
    risk: Ints
    shipped: Ints
    repeats: Marks
    box_starts: Ints
    product_starts: Ints

    @property
    def who(self) -> Ints:
        """Name the subscriber of each line."""
        return self.box + self.first


def lines_of(problem: Problem, plan: Plan, here: slice, kept: Ints, box: Ints) -> Lines:
    """Look up and sort the lines `kept` of the boxes `here`; `box` says whose each is, counted from the first."""
    kept, box, key = _sorted(problem, plan, kept, box)
    lot, mode = plan.line_lot[kept].astype(np.intp), plan.line_mode[kept]
    prod = problem.lot_prod[lot].astype(np.intp)
    units = plan.line_units[kept]
    _, n_days, n_homes, n_modes = problem.win_a.shape
    window = (lot * n_days + problem.weekday[here][box]) * n_homes + problem.home[here][box]
    window = window * n_modes + mode
    repeats = np.zeros(len(kept), dtype=np.bool_)
    repeats[1:] = key[1:] == key[:-1]
    is_fruit, nothing = problem.prod_kind[prod] == FRUIT, np.zeros(len(kept), dtype=np.int32)
    win_risk = problem.extras.win_risk
    return Lines(
        first=here.start,
        last=here.stop,
        box=box,
        lot=lot,
        units=units,
        eat=np.ascontiguousarray(plan.line_eat[kept].T),
        reserve=plan.line_reserve[kept],
        prod=prod,
        is_fruit=is_fruit,
        opens=problem.win_a.ravel()[window],
        closes=problem.win_b.ravel()[window],
        risk=nothing if win_risk is None else win_risk.ravel()[window] * is_fruit,
        shipped=times(problem.lot_portions[lot], units),
        repeats=repeats,
        box_starts=np.searchsorted(box, np.arange(here.stop - here.start + 1)),
        product_starts=starts_of(box, prod),
    )


def starts_of(*columns: Ints) -> Ints:
    """Find where any of the sorted columns takes a new value; the last entry is their length."""
    n = len(columns[0])
    new = np.zeros(n + 1, dtype=np.bool_)
    new[0] = new[n] = True
    for column in columns:
        new[1:n] |= column[1:] != column[:-1]
    return np.flatnonzero(new)


def _sorted(problem: Problem, plan: Plan, kept: Ints, box: Ints) -> tuple[Ints, Ints, Ints]:
    """Order lines by box, product, lot and mode; also return the key that says so.

    A key is below boxes * lots * modes: lots are at most 2**31 and modes at most 2**7 as lines can name them,
    so int64 has room for runs of 2**25 boxes.
    """
    rank = np.empty(problem.n_lots, dtype=np.int64)
    rank[np.argsort(problem.lot_prod, kind="stable")] = np.arange(problem.n_lots)
    n_modes = problem.win_a.shape[3]
    key = (box * problem.n_lots + rank[plan.line_lot[kept]]) * n_modes + plan.line_mode[kept]
    if (key[1:] >= key[:-1]).all():
        return kept, box, key
    order = np.argsort(key, kind="stable")
    return kept[order], box[order], key[order]
