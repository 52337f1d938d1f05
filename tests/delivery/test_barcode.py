"""Barcodes carry what they should, and only that."""

import datetime as dt
import string

import pytest
import zxingcpp
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PIL import Image
from stdnum import ean

from delivery.barcode import (
    LABEL_MODULE_MM,
    Barcode,
    Sscc,
    box_barcode,
    checked_lot_code,
    qr_svg,
    trade_case_barcode,
    wave_barcode,
    whole_dots_mm,
)
from ripeday.kit.errors import Invalid

GS1_82 = "!\"%&'()*+,-./:;<=>?_" + string.ascii_letters + string.digits
GTIN = "0401234567890" + ean.calc_check_digit("0401234567890")
PACKED_ON = dt.date(2026, 12, 1)


def scanned(barcode: Barcode) -> zxingcpp.Barcode:
    """Draw the modules, three pixels each, with quiet zones, and let a decoder read them."""
    row = bytes(0 if module == "1" else 255 for module in "0" * 12 + barcode.modules + "0" * 12)
    picture = Image.frombytes("L", (len(row), 1), row).resize((len(row) * 3, 60), Image.NEAREST)
    found = zxingcpp.read_barcodes(picture, text_mode=zxingcpp.TextMode.Plain)
    assert len(found) == 1
    return found[0]


def test_a_box_number_ends_in_its_gs1_check_digit() -> None:
    sscc = Sscc(0, "6901234", 312017)
    assert sscc.digits == "069012340003120179"
    assert sscc.spaced == "0 6901234 000312017 9"
    assert Sscc.from_digits(sscc.digits, prefix_digits=7) == sscc


def test_a_box_barcode_is_156_modules_wide_and_scans_as_gs1() -> None:
    barcode = box_barcode(Sscc(0, "6901234", 312017))
    assert len(barcode.modules) == 156
    assert barcode.text == "(00) 0 6901234 000312017 9"
    read = scanned(barcode)
    assert read.text == "00069012340003120179"
    assert read.symbology_identifier == "]C1"


@given(st.integers(0, 9), st.text("0123456789", min_size=6, max_size=12), st.data())
@settings(max_examples=40, deadline=None)
def test_every_box_number_is_read_back(extension: int, prefix: str, data: st.DataObject) -> None:
    sscc = Sscc(extension, prefix, data.draw(st.integers(0, 10 ** (16 - len(prefix)) - 1)))
    assert scanned(box_barcode(sscc)).text == "00" + sscc.digits
    assert Sscc.from_digits(sscc.digits, prefix_digits=len(prefix)) == sscc


@given(st.text(GS1_82, min_size=1, max_size=20))
@settings(max_examples=150, deadline=None)
def test_every_allowed_lot_code_is_read_back_from_its_case(lot_code: str) -> None:
    try:
        barcode = trade_case_barcode(gtin=GTIN, packed_on=PACKED_ON, lot_code=lot_code)
    except Invalid as refusal:
        assume(refusal.field != "lot_code")
        raise
    read = scanned(barcode)
    assert read.text == f"01{GTIN}1326120110{lot_code}"
    assert read.symbology_identifier == "]C1"


@given(st.text(GS1_82, min_size=1, max_size=8))
def test_no_lot_code_of_eight_characters_is_too_long_for_a_case(lot_code: str) -> None:
    barcode = trade_case_barcode(gtin=GTIN, packed_on=PACKED_ON, lot_code=lot_code)
    assert (len(barcode.modules) + 20) * whole_dots_mm(LABEL_MODULE_MM, 203) <= 165


@pytest.mark.parametrize(
    "lot_code",
    ["", "A" * 21, "L 22", "L-22\xf1" + "15261201", "L\x1d15261201", "Äpfel", "批次", "L\n", "L#"],
)
def test_a_lot_code_that_would_not_scan_or_would_smuggle_an_element_is_refused(
    lot_code: str,
) -> None:
    with pytest.raises(Invalid) as refusal:
        checked_lot_code(lot_code)
    assert refusal.value.field == "lot_code"


@pytest.mark.parametrize("gtin", ["0401234567890X", GTIN[:-1], GTIN[:-1] + "0", "４" * 14])
def test_a_false_gtin_is_refused(gtin: str) -> None:
    with pytest.raises(Invalid) as refusal:
        trade_case_barcode(gtin=gtin, packed_on=PACKED_ON, lot_code="L-1")
    assert refusal.value.field == "gtin"


@pytest.mark.parametrize(
    ("extension", "prefix", "serial", "field"),
    [
        (10, "6901234", 1, "extension_digit"),
        (-1, "6901234", 1, "extension_digit"),
        (0, "69012", 1, "company_prefix"),
        (0, "6" * 13, 1, "company_prefix"),
        (0, "69O1234", 1, "company_prefix"),
        (0, "６９０１２３４", 1, "company_prefix"),
        (0, "6901234", 10**9, "serial"),
        (0, "6901234", -1, "serial"),
    ],
)
def test_a_box_number_out_of_bounds_is_refused(
    extension: int, prefix: str, serial: int, field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        Sscc(extension, prefix, serial)
    assert refusal.value.field == field


def test_a_box_number_with_a_wrong_check_digit_is_refused() -> None:
    with pytest.raises(Invalid):
        Sscc.from_digits("069012340003120178", prefix_digits=7)


# Short codes of digits alone (990, 9900) are misread by the decoder; wave codes start with letters.
@given(st.text(string.ascii_uppercase + string.digits + "-", max_size=18).map("WA".__add__))
@settings(max_examples=60, deadline=None)
def test_a_wave_code_is_read_back_as_plain_code_128(code: str) -> None:
    read = scanned(wave_barcode(code))
    assert read.text == code
    assert read.symbology_identifier == "]C0"


@pytest.mark.parametrize("code", ["", "W 1", "W\xf1", "波次"])
def test_a_wave_code_that_no_scanner_types_is_refused(code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        wave_barcode(code)
    assert refusal.value.field == "wave_code"


@pytest.mark.parametrize(("dpi", "dots"), [(203, 4), (300, 6), (600, 12)])
def test_a_label_bar_is_a_whole_number_of_printer_dots(dpi: int, dots: int) -> None:
    module_mm = whole_dots_mm(LABEL_MODULE_MM, dpi)
    assert module_mm * dpi / 25.4 == pytest.approx(dots)
    assert module_mm >= LABEL_MODULE_MM


def test_a_qr_code_holds_no_script_and_no_link() -> None:
    picture = qr_svg("https://example.org/w/W26-1201-2")
    assert "<path" in picture
    assert "href" not in picture
    assert "script" not in picture
