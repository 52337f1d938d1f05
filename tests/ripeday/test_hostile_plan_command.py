"""`ripeday plan` on weeks that no merchant would have, and on files that are no weeks: boxes or a sentence."""

import io
import json
import pickle
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from ripeday.cli import commands
from ripeday.kit.errors import Invalid
from subscriptions.adapters.plan_file import read_plan, write_problem
from subscriptions.planning.checker import check
from subscriptions.planning.extras import Extras
from subscriptions.planning.plan import empty_plan
from subscriptions.planning.problem import EXCLUDED, FLOWER, FRUIT, LAYOUT, MIXED, Problem
from tests.subscriptions.planning.instances import problem_of

LARGE = 2**31 - 1
HASTES = ((), ("--fast",), ("--bound",), ("--exact",), ("--threads", 64))


def planned(week: Path, *options: object) -> Result:
    words = ["plan", week, "-o", week.with_name("boxes.npz"), "--json", *options]
    return CliRunner().invoke(commands, [str(word) for word in words])


def usual() -> Problem:
    """Three households of each kind of plan, two fruits and a flower."""
    households: list[dict[str, Any]] = [
        {},
        {"plan": FLOWER, "n_por": 0, "k_stem": 5},
        {"plan": MIXED, "n_por": 2, "k_stem": 3, "horizon": 14, "min_dist": 2},
    ]
    lots: list[dict[str, Any]] = [
        {"prod": 0, "portions": 2},
        {"prod": 1, "windows": [(2, 6), (1, 12), (9, 0)]},
        {"prod": 2, "portions": 5, "cost": 300},
    ]
    return problem_of([*households, *households, *households], lots, [FRUIT, FRUIT, FLOWER])


def filled(problem: Problem, **values: int) -> Problem:
    """The same week with whole arrays of one number."""
    return replace(
        problem, **{name: np.full_like(getattr(problem, name), n) for name, n in values.items()}
    )


def first(problem: Problem, n: int) -> Problem:
    """The same week with its first `n` households."""
    return replace(
        problem,
        **{
            name: getattr(problem, name)[:n] for name, (_, axes) in LAYOUT.items() if axes[0] == "N"
        },
    )


def without_lots() -> Problem:
    return replace(
        usual(),
        **{
            name: getattr(usual(), name)[:0] for name, (_, axes) in LAYOUT.items() if axes[0] == "L"
        },
    )


def at_its_largest() -> Problem:
    """Every number as large as its array can hold."""
    problem = usual()
    largest = filled(
        problem, lot_stock=LARGE, lot_cost=LARGE, lot_grams=LARGE, lot_portions=127, lot_pv=127,
        lot_last=127, lot_bonus=32767, win_a=0, win_b=127, horizon=14, pref=100, last_week=255,
        budget=LARGE, grams_max=LARGE, u_max=127, c_day=127, min_dist=127,
    )  # fmt: skip
    risks = Extras(
        win_risk=np.full(problem.win_a.shape, 2**24 - 1, np.int32),
        day_risk=np.full((*problem.win_a.shape, 14), 255, np.uint8),
    )
    portions = np.where(problem.plan == FLOWER, 0, 127).astype(np.int8)
    stems = np.where(problem.plan == FRUIT, 0, 127).astype(np.int8)
    return replace(largest, n_por=portions, k_stem=stems, extras=risks)


