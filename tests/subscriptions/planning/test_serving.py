"""What may be lost: it counts against a lot and a way of keeping it, and decides which portion is eaten when."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import linprog

from subscriptions.planning.checker import check
from subscriptions.planning.extras import Extras
from subscriptions.planning.plan import Plan, plan_of
from subscriptions.planning.problem import FRUIT, Problem
from subscriptions.planning.serving import serve_safely
from subscriptions.planning.solve import solve
from tests.subscriptions.planning.brute_force import best_objective
from tests.subscriptions.planning.instances import (
    N_HOMES,
    N_MODES,
    N_WEEKDAYS,
    problem_of,
    problems,
)

AT_HOME = Extras(
    carry_ptr=np.array([0, 2]),
    carry_prod=np.array([0, 1], dtype=np.int16),
    carry_portions=np.array([3, 3], dtype=np.int8),
    carry_a=np.zeros(2, dtype=np.int8),
    carry_b=np.full(2, 13, dtype=np.int8),
)


def risk(problem: Problem, plan: Plan) -> int:
    """Add up what each portion risks on its day."""
    return sum(
        int(eaten) * int(_risks(problem, n, plan, i)[day])
        for n in range(plan.n_boxes)
        for i in plan.lines_of(n)
        for day, eaten in enumerate(plan.line_eat[i])
    )


def _risks(problem: Problem, n: int, plan: Plan, i: int) -> NDArray[np.uint8]:
    assert problem.extras.day_risk is not None
    where = plan.line_lot[i], problem.weekday[n], problem.home[n], plan.line_mode[i]
    risks: NDArray[np.uint8] = problem.extras.day_risk[where]
    return risks


def least_risk(problem: Problem, plan: Plan, n: int) -> float:
    """Least risk with which box n can fill its days, by a general solver for linear programs."""
    lines = [i for i in plan.lines_of(n) if problem.prod_kind[_prod(problem, plan, i)] == FRUIT]
    cells = [(i, day) for i in lines for day in range(14)]
    cost, bounds, rows, limits = [], [], [], []
    for i, day in cells:
        where = plan.line_lot[i], problem.weekday[n], problem.home[n], plan.line_mode[i]
        inside = problem.win_a[where] <= day <= problem.win_b[where] and day < problem.horizon[n]
        cost.append(float(_risks(problem, n, plan, i)[day]))
        bounds.append((0, None if inside else 0))
    for i in lines:
        rows.append([float(j == i) for j, _ in cells])
        shipped = int(problem.lot_portions[plan.line_lot[i]]) * int(plan.line_units[i])
        limits.append(shipped - int(plan.line_reserve[i]))
    for prod in {_prod(problem, plan, i) for i in lines}:
        for day in range(14):
            rows.append([float(d == day and _prod(problem, plan, j) == prod) for j, d in cells])
            limits.append(int(problem.c_day[n]) - _at_home(problem, plan, n, prod, day))
    days = [[float(d == day) for _, d in cells] for day in range(14)]
    wanted = [int(plan.line_eat[lines, day].sum()) for day in range(14)]
    if not cells:
        return 0.0
    found = linprog(cost, rows, limits, days, wanted, bounds)
    assert found.status == 0
    return float(found.fun)


def _prod(problem: Problem, plan: Plan, i: int) -> int:
    return int(problem.lot_prod[plan.line_lot[i]])


def _at_home(problem: Problem, plan: Plan, n: int, prod: int, day: int) -> int:
    if problem.extras.carry_ptr is None or problem.extras.carry_prod is None:
        return 0
    items = range(int(problem.extras.carry_ptr[n]), int(problem.extras.carry_ptr[n + 1]))
    return sum(int(plan.carry_eat[k, day]) for k in items if problem.extras.carry_prod[k] == prod)


def with_day_risk(problem: Problem, seed: int) -> Problem:
    """Let eating anything on any day risk something else."""
    shape = (*problem.win_a.shape, 14)
    steps = np.random.default_rng(seed).choice([0, 0, 1, 7, 60, 255], shape)
    return replace(problem, extras=replace(problem.extras, day_risk=steps.astype(np.uint8)))


@settings(max_examples=150, deadline=None)
@given(problem=problems(max_households=3), seed=st.integers(0, 2**32 - 1))
def test_boxes_are_eaten_at_the_least_risk(problem: Problem, seed: int) -> None:
    plan = solve(problem).plan
    problem = with_day_risk(problem, seed)
    served = serve_safely(problem, plan, threads=2)
    before, after = check(problem, plan), check(problem, served)
    assert after.is_feasible
    assert after.objective == before.objective
    assert (after.uncovered == before.uncovered).all()
    least = sum(least_risk(problem, plan, n) for n in range(plan.n_boxes))
    assert risk(problem, served) == pytest.approx(least)


def roomy_week() -> Problem:
    """One box of three lots of two products, two portions of one product a day at most."""
    lots = [
        {"prod": 0, "portions": 4, "windows": [(0, 5), (9, 0), (9, 0)]},
        {"prod": 0, "portions": 5, "windows": [(1, 6), (9, 0), (9, 0)]},
        {"prod": 1, "portions": 9, "windows": [(0, 6), (9, 0), (9, 0)]},
    ]
    return problem_of([{"n_por": 3, "c_day": 2}], lots, [FRUIT, FRUIT])


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    units=st.lists(st.integers(1, 2), min_size=3, max_size=3),
    reserve=st.lists(st.integers(0, 3), min_size=3, max_size=3),
    days_at_home=st.sets(st.integers(0, 6), max_size=3),
)
def test_reserves_and_what_is_at_home_stay_as_they_are(
    seed: int, units: list[int], reserve: list[int], days_at_home: set[int]
) -> None:
    problem = with_day_risk(replace(roomy_week(), extras=AT_HOME), seed)
    plan = _eaten_at_random(problem, units, reserve, days_at_home, seed)
    served = serve_safely(problem, plan)
    assert (served.line_eat.sum(axis=0) == plan.line_eat.sum(axis=0)).all()
    found = {breach.rule for breach in check(problem, served).breaches}
    assert found <= {breach.rule for breach in check(problem, plan).breaches}
    assert risk(problem, served) == pytest.approx(least_risk(problem, plan, 0))


def _eaten_at_random(
    problem: Problem, units: list[int], reserve: list[int], days_at_home: set[int], seed: int
) -> Plan:
    """Eat whatever the rules leave room for, in random order."""
    rng = np.random.default_rng(seed)
    home, eat = np.zeros((2, 14), dtype=np.int64), np.zeros((3, 14), dtype=np.int64)
    home[0, list(days_at_home)] = 1
    for cell in rng.permutation(3 * 7 * 2):
        line, day = int(cell) % 3, int(cell) // 3 % 7
        where = line, 0, 0, 0
        prod = [0, 0, 1][line]
        same = eat[[0, 1] if prod == 0 else [2], day].sum() + home[prod, day]
        if (
            problem.win_a[where] <= day <= problem.win_b[where]
            and same < 2
            and eat[:, day].sum() + home[:, day].sum() < 3
            and eat[line].sum() + reserve[line] < problem.lot_portions[line] * units[line]
        ):
            eat[line, day] += 1
    return plan_of([0, 3], [0, 1, 2], [0, 0, 0], units, eat, line_reserve=reserve, carry_eat=home)


def test_without_risks_by_day_a_plan_is_left_alone() -> None:
    plan = plan_of([0, 1], [0], [0], [1], np.eye(14, dtype=np.int64)[:1])
    assert serve_safely(roomy_week(), plan) is plan


def test_a_plan_that_breaks_the_rules_is_left_alone() -> None:
    eat = np.zeros((1, 14), dtype=np.int64)
    eat[0, 6] = 3
    plan = plan_of([0, 1], [0], [0], [1], eat)
    problem = with_day_risk(roomy_week(), 1)
    assert serve_safely(problem, plan).line_eat.tolist() == eat.tolist()


def at_risk(problem: Problem, risks: list[list[int]]) -> Problem:
    """Say what a portion of each lot risks by way of keeping, the same everywhere. [1/100 minor unit]"""
    shape = (problem.n_lots, N_WEEKDAYS, N_HOMES, N_MODES)
    values = np.broadcast_to(np.array(risks)[:, None, None, :], shape).astype(np.int32)
    return replace(problem, extras=replace(problem.extras, win_risk=values))


def test_of_two_ways_of_keeping_the_safer_is_taken_though_its_days_are_fewer() -> None:
    ways: list[Any] = [(0, 6), (1, 5), (9, 0)]
    problem = problem_of([{"u_max": 1}], [{"windows": ways, "portions": 4}], [FRUIT])
    for risks, mode in (([0, 0, 0], 0), ([500, 500, 0], 0), ([9000, 400, 0], 1)):
        plan = solve(at_risk(problem, [risks])).plan
        assert set(plan.line_mode.tolist()) == {mode}


def test_a_lot_that_may_be_lost_makes_room_for_a_dearer_one() -> None:
    lots = [{"prod": 0, "cost": 50}, {"prod": 1, "cost": 60}]
    problem = problem_of([{"c_day": 1}], lots, [FRUIT, FRUIT])
    assert set(solve(problem).plan.line_lot.tolist()) == {0}
    assert set(solve(at_risk(problem, [[1001, 0, 0], [0, 0, 0]])).plan.line_lot.tolist()) == {1}


@settings(max_examples=80, deadline=None)
@given(problem=problems(max_households=1, max_lots=3, longest=5), seed=st.integers(0, 2**32 - 1))
def test_one_box_at_risk_is_as_good_as_trying_everything(problem: Problem, seed: int) -> None:
    risks = np.random.default_rng(seed).choice([0, 0, 300, 4000, 30_000], (problem.n_lots, N_MODES))
    problem = at_risk(problem, risks.tolist())
    best = best_objective(problem)
    found = solve(problem).verdict
    assert found.is_feasible
    assert best <= found.objective <= best + 2000
