"""Twelve weeks of the same households and scarce produce: with memory of turns missed, without, and by lottery.

`python -m tests.benchmarks.fairness [HOUSEHOLDS] [SEED …] [--fast]` prints one line a seed and policy.
"""

import datetime as dt
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ripeday.sample.offer import season_offers
from subscriptions.planning.fairness import TURNS_MOST, best_lots, held_by, of_lots, plan_fairly
from subscriptions.planning.instance import InstanceParams, make_instance
from subscriptions.planning.problem import LAYOUT, Problem
from subscriptions.planning.solve import Params

WEEKS: Final = 12
FIRST_ON: Final = dt.date(2026, 6, 1)
STOCK_SPREAD: Final = 0.2
"""How much the stock of a lot differs from week to week (log sd)."""
SCARCE: Final = 0.05
"""Produce counts as scarce that so many households miss in an average week without memory."""
POLICIES: Final = ("none", "memory", "lottery")

Marks = NDArray[np.bool_]


@dataclass(frozen=True)
class Life:
    """Twelve weeks under one policy: who had and who missed what, shape (weeks, N, P), and what it came to."""

    had: Marks
    missed: Marks
    objective: int
    goods_minor: int
    cover: float


@dataclass(frozen=True)
class Shares:
    """How scarce produce went round among the pairs of a household and a produce that it wants.

    `once` is the share that had it at least once, `longest` the mean of everybody's longest wait [weeks], `never` how
    many never had it, `gini` how unequal the numbers of weeks are in which they had it.
    """

    pairs: int
    once: float
    never: int
    longest: float
    gini: float


def weekly(households: int, seed: int) -> Problem:
    """Return a week of households that get a box every week, none of whom has had one before."""
    params = InstanceParams(households, seed=seed, weekdays=1, first_on=FIRST_ON)
    week = make_instance(season_offers(FIRST_ON), params)
    kept = week.horizon == 7
    arrays: dict[str, Any] = {
        name: getattr(week, name)[kept] for name, (_, axes) in LAYOUT.items() if axes[0] == "N"
    }
    wanted = (week.n_por.astype(int) + week.k_stem) * week.horizon
    arrays["lot_stock"] = np.rint(week.lot_stock * (wanted[kept].sum() / wanted.sum()))
    arrays["lot_stock"] = arrays["lot_stock"].astype(np.int32)
    arrays["last_week"] = np.zeros_like(arrays["last_week"])
    return replace(week, **arrays)


def weeks(first: Problem, seed: int) -> Iterator[Problem]:
    """Return the weeks: the same but for how much there is of each lot."""
    rng = np.random.default_rng(seed)
    for _ in range(WEEKS):
        stock = first.lot_stock * rng.lognormal(0.0, STOCK_SPREAD, first.n_lots)
        yield replace(first, lot_stock=np.rint(stock).astype(np.int32))


def live(first: Problem, seed: int, policy: str, params: Params, who: Marks) -> Life:
    """Plan the weeks one after the other; a lottery gives those in `who` [N, P] random turns every week."""
    rng = np.random.default_rng(seed + 1)
    missed = np.zeros((first.n_subscribers, first.n_products), dtype=np.uint8)
    last, had, lacked = first.last_week, [], []
    total = np.zeros(4, dtype=np.int64)
    for k, week in enumerate(weeks(first, seed)):
        now = replace(week, last_week=last)
        turns = {
            "none": np.zeros_like(missed),
            "memory": missed,
            "lottery": (who * rng.integers(0, TURNS_MOST + 1, missed.shape)).astype(np.uint8),
        }[policy]
        shared = plan_fairly(now, turns, seed=seed * 100 + k, params=params)
        held = held_by(now, shared.result.plan)
        had.append(held)
        lacked.append(shared.answers.missed_now)
        missed = np.where(held, 0, missed + lacked[-1]).astype(np.uint8)
        last = np.packbits(held, axis=1, bitorder="little")
        found = shared.verdict
        assert found.is_feasible
        total += (found.objective, found.goods_minor, found.covered_days, found.days)
    objective, goods, covered, days = total.tolist()
    return Life(np.array(had), np.array(lacked), objective, goods, covered / days)


def wanting(first: Problem, scarce: Marks, params: Params) -> Marks:
    """Mark who wants which scarce produce, whatever others do; shape (N, P)."""
    lines = best_lots(first, np.zeros(first.n_lots), params)
    found: Marks = of_lots(first, lines, np.ones(first.n_lots, dtype=np.bool_)) & scarce
    return found


def shares(life: Life, who: Marks) -> Shares:
    """Sum up how scarce produce went round."""
    got = life.had[:, who]
    run, longest = np.zeros(got.shape[1], dtype=int), np.zeros(got.shape[1], dtype=int)
    for week in got:
        run = np.where(week, 0, run + 1)
        longest = np.maximum(longest, run)
    x, n = np.sort(got.sum(axis=0)), got.shape[1]
    gini = float((2 * np.arange(1, n + 1) - n - 1) @ x / (n * x.sum()))
    return Shares(
        n, float((x > 0).mean()), int((x == 0).sum()), float(longest.mean()), round(gini, 3)
    )


def told(households: int, seed: int, params: Params) -> Iterator[str]:
    """Say what each policy came to."""
    first = weekly(households, seed)
    nobody = np.zeros((first.n_subscribers, first.n_products), dtype=np.bool_)
    plain = live(first, seed, "none", params, nobody)
    often = plain.missed.mean(axis=(0, 1))
    scarce = often > SCARCE
    names = ", ".join(f"{first.products[p]} {often[p]:.1%}" for p in np.flatnonzero(scarce))
    yield f"seed {seed}: {first.n_subscribers} households; without in an average week: {names}"
    who = wanting(first, scarce, params)
    for policy in POLICIES:
        life = plain if policy == "none" else live(first, seed, policy, params, who)
        s = shares(life, who)
        given_up = (life.objective - plain.objective) / (100 * plain.goods_minor)
        yield (
            f"{policy:8} pairs {s.pairs} once {s.once:.1%} never {s.never} longest {s.longest:.2f}"
            f" gini {s.gini:.3f} given up {given_up:+.2%} of goods, cover {life.cover:.2%}"
        )


def main(typed: list[str]) -> None:
    """Print what each policy came to, seed by seed."""
    numbers = [int(each) for each in typed if each.isdigit()] or [500]
    for seed in numbers[1:] or [1]:
        for line in told(numbers[0], seed, Params(fast="--fast" in typed)):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
