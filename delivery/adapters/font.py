"""The type case of all papers: font files from wheels, and which characters they can show."""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import cvttf_NotoSansCJK_Bold
import fontpkg_inter
import noto_cjk_sans_otc
import typst
from fontTools.ttLib import TTFont

_INTER = Path(fontpkg_inter.ROOT) / "files"
_HAN_REGULAR = Path(str(noto_cjk_sans_otc.FONT_PATH))
_HAN_BOLD = Path(cvttf_NotoSansCJK_Bold.get_TTF_path())


class Coverage(NamedTuple):
    """Code points with a glyph, by weight."""

    regular: frozenset[int]
    bold: frozenset[int]


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    """Return the fonts of all papers; those of the machine are left out, so papers look alike everywhere."""
    folders = [_INTER, _HAN_REGULAR.parent, _HAN_BOLD.parent]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


@lru_cache(maxsize=1)
def coverage() -> Coverage:
    """Return what the faces can show."""
    latin = _code_points(_INTER / "Inter[opsz,wght].ttf")
    regular = latin | _code_points(_HAN_REGULAR, face=2)
    return Coverage(regular, latin | _code_points(_HAN_BOLD))


def _code_points(path: Path, *, face: int = -1) -> frozenset[int]:
    with TTFont(path, fontNumber=face, lazy=True) as font:
        return frozenset(font.getBestCmap())
