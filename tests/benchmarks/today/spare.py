"""The planner with portions to spare: fruit that is still good on the last day, for what spoils before.

The planner is asked for them as portions of the last day; they are then put aside as a reserve, which nobody is
planned to eat. In haste (`fast`), as these weeks are four times as long to plan.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import DAYS_MAX, Problem
from subscriptions.planning.serving import serve_safely
from subscriptions.planning.solve import Params, solve

SHARE = 0.1
"""Portions to spare, of those wanted until the next box; rounded up."""


def planned_with_spare(problem: Problem) -> Plan:
    """Plan for `SHARE` portions more on the last day, and keep them in reserve."""
    spare = spare_portions(problem)
    need = np.repeat(problem.n_por[:, None], DAYS_MAX, axis=1)
    last = problem.horizon.astype(np.intp) - 1
    need[np.arange(len(need)), last] += spare
    asked = replace(problem, extras=replace(problem.extras, day_need=need))
    plan = put_aside(problem, solve(asked, params=Params(threads=1, fast=True)).plan)
    return serve_safely(problem, plan)


def with_reserve(problem: Problem) -> Problem:
    """Say that the portions to spare are wished for, so that the checker lets them be."""
    return replace(problem, extras=replace(problem.extras, reserve=spare_portions(problem)))


def spare_portions(problem: Problem) -> NDArray[np.int8]:
    """Return how many portions each household gets to spare; shape (N,)."""
    wanted = problem.n_por.astype(np.float64) * problem.horizon
    return np.ceil(SHARE * wanted - 1e-9).astype(np.int8)


def put_aside(problem: Problem, plan: Plan) -> Plan:
    """Put into reserve what is planned for the last day beyond the portions of a day."""
    eat, reserve = plan.line_eat.copy(), plan.line_reserve.copy()
    for n in np.flatnonzero(problem.n_por > 0).tolist():
        last, lines = int(problem.horizon[n]) - 1, plan.lines_of(n)
        beyond = int(eat[lines, last].sum()) - int(problem.n_por[n])
        for i in lines:
            moved = min(max(beyond, 0), int(eat[i, last]))
            eat[i, last] -= moved
            reserve[i] += moved
            beyond -= moved
    return replace(plan, line_eat=eat, line_reserve=reserve)
