"""Barcodes on papers: which data they carry and how wide they are.

Bars come as modules, a string of 1 (black) and 0 (white), one character for the narrowest bar. A paper draws
each module as a whole number of printer dots; nothing is ever scaled to fit.
"""

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Self

import zxingcpp
from barcode.codex import Code128, Gs1_128
from stdnum import ean, gs1_128
from stdnum.exceptions import ValidationError

from ripeday.kit.errors import Invalid
from ripeday.kit.text import message

LABEL_DPI = 203
"""Dots per inch of the common label printer; 300 is the other one."""

LABEL_MODULE_MM = 0.495
"""Narrowest bar of a logistic label (GS1 General Specifications, symbols scanned in distribution)."""

MAX_GS1_CHARACTERS = 48
MAX_GS1_WIDTH_MM = 165.0
"""Longest GS1-128 symbol: data characters, and width with its quiet zones (GS1 General Specifications)."""

_QUIET_MODULES = 10
_SSCC_DIGITS = 18
_MAX_LOT_CHARACTERS = 20
# The 82 characters of GS1 AI element strings; FNC1 and its stand-in (group separator) are not among them.
_GS1_CHARACTERS = frozenset(
    "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
)


@dataclass(frozen=True, slots=True)
class Barcode:
    """One linear symbol: its modules without quiet zones, and what people read under it."""

    modules: str
    text: str

    def bars(self) -> Iterator[tuple[int, int]]:
        """Yield (left edge, width) of each black bar, in modules."""
        at = 0
        for colour, run in groupby(self.modules):
            width = len(list(run))
            if colour == "1":
                yield at, width
            at += width

    def width_mm(self, module_mm: float) -> float:
        """Return the width of the bars, quiet zones not counted. [mm]"""
        return len(self.modules) * module_mm


@dataclass(frozen=True, slots=True)
class Sscc:
    """A Serial Shipping Container Code: the number of one box, never used twice.

    Parameters
    ----------
    extension_digit
        0 to 9, free for the merchant's use.
    company_prefix
        The GS1 company prefix, 6 to 12 digits.
    serial
        Running number; fills what the prefix leaves of 16 digits.
    """

    extension_digit: int
    company_prefix: str
    serial: int

    def __post_init__(self) -> None:
        if not 0 <= self.extension_digit <= 9:
            raise Invalid("extension_digit", message("Give the extension as one digit, 0 to 9."))
        if not (_is_digits(self.company_prefix) and 6 <= len(self.company_prefix) <= 12):
            raise Invalid("company_prefix", message("Give the company prefix as 6 to 12 digits."))
        if not 0 <= self.serial < 10**self._serial_digits:
            raise Invalid(
                "serial",
                message(
                    "Give a serial number of at most {digits} digits.", digits=self._serial_digits
                ),
            )

    @property
    def _serial_digits(self) -> int:
        return _SSCC_DIGITS - 2 - len(self.company_prefix)

    @classmethod
    def from_digits(cls, digits: str, *, prefix_digits: int) -> Self:
        """Read an SSCC of 18 digits; the length of the company prefix is not written in it."""
        if not (_is_digits(digits) and len(digits) == _SSCC_DIGITS):
            raise Invalid("sscc", message("Give the box number as 18 digits."))
        if digits[-1] != ean.calc_check_digit(digits[:-1]):
            raise Invalid("sscc", message("The check digit of the box number does not fit."))
        end = 1 + prefix_digits
        return cls(int(digits[0]), digits[1:end], int(digits[end:-1] or 0))

    @property
    def digits(self) -> str:
        """Return the 18 digits, check digit last."""
        payload = f"{self.extension_digit}{self.company_prefix}{self.serial:0{self._serial_digits}}"
        return payload + str(ean.calc_check_digit(payload))

    @property
    def spaced(self) -> str:
        """Return the number in its four parts, as people read it."""
        digits, end = self.digits, 1 + len(self.company_prefix)
        return f"{digits[0]} {digits[1:end]} {digits[end:-1]} {digits[-1]}"


