"""The checker against the slow clerk: the same breaches, the same objective, the same shares."""

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subscriptions.planning import checker
from subscriptions.planning.checker import Verdict, check
from subscriptions.planning.checker_verdict import LISTED
from subscriptions.planning.extras import Extras
from subscriptions.planning.plan import plan_of
from subscriptions.planning.problem import FLOWER, FRUIT, Problem
from tests.subscriptions.planning.clerk import Books, judge
from tests.subscriptions.planning.instances import problem_of
from tests.subscriptions.planning.plans import LARGE, full_problems, plans

SUMS = (
    "days", "covered_days", "fruit_days", "covered_fruit_days", "flower_days",
    "covered_flower_days", "boxes", "covered_boxes",
)  # fmt: skip
BY_HYPOTHESIS: dict[str, Any] = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}


def assert_same(problem: Problem, verdict: Verdict, books: Books) -> None:
    found = Counter(
        (b.rule, b.subscriber, b.lot, b.day, b.found, b.allowed, b.carried)
        for b in verdict.breaches
    )
    assert found == books.breaches
    assert verdict.n_breaches == books.breaches.total()
    assert verdict.is_feasible == (not books.breaches)
    assert verdict.objective == books.objective(problem)
    assert verdict.uncovered.tolist() == books.uncovered
    assert verdict.stems_missing.tolist() == books.stems_missing
    assert verdict.fruit_kinds.tolist() == books.kinds
    assert {name: getattr(verdict, name) for name in SUMS} == {n: books.sums[n] for n in SUMS}
    assert verdict.goods_minor == books.sums["goods"]
    assert verdict.preference == books.sums["preference"]
    for name in ("shipped", "waste", "reserve"):
        assert getattr(verdict, f"{name}_portions") == books.sums[name]


@pytest.mark.parametrize("hostile", [False, True])
@settings(max_examples=100, **BY_HYPOTHESIS)
@given(data=st.data(), run=st.sampled_from([1, 2, 3, 16_384]))
def test_the_checker_says_what_the_clerk_says(
    monkeypatch: pytest.MonkeyPatch, hostile: bool, data: st.DataObject, run: int
) -> None:
    """Whatever the plan, and however many boxes are judged at a time."""
    problem = data.draw(full_problems(hostile=hostile))
    plan = data.draw(plans(problem, hostile=hostile))
    before = data.draw(st.none() | st.just(plan) | plans(problem, hostile=hostile))
    monkeypatch.setattr(checker, "RUN", run)
    assert_same(problem, check(problem, plan, before=before), judge(problem, plan, before))


@settings(max_examples=40, **BY_HYPOTHESIS)
@given(data=st.data())
def test_the_order_of_lines_in_a_box_is_all_the_same(data: st.DataObject) -> None:
    problem = data.draw(full_problems(hostile=True))
    plan = data.draw(plans(problem, hostile=True))
    order = [i for n in range(plan.n_boxes) for i in data.draw(st.permutations(plan.lines_of(n)))]
    lines = {
        name: getattr(plan, name)[order]
        for name in ("line_lot", "line_mode", "line_units", "line_eat", "line_reserve")
    }
    mixed = replace(plan, **lines)
    one, other = check(problem, plan, before=mixed), check(problem, mixed, before=plan)
    assert one.objective == other.objective
    assert Counter(one.breaches) == Counter(other.breaches)
    assert "confirmed" not in {breach.rule for breach in one.breaches}


def test_sums_beyond_any_machine_number_are_exact() -> None:
    """Four lines of 2**31 - 1 units at 2**31 - 1 each cost more than 2**63."""
    lots = [{"prod": 0, "cost": LARGE, "grams": LARGE} for _ in range(4)]
    problem = problem_of([{}], lots, [FRUIT])
    plan = plan_of([0, 4], range(4), [0] * 4, [LARGE] * 4, np.zeros((4, 14), dtype=np.uint8))

    verdict = check(problem, plan)

    assert verdict.goods_minor == 4 * LARGE * LARGE > 2**63
    assert {b.rule: b.found for b in verdict.breaches if b.subscriber == 0} == {
        "product_units": 4 * LARGE,
        "budget": 4 * LARGE * LARGE,
        "weight": 4 * LARGE * LARGE,
    }


def test_of_countless_breaches_the_first_are_listed_and_all_are_counted() -> None:
    n = LISTED + 5
    problem = problem_of([{}], [{}], [FRUIT])
    plan = plan_of([0, n], [7] * n, [0] * n, [1] * n, np.zeros((n, 14), dtype=np.uint8))

    verdict = check(problem, plan)

    assert (verdict.n_breaches, len(verdict.breaches)) == (n, LISTED)


