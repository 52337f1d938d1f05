"""Who gives off ethylene and who is harmed by it: the one letter beside a produce on a paper."""

from typing import Literal

EthyleneMark = Literal["E", "S"]

_LEVELS = ("vl", "l", "m", "h", "vh")


def ethylene_mark(production: str | None, sensitivity: str | None) -> EthyleneMark | None:
    """Return "E" for medium production or more, else "S" for high sensitivity or more, else None.

    Both are levels `vl`, `l`, `m`, `h`, `vh` (very low to very high); None is not known. A produce that does
    both gets E: what it does to others counts before what others do to it.
    """
    if _reaches(production, "m"):
        return "E"
    return "S" if _reaches(sensitivity, "h") else None


def _reaches(level: str | None, threshold: str) -> bool:
    return level is not None and _LEVELS.index(level) >= _LEVELS.index(threshold)
