"""Who else's box should change when a plan is mended: the few whose produce others need most."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.checker import check
from subscriptions.planning.effort import QUICK
from subscriptions.planning.engine.bench import Floats, Ints
from subscriptions.planning.part import boxes_of, part_of
from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import FRUIT, Problem
from subscriptions.planning.run import BYTE, LOT_SHIFT, Run, never, silent

LOOKED_AT: Final = 3
"""So many boxes are looked at for each that may change."""
WORTH_IT: Final = 200.0
"""What the change of a box has to save. [1/100 minor unit]"""


def who_else(
    problem: Problem,
    before: Plan,
    free: NDArray[np.bool_],
    *,
    prices: Floats,
    prices_now: Floats,
    most: int,
    threads: int,
) -> Ints:
    """Find at most so many boxes of an earlier plan that save most if they are chosen anew at the prices of now.

    Parameters
    ----------
    problem
        The week as it is now.
    before
        The plan to mend.
    free : shape (n_subscribers,)
        Boxes that may change but need not.
    prices : shape (n_lots,)
        What units were worth when `before` was made. [1/100 minor unit]
    prices_now : shape (n_lots,)
        What they are worth to the boxes that have to be filled. [1/100 minor unit]

    Notes
    -----
    A box that was best at the old prices can gain no more than its produce became dearer, but for what became
    cheaper; so only the boxes whose produce became dearest are looked at.
    """
    dearer = np.maximum(prices_now - prices, 0.0)[before.line_lot] * before.line_units
    can_gain = np.bincount(before.line_subscriber, dearer, minlength=before.n_boxes)
    can_gain[~free] = 0.0
    likely = np.argsort(-can_gain, kind="stable")[: LOOKED_AT * most]
    likely = np.sort(likely[can_gain[likely] > WORTH_IT])
    gain = _gains(part_of(problem, likely), boxes_of(problem, before, likely), prices_now, threads)
    best = np.argsort(-gain, kind="stable")[:most]
    return np.sort(likely[best[gain[best] > WORTH_IT]])


def _gains(problem: Problem, plan: Plan, prices: Floats, threads: int) -> Floats:
    """What each box could save at these prices against what it saves as it is; shape (N,)."""
    run = Run(problem, problem.lot_stock.astype(np.int64), threads, 0, silent, never)
    lines, worth, _ = run.price_out(prices, QUICK)
    paid = (prices[lines >> LOT_SHIFT] * (lines & BYTE)).sum(axis=1)
    paid_before = np.bincount(
        plan.line_subscriber, prices[plan.line_lot] * plan.line_units, minlength=plan.n_boxes
    )
    gain: Floats = worth.sum(axis=1) - paid - (saved(problem, plan) - paid_before)
    return gain


def saved(problem: Problem, plan: Plan) -> Floats:
    """What each box saves against an empty one, as the format counts; shape (N,). [1/100 minor unit]

    Fruit at home is left out: what is eaten of it hardly depends on the box.
    """
    weights, verdict = problem.weights, check(problem, plan)
    stems = problem.k_stem.astype(np.int64) * problem.horizon - verdict.stems_missing.sum(axis=1)
    kinds = np.minimum(verdict.fruit_kinds, problem.min_dist)
    found = 100.0 * (weights.uncovered_stem_day * stems + weights.missing_product * kinds)
    cost = np.bincount(plan.line_subscriber, _line_costs(problem, plan), minlength=plan.n_boxes)
    difference: Floats = found - cost
    if problem.extras.min_cost is not None:
        goods = problem.lot_cost[plan.line_lot] * plan.line_units.astype(np.int64)
        of_box = np.bincount(plan.line_subscriber, goods, minlength=plan.n_boxes)
        earned: Floats = np.minimum(of_box, problem.extras.min_cost)
        difference += 100.0 * weights.missing_value * earned
    return difference


def _line_costs(problem: Problem, plan: Plan) -> Floats:
    """What each line costs less what is liked and eaten of it; shape (lines,). [1/100 minor unit]"""
    weights, who, lot = problem.weights, plan.line_subscriber, plan.line_lot
    prod, units = problem.lot_prod[lot], plan.line_units.astype(np.int64)
    had = problem.last_week[who, prod >> 3] >> (prod & 7) & 1
    liked = weights.pref_cents * problem.pref[who, prod].astype(np.int64)
    bonus = problem.lot_bonus[lot, problem.weekday[who]]
    repeated = 100 * weights.novelty_portion * had.astype(np.int64)
    unit = 100 * (problem.lot_cost[lot].astype(np.int64) - bonus)
    unit = unit + (repeated - liked) * problem.lot_pv[lot]
    eaten = plan.line_eat.sum(axis=1, dtype=np.int64)
    shipped = problem.lot_portions[lot] * units
    kept = plan.line_reserve.astype(np.int64)
    wasted = weights.waste_portion * (shipped - eaten - kept)
    fruit = 100 * (wasted - weights.uncovered_portion * eaten - weights.missing_reserve * kept)
    if problem.extras.win_risk is not None:
        where = lot, problem.weekday[who], problem.home[who], plan.line_mode
        fruit = fruit + problem.extras.win_risk[where] * shipped
    is_fruit = problem.prod_kind[prod] == FRUIT
    total: Floats = (unit * units + np.where(is_fruit, fruit, 0)).astype(np.float64)
    return total
