"""A pick list as data for its template: every word rendered, every row on its page.

Rows have one height, so pages are filled here and not by the typesetter: no row is ever broken, no bar stands
alone at the foot, and a zone that goes on says so.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from delivery.barcode import wave_barcode, whole_dots_mm
from delivery.papers.drawing import drawn_bars
from delivery.papers.pick_list import PickLine, PickList, PickZone
from delivery.papers.plain_text import headed, plain, said
from delivery.papers.wave_words import wave_line
from ripeday.kit.text import Translator, marked, message, plural
from ripeday.kit.wording import long_day, number, short_day, staff_time

ROW_MM, BAR_MM, BAR_GAP_MM = 14.8, 8.2, 1.9
FIRST_PAGE_MM, NEXT_PAGE_MM = 210.0, 224.0
"""Room for rows and bars on an A4 page below its head and above its foot."""

WAVE_MODULE_MM, SHEET_DPI = 0.33, 300

_TEXT = 90
_CODE = 24

_WRITE_IN = (marked("Picker"), marked("Trolley"), marked("Start"), marked("End"))
_HEADS = (marked("Place"), marked("Produce"), marked("Lot"), marked("Take"), marked("Found"))
_SHORT_CODES = (
    ("A", marked("not there")),
    ("B", marked("damaged")),
    ("C", marked("too ripe")),
    ("D", marked("too hard")),
    ("F", marked("wrong lot")),  # E means ethylene
)

Item = dict[str, Any]


def layout(papers: Sequence[PickList], translator: Translator) -> dict[str, Any]:
    """Return the data of the template `pick_list.typ`: one list, or one after the other."""
    return {
        "language": translator.locale,
        "title": translator.gettext("Pick list"),
        "marks": {"E": translator.gettext("E"), "S": translator.gettext("S")},
        "write_in": [translator.gettext(text) for text in _WRITE_IN],
        "heads": [translator.gettext(text) for text in _HEADS],
        "foot": _foot(translator),
        "row_mm": ROW_MM,
        "bar_mm": BAR_MM,
        "bar_gap_mm": BAR_GAP_MM,
        "pages": [sheet for paper in papers for sheet in _sheets(paper, translator)],
    }


def _sheets(paper: PickList, translator: Translator) -> list[Item]:
    """Return the pages of one list, each with its head."""
    pages = list(_pages(paper, translator))
    head = {
        "wave": wave_line(paper, translator),
        "counts": _counts(paper, translator),
        "made": _made(paper, translator),
        "barcode": drawn_bars(
            wave_barcode(paper.wave_code),
            module_mm=whole_dots_mm(WAVE_MODULE_MM, SHEET_DPI),
            height_mm=13,
        ),
    }
    return [{**head, "n": n, "of": len(pages), "items": page} for n, page in enumerate(pages, 1)]


def _counts(paper: PickList, translator: Translator) -> str:
    locale = translator.locale
    return translator.render(
        message(
            "{boxes} · {lines} · ready by {day}, {time}",
            boxes=plural("{n} box", "{n} boxes", n=paper.n_boxes),
            lines=plural("{n} line", "{n} lines", n=paper.n_lines),
            day=long_day(paper.ready_by.date(), locale),
            time=staff_time(paper.ready_by.time()),
        )
    )


def _made(paper: PickList, translator: Translator) -> str:
    return translator.render(
        message(
            "Made {day}, {time}",
            day=short_day(paper.made_at.date(), translator.locale),
            time=staff_time(paper.made_at.time()),
        )
    )


def _foot(translator: Translator) -> dict[str, Any]:
    return {
        "short": translator.gettext(
            "Fewer than asked? Write what you found, add a letter, go on to the “else” place."
        ),
        "codes": [[letter, translator.gettext(text)] for letter, text in _SHORT_CODES],
        "gives": translator.gettext("gives off ethylene: own shelf"),
        "harmed": translator.gettext("harmed by ethylene: not beside E"),
    }


def _pages(paper: PickList, translator: Translator) -> Iterator[list[Item]]:
    """Fill pages with bars and rows; at least one page, even of an empty list."""
    page: list[Item] = []
    room_mm = FIRST_PAGE_MM
    for zone in paper.zones:
        bar = _bar(zone, translator)
        rows = _rows(zone, translator)
        for n, row in enumerate(rows):
            bar_mm = BAR_MM + (BAR_GAP_MM if page else 0) if n == 0 else 0
            if room_mm < bar_mm + ROW_MM and page:
                yield page
                page, room_mm, bar_mm = [], NEXT_PAGE_MM, BAR_MM
            if bar_mm:
                page.append({**bar, "continued": _continued(translator) if n else ""})
            page.append(row)
            room_mm -= bar_mm + ROW_MM
    yield page


def _continued(translator: Translator) -> str:
    return translator.gettext("continued")


def _bar(zone: PickZone, translator: Translator) -> Item:
    name = said(zone.name, translator, limit=_TEXT)
    if zone.temperature_c is not None:
        low_c, high_c = (number(c, translator.locale) for c in zone.temperature_c)
        degrees = f"{low_c}\N{NO-BREAK SPACE}°C" if low_c == high_c else ""
        spread = message("{low} to {high}\N{NO-BREAK SPACE}°C", low=low_c, high=high_c)
        name = f"{name} · {degrees or translator.render(spread)}"
    rule = said(zone.rule, translator, limit=_TEXT)
    return {"kind": "bar", "code": plain(zone.code, limit=4), "name": name, "rule": rule}


def _rows(zone: PickZone, translator: Translator) -> list[Item]:
    """Return the rows of a zone; where it holds several lots of one produce alike, the order is said."""
    alike = [
        (said(line.produce, translator), said(line.stage, translator), line.mark)
        for line in zone.lines
    ]
    lots: dict[Any, list[str]] = {}
    for line, key in zip(zone.lines, alike, strict=True):
        lots.setdefault(key, []).append(line.lot_code)
    rows = []
    for line, key in zip(zone.lines, alike, strict=True):
        order = ""
        if len(set(lots[key])) > 1:
            is_first = line.lot_code == lots[key][0]
            order = marked("this lot first") if is_first else marked("then this lot")
        rows.append(_row(line, order, translator))
    return rows


def _row(line: PickLine, order: str, translator: Translator) -> Item:
    return {
        "kind": "row",
        "place": plain(line.place, limit=_CODE),
        "else": _elsewhere(line, translator),
        "produce": headed(said(line.produce, translator, limit=_TEXT)),
        "stage": said(line.stage, translator, limit=_TEXT),
        "mark": line.mark or "",
        "lot": plain(line.lot_code, limit=_CODE),
        "note": _lot_note(line, order, translator),
        "units": number(line.units, translator.locale),
        "cases": _cases(line, translator),
    }


def _elsewhere(line: PickLine, translator: Translator) -> str:
    if line.place_note is not None:
        return said(line.place_note, translator, limit=_TEXT)
    if line.else_place is None:
        return ""
    return translator.render(message("else {place}", place=plain(line.else_place, limit=_CODE)))


def _lot_note(line: PickLine, order: str, translator: Translator) -> str:
    if line.must_leave_on is not None:
        day = short_day(line.must_leave_on, translator.locale)
        return translator.render(message("out by {day}", day=day))
    if line.lot_note is not None:
        return said(line.lot_note, translator, limit=_TEXT)
    return translator.gettext(order) if order else ""


def _cases(line: PickLine, translator: Translator) -> str:
    n_cases, n_loose = line.cases_and_loose
    if n_cases == 0:
        return said(line.unit_word, translator, limit=_TEXT) or translator.gettext("loose")
    cases = translator.render(plural("{n} case", "{n} cases", n=n_cases))
    return f"{cases} + {n_loose}" if n_loose else cases
