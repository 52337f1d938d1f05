"""The sample farm's own data files: prices, growers, streets and names. All of it is invented."""

import csv
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of one of the sample's data files."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def rows_of(name: str, merchant: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a file that belong to one merchant."""
    return tuple(row for row in rows(name) if row["merchant"] == merchant)
