"""Laws of the price bound: no box is worth more, and nothing better is ruled out."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from subscriptions.planning.engine import bench as at
from subscriptions.planning.engine.bench import Floats, Ints
from subscriptions.planning.engine.learn import learn_prices
from subscriptions.planning.engine.price import (
    bound_at,
    eat_fixed,
    fill_cheapest,
    open_all,
    rule_out,
)
from subscriptions.planning.engine.worth import set_prices
from tests.subscriptions.planning.engine.households import (
    VALUE,
    Household,
    households,
    on_bench,
    put,
    units_in,
    unloved,
)
from tests.subscriptions.planning.engine.slowly import (
    best_box_slowly,
    most_eaten,
    portions_on_best_days,
    shipped,
)

CENT = 0.01
ANY = households() | households(horizons=(14,))


def best_worth(
    household: Household, low: list[int] | None = None, high: list[int] | None = None
) -> int:
    """Worth of the best box."""
    answer = best_box_slowly(household, low, high)
    assert answer is not None
    return answer[0]


def draw_prices(data: st.DataObject, household: Household, w: Ints, r: Floats) -> None:
    """Any prices at all."""
    for t in range(len(household.need)):
        r[at.WORTH + t] = data.draw(st.sampled_from([0, VALUE]) | st.integers(0, VALUE))
    r[at.MU] = data.draw(st.integers(0, household.missing))
    dear = st.sampled_from([0.0, 0.0, 3.0, 40.0, 200.0])
    set_prices(w, r, data.draw(dear), data.draw(dear))


@settings(max_examples=100, deadline=None)
@given(ANY, st.data())
def test_no_box_is_worth_more_than_the_bound_at_any_prices(
    household: Household, data: st.DataObject
) -> None:
    w, r = on_bench(household)
    draw_prices(data, household, w, r)
    assert bound_at(w, r) >= best_worth(household) - CENT


@settings(max_examples=100, deadline=None)
@given(ANY, st.data())
def test_the_bound_takes_the_best_units_of_each_product_for_itself(
    household: Household, data: st.DataObject
) -> None:
    w, r = on_bench(household)
    draw_prices(data, household, w, r)
    values = [float(r[at.WORTH + t]) for t in range(len(household.need))]
    total = float((r[at.MISSING] - r[at.MU]) * household.distinct)
    total += r[at.PER_GRAM] * household.grams_max + r[at.PER_CENT] * household.budget
    total += sum(n * (VALUE - v) for n, v in zip(household.need, values, strict=True))
    for p in household.products:
        # The worth of each unit of an item falls, so the best units of a product are simply its dearest.
        units = sorted(
            (
                portions_on_best_days(household, f, values, u * f.portions, f.portions)
                - r[at.LAGRANGE + i]
                for i, f in enumerate(household.fruit)
                if f.product == p
                for u in range(min(f.most, household.units_max))
            ),
            reverse=True,
        )[: household.units_max]
        total += max(0.0, *(r[at.MU] + sum(units[: n + 1]) for n in range(len(units))))
    assert abs(bound_at(w, r) - total) < CENT


@settings(max_examples=100, deadline=None)
@given(ANY, st.data())
def test_no_box_worth_the_goal_is_ruled_out(household: Household, data: st.DataObject) -> None:
    w, r = on_bench(household)
    if data.draw(st.booleans()):
        learn_prices(w, r, 4)
        r[at.WORTH : at.WORTH + at.DAYS] = r[at.WORTH_BEST : at.WORTH_BEST + at.DAYS]
    else:
        draw_prices(data, household, w, r)
    open_all(w)
    bound_at(w, r)
    best = best_worth(household)
    rule_out(w, r, best - data.draw(st.sampled_from([0.5, 500.0, 20_000.0])))
    assert best_worth(household, units_in(w, at.LOW), units_in(w, at.HIGH)) == best


@settings(max_examples=100, deadline=None)
@given(ANY, st.integers(1, 8), st.floats(0, 1))
def test_learned_prices_bound_every_box_and_are_left_in_place(
    household: Household, rounds: int, start: float
) -> None:
    w, r = on_bench(household)
    r[at.MU] = start * household.missing
    bound = learn_prices(w, r, rounds)
    assert bound >= best_worth(household) - CENT
    assert 0 <= r[at.MU] <= household.missing
    horizon = len(household.need)
    r[at.WORTH : at.WORTH + horizon] = r[at.WORTH_BEST : at.WORTH_BEST + horizon]
    assert abs(bound_at(w, r) - bound) < CENT


@settings(max_examples=100, deadline=None)
@given(ANY, st.data())
def test_what_is_in_for_certain_is_eaten_first(household: Household, data: st.DataObject) -> None:
    w, _ = on_bench(household)
    low = [data.draw(st.integers(0, fruit.most)) for fruit in household.fruit]
    put(w, at.LOW, low)
    eat_fixed(w)
    portions = shipped(household, low)
    assert w[at.FLOW] == sum(units_in(w, at.EATEN)) == most_eaten(household, portions)
    assert w[at.WANTED] == sum(household.need) - w[at.FLOW]
    for p, number in enumerate(household.products):
        mine = [u for u, f in zip(low, household.fruit, strict=True) if f.product == number]
        assert w[at.FIXED + p] == sum(mine)


@settings(max_examples=100, deadline=None)
@given(households(horizons=(3, 5, 7, 14)).map(unloved))
def test_for_single_portions_eating_the_cheapest_first_is_best(household: Household) -> None:
    singles = tuple(
        replace(f, portions=1, cost=f.cost // f.portions, lot=None) for f in household.fruit
    )
    household = replace(
        household, fruit=singles, units_max=99, distinct=0, budget=10**6, grams_max=10**6
    )
    w, r = on_bench(household)
    fill_cheapest(w, r, at.WORTH)
    eaten = np.array(units_in(w, at.EATEN))
    worth = (eaten * [VALUE - f.cost for f in singles]).sum()
    assert worth == best_worth(household)


@settings(max_examples=100, deadline=None)
@given(ANY)
def test_a_day_is_worth_something_between_nothing_and_a_portion(household: Household) -> None:
    w, r = on_bench(household)
    fill_cheapest(w, r, at.WORTH)
    values = r[at.WORTH : at.WORTH + len(household.need)]
    assert ((values >= 0) & (values <= VALUE)).all()
