"""The best fruit, or flowers, of one household at going prices, by a general solver: slower than the engine, but sure.

The engine's search can leave a gap where days, weight and variety pull at once. What is proved here closes it.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import csr_array

from subscriptions.planning.engine.bench import Floats, Ints
from subscriptions.planning.engine.week import Week
from subscriptions.planning.problem import EXCLUDED, FLOWER, FRUIT
from subscriptions.planning.run import LOT_SHIFT, MODE_SHIFT

CENT: Final = 100.0
CLOSE: Final = 1e-9
NODES: Final = 100_000
ROUNDING: Final = 0.01
"""Added to what the solver proves. [1/100 cent]"""


class Offers(NamedTuple):
    """What a household can get: lot, way of keeping, window (day by offer), portions or stems, most units, cost of a
    unit at no price, product.
    """

    lot: Ints
    mode: Ints
    ripe: NDArray[np.bool_]
    portions: Ints
    most: Ints
    cost: Floats
    product: Ints


def offers_of(week: Week, n: int, part: int, stock: Ints) -> Offers:
    """List the fruit (part 0) or the flowers (part 1) that household n can get. Costs are in 1/100 cent."""
    kind = week.kind[n]
    first, split, end = week.ptr[kind], week.flowers[kind], week.ptr[kind + 1]
    offer = np.arange(split, end) if part else np.arange(first, split)
    lot = week.offer_lot[offer].astype(np.int64)
    product = week.lot_prod[lot].astype(np.int64)
    most = np.minimum(int(week.u_max[n]), stock[lot])
    may = (week.pref[n, product] != EXCLUDED) & (most > 0)
    offer, lot, product, most = offer[may], lot[may], product[may], most[may]
    had = (week.last_week[n, product >> 3] >> (product & 7)) & 1
    liking = int(week.weights[3]) * week.pref[n, product].astype(np.int64)
    goods = week.lot_cost[lot].astype(np.int64) - week.lot_bonus[lot, week.weekday[n]]
    kept = week.lot_pv[lot] * (100 * int(week.weights[4]) * had - liking)
    portions = week.lot_portions[lot].astype(np.int64)
    waste = 0 if part else 100 * int(week.weights[2]) * portions
    cost = (100 * goods + kept + waste + week.offer_risk[offer]).astype(np.float64)
    days = np.arange(int(week.horizon[n]))
    ripe = (week.offer_days[offer][:, None] >> days) & 1 == 1
    return Offers(lot, week.offer_mode[offer].astype(np.int64), ripe, portions, most, cost, product)


@dataclass(slots=True)
class Model:
    """Rows of a linear program: `gain` @ x at most, rows @ x <= `most`, 0 <= x <= `upper`."""

    gain: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    entries: list[tuple[int, int, float]] = field(default_factory=list)
    days: list[int] = field(default_factory=list)
    """Rows of the days: portions wanted, or stems in display."""
    kinds: int = -1
    """Row that holds the wish for variety to the kinds in the box."""

    def variable(self, gain: float, upper: float = np.inf) -> int:
        """Add a variable; returns its number."""
        self.gain.append(gain)
        self.upper.append(upper)
        return len(self.gain) - 1

    def row(self, terms: list[tuple[int, float]], most: float) -> int:
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
        model.variable(-float(offers.cost[i] + prices[lot]), float(offers.most[i]))
    for each, most in ((week.lot_cost, week.budget[n]), (week.lot_grams, week.grams_max[n])):
        model.row([(i, float(each[lot])) for i, lot in enumerate(offers.lot)], float(most))
    for group in (offers.product, offers.lot):
        for value in np.unique(group).tolist():
            same = np.flatnonzero(group == value).tolist()
            most = week.u_max[n] if group is offers.product else offers.most[same].max()
            model.row([(i, 1.0) for i in same], float(most))
    (_show if part else _eat)(model, week, n, offers)
    return model


def _show(model: Model, week: Week, n: int, offers: Offers) -> None:
    """Stems in display on each day, as far as they are wanted."""
    for t in range(offers.ripe.shape[1]):
        seen = model.variable(100.0 * week.weights[1], float(week.k_stem[n]))
        stems = [(int(i), -float(offers.portions[i])) for i in np.flatnonzero(offers.ripe[:, t])]
        model.days.append(model.row([(seen, 1.0), *stems], 0.0))


def _eat(model: Model, week: Week, n: int, offers: Offers) -> None:
    """Portions eaten of each offer on each day, and kinds of fruit, as far as they are wished."""
    value = 100.0 * (week.weights[0] + week.weights[2])
    eaten = {
        (int(i), int(t)): model.variable(value)
        for i, t in zip(*np.nonzero(offers.ripe), strict=True)
    }
    items = range(len(offers.lot))
    for i in items:
        mine = [(x, 1.0) for (k, _), x in eaten.items() if k == i]
        model.row([*mine, (i, -float(offers.portions[i]))], 0.0)
    for t in range(offers.ripe.shape[1]):
        need = float(week.need[n, t])
        on_day = [(x, 1.0) for (_, day), x in eaten.items() if day == t]
        model.days.append(model.row(on_day, need))
        for product in np.unique(offers.product).tolist():
            same = [i for i in items if offers.product[i] == product and (i, t) in eaten]
            model.row([(eaten[i, t], 1.0) for i in same], min(need, float(week.c_day[n])))
    kinds = [(model.variable(0.0, 1.0), p) for p in np.unique(offers.product).tolist()]
    for kind, product in kinds:
        same = np.flatnonzero(offers.product == product).tolist()
        model.row([(kind, 1.0), *((i, -1.0) for i in same)], 0.0)
    wished = model.variable(100.0 * week.weights[5], float(week.min_dist[n]))
    model.kinds = model.row([(wished, 1.0), *((kind, -1.0) for kind, _ in kinds)], 0.0)


class Box(NamedTuple):
    """Packed lines, what they save at no price, and what no box saves more than at the prices. [1/100 cent]"""

    lines: NDArray[np.int32]
    worth: float
    bound: float


def parts_of(plan: int) -> tuple[int, ...]:
    """Fruit (0), flowers (1) or both."""
    return {FRUIT: (0,), FLOWER: (1,)}.get(plan, (0, 1))


def best_part(week: Week, n: int, part: int, stock: Ints, prices: Floats) -> Box | None:
    """Find the best fruit (part 0) or flowers (part 1) of household n; None if the solver gives up."""
    offers = offers_of(week, n, part, stock)
    if not len(offers.lot):
        return Box(np.zeros(0, dtype=np.int32), 0.0, 0.0)
    model = model_of(week, n, part, offers, prices)
    whole = np.arange(len(model.gain)) < len(offers.lot)
    found = solve_whole(
        np.array(model.gain), model.matrix(), np.array(model.most), whole, model.upper
    )
    if found.x is None or found.mip_dual_bound is None:
        return None
    units = np.rint(found.x[: len(offers.lot)]).astype(np.int64)
    lines = packed(offers, units)
    worth = -CENT * float(found.fun) + float(prices[offers.lot] @ units)
    return Box(lines, worth, -CENT * float(found.mip_dual_bound) + ROUNDING)


def packed(offers: Offers, units: Ints) -> NDArray[np.int32]:
    """Return the lines of a box."""
    held = units > 0
    lot, mode = offers.lot[held], offers.mode[held]
    return (lot << LOT_SHIFT | mode << MODE_SHIFT | units[held]).astype(np.int32)


def solve_whole(
    gain: Floats, matrix: Any, most: Floats, whole: NDArray[np.bool_], upper: Any
) -> OptimizeResult:
    """Choose x, whole where marked, with `matrix` @ x <= `most` and the greatest `gain` [1/100 cent]."""
    with _prints_aside():
        return milp(
            -gain / CENT,
            integrality=whole,
            bounds=Bounds(0.0, upper),
            constraints=LinearConstraint(matrix, -np.inf, most),
            options={"mip_rel_gap": CLOSE, "node_limit": NODES},
        )


@contextmanager
def _prints_aside() -> Iterator[None]:
    """Send what the solver prints to stderr: it writes to the process's standard output, whatever it is told."""
    sys.stdout.flush()
    kept = os.dup(1)
    try:
        os.dup2(2, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
