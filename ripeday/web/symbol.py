"""Pictures, icons and marks as SVG symbols: each is drawn once in a page and used by reference.

Ids begin with their kind: `p-banana` a picture of produce, `i-truck` an icon, `m-ripe` a mark of ripeness.
"""

from functools import cache

from markupsafe import Markup

from ripeday.kit.entrypoints.page import current_page
from ripeday.web.asset import FOLDER, PICTURE

_STROKED = 'fill="none" stroke="currentColor"'
_DOME = "M2.9 16.2C2.9 12.2 5.8 9.6 10 9.6s7.1 2.6 7.1 6.6Z"
_PETAL = '<ellipse cx="10" cy="5" rx="3" ry="3.7" transform="rotate({} 10 10)"/>'

MARKS = {
    "unripe": f'<circle cx="10" cy="10.5" r="4.9" {_STROKED} stroke-width="2.3"/>',
    "turning": f'<circle cx="10" cy="10" r="7" {_STROKED} stroke-width="2.2"/>'
    '<path d="M4.6 10h10.8a5.4 5.4 0 0 1-10.8 0Z" fill="currentColor"/>',
    "ripe": '<circle cx="9.5" cy="12" r="7.4" fill="currentColor"/>'
    '<path class="leaf" d="M10 5.8C10.3 2.6 12.5.9 16.2 1 15.6 4.4 13.7 6.3 10 5.8Z"/>',
    "keep": f'<rect x="2.1" y="2.1" width="15.8" height="15.8" rx="4.6" {_STROKED} stroke-width="2.2"/>'
    f'<path d="M6.4 6.9h7.2M6.4 10h7.2M6.4 13.1h7.2" {_STROKED} stroke-width="1.8"/>',
    "past": f'<path d="{_DOME}" {_STROKED} stroke-width="1.9" stroke-dasharray="2.6 2"/>',
    "bud": '<path d="M10 2.6c2.6 3.3 5.2 6.1 5.2 9.4a5.2 5.2 0 0 1-10.4 0c0-3.3 2.6-6.1 5.2-9.4Z" '
    f'{_STROKED} stroke-width="2.2" stroke-linejoin="round"/>',
    "opening": '<path d="M10 4.6c2.3 3 4.7 5.2 4.7 8.1a4.7 4.7 0 0 1-9.4 0c0-2.9 2.4-5.1 4.7-8.1Z" '
    'fill="currentColor"/>'
    f'<path d="M5.9 9.3C2.9 8.6 1.3 6.4 1.5 3.6c3.2.2 5 1.6 5.8 4M14.1 9.3c3-.7 4.6-2.9 4.4-5.7'
    f'-3.2.2-5 1.6-5.8 4" {_STROKED} stroke-width="1.7" stroke-linejoin="round"/>',
    "bloom": '<g fill="currentColor">'
    + "".join(_PETAL.format(72 * i) for i in range(5))
    + '</g><circle class="eye" cx="10" cy="10" r="2.2"/>',
    "bare": f'<circle cx="10" cy="10" r="7.2" {_STROKED} stroke-width="2" stroke-dasharray="3.4 2.255"/>',
    "dot": '<circle cx="10" cy="10" r="2.2" fill="currentColor"/>',
}
"""The marks of LOOK on their 20-grid; `fill` and `stroke` follow the text's colour."""

_FLOWER_MARK = {"unripe": "bud", "turning": "opening", "ripe": "bloom"}


def mark(kind: str, *, flower: bool = False, size: int = 20) -> Markup:
    """Return a stage mark: unripe, turning, ripe, keep, past, or bare, dot."""
    name = _FLOWER_MARK.get(kind, kind) if flower else kind
    return _use(f"m-{name}", f"mark k-{kind}", size)


def picture(key: str, size: int = 40) -> Markup:
    """Return the picture of a produce, `size` pixels wide; a sprout for one that has none."""
    known = (FOLDER / "produce" / f"{key}.svg").is_file() and key.isidentifier()
    return _use(f"p-{key}", "pic", size) if known else icon("sprout", size)


def icon(name: str, size: int = 24) -> Markup:
    """Return an interface icon in the colour of the text."""
    return _use(f"i-{name}", "icon", size)


def symbols() -> Markup:
    """Return every symbol used in this page so far; stands once, at its end."""
    used = current_page().symbols
    if not used:
        return Markup()
    drawn = "".join(_symbol(each) for each in used)
    used.clear()
    return Markup('<svg class="symbols" width="0" height="0" aria-hidden="true">{}</svg>').format(
        Markup(drawn)  # noqa: S704 - our own files
    )


def _use(symbol_id: str, classes: str, size: int) -> Markup:
    _symbol(symbol_id)
    current_page().symbols[symbol_id] = None
    return Markup(
        '<svg class="{}" width="{}" height="{}" aria-hidden="true"><use href="#{}"/></svg>'
    ).format(classes, size, size, symbol_id)


@cache
def _symbol(symbol_id: str) -> str:
    kind, name = symbol_id[0], symbol_id[2:]
    if kind == "m":
        return f'<symbol id="{symbol_id}" viewBox="0 0 20 20">{MARKS[name]}</symbol>'
    folder = {"p": "produce", "i": "icons"}[kind]
    found = PICTURE.search((FOLDER / folder / f"{name}.svg").read_text(encoding="utf-8"))
    if found is None:
        raise ValueError(f"{folder}/{name}.svg is not a picture with a viewBox")
    return f'<symbol id="{symbol_id}" viewBox="{found[1]}">{found[2].strip()}</symbol>'
