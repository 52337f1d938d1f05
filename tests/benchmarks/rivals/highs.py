"""The whole model given to HiGHS, by `scipy.optimize.milp`."""

import numpy as np
import scipy
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import csr_array, hstack

from subscriptions.planning.problem import Problem
from tests.benchmarks.rivals.model import NO_LIMIT, Ints, Model, model_of
from tests.benchmarks.rivals.outcome import Outcome, Stopwatch, judged

_STATUS = {0: "optimal", 1: "time limit", 2: "infeasible", 3: "unbounded", 4: "failed"}
WHOLE_UP_TO = 300
"""Households up to which HiGHS is told that all columns are whole, not only the units. One run each: for 200
households its gap after 100 s was 0.6 % of the bound instead of 16 %, for 500 after 150 s 68 % instead of
14 %; for 50 it made little difference (7.5 and 9.6 processor seconds). Nothing between 200 and 500 was tried."""
_SCALE = 100  # the objective is given to HiGHS in cents: coefficients of 0.01 to some thousands


def solve_with_highs(problem: Problem, *, seconds: float) -> Outcome:
    """Solve the whole problem, to a gap of 0, for at most `seconds` in the solver."""
    building = Stopwatch()
    model = model_of(problem)
    built, solving = building.read(), Stopwatch()
    found = _minimised(model, 0 * model.most, model.most, seconds)
    took = solving.read()
    bound = found.mip_dual_bound
    return judged(
        problem,
        solver=f"HiGHS by scipy {scipy.__version__}",
        status=_STATUS[found.status],
        plan=None if found.x is None else model.plan(found.x),
        value=None if found.x is None else found.fun * _SCALE,
        bound=None if bound is None else bound * _SCALE,
        took=took,
        build_seconds=built.seconds,
    )


def completed(model: Model, units: Ints) -> Ints:
    """Settle all other columns for given units as well as can be; a whole solution, as a hint to another solver."""
    least, most = 0 * model.most, model.most.copy()
    least[model.unit_column] = most[model.unit_column] = units
    found = _minimised(model, least, most, np.inf)
    columns: Ints = np.rint(found.x[:-1]).astype(np.int64)
    return columns


def _minimised(model: Model, least: Ints, most: Ints, seconds: float) -> OptimizeResult:
    """Give the model to HiGHS; a last column fixed at 1 carries the constant, so that gaps are of the whole."""
    whole = np.ones(len(model.cost) + 1)
    if model.problem.n_subscribers > WHOLE_UP_TO:
        whole[:-1] = 0
        whole[model.unit_column] = 1
    return milp(
        np.append(model.cost, model.offset) / _SCALE,
        integrality=whole,
        bounds=Bounds(np.append(least, 1), np.append(most, 1)),
        constraints=_rows(model),
        options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )


def _rows(model: Model) -> list[LinearConstraint]:
    if not len(model.low):
        return []
    low = np.where(model.low <= -NO_LIMIT, -np.inf, model.low)
    high = np.where(model.high >= NO_LIMIT, np.inf, model.high)
    constant = csr_array((len(low), 1), dtype=np.float64)
    return [LinearConstraint(hstack([model.rows.astype(np.float64), constant]).tocsr(), low, high)]
