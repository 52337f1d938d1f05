"""Barcodes as the templates draw them."""

from typing import Any

from delivery.barcode import Barcode


def drawn_bars(barcode: Barcode, *, module_mm: float, height_mm: float) -> dict[str, Any]:
    """Return a barcode for the template function `bars`; edges and widths count modules."""
    return {
        "text": barcode.text,
        "n_modules": len(barcode.modules),
        "bars": [list(bar) for bar in barcode.bars()],
        "module_mm": module_mm,
        "height_mm": height_mm,
    }
