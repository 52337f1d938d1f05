"""The plain, slow, obvious optimum of tiny instances: every choice of units, every way of eating them."""

import itertools
from functools import cache
from typing import NamedTuple

import numpy as np

from subscriptions.planning.problem import EXCLUDED, FLOWER, FRUIT, PlanWeights, Problem


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
    group = problem.extras.prod_group
    groups = [] if group is None else [int(group[prod]) for prod in of_prod if group[prod] >= 0]
    return (
        len(groups) == len(set(groups))
        and all(u <= problem.u_max[n] for u in of_prod.values())
        and sum(u * int(problem.lot_cost[lot]) for lot, _, u in box) <= problem.budget[n]
        and sum(u * int(problem.lot_grams[lot]) for lot, _, u in box) <= problem.grams_max[n]
    )


def _value(problem: Problem, n: int, box: list[tuple[int, int, int]]) -> int:
    weights, extras, horizon = problem.weights, problem.extras, int(problem.horizon[n])
    value, shipped, cost, distinct = 0, 0, 0, set()
    shown = [0] * horizon
    lines: list[Portions] = []
    for lot, mode, u in box:
        prod, pv = int(problem.lot_prod[lot]), int(problem.lot_pv[lot])
        had = int(problem.last_week[n, prod >> 3] >> (prod & 7)) & 1
        cost += u * int(problem.lot_cost[lot])
        value -= u * weights.pref_cents * int(problem.pref[n, prod]) * pv
        value += u * 100 * weights.novelty_portion * had * pv
        value -= u * 100 * int(problem.lot_bonus[lot, problem.weekday[n]])
        where = lot, int(problem.weekday[n]), int(problem.home[n]), mode
        opens, closes = int(problem.win_a[where]), int(problem.win_b[where])
        s = int(problem.lot_portions[lot])
        if problem.prod_kind[prod] == FRUIT:
            if extras.win_risk is not None:
                value += u * s * int(extras.win_risk[where])
            shipped += u * s
            distinct.add(prod)
            lines.append(Portions(prod, u * s, opens, closes))
        else:
            for t in range(max(opens, 0), min(closes, horizon - 1) + 1):
                shown[t] += u * s
    for item in _at_home(problem, n):
        if problem.prod_kind[item.prod] == FRUIT:
            lines.append(item)
        else:
            for t in range(item.first, min(item.last, horizon - 1) + 1):
                shown[t] += item.portions
    need = [int(problem.n_por[n])] * horizon
    if extras.day_need is not None:
        need = extras.day_need[n, :horizon].tolist()
    wished = 0 if extras.reserve is None else int(extras.reserve[n])
    value += 100 * cost
    value += 100 * weights.uncovered_portion * sum(need)
    value += 100 * weights.waste_portion * shipped
    value += 100 * weights.missing_reserve * wished
    value -= 100 * best_eaten(
        problem.weights, tuple(lines), tuple(need), int(problem.c_day[n]), wished
    )
    value += (
        100 * weights.uncovered_stem_day * sum(max(0, int(problem.k_stem[n]) - x) for x in shown)
    )
    value += 100 * weights.missing_product * max(0, int(problem.min_dist[n]) - len(distinct))
    if extras.min_cost is not None:
        value += 100 * weights.missing_value * max(0, int(extras.min_cost[n]) - cost)
    return value


class Portions(NamedTuple):
    """Portions of one line, or of an item that is at home, and its first and last day."""

    prod: int
    portions: int
    first: int
    last: int
    is_at_home: bool = False


def _at_home(problem: Problem, n: int) -> list[Portions]:
    extras = problem.extras
    if extras.carry_ptr is None:
        return []
    columns = (extras.carry_prod, extras.carry_portions, extras.carry_a, extras.carry_b)
    return [
        Portions(*(int(column[k]) for column in columns if column is not None), is_at_home=True)
        for k in range(int(extras.carry_ptr[n]), int(extras.carry_ptr[n + 1]))
    ]


def best_eaten(
    weights: PlanWeights,
    lines: tuple[Portions, ...],
    need: tuple[int, ...],
    same_a_day: int,
    wished: int,
) -> int:
    """Most that portions eaten in time or kept in reserve save, by day after day trying every way. [minor units]"""
    horizon = len(need)

    @cache
    def from_day(t: int, left: tuple[int, ...]) -> int:
        if t == horizon:
            good = sum(
                n
                for n, line in zip(left, lines, strict=True)
                if not line.is_at_home and line.last >= horizon - 1
            )
            return min(good, wished) * (weights.missing_reserve + weights.waste_portion)
        choices = [
            range(min(n, need[t], same_a_day) + 1 if line.first <= t <= line.last else 1)
            for n, line in zip(left, lines, strict=True)
        ]
        best = 0
        for eat in itertools.product(*choices):
            by_prod: dict[int, int] = {}
            saved = 0
            for line, e in zip(lines, eat, strict=True):
                by_prod[line.prod] = by_prod.get(line.prod, 0) + e
                saved += e * weights.uncovered_portion
                saved += 0 if line.is_at_home else e * weights.waste_portion
            if sum(eat) <= need[t] and max(by_prod.values(), default=0) <= same_a_day:
                rest = tuple(int(x) for x in np.subtract(left, eat)) if left else ()
                best = max(best, saved + from_day(t + 1, rest))
        return best

    return from_day(0, tuple(line.portions for line in lines))


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
