"""Plans a week: `solve(problem, ...) -> Result`. Pure, silent, and the same for a seed and number of threads."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from ripeday.kit.errors import Invalid
from ripeday.kit.text import message
from subscriptions.planning.balanced import hand_out_balanced, improve_balanced
from subscriptions.planning.checker import check
from subscriptions.planning.checker_verdict import Verdict
from subscriptions.planning.effort import HASTY, QUICK, THOROUGH, USUAL, pace_for
from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import Problem
from subscriptions.planning.run import Run, never, silent
from subscriptions.planning.together import plan_together

Progress = Callable[[str, int, int], None]
"""Told the phase, how many boxes of it are done, and of how many."""

THREADS_MAX: Final = 64
LARGE: Final = 300_000
"""Households from which on less time is spent on each."""
MIDDLING: Final = 10_000
"""Households up to which prices balance all boxes seen, where not all boxes are chosen together."""
SMALL: Final = 50_000
"""Households times lots up to which all boxes are chosen together."""


class Stop(Protocol):
    """Says when enough time has gone into a plan."""

    def __call__(self) -> bool:
        """Tell whether to stop at the next good moment."""


@dataclass(frozen=True, slots=True)
class Params:
    """How hard to look.

    `threads` share the work; `fast` is for previews; `bound` also certifies how far from the best the plan can be.
    `exact` looks for the best plan of all and its proof: the bound is then the objective. That is meant for up to some
    fifty households; where the proof is too long, the bound is left below the objective.

    Raises
    ------
    Invalid
        There is no thread, or there are absurdly many.
    """

    threads: int = 2
    fast: bool = False
    bound: bool = False
    exact: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.threads <= THREADS_MAX:
            raise Invalid(
                "threads",
                message(
                    "There are {threads} threads; it should be between 1 and {most}.",
                    threads=self.threads,
                    most=THREADS_MAX,
                ),
            )


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """A plan, what the independent checker says of it, and how long each phase took.

    `bound` is certified: no plan of the problem has a lower objective [1/100 minor unit]; None when not asked for.
    `prices` say what one more unit of each lot would be worth, shape (L,). [1/100 minor unit]
    """

    plan: Plan
    verdict: Verdict
    bound: float | None
    prices: NDArray[np.float64]
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def gap(self) -> float | None:
        """(objective - bound) / cost of the goods; None without a bound or without goods."""
        goods = 100 * self.verdict.goods_minor
        if self.bound is None or not goods:
            return None
        return (self.verdict.objective - self.bound) / goods


def solve(
    problem: Problem,
    *,
    stop: Stop | None = None,
    seed: int = 1,
    params: Params = Params(),
    progress: Progress | None = None,
    stock: NDArray[np.integer] | None = None,
) -> Result:
    """Choose boxes and eating days that cost least by the objective of the format.

    Parameters
    ----------
    problem
        The week.
    stop
        Asked now and then; once it says so, what is left is done in haste. Without it the run ends by its own rule.
    seed
        Decides the order in which households are served.
    params
        How hard to look.
    progress
        Told how far each phase is.
    stock : shape (n_lots,)
        Units left where other boxes already hold some; `problem.lot_stock` when absent.

    Raises
    ------
    Invalid
        `stock` does not belong to this problem.
    """
    run, clock = opened(problem, params, seed=seed, stop=stop, progress=progress, stock=stock)
    _plan(run, params, clock)
    return finished(run, params, clock)


def opened(
    problem: Problem,
    params: Params,
    *,
    seed: int,
    stop: Stop | None = None,
    progress: Progress | None = None,
    stock: NDArray[np.integer] | None = None,
) -> tuple[Run, "Clock"]:
    """Begin a run and its clock; see `solve`."""
    clock = Clock()
    threads = min(params.threads, max(problem.n_subscribers // 50, 1))
    run = Run(problem, _stock(problem, stock), threads, seed, progress or silent, stop or never)
    clock.lap("read")
    return run, clock


def finished(run: Run, params: Params, clock: "Clock") -> Result:
    """Certify if asked to, write the plan and have it checked."""
    bound = run.bound(THOROUGH) if params.bound or params.exact else None
    clock.lap("bound")
    plan = run.plan()
    clock.lap("write")
    verdict = check(run.problem, plan)
    clock.lap("check")
    return Result(plan, verdict, bound, run.prices, clock.seconds)


def _plan(run: Run, params: Params, clock: "Clock") -> None:
    """Learn prices, hand out, improve; larger weeks need less of each per household."""
    n = run.problem.n_subscribers
    hurried = params.fast or n >= LARGE
    effort = QUICK if hurried else USUAL
    small = n > 1 and n * run.problem.n_lots <= SMALL
    together = n > 0 and (params.exact or (small and not params.fast))
    if 1 < n <= MIDDLING and not hurried and not together:
        improve_balanced(run, hand_out_balanced(run))
        clock.lap("boxes")
        return
    if n > 1 and hurried:
        run.learn_prices(1000, 5, 16.0, QUICK)
    elif n > 1:
        run.learn_prices(2000, 14, 16.0, QUICK, each=2)
    clock.lap("prices")
    run.hand_out(pace_for(n), effort, HASTY)
    clock.lap("boxes")
    if together and not run.stopped():
        plan_together(run, certify=params.bound, exact=params.exact)
    elif n > 1:
        run.improve((0.0,) if hurried else _sweeps(n), effort)
    clock.lap("improve")


def _sweeps(households: int) -> tuple[float, ...]:
    """Shares of the prices at which boxes are refilled, sweep by sweep; the last takes what nobody wanted."""
    if households >= 20_000:
        return (1.0, 0.8, 0.0)
    return (1.0,) * 4 + (0.9, 0.8, 0.6, 0.4, 0.0)


def _stock(problem: Problem, stock: NDArray[np.integer] | None) -> NDArray[np.int64]:
    if stock is None:
        return problem.lot_stock.astype(np.int64)
    if stock.shape != (problem.n_lots,) or (stock < 0).any():
        raise Invalid("stock", message("The stock does not belong to these lots."))
    return stock.astype(np.int64)


class Clock:
    """Times phases one after another. [s]"""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = time.perf_counter()

    def lap(self, phase: str) -> None:
        """End a phase."""
        now = time.perf_counter()
        self.seconds[phase] = now - self._since
        self._since = now
