"""Laws of putting a household of a week on the bench: nothing it could do better with is left off."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subscriptions.planning.engine.bench import Floats, Ints, make_bench
from subscriptions.planning.engine.contents import NO_BOX
from subscriptions.planning.engine.put import put_fruit
from subscriptions.planning.engine.search import best_box
from subscriptions.planning.problem import EXCLUDED, FRUIT, Problem
from subscriptions.planning.reading import read_week
from tests.subscriptions.planning.engine.households import VALUE, Fruit, Household
from tests.subscriptions.planning.engine.slowly import best_box_slowly
from tests.subscriptions.planning.instances import WEIGHTS, problem_of, problems

CENT = 0.01


@st.composite
def weeks(draw: st.DrawFn) -> tuple[Problem, list[int]]:
    """A week with one household that has fruit only, and prices of the stock [1/100 cent]."""
    week = draw(problems(max_households=1, longest=7))
    week = replace(
        week,
        plan=np.array([FRUIT], dtype=np.int8),
        n_por=np.array([draw(st.integers(0, 3))], dtype=np.int8),
        k_stem=np.array([0], dtype=np.int8),
    )
    return week, [draw(st.sampled_from([0, 0, 500, 20_000])) for _ in range(week.n_lots)]


def household_of(week: Problem, prices: list[int]) -> Household:
    """The only household of a week in plain words, with everything it may get."""
    fruit = [
        Fruit(
            product=int(week.lot_prod[lot]),
            portions=int(week.lot_portions[lot]),
            first=int(week.win_a[lot, week.weekday[0], week.home[0], mode]),
            last=int(week.win_b[lot, week.weekday[0], week.home[0], mode]),
            cost=_cost(week, lot) + prices[lot],
            cents=int(week.lot_cost[lot]),
            grams=int(week.lot_grams[lot]),
            most=min(int(week.lot_stock[lot]), int(week.u_max[0])),
            lot=lot,
        )
        for lot in range(week.n_lots)
        for mode in range(week.win_a.shape[3])
        if week.prod_kind[week.lot_prod[lot]] == FRUIT
        and week.pref[0, week.lot_prod[lot]] != EXCLUDED
        and week.weekday[0] <= week.lot_last[lot]
    ]
    return Household(
        need=(int(week.n_por[0]),) * int(week.horizon[0]),
        fruit=tuple(sorted((f for f in fruit if f.first <= f.last), key=lambda each: each.product)),
        same_a_day=int(week.c_day[0]),
        units_max=int(week.u_max[0]),
        distinct=int(week.min_dist[0]),
        budget=int(week.budget[0]),
        grams_max=int(week.grams_max[0]),
        missing=100 * WEIGHTS.missing_product,
    )


def _cost(week: Problem, lot: int) -> int:
    """Cost of a unit as the objective has it, all its portions wasted. [1/100 cent]"""
    prod, pv = int(week.lot_prod[lot]), int(week.lot_pv[lot])
    had = int(week.last_week[0, prod >> 3] >> (prod & 7)) & 1
    return (
        100 * int(week.lot_cost[lot])
        - WEIGHTS.pref_cents * int(week.pref[0, prod]) * pv
        + 100 * WEIGHTS.novelty_portion * had * pv
        - 100 * int(week.lot_bonus[lot, week.weekday[0]])
        + 100 * WEIGHTS.waste_portion * int(week.lot_portions[lot])
    )


def bench_for(week: Problem, prices: list[int]) -> tuple[Ints, Floats]:
    """Put the only household of a week on a bench as the planner does."""
    w, r = make_bench(products=week.n_products, portions=60, distinct=5)
    left = week.lot_stock.astype(np.int64)
    put_fruit(read_week(week)[0], w, r, 0, left, np.array(prices, dtype=float), 0, 0)
    return w, r


def test_a_portion_eaten_is_neither_missing_nor_wasted() -> None:
    assert 100 * (WEIGHTS.uncovered_portion + WEIGHTS.waste_portion) == VALUE


@settings(max_examples=120, deadline=None)
@given(weeks())
def test_the_best_box_of_a_household_is_found_and_bounded(
    priced: tuple[Problem, list[int]],
) -> None:
    week, prices = priced
    w, r = bench_for(week, prices)
    worth, bound = best_box(w, r, NO_BOX, 1_000.0, 0.0, 100_000, 8, 3, 6)
    answer = best_box_slowly(household_of(week, prices))
    assert answer is not None
    assert worth <= answer[0] + CENT
    assert bound >= answer[0] - CENT


LOT: dict[str, Any] = {"stock": 1, "portions": 7, "pv": 7}


@pytest.mark.parametrize(
    "week",
    [
        pytest.param(
            problem_of([{"n_por": 2, "u_max": 2}], [LOT, LOT], [FRUIT]),
            id="two scarce lots of one product, both wanted",
        ),
        pytest.param(
            problem_of(
                [{"pref": [100]}],
                [LOT | {"cost": 0, "windows": [(10, 12), (9, 0), (9, 0)]}],
                [FRUIT],
            ),
            id="loved fruit that is ripe too late",
        ),
    ],
)
def test_no_fruit_that_could_be_of_use_is_left_off(week: Problem) -> None:
    prices = [0] * week.n_lots
    w, r = bench_for(week, prices)
    worth, _ = best_box(w, r, NO_BOX, 1_000.0, 0.0, 1_000, 8, 3, 6)
    answer = best_box_slowly(household_of(week, prices))
    assert answer is not None
    assert worth == answer[0]