NOTHING_TO_SEND: dict[str, Callable[[], Problem]] = {
    "no stock": lambda: filled(usual(), lot_stock=0),
    "no day in any window": lambda: filled(usual(), win_a=9, win_b=0),
    "everything excluded": lambda: filled(usual(), pref=EXCLUDED),
    "no money": lambda: filled(usual(), budget=0),
    "no weight": lambda: filled(usual(), grams_max=0),
    "no units allowed": lambda: filled(usual(), u_max=0),
    "all lots gone by": lambda: filled(usual(), lot_last=-128),
    "no lots": without_lots,
    "no households": lambda: first(usual(), 0),
}
ODD: dict[str, Callable[[], Problem]] = {
    "one household": lambda: first(usual(), 1),
    "one household of flowers": lambda: first(
        replace(usual(), plan=np.roll(usual().plan, -1), n_por=np.roll(usual().n_por, -1),
                k_stem=np.roll(usual().k_stem, -1)), 1),
    "all windows after the last day": lambda: filled(usual(), win_a=127, win_b=127),
    "huge units": lambda: filled(usual(), lot_portions=127),
    "huge appetites": lambda: filled(first(usual(), 1), n_por=127, u_max=127, c_day=127),
    "no portion of a kind on a day": lambda: filled(usual(), c_day=0),
    "more kinds wished than there are": lambda: filled(usual(), min_dist=127),
    "everything for nothing": lambda: filled(usual(), lot_cost=0, lot_grams=0, lot_bonus=32767),
    "everything at its largest": at_its_largest,
}  # fmt: skip


@pytest.mark.parametrize("options", HASTES, ids=str)
@pytest.mark.parametrize("name", NOTHING_TO_SEND)
def test_where_nothing_can_be_sent_all_boxes_are_empty(
    tmp_path: Path, name: str, options: tuple[object, ...]
) -> None:
    problem = NOTHING_TO_SEND[name]()
    write_problem(tmp_path / "week.npz", problem)

    done = planned(tmp_path / "week.npz", *options)

    assert done.exit_code == 0, done.output
    plan = read_plan(tmp_path / "boxes.npz")
    assert plan.n_boxes == problem.n_subscribers
    assert not len(plan.line_lot)
    nothing = check(problem, empty_plan(problem.n_subscribers)).objective
    assert json.loads(done.stdout)["objective"] == nothing


@pytest.mark.parametrize("options", HASTES, ids=str)
@pytest.mark.parametrize("name", ODD)
def test_an_odd_week_is_planned_within_its_rules(
    tmp_path: Path, name: str, options: tuple[object, ...]
) -> None:
    problem = ODD[name]()
    write_problem(tmp_path / "week.npz", problem)

    done = planned(tmp_path / "week.npz", *options)

    assert done.exit_code == 0, done.output
    verdict = check(problem, read_plan(tmp_path / "boxes.npz"))
    assert verdict.is_feasible
    told = json.loads(done.stdout)
    assert told["objective"] == verdict.objective
    assert verdict.objective <= check(problem, empty_plan(problem.n_subscribers)).objective
    if told["bound"] is not None:
        assert told["bound"] <= told["objective"] + 1e-6 * abs(told["objective"])


def refused(path: Path) -> Invalid:
    """Plan a file, see that it is refused in one sentence and that there are no boxes; return the refusal."""
    done = planned(path)
    assert isinstance(done.exception, Invalid), done.output
    assert done.exit_code == 1
    assert done.stdout == ""
    sentence = str(done.exception)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert not path.with_name("boxes.npz").exists()
    return done.exception


def arrays_of(path: Path) -> dict[str, Any]:
    with np.load(path) as whole:
        return {name: whole[name] for name in whole}


@pytest.fixture
def week(tmp_path: Path) -> Path:
    write_problem(tmp_path / "week.npz", usual())
    return tmp_path / "week.npz"


