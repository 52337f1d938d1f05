"""What an edit does to a box, and the best mends of it, beside trying everything."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subscriptions.adapters.plan_file import read_problem
from subscriptions.planning.checker import check
from subscriptions.planning.edit import (
    Filling,
    Outcome,
    alone,
    fillings_of,
    outcome_of,
    outcome_of_lines,
)
from subscriptions.planning.edit_bench import NONE
from subscriptions.planning.edit_keeping import Lines
from subscriptions.planning.edit_mend import mends, refilled
from subscriptions.planning.problem import EXCLUDED, PlanWeights, Problem
from subscriptions.planning.solve import solve
from tests.subscriptions.planning.brute_force import _may, _value, _within_limits
from tests.subscriptions.planning.instances import DATA, N_MODES, problem_of, problems

TINY = problems(max_households=1, max_lots=4, longest=5)
Box = tuple[tuple[int, int, int], ...]


@st.composite
def edited_boxes(draw: st.DrawFn) -> tuple[Problem, dict[int, int]]:
    """A household of its own with a few units of any lots, whatever its limits."""
    problem = draw(TINY)
    units = st.dictionaries(st.integers(0, problem.n_lots - 1), st.integers(1, 2), max_size=3)
    return alone(problem, 0), draw(units)


def modes_of(problem: Problem, lot: int) -> list[int]:
    """Name the ways in which a lot can be kept; the first where there is none."""
    opens, closes = problem.win_a[lot, 0, 0], problem.win_b[lot, 0, 0]
    return [mode for mode in range(N_MODES) if opens[mode] <= closes[mode]] or [0]


def boxes_of(problem: Problem, units: dict[int, int]) -> list[Box]:
    """List every way of keeping units, each unit by itself."""
    each = [
        list(itertools.combinations_with_replacement(modes_of(problem, lot), n))
        for lot, n in units.items()
    ]
    found = []
    for chosen in itertools.product(*each):
        pairs = zip(units, chosen, strict=True)
        found.append(
            tuple((lot, mode, kept.count(mode)) for lot, kept in pairs for mode in sorted({*kept}))
        )
    return found


def lacking(problem: Problem, box: Box) -> int:
    """What missing portions and stems of a box cost."""
    weights = problem.weights
    nothing_else = replace(
        problem,
        lot_cost=np.zeros_like(problem.lot_cost),
        lot_bonus=np.zeros_like(problem.lot_bonus),
        weights=PlanWeights(weights.uncovered_portion, weights.uncovered_stem_day, 0, 0, 0, 0),
    )
    return _value(nothing_else, 0, list(box))


@settings(max_examples=150, deadline=None)
@given(edited_boxes())
def test_units_are_kept_and_eaten_in_the_best_of_all_ways(
    given_: tuple[Problem, dict[int, int]],
) -> None:
    problem, units = given_
    outcome = outcome_of(problem, units)
    assert outcome.units == units
    possible = [
        box
        for box in boxes_of(problem, units)
        if not any(prod_is_wrong(problem, lot) for lot, _, _ in box)
    ]
    if not possible:
        return  # flowers in a box of fruit: nothing is said of how those are kept
    assert outcome.objective == min(_value(problem, 0, list(box)) for box in possible)
    assert outcome.objective == check(problem, outcome.plan).objective


def prod_is_wrong(problem: Problem, lot: int) -> bool:
    """Tell whether a lot is of the kind that the household does not get."""
    return int(problem.prod_kind[problem.lot_prod[lot]]) == 1 - int(problem.plan[0])


@settings(max_examples=150, deadline=None)
@given(edited_boxes())
def test_what_is_over_a_limit_is_what_the_rules_say(
    given_: tuple[Problem, dict[int, int]],
) -> None:
    problem, units = given_
    outcome = outcome_of(problem, units)
    box = outcome.lines
    is_fine = (
        _within_limits(problem, 0, box)
        and all(_may(problem, 0, lot, mode) for lot, mode, _ in box)
        and all(n <= problem.lot_stock[lot] for lot, n in units.items())
    )
    assert is_fine == (not outcome.breaches)


@settings(max_examples=150, deadline=None)
@given(edited_boxes(), st.data())
def test_several_boxes_looked_at_together_are_what_each_is_alone(
    given_: tuple[Problem, dict[int, int]], data: st.DataObject
) -> None:
    problem, units = given_
    more = st.dictionaries(st.integers(0, problem.n_lots - 1), st.integers(1, 2), max_size=3)
    boxes = [units, *data.draw(st.lists(more, max_size=4)), units]
    for box, together in zip(boxes, fillings_of(problem, boxes), strict=True):
        apart = outcome_of(problem, box)
        assert (together is None) == bool(apart.breaches)
        if together is not None:
            assert same_boxes(together, apart)


def same_boxes(one: Filling, two: Filling) -> bool:
    """Tell whether two boxes hold, lack and cost the same, and are kept and eaten alike."""
    return (
        one.lines == two.lines
        and one.goods_minor == two.goods_minor
        and np.array_equal(one.plan.line_eat, two.plan.line_eat)
        and np.array_equal(one.missing, two.missing)
        and np.array_equal(one.stems_missing, two.stems_missing)
    )


def every_step(problem: Problem, before: Lines, kept: set[int], barred: set[int]) -> list[Box]:
    """List the boxes after any number of units of one lot go out, any of another come in, or both."""
    found = []
    outs = [(NONE, 0, 0), *((lot, mode, k) for lot, mode, n in before for k in range(1, n + 1))]
    ins = [(NONE, 0, 0)] + [
        (lot, mode, k)
        for lot in range(problem.n_lots)
        for mode in modes_of(problem, lot)
        for k in range(1, int(problem.u_max[0]) + 1)
        if int(problem.lot_prod[lot]) not in barred
    ]
    for (out, out_mode, n_out), (into, into_mode, n_into) in itertools.product(outs, ins):
        if out in kept or (out == into != NONE):
            continue
        units = {(lot, mode): n for lot, mode, n in before}
        if out != NONE:
            units[out, out_mode] -= n_out
        if into != NONE:
            units[into, into_mode] = units.get((into, into_mode), 0) + n_into
        found.append(tuple((lot, mode, n) for (lot, mode), n in units.items() if n))
    return found


@settings(max_examples=120, deadline=None)
@given(edited_boxes(), st.data())
def test_the_best_mends_are_those_of_trying_every_step(
    given_: tuple[Problem, dict[int, int]], data: st.DataObject
) -> None:
    problem, units = given_
    edited = outcome_of(problem, units)
    wanted = data.draw(st.sets(st.sampled_from(sorted(units)), max_size=1)) if units else set()
    others = sorted(set(range(problem.n_lots)) - set(units))
    unwanted = data.draw(st.sets(st.sampled_from(others), max_size=1)) if others else set()
    barred = {int(problem.lot_prod[lot]) for lot in unwanted}
    before = tuple(edited.lines)
    good = {}
    for box in every_step(problem, edited.lines, wanted, barred):
        held: dict[int, int] = {}
        for lot, _, n in box:
            held[lot] = held.get(lot, 0) + n
        if not (
            _within_limits(problem, 0, list(box))
            and all(_may(problem, 0, lot, mode) for lot, mode, _ in box)
            and all(n <= problem.lot_stock[lot] for lot, n in held.items())
        ):
            continue
        less, more = lacking(problem, before), lacking(problem, box)
        if more < less or (edited.breaches and more <= less):
            good[box] = _value(problem, 0, list(box))
    found = mends(problem, edited, wanted=wanted, unwanted=unwanted, most=1)
    if not edited.days and not edited.breaches:
        assert found == []
    elif good:
        assert [mend.outcome.objective for mend in found] == [min(good.values())]
        assert not found[0].outcome.breaches
    else:
        assert found == []


FRUIT_FOR_TWO = {"n_por": 2, "c_day": 1, "u_max": 4}
EARLY, LATE = [(0, 2), (9, 0), (9, 0)], [(3, 6), (9, 0), (9, 0)]


def a_week(**limits: int) -> tuple[Problem, dict[int, int]]:
    """Apples and pears to begin with; kiwis and plums end the week."""
    lots = [
        {"prod": 0, "windows": EARLY, "stock": 4},
        {"prod": 1, "windows": EARLY, "stock": 4},
        {"prod": 2, "windows": LATE, "stock": 8},
        {"prod": 3, "windows": LATE, "stock": 8, "cost": 60},
        {"prod": 4, "windows": LATE, "stock": 8, "cost": 70},
    ]
    problem = problem_of([FRUIT_FOR_TWO | limits], lots, [0] * 5)
    return alone(problem, 0), {0: 3, 1: 3, 2: 4, 3: 4}


def test_dropping_fruit_uncovers_its_days_and_the_mend_covers_them_again() -> None:
    problem, box = a_week()
    assert outcome_of(problem, box).days == frozenset()
    edited = outcome_of(problem, {lot: n for lot, n in box.items() if lot != 2})
    assert edited.missing.tolist()[:7] == [0, 0, 0, 1, 1, 1, 1]
    (mend,) = mends(problem, edited, wanted=[], unwanted=[2])
    assert (mend.step.into, mend.step.n_into, mend.step.out) == (4, 4, NONE)
    assert mend.outcome.days == frozenset()


def test_what_was_taken_out_does_not_come_back_and_what_was_put_in_stays() -> None:
    problem, box = a_week(budget=14 * 50 + 40)
    edited = outcome_of(problem, {**box, 2: 0, 4: 4})
    assert [breach.rule for breach in edited.breaches] == ["budget"]
    found = mends(problem, edited, wanted=[4], unwanted=[2])
    assert all(mend.step.out != 4 and mend.step.into != 2 for mend in found)
    assert all(not mend.outcome.breaches for mend in found)


def test_the_planner_fills_the_box_anew_around_what_is_wanted() -> None:
    problem, box = a_week()
    outcome = refilled(problem, {**box, 2: 0, 4: 3}, wanted=[4], unwanted=[2])
    assert outcome is not None
    assert outcome.units[4] == 3
    assert 2 not in outcome.units
    assert int(outcome.missing.sum()) == 1, "no other fruit is ripe on the last of four late days"


def test_nothing_is_filled_around_what_is_over_a_limit_by_itself() -> None:
    problem, box = a_week(budget=100)
    assert refilled(problem, {**box, 4: 3}, wanted=[4], unwanted=[]) is None


def test_a_never_list_is_told_as_such_and_not_mended_away() -> None:
    problem, box = a_week()
    pref = problem.pref.copy()
    pref[0, 4] = EXCLUDED
    edited = outcome_of(replace(problem, pref=pref), {**box, 2: 0, 4: 4})
    assert {breach.rule for breach in edited.breaches} == {"excluded"}
    assert edited.days == frozenset()


@pytest.mark.parametrize("name", ["n50", "n500"])
def test_the_planners_own_box_comes_to_no_less_when_it_is_looked_at_again(name: str) -> None:
    week = read_problem(DATA / f"{name}.npz")
    for household in range(0, week.n_subscribers, max(1, week.n_subscribers // 25)):
        problem = alone(week, household)
        found = solve(problem)
        outcome = outcome_of_lines(problem, lines_of(found.plan))
        assert outcome.objective == found.verdict.objective
        again = outcome_of(problem, outcome.units)
        assert again.units == outcome.units
        assert not again.breaches
        assert again.objective <= outcome.objective


@pytest.mark.parametrize("household", range(0, 50, 5))
def test_every_mend_of_a_real_box_keeps_all_rules_and_misses_less(household: int) -> None:
    problem = alone(read_problem(DATA / "n50.npz"), household)
    box = outcome_of_lines(problem, lines_of(solve(problem).plan))
    for lot in box.units:
        edited = outcome_of(problem, {each: n for each, n in box.units.items() if each != lot})
        for mend in mends(problem, edited, wanted=[], unwanted=[lot]):
            assert check(problem, mend.outcome.plan).is_feasible
            assert lacks(mend.outcome) < lacks(edited)
            assert not {lot} & set(mend.outcome.units)
        whole = refilled(problem, edited.units, wanted=[], unwanted=[lot])
        assert whole is not None
        assert check(problem, whole.plan).is_feasible


def lacks(outcome: Outcome) -> int:
    weights = PlanWeights()
    return int(
        weights.uncovered_portion * outcome.missing.sum()
        + weights.uncovered_stem_day * outcome.stems_missing.astype(int).sum()
    )


def lines_of(plan: object) -> Lines:
    """Return the lines of a plan of one box."""
    columns = (getattr(plan, name).tolist() for name in ("line_lot", "line_mode", "line_units"))
    return list(zip(*columns, strict=True))
