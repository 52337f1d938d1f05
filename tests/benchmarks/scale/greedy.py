"""The measure of speed: one plain compiled pass over the boxes, in order, that takes the cheapest useful unit first.

Stock is shared, first come first served. A unit is useful if a portion of it finds a free day (a stem is missing on a
day); of those that are worth their price the one with the lowest price a useful portion (stem and day) is taken, until
none is left. Portions are eaten by earliest deadline, or as they were placed where that eats more. Written from the
format alone; knows nothing of what the planner does.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.engine.compiled import compiled
from subscriptions.planning.plan import Plan, plan_of
from subscriptions.planning.problem import DAYS_MAX, Problem
from tests.benchmarks.rivals.instance import refuse_extras

Ints = NDArray[np.int64]

CHUNK = 20_000
LINES_MOST = 64
"""Lines a box has room for; more are not packed."""
FRUIT, FLOWER, EXCLUDED = 0, 1, -128


class Week(NamedTuple):
    """The arrays of a problem that the pass reads; `weights` are those of portions, stems, waste, taste, repetition
    and kinds."""

    prod_kind: NDArray[np.int8]
    lot_prod: NDArray[np.int16]
    lot_cost: NDArray[np.int32]
    lot_grams: NDArray[np.int32]
    lot_portions: NDArray[np.int8]
    lot_pv: NDArray[np.int8]
    lot_last: NDArray[np.int8]
    lot_bonus: NDArray[np.int16]
    win_a: NDArray[np.int8]
    win_b: NDArray[np.int8]
    plan: NDArray[np.int8]
    n_por: NDArray[np.int8]
    k_stem: NDArray[np.int8]
    horizon: NDArray[np.int8]
    weekday: NDArray[np.int8]
    home: NDArray[np.int8]
    pref: NDArray[np.int8]
    last_week: NDArray[np.uint8]
    budget: NDArray[np.int32]
    grams_max: NDArray[np.int32]
    u_max: NDArray[np.int8]
    c_day: NDArray[np.int8]
    min_dist: NDArray[np.int8]
    weights: Ints


class Bench(NamedTuple):
    """Room for the items of one box: lot, way, first and last day, price and units of each, and eaten by day."""

    lot: Ints
    mode: Ints
    first: Ints
    last: Ints
    price: Ints
    units: Ints
    placed: Ints
    served: Ints
    room: Ints
    """Portions, or stems, still missing on each day."""
    same: Ints
    """Portions of each product that may still be eaten on each day."""
    of_product: Ints
    limits: Ints
    """What is left of budget and weight, and kinds of fruit still wished for."""


def greedy(problem: Problem) -> Plan:
    """Fill every box in one pass.

    Raises
    ------
    ValueError
        The instance says more than the plain format.
    """
    refuse_extras(problem)
    week = _week(problem)
    bench = _bench(problem)
    left = problem.lot_stock.astype(np.int64)
    parts = []
    for first in range(0, problem.n_subscribers, CHUNK):
        last = min(first + CHUNK, problem.n_subscribers)
        counts = np.zeros(last - first, dtype=np.int64)
        lines = np.zeros(((last - first) * LINES_MOST, 3), dtype=np.int32)
        eat = np.zeros(((last - first) * LINES_MOST, DAYS_MAX), dtype=np.uint8)
        n = fill_boxes(week, bench, first, last, left, counts, lines, eat)
        parts.append((counts, lines[:n].copy(), eat[:n].copy()))
    counts, lines, eat = (np.concatenate(each) for each in zip(*parts, strict=True))
    ptr = np.concatenate([[0], np.cumsum(counts)])
    return plan_of(ptr, lines[:, 0], lines[:, 1], lines[:, 2], eat)


def _week(problem: Problem) -> Week:
    each = problem.weights
    weights = np.array(
        [
            each.uncovered_portion,
            each.uncovered_stem_day,
            each.waste_portion,
            each.pref_cents,
            each.novelty_portion,
            each.missing_product,
        ]
    )
    arrays: dict[str, Any] = {
        name: np.require(getattr(problem, name), requirements=["C", "A", "W"])
        for name in Week._fields[:-1]
    }
    return Week(**arrays, weights=weights)


def _bench(problem: Problem) -> Bench:
    n = problem.n_lots * problem.win_a.shape[3]
    room = {name: np.zeros(n, dtype=np.int64) for name in Bench._fields[:6]}
    return Bench(
        **room,
        placed=np.zeros((n, DAYS_MAX), dtype=np.int64),
        served=np.zeros((n, DAYS_MAX), dtype=np.int64),
        room=np.zeros(DAYS_MAX, dtype=np.int64),
        same=np.zeros((problem.n_products, DAYS_MAX), dtype=np.int64),
        of_product=np.zeros(problem.n_products, dtype=np.int64),
        limits=np.zeros(3, dtype=np.int64),
    )


@compiled
def fill_boxes(
    week: Week,
    bench: Bench,
    first: int,
    last: int,
    left: Ints,
    counts: Ints,
    lines: NDArray[np.int32],
    eat: NDArray[np.uint8],
) -> int:
    """Fill the boxes `first` to `last - 1` from what is left; returns the number of lines written."""
    n_lines = 0
    for n in range(first, last):
        start = n_lines
        bench.limits[0] = week.budget[n]
        bench.limits[1] = week.grams_max[n]
        bench.limits[2] = week.min_dist[n]
        bench.of_product[:] = 0
        for kind in (FLOWER, FRUIT):
            if week.plan[n] != 2 and week.plan[n] != kind:
                continue
            items = _put_items(week, bench, n, kind, left)
            while True:
                best = _cheapest(week, bench, n, kind, items, left)
                if best < 0:
                    break
                _take(week, bench, kind, best, left)
            if kind == FRUIT:
                _serve(week, bench, n, items)
            for i in range(items):
                if bench.units[i] > 0:
                    lines[n_lines, 0] = bench.lot[i]
                    lines[n_lines, 1] = bench.mode[i]
                    lines[n_lines, 2] = bench.units[i]
                    for t in range(DAYS_MAX):
                        eat[n_lines, t] = bench.served[i, t]
                    n_lines += 1
        counts[n - first] = n_lines - start
    return n_lines


@compiled
def _put_items(week: Week, bench: Bench, n: int, kind: int, left: Ints) -> int:
    """List what a household may get of a kind, and what it wants on each day."""
    horizon = week.horizon[n]
    for t in range(DAYS_MAX):
        wanted = week.n_por[n] if kind == FRUIT else week.k_stem[n]
        bench.room[t] = wanted if t < horizon else 0
    bench.same[:] = week.c_day[n]
    items = 0
    day, home = week.weekday[n], week.home[n]
    for lot in range(len(left)):
        prod = week.lot_prod[lot]
        if week.prod_kind[prod] != kind or week.pref[n, prod] == EXCLUDED:
            continue
        if left[lot] == 0 or day > week.lot_last[lot]:
            continue
        had = (week.last_week[n, prod >> 3] >> (prod & 7)) & 1
        liked = week.weights[3] * week.pref[n, prod]
        price = 100 * (np.int64(week.lot_cost[lot]) - week.lot_bonus[lot, day])
        price += week.lot_pv[lot] * (100 * week.weights[4] * had - liked)
        for mode in range(week.win_a.shape[3]):
            a, b = week.win_a[lot, day, home, mode], week.win_b[lot, day, home, mode]
            if a > b or a >= horizon:
                continue
            bench.lot[items], bench.mode[items] = lot, mode
            bench.first[items], bench.last[items] = a, min(b, horizon - 1)
            bench.price[items], bench.units[items] = price, 0
            bench.placed[items, :] = 0
            bench.served[items, :] = 0
            items += 1
    return items


@compiled
def _useful(week: Week, bench: Bench, kind: int, i: int) -> int:
    """Portions of one more unit that find a day, or stems by day that are missing."""
    lot = bench.lot[i]
    size = np.int64(week.lot_portions[lot])
    total = np.int64(0)
    for t in range(bench.first[i], bench.last[i] + 1):
        if kind == FRUIT:
            total += min(bench.room[t], bench.same[week.lot_prod[lot], t])
        else:
            total += min(bench.room[t], size)
    return int(min(total, size)) if kind == FRUIT else int(total)


@compiled
def _cheapest(week: Week, bench: Bench, n: int, kind: int, items: int, left: Ints) -> int:
    """The item whose next unit costs least for what is useful of it, of those worth it; -1 if there is none."""
    best = -1
    least = 1e300
    for i in range(items):
        lot = bench.lot[i]
        prod = week.lot_prod[lot]
        if (
            left[lot] == 0
            or bench.of_product[prod] >= week.u_max[n]
            or week.lot_cost[lot] > bench.limits[0]
            or week.lot_grams[lot] > bench.limits[1]
        ):
            continue
        useful = _useful(week, bench, kind, i)
        if useful == 0:
            continue
        price = bench.price[i]
        worth = 100 * week.weights[1] * useful
        if kind == FRUIT:
            price += 100 * week.weights[2] * (week.lot_portions[lot] - useful)
            if bench.of_product[prod] == 0 and bench.limits[2] > 0:
                price -= 100 * week.weights[5]
            worth = 100 * week.weights[0] * useful
        if worth > price and price / useful < least:
            best, least = i, price / useful
    return best


@compiled
def _take(week: Week, bench: Bench, kind: int, i: int, left: Ints) -> None:
    """Put one unit of an item into the box, its portions on the first days that are free."""
    lot = bench.lot[i]
    prod = week.lot_prod[lot]
    if kind == FRUIT and bench.of_product[prod] == 0:
        bench.limits[2] -= 1
    bench.units[i] += 1
    bench.of_product[prod] += 1
    left[lot] -= 1
    bench.limits[0] -= week.lot_cost[lot]
    bench.limits[1] -= week.lot_grams[lot]
    size = np.int64(week.lot_portions[lot])
    for t in range(bench.first[i], bench.last[i] + 1):
        if kind == FLOWER:
            bench.room[t] = max(bench.room[t] - size, 0)
            continue
        eaten = min(size, bench.room[t], bench.same[prod, t])
        bench.placed[i, t] += eaten
        bench.room[t] -= eaten
        bench.same[prod, t] -= eaten
        size -= eaten


@compiled
def _serve(week: Week, bench: Bench, n: int, items: int) -> None:
    """Eat, each day, what spoils first; as placed where that eats more."""
    eaten = 0
    for t in range(week.horizon[n]):
        bench.same[:, 0] = week.c_day[n]
        for _ in range(week.n_por[n]):
            soonest = -1
            for i in range(items):
                if bench.units[i] == 0 or not bench.first[i] <= t <= bench.last[i]:
                    continue
                lot = bench.lot[i]
                is_left = bench.served[i].sum() < bench.units[i] * week.lot_portions[lot]
                sooner = soonest < 0 or bench.last[i] < bench.last[soonest]
                if is_left and sooner and bench.same[week.lot_prod[lot], 0] > 0:
                    soonest = i
            if soonest < 0:
                break
            bench.served[soonest, t] += 1
            bench.same[week.lot_prod[bench.lot[soonest]], 0] -= 1
            eaten += 1
    placed = 0
    for i in range(items):
        placed += bench.placed[i].sum()
    if placed > eaten:
        bench.served[:items] = bench.placed[:items]
