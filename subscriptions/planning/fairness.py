"""Scarce produce goes round over the weeks: who wanted it, who went without, who has waited longest, and why.

A household that wanted what there was too little of, and could have had it, has missed a turn. Each turn missed in
a row makes the produce dearer to it in the next plan, as if it liked it more: in `pref`, where the planner and the
checker read tastes, and nowhere else.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.answer import Answer, Answers
from subscriptions.planning.checker import check
from subscriptions.planning.checker_verdict import Verdict
from subscriptions.planning.effort import FAST, THOROUGH, USUAL
from subscriptions.planning.engine.lanes import Effort, Lines
from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import DAYS_MAX, EXCLUDED, FLOWER, Problem
from subscriptions.planning.run import LOT_SHIFT
from subscriptions.planning.solve import Params, Progress, Result, opened, solve

Marks = NDArray[np.bool_]
Floats = NDArray[np.float64]

TURN_HUNDREDTHS: Final = 20
"""What a turn missed adds to a taste; even, as tastes are halved to make room. [hundredths]"""
TURNS_MOST: Final = 5
"""Turns that count: five make as much as a full taste. With the usual weights that is 40 cents a portion, and a
portion that is missing on a day counts 250: nobody's turn leaves another's day bare."""
MISSED_MOST: Final = 255
"""The largest number that the array of turns holds."""
PLENTY: Final = 1_000_000
USUAL_PARAMS: Final = Params()
FEW: Final = 1_500
"""Households up to which what each would want is looked at thoroughly."""
MEDIUM: Final = 20_000
"""Households above which only a quick look is taken at what each would want."""


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """A plan that minds whose turn it is.

    `result` is of the week with turns, `verdict` the checker's on the week as households know it, without them:
    between two plans its objective says what fairness costs.
    """

    result: Result
    verdict: Verdict
    answers: Answers


def plan_fairly(
    problem: Problem,
    missed: NDArray[np.uint8],
    *,
    seed: int = 1,
    params: Params = USUAL_PARAMS,
    progress: Progress | None = None,
) -> Shared:
    """Plan a week, scarce produce going first to those who have missed it most often.

    Parameters
    ----------
    missed : shape (n_subscribers, n_products)
        Turns that a household has missed in a row before this week. Where it is all 0 the plan is that of `solve`.

    Raises
    ------
    Invalid
        The bonus does not fit the weights of the problem.
    """
    week = with_turns(problem, missed)
    result = solve(week, seed=seed, params=params, progress=progress)
    verdict = result.verdict if week is problem else check(problem, result.plan)
    return Shared(result, verdict, answers_of(problem, result, missed, params=params))


def with_turns(problem: Problem, missed: NDArray[np.uint8]) -> Problem:
    """Add to tastes what turns missed are worth; without any, return the problem itself.

    Tastes are written in half the measure at twice the weight, so that a full taste has room for a bonus; a taste of
    odd hundredths gives way by half a hundredth.
    """
    known = problem.pref != EXCLUDED
    bonus = np.where(known, bonus_of(missed), 0)
    if not bonus.any():
        return problem
    tastes = np.where(known, (problem.pref.astype(np.int64) + bonus) // 2, EXCLUDED)
    weights = replace(problem.weights, pref_cents=2 * problem.weights.pref_cents)
    return replace(problem, pref=tastes.astype(np.int8), weights=weights)


def bonus_of(missed: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return what turns missed in a row are worth. [hundredths of full taste]"""
    worth: NDArray[np.int64] = TURN_HUNDREDTHS * np.minimum(missed, TURNS_MOST).astype(np.int64)
    return worth


def answers_of(
    problem: Problem, result: Result, missed: NDArray[np.uint8], *, params: Params
) -> Answers:
    """Say for every household and produce why it has it or not.

    A household *wanted* a produce if its own best box would hold it, were there plenty of everything at no price; a
    box within a cent of the best counts as the best. It missed a turn if it wanted it from a lot that ran out in this
    plan, and has none.
    """
    held = held_by(problem, result.plan)
    used = np.bincount(
        result.plan.line_lot, weights=result.plan.line_units, minlength=problem.n_lots
    )
    gone = used >= problem.lot_stock
    ran_out = gone & (problem.lot_stock > 0)
    lots = best_lots(problem, np.zeros(problem.n_lots), params)
    wanted, wanted_gone = (of_lots(problem, lots, mark) for mark in (ran_out, gone & ~ran_out))
    missed_now = wanted & ~held
    reason = _standing_reasons(problem, held)
    open_ = reason == Answer.SUITS_LESS.code
    for answer, mark in (
        (Answer.NOT_NEEDED, of_lots(problem, lots, ~gone)),
        (Answer.ALL_PROMISED, wanted_gone),
        (Answer.NOT_ENOUGH, missed_now),
    ):
        reason[mark & open_] = answer.code
    if missed_now.any():
        at_prices = best_lots(with_turns(problem, missed), result.prices, params)
        _tell_rivals(problem, reason, held, missed, of_lots(problem, at_prices, ran_out))
    named = problem.products or tuple(map(str, range(problem.n_products)))
    return Answers(named, problem.prod_kind == FLOWER, reason, missed)


