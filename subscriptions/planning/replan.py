"""Mends a plan after the week has changed: a lot failed, households skipped or changed their wishes.

Only boxes that must change are chosen anew: those of households that changed, those that hold what is no longer
there, and where a lot has fallen short, as many of its boxes as it takes. Confirmed boxes are the last to be touched.
All other boxes stay as they are, to the day each portion is eaten.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ripeday.kit.errors import Invalid
from ripeday.kit.text import message
from subscriptions.planning.checker import check
from subscriptions.planning.checker_confirmed import changed_boxes
from subscriptions.planning.effort import FAST, HASTY, MENDING, QUICK, THOROUGH, USUAL, pace_for
from subscriptions.planning.others import who_else
from subscriptions.planning.part import boxes_of, part_of, with_boxes
from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import Problem
from subscriptions.planning.run import Run
from subscriptions.planning.solve import (
    Clock,
    Params,
    Progress,
    Result,
    Stop,
    opened,
)
from subscriptions.planning.together import plan_together

USUAL_PARAMS: Final = Params()
SAMPLE: Final = 800
"""Households on which prices are learned."""
LARGE_SAMPLE: Final = 2_000
"""The same where prices also decide which other boxes change."""
VERY_FEW: Final = 150
"""Boxes up to which all that change are chosen together."""
FEW: Final = 2_000
"""Boxes up to which there is time to look harder at each."""
SWEEPS: Final = (1.0, 0.8, 0.0)
"""Shares of the prices at which boxes are refilled, where there is time."""
ONE_SWEEP: Final = (0.6,)
"""The same where there is time for one only: boxes take what is left, and leave what others need more."""

UNCHANGED: Final = 0
ASKED: Final = 1
"""The household skipped or changed what it wants."""
LOT_FAILED: Final = 2
"""A lot of the box is gone, or too little of it is left for all."""
MADE_ROOM: Final = 3
"""The box need not change, but others need more what it held."""


@dataclass(frozen=True, slots=True, eq=False)
class Mended:
    """A mended plan, and why each box was chosen anew; `why` [N] is UNCHANGED, ASKED, LOT_FAILED or MADE_ROOM."""

    result: Result
    why: NDArray[np.int8]


def mend(
    problem: Problem,
    before: Plan,
    *,
    changed: NDArray[np.bool_],
    prices: NDArray[np.float64] | None = None,
    others: int = 0,
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
    others
        So many boxes more, none confirmed, may change where that saves most for those that must.

    Raises
    ------
    Invalid
        `before`, `changed` or `prices` do not belong to this problem, or `others` is below 0 or above all.
    """
    _refuse_strangers(problem, before, changed, prices)
    _refuse_too_many(others, problem.n_subscribers)
    why = reasons_to_change(problem, before, changed, seed)
    mending = _Mending(problem, before, why, seed, params, stop, progress)
    run, clock = mending.opened(prices)
    _learn(run, is_known=prices is not None, others=bool(others))
    clock.lap("prices")
    if others and why.any():
        old = np.zeros_like(run.prices) if prices is None else prices
        why[mending.who_else(old, run.prices, others)] = MADE_ROOM
        run, _ = mending.opened(run.prices)
        run.learn_prices(LARGE_SAMPLE // 2, 4, 16.0, QUICK)
        clock.lap("others")
    _fill(run, params, sweeps=bool(others), clock=clock)
    return mending.finished(run, clock)


def _learn(run: Run, *, is_known: bool, others: bool) -> None:
    """Learn prices on the boxes that change; where many do and earlier prices are known, those need one round."""
    if others:
        run.learn_prices(LARGE_SAMPLE, 4, 16.0, QUICK)
    elif is_known and len(run.who) > FEW:
        run.learn_prices(SAMPLE, 1, 8.0, QUICK)
    else:
        run.learn_prices(SAMPLE, 3, 16.0, QUICK)


def _fill(run: Run, params: Params, *, sweeps: bool, clock: Clock) -> None:
    """Choose the boxes, the harder the fewer they are; with `sweeps` in any case in more than one."""
    n = len(run.who)
    few = n <= FEW and not params.fast
    effort = USUAL if few else FAST if sweeps else MENDING
    run.hand_out(pace_for(n), effort, HASTY)
    clock.lap("boxes")
    if few and 1 < n <= VERY_FEW and not run.stopped():
        plan_together(run)
    else:
        run.improve(SWEEPS if few or sweeps else ONE_SWEEP, effort)
    clock.lap("improve")


@dataclass(frozen=True, slots=True, eq=False)
class _Mending:
    """A plan that is being mended; `why` [N] says of each box whether it is chosen anew."""

    problem: Problem
    before: Plan
    why: NDArray[np.int8]
    seed: int
    params: Params
    stop: Stop | None
    progress: Progress | None

    @property
    def who(self) -> NDArray[np.int64]:
        """Households whose boxes are chosen anew."""
        return np.flatnonzero(self.why)

    def opened(self, prices: NDArray[np.float64] | None) -> tuple[Run, Clock]:
        """Begin a run of the boxes that are chosen anew, with what the others leave."""
        before, lots = self.before, self.problem.n_lots
        kept = np.repeat(self.why == UNCHANGED, np.diff(before.box_ptr))
        held = np.bincount(before.line_lot[kept], before.line_units[kept], minlength=lots)
        run, clock = opened(
            part_of(self.problem, self.who),
            self.params,
            seed=self.seed,
            stop=self.stop,
            progress=self.progress,
            stock=self.problem.lot_stock - held.astype(np.int64),
        )
        if prices is not None:
            run.prices = prices.copy()
        return run, clock

    def who_else(
        self, prices: NDArray[np.float64], now: NDArray[np.float64], most: int
    ) -> NDArray[np.int64]:
        """Find the other boxes that may change."""
        free = self.why == UNCHANGED
        if self.problem.extras.keep is not None:
            free &= self.problem.extras.keep == 0
        return who_else(
            self.problem,
            self.before,
            free,
            prices=prices,
            prices_now=now,
            most=most,
            threads=self.params.threads,
        )

    def finished(self, run: Run, clock: Clock) -> Mended:
        """Put the new boxes among the others, and have the whole plan checked."""
        problem, who = self.problem, self.who
        boxes = run.plan()
        differs = changed_boxes(boxes, boxes_of(problem, self.before, who), np.arange(len(who)))
        self.why[who[(self.why[who] == MADE_ROOM) & ~differs]] = UNCHANGED
        anew = np.flatnonzero(self.why[who])
        plan = with_boxes(problem, self.before, who[anew], boxes_of(run.problem, boxes, anew))
        clock.lap("write")
        verdict = check(problem, plan)
        clock.lap("check")
        if not verdict.is_feasible:  # lots are good on other days than they were
            plan = self._whole(plan).plan()
            verdict = check(problem, plan)
            clock.lap("eat again")
        bound = self._bound(plan, run.prices) if self.params.bound or self.params.exact else None
        clock.lap("bound")
        return Mended(Result(plan, verdict, bound, run.prices, clock.seconds), self.why)

    def _bound(self, plan: Plan, prices: NDArray[np.float64]) -> float:
        """Certify what no plan of the whole week is below."""
        run = self._whole(plan)
        run.prices = prices
        return run.bound(THOROUGH)

    def _whole(self, plan: Plan) -> Run:
        """Return a run of all households that holds a plan's boxes."""
        run, _ = opened(self.problem, self.params, seed=self.seed)
        run.keep(plan, np.ones(plan.n_boxes, dtype=np.bool_))
        return run


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


def _refuse_too_many(others: int, most: int) -> None:
    if not 0 <= others <= most:
        raise Invalid(
            "others",
            message(
                "{name} is {value}; it should be between {low} and {high}.",
                name="others",
                value=others,
                low=0,
                high=most,
            ),
        )
