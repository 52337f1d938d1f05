"""Finds prices of lots at which what households want of the boxes known so far takes just the stock.

They are the duals of the linear program that chooses among known boxes (`columns.py`), which for some thousand
households holds tens of thousands of columns and takes a solver up to a minute. Here each household wavers: it takes a
box with a probability that grows as exp(what the box gains / blur). Then the dual is a smooth convex function of one
price a lot, and Newton's method is at its lowest point in a tenth of a second (Nesterov, Smooth minimization of
non-smooth functions, Mathematical Programming 103, 2005). Prices so found lie inside the set of best duals rather than
at a corner of it, and the boxes wanted at them are better ones to add (Gondzio, Gonzalez-Brevis and Munari, New
developments in the primal-dual column generation technique, EJOR 224, 2013).
"""

from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from subscriptions.planning.engine.bench import Floats, Ints
from subscriptions.planning.engine.lanes import Lines
from subscriptions.planning.run import BYTE, LOT_SHIFT, Run

STEPS_MAX: Final = 40
HALVINGS_MAX: Final = 12
CLOSE: Final = 0.01
"""Fall still to be had, in units of the blur, at which prices are found."""
WIDER: Final = 8.0
BLUR_MAX: Final = 1e6
"""Blur beyond which there is nothing more to tell apart. [1/100 cent]"""
UNLIKELY: Final = 1e-6
"""Probability below which a box does not matter for the next step."""
SHY: Final = 0.95
"""Largest part of a price that one step may take away."""
DAMPING: Final = 1e-9


class Choice(NamedTuple):
    """Boxes to choose from, those of a household together: from `starts` on, one household after another.

    `household[j]` numbers the households that have boxes from 0; `worth` is what box j saves [1/100 cent] and
    `units` what it takes of each lot, shape (boxes, L).
    """

    starts: Ints
    household: Ints
    worth: Floats
    units: csr_array[Any]


@dataclass(slots=True)
class Known:
    """Boxes seen in a run, each once."""

    run: Run
    _owner: list[Ints] = field(default_factory=list)
    _lines: list[Lines] = field(default_factory=list)
    _worth: list[Floats] = field(default_factory=list)
    _seen: set[tuple[int, bytes]] = field(default_factory=set)

    def note(self) -> None:
        """Add the boxes that the run holds now."""
        lines = np.sort(self.run.lines, axis=1)
        new: list[int] = []
        for n in np.flatnonzero(lines.any(axis=1)).tolist():
            key = n, lines[n].tobytes()
            if key not in self._seen:
                self._seen.add(key)
                new.append(n)
        picked = np.array(new, dtype=np.int64)
        self._owner.append(picked)
        self._lines.append(lines[picked])
        self._worth.append(self.run.worth_of_boxes[picked])

    def choice(self) -> Choice:
        """Lay out all boxes, by household."""
        owner = np.concatenate(self._owner)
        order = np.argsort(owner, kind="stable")
        owner, lines = owner[order], np.concatenate(self._lines)[order]
        begins = np.diff(owner, prepend=-1) > 0
        held = lines > 0
        packed = lines[held]
        entries = (packed & BYTE).astype(np.float64), (np.nonzero(held)[0], packed >> LOT_SHIFT)
        units = csr_array(entries, shape=(len(owner), self.run.problem.n_lots))
        units.sum_duplicates()
        worth = np.concatenate(self._worth)[order]
        return Choice(np.flatnonzero(begins), np.cumsum(begins) - 1, worth, units)


def balance(choice: Choice, stock: Ints, prices: Floats, blur: float) -> Floats:
    """Find prices at which the boxes wanted take the stock, from those given on. [1/100 cent]

    A lot that is left over keeps a price of `blur` over the units left, so that none is quite nought; one of which
    there is nothing costs what the best box is worth.
    """
    prices, there = np.maximum(prices, 1.0), np.asarray(stock) > 0
    if not len(choice.worth):
        return prices
    prices[~there] = choice.worth.max()
    choice, left = _of_lots(choice, there), np.asarray(stock)[there]
    prices[there] = (
        _balanced(choice, left, prices[there], blur) if len(choice.worth) else blur / left
    )
    return prices


