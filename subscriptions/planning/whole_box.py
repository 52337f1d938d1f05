"""The best fruit, or flowers, of one household at going prices, by a general solver: slower than the engine, but sure.

The engine's search can leave a gap where days, weight and variety pull at once. What is proved here closes it.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp

from subscriptions.planning.box_model import CENT, Offers, model_of
from subscriptions.planning.engine.bench import Floats, Ints
from subscriptions.planning.engine.week import Week
from subscriptions.planning.problem import EXCLUDED, FLOWER, FRUIT
from subscriptions.planning.run import LOT_SHIFT, MODE_SHIFT

CLOSE: Final = 1e-9
"""Gap at which a solver may stop, as a share of what is saved."""
VALUED_CLOSE: Final = 1e-4
"""The same where a box should be worth something at least: cents that add up to it are too many to try them all."""
NODES: Final = 100_000
ROUNDING: Final = 0.01
"""Added to what the solver proves. [1/100 cent]"""


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
    mode = week.offer_mode[offer].astype(np.int64)
    keeps = (week.offer_days[offer] >> int(week.horizon[n])) & 1 == 1
    return Offers(lot, mode, ripe, portions, most, cost, product, keeps)


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
    whole = np.array(model.whole)
    found = solve_whole(
        np.array(model.gain),
        model.matrix(),
        np.array(model.most),
        whole,
        model.upper,
        close=CLOSE if model.value < 0 else VALUED_CLOSE,
    )
    if found.x is None or found.mip_dual_bound is None:
        return None
    units = np.rint(found.x[: len(offers.lot)]).astype(np.int64)
    lines = packed(offers, units)
    saved = -CENT * float(found.fun) - model.without
    bound = -CENT * float(found.mip_dual_bound) - model.without
    return Box(lines, saved + float(prices[offers.lot] @ units), bound + ROUNDING)


def packed(offers: Offers, units: Ints) -> NDArray[np.int32]:
    """Return the lines of a box."""
    held = units > 0
    lot, mode = offers.lot[held], offers.mode[held]
    return (lot << LOT_SHIFT | mode << MODE_SHIFT | units[held]).astype(np.int32)


def solve_whole(
    gain: Floats,
    matrix: Any,
    most: Floats,
    whole: NDArray[np.bool_],
    upper: Any,
    *,
    close: float = CLOSE,
) -> OptimizeResult:
    """Choose x, whole where marked, with `matrix` @ x <= `most` and the greatest `gain` [1/100 cent]."""
    with _prints_aside():
        return milp(
            -gain / CENT,
            integrality=whole,
            bounds=Bounds(0.0, upper),
            constraints=LinearConstraint(matrix, -np.inf, most),
            options={"mip_rel_gap": close, "node_limit": NODES},
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
