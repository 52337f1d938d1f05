"""Mends a large plan after a lot has failed and some households have changed, beside planning the week anew.

    python -m tests.benchmarks.scale.mending WEEK.npz [--others 0 0.5 1 2 5] [--seed 1]

`--others` are shares of the households, in percent, whose boxes may change though they need not. For none of them it
also certifies the least that any choice of the boxes that must change can come to. Stores one row each in mending.csv.
"""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from subscriptions.adapters.plan_file import read_problem
from subscriptions.planning.checker import check
from subscriptions.planning.effort import QUICK, THOROUGH
from subscriptions.planning.engine.compiled import KEPT_IN
from subscriptions.planning.part import boxes_of, part_of
from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import Problem
from subscriptions.planning.replan import Mended, mend, reasons_to_change
from subscriptions.planning.run import Run, silent
from subscriptions.planning.solve import Params, Result, solve
from subscriptions.planning.warm import warm_up
from tests.benchmarks.rivals.instance import digest
from tests.benchmarks.rivals.outcome import Stopwatch, Took
from tests.benchmarks.scale.stored import MENDING, Row, store

COLUMNS: Final = (
    "instance", "digest", "households", "seed", "threads", "engine", "others", "changed", "objective", "seconds",
    "cpu_s", "phases", "limit", "anew_objective", "anew_goods_cents", "anew_s", "anew_cpu_s", "before_objective",
)  # fmt: skip
KEY: Final = ("digest", "seed", "threads", "others")
HELD_BY, ASKING, SKIPPING = 0.10, 0.03, 0.66
"""Shares: boxes that hold the lot that fails, households that change, and of those the ones that skip."""


def changed_week(
    problem: Problem, plan: Plan, rng: np.random.Generator
) -> tuple[Problem, NDArray[np.bool_]]:
    """Let a lot fail and households change; two thirds skip, the others like what other households like."""
    held = np.bincount(plan.line_lot, minlength=problem.n_lots) / problem.n_subscribers
    stock = problem.lot_stock.copy()
    stock[np.argmin(np.abs(held - HELD_BY))] = 0
    changed = rng.random(problem.n_subscribers) < ASKING
    skips = changed & (rng.random(problem.n_subscribers) < SKIPPING)
    wanted: dict[str, Any] = {
        name: np.where(skips, 0, getattr(problem, name)).astype(np.int8)
        for name in ("n_por", "k_stem", "min_dist")
    }
    pref, edits = problem.pref.copy(), changed & ~skips
    pref[edits] = rng.permutation(pref[edits])
    return replace(problem, lot_stock=stock, pref=pref, **wanted), changed


def least(problem: Problem, before: Plan, changed: NDArray[np.bool_], made: Mended) -> float:
    """Certify what no choice of the boxes that must change is below, all others as they are. [1/100 cent]

    The part of the week that must change is a week of its own, with the stock that the others leave; its bound takes
    the place of what its boxes come to in the mended plan.
    """
    why = reasons_to_change(problem, before, changed, 1)
    who, kept = np.flatnonzero(why), np.repeat(why == 0, np.diff(before.box_ptr))
    held = np.bincount(before.line_lot[kept], before.line_units[kept], minlength=problem.n_lots)
    stock = problem.lot_stock.astype(np.int64) - held.astype(np.int64)
    run = Run(part_of(problem, who), stock, 2, 1, silent, lambda: False)
    run.prices = made.result.prices.copy()
    for pace in (16.0, 4.0, 1.0, 0.25, 0.06, 0.015):
        run.learn_prices(len(who), 1, pace, QUICK)
    boxes = check(run.problem, boxes_of(problem, made.result.plan, who)).objective
    return made.result.verdict.objective - boxes + run.bound(THOROUGH)


def rows(path: Path, shares: list[float], *, seed: int, threads: int) -> Iterator[Row]:
    """Plan the week, change it, plan it anew, and mend it with each number of others allowed."""
    week, params = read_problem(path), Params(threads=threads)
    warm_up()
    before = solve(week, params=params)
    now, changed = changed_week(week, before.plan, np.random.default_rng(seed))
    watch = Stopwatch()
    anew = solve(now, params=params)
    anew_took = watch.read()
    for share in shares:
        others = round(week.n_subscribers * share / 100)
        watch = Stopwatch()
        made = mend(
            now, before.plan, changed=changed, prices=before.prices, others=others, params=params
        )
        took = watch.read()
        assert made.result.verdict.is_feasible, made.result.verdict.breaches[:3]
        row = _row(week, before, anew, anew_took, made, took)
        limit = "" if others else f"{least(now, before.plan, changed, made):.0f}"
        yield row | {
            "instance": path.stem,
            "seed": str(seed),
            "threads": str(threads),
            "others": f"{share:g} %",
            "limit": limit,
        }


def _row(
    week: Problem, before: Result, anew: Result, anew_took: Took, made: Mended, took: Took
) -> Row:
    values = {
        "digest": digest(week),
        "households": week.n_subscribers,
        "engine": KEPT_IN.name,
        "changed": np.count_nonzero(made.why),
        "objective": made.result.verdict.objective,
        "seconds": f"{took.seconds:.2f}",
        "cpu_s": f"{took.cpu_seconds:.2f}",
        "phases": " ".join(f"{name}={each:.2f}" for name, each in made.result.seconds.items()),
        "anew_objective": anew.verdict.objective,
        "anew_goods_cents": anew.verdict.goods_minor,
        "anew_s": f"{anew_took.seconds:.2f}",
        "anew_cpu_s": f"{anew_took.cpu_seconds:.2f}",
        "before_objective": before.verdict.objective,
    }
    return {name: str(value) for name, value in values.items()}


def main(arguments: list[str] | None = None) -> int:
    """Measure, store and say."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.scale.mending")
    parser.add_argument("week", type=Path)
    parser.add_argument("--others", type=float, nargs="+", default=[0, 0.5, 1, 2, 5], metavar="%")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    asked = parser.parse_args(arguments)
    for row in rows(asked.week, asked.others, seed=asked.seed, threads=asked.threads):
        store(MENDING, row, columns=COLUMNS, key=KEY)
        print(" ".join(f"{name}={value}" for name, value in row.items()), flush=True)  # noqa: T201
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
