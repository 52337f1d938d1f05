"""What a week may say beyond the plain format: refused with its place when it is nonsense, kept in files."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ripeday.kit.errors import Invalid
from subscriptions.adapters.plan_file import read_plan, read_problem, write_plan, write_problem
from subscriptions.planning.extras import CARRY, EXTRAS_LAYOUT, Extras
from subscriptions.planning.plan import Plan, plan_of
from subscriptions.planning.problem import FLOWER, FRUIT, Problem
from tests.subscriptions.planning.instances import problem_of
from tests.subscriptions.planning.plans import full_problems, plans

ALL: dict[str, list[Any]] = {
    "day_need": [[1] * 14, [2] * 14],
    "reserve": [0, 3],
    "carry_ptr": [0, 2, 3],
    "carry_prod": [0, 1, 0],
    "carry_portions": [1, 2, 3],
    "carry_a": [0, 1, 2],
    "carry_b": [3, 4, 5],
    "prod_group": [0, -1],
    "min_cost": [0, 900],
    "keep": [0, 1],
    "win_risk": np.zeros((2, 5, 8, 3), dtype=int).tolist(),
    "day_risk": np.zeros((2, 5, 8, 3, 14), dtype=int).tolist(),
}


def week(**arrays: list[Any]) -> Problem:
    typed: dict[str, Any] = {
        name: np.array(values, dtype=EXTRAS_LAYOUT[name][0]) for name, values in arrays.items()
    }
    return replace(problem_of([{}, {}], [{}, {}], [FRUIT, FLOWER]), extras=Extras(**typed))


def test_sensible_extras_are_taken() -> None:
    assert sorted(week(**ALL).extras.given()) == sorted(EXTRAS_LAYOUT)
    assert week().extras.given() == {}


@pytest.mark.parametrize(
    ("name", "index", "value"),
    [
        ("day_need", (1, 13), -1),
        ("reserve", (1,), -1),
        ("carry_ptr", (0,), 1),
        ("carry_ptr", (1,), 4),
        ("carry_ptr", (2,), 2),
        ("carry_prod", (2,), 2),
        ("carry_portions", (1,), -1),
        ("carry_a", (0,), -1),
        ("prod_group", (0,), -2),
        ("min_cost", (1,), -1),
        ("keep", (0,), 2),
        ("win_risk", (1, 4, 7, 2), -1),
        ("win_risk", (1, 0, 0, 0), 2**24),
    ],
)
def test_nonsense_is_named_with_its_place(name: str, index: tuple[int, ...], value: int) -> None:
    arrays = {each: np.array(values) for each, values in ALL.items()}
    arrays[name][index] = value
    with pytest.raises(Invalid) as refused:
        week(**{each: array.tolist() for each, array in arrays.items()})
    assert refused.value.field == name
    # A pointer that is too high is seen where the next one falls below it.
    place = index if (name, value) != ("carry_ptr", 4) else (2,)
    assert f"{name} holds" in str(refused.value)
    assert f"at {', '.join(map(str, place))};" in str(refused.value)


@pytest.mark.parametrize("name", sorted(EXTRAS_LAYOUT))
def test_wrong_types_and_shapes_are_named(name: str) -> None:
    right = week(**ALL).extras
    for odd in (getattr(right, name).astype(np.float64), getattr(right, name)[None]):
        with pytest.raises(Invalid, match=name):
            replace(week(), extras=replace(right, **{name: odd}))


@pytest.mark.parametrize("name", CARRY)
def test_arrays_of_things_at_home_come_together(name: str) -> None:
    rest = {each: values for each, values in ALL.items() if each != name}
    with pytest.raises(Invalid):
        week(**rest)


@pytest.mark.parametrize("name", ["day_need", "reserve"])
def test_a_flower_plan_wants_no_portions(name: str) -> None:
    flowers = problem_of([{}, {"plan": FLOWER, "n_por": 0}], [{}], [FRUIT])
    array = np.array(ALL[name], dtype=np.int8)
    with pytest.raises(Invalid, match=f"{name} holds . at 1"):
        replace(flowers, extras=Extras(**{name: array}))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_extras_are_written_and_read_back(tmp_path: Path, data: st.DataObject) -> None:
    problem = data.draw(full_problems(hostile=False))
    plan = data.draw(plans(problem, hostile=False))
    write_problem(tmp_path / "week.npz", problem)
    write_plan(tmp_path / "plan.npz", plan)
    again, read = read_problem(tmp_path / "week.npz"), read_plan(tmp_path / "plan.npz")
    given_, found = problem.extras.given(), again.extras.given()
    assert given_.keys() == found.keys()
    assert all(np.array_equal(given_[name], found[name]) for name in given_)
    assert again.weights == problem.weights
    for name in Plan.__slots__:
        was, now = getattr(plan, name), getattr(read, name)
        assert np.array_equal(was, now) or (name == "carry_eat" and not was.any() and not len(now))


def test_a_plain_plan_is_written_as_the_format_says(tmp_path: Path) -> None:
    plan = plan_of([0, 1], [0], [0], [1], np.zeros((1, 14), dtype=np.uint8))
    write_plan(tmp_path / "plan.npz", plan)
    with np.load(tmp_path / "plan.npz") as stored:
        assert set(stored) == {"box_ptr", "line_lot", "line_mode", "line_units", "line_eat"}
    assert plan.line_reserve.tolist() == [0]


def test_a_reserve_that_does_not_fit_the_lines_is_refused() -> None:
    eat = np.zeros((1, 14), dtype=np.uint8)
    with pytest.raises(Invalid, match="line_reserve"):
        plan_of([0, 1], [0], [0], [1], eat, line_reserve=[1, 2])
    with pytest.raises(Invalid, match="carry_eat"):
        plan_of([0, 1], [0], [0], [1], eat, carry_eat=np.zeros((2, 13), dtype=np.uint8))
