"""The instances all rivals are given: files of the format, and first households of a larger one."""

import hashlib
from dataclasses import replace
from typing import Any

import numpy as np

from subscriptions.planning.problem import LAYOUT, Problem

# The plain format, written out, so that a digest stays what it is whatever a problem may say one day.
_WEIGHTS = (
    "uncovered_portion", "uncovered_stem_day", "waste_portion", "pref_cents", "novelty_portion", "missing_product",
)  # fmt: skip
_ARRAYS = (
    "prod_kind", "lot_prod", "lot_stock", "lot_cost", "lot_grams", "lot_portions", "lot_pv", "lot_last",
    "lot_bonus", "win_a", "win_b", "plan", "n_por", "k_stem", "horizon", "weekday", "home", "pref", "last_week",
    "budget", "grams_max", "u_max", "c_day", "min_dist",
)  # fmt: skip


def refuse_extras(problem: Problem) -> None:
    """The rivals know the plain format only.

    Raises
    ------
    ValueError
        The instance has an optional array.
    """
    if given := problem.extras.given():
        raise ValueError(f"the rivals know nothing of {', '.join(given)}")


def cut(problem: Problem, n: int) -> Problem:
    """Keep the first `n` households, and as large a share of every stock, rounded half up.

    Raises
    ------
    ValueError
        There are not that many, or the instance has an optional array.
    """
    refuse_extras(problem)
    whole = problem.n_subscribers
    if not 0 < n <= whole:
        raise ValueError(f"can keep 1 to {whole} households, not {n}")
    if n == whole:
        return problem
    kept: dict[str, Any] = {
        name: getattr(problem, name)[:n] for name, (_, axes) in LAYOUT.items() if axes[0] == "N"
    }
    stock = (2 * problem.lot_stock.astype(np.int64) * n + whole) // (2 * whole)
    name = f"{problem.name} first {n} of {whole} stock x {n}/{whole}"
    return replace(problem, **kept, lot_stock=stock.astype(np.int32), name=name)


def digest(problem: Problem) -> str:
    """Name what an instance asks, whatever file it came from: 16 hexadecimal digits of a SHA-256."""
    told = hashlib.sha256()
    told.update(repr([getattr(problem.weights, name) for name in _WEIGHTS]).encode())
    for name in _ARRAYS:
        array = np.ascontiguousarray(getattr(problem, name))
        told.update(f"{name}{array.shape}".encode())
        told.update(array.tobytes())
    return told.hexdigest()[:16]
