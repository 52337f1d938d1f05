"""What a rival found, judged by the independent checker."""

import math
import time
from dataclasses import dataclass

from subscriptions.planning.checker import Verdict, check
from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import Problem


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds by the clock, and of processors (all threads together)."""

    seconds: float
    cpu_seconds: float


class Stopwatch:
    """Runs from when it is made."""

    def __init__(self) -> None:
        self._clock, self._cpu = time.perf_counter(), time.process_time()

    def read(self) -> Took:
        """Return what has passed."""
        return Took(time.perf_counter() - self._clock, time.process_time() - self._cpu)


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """A rival's plan and what it proved. [1/100 minor]

    `value` is what the solver itself says the plan is worth; the checker's `objective` is never above it,
    and equals it once the solver has settled when each portion is eaten. `bound` is the solver's. `took` is
    of the search alone; on a busy machine the processor's seconds say how much of the clock's it got.
    """

    solver: str
    status: str
    plan: Plan | None
    verdict: Verdict | None
    value: float | None
    bound: int | None
    took: Took
    build_seconds: float

    @property
    def objective(self) -> int | None:
        """Say what the checker says."""
        return self.verdict.objective if self.verdict else None


def judged(
    problem: Problem,
    *,
    solver: str,
    status: str,
    plan: Plan | None,
    value: float | None,
    bound: float | None,
    took: Took,
    build_seconds: float,
) -> Outcome:
    """Have the plan checked; a breach, or a worse plan than the solver promised, is our own mistake.

    Raises
    ------
    AssertionError
        The model does not say what the format says.
    """
    verdict = None
    if plan is not None:
        verdict = check(problem, plan)
        assert verdict.is_feasible, verdict.breaches[:3]
        if value is not None:
            promised = value + max(1.0, 1e-7 * abs(value))
            assert verdict.objective <= promised, (verdict.objective, value)
    rounded = None if bound is None or not math.isfinite(bound) else math.floor(bound + 0.01)
    return Outcome(solver, status, plan, verdict, value, rounded, took, build_seconds)
