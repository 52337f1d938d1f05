"""Each hard rule, broken once by hand; and the objective, reckoned by hand."""

from typing import Any

import numpy as np
import pytest

from subscriptions.planning.checker import Breach, check
from subscriptions.planning.plan import Plan, empty_plan, plan_of
from subscriptions.planning.problem import EXCLUDED, FLOWER, FRUIT, Problem
from subscriptions.planning.solve import solve
from tests.subscriptions.planning.instances import problem_of

HOUSEHOLD: dict[str, Any] = {"n_por": 2, "c_day": 1, "u_max": 3, "budget": 1000, "grams_max": 1000}
LOTS: list[dict[str, Any]] = [
    {"prod": 0, "portions": 2, "windows": [(1, 4), (9, 0), (2, 6)]},
    {"prod": 1, "portions": 1},
    {"prod": 2, "portions": 5, "cost": 200},
    {"prod": 0, "portions": 2, "last": 1},
]
KINDS = [FRUIT, FRUIT, FLOWER]

Line = tuple[int, int, int, dict[int, int]]
"""(lot, mode, units, portions eaten by day)."""


def week(**household: object) -> Problem:
    return problem_of([{**HOUSEHOLD, **household}], LOTS, KINDS)


def box(*lines: Line) -> Plan:
    eat = np.zeros((len(lines), 14), dtype=np.uint8)
    for row, (_, _, _, days) in enumerate(lines):
        for day, n in days.items():
            eat[row, day] = n
    lot, mode, units = ([line[k] for line in lines] for k in range(3))
    return plan_of([0, len(lines)], lot, mode, units, eat)


def only(problem: Problem, found: Plan) -> Breach:
    (breach,) = check(problem, found).breaches
    assert str(breach.message)
    return breach


def test_a_good_box_has_no_breach() -> None:
    assert check(week(), box((0, 0, 1, {1: 1, 2: 1}), (1, 0, 1, {1: 1}))).is_feasible


PLANTED: list[tuple[str, dict[str, object], list[Line], tuple[int, int, int, int]]] = [
    ("unknown_lot", {}, [(4, 0, 1, {})], (-1, -1, 4, 3)),
    ("unknown_mode", {}, [(1, 3, 1, {})], (1, -1, 3, 2)),
    ("units", {}, [(1, 0, 0, {})], (1, -1, 0, 1)),
    ("duplicate", {}, [(1, 0, 1, {}), (1, 0, 1, {})], (1, -1, 2, 1)),
    ("stock", {"u_max": 20}, [(1, 0, 10, {})], (1, -1, 10, 9)),
    ("plan_kind", {}, [(2, 0, 1, {})], (2, -1, 1, 0)),
    ("plan_kind", {"plan": FLOWER, "n_por": 0}, [(1, 0, 1, {})], (1, -1, 1, 0)),
    ("excluded", {"pref": [0, EXCLUDED, 0]}, [(1, 0, 1, {})], (1, -1, 1, 0)),
    ("must_use_by", {"weekday": 2}, [(3, 0, 1, {})], (3, -1, 2, 1)),
    ("mode_unavailable", {}, [(0, 1, 1, {})], (0, -1, 1, 0)),
    ("outside_window", {}, [(0, 0, 1, {5: 1})], (0, 5, 1, 0)),
    ("after_horizon", {"horizon": 4}, [(0, 0, 1, {4: 1})], (0, 4, 1, 0)),
    ("flower_eaten", {"plan": 2}, [(2, 0, 1, {1: 1})], (2, 1, 1, 0)),
    ("more_than_shipped", {}, [(1, 0, 1, {1: 1, 2: 1})], (1, -1, 2, 1)),
    ("portions_a_day", {"n_por": 1}, [(0, 0, 1, {1: 1}), (1, 0, 1, {1: 1})], (-1, 1, 2, 1)),
    ("product_a_day", {}, [(0, 0, 1, {2: 1}), (3, 0, 1, {2: 1})], (0, 2, 2, 1)),
    ("product_units", {}, [(0, 0, 2, {}), (0, 2, 2, {})], (0, -1, 4, 3)),
    ("budget", {"budget": 149}, [(1, 0, 3, {})], (-1, -1, 150, 149)),
    ("weight", {"grams_max": 299}, [(1, 0, 3, {})], (-1, -1, 300, 299)),
]


