"""How much of what households eat any plan could cover: a linear program over fractions of portions.

Kept: stock, windows and last delivery days of lots, never-lists, portions a day, portions of one produce a day,
units of one produce, budget and weight of every box. Relaxed: units need not be whole (a third of a punnet may be
sent, to be eaten on one day), a lot's portions may each be kept in their own way, and nothing is said of taste,
waste, cost, variety, risk or flowers, with which mixed boxes share their budget and weight. So no plan covers more.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array

from subscriptions.planning.problem import DAYS_MAX, EXCLUDED, FRUIT, Problem

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Edible = NDArray[np.bool_]
_ROUNDING: Final = 1e-7


@dataclass(frozen=True, slots=True)
class CoverBound:
    """Shares of the portions, and of the days, that are wanted; no plan covers a larger one. 1 where none is wanted.

    A day that is covered in part counts as that part, so the bound on days is no less than that on whole days.
    """

    portions: float
    days: float


@dataclass(frozen=True, slots=True, eq=False)
class _Meals:
    """Every lot that a household could eat from on a day; shape (n,) each."""

    who: Ints
    lot: Ints
    day: Ints

    @classmethod
    def of(cls, problem: Problem, edible: Edible) -> "_Meals":
        """List them: no more than edible days, kinds of plan, never-lists and last days allow."""
        found = []
        day = np.arange(DAYS_MAX)
        prod = problem.lot_prod
        fruit = (problem.prod_kind[prod] == FRUIT) & (problem.lot_stock > 0)
        for n in np.flatnonzero((problem.n_por > 0) & (problem.c_day > 0)).tolist():
            weekday, home = int(problem.weekday[n]), int(problem.home[n])
            sent = fruit & (problem.pref[n, prod] != EXCLUDED) & (problem.lot_last >= weekday)
            meal = edible[:, weekday, home] & (day < problem.horizon[n])
            lot, eaten_on = np.nonzero(meal & sent[:, None])
            found.append(np.stack([np.full(len(lot), n), lot, eaten_on]))
        who, lot, eaten_on = np.concatenate([np.zeros((3, 0), dtype=np.int64), *found], axis=1)
        return cls(who, lot, eaten_on)


def in_windows(problem: Problem) -> Edible:
    """Tell on which days a lot can be eaten in each home, kept in any of the ways the problem knows."""
    day = np.arange(DAYS_MAX)
    inside = (problem.win_a[..., None] <= day) & (day <= problem.win_b[..., None])
    return np.asarray(inside.any(axis=3), dtype=np.bool_)


def cover_bound(problem: Problem) -> CoverBound:
    """Solve the program within the windows, for portions and for days.

    Raises
    ------
    ValueError
        The instance has other days, or food at home, of which the program knows nothing.
    """
    program = _Program.of(problem, in_windows(problem))
    return CoverBound(portions=program.portions(), days=program.days())


def covered_portions(problem: Problem, edible: Edible) -> float:
    """Return the largest share of the portions wanted that any plan could cover where only these days are counted on.

    Parameters
    ----------
    edible : shape (L, W, C, 14)
        Days on which each lot can be eaten, by delivery weekday and home.

    Raises
    ------
    ValueError
        The instance has other days, or food at home, of which the program knows nothing.
    """
    return _Program.of(problem, edible).portions()


@dataclass(frozen=True, slots=True, eq=False)
class _Program:
    """`matrix @ portions <= most`, a column for every meal; `a_day` and `at_most` are of its household and day."""

    matrix: csr_array
    most: Floats
    a_day: Floats
    at_most: Floats
    wanted_days: int
    wanted_portions: int

    @classmethod
    def of(cls, problem: Problem, edible: Edible) -> "_Program":
        extras = problem.extras
        if extras.day_need is not None or extras.carry_ptr is not None:
            raise ValueError("the bound on cover knows nothing of day_need and carry_ptr")
        meals = _Meals.of(problem, edible)
        a_day = problem.n_por[meals.who].astype(np.float64)
        eats, days = problem.n_por > 0, problem.horizon.astype(np.int64)
        return cls(
            *_rows(problem, meals),
            a_day=a_day,
            at_most=np.minimum(a_day, problem.c_day[meals.who]),
            wanted_days=int(days[eats].sum()),
            wanted_portions=int((days * problem.n_por).sum()),
        )

    def portions(self) -> float:
        return self._share(np.ones_like(self.a_day), self.wanted_portions)

    def days(self) -> float:
        return self._share(1.0 / self.a_day, self.wanted_days)

    def _share(self, worth: Floats, wanted: int) -> float:
        if not wanted:
            return 1.0
        if not len(worth):
            return 0.0
        binds = self.matrix @ self.at_most > self.most
        bounds = np.stack([np.zeros_like(self.at_most), self.at_most], axis=1)
        # The interior point takes seconds where the simplex takes minutes.
        found = linprog(
            -worth,
            A_ub=self.matrix[binds],
            b_ub=self.most[binds],
            bounds=bounds,
            method="highs-ipm",
        )
        if found.status != 0:
            raise ValueError(f"the bound on cover was not found: {found.message}")
        return min(1.0, float(-found.fun) / wanted + _ROUNDING)


def _rows(problem: Problem, meals: _Meals) -> tuple[csr_array, Floats]:
    """Write the limits as `matrix @ portions <= most`; the columns are the meals."""
    who, lot, day = meals.who, meals.lot, meals.day
    prod = problem.lot_prod[lot].astype(np.int64)
    units = 1.0 / problem.lot_portions[lot]
    box_prod = who * problem.n_products + prod
    limits: list[tuple[Ints, Floats, Ints, NDArray[np.integer]]] = [
        (lot, units, np.arange(problem.n_lots), problem.lot_stock),
        (who, units * problem.lot_cost[lot], np.arange(problem.n_subscribers), problem.budget),
        (who, units * problem.lot_grams[lot], np.arange(problem.n_subscribers), problem.grams_max),
        _each(box_prod, units, problem.u_max, problem.n_products),
        _each(box_prod * DAYS_MAX + day, np.ones_like(units), problem.c_day, problem.n_products * DAYS_MAX),
        _each(who * DAYS_MAX + day, np.ones_like(units), problem.n_por, DAYS_MAX),
    ]  # fmt: skip
    rows, values, most, start = [], [], [], 0
    for key, value, keys, limit in limits:
        rows.append(start + np.searchsorted(keys, key))
        values.append(value)
        most.append(limit.astype(np.float64))
        start += len(keys)
    columns = np.tile(np.arange(len(who)), len(limits))
    matrix = coo_array(
        (np.concatenate(values), (np.concatenate(rows), columns)), shape=(start, len(who))
    )
    return csr_array(matrix), np.concatenate(most)


def _each(
    key: Ints, value: Floats, limit: NDArray[np.integer], of_household: int
) -> tuple[Ints, Floats, Ints, NDArray[np.integer]]:
    """A limit of its household for every key; keys count up by `of_household` from one household to the next."""
    keys = np.unique(key)
    return key, value, keys, limit[keys // of_household]
