"""Every word of the sandbox's pages is there in Chinese."""

import re
from pathlib import Path

from babel.messages.pofile import read_po

import ripeday.sandbox
from ripeday.sandbox.card import SAYINGS
from ripeday.sandbox.translation import chosen_language

HERE = Path(ripeday.sandbox.__file__).parent


def test_no_text_lacks_its_chinese() -> None:
    with (HERE / "locale/zh/sandbox.po").open("rb") as file:
        known = {message.id for message in read_po(file, locale="zh") if message.string}
    said = {
        text
        for template in HERE.glob("templates/*.html")
        for text in re.findall(r"""_\(["']([^"']+)["']\)""", template.read_text())
    }
    page = (HERE / "page.py").read_text()
    said |= set(re.findall(r'errors\["\w+"\] = "([^"]+)"', page))
    said |= set(re.findall(r'"\d{16}": "([^"]+)"', page))
    shown = {SAYINGS[reason] for reason in SAYINGS if reason != "authentication_required"}

    assert len(said) > 40
    assert said | shown <= known


def test_the_farms_wish_comes_before_the_browsers() -> None:
    assert chosen_language(None, "zh", "en-GB,en;q=0.9") == "zh"
    assert chosen_language(None, None, "fr-FR, zh-CN;q=0.8") == "zh"
    assert chosen_language("en", "zh", "zh-CN") == "en"
    assert chosen_language(None, None, "fr") == "en"
