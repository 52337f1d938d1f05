"""`ripeday simulate`, as a person types it."""

import json
from pathlib import Path

import pytest

from tests.market import add_box, add_lot, open_market
from tests.ripeday.place import ripeday

NOWHERE = "postgresql://a:b@127.0.0.1:9/x"


@pytest.fixture
async def farm(database: str) -> str:
    for slug in ("greengate", "southgate"):
        market = await open_market(slug=slug)
        lots = [await add_lot(market, key, units=40) for key in ("apple_fuji", "banana", "mango")]
        await add_box(market, [(lots[0], 4), (lots[1], 2)])
        await add_box(market, [(lots[0], 2), (lots[2], 3)])
    return database


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / ".ripeday"


def test_it_tells_what_became_of_a_plan(farm: str, data_dir: Path) -> None:
    typed = ("simulate", "greengate/2026-12-01", "--worlds", "5", "--seed", "3", "--json")
    once, again = (ripeday(data_dir, *typed, RIPEDAY_DATABASE_URL=farm) for _ in range(2))
    assert once.returncode == 0, once.stderr
    report = json.loads(once.stdout)
    assert report["plans"] == ["greengate/2026-12-01"]
    assert report["households"] == 2
    assert report["total"]["cover"]["seen"].keys() == {"value", "low", "high"}
    assert {each["key"] for each in report["per_produce"]} == {"apple_fuji", "banana", "mango"}
    assert again.stdout == once.stdout
    assert "5/5" in once.stderr


def test_without_a_name_it_is_everyones_next_plan(farm: str, data_dir: Path) -> None:
    done = ripeday(
        data_dir, "simulate", "--worlds", "3", "--households", "20", "--heat-wave", "1:3:+6",
        "--plots", "pictures", RIPEDAY_DATABASE_URL=farm,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "40 households of greengate/2026-12-01, southgate/2026-12-01" in done.stdout
    assert "heat wave 1:3:+6" in done.stdout
    for words in ("Days with enough ripe fruit", "Apple (Fuji)", "A day's promise", "follows"):
        assert words in done.stdout
    assert len(list((data_dir.parent / "pictures").glob("*.svg"))) == 4
    assert len(list((data_dir.parent / "pictures").glob("*.png"))) == 4


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nobody", "There is no merchant nobody; there are: greengate, southgate."),
        ("greengate/2026-12-24", "it has plans for: 2026-12-01."),
    ],
)
def test_a_plan_there_is_not_is_one_sentence(
    farm: str, data_dir: Path, name: str, told: str
) -> None:
    done = ripeday(data_dir, "simulate", name, RIPEDAY_DATABASE_URL=farm)
    assert done.returncode == 1
    assert told in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not done.stdout


def test_nothing_planned_is_one_sentence(database: str, data_dir: Path) -> None:
    done = ripeday(data_dir, "simulate", RIPEDAY_DATABASE_URL=database)
    assert done.returncode == 1
    assert "Nothing is planned yet" in done.stderr


def test_a_database_that_does_not_answer_is_one_sentence(data_dir: Path) -> None:
    done = ripeday(data_dir, "simulate", RIPEDAY_DATABASE_URL=NOWHERE)
    assert done.returncode == 1
    assert "does not answer" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "typed",
    [
        ("greengate/tomorrow",), ("--misfit", "cruel"), ("--heat-wave", "hot"), ("--households", "0"),
        ("--followers", "1.5"), ("--heat-wave", "1:3:+90"),
    ],
)  # fmt: skip
def test_what_is_typed_wrong_ends_with_2(data_dir: Path, typed: tuple[str, ...]) -> None:
    done = ripeday(data_dir, "simulate", *typed, RIPEDAY_DATABASE_URL=NOWHERE)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_pictures_that_cannot_be_written_are_one_sentence(farm: str, data_dir: Path) -> None:
    (data_dir.parent / "taken").write_text("a file")
    done = ripeday(
        data_dir, "simulate", "greengate", "--worlds", "2", "--plots", "taken/here", RIPEDAY_DATABASE_URL=farm
    )  # fmt: skip
    assert done.returncode == 1
    assert "The pictures cannot be written to taken/here" in done.stderr
