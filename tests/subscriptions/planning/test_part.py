"""A part of a week, and boxes put back among the others."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscriptions.adapters.plan_file import read_problem
from subscriptions.planning.checker import check
from subscriptions.planning.empty import empty_objective
from subscriptions.planning.extras import Extras
from subscriptions.planning.others import saved
from subscriptions.planning.part import boxes_of, part_of, with_boxes
from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import FLOWER, Problem
from subscriptions.planning.solve import Params, solve
from tests.subscriptions.planning.instances import DATA
from tests.subscriptions.planning.plans import full_problems, plans


@st.composite
def planned_parts(draw: st.DrawFn) -> tuple[Problem, Plan, list[int]]:
    """Any week with whatever it may say besides, any boxes, and some of its households in any order."""
    problem = draw(full_problems(hostile=False))
    plan = draw(plans(problem, hostile=False))
    who = draw(st.lists(st.integers(0, problem.n_subscribers - 1), unique=True))
    return problem, plan, who


def same(one: Plan, other: Plan) -> bool:
    names = (
        "box_ptr",
        "line_lot",
        "line_mode",
        "line_units",
        "line_eat",
        "line_reserve",
        "carry_eat",
    )
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names)


@given(planned_parts())
def test_boxes_taken_out_and_put_back_are_where_they_were(
    found: tuple[Problem, Plan, list[int]],
) -> None:
    problem, plan, chosen = found
    who = np.array(chosen, dtype=np.int64)
    assert same(with_boxes(problem, plan, who, boxes_of(problem, plan, who)), plan)


@given(planned_parts())
def test_the_parts_of_a_week_cost_together_what_the_week_costs(
    found: tuple[Problem, Plan, list[int]],
) -> None:
    problem, plan, chosen = found
    rest = [n for n in range(problem.n_subscribers) if n not in chosen]
    parts = [np.array(each, dtype=np.int64) for each in (chosen, rest)]
    whole = check(problem, plan)
    verdicts = [check(part_of(problem, who), boxes_of(problem, plan, who)) for who in parts]
    assert sum(each.objective for each in verdicts) == whole.objective
    for who, verdict in zip(parts, verdicts, strict=True):
        assert verdict.uncovered.tolist() == whole.uncovered[who].tolist()


@pytest.mark.parametrize("wishes", [False, True])
def test_what_boxes_save_is_what_the_checker_says(wishes: bool) -> None:
    """Box by box, against empty boxes; a reserve and a least value count too."""
    problem = read_problem(DATA / "n50.npz")
    if wishes:
        extras = Extras(
            reserve=2 * (problem.plan != FLOWER).astype(np.int8), min_cost=problem.budget // 2
        )
        weights = replace(problem.weights, missing_reserve=120, missing_value=2)
        problem = replace(problem, extras=extras, weights=weights)
    found = solve(problem, params=Params(fast=True))
    boxes = saved(problem, found.plan)
    assert boxes.sum() == empty_objective(problem) - found.verdict.objective
    for n in range(problem.n_subscribers):
        who = np.array([n])
        alone = check(part_of(problem, who), boxes_of(problem, found.plan, who))
        assert boxes[n] == empty_objective(part_of(problem, who)) - alone.objective