@pytest.mark.parametrize(("rule", "household", "lines", "seen"), PLANTED)
def test_a_planted_breach_is_named(
    rule: str, household: dict[str, object], lines: list[Line], seen: tuple[int, int, int, int]
) -> None:
    breach = only(week(**household), box(*lines))
    assert breach.rule == rule
    assert (breach.lot, breach.day, breach.found, breach.allowed) == seen
    assert breach.subscriber == (-1 if rule == "stock" else 0)


def test_a_box_too_many_is_a_breach() -> None:
    assert only(week(), empty_plan(2)).rule == "boxes"


def test_stock_is_shared_by_all_boxes() -> None:
    problem = problem_of([HOUSEHOLD] * 4, LOTS, KINDS)
    lots = plan_of(np.arange(5), [1] * 4, [0] * 4, [3] * 4, np.zeros((4, 14), dtype=np.uint8))
    assert only(problem, lots) == Breach("stock", -1, 1, -1, 12, 9)


def test_the_objective_is_what_a_clerk_would_reckon() -> None:
    """Seven days of one portion; one liked, repeated, soon-expiring fruit of 3 portions, 2 of them eaten."""
    lot = {"portions": 3, "pv": 3, "cost": 120, "bonus": 5, "windows": [(0, 1), (9, 0), (9, 0)]}
    household = {"pref": [50], "had": [1], "min_dist": 3}
    problem = problem_of([household], [lot], [FRUIT])
    goods = 100 * 120 - 40 * 50 * 3 + 100 * 8 * 3 - 100 * 5
    missing_days, waste, variety = 100 * 250 * 5, 100 * 25 * 1, 100 * 150 * 2

    verdict = check(problem, box((0, 0, 1, {0: 1, 1: 1})))

    assert verdict.objective == goods + missing_days + waste + variety
    assert verdict.uncovered[0].tolist() == [0, 0, 1, 1, 1, 1, 1] + [0] * 7
    assert (verdict.waste_portions, verdict.goods_minor) == (1, 120)
    assert (verdict.days, verdict.covered_days) == (7, 2)


def test_stems_are_counted_on_each_day_of_their_display() -> None:
    """Two bunches of 3, one for days 0-3 and one for days 2-6, where 4 stems are wanted."""
    lots = [
        {"prod": 0, "portions": 3, "windows": [(0, 3), (9, 0), (9, 0)]},
        {"prod": 0, "portions": 3, "windows": [(2, 6), (9, 0), (9, 0)]},
    ]
    problem = problem_of([{"plan": FLOWER, "n_por": 0, "k_stem": 4}], lots, [FLOWER])

    verdict = check(problem, box((0, 0, 1, {}), (1, 0, 1, {})))

    assert verdict.stems_missing[0, :7].tolist() == [1, 1, 0, 0, 1, 1, 1]
    assert verdict.objective == 100 * (2 * 50 + 40 * 5)
    assert verdict.waste_portions == 0


def test_one_portion_more_than_planned_is_noticed() -> None:
    """A good plan with one number changed is a breach or a worse plan."""
    problem = problem_of([HOUSEHOLD] * 2, LOTS, KINDS)
    good = solve(problem, seed=0).plan
    eat = good.line_eat.copy()
    eat[0, :] += 1
    spoiled = plan_of(good.box_ptr, good.line_lot, good.line_mode, good.line_units, eat)
    assert check(problem, good).is_feasible
    assert not check(problem, spoiled).is_feasible
