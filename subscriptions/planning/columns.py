"""Collects boxes for all households until no better ones are found.

Column generation. A linear program chooses one of the boxes known for each household within the stock; its duals
are prices of lots, and at these every household's best box is looked for and added. When no better box turns up, the
program's value and the bound that the prices certify meet.

Fruit and flowers of a household are separate columns, held together by its budget and weight where these can bind.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_array, csc_array

from subscriptions.planning.effort import THOROUGH, USUAL
from subscriptions.planning.empty import empty_objective
from subscriptions.planning.engine.bench import Floats, Ints
from subscriptions.planning.engine.lanes import Lines
from subscriptions.planning.problem import MIXED
from subscriptions.planning.run import BYTE, LOT_SHIFT, Run

CENT: Final = 100.0
PARTS: Final = 2
"""Fruit and flowers."""
ROUNDS_MAX: Final = 30
STEP: Final = 0.1
"""Change of how far prices are held back, after each round."""
ROUNDING: Final = 1e-3
"""Added to every bound. [1/100 cent]"""


class Master(NamedTuple):
    """The choice among columns as a linear program: most `worth` with `matrix` @ x <= `limits`, 0 <= x <= 1.

    Rows are lots, then owners, then budgets and weights of households whose fruit and flowers might break them.
    """

    worth: Floats
    matrix: csc_array[Any]
    limits: Floats


class Relaxed(NamedTuple):
    """Its best fractional choice: what it saves [1/100 cent], prices of the lots, and x."""

    saved: float
    prices: Floats
    share: Floats


@dataclass(slots=True)
class Pool:
    """Boxes to choose from: `lines[j]`, packed as in a run, belong to `owner[j]`, twice the household plus the part."""

    run: Run
    lines: list[NDArray[np.int32]] = field(default_factory=list)
    owner: list[int] = field(default_factory=list)
    worth: list[float] = field(default_factory=list)
    _known: set[tuple[int, bytes]] = field(default_factory=set)

    def add(self, lines: Lines, worth: Floats) -> int:
        """Add the boxes of all households, laid out as those of a run; returns how many were new."""
        before = len(self.owner)
        for part, (start, end) in enumerate(places(self.run)):
            block = lines[:, start:end]
            for n in np.flatnonzero(block.any(axis=1)).tolist():
                self.add_box(PARTS * n + part, block[n, block[n] > 0], float(worth[n, part]))
        return len(self.owner) - before

    def add_box(self, owner: int, lines: NDArray[np.int32], worth: float) -> None:
        """Add one box, unless it is known."""
        key = owner, np.sort(lines).tobytes()
        if key not in self._known:
            self._known.add(key)
            self.lines.append(lines)
            self.owner.append(owner)
            self.worth.append(worth)

    def write(self, chosen: Ints) -> None:
        """Make these columns the boxes of the run."""
        run = self.run
        run.lines[:], run.worth[:] = 0, 0.0
        for j in chosen.tolist():
            n, part = divmod(self.owner[j], PARTS)
            row, start = self.lines[j], places(run)[part][0]
            run.lines[n, start : start + len(row)] = row
            run.worth[n, part] = self.worth[j]
        run.left = run.stock - units_in(run.lines, len(run.stock))

    def master(self) -> Master:
        """Lay out the choice among all columns."""
        problem, count = self.run.problem, len(self.owner)
        owner = np.array(self.owner, dtype=np.int64)
        column = np.repeat(np.arange(count), np.array([len(row) for row in self.lines], dtype=int))
        packed = np.concatenate([*self.lines, np.zeros(0, dtype=np.int32)])
        lot, units = packed >> LOT_SHIFT, (packed & BYTE).astype(np.float64)
        owners, row_of = np.unique(owner, return_inverse=True)
        rows = [lot, problem.n_lots + row_of]
        columns = [column, np.arange(count)]
        values: list[Floats] = [units, np.ones(count)]
        limits = [self.run.stock.astype(np.float64), np.ones(len(owners))]
        first = problem.n_lots + len(owners)
        for each, most in (
            (problem.lot_cost, problem.budget),
            (problem.lot_grams, problem.grams_max),
        ):
            used = np.bincount(column, weights=units * each[lot], minlength=count).astype(float)
            tight = _may_break(owner, used, problem.plan == MIXED, most)
            held = np.flatnonzero(np.isin(owner // PARTS, tight))
            rows.append(first + np.searchsorted(tight, owner[held] // PARTS))
            columns.append(held)
            values.append(used[held])
            limits.append(most[tight].astype(np.float64))
            first += len(tight)
        clashing, row_of = self._clashes()
        rows.append(first + row_of)
        columns.append(clashing)
        values.append(np.ones(len(clashing)))
        first += int(row_of.max(initial=-1)) + 1
        limits.append(np.ones(first - sum(map(len, limits))))
        entries = np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))
        matrix = coo_array(entries, shape=(first, count)).tocsc()
        return Master(np.array(self.worth), matrix, np.concatenate(limits))

    def _clashes(self) -> tuple[Ints, Ints]:
        """List columns of households with fruit and flowers that hold a product of a group, and number their rows.

        A row is a household and a group of which both its fruit and its flowers hold a product.
        """
        problem, group = self.run.problem, self.run.week.group
        found: dict[tuple[int, int], list[int]] = {}
        for j, owner in enumerate(self.owner if group.any() else ()):
            if problem.plan[owner // PARTS] == MIXED:
                held = np.unique(group[problem.lot_prod[self.lines[j] >> LOT_SHIFT]])
                for each in held[held > 0].tolist():
                    found.setdefault((owner // PARTS, each), []).append(j)
        clashes = [each for each in found.values() if len({self.owner[j] for j in each}) > 1]
        columns = [j for each in clashes for j in each]
        row_of = np.repeat(np.arange(len(clashes)), [len(each) for each in clashes])
        return np.array(columns, dtype=np.int64), row_of.astype(np.int64)


def places(run: Run) -> tuple[tuple[int, int], tuple[int, int]]:
    """Where the lines of fruit and of flowers begin and end in a box."""
    fruit = int(run.week.weights[-1])
    return (0, fruit), (fruit, run.lines.shape[1])


def _may_break(
    owner: Ints, used: Floats, mixed: NDArray[np.bool_], most: NDArray[np.int32]
) -> Ints:
    """Households whose dearest fruit and dearest flowers together exceed a limit, in order."""
    dearest = np.zeros(PARTS * len(mixed))
    np.maximum.at(dearest, owner, used)
    return np.flatnonzero(mixed & (dearest.reshape(-1, PARTS).sum(axis=1) > most))


def relax(master: Master, lots: int) -> Relaxed | None:
    """Choose among the columns in fractions; None if there are none, or figures too large to reckon with."""
    if not len(master.worth):
        return None
    found = linprog(
        -master.worth / CENT,
        A_ub=master.matrix,
        b_ub=master.limits,
        bounds=(0, None),
        method="highs",
    )
    if not found.success:
        return None
    prices = np.maximum(-CENT * found.ineqlin.marginals[:lots], 0.0)
    return Relaxed(-CENT * float(found.fun), prices, found.x)


@dataclass(slots=True)
class Prices:
    """Prices under search: those with the best bound, and how far new ones are held back towards them."""

    best: Floats
    saved: float = np.inf
    """No plan saves more. [1/100 cent]"""
    held_back: float = 0.0

    def between(self, prices: Floats) -> Floats:
        """Return the prices to try next."""
        if not np.isfinite(self.saved):
            return prices
        return self.held_back * self.best + (1.0 - self.held_back) * prices

    def learn(self, tried: Floats, saved: float, excess: Floats, prices: Floats) -> None:
        """Take note of what was found; `excess` is demand less stock at the prices tried."""
        if np.isfinite(self.saved):
            onward = float(excess @ (prices - self.best)) > 0.0
            more = self.held_back + STEP * (1.0 - self.held_back)
            self.held_back = max(self.held_back - STEP, 0.0) if onward else more
        if saved < self.saved:
            self.saved, self.best = saved, tried


def generate(pool: Pool, prices: Prices) -> Iterator[int]:
    """Add boxes until none is found that would do better, or the run is stopped; yields the number of each round."""
    run = pool.run
    efforts, close = [USUAL, THOROUGH], 5e-5 * empty_objective(run.problem)
    relaxed = relax(pool.master(), run.problem.n_lots)
    for k in range(1, ROUNDS_MAX):
        if relaxed is None or run.stopped() or not efforts:
            return
        tried = prices.between(relaxed.prices)
        lines, worth, bounds = run.price_out(tried, efforts[0])
        excess = (units_in(lines, len(run.stock)) - run.stock).astype(np.float64)
        prices.learn(tried, saved_at(run, tried, bounds), excess, relaxed.prices)
        pool.add(lines, worth)
        before, relaxed = relaxed.saved, relax(pool.master(), run.problem.n_lots)
        if relaxed is not None and relaxed.saved - before < close:
            efforts, close = efforts[1:], close / 5
        yield k


def units_in(lines: Lines, lots: int) -> Ints:
    """Units of each lot in these boxes; shape (L,)."""
    packed = lines.ravel()
    return np.bincount(packed >> LOT_SHIFT, packed & BYTE, lots).astype(np.int64)


def saved_at(run: Run, prices: Floats, bounds: Floats) -> float:
    """No plan saves more than this, given bounds on what the boxes save at these prices. [1/100 cent]"""
    return float(bounds.sum()) + float(prices @ run.stock) + ROUNDING * len(bounds)
