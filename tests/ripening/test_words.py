"""Every sentence of this package exists in Chinese, complete and with the same values."""

import ast
import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

import ripening
from ripeday.kit.text import Message
from ripening.advice import stage
from ripening.fact import rows
from ripening.produce import load_profiles, sellable_keys
from ripening.reading import day_words, homes_words, in_ten_words, weekday_name_words, weekday_words
from ripening.unit import counted_out, families, name_in_words, units_in_words

PACKAGE = Path(ripening.__file__).parent
MARKERS = {"message", "plural", "marked"}


def entries() -> Iterator[tuple[tuple[str, ...], str]]:
    """Every translation with its English forms, one or singular and plural."""
    for path in sorted((PACKAGE / "locale" / "zh").glob("*.po")):
        with path.open("rb") as file:
            catalog: Catalog = read_po(file, locale="zh", abort_invalid=True)
        for entry in catalog:
            if entry.id:
                forms = (entry.id,) if isinstance(entry.id, str) else tuple(entry.id)
                yield forms, entry.string if isinstance(entry.string, str) else entry.string[0]


@pytest.fixture(scope="module")
def chinese() -> dict[str, str]:
    """All translations, keyed by the English singular."""
    found: dict[str, str] = {}
    for (key, *_), text in entries():
        assert found.get(key, text) == text, f"{key} is written twice, differently"
        found[key] = text
    return found


def literals() -> set[str]:
    """Every text in the package's code that a person may read."""
    found: set[str] = set()
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in MARKERS
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                found.add(node.args[0].value)
    return found


def test_every_sentence_of_the_code_is_written_in_chinese(chinese: dict[str, str]) -> None:
    assert len(literals()) > 50
    assert literals() <= chinese.keys()


def test_every_produce_unit_and_family_is_written_in_chinese(chinese: dict[str, str]) -> None:
    words = [row[name] for row in rows("units.csv") for name in ("one", "name")]
    assert {*words, *families().values()} <= chinese.keys()


def test_days_and_chances_are_written_in_chinese(chinese: dict[str, str]) -> None:
    days = [dt.date(2026, 1, 1) + dt.timedelta(days=31 * i) for i in range(12)]
    months = {day_words(day).values["month"].text for day in days}  # type: ignore[attr-defined]
    week = [dt.date(2026, 11, 23) + dt.timedelta(days=i) for i in range(7)]
    names = {words(day).text for day in week for words in (weekday_words, weekday_name_words)}
    tens = {words(n).text for n in range(10) for words in (in_ten_words, homes_words)}
    assert len(months) == 12
    assert len(names) == 14
    assert months | names | tens <= chinese.keys()


def test_a_translation_uses_the_same_values_as_the_english() -> None:
    for english, translated in entries():
        used = set(re.findall(r"\{(\w+)\}", translated))
        assert used == set(re.findall(r"\{(\w+)\}", "".join(english))), english
        assert translated, english


def test_no_chinese_sentence_keeps_english_punctuation(chinese: dict[str, str]) -> None:
    for translated in chinese.values():
        assert not re.search(r"[,;!?]|—", translated), translated


def test_units_are_said_as_at_a_counter(chinese: dict[str, str]) -> None:
    profiles = load_profiles()

    def said(key: str, units: int) -> tuple[str, str]:
        words = units_in_words(profiles[key], units)
        return str(words), chinese[words.text].format(**words.values)

    assert said("banana", 1) == ("1 banana", "1根香蕉")
    assert said("kiwifruit_green", 4) == ("4 kiwifruit", "4个猕猴桃")
    assert said("grape", 1) == ("250 g grapes", "葡萄 250 克")
    assert said("tulip", 1) == ("1 bunch of tulips", "1束郁金香")
    assert said("fig", 2) == ("4 figs", "4个无花果")


def test_every_produce_has_a_name_and_a_stage(chinese: dict[str, str]) -> None:
    for key in sellable_keys():
        produce = load_profiles()[key]
        for age in (-1.0, 0.0, 2.0, 5.0, 40.0):
            words: Message = stage(produce, age).words
            assert words.text in chinese
        assert name_in_words(produce).text in chinese


def test_a_card_says_what_to_count_out(chinese: dict[str, str]) -> None:
    profiles = load_profiles()

    def said(key: str, units: int) -> tuple[int, str, str]:
        n, words = counted_out(profiles[key], units)
        values = {**words.values}
        if isinstance(name := values.get("produce"), Message):
            values["produce"] = chinese[name.text]
        return n, str(words).strip(), chinese[words.text].format(**values)

    assert said("kiwifruit_green", 6) == (6, "kiwifruit", "个猕猴桃")
    assert said("banana", 1) == (1, "banana", "根香蕉")
    assert said("fig", 2) == (4, "figs", "个无花果")
    assert said("strawberry", 2) == (2, "punnets of strawberries", "盒草莓")
    assert said("chrysanthemum", 1) == (1, "bunch of chrysanthemums", "束菊花")