@pytest.mark.parametrize(
    ("name", "place", "value"),
    [
        ("lot_prod", 1, 3), ("lot_prod", 0, -1), ("lot_stock", 2, -5), ("lot_cost", 0, -1),
        ("lot_portions", 1, 0), ("lot_portions", 1, -3), ("weekday", 4, 5), ("home", 8, 8),
        ("home", 3, -1), ("horizon", 2, 0), ("horizon", 2, 15), ("plan", 6, 3), ("budget", 7, -1),
        ("win_a", (0, 1, 2, 0), -1), ("pref", (4, 2), 101), ("pref", (4, 2), -127),
        ("prod_kind", 2, 7), ("n_por", 1, 2), ("k_stem", 0, 5), ("c_day", 5, -1),
    ],
)  # fmt: skip
def test_a_number_that_cannot_be_is_told_with_its_array_and_place(
    week: Path, name: str, place: int | tuple[int, ...], value: int
) -> None:
    arrays = arrays_of(week)
    arrays[name][place] = value
    np.savez(week, **arrays)
    told = refused(week)
    assert told.field == name
    where = place if isinstance(place, tuple) else (place,)
    assert name in str(told)
    assert ", ".join(map(str, where)) in str(told)
    assert str(value) in str(told)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"lot_cost": np.array([1.5, np.nan, np.inf])}, "lot_cost is of type float64"),
        ({"pref": np.full((9, 3), np.nan)}, "pref is of type float64"),
        ({"lot_stock": np.array([1, 2, 3], dtype=">i4")}, "lot_stock is of type >i4"),
        ({"lot_stock": np.array([1, 2, 3], dtype=np.int64)}, "lot_stock is of type int64"),
        ({"plan": np.zeros((9, 1), np.int8)}, "plan has shape"),
        ({"plan": np.int8(1)}, "plan has shape"),
        ({"win_b": np.zeros((3, 5, 8), np.int8)}, "win_b has shape"),
        ({"budget": np.zeros(8, np.int32)}, "budget has shape"),
        ({"lot_last": np.array([None, {}, ""])}, "lot_last"),
        ({"win_risk": np.zeros((3, 5, 8, 3), np.int64)}, "win_risk is of type int64"),
        ({"win_risk": np.full((3, 5, 8, 3), -1, np.int32)}, "win_risk"),
        ({"day_risk": np.zeros((3, 5, 8, 3, 13), np.uint8)}, "day_risk has shape"),
        ({"day_need": np.full((9, 14), -1, np.int8)}, "day_need"),
    ],
)  # fmt: skip
def test_an_array_of_another_kind_is_told_by_name(
    week: Path, change: dict[str, Any], said: str
) -> None:
    np.savez(week, **{**arrays_of(week), **change})
    assert said in str(refused(week))


class _Trap:
    """What a pickle would do if anybody opened it."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (print, ("the trap has sprung",))


def _pickled() -> bytes:
    return pickle.dumps(_Trap())


def _pickled_array() -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, meta=np.array([_Trap()], dtype=object))
    return buffer.getvalue()


def _bomb() -> bytes:
    """A small file that unpacks into a large one."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("meta.npy", bytes(50_000_000))
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"", b"PK", b"PK\x03\x04" + bytes(200), b"\x93NUMPY\x01\x00", b"week,boxes\n1,2\n",
     bytes(10_000), _pickled(), _pickled_array(), _bomb()],
    ids=["empty", "letters", "torn zip", "one array", "csv", "zeros", "pickle", "array of objects",
         "bomb"],
)  # fmt: skip
def test_what_is_no_plan_file_is_refused(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], content: bytes
) -> None:
    path = tmp_path / "week.npz"
    path.write_bytes(content)
    refused(path)
    assert "trap" not in capfd.readouterr().out


@pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 0.9, 0.999])
def test_a_week_that_ends_early_is_refused(week: Path, share: float) -> None:
    content = week.read_bytes()
    week.write_bytes(content[: int(share * len(content))])
    refused(week)


def test_a_missing_array_is_told_by_name(week: Path) -> None:
    for name in LAYOUT:
        arrays = arrays_of(week)
        del arrays[name]
        np.savez(week.with_name("less.npz"), **arrays)
        assert name in str(refused(week.with_name("less.npz")))


def test_sizes_that_no_machine_could_hold_are_refused_at_once(week: Path) -> None:
    meta = json.loads(arrays_of(week)["meta"].tobytes())
    meta["n_subscribers"] = 10**15
    text = np.frombuffer(json.dumps(meta).encode(), dtype=np.uint8)
    np.savez(week, **{**arrays_of(week), "meta": text})
    assert "plan has shape (9,)" in str(refused(week))


def test_boxes_of_an_earlier_plan_are_left_when_a_week_is_refused(week: Path) -> None:
    assert planned(week).exit_code == 0
    boxes = week.with_name("boxes.npz").read_bytes()
    week.write_bytes(week.read_bytes()[:-50])
    assert planned(week).exit_code == 1
    assert week.with_name("boxes.npz").read_bytes() == boxes
