"""What the chance that a portion is lost counts for in a plan: the arrays `win_risk` and `day_risk`."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.problem import PlanWeights

HORIZONS: Final = (7, 14)
"""Days until the next box of those who get one every week, and of those who get one every other."""
RISK_SHARE: Final = 1.0
"""What a portion that will be lost counts against its lot, as a share of a missing one. Half as much costs as many
goods and covers 0.2 % fewer days, twice as much takes more of what people like out of boxes (docs/simulation.md)."""

_SURE = 255


def win_risk_of(loss: NDArray[np.float64], weights: PlanWeights) -> NDArray[np.int32]:
    """Return what chances to be lost in a window are worth; same shape. [1/100 minor unit a portion]"""
    worth = RISK_SHARE * 100 * weights.uncovered_portion
    return np.rint(worth * loss).astype(np.int32)


def day_risk_of(loss_by_day: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Return chances to be lost by day as they stand in `day_risk`; same shape. [1/255]"""
    return np.rint(_SURE * loss_by_day).astype(np.uint8)


def shut_when_late(
    opens: NDArray[np.integer], closes: NDArray[np.integer], *, horizon: int
) -> tuple[NDArray[np.integer], NDArray[np.integer]]:
    """Return windows without those that open only after the next box has come: such lots are not sent."""
    late = opens >= horizon
    return np.where(late, 1, opens), np.where(late, 0, closes)
