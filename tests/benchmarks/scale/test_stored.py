"""What is stored of runs, and the page made of it."""

from pathlib import Path

import pytest

from tests.benchmarks.scale.case import designed
from tests.benchmarks.scale.page import BEGIN, END, tables, write_page
from tests.benchmarks.scale.stored import COLUMNS, KEY, Row, read_rows, store


def run_of(**told: str) -> Row:
    usual = {
        "digest": "d", "instance": "n500", "households": "500", "lots": "62", "mode": "usual", "threads": "2",
        "engine": "e", "seconds": "2.5", "cpu_s": "5", "memory_mib": "200", "objective": "1000", "goods_cents": "100",
        "covered_days": "9", "days": "10", "waste_portions": "1", "shipped_portions": "100", "greedy_cpu_s": "0.5",
        "greedy_objective": "3000",
    }  # fmt: skip
    return dict.fromkeys(COLUMNS, "") | usual | told


def test_a_run_made_again_takes_the_place_of_its_row(tmp_path: Path) -> None:
    file = tmp_path / "results.csv"
    for told in ({}, {"mode": "fast"}, {"seconds": "3"}):
        store(file, run_of(**told), columns=COLUMNS, key=KEY)
    assert [(row["mode"], row["seconds"]) for row in read_rows(file)] == [
        ("usual", "3"),
        ("fast", "2.5"),
    ]


def test_only_what_is_between_the_marks_is_written_anew(tmp_path: Path) -> None:
    page, picture = tmp_path / "page.md", tmp_path / "scale.svg"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    write_page(page, picture)
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"before\n{BEGIN}\n")
    assert text.endswith(f"\n{END}\nafter\n")
    assert "\nold\n" not in text
    assert picture.read_text(encoding="utf-8").startswith("<?xml")


def test_a_page_without_marks_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("words", encoding="utf-8")
    with pytest.raises(ValueError, match="lacks the lines"):
        write_page(page, tmp_path / "scale.svg")
    assert page.read_text(encoding="utf-8") == "words"


def test_rows_of_several_engines_are_not_passed_off_as_one() -> None:
    rows = [run_of(), run_of(digest="other", engine="f")]
    assert "several engines" in tables(rows)
    assert "several engines" not in tables(rows[:1])


def test_every_size_is_planned_with_few_and_many_lots_and_little_and_much_to_spare() -> None:
    for households in (500, 5_000, 100_000):
        weeks = {case for case in designed(large=False) if case.households == households}
        assert {case.lots for case in weeks} == {40, 100, 200, 400}
        assert {case.tight for case in weeks} == {1.05, 1.15, 1.3}
        assert len({case.seed for case in weeks}) == 3
