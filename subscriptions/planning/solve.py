"""Plans a week: `solve(problem, ...) -> Result`. Pure, silent, and the same for a seed."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from subscriptions.planning.checker import Verdict, check
from subscriptions.planning.plan import Plan
from subscriptions.planning.planner import plan as choose
from subscriptions.planning.problem import Problem

Progress = Callable[[str, int, int], None]
"""Told the phase, how many boxes of it are done, and of how many."""


class Stop(Protocol):
    """Says when enough time has gone into a plan."""

    def __call__(self) -> bool:
        """Tell whether to stop at the next good moment."""


@dataclass(frozen=True, slots=True)
class Params:
    """How hard to look. `fast` is for previews; `bound` also certifies; `threads` share the work."""

    threads: int = 2
    fast: bool = False
    bound: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """A plan, what the independent checker says of it, and how long each phase took.

    `bound` is certified: no plan of the problem has a lower objective; None when not asked for.
    """

    plan: Plan
    verdict: Verdict
    bound: float | None
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def gap(self) -> float | None:
        """(objective - bound) / cost of the goods; None without a bound or without goods."""
        goods = 100 * self.verdict.goods_minor
        return (
            None
            if self.bound is None or not goods
            else (self.verdict.objective - self.bound) / goods
        )


def solve(
    problem: Problem,
    *,
    stop: Stop | None = None,
    seed: int = 1,
    params: Params = Params(),
    progress: Progress | None = None,
) -> Result:
    """Choose boxes and eating days that cost least by the objective of the format."""
    began = time.perf_counter()
    found = choose(problem, seed=seed)
    planned = time.perf_counter()
    verdict = check(problem, found)
    return Result(
        found, verdict, None, {"plan": planned - began, "check": time.perf_counter() - planned}
    )
