"""The choice of one household's fruit, or flowers, as a linear program with whole units."""

from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array

from subscriptions.planning.engine.bench import Floats, Ints
from subscriptions.planning.engine.week import Week

CENT: Final = 100.0
Terms = list[tuple[int, float]]


class Offers(NamedTuple):
    """What a household can get: lot, way of keeping, window (day by offer), portions or stems, most units, cost of a
    unit at no price, product, whether it keeps beyond the last day.
    """

    lot: Ints
    mode: Ints
    ripe: NDArray[np.bool_]
    portions: Ints
    most: Ints
    cost: Floats
    product: Ints
    keeps: NDArray[np.bool_]


@dataclass(slots=True)
class Model:
    """Rows of a linear program: `gain` @ x at most, rows @ x <= `most`, 0 <= x <= `upper`, x whole where marked."""

    gain: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    entries: list[tuple[int, int, float]] = field(default_factory=list)
    days: list[int] = field(default_factory=list)
    """Rows of the days: portions wanted, or stems in display."""
    kinds: int = -1
    """Row that holds the wish for variety to the kinds in the box."""
    groups: dict[int, list[int]] = field(default_factory=dict)
    """Of each group of which a box holds one product only, variables that are 1 where it holds one."""
    value: int = -1
    """Variable of the cents that earn towards the least value of the box."""
    without: float = 0.0
    """What is saved without a box, by what is at home. [1/100 cent]"""

    def variable(self, gain: float, upper: float = np.inf, *, whole: bool = False) -> int:
        """Add a variable; returns its number."""
        self.gain.append(gain)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.gain) - 1

    def row(self, terms: Terms, most: float) -> int:
        """Add a row; returns its number."""
        self.entries += [(len(self.most), x, value) for x, value in terms]
        self.most.append(most)
        return len(self.most) - 1

    def matrix(self) -> csr_array[Any]:
        """Return the rows."""
        rows, columns, values = np.array(self.entries).reshape(-1, 3).T
        places = rows.astype(np.int64), columns.astype(np.int64)
        return csr_array((values, places), shape=(len(self.most), len(self.gain)))


def model_of(week: Week, n: int, part: int, offers: Offers, prices: Floats) -> Model:
    """Write the choice of a household's fruit or flowers as a program; the units of offers come first."""
    model = Model()
    for i, lot in enumerate(offers.lot.tolist()):
        model.variable(-float(offers.cost[i] + prices[lot]), float(offers.most[i]), whole=True)
    for each, most in ((week.lot_cost, week.budget[n]), (week.lot_grams, week.grams_max[n])):
        model.row([(i, float(each[lot])) for i, lot in enumerate(offers.lot)], float(most))
    for group in (offers.product, offers.lot):
        for value in np.unique(group).tolist():
            same = np.flatnonzero(group == value).tolist()
            most = week.u_max[n] if group is offers.product else offers.most[same].max()
            model.row([(i, 1.0) for i in same], float(most))
    _choose_in_groups(model, week, n, offers)
    if len(week.wishes) and week.wishes[n, 1]:
        model.value = model.variable(CENT * week.weights[7], float(week.wishes[n, 1]))
        cents = [(i, -float(week.lot_cost[lot])) for i, lot in enumerate(offers.lot)]
        model.row([(model.value, 1.0), *cents], 0.0)
    (_show if part else _eat)(model, week, n, offers)
    return model


def _choose_in_groups(model: Model, week: Week, n: int, offers: Offers) -> None:
    """Let the box hold one product of each group."""
    for product in np.unique(offers.product[week.group[offers.product] > 0]).tolist():
        held = model.variable(0.0, 1.0, whole=True)
        for i in np.flatnonzero(offers.product == product).tolist():
            model.row([(i, 1.0), (held, -float(week.u_max[n]))], 0.0)
        model.groups.setdefault(int(week.group[product]), []).append(held)
    for variables in model.groups.values():
        model.row([(x, 1.0) for x in variables], 1.0)


def _carried(week: Week, n: int, *, fruit: bool) -> Ints:
    """Return product, portions and days (as bits) of the fruit, or flowers, that household n has at home, by row."""
    if not len(week.carry_ptr):
        return np.zeros((0, 3), dtype=np.int64)
    items = week.carry[week.carry_ptr[n] : week.carry_ptr[n + 1]].astype(np.int64)
    found: Ints = items[(items[:, 3] == 1) == fruit, :3]
    return found