def box_barcode(sscc: Sscc) -> Barcode:
    """Return the GS1-128 symbol of a box, AI (00)."""
    return Barcode(_gs1_modules({"00": sscc.digits}), f"(00) {sscc.spaced}")


def trade_case_barcode(*, gtin: str, packed_on: dt.date, lot_code: str) -> Barcode:
    """Return the GS1-128 symbol of a trade case: (01) GTIN, (13) pack date, (10) lot, in this order.

    Raises
    ------
    Invalid
        Naming `gtin` (not 14 digits, wrong check digit) or `lot_code` (see `checked_lot_code`).
    """
    if not (_is_digits(gtin) and len(gtin) == 14 and ean.is_valid(gtin)):
        raise Invalid("gtin", message("Give the GTIN as 14 digits with a true check digit."))
    elements = {"01": gtin, "13": packed_on, "10": checked_lot_code(lot_code)}
    text = f"(01) {gtin} (13) {packed_on:%y%m%d} (10) {lot_code}"
    barcode = Barcode(_gs1_modules(elements), text)
    if _width_with_quiet_mm(barcode, whole_dots_mm(LABEL_MODULE_MM, LABEL_DPI)) > MAX_GS1_WIDTH_MM:
        raise Invalid("lot_code", message("The lot code is too long for a bar code of 165 mm."))
    return barcode


def wave_barcode(code: str) -> Barcode:
    """Return the Code 128 symbol of a wave code (plain, without FNC1)."""
    if not (1 <= len(code) <= _MAX_LOT_CHARACTERS) or not set(code) <= _GS1_CHARACTERS:
        raise Invalid("wave_code", message("Give the wave code as 1 to 20 letters and digits."))
    return Barcode(Code128(code).build()[0], code)


def checked_lot_code(lot_code: str) -> str:
    """Return the lot code if AI (10) can carry it.

    Raises
    ------
    Invalid
        When it is empty, longer than 20 characters, or holds a character outside the GS1 set (a space, a
        letter with an accent, FNC1 or a separator that would start another element).
    """
    if not 1 <= len(lot_code) <= _MAX_LOT_CHARACTERS:
        raise Invalid("lot_code", message("Give a lot code of 1 to 20 characters."))
    if not set(lot_code) <= _GS1_CHARACTERS:
        raise Invalid(
            "lot_code", message("A lot code has Latin letters, digits and plain signs, no spaces.")
        )
    return lot_code


def whole_dots_mm(at_least_mm: float, dpi: int) -> float:
    """Return the narrowest bar of at least this width that is a whole number of printer dots. [mm]"""
    dot_mm = 25.4 / dpi
    return math.ceil(round(at_least_mm / dot_mm, 6)) * dot_mm


def qr_svg(text: str) -> str:
    """Return a QR code (error correction M, with its quiet zone) as an SVG picture."""
    if not text or len(text) > 300:
        raise Invalid("qr", message("A QR code carries 1 to 300 characters."))
    symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return str(symbol.to_svg())


def _gs1_modules(elements: Mapping[str, object]) -> str:
    """Return the modules of a GS1-128 symbol; at most one element of variable length, which goes last."""
    try:
        data = gs1_128.encode(elements, separator=Gs1_128.FNC1_CHAR)
    except ValidationError as error:
        raise Invalid("barcode", message("These data make no GS1 bar code.")) from error
    if len(data) > MAX_GS1_CHARACTERS:
        raise Invalid("barcode", message("A GS1 bar code carries at most 48 characters."))
    modules: str = Gs1_128(data).build()[0]
    return modules


def _width_with_quiet_mm(barcode: Barcode, module_mm: float) -> float:
    return barcode.width_mm(module_mm) + 2 * _QUIET_MODULES * module_mm


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
