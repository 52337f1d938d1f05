"""Run one rival on one instance, and store what it found.

    python -m tests.benchmarks.rivals tests/data/plans/n50.npz --solver highs --time-limit 300

`--households N` keeps the first N households and as large a share of the stock. CP-SAT needs the extra `bench`.
"""

import argparse
import json
import sys
from pathlib import Path

from subscriptions.adapters.plan_file import read_problem, write_plan
from subscriptions.planning.problem import Problem
from tests.benchmarks.rivals.cpsat import solve_with_cpsat
from tests.benchmarks.rivals.greedy import first_come_first_served
from tests.benchmarks.rivals.highs import solve_with_highs
from tests.benchmarks.rivals.instance import cut
from tests.benchmarks.rivals.outcome import Outcome
from tests.benchmarks.rivals.practice import PRACTICES, practise
from tests.benchmarks.rivals.stored import RESULTS, row_of, store


def main(arguments: list[str] | None = None) -> int:
    """Solve, check, store and say; 2 when the solver is not installed."""
    asked = _parser().parse_args(arguments)
    problem = read_problem(asked.instance)
    if asked.households:
        problem = cut(problem, asked.households)
    try:
        outcome = _solved(problem, asked.solver, seconds=asked.time_limit, threads=asked.threads)
    except ModuleNotFoundError as missing:
        print(f'{missing}. CP-SAT comes with: pip install -e ".[bench]"', file=sys.stderr)  # noqa: T201
        return 2
    is_rule = asked.solver in PRACTICES
    row = row_of(
        problem,
        outcome,
        threads=asked.threads if asked.solver == "cpsat" else 1,  # milp has no say over HiGHS's
        time_limit=0 if is_rule else asked.time_limit,
        note=asked.note,
    )
    if asked.results:
        store(row, asked.results)
    if asked.output and outcome.plan is not None:
        write_plan(asked.output, outcome.plan)
    print(json.dumps(row) if asked.json else "  ".join(f"{k}={v}" for k, v in row.items() if v))  # noqa: T201
    return 0


def _solved(problem: Problem, solver: str, *, seconds: float, threads: int) -> Outcome:
    if solver == "highs":
        return solve_with_highs(problem, seconds=seconds)
    if solver == "cpsat":
        hint = first_come_first_served(problem)
        return solve_with_cpsat(problem, seconds=seconds, threads=threads, hint=hint)
    return practise(problem, solver)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.rivals", description=__doc__)
    parser.add_argument("instance", type=Path)
    parser.add_argument("--solver", choices=("highs", "cpsat", *PRACTICES), required=True)
    parser.add_argument("--households", type=int, metavar="N", help="keep the first N")
    parser.add_argument("--time-limit", type=float, default=300.0, metavar="SECONDS")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--note", default="", help="kept with the result")
    parser.add_argument("--results", type=Path, default=RESULTS, metavar="CSV")
    parser.add_argument("-o", "--output", type=Path, metavar="PLAN.npz")
    parser.add_argument("--json", action="store_true")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