def _of_lots(choice: Choice, there: NDArray[np.bool_]) -> Choice:
    """Return the boxes that take nothing but of some lots, by these lots."""
    kept = np.asarray(choice.units @ (~there).astype(np.float64)) == 0.0
    household = choice.household[kept]
    begins = np.diff(household, prepend=-1) > 0
    units = csr_array(choice.units[kept][:, there])
    return Choice(np.flatnonzero(begins), np.cumsum(begins) - 1, choice.worth[kept], units)


def _balanced(choice: Choice, stock: Ints, prices: Floats, blur: float) -> Floats:
    """Find the prices; where those given are too far off for so little blur, for more of it first."""
    found, settled = _descend(choice, stock, prices, blur)
    if settled or blur > BLUR_MAX:
        return found
    nearer = _balanced(choice, stock, prices, WIDER * blur)
    return _descend(choice, stock, nearer, blur)[0]


def _descend(choice: Choice, stock: Ints, prices: Floats, blur: float) -> tuple[Floats, bool]:
    """Go down by Newton's method; says whether the lowest point was reached."""
    value, chance = _dual(choice, stock, prices, blur)
    for _ in range(STEPS_MAX):
        slope, curve = _shape(choice, stock, prices, blur, chance)
        step = -_solved(curve, slope)
        fall = -float((slope * step).sum())
        if fall <= CLOSE * blur:
            return prices, True
        down = step < 0.0
        part = min(1.0, SHY * float((prices[down] / -step[down]).min(initial=np.inf)))
        for _ in range(HALVINGS_MAX):
            lower, chance = _dual(choice, stock, prices + part * step, blur)
            if lower <= value - 1e-4 * part * fall:
                break
            part *= 0.5
        else:
            break
        prices, value = prices + part * step, lower
    return prices, False


def _dual(choice: Choice, stock: Ints, prices: Floats, blur: float) -> tuple[float, Floats]:
    """Value of stock and wavering households at these prices, and how likely each box is taken."""
    gain = (choice.worth - choice.units @ prices) / blur
    most = np.maximum(np.maximum.reduceat(gain, choice.starts), 0.0)
    weight = np.exp(gain - most[choice.household])
    total = np.add.reduceat(weight, choice.starts) + np.exp(-most)
    value = blur * (np.log(total) + most).sum() + (prices * stock).sum()
    value -= blur * np.log(prices).sum()
    return float(value), weight / total[choice.household]


def _shape(
    choice: Choice, stock: Ints, prices: Floats, blur: float, chance: Floats
) -> tuple[Floats, NDArray[np.float64]]:
    """Slope and curvature of that value."""
    likely = np.flatnonzero(chance > UNLIKELY)
    units, of = choice.units[likely], choice.household[likely]
    weighted = units.copy()
    weighted.data = weighted.data * np.repeat(chance[likely], np.diff(units.indptr))
    ones = np.ones(len(likely))
    shape = len(choice.starts), len(likely)
    wanted = csr_array((ones, (of, np.arange(len(likely)))), shape=shape) @ weighted
    curve = ((units.T @ weighted).toarray() - (wanted.T @ wanted).toarray()) / blur
    diagonal = np.diag_indices(len(stock))
    curve[diagonal] += blur / prices**2
    curve[diagonal] += DAMPING * curve[diagonal].mean()
    slope: Floats = stock - np.asarray(wanted.sum(axis=0)).ravel() - blur / prices
    return slope, curve


def _solved(matrix: NDArray[np.float64], right: Floats) -> Floats:
    """Solve for a positive definite matrix by elimination, on one thread.

    The library's solver starts threads even for a hundred rows, which costs more than the work, and rounds by their
    number.
    """
    rows = np.column_stack([matrix, right])
    size = len(right)
    for k in range(size):
        below = rows[k + 1 :, k] / rows[k, k]
        rows[k + 1 :, k + 1 :] -= below[:, None] * rows[k, k + 1 :]
    found = np.zeros(size)
    for k in reversed(range(size)):
        known = (rows[k, k + 1 : size] * found[k + 1 :]).sum()
        found[k] = (rows[k, size] - known) / rows[k, k]
    return found