def _show(model: Model, week: Week, n: int, offers: Offers) -> None:
    """Stems in display on each day, as far as they are wanted beside those that are at home."""
    at_home = _carried(week, n, fruit=False)
    for t in range(offers.ripe.shape[1]):
        there = int(at_home[(at_home[:, 2] >> t) & 1 == 1, 1].sum())
        wanted = max(float(week.k_stem[n]) - there, 0.0)
        seen = model.variable(CENT * week.weights[1], wanted)
        stems = [(int(i), -float(offers.portions[i])) for i in np.flatnonzero(offers.ripe[:, t])]
        model.days.append(model.row([(seen, 1.0), *stems], 0.0))


def _eat(model: Model, week: Week, n: int, offers: Offers) -> None:
    """Portions eaten of each offer on each day or kept in reserve, and kinds of fruit, as far as they are wished."""
    weights, items = week.weights, range(len(offers.lot))
    value = CENT * (weights[0] + weights[2])
    eaten = {
        (int(i), int(t)): model.variable(value)
        for i, t in zip(*np.nonzero(offers.ripe), strict=True)
    }
    kept = _keep(model, week, n, offers)
    for i in items:
        mine = [(x, 1.0) for (k, _), x in eaten.items() if k == i]
        mine += [(x, 1.0) for k, x in kept.items() if k == i]
        model.row([*mine, (i, -float(offers.portions[i]))], 0.0)
    products = dict(enumerate(offers.product.tolist()))
    with_home = eaten | _eat_at_home(model, week, n, products)
    for t in range(offers.ripe.shape[1]):
        need = float(week.need[n, t])
        on_day = [(x, 1.0) for (_, day), x in with_home.items() if day == t]
        model.days.append(model.row(on_day, need))
        for product in sorted(set(products.values())):
            same = [x for (i, day), x in with_home.items() if day == t and products[i] == product]
            model.row([(x, 1.0) for x in same], min(need, float(week.c_day[n])))
    kinds = [(model.variable(0.0, 1.0), p) for p in np.unique(offers.product).tolist()]
    for kind, product in kinds:
        same = np.flatnonzero(offers.product == product).tolist()
        model.row([(kind, 1.0), *((i, -1.0) for i in same)], 0.0)
    wished = model.variable(CENT * weights[5], float(week.min_dist[n]))
    model.kinds = model.row([(wished, 1.0), *((kind, -1.0) for kind, _ in kinds)], 0.0)
    if len(with_home) > len(eaten):
        model.without = _saved_without(model, len(offers.lot))


def _keep(model: Model, week: Week, n: int, offers: Offers) -> dict[int, int]:
    """Portions of each offer that are kept in reserve, as far as that is wished; returns variables by offer."""
    wished = int(week.wishes[n, 0]) if len(week.wishes) else 0
    if not wished:
        return {}
    value = CENT * (week.weights[6] + week.weights[2])
    kept = {i: model.variable(value) for i in np.flatnonzero(offers.keeps).tolist()}
    model.row([(x, 1.0) for x in kept.values()], float(wished))
    return kept


def _eat_at_home(
    model: Model, week: Week, n: int, products: dict[int, int]
) -> dict[tuple[int, int], int]:
    """Portions eaten of each item at home on each day; `products` of the items are added, numbered on."""
    value, horizon = CENT * week.weights[0], int(week.horizon[n])
    eaten: dict[tuple[int, int], int] = {}
    for product, portions, days in _carried(week, n, fruit=True).tolist():
        item = len(products)
        products[item] = product
        good = [t for t in range(horizon) if days >> t & 1]
        mine = {(item, t): model.variable(value) for t in good}
        model.row([(x, 1.0) for x in mine.values()], float(portions))
        eaten |= mine
    return eaten


def _saved_without(model: Model, offers: int) -> float:
    """Solve the program without units. A flow of whole portions is left, so its best is whole. [1/100 cent]"""
    upper = np.array(model.upper)
    upper[:offers] = 0.0
    if model.value >= 0:
        upper[model.value] = 0.0
    bounds = list(zip(np.zeros_like(upper), upper, strict=True))
    found = linprog(
        -np.array(model.gain) / CENT, A_ub=model.matrix(), b_ub=model.most, bounds=bounds
    )
    return CENT * round(-float(found.fun))
