"""One run in a process of its own: `python -m tests.benchmarks.scale.one WEEK.npz MODE THREADS` prints one JSON row."""

import json
import os
import resource
import sys
from pathlib import Path

from subscriptions.adapters.plan_file import read_problem
from subscriptions.planning.checker import check
from subscriptions.planning.engine.compiled import KEPT_IN
from subscriptions.planning.solve import Params, solve
from subscriptions.planning.warm import warm_up
from tests.benchmarks.rivals.instance import cut, digest
from tests.benchmarks.rivals.outcome import Stopwatch
from tests.benchmarks.scale.greedy import greedy
from tests.benchmarks.scale.stored import Row


def run(path: Path, mode: str, threads: int) -> Row:
    """Plan the week, and set the time it takes against that of the greedy pass over the same boxes.

    Raises
    ------
    AssertionError
        A plan breaks a rule.
    """
    load = os.getloadavg()[0]
    problem = read_problem(path)
    warm_up()
    greedy(cut(problem, 1))
    params = Params(threads=threads, fast=mode == "fast", bound=mode == "certify")
    watch = Stopwatch()
    found = solve(problem, params=params)
    took = watch.read()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    watch = Stopwatch()
    plain = greedy(problem)
    plain_took = watch.read()
    verdict, plain_verdict = found.verdict, check(problem, plain)
    assert verdict.is_feasible, verdict.breaches[:3]
    assert plain_verdict.is_feasible, plain_verdict.breaches[:3]
    values = {
        "digest": digest(problem),
        "households": problem.n_subscribers,
        "lots": problem.n_lots,
        "mode": mode,
        "threads": threads,
        "engine": KEPT_IN.name,
        "seconds": f"{took.seconds:.2f}",
        "cpu_s": f"{took.cpu_seconds:.2f}",
        "memory_mib": f"{memory:.0f}",
        "objective": verdict.objective,
        "bound": "" if found.bound is None else f"{found.bound:.0f}",
        "goods_cents": verdict.goods_minor,
        "covered_days": verdict.covered_days,
        "days": verdict.days,
        "waste_portions": verdict.waste_portions,
        "shipped_portions": verdict.shipped_portions,
        "greedy_s": f"{plain_took.seconds:.3f}",
        "greedy_cpu_s": f"{plain_took.cpu_seconds:.3f}",
        "greedy_objective": plain_verdict.objective,
        "phases": " ".join(f"{name}={each:.2f}" for name, each in found.seconds.items()),
        "load": f"{load:.1f}",
    }
    return {name: str(value) for name, value in values.items()}


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))))  # noqa: T201
