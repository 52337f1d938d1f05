"""What a week costs in which every box is empty."""

import numpy as np

from subscriptions.planning.problem import DAYS_MAX, FRUIT, Problem


def stems_at_home(problem: Problem) -> int:
    """Count the stems wanted, by day, that flowers at home show."""
    at_home = problem.extras.at_home(DAYS_MAX)
    if at_home is None:
        return 0
    who = np.repeat(np.arange(problem.n_subscribers), np.diff(at_home.ptr))
    flowers = problem.prod_kind[at_home.prod] != FRUIT
    good = at_home.good & flowers[:, None] & (np.arange(DAYS_MAX) < problem.horizon[who, None])
    shown = np.zeros((problem.n_subscribers, DAYS_MAX), dtype=np.int64)
    np.add.at(shown, who, good * at_home.portions[:, None].astype(np.int64))
    return int(np.minimum(shown, problem.k_stem[:, None]).sum())


def empty_objective(problem: Problem) -> float:
    """Objective of empty boxes where nothing is at home. [1/100 cent]"""
    weights, days, extras = problem.weights, problem.horizon.astype(np.int64), problem.extras
    portions = problem.n_por * days
    if extras.day_need is not None:
        within = np.arange(DAYS_MAX) < days[:, None]
        portions = np.where(within, extras.day_need, 0).sum(axis=1, dtype=np.int64)
    stems = problem.k_stem * days
    reserve = 0 if extras.reserve is None else int(extras.reserve.astype(np.int64).sum())
    value = 0 if extras.min_cost is None else int(extras.min_cost.astype(np.int64).sum())
    return 100.0 * (
        weights.uncovered_portion * int(portions.sum())
        + weights.uncovered_stem_day * int(stems.sum())
        + weights.missing_product * int(problem.min_dist.astype(np.int64).sum())
        + weights.missing_reserve * reserve
        + weights.missing_value * value
    )
