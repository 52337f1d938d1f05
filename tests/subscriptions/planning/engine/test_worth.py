"""Laws of what portions are worth when days are told apart by their worth only."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subscriptions.planning.engine import bench as at
from subscriptions.planning.engine.bench import Floats
from subscriptions.planning.engine.worth import (
    lift_days,
    portions_worth,
    set_prices,
    sort_days,
    unit_worth,
)
from tests.subscriptions.planning.engine.households import (
    VALUE,
    Household,
    households,
    on_bench,
)
from tests.subscriptions.planning.engine.slowly import portions_on_best_days

ANY = households(horizons=(1, 3, 5, 7, 14))
DAY_VALUE = st.sampled_from([0, VALUE]) | st.integers(0, VALUE)


def set_days(r: Floats, values: list[int]) -> None:
    """Say what a portion is worth on each day."""
    r[at.WORTH : at.WORTH + len(values)] = values


def draw_days(data: st.DataObject, household: Household) -> list[int]:
    """Any day values."""
    horizon = len(household.need)
    return data.draw(st.lists(DAY_VALUE, min_size=horizon, max_size=horizon))


@settings(max_examples=120, deadline=None)
@given(ANY, st.data(), st.integers(0, 12), st.integers(0, 12))
def test_each_portion_of_an_item_has_the_best_day_left(
    household: Household, data: st.DataObject, start: int, portions: int
) -> None:
    w, r = on_bench(household)
    values = draw_days(data, household)
    set_days(r, values)
    sort_days(w, r)
    for i, fruit in enumerate(household.fruit):
        worth = portions_on_best_days(household, fruit, values, start, portions)
        assert portions_worth(w, r, w[at.MASK + i], start, portions) == worth


@settings(max_examples=100, deadline=None)
@given(ANY, st.data(), st.integers(0, 4), st.integers(0, 300), st.integers(0, 300))
def test_one_more_unit_is_worth_its_portions_less_its_cost_weight_and_price(
    household: Household, data: st.DataObject, units: int, per_gram: int, per_cent: int
) -> None:
    w, r = on_bench(household)
    values = draw_days(data, household)
    set_days(r, values)
    sort_days(w, r)
    set_prices(w, r, float(per_gram), float(per_cent))
    for i, fruit in enumerate(household.fruit):
        eaten = portions_on_best_days(
            household, fruit, values, units * fruit.portions, fruit.portions
        )
        price = fruit.cost + per_gram * fruit.grams + per_cent * fruit.cents
        assert unit_worth(w, r, i, units) == eaten - price


@settings(max_examples=100, deadline=None)
@given(ANY, st.data())
def test_days_are_grouped_by_worth_best_first(household: Household, data: st.DataObject) -> None:
    w, r = on_bench(household)
    values = draw_days(data, household)
    set_days(r, values)
    lowest = sort_days(w, r)
    wanted = {t: values[t] for t, need in enumerate(household.need) if need}
    assert lowest == min(wanted.values(), default=0)
    groups = [
        (r[at.LEVEL + k], [t for t in wanted if w[at.LEVEL_DAYS + k] >> t & 1])
        for k in range(w[at.N_LEVELS])
    ]
    assert groups == [
        (value, [t for t in wanted if wanted[t] == value])
        for value in sorted(set(wanted.values()), reverse=True)
    ]


@settings(max_examples=100, deadline=None)
@given(ANY, st.data())
def test_lifted_days_differ_as_before_and_the_best_is_worth_a_whole_portion(
    household: Household, data: st.DataObject
) -> None:
    w, r = on_bench(household)
    values = draw_days(data, household)
    set_days(r, values)
    lift_days(w, r)
    wanted = [t for t, need in enumerate(household.need) if need]
    lifted = [float(r[at.WORTH + t]) for t in wanted]
    assert max(lifted, default=VALUE) == VALUE
    for t, worth in zip(wanted, lifted, strict=True):
        assert worth - lifted[0] == pytest.approx(values[t] - values[wanted[0]])
