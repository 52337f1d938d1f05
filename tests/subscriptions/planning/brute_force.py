"""The plain, slow, obvious optimum of tiny instances: every choice of units, every way of eating them."""

import itertools
from functools import cache

import numpy as np

from subscriptions.planning.problem import EXCLUDED, FLOWER, FRUIT, Problem


def best_objective(problem: Problem) -> int:
    """Try every combination of units in every box within stock; the least objective. [1/100 minor unit]"""
    boxes = [every_box(problem, n) for n in range(problem.n_subscribers)]

    @cache
    def best_from(n: int, left: tuple[int, ...]) -> int:
        if n == len(boxes):
            return 0
        return min(
            value + best_from(n + 1, tuple(a - b for a, b in zip(left, used, strict=True)))
            for used, value in boxes[n].items()
            if all(b <= a for a, b in zip(left, used, strict=True))
        )

    return best_from(0, tuple(problem.lot_stock.tolist()))


def every_box(problem: Problem, n: int) -> dict[tuple[int, ...], int]:
    """Map units by lot of every box that keeps the limits to its least value."""
    items = [
        (lot, mode)
        for lot in range(problem.n_lots)
        for mode in range(problem.win_a.shape[3])
        if _may(problem, n, lot, mode)
    ]
    found: dict[tuple[int, ...], int] = {}
    most = [min(int(problem.u_max[n]), int(problem.lot_stock[lot])) for lot, _ in items]
    for units in itertools.product(*(range(m + 1) for m in most)):
        box = [(lot, mode, u) for (lot, mode), u in zip(items, units, strict=True) if u]
        if _within_limits(problem, n, box):
            used = [0] * problem.n_lots
            for lot, _, u in box:
                used[lot] += u
            value = _value(problem, n, box)
            found[tuple(used)] = min(value, found.get(tuple(used), value))
    return found


def _may(problem: Problem, n: int, lot: int, mode: int) -> bool:
    prod = int(problem.lot_prod[lot])
    kind, flower = int(problem.plan[n]), problem.prod_kind[prod] == FLOWER
    where = lot, int(problem.weekday[n]), int(problem.home[n]), mode
    return (
        not (kind == FRUIT and flower)
        and not (kind == FLOWER and not flower)
        and problem.pref[n, prod] != EXCLUDED
        and problem.weekday[n] <= problem.lot_last[lot]
        and problem.win_a[where] <= problem.win_b[where]
    )


def _within_limits(problem: Problem, n: int, box: list[tuple[int, int, int]]) -> bool:
    of_prod: dict[int, int] = {}
    for lot, _, u in box:
        of_prod[int(problem.lot_prod[lot])] = of_prod.get(int(problem.lot_prod[lot]), 0) + u
    return (
        all(u <= problem.u_max[n] for u in of_prod.values())
        and sum(u * int(problem.lot_cost[lot]) for lot, _, u in box) <= problem.budget[n]
        and sum(u * int(problem.lot_grams[lot]) for lot, _, u in box) <= problem.grams_max[n]
    )


def _value(problem: Problem, n: int, box: list[tuple[int, int, int]]) -> int:
    weights, horizon = problem.weights, int(problem.horizon[n])
    value, shipped, distinct = 0, 0, set()
    shown = [0] * horizon
    portions: list[tuple[int, int, int, int]] = []
    for lot, mode, u in box:
        prod, pv = int(problem.lot_prod[lot]), int(problem.lot_pv[lot])
        had = int(problem.last_week[n, prod >> 3] >> (prod & 7)) & 1
        value += u * 100 * int(problem.lot_cost[lot])
        value -= u * weights.pref_cents * int(problem.pref[n, prod]) * pv
        value += u * 100 * weights.novelty_portion * had * pv
        value -= u * 100 * int(problem.lot_bonus[lot, problem.weekday[n]])
        where = lot, int(problem.weekday[n]), int(problem.home[n]), mode
        opens, closes = int(problem.win_a[where]), int(problem.win_b[where])
        s = int(problem.lot_portions[lot])
        if problem.prod_kind[prod] == FRUIT:
            if problem.extras.win_risk is not None:
                value += u * s * int(problem.extras.win_risk[where])
            shipped += u * s
            distinct.add(prod)
            portions.append((prod, u * s, opens, closes))
        else:
            for t in range(max(opens, 0), min(closes, horizon - 1) + 1):
                shown[t] += u * s
    eaten = most_eaten(portions, horizon, int(problem.n_por[n]), int(problem.c_day[n]))
    value += 100 * weights.uncovered_portion * (int(problem.n_por[n]) * horizon - eaten)
    value += 100 * weights.waste_portion * (shipped - eaten)
    value += (
        100 * weights.uncovered_stem_day * sum(max(0, int(problem.k_stem[n]) - x) for x in shown)
    )
    value += 100 * weights.missing_product * max(0, int(problem.min_dist[n]) - len(distinct))
    return value


def most_eaten(
    portions: list[tuple[int, int, int, int]], horizon: int, a_day: int, same_a_day: int
) -> int:
    """Most portions eaten in time, by day after day trying every way; (prod, portions, first, last) lines."""

    @cache
    def from_day(t: int, left: tuple[int, ...]) -> int:
        if t == horizon:
            return 0
        choices = [
            range(min(n, a_day, same_a_day) + 1 if opens <= t <= closes else 1)
            for n, (_, _, opens, closes) in zip(left, portions, strict=True)
        ]
        best = 0
        for eat in itertools.product(*choices):
            by_prod: dict[int, int] = {}
            for (prod, *_), e in zip(portions, eat, strict=True):
                by_prod[prod] = by_prod.get(prod, 0) + e
            if sum(eat) <= a_day and max(by_prod.values(), default=0) <= same_a_day:
                rest = tuple(int(x) for x in np.subtract(left, eat)) if left else ()
                best = max(best, sum(eat) + from_day(t + 1, rest))
        return best

    return from_day(0, tuple(n for _, n, _, _ in portions))
