"""The planner with portions to spare, wished for and priced as the product does for every box."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import Problem
from subscriptions.planning.solve import Params, solve
from subscriptions.planning.spare import SPARE_PCT, SPARE_WORTH, spare_portions


def planned_with_spare(problem: Problem) -> Plan:
    """Plan with portions kept in reserve."""
    return solve(with_reserve(problem), params=Params(threads=1)).plan


def with_reserve(problem: Problem) -> Problem:
    """Wish for portions to spare."""
    return replace(
        problem,
        extras=replace(problem.extras, reserve=spare_of(problem)),
        weights=replace(problem.weights, missing_reserve=SPARE_WORTH),
    )


def spare_of(problem: Problem) -> NDArray[np.int8]:
    """Return how many portions each household is to have to spare; shape (N,)."""
    wanted = problem.n_por.astype(int) * problem.horizon
    return np.array([spare_portions(n, SPARE_PCT) for n in wanted.tolist()], dtype=np.int8)
