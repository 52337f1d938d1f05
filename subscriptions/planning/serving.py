"""Has the portions of finished boxes eaten in the order in which the least is likely to be lost."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.engine.serving import Boxes, serve_boxes
from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import FRUIT, Problem
from subscriptions.planning.reading import own


def serve_safely(problem: Problem, plan: Plan, *, threads: int = 1) -> Plan:
    """Choose which line each portion of a day comes from at the least risk by `problem.extras.day_risk`.

    Units, reserves and the portions of each day stay as they are, and so does the objective. Without that array,
    the plan is returned as it is.
    """
    if problem.extras.day_risk is None or not len(plan.line_lot):
        return plan
    boxes, eat = _boxes(problem, plan, problem.extras.day_risk), plan.line_eat.copy()
    most = int(np.diff(plan.box_ptr).max())
    lanes = np.array_split(np.arange(plan.n_boxes), threads)
    if threads == 1:
        serve_boxes(boxes, lanes[0], most, eat)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda lane: serve_boxes(boxes, lane, most, eat), lanes))
    return replace(plan, line_eat=eat)


def _boxes(problem: Problem, plan: Plan, day_risk: NDArray[np.uint8]) -> Boxes:
    extras, n = problem.extras, problem.n_subscribers
    ptr, prod, eaten = extras.carry_ptr, extras.carry_prod, plan.carry_eat
    if ptr is None or prod is None or len(eaten) != len(prod):
        ptr, prod, eaten = np.zeros(n + 1, np.int64), np.zeros(0, np.int16), eaten[:0]
    return Boxes(
        lot_prod=own(problem.lot_prod),
        lot_portions=own(problem.lot_portions),
        fruit=problem.prod_kind[problem.lot_prod] == FRUIT,
        win_a=own(problem.win_a),
        win_b=own(problem.win_b),
        day_risk=own(day_risk),
        weekday=own(problem.weekday),
        home=own(problem.home),
        horizon=own(problem.horizon),
        c_day=own(problem.c_day),
        ptr=own(plan.box_ptr),
        line_lot=own(plan.line_lot),
        line_mode=own(plan.line_mode),
        line_units=own(plan.line_units),
        line_reserve=own(plan.line_reserve),
        carry_ptr=own(ptr),
        carry_prod=own(prod),
        carry_eat=own(eaten),
    )
