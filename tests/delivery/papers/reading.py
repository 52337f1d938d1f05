"""Reads papers back as a warehouse would: text, sizes, dots and scans."""

import ctypes
import io
import re

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import zxingcpp
from PIL import Image

MM = 72 / 25.4
"""Points in a millimetre."""


def text_of(pdf: bytes) -> str:
    with pdfium.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def pages_of(pdf: bytes) -> int:
    with pdfium.PdfDocument(pdf) as document:
        return len(document)


def raster(pdf: bytes, *, dpi: int, page: int = 0) -> Image.Image:
    with pdfium.PdfDocument(pdf) as document:
        return document[page].render(scale=dpi / 72, grayscale=True).to_pil()


def scan(pdf: bytes, *, dpi: int = 203, page: int = 0) -> list[zxingcpp.Barcode]:
    # One bit a dot, as a thermal printer puts it on paper.
    picture = raster(pdf, dpi=dpi, page=page).point(lambda level: 255 if level > 127 else 0)
    return zxingcpp.read_barcodes(picture, text_mode=zxingcpp.TextMode.Plain)


def sizes_of(pdf: bytes, wanted: str, *, page: int = 0) -> set[float]:
    """Return the font sizes in which `wanted` is set. [pt]"""
    with pdfium.PdfDocument(pdf) as document:
        textpage = document[page].get_textpage()
        sizes = set()
        searcher = textpage.search(wanted, match_case=True)
        while found := searcher.get_next():
            index, count = found
            sizes |= {
                round(size_of(textpage, k), 1)
                for k in range(index, index + count)
                if chr(raw.FPDFText_GetUnicode(textpage, k)).strip()
            }
        return sizes


def size_of(textpage: pdfium.PdfTextPage, index: int) -> float:
    """Return a character's size on paper: nominal size times its matrix."""
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(textpage, index, matrix)
    return raw.FPDFText_GetFontSize(textpage, index) * abs(matrix.d)


def letters_of(pdf: bytes, *, page: int = 0) -> list[tuple[float, float, float, float, str]]:
    """Return the box of every visible letter: left, bottom, right, top in points, and the letter."""
    with pdfium.PdfDocument(pdf) as document:
        textpage = document[page].get_textpage()
        boxes = []
        for index in range(textpage.count_chars()):
            letter = chr(raw.FPDFText_GetUnicode(textpage, index))
            if not letter.isspace() and letter.isprintable():
                boxes.append((*textpage.get_charbox(index), letter))
        return boxes


def assert_nothing_overlaps(pdf: bytes, *, page: int = 0) -> None:
    """Fail when the centre of a letter lies within another letter."""
    boxes = [box for box in letters_of(pdf, page=page) if box[2] - box[0] > 0.3]
    for n, one in enumerate(boxes):
        x, y = (one[0] + one[2]) / 2, (one[1] + one[3]) / 2
        for other in boxes[:n]:
            inside = other[0] + 0.2 < x < other[2] - 0.2 and other[1] + 0.2 < y < other[3] - 0.2
            assert not inside, (one, other)


def assert_harmless(pdf: bytes) -> None:
    for word in (b"/JS", b"/JavaScript", b"/URI", b"/Launch", b"/EmbeddedFile", b"/OpenAction"):
        assert not re.search(rb"%s\b" % re.escape(word), pdf), word
    with pdfium.PdfDocument(io.BytesIO(pdf)) as document:
        for page in document:
            assert raw.FPDFPage_GetAnnotCount(page) == 0


def is_bold(textpage: pdfium.PdfTextPage, index: int) -> bool:
    name = ctypes.create_string_buffer(200)
    raw.FPDFText_GetFontInfo(textpage, index, name, 200, ctypes.c_int())
    return b"Bold" in name.value
