"""`ripeday plan` and `ripeday instance`: what a person types, and what comes back."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from ripeday.cli import commands
from ripeday.commands.plan_table import told
from ripeday.kit.errors import Invalid, Refused
from ripeday.translation import translator
from subscriptions.adapters.plan_file import read_plan, read_problem, write_plan
from subscriptions.planning import solve as solving
from subscriptions.planning.checker import check
from subscriptions.planning.plan import Plan, empty_plan
from subscriptions.planning.problem import LAYOUT, Problem

SAID = {
    *("households", "lots", "seed", "threads", "feasible", "objective", "bound", "gap", "goods"),
    *("cover", "days", "covered_days", "waste", "seconds", "solve_seconds"),
}


def typed(*words: object) -> Result:
    return CliRunner().invoke(commands, [str(word) for word in words])


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("week") / "week.npz"
    done = typed("instance", 20, "--lots", 30, "--seed", 7, "-o", path)
    assert done.exit_code == 0, done.output
    return path


def test_a_week_is_made_planned_and_told_as_one_object(week: Path, tmp_path: Path) -> None:
    done = typed("plan", week, "-o", tmp_path / "plan.npz", "--seed", 3, "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told.keys() == SAID
    problem, plan = read_problem(week), read_plan(tmp_path / "plan.npz")
    verdict = check(problem, plan)
    assert told["feasible"]
    assert verdict.is_feasible
    assert told["objective"] == verdict.objective
    assert told["goods"] == verdict.goods_minor
    assert told["cover"] == verdict.cover_fraction
    assert told["waste"] == verdict.waste_portions
    assert told["households"] == 20
    assert told["lots"] == 30
    assert told["bound"] is None
    assert {"read", "write"} < told["seconds"].keys()
    assert told["solve_seconds"] >= 0


def test_the_table_says_the_same_in_words(week: Path, tmp_path: Path) -> None:
    english = typed("plan", week, "-o", tmp_path / "plan.npz")
    assert english.exit_code == 0, english.output
    for words in ("Boxes planned", "Days covered", "Objective", "Time: read"):
        assert words in english.stdout
    chinese = typed("plan", week, "-o", tmp_path / "plan.npz", "--language", "zh")
    assert "排好的箱数" in chinese.stdout


def test_a_bound_is_told_with_its_gap() -> None:
    figures = {
        "households": 5000, "cover": 0.98765, "covered_days": 9876, "days": 10_000, "waste": 12,
        "goods": 1_234_567, "objective": 20_000_000, "bound": 19_000_000.5, "gap": 0.0081,
        "seconds": {"price_lots": 1.25},
    }  # fmt: skip
    text = told(figures, translator("en"))
    for words in ("98.77 %", "9,876 of 10,000", "190,000.01", "0.810 %", "price lots", "1.25 s"):
        assert words in text
    assert "the best" not in text
    best = {**figures, "bound": 20_000_000, "gap": 0.0}
    assert "this is the best" in told(best, translator("en"))
    assert "已是最优" in told(best, translator("zh"))


def test_what_was_asked_for_reaches_the_planner(
    week: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, object] = {}

    def heard(problem: Problem, **given: object) -> solving.Result:
        asked.update(given)
        plan = empty_plan(problem.n_subscribers)
        return solving.Result(
            plan, check(problem, plan), -5.0, np.zeros(problem.n_lots), {"plan": 0.5}
        )

    monkeypatch.setattr(solving, "solve", heard)
    done = typed(
        "plan", week, "-o", tmp_path / "plan.npz", "--threads", 4, "--seed", 9, "--fast", "--bound",
        "--exact", "--time-limit", 0.000001, "--json",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert asked["seed"] == 9
    assert asked["params"] == solving.Params(threads=4, fast=True, bound=True, exact=True)
    stop = asked["stop"]
    assert callable(stop)
    assert stop()
    assert json.loads(done.stdout)["bound"] == -5.0
    assert json.loads(done.stdout)["seconds"]["plan"] == 0.5


def test_a_plan_that_breaks_a_rule_is_told_and_not_written(
    week: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def careless(problem: Problem, **_: object) -> solving.Result:
        plan = empty_plan(problem.n_subscribers + 1)
        return solving.Result(plan, check(problem, plan), None, np.zeros(problem.n_lots))

    monkeypatch.setattr(solving, "solve", careless)
    done = typed("plan", week, "-o", tmp_path / "plan.npz", "--json")
    assert isinstance(done.exception, Refused)
    assert "21 boxes for 20 households" in str(done.exception)
    assert json.loads(done.stdout)["feasible"] is False
    assert not (tmp_path / "plan.npz").exists()


def test_a_torn_instance_is_one_sentence(week: Path, tmp_path: Path) -> None:
    torn = tmp_path / "torn.npz"
    torn.write_bytes(week.read_bytes()[:-100])
    done = typed("plan", torn, "-o", tmp_path / "plan.npz")
    assert isinstance(done.exception, Invalid)
    assert "torn.npz" in str(done.exception)
    assert done.exit_code == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--threads", 0), "--threads"),
        (("--threads", "many"), "--threads"),
        (("--seed", -1), "--seed"),
        (("--time-limit", 0), "--time-limit"),
        (("--time-limit", "nan"), "--time-limit"),
        (("--time-limit", "inf"), "--time-limit"),
        (("--language", "de"), "--language"),
    ],
)
def test_an_option_out_of_range_is_typed_wrong(
    week: Path, tmp_path: Path, words: tuple[object, ...], said: str
) -> None:
    done = typed("plan", week, "-o", tmp_path / "plan.npz", *words)
    assert done.exit_code == 2
    assert said in done.stderr
    assert not (tmp_path / "plan.npz").exists()


def test_a_plan_never_takes_the_place_of_its_instance(week: Path) -> None:
    before = week.read_bytes()
    done = typed("plan", week, "-o", week)
    assert done.exit_code == 2
    assert "take the place" in done.stderr
    assert week.read_bytes() == before


def test_a_place_that_cannot_be_written_is_told_before_the_work(
    week: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(solving, "solve", lambda *_, **__: pytest.fail("worked for nothing"))
    done = typed("plan", week, "-o", tmp_path / "absent" / "plan.npz")
    assert isinstance(done.exception, Refused)
    assert "absent" in str(done.exception)


def test_an_older_plan_is_replaced(week: Path, tmp_path: Path) -> None:
    write_plan(tmp_path / "plan.npz", empty_plan(1))
    assert typed("plan", week, "-o", tmp_path / "plan.npz").exit_code == 0
    assert read_plan(tmp_path / "plan.npz").n_boxes == 20


def test_the_same_seed_gives_the_same_files(week: Path, tmp_path: Path) -> None:
    typed("instance", 20, "--lots", 30, "--seed", 7, "-o", tmp_path / "again.npz")
    first, again = read_problem(week), read_problem(tmp_path / "again.npz")
    assert all(np.array_equal(getattr(first, name), getattr(again, name)) for name in LAYOUT)
    plans = []
    for name in ("one.npz", "two.npz"):
        typed("plan", week, "-o", tmp_path / name, "--seed", 5)
        plans.append(read_plan(tmp_path / name))
    assert all(
        np.array_equal(getattr(plans[0], name), getattr(plans[1], name)) for name in Plan.__slots__
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((0,), "households is 0"),
        ((10_000_001,), "households is 10000001"),
        (("many",), "many"),
        ((5, "--lots", 1), "lots is 1"),
        ((5, "--weekdays", 6), "weekdays is 6"),
        ((5, "--tight", "nan"), "tight is nan"),
        ((5, "--tight", 0), "tight is 0"),
        ((5, "--seed", -1), "seed is -1"),
        ((5, "--on", "1800-01-01"), "1800"),
        ((5, "--on", "tomorrow"), "tomorrow"),
    ],
)
def test_a_week_that_cannot_be_meant_is_typed_wrong(
    tmp_path: Path, words: tuple[object, ...], said: str
) -> None:
    done = typed("instance", "-o", tmp_path / "week.npz", *words[1:], "--", words[0])
    assert done.exit_code == 2
    assert said in done.stderr
    assert not (tmp_path / "week.npz").exists()


def test_a_week_with_risks_is_planned_like_any_other(tmp_path: Path) -> None:
    made = typed(
        "instance", 20, "--lots", 30, "--risks", "--on", "2026-10-05", "-o", tmp_path / "week.npz"
    )
    assert made.exit_code == 0, made.output
    problem = read_problem(tmp_path / "week.npz")
    assert problem.extras.given().keys() == {"win_risk", "day_risk"}
    assert typed("plan", tmp_path / "week.npz", "-o", tmp_path / "plan.npz").exit_code == 0
    assert check(problem, read_plan(tmp_path / "plan.npz")).is_feasible


def test_the_file_says_how_it_was_made(week: Path) -> None:
    with np.load(week) as stored:
        meta = json.loads(stored["meta"].tobytes())
    assert meta["seed"] == 7
    assert meta["tight"] == 1.15
    assert meta["n_subscribers"] == 20
