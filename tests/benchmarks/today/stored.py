"""The table of stored results: one row per week and method; a rerun replaces its row."""

import csv
from collections.abc import Iterable
from pathlib import Path

from tests.benchmarks.today.trial import Row

RESULTS = Path(__file__).parent / "results.csv"
KEY = ("first_on", "tight", "seed", "households", "method")


def read_rows(path: Path = RESULTS) -> list[Row]:
    """Read the table; empty when there is none."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def store(new: Iterable[Row], path: Path = RESULTS) -> None:
    """Put rows in place of those of the same week and method, and keep all in order."""
    rows = {key_of(row): row for row in read_rows(path)}
    rows |= {key_of(row): row for row in new}
    kept = [rows[key] for key in sorted(rows)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(kept[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)


def key_of(row: Row) -> tuple[str, ...]:
    """Name the week and the method of a row."""
    return tuple(row[name] for name in KEY)
