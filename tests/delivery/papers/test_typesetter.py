"""Papers as PDF: measured, read back and scanned."""

import dataclasses
import datetime as dt
import re
import time
from itertools import pairwise

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest

from delivery.adapters import typesetter
from delivery.papers import pick_list_layout
from delivery.papers.pick_list import PickList
from tests.delivery.papers.language import Chinese, English
from tests.delivery.papers.reading import MM, pages_of, raster, scan, size_of, sizes_of, text_of
from tests.delivery.papers.sample import (
    LONDON,
    chinese_pick_list,
    english_pick_list,
    long_pick_list,
)
from tests.delivery.papers.sample_box import (
    chinese_label,
    chinese_pack_list,
    chinese_route_sheet,
    english_label,
    english_pack_list,
    english_route_sheet,
    week,
)


async def test_a_wave_barcode_scans_from_every_page_of_a_pick_list() -> None:
    pdf = await typesetter.pick_list(long_pick_list(120), English())
    n_pages = pages_of(pdf)
    assert n_pages > 5
    for page in range(n_pages):
        (code,) = scan(pdf, dpi=300, page=page)
        assert code.text == "W26-1201-2"
    text = text_of(pdf)
    for page in range(1, n_pages + 1):
        assert f"{page} / {n_pages}" in text
    assert text.count("Pick list") == n_pages


async def test_every_pick_is_on_paper_once_and_can_be_searched() -> None:
    paper = english_pick_list()
    text = text_of(await typesetter.pick_list(paper, English()))
    for zone in paper.zones:
        for line in zone.lines:
            assert text.count(line.lot_code) == 1
            assert str(line.produce) in text
            assert f"{line.units:,}" in text
    for words in ("17 cases + 2", "out by Wed", "this lot first", "0 to 2", "Wave 2 of 3"):
        assert words in text


async def test_chinese_papers_can_be_searched_and_leave_nothing_in_english() -> None:
    translator = Chinese()
    text = text_of(await typesetter.pick_list(chinese_pick_list(), translator))
    for words in ("拣货单", "猕猴桃（绿心）", "先拣这批", "无货去", "12月1日", "18 整箱 + 16"):
        assert words in text
    text = text_of(await typesetter.pack_list(chinese_pack_list(), translator))
    for words in ("欧*文", "不要芒果", "替葡萄", "周转箱"):
        assert words in text
    assert "王小敏" not in text
    text = text_of(await typesetter.labels([chinese_label()], translator))
    for words in ("王*敏", "尾号 4821", "放门口", "勿低于 13", "这一周先吃什么"):
        assert words in text
    text = text_of(await typesetter.route_sheet(chinese_route_sheet(), translator))
    for words in ("3 号线路单", "王*敏", "门禁 4711#", "食物银行（捐赠箱）", "本页：3 站 · 14 箱"):
        assert words in text
    assert not translator.missing


@pytest.mark.parametrize(
    ("words", "at_least_pt"),
    [("A-02-1", 21), ("1,360", 24), ("Bartlett pear", 15), ("firm, 5 lbf", 11), ("L-2207", 11)],
)
async def test_a_pick_list_can_be_read_at_arms_length(words: str, at_least_pt: float) -> None:
    pdf = await typesetter.pick_list(english_pick_list(), English())
    sizes = sizes_of(pdf, words)
    assert sizes
    assert max(sizes) == at_least_pt or (words == "L-2207" and max(sizes) == 13)


async def test_nothing_on_any_paper_is_smaller_than_promised() -> None:
    papers = [
        (await typesetter.pick_list(english_pick_list(), English()), 9.5),
        (await typesetter.pack_list(english_pack_list(), English()), 9.5),
        (await typesetter.labels([english_label()], English()), 9.5),
        (await typesetter.route_sheet(english_route_sheet(), English()), 9.5),
        (await typesetter.pick_list(chinese_pick_list(), Chinese()), 10),
        (await typesetter.route_sheet(chinese_route_sheet(), Chinese()), 10),
        (await typesetter.pack_list(chinese_pack_list(), Chinese()), 10),
        (await typesetter.labels([chinese_label()], Chinese()), 10),
    ]
    for pdf, least_pt in papers:
        with pdfium.PdfDocument(pdf) as document:
            for page in document:
                textpage = page.get_textpage()
                assert textpage.count_chars() > 50
                smallest = min(
                    size_of(textpage, k)
                    for k in range(textpage.count_chars())
                    if chr(raw.FPDFText_GetUnicode(textpage, k)).strip()
                )
                assert smallest >= least_pt - 0.05


async def test_a_label_scans_as_gs1_at_the_dots_of_its_printer() -> None:
    for dpi in (203, 300):
        pdf = await typesetter.labels([english_label(), chinese_label()], English(), dpi=dpi)
        for page, label in enumerate((english_label(), chinese_label())):
            (code,) = scan(pdf, dpi=dpi, page=page)
            assert code.text == "00" + label.sscc.digits
            assert code.symbology_identifier == "]C1"


async def test_label_bars_are_whole_dots_with_clear_sides() -> None:
    pdf = await typesetter.labels([chinese_label()], Chinese())
    picture = raster(pdf, dpi=203).point(lambda level: 255 if level > 127 else 0)
    row = round(125 / 25.4 * 203)
    dots = [picture.getpixel((x, row)) == 0 for x in range(picture.width)]
    first, last = dots.index(True), len(dots) - 1 - dots[::-1].index(True)
    assert last - first + 1 == pytest.approx(156 * 4, abs=1)
    assert min(first, len(dots) - 1 - last) >= 5 / 25.4 * 203
    runs = [
        len(run) for run in re.findall("1+|0+", "".join("01"[d] for d in dots[first : last + 1]))
    ]
    assert {round(run / 4) for run in runs} <= {1, 2, 3, 4}
    assert all(abs(run - 4 * round(run / 4)) <= 1 for run in runs)
    column = picture.width // 2
    while not dots[column]:
        column += 1
    black = [picture.getpixel((column + 1, y)) == 0 for y in range(picture.height)]
    tall = black[row:].index(False) + black[row::-1].index(False) - 1
    assert tall / 203 * 25.4 == pytest.approx(32, abs=0.3)


