"""One fixed bundle per plan and weekday: what most box schemes send today.

The merchant fills one box for a typical household of each plan (kind, portions, stems, days) and weekday
by the greedy, from stock that is enough to send the same to all of them; everybody gets that box. What is
on a household's never-list is dropped, or swapped for the next best there is.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import EXCLUDED, Problem
from tests.benchmarks.rivals.eating import plan_of_units
from tests.benchmarks.rivals.greedy import greedy_box
from tests.benchmarks.rivals.household import Item, items_of
from tests.benchmarks.rivals.instance import refuse_extras

Ints = NDArray[np.int64]
Units = list[tuple[int, int]]
"""Lots and their units."""


def fixed_bundles(problem: Problem, *, swap: bool) -> Plan:
    """Send every household its plan's bundle, less what it must not or cannot have; `swap` makes up for it.

    Raises
    ------
    ValueError
        The instance says more than the plain format.
    """
    refuse_extras(problem)
    left = problem.lot_stock.astype(np.int64)
    groups = list(_groups(problem))
    bundles = []
    for members in groups:
        typical = _typical(problem, members)
        bundle = [(lot, u) for lot, _, u in greedy_box(typical, 0, left // len(members))]
        bundles.append((bundle, _ranked(typical)))
        for lot, units in bundle:
            left[lot] -= units * len(members)
    lines: list[tuple[int, int, int, int]] = []
    for members, (bundle, ranked) in zip(groups, bundles, strict=True):
        for n in members.tolist():
            ways = _ways(problem, n)
            sent, dropped = _allowed(problem, n, bundle, ways)
            for lot, units in dropped:
                left[lot] += units
            for lot, units in _swaps(problem, n, sent, dropped, ranked, ways, left) if swap else ():
                left[lot] -= units
                sent[lot] = units
            lines += [(n, lot, ways[lot], units) for lot, units in sent.items()]
    return plan_of_units(problem, *np.array(lines, dtype=np.int64).reshape(-1, 4).T)


def _groups(problem: Problem) -> Iterator[Ints]:
    """Households of one plan and weekday, early weekdays and then the largest groups first."""
    keys = np.stack([problem.weekday, problem.plan, problem.n_por, problem.k_stem, problem.horizon])
    _, group, sizes = np.unique(keys, axis=1, return_inverse=True, return_counts=True)
    first = np.array([problem.weekday[group == g][0] for g in range(len(sizes))], dtype=np.int64)
    for g in np.lexsort((-sizes, first)).tolist():
        yield np.flatnonzero(group == g)


def _typical(problem: Problem, members: Ints) -> Problem:
    """Return a week of one household: the usual home, the mean taste, no never-list, a middling budget."""

    def usual(values: NDArray[np.int8]) -> NDArray[np.int8]:
        return values[members][:1] * 0 + np.bincount(values[members]).argmax().astype(values.dtype)

    def middling(values: NDArray[np.int32]) -> NDArray[np.int32]:
        return np.sort(values[members])[(len(members) - 1) // 2 :][:1]

    pref = problem.pref[members].astype(np.float64)
    liked = np.where(pref == EXCLUDED, 0.0, pref).mean(axis=0, keepdims=True)
    one = members[:1]
    return replace(
        problem,
        **{name: getattr(problem, name)[one] for name in ("plan", "n_por", "k_stem", "horizon", "weekday")},
        home=usual(problem.home),
        pref=np.rint(liked).astype(np.int8),
        last_week=problem.last_week[one] * 0,
        budget=middling(problem.budget),
        grams_max=middling(problem.grams_max),
        u_max=usual(problem.u_max),
        c_day=usual(problem.c_day),
        min_dist=usual(problem.min_dist),
    )  # fmt: skip


def _ranked(typical: Problem) -> list[Item]:
    """What to swap in: each lot once, the cheapest portion (or stem), taste counted, first."""
    fruit, flowers = items_of(typical, 0)
    best: dict[int, Item] = {}
    for item in sorted((*fruit, *flowers), key=lambda item: -len(item.days)):
        best.setdefault(item.lot, item)
    return sorted((item for item in best.values() if item.days), key=_portion_price)


def _portion_price(item: Item) -> float:
    return item.price / item.portions


def _ways(problem: Problem, n: int) -> dict[int, int]:
    """Tell the way to keep each lot that household `n` may get: the one with most days of use."""
    fruit, flowers = items_of(problem, n)
    return {
        item.lot: item.mode for item in sorted((*fruit, *flowers), key=lambda item: len(item.days))
    }


def _allowed(
    problem: Problem, n: int, bundle: Units, ways: dict[int, int]
) -> tuple[dict[int, int], Units]:
    """Part a bundle into what household `n` gets and what it does not."""
    sent: dict[int, int] = {}
    dropped: Units = []
    for lot, units in bundle:
        got = min(units, _room(problem, n, sent, lot)) if lot in ways else 0
        if got:
            sent[lot] = got
        if got < units:
            dropped.append((lot, units - got))
    return sent, dropped


def _room(problem: Problem, n: int, sent: dict[int, int], lot: int) -> int:
    """How many more units of a lot the hard limits of the box leave room for."""
    prod = problem.lot_prod
    of_prod = sum(units for other, units in sent.items() if prod[other] == prod[lot])
    room = int(problem.u_max[n]) - of_prod
    for limit, each in ((problem.budget, problem.lot_cost), (problem.grams_max, problem.lot_grams)):
        free = int(limit[n]) - sum(units * int(each[other]) for other, units in sent.items())
        if each[lot]:
            room = min(room, free // int(each[lot]))
    return max(room, 0)


def _swaps(
    problem: Problem,
    n: int,
    sent: dict[int, int],
    dropped: Units,
    ranked: list[Item],
    ways: dict[int, int],
    left: Ints,
) -> Units:
    """For each thing dropped, as many portions (or stems) of the next best that is not in the box yet."""
    swaps: Units = []
    box = dict(sent)
    for lot, units in dropped:
        missing = units * int(problem.lot_portions[lot])
        kind = problem.prod_kind[problem.lot_prod[lot]]
        for item in ranked:
            new = item.lot not in box and item.lot in ways
            if missing <= 0 or not new or problem.prod_kind[item.prod] != kind or item.lot == lot:
                continue
            wanted = max(1, missing // item.portions)
            got = min(wanted, _room(problem, n, box, item.lot), int(left[item.lot]))
            if got > 0:
                box[item.lot] = got
                swaps.append((item.lot, got))
                missing -= got * item.portions
    return swaps
