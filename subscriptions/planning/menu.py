"""What one household may be sent: its candidate lots and ways of keeping them, priced for its tastes."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.problem import EXCLUDED, FLOWER, FRUIT, Problem


@dataclass(frozen=True, slots=True)
class Dish:
    """One lot kept in one way in one home.

    `days` is the window clipped to the horizon as a bit mask (bit t: day t). `cost` is what one unit adds to the
    objective before anything is eaten or shown, without the price of scarce stock. [1/100 minor unit]
    """

    lot: int
    mode: int
    prod: int
    portions: int
    days: int
    cost: int
    cost_minor: int
    grams: int


@dataclass(frozen=True, slots=True)
class Menu:
    """A household's candidates and limits; `fruit` and `flowers` are empty where its plan has none."""

    fruit: tuple[Dish, ...]
    flowers: tuple[Dish, ...]
    portions_a_day: int
    stems_a_day: int
    horizon: int
    budget_minor: int
    grams_max: int
    units_max: int
    same_a_day: int
    distinct_wished: int


def read_menu(problem: Problem, subscriber: int) -> Menu:
    """List what may go into one box.

    A lot kept in a way whose days lie within another way's days is left out, and so is fruit that is never ripe
    before the next box.
    """
    costs = _unit_costs(problem, subscriber)
    kind = int(problem.plan[subscriber])
    return Menu(
        fruit=() if kind == FLOWER else _dishes(problem, subscriber, FRUIT, costs),
        flowers=() if kind == FRUIT else _dishes(problem, subscriber, FLOWER, costs),
        portions_a_day=int(problem.n_por[subscriber]),
        stems_a_day=int(problem.k_stem[subscriber]),
        horizon=int(problem.horizon[subscriber]),
        budget_minor=int(problem.budget[subscriber]),
        grams_max=int(problem.grams_max[subscriber]),
        units_max=int(problem.u_max[subscriber]),
        same_a_day=int(problem.c_day[subscriber]),
        distinct_wished=int(problem.min_dist[subscriber]),
    )


def _unit_costs(problem: Problem, subscriber: int) -> NDArray[np.int64]:
    """Cost of one unit of each lot less taste and bonus, plus repetition; shape (L,). [1/100 minor unit]"""
    weights, prod = problem.weights, problem.lot_prod
    pref = problem.pref[subscriber, prod].astype(np.int64)
    had = (problem.last_week[subscriber, prod >> 3] >> (prod & 7).astype(np.uint8)) & 1
    per_pv = 100 * weights.novelty_portion * had.astype(np.int64) - weights.pref_cents * pref
    bonus = problem.lot_bonus[:, problem.weekday[subscriber]].astype(np.int64)
    costs: NDArray[np.int64] = 100 * (problem.lot_cost - bonus) + per_pv * problem.lot_pv
    return costs


def _dishes(
    problem: Problem, subscriber: int, kind: int, costs: NDArray[np.int64]
) -> tuple[Dish, ...]:
    weekday, home = int(problem.weekday[subscriber]), int(problem.home[subscriber])
    may = (
        (problem.prod_kind[problem.lot_prod] == kind)
        & (problem.pref[subscriber, problem.lot_prod] != EXCLUDED)
        & (problem.lot_last >= weekday)
        & (problem.lot_stock > 0)
    )
    waste = 100 * problem.weights.waste_portion if kind == FRUIT else 0
    dishes = []
    for lot in np.flatnonzero(may).tolist():
        portions = int(problem.lot_portions[lot])
        windows = zip(
            problem.win_a[lot, weekday, home].tolist(),
            problem.win_b[lot, weekday, home].tolist(),
            strict=True,
        )
        for mode, days in _useful_modes(windows, int(problem.horizon[subscriber])):
            dishes.append(
                Dish(
                    lot=lot,
                    mode=mode,
                    prod=int(problem.lot_prod[lot]),
                    portions=portions,
                    days=days,
                    cost=int(costs[lot]) + waste * portions,
                    cost_minor=int(problem.lot_cost[lot]),
                    grams=int(problem.lot_grams[lot]),
                )
            )
    return tuple(dishes)


def _useful_modes(windows: Iterable[tuple[int, int]], horizon: int) -> list[tuple[int, int]]:
    """Return (mode, days) for the ways of keeping that no other way makes needless."""
    every_day = (1 << horizon) - 1
    kept: list[tuple[int, int]] = []
    for mode, (opens, closes) in enumerate(windows):
        days = ((1 << (closes + 1)) - (1 << opens)) & every_day if opens <= closes else 0
        if days == 0 or any(days & ~other == 0 for _, other in kept):
            continue
        kept = [(m, other) for m, other in kept if other & ~days]
        kept.append((mode, days))
    return kept
