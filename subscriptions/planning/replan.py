"""Mends a plan after the week has changed: a lot failed, households skipped or changed their wishes.

Only boxes that must change are chosen anew: those of households that changed, those that hold what is no longer
there, and where a lot has fallen short, as many of its boxes as it takes. Confirmed boxes are the last to be touched.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ripeday.kit.errors import Invalid
from ripeday.kit.text import message
from subscriptions.planning.effort import HASTY, MENDING, pace_for
from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import Problem
from subscriptions.planning.solve import (
    Params,
    Progress,
    Result,
    Stop,
    finished,
    opened,
)

USUAL_PARAMS: Final = Params()

UNCHANGED: Final = 0
ASKED: Final = 1
"""The household skipped or changed what it wants."""
LOT_FAILED: Final = 2
"""A lot of the box is gone, or too little of it is left for all."""


@dataclass(frozen=True, slots=True, eq=False)
class Mended:
    """A mended plan, and why each box was chosen anew; `why` [N] is UNCHANGED, ASKED or LOT_FAILED."""

    result: Result
    why: NDArray[np.int8]


def mend(
    problem: Problem,
    before: Plan,
    *,
    changed: NDArray[np.bool_],
    prices: NDArray[np.float64] | None = None,
    seed: int = 1,
    params: Params = USUAL_PARAMS,
    stop: Stop | None = None,
    progress: Progress | None = None,
) -> Mended:
    """Choose anew the boxes that an earlier plan can no longer give.

    Parameters
    ----------
    problem
        The week as it is now; its households are those of `before`, in the same order. A household that skips wants
        nothing on any day.
    before
        The plan to mend.
    changed : shape (n_subscribers,)
        Households whose wishes changed; their boxes are chosen anew. No other box breaks a rule of its own.
    prices : shape (n_lots,)
        What lots were worth in the earlier run (`Result.prices`), as a start. [1/100 minor unit]

    Raises
    ------
    Invalid
        `before`, `changed` or `prices` do not belong to this problem.
    """
    _refuse_strangers(problem, before, changed, prices)
    why = reasons_to_change(problem, before, changed, seed)
    run, clock = opened(problem, params, seed=seed, stop=stop, progress=progress)
    run.keep(before, why == UNCHANGED)
    if prices is None:
        run.learn_prices(1000, 3, 16.0, MENDING)
    else:
        run.prices = prices.copy()
    clock.lap("prices")
    run.hand_out(pace_for(len(run.who)), MENDING, HASTY)
    clock.lap("boxes")
    run.improve((0.0,), MENDING)
    clock.lap("improve")
    return Mended(finished(run, params, clock), why)


def reasons_to_change(
    problem: Problem, before: Plan, changed: NDArray[np.bool_], seed: int
) -> NDArray[np.int8]:
    """Say for every box whether it must be chosen anew, and why; shape (N,).

    Of a lot that falls short boxes give up in random order, confirmed ones last, until the rest can be filled.
    """
    why = np.where(changed, ASKED, UNCHANGED).astype(np.int8)
    owner, lot = before.line_subscriber, before.line_lot.astype(np.int64)
    units = before.line_units.astype(np.int64)
    confirmed = problem.extras.keep
    rng = np.random.default_rng(seed)
    turn = rng.permutation(problem.n_subscribers)
    if confirmed is not None:
        turn = turn + problem.n_subscribers * (confirmed != 0)
    for short in np.flatnonzero(_missing(problem, why, owner, lot, units) > 0).tolist():
        missing = int(_missing(problem, why, owner, lot, units)[short])
        if missing <= 0:
            continue  # boxes that gave up another lot held this one too
        lines = np.flatnonzero((lot == short) & (why[owner] == UNCHANGED))
        lines = lines[np.argsort(turn[owner[lines]], kind="stable")]
        given = np.cumsum(units[lines])
        last = int(np.searchsorted(given, missing))
        why[owner[lines[: last + 1]]] = LOT_FAILED
    return why


def _missing(
    problem: Problem,
    why: NDArray[np.int8],
    owner: NDArray[np.int64],
    lot: NDArray[np.int64],
    units: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Units of each lot that the boxes still kept hold beyond its stock."""
    held = why[owner] == UNCHANGED
    used = np.bincount(lot[held], weights=units[held], minlength=problem.n_lots).astype(np.int64)
    return used - problem.lot_stock


def _refuse_strangers(
    problem: Problem,
    before: Plan,
    changed: NDArray[np.bool_],
    prices: NDArray[np.float64] | None,
) -> None:
    n = problem.n_subscribers
    if before.n_boxes != n or before.line_lot.max(initial=-1) >= problem.n_lots:
        raise Invalid("before", message("The plan to mend has boxes of other households or lots."))
    if changed.shape != (n,) or changed.dtype != np.bool_:
        raise Invalid(
            "changed", message("The array {array} does not belong to this week.", array="changed")
        )
    if prices is not None and prices.shape != (problem.n_lots,):
        raise Invalid(
            "prices", message("The array {array} does not belong to this week.", array="prices")
        )
