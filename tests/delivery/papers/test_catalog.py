"""The Chinese of the papers is complete, and keeps every value."""

import re
from pathlib import Path

from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from tests.delivery.papers.language import PO

ROOT = Path(__file__).parents[3]
SOURCES = [ROOT / "delivery/barcode.py", *sorted((ROOT / "delivery/papers").glob("*.py"))]
KEYWORDS = {"message": None, "marked": None, "gettext": None, "plural": (1, 2)}


def test_every_sentence_on_papers_is_written_in_chinese_with_the_same_values() -> None:
    with PO.open("rb") as file:
        catalog = {entry.id: entry.string for entry in read_po(file) if entry.id}
    used = {
        found[1]
        for source in SOURCES
        for found in extract_from_file("python", str(source), keywords=KEYWORDS)
    }
    assert len(used) > 60
    assert used == set(catalog)
    for key, chinese in catalog.items():
        english, text = (key[1], chinese[0]) if isinstance(key, tuple) else (key, chinese)
        assert text
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", english)), english