def held_by(problem: Problem, plan: Plan) -> Marks:
    """Mark the produce that each box holds; shape (N, P)."""
    held = np.zeros((problem.n_subscribers, problem.n_products), dtype=np.bool_)
    held[plan.line_subscriber, problem.lot_prod[plan.line_lot]] = True
    return held


def best_lots(problem: Problem, prices: Floats, params: Params) -> Lines:
    """Return every household's best box at prices, were there plenty of every lot; packed lines, shape (N, width)."""
    stock = np.full_like(problem.lot_stock, PLENTY)
    run, _ = opened(replace(problem, lot_stock=stock), params, seed=0)
    lines, _, _ = run.price_out(prices, _effort(problem.n_subscribers))
    return lines


def _effort(households: int) -> Effort:
    """Look as hard at what each household would want as there is time for with so many."""
    if households <= FEW:
        return THOROUGH
    return USUAL if households <= MEDIUM else FAST


def of_lots(problem: Problem, lines: Lines, among: Marks) -> Marks:
    """Mark the produce that boxes hold from some of the lots; shape (N, P)."""
    marks = np.zeros((problem.n_subscribers, problem.n_products), dtype=np.bool_)
    n, at = np.nonzero(lines)
    lot = lines[n, at] >> LOT_SHIFT
    chosen = among[lot]
    marks[n[chosen], problem.lot_prod[lot[chosen]]] = True
    return marks


def _standing_reasons(problem: Problem, held: Marks) -> NDArray[np.int8]:
    """Say what stands in the way whatever others want; `SUITS_LESS` where nothing does. Shape (N, P)."""
    cost, grams = _least(problem, problem.lot_cost), _least(problem, problem.lot_grams)
    never = np.iinfo(np.int64).max
    kind = problem.plan[:, None]
    offered = np.bincount(problem.lot_prod, minlength=problem.n_products) > 0
    steps = (
        (Answer.IN_BOX, held),
        (Answer.NOT_OFFERED, np.broadcast_to(~offered, held.shape)),
        (Answer.NOT_IN_PLAN, (kind <= FLOWER) & (kind != problem.prod_kind)),
        (Answer.NEVER_LIST, problem.pref == EXCLUDED),
        (Answer.NOT_RIPE, cost == never),
        (Answer.LIMITS, np.broadcast_to((problem.u_max == 0)[:, None], held.shape)),
        (Answer.OVER_BUDGET, cost > problem.budget[:, None]),
        (Answer.OVER_WEIGHT, grams > problem.grams_max[:, None]),
    )
    reason = np.full(held.shape, Answer.SUITS_LESS.code, dtype=np.int8)
    for answer, mark in reversed(steps):
        reason[mark] = answer.code
    return reason


def _least(problem: Problem, of_lot: NDArray[np.int32]) -> NDArray[np.int64]:
    """Least of a measure over the lots of each produce that can be eaten, or bloom, in time; shape (N, P).

    The largest number there is where there is none.
    """
    where = np.stack([problem.weekday, problem.home, problem.horizon], axis=1)
    kinds, place = np.unique(where, axis=0, return_inverse=True)
    least = np.full((len(kinds), problem.n_products), np.iinfo(np.int64).max)
    for k, (weekday, home, horizon) in enumerate(kinds.tolist()):
        opens, closes = problem.win_a[:, weekday, home], problem.win_b[:, weekday, home]
        in_time = ((opens <= closes) & (opens < min(horizon, DAYS_MAX))).any(axis=1)
        lots = np.flatnonzero(in_time & (problem.lot_last >= weekday))
        np.minimum.at(least[k], problem.lot_prod[lots], of_lot[lots])
    found: NDArray[np.int64] = least[place.reshape(-1)]
    return found


def _tell_rivals(
    problem: Problem,
    reason: NDArray[np.int8],
    held: Marks,
    missed: NDArray[np.uint8],
    at_prices: Marks,
) -> None:
    """Say more of those who missed a turn: whether all who got it had waited longer, or like it more, or need it more.

    `at_prices` marks whose best box would hold it even at what it is worth to others.
    """
    without = reason == Answer.NOT_ENOUGH.code
    rank = missed.astype(np.int64) << 8 | (problem.pref.astype(np.int64) - EXCLUDED)
    for p in np.flatnonzero(without.any(axis=0)).tolist():
        n, got = np.flatnonzero(without[:, p]), held[:, p]
        if not got.any():
            continue
        code = np.where(at_prices[n, p], Answer.NOT_ENOUGH.code, Answer.WORTH_MORE.code)
        code[rank[got, p].min() > rank[n, p]] = Answer.LIKED_MORE.code
        code[missed[got, p].min() > missed[n, p]] = Answer.WAITED_LONGER.code
        reason[n, p] = code
