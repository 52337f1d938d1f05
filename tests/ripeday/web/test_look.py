"""Colours stand in one place, pictures come whole, and what others made is named."""

import hashlib
import re
from pathlib import Path

import pytest

from ripeday.kit.entrypoints.page import Page, Place, page_opened
from ripeday.kit.text import message
from ripeday.translation import translator
from ripeday.web import symbol
from ripeday.web.asset import FOLDER
from ripeday.web.template import FOLDERS
from ripening.produce import sellable_keys

HEX = re.compile(r"#[0-9a-fA-F]{3,8}\b(?![\w-])")
TOKENS = (FOLDER / "tokens.css").read_text("utf-8")


def blocks(text: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9A-Fa-f]{6})", text))


LIGHT = blocks(TOKENS[: TOKENS.index("@media")])
DARK = blocks(TOKENS[TOKENS.rindex("[data-theme=dark]") : TOKENS.rindex("@media print")])


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_only_the_token_file_names_colours() -> None:
    files = [p for p in FOLDER.glob("*.css") if p.name != "tokens.css"]
    files += [p for folder in FOLDERS for p in folder.rglob("*.html")]
    assert len(files) > 8
    for path in files:
        assert not HEX.findall(path.read_text("utf-8")), path


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_and_edges_can_be_seen(theme: dict[str, str]) -> None:
    for ground in ("paper", "surface", "sunk"):
        for text in (
            "ink",
            "ink2",
            "act",
            "unripe",
            "turning",
            "ripe",
            "keep",
            "past",
            "ok",
            "err",
        ):
            assert contrast(theme[text], theme[ground]) >= 4.5, (text, ground)
        assert contrast(theme["edge"], theme[ground]) >= 3, ground
    for word in ("warn", "ok", "err"):
        assert contrast(theme[word], theme[f"{word}-tint"]) >= 4.5
    assert contrast(theme["on-act"], theme["act"]) >= 4.5
    assert contrast(theme["ink"], theme["warn-fill"]) >= 4.5


def test_the_device_and_the_own_choice_give_the_same_dark() -> None:
    by_device = blocks(TOKENS[TOKENS.index("@media") : TOKENS.rindex("[data-theme=dark]")])
    assert by_device == DARK
    assert by_device.keys() <= LIGHT.keys() | {"disc"}


def test_every_produce_has_its_picture() -> None:
    assert {path.stem for path in (FOLDER / "produce").glob("*.svg")} >= set(sellable_keys())


def test_a_page_draws_each_picture_once_and_only_its_own() -> None:
    with page_opened(Page(translator("en"))):
        used = [symbol.picture("banana", 34), symbol.picture("banana", 40), symbol.icon("truck")]
        used.append(symbol.mark("ripe", flower=True))
        drawn = symbol.symbols()
        assert symbol.symbols() == ""
    for each in used:
        found = re.search(r'href="#([\w-]+)"', each)
        assert found
        assert drawn.count(f'id="{found[1]}"') == 1
    assert drawn.count("<symbol") == 3
    assert "m-bloom" in drawn


def test_what_has_no_picture_grows_from_a_sprout() -> None:
    with page_opened(Page(translator("en"))):
        assert "i-sprout" in symbol.picture("../../app", 40)
        assert "i-sprout" in symbol.picture("not_yet_drawn", 40)


@pytest.mark.parametrize("kind", sorted(symbol.MARKS))
def test_marks_take_their_colour_from_the_page(kind: str) -> None:
    assert "currentColor" in symbol.MARKS[kind]
    assert not HEX.search(symbol.MARKS[kind])


def test_the_vendored_script_is_the_one_that_was_checked() -> None:
    notes = (FOLDER / "licences" / "README.md").read_text("utf-8")
    found = re.search(r"sha256 `([0-9a-f]{64})`", notes)
    assert found
    assert hashlib.sha256((FOLDER / "htmx.min.js").read_bytes()).hexdigest() == found[1]
    assert {"htmx.txt", "lucide.txt", "fluent-emoji.txt"} <= {
        path.name for path in Path(FOLDER / "licences").iterdir()
    }


def test_a_work_page_belongs_to_the_longest_place_that_holds_it() -> None:
    places = tuple(
        Place(href, "sun", message("Today")) for href in ("/floor", "/floor/season", "/floor/lots")
    )
    assert Page(translator("en"), path="/floor/season/7?x=1", places=places).here == "/floor/season"
    assert Page(translator("en"), path="/floor", places=places).here == "/floor"
    assert Page(translator("en"), path="/floorboard", places=places).here is None
