"""Makes the runs that are not stored yet, and writes the table; see the package's own words."""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from subscriptions.planning.engine.compiled import KEPT_IN
from tests.benchmarks.scale.case import FOLDER, MODES, Case, designed, digest_of, stored
from tests.benchmarks.scale.page import write_page
from tests.benchmarks.scale.stored import (
    COLUMNS,
    KEY,
    RESULTS,
    Row,
    note_bound,
    read_known_bounds,
    read_rows,
    store,
)


def main(arguments: list[str] | None = None) -> int:
    """Run what is asked for, one after another."""
    asked = _parser().parse_args(arguments)
    if asked.write:
        write_page()
        return 0
    done = {
        (row["instance"], row["mode"], row["threads"], row["engine"]) for row in read_rows(RESULTS)
    }
    if asked.plans is not None:
        files = {file.name: digest_of(file) for file in asked.plans.glob("*.npz")}
        read_known_bounds(asked.plans, files)
    failed = 0
    for case in _cases(asked):
        is_done = (case.name, case.mode, str(asked.threads), KEPT_IN.name) in done
        if asked.list:
            _say(f"{'stored ' if is_done else 'to run '} {case.name} {case.mode}")
        elif not is_done or asked.again:
            failed += not _make(case, asked.threads, asked.folder)
    return 1 if failed else 0


def _cases(asked: argparse.Namespace) -> list[Case]:
    large = asked.large or any(n >= 1_000_000 for n in asked.households or ())
    cases = list(designed(large=large) if asked.plans is None else stored(asked.plans))
    return [
        case
        for case in cases
        if (not asked.households or case.households in asked.households)
        and case.mode in asked.modes
        and (not asked.only or asked.only in case.name)
    ]


def _make(case: Case, threads: int, folder: Path) -> bool:
    """Make one run and store it; tell whether that went well."""
    path = case.path(folder)
    command = [
        sys.executable,
        "-m",
        "tests.benchmarks.scale.one",
        str(path),
        case.mode,
        str(threads),
    ]
    made = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    if made.returncode:
        _say(f"{case.name} {case.mode}: failed with {made.returncode}")
        return False
    row: Row = json.loads(made.stdout.splitlines()[-1])
    row |= {"instance": case.name, "tight": "", "seed": "", "rerun": ""}
    if case.file is None:
        row |= {"tight": f"{case.tight:g}", "seed": str(case.seed)}
        row["rerun"] = f"--only {case.name} --modes {case.mode} --again"
    else:
        row["rerun"] = f"--plans DIR --only {case.name} --modes {case.mode} --again"
    store(RESULTS, row, columns=COLUMNS, key=KEY)
    if row["bound"]:
        note_bound(row["digest"], case.name, float(row["bound"]), f"engine {row['engine']}")
    _say(
        f"{case.name} {case.mode}: {row['seconds']} s, {row['cpu_s']} CPU s, objective {row['objective']}"
    )
    return True


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.scale", description=__doc__)
    parser.add_argument("--households", type=int, nargs="+", metavar="N", help="only these sizes")
    parser.add_argument("--modes", nargs="+", choices=MODES, default=list(MODES))
    parser.add_argument(
        "--only", default="", metavar="TEXT", help="only weeks with this in the name"
    )
    parser.add_argument(
        "--plans", type=Path, metavar="DIR", help="stored weeks, and their bounds.json"
    )
    parser.add_argument("--large", action="store_true", help="also a million households")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--again", action="store_true", help="make stored runs again")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where made-up weeks are kept")
    parser.add_argument("--list", action="store_true", help="say what is stored and what is not")
    parser.add_argument("--write", action="store_true", help="only write table and picture")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
