"""Hold the planner against today's practice, in what is planned and in what is then lived through.

    python -m tests.benchmarks.today                # all weeks that are not stored yet (about 20 s each)
    python -m tests.benchmarks.today --on 2026-10-05 --seed 3 --tight 1.15 --again
    python -m tests.benchmarks.today --no-weeks     # the table and the picture again, from what is stored

Stores every week in results.csv, then writes the table and the picture of docs/practice.md.
"""

import argparse
import datetime as dt
from itertools import product
from pathlib import Path

from tests.benchmarks.today.stored import RESULTS, read_rows, store
from tests.benchmarks.today.told import PAGE, PICTURE, draw, told_in
from tests.benchmarks.today.trial import METHODS, Trial

SEASONS = (dt.date(2026, 1, 12), dt.date(2026, 6, 8), dt.date(2026, 10, 5))
SEEDS = (1, 2, 3, 4, 5)
TIGHTS = (1.15, 2.0)
"""Stock of the usual week of `ripeday instance`, and of the sample farm's."""
HOUSEHOLDS = 500


def main(arguments: list[str] | None = None) -> int:
    """Plan, live through, store and say."""
    asked = _parser().parse_args(arguments)
    weeks = () if asked.no_weeks else product(asked.tight, asked.on, asked.seed)
    for tight, first_on, seed in weeks:
        trial = Trial(first_on, seed, tight, asked.households)
        stored = {row["method"]: row for row in read_rows(asked.results) if trial.is_of(row)}
        methods = [each for each in asked.method if asked.again or each not in stored]
        if methods:
            known = None if asked.again else next(iter(stored.values()), None)
            store(trial.rows(methods, known), asked.results)
            print(f"{first_on} seed {seed} tight {tight:g} stored", flush=True)  # noqa: T201
    rows = read_rows(asked.results)
    asked.page.write_text(told_in(asked.page.read_text(encoding="utf-8"), rows), encoding="utf-8")
    draw(rows, asked.picture)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.today",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--on", type=dt.date.fromisoformat, nargs="+", default=SEASONS)
    parser.add_argument("--seed", type=int, nargs="+", default=SEEDS)
    parser.add_argument("--tight", type=float, nargs="+", default=TIGHTS)
    parser.add_argument("--method", nargs="+", default=METHODS, choices=METHODS)
    parser.add_argument("--households", type=int, default=HOUSEHOLDS)
    parser.add_argument("--again", action="store_true", help="also weeks that are stored")
    parser.add_argument("--no-weeks", action="store_true", help="only the table and the picture")
    parser.add_argument("--results", type=Path, default=RESULTS, metavar="CSV")
    parser.add_argument("--page", type=Path, default=PAGE, metavar="MD")
    parser.add_argument("--picture", type=Path, default=PICTURE, metavar="SVG")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
