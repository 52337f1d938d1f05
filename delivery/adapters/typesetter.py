"""Papers as PDF files, set by typst.

The templates get data as JSON only and draw it; nothing in a name or a note is ever read as markup. Typst releases
the interpreter lock, so a paper is set in a thread.
"""

import asyncio
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import typst

from delivery.adapters.font import coverage, fonts
from delivery.barcode import LABEL_DPI
from delivery.papers import box_label_layout, pack_list_layout, pick_list_layout, route_sheet_layout
from delivery.papers.box_label import BoxLabel
from delivery.papers.pack_list import PackList
from delivery.papers.pick_list import PickList
from delivery.papers.plain_text import MISSING
from delivery.papers.route_sheet import RouteSheet
from ripeday.kit.text import Translator

_TEMPLATES = Path(__file__).parent.parent / "papers"


async def pick_list(paper: PickList, translator: Translator) -> bytes:
    """Return the pick list of a wave as PDF, A4."""
    return await pick_lists([paper], translator)


async def pick_lists(papers: Sequence[PickList], translator: Translator) -> bytes:
    """Return the pick lists of several waves as one PDF, A4."""
    return await asyncio.to_thread(
        lambda: _set("pick_list.typ", pick_list_layout.layout(papers, translator))
    )


async def pack_list(paper: PackList, translator: Translator) -> bytes:
    """Return the pack cards of a wave as PDF, eight on an A4 page with cut lines."""
    return await asyncio.to_thread(
        lambda: _set("pack_list.typ", pack_list_layout.layout(paper, translator))
    )


async def labels(
    papers: Sequence[BoxLabel], translator: Translator, *, dpi: int = LABEL_DPI
) -> bytes:
    """Return one box label a page as PDF, 102 × 152 mm, for a label printer of `dpi`."""
    return await asyncio.to_thread(
        lambda: _set("box_label.typ", box_label_layout.layout(papers, translator, dpi=dpi))
    )


async def route_sheet(paper: RouteSheet, translator: Translator) -> bytes:
    """Return the stops of a route as PDF, A4."""
    return await asyncio.to_thread(
        lambda: _set("route_sheet.typ", route_sheet_layout.layout(paper, translator))
    )


def _set(template: str, data: dict[str, Any]) -> bytes:
    """Return the PDF of a template filled with data."""
    compiler = typst.Compiler(
        _TEMPLATES / template,
        root=_TEMPLATES,
        font_paths=fonts(),
        sys_inputs={"data": json.dumps(_printable(data), ensure_ascii=False)},
    )
    pdf = compiler.compile(format="pdf", pdf_tags=False)
    if not isinstance(pdf, bytes):
        raise TypeError(f"one PDF expected, got {type(pdf)}")
    return pdf


def _printable(data: dict[str, Any]) -> dict[str, Any]:
    """Return the data with a mark for each run of characters that no face has.

    `only_regular` holds the characters that the bold face lacks.
    """
    faces = coverage()
    used = {ord(character) for text in _texts(data) for character in text}
    missing = used - faces.regular
    if missing:
        pattern = re.compile(f"[{re.escape(''.join(map(chr, sorted(missing))))}]+")
        data = _replaced(data, pattern)
    thin = "".join(map(chr, sorted(used & faces.regular - faces.bold)))
    return {**data, "only_regular": thin}


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, Iterable):
        for one in value:
            yield from _texts(one)


def _replaced(value: Any, missing: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return missing.sub(MISSING, value)
    if isinstance(value, dict):
        return {key: _replaced(one, missing) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(one, missing) for one in value]
    return value
