"""The whole model given to HiGHS, by `scipy.optimize.milp`."""

import time

import numpy as np
import scipy
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import csr_array, hstack

from subscriptions.planning.problem import Problem
from tests.benchmarks.rivals.model import NO_LIMIT, Ints, Model, model_of
from tests.benchmarks.rivals.outcome import Outcome, judged

_STATUS = {0: "optimal", 1: "time limit", 2: "infeasible", 3: "unbounded", 4: "failed"}
_SCALE = 100  # the objective is given to HiGHS in cents: coefficients of 0.01 to some thousands


def solve_with_highs(problem: Problem, *, seconds: float) -> Outcome:
    """Solve the whole problem, to a gap of 0, for at most `seconds` in the solver."""
    began = time.perf_counter()
    model = model_of(problem)
    built = time.perf_counter()
    found = _minimised(model, 0 * model.most, model.most, seconds)
    solved = time.perf_counter()
    bound = found.mip_dual_bound
    return judged(
        problem,
        solver=f"HiGHS by scipy {scipy.__version__}",
        status=_STATUS[found.status],
        plan=None if found.x is None else model.plan(found.x),
        value=None if found.x is None else found.fun * _SCALE,
        bound=None if bound is None else bound * _SCALE,
        seconds=solved - built,
        build_seconds=built - began,
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
    return milp(
        np.append(model.cost, model.offset) / _SCALE,
        integrality=np.ones(len(model.cost) + 1),
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
