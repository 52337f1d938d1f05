"""Whatever people write, a paper stays a paper."""

import dataclasses

import pypdfium2 as pdfium
import pytest

from delivery.adapters import typesetter
from delivery.adapters.font import coverage
from delivery.papers.pick_list import PickLine, PickZone
from tests.delivery.papers.language import Chinese, English
from tests.delivery.papers.reading import (
    assert_harmless,
    assert_nothing_overlaps,
    is_bold,
    letters_of,
    pages_of,
    text_of,
)
from tests.delivery.papers.sample import english_pick_list
from tests.delivery.papers.sample_box import (
    chinese_label,
    english_label,
    english_pack_list,
    english_route_sheet,
)

HOSTILE = (
    '#eval("1+1") $x$ *bold* _it_ <a href="javascript:alert(1)">https://evil.example</a>',
    "W" * 10_000,
    "王" * 10_000,
    "\u202eevil\u202c \u2066abc\u2069",
    "👩‍🌾🍌" * 30,
    "محمد שלום",
    "Z" + "\u0335" * 500,
    "\x00\x07\x1b[31m",
    "",
)


@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: repr(name[:12]))
@pytest.mark.parametrize("language", [English, Chinese])
async def test_hostile_words_neither_break_a_paper_nor_run_into_their_neighbours(
    name: str, language: type[English]
) -> None:
    line = PickLine(
        "A-01-2",
        name,
        name,
        123_456,
        name,
        units_per_case=7,
        else_place=name,
        lot_note=name,
        mark="E",
    )
    zone = PickZone("A", name, (line, line), (0, 2), name)
    picks = dataclasses.replace(english_pick_list(), round_name=name, zones=(zone,))
    cards = english_pack_list(1).cards
    card = dataclasses.replace(
        cards[0],
        box_number=name,
        name=name,
        tote=name,
        exclusions=(name,) * 30,
        food_note=name,
        lines=tuple(
            dataclasses.replace(cards[0].lines[0], produce=name, instead_of=name) for _ in range(20)
        ),
    )
    packs = dataclasses.replace(english_pack_list(1), round_name=name, cards=(card,))
    label = dataclasses.replace(
        english_label(),
        route=name,
        depot=name,
        name=name,
        phone=name,
        address_lines=(name,) * 9,
        delivery_note=name,
        eat_first=tuple(dataclasses.replace(e, produce=name) for e in english_label().eat_first),
    )
    stop = dataclasses.replace(english_route_sheet().stops[3], street=name, name=name, note=name)
    route = dataclasses.replace(
        english_route_sheet(), route=name, depot=name, round_name=name, stops=(stop, stop)
    )
    for pdf in (
        await typesetter.route_sheet(route, language()),
        await typesetter.pick_list(picks, language()),
        await typesetter.pack_list(packs, language()),
        await typesetter.labels([label], language()),
    ):
        assert_harmless(pdf)
        for page in range(pages_of(pdf)):
            assert_nothing_overlaps(pdf, page=page)
            with pdfium.PdfDocument(pdf) as document:
                wide, high = document[page].get_size()
            for left, bottom, right, top, letter in letters_of(pdf, page=page):
                assert left > 0, letter
                assert bottom > 0, letter
                assert right < wide, letter
                assert top < high, letter


async def test_markup_in_a_name_is_printed_not_run() -> None:
    label = dataclasses.replace(english_label(), delivery_note='#eval("1+1")')
    assert '#eval("1+1")' in text_of(await typesetter.labels([label], English()))


async def test_letters_that_no_face_has_become_one_mark_and_never_an_empty_box() -> None:
    label = dataclasses.replace(
        english_label(), delivery_note="محمد 🍌🍌", address_lines=("Łódź, Šibenik, Győr, Кёльн",)
    )
    text = text_of(await typesetter.labels([label], English()))
    assert "〓 〓" in text
    assert "Łódź, Šibenik, Győr, Кёльн" in text


async def test_a_rare_character_without_a_bold_glyph_is_set_regular_as_a_whole_word() -> None:
    faces = coverage()
    rare = next(chr(c) for c in sorted(faces.regular - faces.bold) if 0x4E00 <= c < 0x2FFFF)
    label = dataclasses.replace(chinese_label(), name=f"王{rare}")
    pdf = await typesetter.labels([label], Chinese())
    assert "王*" in text_of(pdf)
    label = dataclasses.replace(chinese_label(), delivery_note=f"放{rare}门口")
    weights = set()
    pdf = await typesetter.labels([label], Chinese())
    with pdfium.PdfDocument(pdf) as document:
        textpage = document[0].get_textpage()
        found = textpage.search(f"放{rare}门口").get_next()
        assert found is not None
        for index in range(found[0], found[0] + found[1]):
            weights.add(is_bold(textpage, index))
    assert weights == {False}
