"""Boxes that may change though they need not, so that boxes that lose a lot come out better. Pure."""

from typing import Final

OTHERS_PCT_MOST: Final = 10
TRIED_PCT: Final = 2
"""Where a merchant lets none change, so many are tried, to say what it would bring. [%]"""
TRIED_MOST: Final = 5_000
"""Boxes of a day up to which that is tried: above, it takes seconds."""
CHOICES: Final = (0, 1, 2, 5, 10)
"""What a merchant may choose. [% of the boxes of a day that their households have not edited]"""


def others_of(n_free: int, pct: int) -> int:
    """Return how many of so many boxes may change."""
    return n_free * pct // 100
