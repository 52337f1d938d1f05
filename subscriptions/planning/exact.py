"""Certificates for small weeks, and their optimum.

The bound at the best prices is closed household by household (`whole_box.py`). If the plan still lies above it, all
units are dropped that a better plan cannot hold: at those prices none of its boxes saves less than the best of its
household by more than the whole gap. What is left is given to a general solver as one program; where that ends, its
answer is the optimum and proves itself so.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import block_diag, lil_array, vstack

from subscriptions.planning.box_model import CENT, Model, Offers, Terms, model_of
from subscriptions.planning.columns import (
    PARTS,
    Pool,
    Prices,
    places,
    relax,
    saved_at,
    units_in,
)
from subscriptions.planning.effort import THOROUGH
from subscriptions.planning.engine.bench import Floats, Ints
from subscriptions.planning.engine.lanes import Lines
from subscriptions.planning.run import BYTE, LOT_SHIFT, Run
from subscriptions.planning.whole_box import (
    best_part,
    offers_of,
    packed,
    parts_of,
    solve_whole,
)

ROUNDS_MAX: Final = 12
NEAR: Final = 1e-6
"""Gap of a bound that is not worth another round, as a share of what is saved."""
HOUSEHOLDS_MAX: Final = 60
"""Households up to which the optimum is looked for."""
SLACK: Final = 0.1
"""By how much a unit may miss the goal, for rounding. [1/100 cent]"""


def prove(pool: Pool, prices: Prices, close: float) -> None:
    """Lower the bound, closing the gap of every household where it is more than `close` [1/100 cent].

    Boxes found on the way are added to the pool.
    """
    run = pool.run
    relaxed = relax(pool.master(), run.problem.n_lots)
    for k in range(ROUNDS_MAX):
        if relaxed is None or run.stopped():
            return
        tried = relaxed.prices if k else prices.best
        lines, worth, bounds = run.price_out(tried, THOROUGH)
        _close_gaps(run, tried, (lines, worth, bounds), close)
        excess = (units_in(lines, len(run.stock)) - run.stock).astype(np.float64)
        prices.learn(tried, saved_at(run, tried, bounds), excess, relaxed.prices)
        pool.add(lines, worth)
        relaxed = relax(pool.master(), run.problem.n_lots)
        gap = close * run.problem.n_subscribers / 2
        if relaxed is not None and prices.saved - relaxed.saved < max(gap, NEAR * relaxed.saved):
            return


def _close_gaps(
    run: Run, prices: Floats, found: tuple[Lines, Floats, Floats], close: float
) -> None:
    """Replace what was found for households, and their bounds, by what is proved; all in place."""
    lines, worth, bounds = found
    paid = (prices[lines >> LOT_SHIFT] * (lines & BYTE)).sum(axis=1)
    gaps = bounds - (worth.sum(axis=1) - paid)
    for n in np.flatnonzero(gaps > close).tolist():
        proved = 0.0
        for part in parts_of(int(run.problem.plan[n])):
            box = best_part(run.week, n, part, run.stock, prices)
            start, end = places(run)[part]
            if box is None or len(box.lines) > end - start:
                proved = np.inf
                continue
            proved += box.bound
            lines[n, start:end] = 0
            lines[n, start : start + len(box.lines)] = box.lines
            worth[n, part] = box.worth
        bounds[n] = min(bounds[n], proved)


def settle(run: Run) -> bool:
    """Look for the optimum from the run's boxes, prices and bound; tells whether it is found and proved.

    The run's boxes and bound are then the optimum's.
    """
    known = run.saved
    if run.most >= known + 1.0:
        if run.problem.n_subscribers > HOUSEHOLDS_MAX or run.stopped():
            return False
        parts = _open_parts(run, known)
        found = None if parts is None else solve_whole(*_week_of(run, parts))
        if parts is None or found is None or found.x is None or found.status != 0:
            return False
        _write(run, parts, found.x, known)
    run.most = min(run.most, float(np.rint(run.saved)))
    return True


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """The fruit or the flowers of a household: what a plan better than the known one can hold of them."""

    household: int
    part: int
    offers: Offers
    model: Model


def _open_parts(run: Run, known: float) -> list[_Part] | None:
    """List the parts of all households, without units that would cost more than the gap; None if unsolved."""
    problem, bounds = run.problem, {}
    for n in range(problem.n_subscribers):
        for part in parts_of(int(problem.plan[n])):
            box = best_part(run.week, n, part, run.stock, run.prices)
            if box is None or run.stopped():
                return None
            bounds[n, part] = box.bound
    gap = sum(bounds.values()) + float(run.prices @ run.stock) - known
    found = []
    for (n, part), bound in bounds.items():
        offers = _within(run, n, part, bound - gap)
        model = model_of(run.week, n, part, offers, np.zeros_like(run.prices))
        found.append(_Part(n, part, offers, model))
    return found


def _within(run: Run, n: int, part: int, goal: float) -> Offers:
    """What household n can get, less the units with which its part could not save `goal` at the run's prices.

    A unit more than none lowers the relaxed best by what it fails to earn at the duals (its reduced cost).
    """
    offers = offers_of(run.week, n, part, run.stock)
    if not len(offers.lot):
        return offers
    model = model_of(run.week, n, part, offers, run.prices)
    gain, matrix, most = np.array(model.gain), model.matrix(), np.array(model.most)
    bounds = list(zip([0.0] * len(gain), model.upper, strict=True))
    found = linprog(-gain / CENT, A_ub=matrix, b_ub=most, bounds=bounds, method="highs")
    if not found.success:
        return offers
    dual = np.maximum(-CENT * found.ineqlin.marginals, 0.0)
    earned = gain - matrix.T @ dual
    upper = np.where(np.isfinite(model.upper), model.upper, 0.0)
    at_most = float(dual @ most) + float(np.maximum(earned, 0.0) @ upper) - model.without
    lost = np.maximum(-earned[: len(offers.lot)], 0.0)
    room = max(at_most - goal, 0.0) + SLACK
    units = np.floor(np.minimum(room / np.maximum(lost, 1e-9), offers.most)).astype(np.int64)
    held = units > 0
    return Offers(*(each[held] for each in offers._replace(most=units)))


def _week_of(run: Run, parts: list[_Part]) -> tuple[Floats, Any, Floats, NDArray[np.bool_], Floats]:
    """Lay out all parts as one program, side by side, over rows of stock and of what both parts of a box share."""
    lots = run.problem.n_lots
    starts = np.cumsum([0, *(len(part.model.gain) for part in parts)])
    rows = _shared_rows(run, parts, starts)
    shared = lil_array((lots + len(rows), int(starts[-1])))
    for part, start in zip(parts, starts.tolist(), strict=False):
        shared[part.offers.lot, start + np.arange(len(part.offers.lot))] = 1.0
    for k, (terms, _) in enumerate(rows):
        for x, value in terms:
            shared[lots + k, x] = value
    own = block_diag([part.model.matrix() for part in parts], format="csr")
    limits = [np.array(part.model.most) for part in parts]
    most = np.concatenate([*limits, run.stock, [limit for _, limit in rows]]).astype(np.float64)
    gain = np.concatenate([part.model.gain for part in parts])
    whole = np.concatenate([part.model.whole for part in parts])
    upper = np.concatenate([part.model.upper for part in parts])
    return gain, vstack([own, shared]).tocsr(), most, whole, upper


def _shared_rows(run: Run, parts: list[_Part], starts: Ints) -> list[tuple[Terms, float]]:
    """Rows that fruit and flowers of a box share: budget, weight, least value, and groups that both have a part in."""
    problem, rows = run.problem, []
    both = [k for k in range(1, len(parts)) if parts[k].household == parts[k - 1].household]
    for k in both:
        pair = [(parts[j], int(starts[j])) for j in (k - 1, k)]
        n = parts[k].household
        for each, limit in (
            (problem.lot_cost, problem.budget),
            (problem.lot_grams, problem.grams_max),
        ):
            terms = [
                (start + i, float(each[lot]))
                for part, start in pair
                for i, lot in enumerate(part.offers.lot.tolist())
            ]
            rows.append((terms, float(limit[n])))
        valued = [(start + part.model.value, 1.0) for part, start in pair if part.model.value >= 0]
        if valued and problem.extras.min_cost is not None:
            rows.append((valued, float(problem.extras.min_cost[n])))
        for group in parts[k - 1].model.groups.keys() & parts[k].model.groups.keys():
            held = [(start + x, 1.0) for part, start in pair for x in part.model.groups[group]]
            rows.append((held, 1.0))
    return rows


def _write(run: Run, parts: list[_Part], x: Floats, known: float) -> None:
    """Make the boxes found those of the run if they save more than is known."""
    pool, start, earned = Pool(run), 0, 0.0
    for part in parts:
        units = np.rint(x[start : start + len(part.offers.lot)]).astype(np.int64)
        gain = np.array(part.model.gain)
        found = x[start : start + len(gain)]
        start += len(gain)
        earned += float(gain @ found) - part.model.without
        if units.any():
            worth = float(gain @ found) - part.model.without + _alone(run, part, units, found)
            pool.add_box(PARTS * part.household + part.part, packed(part.offers, units), worth)
    if earned > known + 0.5:
        pool.write(np.arange(len(pool.owner)))
        run.worth[:] = np.rint(run.worth)


def _alone(run: Run, part: _Part, units: Ints, found: Floats) -> float:
    """What units earn more towards the least value of their box when the other part counts for nothing."""
    if part.model.value < 0 or run.problem.extras.min_cost is None:
        return 0.0
    cents = int(run.problem.lot_cost[part.offers.lot] @ units)
    most = min(cents, int(run.problem.extras.min_cost[part.household]))
    return part.model.gain[part.model.value] * (most - float(found[part.model.value]))
