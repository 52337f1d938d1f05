"""Text and names on papers."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.papers.ethylene import ethylene_mark
from delivery.papers.pack_list import PackLine, packing_order
from delivery.papers.plain_text import plain
from delivery.papers.short_name import last_four, short_name


@given(st.text(max_size=400))
def test_text_on_paper_is_one_line_without_hidden_characters(text: str) -> None:
    line = plain(text)
    assert len(line) <= 160
    assert all(unicodedata.category(c)[0] != "C" for c in line)
    assert "\n" not in line
    assert plain(line) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Ana\u202e ariebiR", "Ana ariebiR"),
        ("a\x00b\u200bc", "abc"),
        ("two\nlines\tof", "two lines of"),
        ("e\u0301", "é"),
        ("☎\ufe0f", "☎"),
        ("x" + "\u0335" * 40, "x\u0335\u0335"),
    ],
)
def test_what_hides_or_turns_text_is_taken_out(text: str, line: str) -> None:
    assert plain(text) == line


def test_a_text_of_ten_thousand_letters_is_cut_and_says_so() -> None:
    assert plain("a" * 10_000, limit=20) == "a" * 19 + "…"


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Ana Maria Ribeiro", "Ana R."),
        ("ana ribeiro", "ana R."),
        ("Cher", "Cher"),
        ("Łukasz Żółć", "Łukasz Ż."),
        ("王小敏", "王*敏"),
        ("王敏", "王*"),
        ("欧阳修文", "欧*文"),
        ("𠮷田", "𠮷*"),
        ("", ""),
        ("Ana 🍌", "Ana"),
    ],
)
def test_a_name_is_short_on_papers(name: str, short: str) -> None:
    assert short_name(name) == short


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=3, max_size=9))
def test_a_chinese_name_shows_two_characters_whatever_its_length(name: str) -> None:
    assert short_name(name) == f"{name[0]}*{name[-1]}"


@pytest.mark.parametrize(
    ("phone", "digits"),
    [("+86 138 0571 4821", "4821"), ("12", ""), (None, ""), ("٠١٢٣٤٥", "2345")],
)
def test_a_phone_shows_its_last_four_digits(phone: str | None, digits: str) -> None:
    assert last_four(phone) == digits


@pytest.mark.parametrize(
    ("production", "sensitivity", "mark"),
    [
        ("m", "vl", "E"),
        ("vh", "h", "E"),
        ("l", "h", "S"),
        ("vl", "vh", "S"),
        ("l", "m", None),
        (None, None, None),
    ],
)
def test_e_gives_off_ethylene_and_s_is_harmed_by_it(
    production: str | None, sensitivity: str | None, mark: str | None
) -> None:
    assert ethylene_mark(production, sensitivity) == mark


def test_a_box_is_packed_heavy_and_e_first_soft_and_s_last() -> None:
    berries = PackLine("Raspberries", 1, 125, is_soft=True)
    kiwi = PackLine("Kiwifruit", 4, 95, mark="S")
    melon = PackLine("Melon", 1, 1400)
    banana = PackLine("Banana", 5, 180, mark="E")
    pear = PackLine("Pear", 5, 190, mark="E")
    assert packing_order([berries, kiwi, melon, banana, pear]) == [
        pear,
        banana,
        melon,
        kiwi,
        berries,
    ]
