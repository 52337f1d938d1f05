"""Plans small weeks as a whole: boxes are collected, and the best are chosen among them together.

Whole boxes are chosen by taking what the fractional choice is sure of and solving the rest anew, and then refilled
one at a time from what is left, which adds boxes that go together; so every try starts from a better collection.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.columns import (
    ROUNDS_MAX,
    Master,
    Pool,
    Prices,
    Relaxed,
    generate,
    relax,
    units_in,
)
from subscriptions.planning.effort import THOROUGH, USUAL
from subscriptions.planning.engine.bench import Floats, Ints
from subscriptions.planning.engine.lanes import Lines
from subscriptions.planning.exact import prove, settle
from subscriptions.planning.run import Run, silent

SETTLED: Final = 1e-6
SWEEPS: Final = (1.0, 1.0, 1.0, 0.9, 0.8, 0.6, 0.4, 0.0)
"""Shares of the prices at which boxes are refilled."""
TRIES: Final = 5
STEPS: Final = ROUNDS_MAX + TRIES
CLOSE: Final = 100.0
"""Gap of one household that is not worth closing. [1/100 cent]"""


def plan_together(run: Run, *, certify: bool = False, exact: bool = False) -> None:
    """Plan from the boxes a run has handed out; leaves the best plan found, and prices with the best bound.

    Fill `certify` to close the bound as far as can be, `exact` to look for the optimum and its proof.
    """
    told, run.told = run.told, silent
    pool, prices = Pool(run), Prices(run.prices)
    best = refill(pool, Boxes.of(run))
    for k in generate(pool, prices):
        told("improve", k, STEPS)
    for k in range(TRIES):
        if not run.stopped():
            told("improve", ROUNDS_MAX + k, STEPS)
            best = coordinate(pool, best)
    best.put_back(run)
    if certify or exact:
        prove(pool, prices, 1.0 if exact else CLOSE)
    run.prices, run.most = prices.best, min(run.most, prices.saved)
    if exact:
        settle(run)
    run.told = told
    told("improve", STEPS, STEPS)


@dataclass(frozen=True, slots=True, eq=False)
class Boxes:
    """Boxes of a run, set aside."""

    lines: Lines
    worth: Floats
    saved: float

    @classmethod
    def of(cls, run: Run) -> "Boxes":
        """Copy the boxes of a run."""
        return cls(run.lines.copy(), run.worth.copy(), run.saved)

    def better(self, run: Run) -> "Boxes":
        """Return these boxes, or those of the run if they save more."""
        return Boxes.of(run) if run.saved > self.saved else self

    def put_back(self, run: Run) -> None:
        """Make these the boxes of a run."""
        run.lines[:], run.worth[:] = self.lines, self.worth
        run.left = run.stock - units_in(run.lines, len(run.stock))


def coordinate(pool: Pool, best: Boxes) -> Boxes:
    """Choose boxes of the pool that go together, and refill them; returns the best yet."""
    run = pool.run
    master = pool.master()
    relaxed = relax(master, run.problem.n_lots)
    if relaxed is None:
        return best
    pool.write(dive(master, relaxed, run.problem.n_lots))
    run.prices = relaxed.prices
    return refill(pool, best)


def refill(pool: Pool, best: Boxes) -> Boxes:
    """Refill the boxes of the run one at a time, and collect what that brings; returns the best yet."""
    pool.add(pool.run.lines, pool.run.worth)
    for factor in SWEEPS:
        pool.run.improve((factor,), USUAL if factor == 1.0 else THOROUGH)
        pool.add(pool.run.lines, pool.run.worth)
    return best.better(pool.run)


def dive(master: Master, relaxed: Relaxed | None, lots: int) -> Ints:
    """Choose the columns that the relaxed choice is sure of, see what is left, and go on; returns the chosen."""
    left, active = master.limits.copy(), np.arange(len(master.worth))
    chosen: list[int] = []
    while relaxed is not None and relaxed.share.max() > SETTLED:
        share = relaxed.share
        sure = np.flatnonzero(share >= min(1.0, share.max()) - SETTLED)
        for j in active[sure[np.argsort(-share[sure], kind="stable")]].tolist():
            rows, values = _entries(master, j)
            if (values <= left[rows] + SETTLED).all():
                left[rows] -= values
                chosen.append(j)
        active = active[_fitting(master, active, left)]
        relaxed = relax(Master(master.worth[active], master.matrix[:, active], left), lots)
    return np.array(chosen, dtype=np.int64)


def _entries(master: Master, j: int) -> tuple[Ints, Floats]:
    start, end = master.matrix.indptr[j : j + 2]
    return master.matrix.indices[start:end], master.matrix.data[start:end]


def _fitting(master: Master, active: Ints, left: Floats) -> NDArray[np.bool_]:
    """Tell which columns keep within what is left of every row."""
    entries = master.matrix[:, active].tocoo()
    breaks = entries.data > left[entries.row] + SETTLED
    fits = np.ones(len(active), dtype=np.bool_)
    fits[entries.col[breaks]] = False
    return fits
