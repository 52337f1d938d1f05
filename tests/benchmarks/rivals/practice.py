"""Today's practice as rivals: no bound, one thread, as long as they take."""

from collections.abc import Callable
from functools import partial
from typing import Final

from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import Problem
from tests.benchmarks.rivals.bundle import fixed_bundles
from tests.benchmarks.rivals.greedy import first_come_first_served
from tests.benchmarks.rivals.outcome import Outcome, Stopwatch, judged

PRACTICES: Final[dict[str, Callable[[Problem], Plan]]] = {
    "bundle-dropped": partial(fixed_bundles, swap=False),
    "bundle-swapped": partial(fixed_bundles, swap=True),
    "greedy": first_come_first_served,
}


def practise(problem: Problem, name: str) -> Outcome:
    """Plan as box schemes do today: fixed bundles (never-lists dropped or swapped), or greedy in turn."""
    running = Stopwatch()
    plan = PRACTICES[name](problem)
    return judged(
        problem,
        solver=name,
        status="rule",
        plan=plan,
        value=None,
        bound=None,
        took=running.read(),
        build_seconds=0.0,
    )