def fruit_week(**extras: object) -> Problem:
    problem = problem_of([{}], [{"portions": 5, "windows": [(0, 6), (0, 5), (9, 0)]}], [FRUIT])
    return replace(problem, extras=Extras(**extras))  # type: ignore[arg-type]


def week_of(problem: Problem, eaten: int, *, mode: int = 0, reserve: int = 0) -> Verdict:
    eat = np.zeros((1, 14), dtype=np.uint8)
    eat[0, :eaten] = 1
    return check(problem, plan_of([0, 1], [0], [mode], [1], eat, line_reserve=[reserve]))


def test_a_reserve_is_good_on_the_last_day_wished_for_and_no_waste() -> None:
    problem = fruit_week(reserve=np.array([2], dtype=np.int8))
    assert week_of(problem, 4, reserve=1).is_feasible
    assert week_of(problem, 4, reserve=1).waste_portions == 0
    for eaten, mode, reserve, rule in (
        (4, 1, 1, "reserve_gone_by"),
        (2, 0, 3, "reserve"),
        (4, 0, 2, "more_than_shipped"),
    ):
        (breach,) = week_of(problem, eaten, mode=mode, reserve=reserve).breaches
        assert breach.rule == rule
        assert str(breach.message)


def test_a_box_whose_days_moved_is_still_the_confirmed_box() -> None:
    problem = fruit_week(keep=np.array([1], dtype=np.uint8))
    eat = np.zeros((1, 14), dtype=np.uint8)
    before = plan_of([0, 1], [0], [0], [1], eat)
    moved = plan_of([0, 1], [0], [0], [1], np.eye(14, dtype=np.uint8)[:1])
    more = plan_of([0, 1], [0], [0], [2], eat)
    assert check(problem, moved, before=before).is_feasible
    (breach,) = check(problem, more, before=before).breaches
    assert (breach.rule, breach.subscriber) == ("confirmed", 0)
    assert check(problem, more).is_feasible


def test_shares_of_nothing_are_whole_and_nothing_is_wasted() -> None:
    problem = problem_of([{"n_por": 0}], [{}], [FRUIT])
    plan = plan_of([0, 0], [], [], [], np.zeros((0, 14), dtype=np.uint8))
    verdict = check(problem, plan)
    assert verdict.cover_fraction == verdict.fruit_cover_fraction == 1.0
    assert verdict.flower_cover_fraction == verdict.covered_boxes_fraction == 1.0
    assert verdict.waste_fraction == verdict.kinds_per_box == 0.0


def test_shares_are_parts_of_wholes() -> None:
    """Two households, three days of fourteen covered; three of four portions eaten in the one box."""
    problem = problem_of([{}, {}], [{"portions": 4}], [FRUIT])
    eat = np.zeros((1, 14), dtype=np.uint8)
    eat[0, :3] = 1
    verdict = check(problem, plan_of([0, 1, 1], [0], [0], [1], eat))
    assert verdict.fruit_cover_fraction == 3 / 14
    assert verdict.waste_fraction == 1 / 4
    assert verdict.kinds_per_box == 1.0
    assert verdict.covered_boxes_fraction == 0.0


def test_a_line_of_less_than_nothing_takes_no_stems_away() -> None:
    household = {"plan": FLOWER, "n_por": 0, "k_stem": 3}
    problem = problem_of([household], [{"portions": 2}, {"portions": 2}], [FLOWER])
    plan = plan_of([0, 2], [0, 1], [0, 0], [1, -9], np.zeros((2, 14), dtype=np.uint8))
    verdict = check(problem, plan)
    assert verdict.stems_missing[0].tolist() == [1] * 7 + [0] * 7
    assert_same(problem, verdict, judge(problem, plan))


def test_of_either_or_a_box_holds_one() -> None:
    """Products 0 and 2 are in group 4; a line without units does not count."""
    lots = [{"prod": 0}, {"prod": 1}, {"prod": 2}, {"prod": 2}]
    problem = problem_of([{}], lots, [FRUIT] * 3)
    problem = replace(problem, extras=Extras(prod_group=np.array([4, -1, 4], dtype=np.int16)))
    eat = np.zeros((4, 14), dtype=np.uint8)
    one = plan_of([0, 3], [3, 1, 2], [0] * 3, [1] * 3, eat[:3])
    both = plan_of([0, 4], [3, 1, 2, 0], [0] * 4, [1] * 4, eat)
    unheld = plan_of([0, 3], [3, 1, 0], [0] * 3, [1, 1, 0], eat[:3])
    assert check(problem, one).is_feasible
    (breach,) = check(problem, both).breaches
    assert (breach.rule, breach.lot, breach.found) == ("either_or", 0, 2)
    assert [breach.rule for breach in check(problem, unheld).breaches] == ["units"]
