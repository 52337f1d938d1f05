"""Portions to spare: how many a box should have left on its last day if nothing spoils before."""

import math
from typing import Final

SPARE_PCT: Final = 10
"""Percent of the portions of a box that a merchant has to spare unless they say otherwise (docs/practice.md)."""
SPARE_PCT_MOST: Final = 30
SPARE_WORTH: Final = 200
"""What a wished portion to spare is worth: less than a day's, so that none goes without one for it. [euro cents]"""


def spare_portions(wanted: int, pct: int) -> int:
    """Return the portions to spare of a box from which so many are wanted; a begun one counts as a whole.

    Fruit of a lot spoils together, and each portion that does leaves a day short: a box for more people loses more.
    """
    return math.ceil(wanted * pct / 100)
