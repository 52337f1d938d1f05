"""Bridge boxes: before a delivery that is skipped, the portions of one box are spread over the days to the next one.

A bridge box holds no more portions than any other. They are wanted evenly up to the last day that the stock can still
serve in that home, so it leans to what ripens late and keeps; portions for which no such day is left stay early.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.problem import DAYS_MAX, EXCLUDED, FRUIT, Problem


@dataclass(frozen=True, slots=True)
class Bridge:
    """Portions of fruit in all, for the days 0 to `days` - 1."""

    portions: int
    days: int


def spread(portions: int, most: Sequence[int], *, first: Sequence[int]) -> list[int]:
    """Want portions on days as evenly as can be, late days before early ones.

    Parameters
    ----------
    portions
        How many in all; of more than `most` adds up to, the rest is not wanted.
    most
        The most on each day.
    first
        Of these, the most that is filled before the others.
    """
    need = [0] * len(most)
    for limit in (first, most):
        left = portions - sum(need)
        while left > 0:
            room = [day for day, n in enumerate(need) if n < limit[day]]
            if not room:
                break
            n = min(left, len(room))
            for k in range(n):
                need[room[(k + 1) * len(room) // n - 1]] += 1
            left -= n
    return need


def with_bridges(problem: Problem, bridges: Mapping[int, Bridge]) -> NDArray[np.int8] | None:
    """Return the portions wanted on each day, shape (N, 14), for a week with bridge boxes; None without any.

    `bridges` are by household.
    """
    if not bridges:
        return None
    need = np.repeat(problem.n_por[:, None], DAYS_MAX, axis=1)
    for n, bridge in bridges.items():
        a_day, served = int(problem.n_por[n]), servable(problem, n).tolist()
        first = [min(a_day, served[day]) for day in range(bridge.days)]
        need[n] = 0
        need[n, : bridge.days] = spread(bridge.portions, [a_day] * bridge.days, first=first)
    return need


def servable(problem: Problem, n: int) -> NDArray[np.int64]:
    """Most portions that the stock could serve household n on each day; shape (14,)."""
    where = np.s_[:, problem.weekday[n], problem.home[n]]
    opens, closes = problem.win_a[where][..., None], problem.win_b[where][..., None]
    days = np.arange(DAYS_MAX)
    ripe = np.any((opens <= days) & (days <= closes), axis=1)
    prods = problem.lot_prod
    may = (problem.lot_stock > 0) & (problem.lot_last >= problem.weekday[n])
    may &= (problem.prod_kind[prods] == FRUIT) & (problem.pref[n, prods] != EXCLUDED)
    by_product = np.zeros((problem.n_products, DAYS_MAX), dtype=np.bool_)
    np.logical_or.at(by_product, prods[may], ripe[may])
    return np.asarray(by_product.sum(axis=0) * int(problem.c_day[n]))
