"""How likely a fruit that is sent out is lost: past before anybody eats it, or not ready in time.

A window hides this: a day on which 71 in 100 are edible counts there as much as one on which all are.
"""

import numpy as np
from numpy.typing import NDArray

from ripening.course import Floats
from ripening.window import Chances

UNREADY_SHARE = 0.2
"""How much of a loss it is that a fruit is not ready on its day: most are eaten on another one. Assumed."""


def loss_of(
    chances: Chances, first: NDArray[np.int8], last: NDArray[np.int8], *, horizon: int
) -> Floats:
    """Return P(lost) of one fruit of each lot in each home, kept in each way.

    Parameters
    ----------
    chances
        Of shape (n_lots, n_homes, n_ways or more, at least `horizon` days).
    first, last : shape (n_lots, n_homes, n_ways)
        The windows in which fruit are planned to be eaten, from `window.windows`.
    horizon
        Days until the next box.

    Returns
    -------
    shape (n_lots, n_homes, n_ways)
        The chance of being past, a mean over the mornings of the window, and of not being ready before the next box.
        0 where no day of a window comes before that.
    """
    n_ways, day = first.shape[-1], np.arange(horizon)
    past = chances.past[:, :, :n_ways, :horizon]
    inside = (day >= first[..., None]) & (day <= last[..., None])
    n_inside = inside.sum(axis=-1)
    mean_past = (past * inside).sum(axis=-1) / np.maximum(n_inside, 1)
    late = chances.unready[:, :, :n_ways, horizon - 1]
    return np.where(n_inside > 0, np.minimum(mean_past + late, 1.0), 0.0)


def loss_by_day(chances: Chances) -> Floats:
    """Return P(lost) of a fruit that is to be eaten on day t; same shape as the chances."""
    lost: Floats = np.minimum(chances.past + UNREADY_SHARE * chances.unready, 1.0)
    return lost
