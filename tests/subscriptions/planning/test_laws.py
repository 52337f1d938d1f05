"""Laws of the optimum, the checker and the bound: more never hurts, and names do not matter."""

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from subscriptions.planning.checker import check
from subscriptions.planning.effort import THOROUGH
from subscriptions.planning.plan import Plan, plan_of
from subscriptions.planning.problem import EXCLUDED, LAYOUT, Problem
from subscriptions.planning.run import BYTE, LOT_SHIFT, Run
from subscriptions.planning.solve import Params, solve
from tests.subscriptions.planning.instances import problems
from tests.subscriptions.planning.plans import plans

TINY: dict[str, Any] = {"max_households": 3, "max_lots": 3, "longest": 4}
ROUNDING = 1e-3
Order = NDArray[np.intp]


@st.composite
def with_more_stock(draw: st.DrawFn, problem: Problem) -> Problem:
    """The same week with some more units of one lot."""
    stock = problem.lot_stock.copy()
    stock[draw(st.integers(0, problem.n_lots - 1))] += draw(st.integers(1, 5))
    return replace(problem, lot_stock=stock)


@st.composite
def one_exclusion_fewer(draw: st.DrawFn, problem: Problem) -> tuple[Problem, Problem]:
    """The week with a product on a household's never-list, and without."""
    who = draw(st.integers(0, problem.n_subscribers - 1))
    product = draw(st.integers(0, problem.n_products - 1))
    strict, lenient = problem.pref.copy(), problem.pref.copy()
    strict[who, product] = EXCLUDED
    lenient[who, product] = draw(st.integers(-100, 100))
    return replace(problem, pref=strict), replace(problem, pref=lenient)


@st.composite
def orders(draw: st.DrawFn, problem: Problem) -> tuple[Order, Order]:
    """Any order of the households, and any of the lots."""
    return tuple(  # type: ignore[return-value]
        np.array(draw(st.permutations(range(n))), dtype=np.intp)
        for n in (problem.n_subscribers, problem.n_lots)
    )


def reordered(problem: Problem, households: Order, lots: Order) -> Problem:
    """Rename households and lots: the new first one is the old `households[0]`."""
    first = {"N": households, "L": lots}
    return replace(
        problem,
        **{
            name: getattr(problem, name)[first[axes[0]]]
            for name, (_, axes) in LAYOUT.items()
            if axes[0] in first
        },
    )


def reordered_plan(plan: Plan, households: Order, lots: Order) -> Plan:
    lines = np.array([i for n in households for i in plan.lines_of(int(n))], dtype=np.intp)
    sizes = np.diff(plan.box_ptr)[households]
    return plan_of(
        np.concatenate([[0], np.cumsum(sizes)]),
        np.argsort(lots)[plan.line_lot[lines]],
        plan.line_mode[lines],
        plan.line_units[lines],
        plan.line_eat[lines],
        line_reserve=plan.line_reserve[lines],
    )


