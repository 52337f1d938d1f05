"""Tiny weeks that say more than the plain format: food at home, a reserve, either/or, a least value, odd days."""

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from subscriptions.planning.extras import Extras
from subscriptions.planning.problem import EXCLUDED, FLOWER, FRUIT, PlanWeights, Problem
from tests.subscriptions.planning.instances import problem_of

LONGEST = 4


@st.composite
def weeks_with_wishes(draw: st.DrawFn, *, max_households: int = 2) -> Problem:
    """Few lots and units, so that every plan can be tried; any of the optional arrays, or none."""
    kinds = draw(st.lists(st.sampled_from([FRUIT, FRUIT, FLOWER]), min_size=2, max_size=3))
    products = st.integers(0, len(kinds) - 1)
    households = [_household(draw, len(kinds)) for _ in range(draw(st.integers(1, max_households)))]
    lots = [_lot(draw, draw(products)) for _ in range(draw(st.integers(1, 4)))]
    weights = PlanWeights(
        uncovered_portion=draw(st.sampled_from([250, 60, 0])),
        waste_portion=draw(st.sampled_from([25, 90, 0])),
        missing_product=draw(st.sampled_from([150, 20])),
        missing_reserve=draw(st.sampled_from([0, 40, 100, 400])),
        missing_value=draw(st.sampled_from([0, 1, 2, 5])),
    )
    problem = problem_of(households, lots, kinds, weights)
    return replace(problem, extras=_extras(draw, problem))


def _household(draw: st.DrawFn, n_products: int) -> dict[str, Any]:
    plan = draw(st.sampled_from([0, 0, 1, 2]))
    taste = st.one_of(st.integers(-100, 100), st.integers(-100, 100), st.just(EXCLUDED))
    return {
        "plan": plan,
        "n_por": draw(st.integers(0, 2)) if plan != FLOWER else 0,
        "k_stem": draw(st.integers(0, 4)) if plan != FRUIT else 0,
        "horizon": draw(st.integers(1, LONGEST)),
        "budget": draw(st.sampled_from([150, 400, 1000])),
        "grams_max": draw(st.sampled_from([500, 5000])),
        "u_max": draw(st.integers(1, 3)),
        "c_day": draw(st.sampled_from([0, 1, 1, 2])),
        "min_dist": draw(st.integers(0, 2)),
        "pref": [draw(taste) for _ in range(n_products)],
    }


def _lot(draw: st.DrawFn, prod: int) -> dict[str, Any]:
    day = st.integers(0, LONGEST)
    windows = [(draw(day), draw(day)) for _ in range(draw(st.sampled_from([1, 1, 2])))]
    return {
        "prod": prod,
        "stock": draw(st.integers(0, 3)),
        "cost": draw(st.integers(0, 200)),
        "grams": draw(st.integers(0, 300)),
        "portions": draw(st.integers(1, 3)),
        "pv": draw(st.integers(0, 2)),
        "windows": [*windows, *[(9, 0)] * (3 - len(windows))],
    }


def _extras(draw: st.DrawFn, problem: Problem) -> Extras:
    n, some = problem.n_subscribers, st.booleans()
    arrays: dict[str, Any] = {}
    fruit = (problem.plan != FLOWER).astype(np.int8)

    def numbers(values: st.SearchStrategy[int], size: int, dtype: type) -> Any:
        return np.array(draw(st.lists(values, min_size=size, max_size=size)), dtype=dtype)

    if draw(some):
        arrays["day_need"] = (
            numbers(st.integers(0, 2), n * 14, np.int8).reshape(n, 14) * fruit[:, None]
        )
    if draw(some):
        arrays["reserve"] = numbers(st.integers(0, 3), n, np.int8) * fruit
    if draw(some):
        sizes = numbers(st.integers(0, 2), n, np.int64)
        items = int(sizes.sum())
        arrays["carry_ptr"] = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        arrays["carry_prod"] = numbers(st.integers(0, problem.n_products - 1), items, np.int16)
        arrays["carry_portions"] = numbers(st.integers(0, 3), items, np.int8)
        arrays["carry_a"] = numbers(st.integers(0, 3), items, np.int8)
        arrays["carry_b"] = numbers(st.integers(-1, 5), items, np.int8)
    if draw(some):
        arrays["prod_group"] = numbers(st.sampled_from([-1, 0, 0, 5]), problem.n_products, np.int16)
    if draw(some):
        arrays["min_cost"] = numbers(st.integers(0, 700), n, np.int32)
    return Extras(**arrays)
