"""How hard to look at each box, from a glance to certifying it, and how fast prices follow what is taken."""

from typing import Final

from subscriptions.planning.engine.lanes import Effort

HASTY: Final = Effort(300.0, 500.0, 1, 2, 1, 2, 50)
QUICK: Final = Effort(1000.0, 100.0, 1, 4, 2, 2, 200)
MENDING: Final = Effort(1000.0, 100.0, 1, 4, 2, 3, 200)
FAST: Final = Effort(1000.0, 100.0, 3, 4, 2, 3, 200)
USUAL: Final = Effort(1000.0, 50.0, 20, 6, 2, 4, 500)
THOROUGH: Final = Effort(1000.0, 20.0, 100, 8, 3, 6, 2000)


def pace_for(households: int) -> float:
    """How fast prices follow when so many boxes are handed out; found by trial, see `Run.hand_out`."""
    return float(0.6 * max(households, 1) ** 0.25)
