"""A pack list as data for its template: eight cards a page, a box with many lines on several cards."""

import math
from collections.abc import Iterator
from typing import Any

from delivery.papers.pack_list import PackCard, PackLine, PackList, packing_order
from delivery.papers.plain_text import all_said, plain, said
from delivery.papers.short_name import short_name
from delivery.papers.wave_words import wave_line
from ripeday.kit.text import Translator, message

CARDS_A_PAGE = 8

LINES_MM = 44.0
"""Room for exclusions, lines and the food note on a card."""

LINE_MM, REPLACED_LINE_MM = 7.0, 11.0
EXCLUSION_LINE_MM, EXCLUSION_PADDING_MM, NOTE_LINE_MM = 5.4, 2.8, 4.8
_EXCLUSION_EMS_A_LINE, _NOTE_EMS_A_LINE = 21, 25
_MOST_EXCLUSIONS_EMS = 4 * _EXCLUSION_EMS_A_LINE
_NOTE_CHARACTERS = 110

Item = dict[str, Any]


def layout(paper: PackList, translator: Translator) -> dict[str, Any]:
    """Return the data of the template `pack_list.typ`."""
    cards = [drawn for card in paper.cards for drawn in _cards(card, translator)]
    pages = [cards[at : at + CARDS_A_PAGE] for at in range(0, len(cards), CARDS_A_PAGE)] or [[]]
    return {
        "language": translator.locale,
        "title": translator.gettext("Pack list"),
        "marks": {"E": translator.gettext("E"), "S": translator.gettext("S")},
        "wave": wave_line(paper, translator),
        "wave_code": plain(paper.wave_code, limit=24),
        "line_mm": LINE_MM,
        "replaced_line_mm": REPLACED_LINE_MM,
        "exclusion_line_mm": EXCLUSION_LINE_MM,
        "exclusion_padding_mm": EXCLUSION_PADDING_MM,
        "note_line_mm": NOTE_LINE_MM,
        "pages": [{"n": n, "of": len(pages), "cards": page} for n, page in enumerate(pages, 1)],
    }


def _cards(card: PackCard, translator: Translator) -> Iterator[Item]:
    """Return the cards of one box; exclusions and food note stand on each of them."""
    exclusions = _exclusions(card, translator)
    note = plain(card.food_note or "", limit=_NOTE_CHARACTERS)
    n_exclusion_lines = math.ceil(_ems(exclusions) / _EXCLUSION_EMS_A_LINE)
    n_note_lines = math.ceil(_ems(note) / _NOTE_EMS_A_LINE)
    room_mm = LINES_MM - n_note_lines * NOTE_LINE_MM
    if n_exclusion_lines:
        room_mm -= n_exclusion_lines * EXCLUSION_LINE_MM + EXCLUSION_PADDING_MM
    groups = list(_groups(packing_order(card.lines), room_mm))
    for n, columns in enumerate(groups, 1):
        part = message("card {n} of {of}", n=n, of=len(groups)) if len(groups) > 1 else None
        yield {
            "number": plain(card.box_number, limit=12),
            "tote": _tote(card, translator),
            "name": short_name(card.name),
            "part": said(part, translator),
            "exclusions": exclusions,
            "n_exclusion_lines": n_exclusion_lines,
            "note": note,
            "n_note_lines": n_note_lines,
            "columns": [[_line(line, translator) for line in column] for column in columns],
        }


def _groups(lines: list[PackLine], room_mm: float) -> Iterator[list[list[PackLine]]]:
    """Split lines into cards of one column, or of two when one is too short."""
    columns = list(_columns(lines, room_mm))
    for at in range(0, len(columns), 2):
        yield columns[at : at + 2]


def _columns(lines: list[PackLine], room_mm: float) -> Iterator[list[PackLine]]:
    """Fill columns from the top; each holds at least one line."""
    column: list[PackLine] = []
    left_mm = room_mm
    for line in lines:
        height_mm = LINE_MM if line.instead_of is None else REPLACED_LINE_MM
        if column and left_mm < height_mm:
            yield column
            column, left_mm = [], room_mm
        column.append(line)
        left_mm -= height_mm
    yield column


def _exclusions(card: PackCard, translator: Translator) -> str:
    """Return "NO KIWI · NO GRAPES"; a list too long for a card says how many are left out."""
    shown: list[str] = []
    names = [plain(name, limit=40) for name in all_said(card.exclusions, translator)]
    for n, name in enumerate(names):
        upper = name.upper()
        text = translator.render(message("NO {produce}", produce=upper))
        if _ems(" · ".join([*shown, text])) > _MOST_EXCLUSIONS_EMS - 12:
            rest = message("AND {n} MORE, SEE THE SCREEN", n=len(names) - n)
            return " · ".join([*shown, translator.render(rest)])
        shown.append(text)
    return " · ".join(shown)


def _tote(card: PackCard, translator: Translator) -> str:
    if card.tote is None:
        return ""
    return translator.render(message("Tote {tote}", tote=plain(card.tote, limit=12)))


def _line(line: PackLine, translator: Translator) -> Item:
    produce = said(line.produce, translator, limit=80)
    unit = said(line.unit_word, translator, limit=20)
    replaced = said(line.instead_of, translator, limit=80)
    instead = message("instead of {produce}", produce=replaced)
    return {
        "units": str(line.units),
        "produce": translator.render(message("{produce}, {unit}", produce=produce, unit=unit))
        if unit
        else produce,
        "mark": line.mark or "",
        "instead": translator.render(instead) if replaced else "",
    }


def _ems(text: str) -> float:
    """Return about how wide a bold text is; on the wide side, for room is kept by it. [em]"""
    return sum(1.0 if ord(character) > 0x2E7F else 0.76 for character in text)
