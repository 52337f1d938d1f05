"""Numbers of trade cases: GTIN-14 under a merchant's GS1 company prefix."""

from collections.abc import Iterable

from stdnum import ean


def case_number(gs1_prefix: str, used: Iterable[str]) -> str:
    """Return the next free GTIN-14 (packaging indicator 1) of a merchant, check digit included."""
    head = f"1{gs1_prefix}"
    width = 13 - len(head)
    taken = {int(gtin[len(head) : 13]) for gtin in used if gtin.startswith(head)}
    digits = f"{head}{max(taken, default=0) + 1:0{width}}"
    return digits + str(ean.calc_check_digit(digits))
