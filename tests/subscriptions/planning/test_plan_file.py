"""Instances and plans in files."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from ripeday.kit.errors import Invalid
from subscriptions.adapters.plan_file import read_plan, read_problem, write_plan, write_problem
from subscriptions.planning.plan import Plan, plan_of
from subscriptions.planning.problem import LAYOUT, Problem
from subscriptions.planning.solve import solve
from tests.subscriptions.planning.instances import DATA, problems


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(problems())
def test_what_is_written_is_read_back(tmp_path: Path, problem: Problem) -> None:
    """Instances and plans alike."""
    found = solve(problem).plan
    write_problem(tmp_path / "week.npz", problem)
    write_plan(tmp_path / "plan.npz", found)
    again, read = read_problem(tmp_path / "week.npz"), read_plan(tmp_path / "plan.npz")
    assert all(np.array_equal(getattr(again, name), getattr(problem, name)) for name in LAYOUT)
    assert again.weights == problem.weights
    assert all(np.array_equal(getattr(read, name), getattr(found, name)) for name in Plan.__slots__)


def test_a_torn_file_is_refused(tmp_path: Path) -> None:
    torn = tmp_path / "torn.npz"
    torn.write_bytes((DATA / "n50.npz").read_bytes()[:5000])
    with pytest.raises(Invalid, match=r"torn\.npz"):
        read_problem(torn)
    with pytest.raises(Invalid):
        read_problem(tmp_path / "absent.npz")


def test_a_pickle_is_never_opened(tmp_path: Path) -> None:
    path = tmp_path / "sly.npz"
    with np.load(DATA / "n50.npz") as stored:
        arrays = {name: stored[name] for name in stored}
    arrays["budget"] = np.array([object()] * 50)
    np.savez(path, **arrays)
    with pytest.raises(Invalid):
        read_problem(path)


@pytest.mark.parametrize(
    ("name", "value", "index"),
    [("home", 8, (3,)), ("lot_portions", 0, (5,)), ("pref", -120, (2, 4)), ("horizon", 15, (0,))],
)
def test_nonsense_in_an_array_is_named_with_its_place(
    tmp_path: Path, name: str, value: int, index: tuple[int, ...]
) -> None:
    with np.load(DATA / "n50.npz") as stored:
        arrays = {each: stored[each] for each in stored}
    arrays[name][index] = value
    np.savez(tmp_path / "odd.npz", **arrays)
    with pytest.raises(Invalid, match=f"{name} holds {value} at {', '.join(map(str, index))}"):
        read_problem(tmp_path / "odd.npz")


@pytest.mark.parametrize("name", sorted(LAYOUT))
def test_a_missing_or_misshapen_array_is_named(tmp_path: Path, name: str) -> None:
    with np.load(DATA / "n50.npz") as stored:
        arrays = {each: stored[each] for each in stored}
    for change in ({name: arrays[name][..., :-1]}, {name: arrays[name].astype(np.float64)}):
        np.savez(tmp_path / "odd.npz", **{**arrays, **change})
        with pytest.raises(Invalid):
            read_problem(tmp_path / "odd.npz")
    del arrays[name]
    np.savez(tmp_path / "odd.npz", **arrays)
    with pytest.raises(Invalid, match=name):
        read_problem(tmp_path / "odd.npz")


def test_a_plan_whose_arrays_disagree_is_refused() -> None:
    with pytest.raises(Invalid):
        plan_of([0, 2], [1], [0], [1], np.zeros((1, 14), dtype=np.uint8))
    with pytest.raises(Invalid):
        plan_of([0, 1], [1], [300], [1], np.zeros((1, 14), dtype=np.uint8))
