"""What a rival found, judged by the independent checker."""

import math
from dataclasses import dataclass

from subscriptions.planning.checker import Verdict, check
from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import Problem


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """A rival's plan and what it proved. [1/100 minor]

    `value` is what the solver itself says the plan is worth; the checker's `objective` is never above it,
    and equals it once the solver has settled when each portion is eaten. `bound` is the solver's.
    """

    solver: str
    status: str
    plan: Plan | None
    verdict: Verdict | None
    value: float | None
    bound: int | None
    seconds: float
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
    seconds: float,
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
    return Outcome(solver, status, plan, verdict, value, rounded, seconds, build_seconds)
