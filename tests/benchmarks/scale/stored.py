"""The tables of stored runs and of the best bounds; a run made again replaces its row."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
RESULTS: Final = HERE / "results.csv"
BOUNDS: Final = HERE / "bounds.csv"
MENDING: Final = HERE / "mending.csv"
RIVALS: Final = HERE.parent / "rivals" / "results.csv"

COLUMNS: Final = (
    "instance", "digest", "households", "lots", "tight", "seed", "mode", "threads", "engine", "seconds", "cpu_s",
    "memory_mib", "objective", "bound", "goods_cents", "covered_days", "days", "waste_portions", "shipped_portions",
    "greedy_s", "greedy_cpu_s", "greedy_objective", "phases", "load", "rerun",
)  # fmt: skip
KEY: Final = ("digest", "mode", "threads")
BOUND_COLUMNS: Final = ("digest", "instance", "bound", "found_by")
Row = dict[str, str]


def read_rows(path: Path) -> list[Row]:
    """Read a table; empty when there is none."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def store(path: Path, row: Row, *, columns: Sequence[str], key: Sequence[str]) -> None:
    """Put a row in place of the one with the same key, or at the end; the file is whole at any moment."""
    rows = read_rows(path)
    same = [i for i, old in enumerate(rows) if all(old[name] == row[name] for name in key)]
    if same:
        rows[same[0]] = row
    else:
        rows.append(row)
    unfinished = path.with_suffix(".part")
    with unfinished.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    unfinished.replace(path)


def note_bound(digest: str, instance: str, bound: float, found_by: str) -> None:
    """Keep a certified bound if it is the best so far. [1/100 cent]"""
    if bound > best_bounds().get(digest, float("-inf")):
        row = {
            "digest": digest,
            "instance": instance,
            "bound": f"{bound:.0f}",
            "found_by": found_by,
        }
        store(BOUNDS, row, columns=BOUND_COLUMNS, key=("digest",))


def best_bounds() -> dict[str, float]:
    """Return the best certified bound known of each instance, by digest. [1/100 cent]"""
    return {row["digest"]: float(row["bound"]) for row in read_rows(BOUNDS)}


def read_known_bounds(folder: Path, digests: dict[str, str]) -> None:
    """Take over the bounds that lie beside stored instances, and what the rivals have proved of them.

    `digests` are those of the folder's files, by name.
    """
    known = folder / "bounds.json"
    told = json.loads(known.read_text(encoding="utf-8")) if known.exists() else {}
    for file, digest in digests.items():
        if file in told:
            note_bound(digest, Path(file).stem, told[file]["lower_bound"], "given with it")
    names = {digest: Path(file).stem for file, digest in digests.items()}
    for row in read_rows(RIVALS):
        if row["digest"] in names and row["bound"]:
            note_bound(row["digest"], names[row["digest"]], float(row["bound"]), row["solver"])
