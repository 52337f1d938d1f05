"""`ripeday why`, as a person types it."""

import json
from pathlib import Path

import pytest

from subscriptions.adapters.plan_record import pack_week, unpack_answers, unpack_week
from tests.market import add_box, add_lot, open_market
from tests.ripeday.place import ripeday
from tests.subscriptions.people import fetch
from tests.subscriptions.services.scarce_street import SCARCE, open_scarce_street

PLAN = "greengate/2026-12-01"


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / ".ripeday"


@pytest.fixture
async def farm(database: str) -> str:
    street = await open_scarce_street()
    await street.plan(street.market.day)
    return database


def test_it_says_what_was_scarce_and_makes_the_plan_again(farm: str, data_dir: Path) -> None:
    typed = ("why", PLAN, "--replay")
    table, document = (
        ripeday(data_dir, *typed, *more, RIPEDAY_DATABASE_URL=farm) for more in ((), ("--json",))
    )
    assert table.returncode == 0, table.stderr
    assert "the plan is the same" in table.stdout
    (one,) = json.loads(document.stdout)["rounds"]
    assert one["scarce"] == [[{"produce_key": SCARCE, "wanted": 3, "got": 1, "waits": [2]}]]
    assert one["replays"] == [True]


async def test_it_says_why_of_a_box(farm: str, data_dir: Path) -> None:
    ((number,),) = await fetch(
        "SELECT min(number) FROM box WHERE NOT EXISTS"
        " (SELECT FROM box_line WHERE box_line.box = box.id AND box_line.produce = $1)",
        SCARCE,
    )
    typed = ("why", PLAN, "--box", str(number), "--produce", SCARCE)
    english = ripeday(data_dir, *typed, RIPEDAY_DATABASE_URL=farm)
    chinese = ripeday(data_dir, *typed, "--language", "zh", RIPEDAY_DATABASE_URL=farm)
    (one,) = json.loads(
        ripeday(data_dir, *typed, "--json", RIPEDAY_DATABASE_URL=farm).stdout
    )["rounds"]  # fmt: skip
    assert "3 households wanted it, 1 got it." in " ".join(english.stdout.split())
    assert "3户想要，1户分到了。" in "".join(chinese.stdout.split())
    (answer,) = one["answers"]
    assert (answer["missed"], answer["ahead"], len(answer["sentences"])) == (1, 0, 4)


async def test_a_plan_that_comes_out_otherwise_ends_with_1(farm: str, data_dir: Path) -> None:
    ((answers, week),) = await fetch("SELECT answers, week FROM plan_record")
    kept = unpack_week(bytes(week), unpack_answers(bytes(answers))[1].missed)  # type: ignore[call-overload, arg-type]
    kept.plan.line_units[0] += 1
    await fetch("UPDATE plan_record SET week = $1 RETURNING id", pack_week(kept))
    done = ripeday(data_dir, "why", PLAN, "--replay", RIPEDAY_DATABASE_URL=farm)
    assert done.returncode == 1
    assert "another one" in done.stderr


@pytest.mark.parametrize("more", [("--box", "99"), ()])
async def test_what_left_no_record_is_one_sentence(
    database: str, data_dir: Path, more: tuple[str, ...]
) -> None:
    market = await open_market()
    await add_box(market, [(await add_lot(market, "banana", units=9), 2)])
    done = ripeday(data_dir, "why", PLAN, *more, RIPEDAY_DATABASE_URL=database)
    assert done.returncode == 1
    assert "No record is kept of such a plan." in done.stderr


@pytest.mark.parametrize("typed", [("greengate/tomorrow",), (PLAN, "--produce", "fig"), ()])
def test_what_is_typed_wrong_ends_with_2(data_dir: Path, typed: tuple[str, ...]) -> None:
    done = ripeday(data_dir, "why", *typed)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
