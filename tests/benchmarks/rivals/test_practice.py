"""Today's practice, fairly: its plans keep every rule, and it does what a sensible packer would."""

import csv
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from subscriptions.adapters.plan_file import read_plan, read_problem
from subscriptions.planning.checker import check
from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import EXCLUDED, Problem
from tests.benchmarks.rivals.__main__ import main
from tests.benchmarks.rivals.practice import PRACTICES, practise
from tests.benchmarks.rivals.stored import RESULTS, read_rows
from tests.subscriptions.planning.instances import DATA, problem_of, problems


def units_of(plan: Plan, n: int) -> dict[int, int]:
    return {int(plan.line_lot[i]): int(plan.line_units[i]) for i in plan.lines_of(n)}


@pytest.mark.parametrize("name", PRACTICES)
@settings(max_examples=80, deadline=None)
@given(problem=problems(max_households=6))
def test_practice_keeps_every_rule(name: str, problem: Problem) -> None:
    assert check(problem, PRACTICES[name](problem)).is_feasible


def test_of_the_fifty_each_rule_serves_better_than_the_one_before() -> None:
    """Dropping is worse than swapping, one box for all worse than a box for each; nothing beats the optimum."""
    fifty = read_problem(DATA / "n50.npz")
    found = {name: practise(fifty, name).objective or 0 for name in PRACTICES}

    assert found["bundle-dropped"] > found["bundle-swapped"] > found["greedy"] > 2_780_240


def test_first_come_is_first_served() -> None:
    """One bunch of bananas, two who want it."""
    problem = problem_of([{}, {}], [{"stock": 1, "portions": 3}], [0])
    plan = PRACTICES["greedy"](problem)

    assert units_of(plan, 0) == {0: 1}
    assert units_of(plan, 1) == {}


def test_a_bundle_is_the_same_for_all_who_may_have_it() -> None:
    lots = [{"stock": 30, "prod": p, "windows": [(0, 6), (9, 0), (9, 0)]} for p in range(3)]
    never = [0, EXCLUDED, 0]
    households: list[dict[str, Any]] = [{"c_day": 1}, {"c_day": 1}, {"c_day": 1, "pref": never}]
    problem = problem_of(households, lots, [0, 0, 0])
    dropped, swapped = (PRACTICES[name](problem) for name in ("bundle-dropped", "bundle-swapped"))

    first = units_of(dropped, 0)
    assert first == units_of(dropped, 1)
    assert units_of(dropped, 2) == {lot: units for lot, units in first.items() if lot != 1}
    assert 1 not in units_of(swapped, 2)
    assert sum(units_of(swapped, 2).values()) >= sum(units_of(dropped, 2).values())


def test_what_is_on_a_never_list_is_swapped_for_what_is_left() -> None:
    """Apples for all, and pears for the one who must not eat apples."""
    lots = [{"prod": 0, "cost": 10, "stock": 21}, {"prod": 1, "cost": 60, "stock": 20}]
    households: list[dict[str, Any]] = [{}, {}, {"pref": [EXCLUDED, 0]}]
    problem = problem_of(households, lots, [0, 0])

    assert units_of(PRACTICES["bundle-dropped"](problem), 2) == {}
    assert units_of(PRACTICES["bundle-swapped"](problem), 2) == {1: 7}


def test_a_result_is_stored_once_and_replaced_when_rerun(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, plan = tmp_path / "results.csv", tmp_path / "plan.npz"
    asked = [str(DATA / "n50.npz"), "--households", "5", "--solver", "greedy", "--json"]
    asked += ["--results", str(table), "-o", str(plan)]

    assert main(asked) == main([*asked, "--note", "again"]) == 0

    (row,) = read_rows(table)
    assert row["note"] == "again"
    assert row["households"] == "5"
    assert row["bound"] == ""
    assert "first 5 of 50" in row["instance"]
    assert int(row["objective"]) > 577_240
    assert read_plan(plan).n_boxes == 5
    assert '"solver": "greedy"' in capsys.readouterr().out


def test_without_or_tools_it_says_how_to_get_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("ortools", "ortools.sat", "ortools.sat.python"):
        monkeypatch.setitem(sys.modules, name, None)
    asked = [str(DATA / "n50.npz"), "--households", "5", "--solver", "cpsat"]

    assert main([*asked, "--results", str(tmp_path / "results.csv")]) == 2
    assert "[bench]" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_stored_results_are_of_known_instances_and_hold_together() -> None:
    """No bound above its objective, and none of the fifty below the optimum."""
    with RESULTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    for row in rows:
        assert len(row["digest"]) == 16
        if row["bound"] and row["objective"]:
            assert int(row["bound"]) <= int(row["objective"])
    fifty = [
        int(row["objective"]) for row in rows if row["households"] == "50" and row["objective"]
    ]
    assert np.min(fifty) >= 2_780_240
