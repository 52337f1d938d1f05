"""The table of stored results: one row per instance, solver and setting; a rerun replaces its row."""

import csv
from pathlib import Path

from subscriptions.planning.problem import Problem
from tests.benchmarks.rivals.instance import digest
from tests.benchmarks.rivals.outcome import Outcome

RESULTS = Path(__file__).parent / "results.csv"
COLUMNS = (
    "instance", "digest", "households", "solver", "threads", "time_limit_s", "build_s", "seconds", "cpu_s",
    "objective", "bound", "status", "goods_cents", "covered_days", "days", "waste_portions", "note",
)  # fmt: skip
_KEY = ("digest", "solver", "threads", "time_limit_s")
Row = dict[str, str]


def row_of(
    problem: Problem, outcome: Outcome, *, threads: int, time_limit: float, note: str = ""
) -> Row:
    """Say a result in words of the table; objective and bound in 1/100 cent, empty where there is none."""
    verdict = outcome.verdict
    values = {
        "instance": problem.name,
        "digest": digest(problem),
        "households": problem.n_subscribers,
        "solver": outcome.solver,
        "threads": threads,
        "time_limit_s": f"{time_limit:g}",
        "build_s": f"{outcome.build_seconds:.2f}",
        "seconds": f"{outcome.took.seconds:.2f}",
        "cpu_s": f"{outcome.took.cpu_seconds:.2f}",
        "objective": outcome.objective,
        "bound": outcome.bound,
        "status": outcome.status,
        "goods_cents": verdict.goods_minor if verdict else None,
        "covered_days": verdict.covered_days if verdict else None,
        "days": verdict.days if verdict else None,
        "waste_portions": verdict.waste_portions if verdict else None,
        "note": note,
    }
    return {name: "" if value is None else str(value) for name, value in values.items()}


def read_rows(path: Path = RESULTS) -> list[Row]:
    """Read the table; empty when there is none."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def store(row: Row, path: Path = RESULTS) -> None:
    """Put a row in place of the one with the same instance, solver, threads and limit, or at the end."""
    rows = read_rows(path)
    same = [i for i, old in enumerate(rows) if all(old[name] == row[name] for name in _KEY)]
    if same:
        rows[same[0]] = row
    else:
        rows.append(row)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
