"""How many of a household's fruit are edible on a day, when fruit of one lot ripen together.

All fruit of a lot share a shift, so their chances must not be multiplied: given the shift the fruit
are independent, and the shift is averaged over last. Lots are independent of each other.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import binom

from ripening.chance import Maturity
from ripening.course import Floats
from ripening.home import MODES
from ripening.lot_state import LotState, keep_of, produce_of, ready_of
from ripening.produce import Produce
from ripening.window import chance_of, handling_of, maturity_of

_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(9)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


@dataclass(frozen=True, slots=True)
class Holding:
    """Fruit of one lot in one home: which lot of the list, how it is kept, how many pieces are
    left.
    """

    lot: int
    mode: int
    pieces: int


def shared_chance(
    lots: Sequence[LotState],
    *,
    profiles: Mapping[str, Produce],
    delivery_on: dt.date,
    days: int = 14,
) -> tuple[Floats, Floats]:
    """Return P(edible on day t | the lot's shift) at a few shifts, and the weight of each shift.

    Returns
    -------
    shape (n_shifts, n_lots, 8, n_modes, days) and (n_shifts,)
        The weighted mean over shifts is `window.edible_chance`, up to the quadrature (within 0.01).
    """
    handling = handling_of(lots, profiles=profiles, delivery_on=delivery_on, days=days)
    whole = maturity_of(lots, profiles=profiles, delivery_on=delivery_on)
    ready, keep = np.empty((2, len(lots))), np.empty((2, len(lots)))
    for i, lot in enumerate(lots):
        produce = produce_of(lot, profiles)
        of_ready, of_keep = ready_of(lot, produce), keep_of(lot, produce)
        ready[:, i] = of_ready.lot_sigma, of_ready.fruit_sigma
        # What does not ripen any more has its lot's shift in how long it keeps.
        keep[:, i] = (
            (0.0, of_keep.sigma) if of_ready.sigma else (of_keep.lot_sigma, of_keep.fruit_sigma)
        )
    chances = [
        chance_of(
            Maturity(
                age=whole.age,
                ready_mean=whole.ready_mean + node * ready[0],
                ready_sigma=ready[1],
                keep_mean=np.maximum(whole.keep_mean + node * keep[0], 1e-3),
                keep_sigma=keep[1],
            ),
            handling,
            days=days,
        )
        for node in _NODES
    ]
    return np.stack(chances), _WEIGHTS


def cover_chance(
    shared: Floats, weights: Floats, holdings: Sequence[Holding], *, home: int, needed: int
) -> Floats:
    """Return P(at least `needed` pieces are edible) by day, the lots' shared shifts included.

    Parameters
    ----------
    shared, weights
        From `shared_chance`.
    holdings
        What the household has.
    home
        Index of its home class, 0 to 7.
    needed
        Pieces wanted; 0 is always covered.

    Returns
    -------
    shape (days,)
    """
    days = shared.shape[-1]
    count = np.zeros((days, 1))
    count[:, 0] = 1.0
    for holding in holdings:
        if not 0 <= holding.mode < len(MODES):
            raise ValueError(f"no such handling mode: {holding.mode}")
        chance = shared[:, holding.lot, home, holding.mode, :]
        k = np.arange(holding.pieces + 1)
        given = binom.pmf(k, holding.pieces, chance[..., None])
        lot_count = np.einsum("s,sdk->dk", weights, given)
        count = np.stack([np.convolve(count[day], lot_count[day]) for day in range(days)])
    covered: Floats = np.clip(count[:, needed:].sum(axis=-1), 0.0, 1.0)
    return covered