@pytest.mark.parametrize("language", [English, Chinese])
async def test_pages_have_the_size_of_their_paper(language: type[English]) -> None:
    for pdf, wide, high in (
        (await typesetter.pick_list(english_pick_list(), language()), 210, 297),
        (await typesetter.pack_list(english_pack_list(), language()), 210, 297),
        (await typesetter.labels([english_label()], language()), 102, 152),
    ):
        with pdfium.PdfDocument(pdf) as document:
            assert document[0].get_size() == pytest.approx((wide * MM, high * MM), abs=0.05)


async def test_papers_are_black_on_white() -> None:
    pdf = await typesetter.labels([english_label()], English())
    with pdfium.PdfDocument(pdf) as document:
        picture = document[0].render(scale=4).to_pil()
    colours = {colour for _, colour in picture.getcolors(maxcolors=1 << 24)}
    assert all(red == green == blue for red, green, blue in colours)


def test_a_zone_never_ends_a_page_with_its_bar_and_says_when_it_goes_on() -> None:
    data = pick_list_layout.layout([long_pick_list(120)], English())
    seen: list[str] = []
    for page in data["pages"]:
        kinds = [item["kind"] for item in page["items"]]
        assert kinds[0] == "bar"
        assert kinds[-1] == "row"
        assert ("bar", "bar") not in pairwise(kinds)
        for item in page["items"]:
            if item["kind"] == "bar":
                assert bool(item["continued"]) == (item["code"] in seen)
                seen.append(item["code"])
        room_mm = (
            pick_list_layout.FIRST_PAGE_MM if page["n"] == 1 else pick_list_layout.NEXT_PAGE_MM
        )
        used_mm = (
            kinds.count("row") * pick_list_layout.ROW_MM
            + kinds.count("bar") * pick_list_layout.BAR_MM
            + (kinds.count("bar") - 1) * pick_list_layout.BAR_GAP_MM
        )
        assert used_mm <= room_mm + 1e-9
    assert sum(item["kind"] == "row" for page in data["pages"] for item in page["items"]) == 120


async def test_an_empty_wave_still_has_its_page() -> None:
    empty = PickList(
        "W1",
        1,
        1,
        "Round",
        dt.date(2026, 12, 1),
        0,
        dt.datetime(2026, 11, 30, tzinfo=LONDON),
        (),
        dt.datetime(2026, 11, 29, tzinfo=LONDON),
    )
    assert "0 boxes" in text_of(await typesetter.pick_list(empty, English()))


async def test_a_box_with_many_kinds_spans_cards_and_keeps_its_exclusions_on_each() -> None:
    paper = english_pack_list(4)
    text = text_of(await typesetter.pack_list(paper, English())).replace("\r\n", " ")
    assert "card 1 of 2" in text
    assert "card 2 of 2" in text
    for n in range(15):
        assert re.search(rf"Produce\s+number {n}\b", text), n
    assert text.count("GRAPES") == 3  # box 17 once, box 20 on both its cards


async def test_the_same_paper_is_the_same_file_every_time() -> None:
    once = await typesetter.labels([chinese_label()], Chinese())
    assert once == await typesetter.labels([chinese_label()], Chinese())


async def test_two_thousand_lines_take_seconds() -> None:
    began = time.perf_counter()
    pdf = await typesetter.pick_list(long_pick_list(2000), English())
    assert pages_of(pdf) > 130
    assert time.perf_counter() - began < 20


async def test_a_route_sheet_shows_every_stop_with_a_total_on_each_page() -> None:
    paper = english_route_sheet(30)
    pdf = await typesetter.route_sheet(paper, English())
    text = text_of(pdf)
    assert pages_of(pdf) == 3 + 2
    assert "Ribeiro" not in text
    assert text.count("Ana R.") == 28 + 24
    assert text.count("Food bank, donated boxes") == 1
    totals = [int(n) for n in re.findall(r"This page: \d+ stops · (\d+) boxes", text)]
    assert len(totals) == 3
    assert sum(totals) == sum(stop.n_boxes for stop in paper.stops)


async def test_no_exclusion_is_lost_without_a_word() -> None:
    for n in range(1, 25):
        exclusions = tuple(f"produce {k}" for k in range(n))
        card = dataclasses.replace(english_pack_list(1).cards[0], exclusions=exclusions)
        paper = dataclasses.replace(english_pack_list(1), cards=(card,))
        text = text_of(await typesetter.pack_list(paper, English()))
        n_shown = len(set(re.findall(r"NO PRODUCE (\d+)", text)))
        more = re.search(r"AND (\d+) MORE, SEE THE SCREEN", text)
        assert n_shown + (int(more[1]) if more else 0) == n
        assert n_shown >= min(n, 3)


async def test_a_long_chinese_name_is_whole_on_the_label() -> None:
    names = ("富士苹果", "黄心猕猴桃", "多头康乃馨", "无花果", "橙")
    label = dataclasses.replace(chinese_label(), eat_first=week(*names))
    text = text_of(await typesetter.labels([label], Chinese()))
    for whole in ("富士", "苹果", "黄心", "猕猴桃", "多头", "康乃馨", "无花果", "橙"):
        assert whole in text
    assert "…" not in text
