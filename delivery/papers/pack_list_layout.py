"""A pack list as data for its template: eight cards a page, a box with many lines on several cards."""

import math
import re
from collections.abc import Iterator
from typing import Any

from delivery.papers.pack_list import PackCard, PackLine, PackList, packing_order
from delivery.papers.plain_text import all_said, plain, said
from delivery.papers.short_name import short_name
from ripeday.kit.text import Translator, message
from ripeday.kit.wording import short_day

CARDS_A_PAGE = 8

LINES_MM = 50.2
"""Room for exclusions, lines and the food note on a card."""

LINE_MM, NARROW_LINE_MM = 7.0, 9.4
"""Height of a line across the card, and in one of two columns, where a name may take two rows."""

REPLACED_MM = 4.4
"""What "instead of" adds to a line."""

EXCLUSION_LINE_MM, EXCLUSION_PADDING_MM, NOTE_LINE_MM = 5.4, 2.8, 4.8
_EXCLUSION_EMS_A_LINE, _NOTE_EMS_A_LINE = 21, 23
_MOST_EXCLUSION_LINES = _MOST_NOTE_LINES = 3
_MOST_EXCLUSIONS = 12
# A word without a place to break would run over the edge of its card.
_LONG_WORD = re.compile(r"[^\s\u2e80-\U0003ffff]{18}(?=\S)")

Item = dict[str, Any]


def layout(paper: PackList, translator: Translator) -> dict[str, Any]:
    """Return the data of the template `pack_list.typ`."""
    cards = [drawn for card in paper.cards for drawn in _cards(card, translator)]
    pages = [cards[at : at + CARDS_A_PAGE] for at in range(0, len(cards), CARDS_A_PAGE)] or [[]]
    return {
        "language": translator.locale,
        "title": translator.gettext("Pack list"),
        "marks": {"E": translator.gettext("E"), "S": translator.gettext("S")},
        "round": _round(paper, translator),
        "wave_code": plain(paper.wave_code, limit=24),
        "see_screen": translator.gettext("… (see the screen)"),
        "line_mm": LINE_MM,
        "narrow_line_mm": NARROW_LINE_MM,
        "replaced_mm": REPLACED_MM,
        "exclusion_line_mm": EXCLUSION_LINE_MM,
        "exclusion_padding_mm": EXCLUSION_PADDING_MM,
        "note_line_mm": NOTE_LINE_MM,
        "pages": [{"n": n, "of": len(pages), "cards": page} for n, page in enumerate(pages, 1)],
    }


def _round(paper: PackList, translator: Translator) -> str:
    name = said(paper.round_name, translator, limit=60)
    return f"{name} · {short_day(paper.delivery_on, translator.locale)}"


def _cards(card: PackCard, translator: Translator) -> Iterator[Item]:
    """Return the cards of one box; exclusions and food note stand on each of them."""
    exclusions = _exclusions(card, translator)
    note = _note(card)
    n_exclusion_lines = _n_lines(exclusions)
    n_note_lines = min(math.ceil(_ems(note) / _NOTE_EMS_A_LINE), _MOST_NOTE_LINES)
    room_mm = LINES_MM - n_note_lines * NOTE_LINE_MM
    if n_exclusion_lines:
        room_mm -= n_exclusion_lines * EXCLUSION_LINE_MM + EXCLUSION_PADDING_MM
    groups = list(_groups(packing_order(card.lines), room_mm))
    for n, columns in enumerate(groups, 1):
        part = message("card {n} of {of}", n=n, of=len(groups)) if len(groups) > 1 else None
        yield {
            "number": plain(card.box_number, limit=12),
            "tote": _tote(card, translator),
            "name": said(card.place, translator, limit=30) or short_name(card.name),
            "part": said(part, translator),
            "is_narrow": len(groups) > 1 or len(columns) > 1,
            "exclusions": exclusions,
            "n_exclusion_lines": n_exclusion_lines,
            "note": note,
            "n_note_lines": n_note_lines,
            "columns": [[_line(line, translator) for line in column] for column in columns],
        }


def _groups(lines: list[PackLine], room_mm: float) -> Iterator[list[list[PackLine]]]:
    """Split lines into cards: one column if it holds all, else two columns a card."""
    if sum(_height_mm(line, LINE_MM) for line in lines) <= room_mm:
        yield [lines]
        return
    columns = list(_columns(lines, room_mm))
    for at in range(0, len(columns), 2):
        yield columns[at : at + 2]


def _columns(lines: list[PackLine], room_mm: float) -> Iterator[list[PackLine]]:
    """Fill narrow columns from the top; each holds at least one line."""
    column: list[PackLine] = []
    left_mm = room_mm
    for line in lines:
        height_mm = _height_mm(line, NARROW_LINE_MM)
        if column and left_mm < height_mm:
            yield column
            column, left_mm = [], room_mm
        column.append(line)
        left_mm -= height_mm
    yield column


def _height_mm(line: PackLine, plain_mm: float) -> float:
    return plain_mm if line.instead_of is None else plain_mm + REPLACED_MM


def _exclusions(card: PackCard, translator: Translator) -> list[str]:
    """Return "NO KIWI", "NO GRAPES"; a list too long for a card says how many are left out."""
    names = [plain(name, limit=30) for name in all_said(card.exclusions, translator)]
    texts = [
        translator.render(message("NO {produce}", produce=name.upper()))
        for name in names[:_MOST_EXCLUSIONS]
    ]
    for n_shown in range(len(texts), -1, -1):
        n_left = len(names) - n_shown
        rest = translator.render(message("AND {n} MORE, SEE THE SCREEN", n=n_left))
        shown = [*texts[:n_shown], rest] if n_left else texts
        if _n_lines(shown) <= _MOST_EXCLUSION_LINES:
            return shown
    return [rest]


def _n_lines(exclusions: list[str]) -> int:
    """Return how many lines of the black bar they fill; none is broken over two."""
    n_lines, left_ems = 0, 0.0
    for text in exclusions:
        ems = _ems(text) + 1
        if ems > left_ems:
            n_lines, left_ems = n_lines + 1, _EXCLUSION_EMS_A_LINE
        left_ems -= ems
    return n_lines


def _note(card: PackCard) -> str:
    return _LONG_WORD.sub(r"\g<0> ", plain(card.food_note or ""))


def _tote(card: PackCard, translator: Translator) -> str:
    if card.tote is None:
        return ""
    return translator.render(message("Tote {tote}", tote=plain(card.tote, limit=12)))


def _line(line: PackLine, translator: Translator) -> Item:
    replaced = said(line.instead_of, translator, limit=80)
    instead = message("instead of {produce}", produce=replaced)
    return {
        "units": str(line.units),
        "produce": said(line.produce, translator, limit=100),
        "mark": line.mark or "",
        "instead": translator.render(instead) if replaced else "",
    }


def _ems(text: str) -> float:
    """Return about how wide a bold text is, on the wide side, for room is kept by it. [em]"""
    return sum(1.0 if ord(letter) > 0x2E7F or letter in "MWmw@" else 0.66 for letter in text)