def optimum(problem: Problem) -> int:
    found = solve(problem, params=Params(exact=True, threads=1))
    assert found.bound == found.verdict.objective
    return found.verdict.objective


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_more_stock_never_makes_the_best_plan_worse(data: st.DataObject) -> None:
    problem = data.draw(problems(**TINY))
    assert optimum(data.draw(with_more_stock(problem))) <= optimum(problem)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_shorter_never_list_never_makes_the_best_plan_worse(data: st.DataObject) -> None:
    strict, lenient = data.draw(one_exclusion_fewer(data.draw(problems(**TINY))))
    assert optimum(lenient) <= optimum(strict)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_best_plan_is_worth_the_same_whatever_households_and_lots_are_called(
    data: st.DataObject,
) -> None:
    problem = data.draw(problems(**TINY))
    assert optimum(reordered(problem, *data.draw(orders(problem)))) == optimum(problem)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_more_stock_leaves_every_plan_as_good_and_breaks_no_rule_anew(data: st.DataObject) -> None:
    problem = data.draw(problems())
    plan = data.draw(plans(problem, hostile=False))
    before, after = check(problem, plan), check(data.draw(with_more_stock(problem)), plan)
    assert after.objective == before.objective
    rules_before, rules_after = (
        {(b.rule, b.subscriber, b.lot, b.day) for b in verdict.breaches}
        for verdict in (before, after)
    )
    assert rules_after <= rules_before


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_shorter_never_list_breaks_no_rule_anew(data: st.DataObject) -> None:
    """What was allowed stays allowed, and is worth as much."""
    strict, lenient = data.draw(one_exclusion_fewer(data.draw(problems())))
    plan = data.draw(plans(strict, hostile=False))
    before, after = check(strict, plan), check(lenient, plan)
    assert after.n_breaches <= before.n_breaches
    if after.n_breaches == before.n_breaches:
        assert after.objective == before.objective


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_new_names_change_nothing_but_the_names_in_a_verdict(data: st.DataObject) -> None:
    problem = data.draw(problems())
    plan = data.draw(plans(problem, hostile=False))
    households, lots = data.draw(orders(problem))
    one = check(problem, plan)
    other = check(reordered(problem, households, lots), reordered_plan(plan, households, lots))
    assert other.objective == one.objective
    assert other.goods_minor == one.goods_minor
    assert np.array_equal(other.uncovered, one.uncovered[households])

    def old(box: int) -> int:
        return int(households[box]) if box >= 0 else box

    # Of several lots that break a rule together, the first is named, and which one that is changes.
    renamed = Counter((b.rule, old(b.subscriber), b.day, b.found) for b in other.breaches)
    assert renamed == Counter((b.rule, b.subscriber, b.day, b.found) for b in one.breaches)


def found_at(
    problem: Problem, prices: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What the best boxes found save at fixed prices of stock, and what none can save more than; shape (N,) each."""
    stock = problem.lot_stock.astype(np.int64)
    run = Run(problem, stock, 1, 1, lambda *_: None, lambda: False)
    lines, worth, bounds = run.price_out(prices, THOROUGH)
    paid = (prices[lines >> LOT_SHIFT] * (lines & BYTE)).sum(axis=1)
    return worth.sum(axis=1) - paid, bounds


def drawn_prices(data: st.DataObject, problem: Problem) -> NDArray[np.float64]:
    n = problem.n_lots
    cents = data.draw(st.lists(st.integers(0, 300), min_size=n, max_size=n))
    return 100.0 * np.array(cents, dtype=np.float64)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_at_fixed_prices_more_stock_never_lowers_what_a_box_may_save(data: st.DataObject) -> None:
    """Boxes found before are there still, so no bound may lie below them."""
    problem = data.draw(problems())
    prices = drawn_prices(data, problem)
    found, _ = found_at(problem, prices)
    _, bounds = found_at(data.draw(with_more_stock(problem)), prices)
    assert (bounds >= found - ROUNDING).all()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_at_fixed_prices_a_shorter_never_list_never_lowers_what_a_box_may_save(
    data: st.DataObject,
) -> None:
    strict, lenient = data.draw(one_exclusion_fewer(data.draw(problems())))
    prices = drawn_prices(data, strict)
    found, _ = found_at(strict, prices)
    _, bounds = found_at(lenient, prices)
    assert (bounds >= found - ROUNDING).all()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_at_fixed_prices_new_names_leave_boxes_within_each_others_bounds(
    data: st.DataObject,
) -> None:
    problem = data.draw(problems())
    prices, (households, lots) = drawn_prices(data, problem), data.draw(orders(problem))
    found, bounds = found_at(problem, prices)
    renamed_found, renamed_bounds = found_at(
        reordered(problem, households, lots), np.ascontiguousarray(prices[lots])
    )
    assert (renamed_found <= bounds[households] + ROUNDING).all()
    assert (found[households] <= renamed_bounds + ROUNDING).all()


@settings(max_examples=40, deadline=None)
@given(problems(max_households=6), st.integers(0, 3), st.integers(1, 3), st.booleans())
def test_any_run_is_feasible_the_same_when_run_again_and_never_below_its_bound(
    problem: Problem, seed: int, threads: int, fast: bool
) -> None:
    params = Params(threads=threads, fast=fast, bound=True)
    once, again = (solve(problem, seed=seed, params=params) for _ in range(2))
    assert once.verdict.breaches == ()
    assert once.bound is not None
    assert once.bound <= once.verdict.objective
    assert once.bound == again.bound
    assert all(
        np.array_equal(getattr(once.plan, name), getattr(again.plan, name))
        for name in Plan.__slots__
    )
