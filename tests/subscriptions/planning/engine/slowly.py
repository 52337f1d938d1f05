"""The plain, slow, obvious version of every compiled rule."""

from collections.abc import Sequence
from itertools import product as every

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from tests.subscriptions.planning.engine.households import VALUE, Fruit, Household


def most_eaten(
    household: Household, portions: Sequence[int], need: Sequence[int] | None = None
) -> int:
    """Most portions that can be eaten: source, items, product on a day, day, sink."""
    need = household.need if need is None else need
    horizon, products = len(need), household.products
    n_items = len(household.fruit)
    of_product = 1 + n_items
    day = of_product + len(products) * horizon
    sink = day + horizon
    room = np.zeros((sink + 1, sink + 1), dtype=np.int32)
    for i, fruit in enumerate(household.fruit):
        room[0, 1 + i] = portions[i]
        for t in household.days_of(fruit):
            room[1 + i, of_product + products.index(fruit.product) * horizon + t] = portions[i]
    for p in range(len(products)):
        for t in range(horizon):
            room[of_product + p * horizon + t, day + t] = household.same_a_day
    room[day : day + horizon, sink] = need
    return int(maximum_flow(csr_array(room), 0, sink).flow_value)


def shipped(household: Household, units: Sequence[int]) -> list[int]:
    """Portions of each item in the box."""
    return [u * fruit.portions for u, fruit in zip(units, household.fruit, strict=True)]


def kinds_in(household: Household, units: Sequence[int]) -> int:
    """Number of products in the box."""
    return len({fruit.product for u, fruit in zip(units, household.fruit, strict=True) if u})


def keeps_limits(household: Household, units: Sequence[int]) -> bool:
    """Tell whether a box may be sent."""
    lines = list(zip(units, household.fruit, strict=True))
    return (
        all(0 <= u <= min(fruit.most, household.units_max) for u, fruit in lines)
        and sum(u * fruit.cents for u, fruit in lines) <= household.budget
        and sum(u * fruit.grams for u, fruit in lines) <= household.grams_max
        and all(
            sum(u for u, fruit in lines if fruit.lot == lot) <= household.stock_of(lot)
            for lot in {fruit.lot for fruit in household.fruit if fruit.lot is not None}
        )
        and all(
            sum(u for u, fruit in lines if fruit.product == p) <= household.units_max
            for p in household.products
        )
    )


def worth_of(household: Household, units: Sequence[int]) -> int | None:
    """Worth of a box [1/100 cent]; None if it breaks a limit."""
    if not keeps_limits(household, units):
        return None
    cost = sum(u * fruit.cost for u, fruit in zip(units, household.fruit, strict=True))
    wished = min(kinds_in(household, units), household.distinct)
    eaten = most_eaten(household, shipped(household, units))
    return VALUE * eaten + household.missing * wished - cost


def best_of_all(household: Household) -> int:
    """Try every box there is."""
    ranges = [range(min(fruit.most, household.units_max) + 1) for fruit in household.fruit]
    worths = (worth_of(household, units) for units in every(*ranges))
    return max(worth for worth in worths if worth is not None)


def best_box_slowly(
    household: Household, low: Sequence[int] | None = None, high: Sequence[int] | None = None
) -> tuple[int, list[int]] | None:
    """Give the whole box to a solver of integer programs; (worth, units), None if there is no box.

    Unknowns: units, portions of an item on a day, kinds counted of each product, kinds counted in all.
    """
    fruit, horizon, products = household.fruit, len(household.need), household.products
    n, m = len(fruit), len(products)
    eat, kind, kinds = n, n + n * horizon, n + n * horizon + m
    size = kinds + 1
    rows: list[tuple[dict[int, float], float]] = [
        ({i: f.cents for i, f in enumerate(fruit)}, household.budget),
        ({i: f.grams for i, f in enumerate(fruit)}, household.grams_max),
        ({kinds: 1.0} | {kind + p: -1.0 for p in range(m)}, 0.0),
    ]
    days = [[eat + i * horizon + t for i in range(n)] for t in range(horizon)]
    rows += [(dict.fromkeys(days[t], 1.0), household.need[t]) for t in range(horizon)]
    for i, f in enumerate(fruit):
        portions = dict.fromkeys((eat + i * horizon + t for t in range(horizon)), 1.0)
        rows.append((portions | {i: -float(f.portions)}, 0.0))
    for lot in {f.lot for f in fruit if f.lot is not None}:
        modes = [i for i, f in enumerate(fruit) if f.lot == lot]
        rows.append((dict.fromkeys(modes, 1.0), household.stock_of(lot)))
    for p, number in enumerate(products):
        mine = [i for i, f in enumerate(fruit) if f.product == number]
        rows.append((dict.fromkeys(mine, 1.0), household.units_max))
        rows.append(({kind + p: 1.0} | dict.fromkeys(mine, -1.0), 0.0))
        rows += [
            (dict.fromkeys((eat + i * horizon + t for i in mine), 1.0), household.same_a_day)
            for t in range(horizon)
        ]
    gain = np.zeros(size)
    gain[:n] = [-f.cost for f in fruit]
    gain[eat:kind], gain[kinds] = VALUE, household.missing
    most = np.ones(size)
    most[:n] = [min(f.most, household.units_max) for f in fruit] if high is None else high
    most[eat:kind] = [99 * (t in household.days_of(f)) for f in fruit for t in range(horizon)]
    most[kinds] = household.distinct
    least = np.zeros(size)
    least[:n] = 0 if low is None else low
    table = np.zeros((len(rows), size))
    for k, (row, _) in enumerate(rows):
        table[k, list(row)] = list(row.values())
    answer = milp(
        -gain,
        constraints=LinearConstraint(csr_array(table), ub=[limit for _, limit in rows]),
        bounds=Bounds(least, most),
        integrality=np.arange(size) < n,
        options={"mip_rel_gap": 0.0},
    )
    if answer.x is None:
        return None
    units = [round(x) for x in answer.x[:n]]
    worth = worth_of(household, units)
    assert worth is not None
    assert abs(worth + answer.fun) < 1.0
    return worth, units


def portions_on_best_days(
    household: Household, fruit: Fruit, values: Sequence[float], start: int, portions: int
) -> float:
    """Worth of portions `start`, `start` + 1, ... when each portion has the best day left."""
    best_first = sorted(
        (values[t] for t in household.days_of(fruit) for _ in range(household.a_day(t))),
        reverse=True,
    )
    return sum(best_first[start : start + portions])
