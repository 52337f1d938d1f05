"""Reads a problem into the arrays of the compiled engine."""

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.engine.week import Week, list_offers
from subscriptions.planning.problem import DAYS_MAX, FRUIT, Problem

Kind = TypeVar("Kind", bound=np.generic)


def read_week(problem: Problem) -> tuple[Week, int]:
    """Lay out a problem for the engine, with what each class of household can keep, and when it is ripe.

    Returns the week and the number of lines a box needs room for.
    """
    horizons, place = np.unique(problem.horizon, return_inverse=True)
    _, weekdays, homes, _ = problem.win_a.shape
    kind = (place * weekdays + problem.weekday) * homes + problem.home
    offers = _Offers(problem)
    for horizon in horizons.tolist():
        for weekday in range(weekdays):
            for home in range(homes):
                offers.add(horizon, weekday, home)
    week = Week(
        lot_prod=own(problem.lot_prod),
        lot_cost=own(problem.lot_cost),
        lot_grams=own(problem.lot_grams),
        lot_portions=own(problem.lot_portions),
        lot_pv=own(problem.lot_pv),
        lot_bonus=own(problem.lot_bonus),
        fruit=problem.prod_kind[problem.lot_prod] == FRUIT,
        plan=own(problem.plan),
        need=own(_need(problem)),
        k_stem=own(problem.k_stem),
        horizon=own(problem.horizon),
        weekday=own(problem.weekday),
        pref=own(problem.pref),
        last_week=own(problem.last_week),
        budget=own(problem.budget),
        grams_max=own(problem.grams_max),
        u_max=own(problem.u_max),
        c_day=own(problem.c_day),
        min_dist=own(problem.min_dist),
        kind=kind.astype(np.int32),
        wishes=_wishes(problem),
        group=_groups(problem),
        **_at_home(problem),
        **offers.arrays(),
        weights=_weights(problem, offers.most_fruit),
    )
    return week, offers.most_fruit + offers.most_flowers


def own(array: NDArray[Kind]) -> NDArray[Kind]:
    """Return an array as compiled code expects it, which would be compiled anew for any other layout."""
    return np.require(array, requirements=["C", "A", "W"])


def _need(problem: Problem) -> NDArray[np.int8]:
    """Portions wanted on each day; shape (N, 14)."""
    if problem.extras.day_need is not None:
        return problem.extras.day_need
    return np.broadcast_to(problem.n_por[:, None], (problem.n_subscribers, DAYS_MAX))


def _wishes(problem: Problem) -> NDArray[np.int32]:
    """Portions wished in reserve, and what a box should cost at least; no rows where nobody wishes either."""
    reserve, least = problem.extras.reserve, problem.extras.min_cost
    if reserve is None and least is None:
        return np.zeros((0, 2), dtype=np.int32)
    wishes = np.zeros((problem.n_subscribers, 2), dtype=np.int32)
    if reserve is not None:
        wishes[:, 0] = reserve
    if least is not None:
        wishes[:, 1] = least
    return wishes


def _groups(problem: Problem) -> NDArray[np.int32]:
    """Group of each product, 0 where it is in none; shape (P,)."""
    group = problem.extras.prod_group
    if group is None:
        return np.zeros(problem.n_products, dtype=np.int32)
    return group.astype(np.int32) + 1


def _at_home(problem: Problem) -> dict[str, Any]:
    """Items at home: their pointers, and product, portions, days as bits, 1 for fruit; shapes (N + 1,), (K, 4)."""
    at_home = problem.extras.at_home(DAYS_MAX)
    if at_home is None:
        return {
            "carry_ptr": np.zeros(0, dtype=np.int64),
            "carry": np.zeros((0, 4), dtype=np.int32),
        }
    columns = (
        at_home.prod,
        at_home.portions,
        at_home.good @ (1 << np.arange(DAYS_MAX)),
        problem.prod_kind[at_home.prod] == FRUIT,
    )
    return {
        "carry_ptr": own(at_home.ptr),
        "carry": np.stack(columns, axis=1).astype(np.int32),
    }


def _weights(problem: Problem, most_fruit: int) -> NDArray[np.int64]:
    each = problem.weights
    return np.array(
        [
            each.uncovered_portion,
            each.uncovered_stem_day,
            each.waste_portion,
            each.pref_cents,
            each.novelty_portion,
            each.missing_product,
            each.missing_reserve,
            each.missing_value,
            most_fruit,
        ],
        dtype=np.int64,
    )


class _Offers:
    """What every class of household can be sent, fruit before flowers, lots of one product together."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        fruit = problem.prod_kind[problem.lot_prod] == FRUIT
        order = np.argsort(problem.lot_prod, kind="stable").astype(np.int64)
        self.fruit, self.flowers = order[fruit[order]], order[~fruit[order]]
        self.ptr, self.split = [0], list[int]()
        self.found: list[NDArray[np.int64]] = []
        self.room = np.zeros((max(problem.n_lots * problem.win_a.shape[3], 1), 4), dtype=np.int64)

    def add(self, horizon: int, weekday: int, home: int) -> None:
        """Add the next class."""
        problem = self.problem
        usable = (problem.lot_last >= weekday) & (problem.lot_stock > 0)
        opens = problem.win_a[:, weekday, home].astype(np.int64)
        closes = problem.win_b[:, weekday, home].astype(np.int64)
        risk = self._risk(weekday, home)
        total = self.ptr[-1]
        for lots in (self.fruit, self.flowers):
            spare = int(problem.extras.reserve is not None and lots is self.fruit)
            n = list_offers(lots, usable, opens, closes, risk, horizon, spare, self.room)
            self.found.append(self.room[:n].copy())
            total += n
            if lots is self.fruit:
                self.split.append(total)
        self.ptr.append(total)

    def _risk(self, weekday: int, home: int) -> NDArray[np.int64]:
        """What it costs that a unit may be lost, by lot and way of keeping; shape (L, M). [1/100 cent]"""
        problem = self.problem
        if problem.extras.win_risk is None:
            return np.zeros((problem.n_lots, problem.win_a.shape[3]), dtype=np.int64)
        fruit = problem.prod_kind[problem.lot_prod] == FRUIT
        portions = np.where(fruit, problem.lot_portions, 0).astype(np.int64)
        return problem.extras.win_risk[:, weekday, home] * portions[:, None]

    @property
    def most_fruit(self) -> int:
        """Most offers of fruit that any household has; its box cannot have more lines."""
        return max((b - a for a, b in zip(self.ptr, self.split, strict=False)), default=0)

    @property
    def most_flowers(self) -> int:
        """Most offers of flowers that any household has."""
        return max((b - a for a, b in zip(self.split, self.ptr[1:], strict=True)), default=0)

    def arrays(self) -> dict[str, Any]:
        """Return the fields of a week that hold the offers."""
        found = np.concatenate(self.found) if self.found else self.room[:0]
        return {
            "ptr": np.array(self.ptr, dtype=np.int64),
            "flowers": np.array(self.split, dtype=np.int64),
            "offer_lot": found[:, 0].astype(np.int32),
            "offer_mode": found[:, 1].astype(np.int8),
            "offer_days": found[:, 2].astype(np.int32),
            "offer_risk": found[:, 3].astype(np.int32),
        }
