"""What a stored plan has promised, from the chances that stand in its own lines.

A line says how likely one of its fruit is edible on a day. Fruit of one lot ripen together, so the
chance of several is never a product: they share a normal factor that carries the lot's part of the
variance (a one-factor Gaussian copula). Lots are independent of each other.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from subscriptions.planning.problem import DAYS_MAX
from subscriptions.simulation.layout import Floats, Ints, Layout, Marks

_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(15)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()
_LEAST = 1e-300


@dataclass(frozen=True, slots=True)
class Promise:
    """What was planned and promised for each household and day; shape (days, n_households).

    `planned` are portions; `enough` is the chance that all that are wanted are edible (0 where fewer are
    planned), `any` that at least one is. `stems` is the share of the stems wanted that should be in
    display.
    """

    planned: Ints
    is_planned: Marks
    enough: Floats
    any: Floats
    stems_planned: Marks
    stems: Floats


def promise_of(layout: Layout) -> Promise:
    """Read the promise of every household's days off its lines."""
    households, lines, days = layout.households, layout.lines, layout.days
    day = np.arange(DAYS_MAX)
    n_stems = np.bincount(layout.stem_line, minlength=len(lines.household))[:, None]
    shown = (day >= lines.first_day[:, None]) & (day <= lines.last_day[:, None])
    planned, in_window, expected = (
        _by_household(layout, values)[:days]
        for values in (
            np.where(lines.is_flower[:, None], 0, lines.eat),
            n_stems * shown,
            n_stems * lines.chance,
        )
    )
    every, none = (each[:, :days].T for each in _all_and_none(layout))
    within = np.arange(days)[:, None] < households.horizon
    is_planned = within & (planned >= households.wanted) & (households.wanted > 0)
    stems = np.maximum(households.stems, 1)
    return Promise(
        planned=planned.astype(np.intp),
        is_planned=is_planned,
        enough=np.where(is_planned, every, 0.0),
        any=np.where(planned > 0, 1 - none, 0.0),
        stems_planned=within & (in_window >= households.stems) & (households.stems > 0),
        stems=np.minimum(expected, stems) / stems,
    )


def _by_household(layout: Layout, values: NDArray[np.generic]) -> Floats:
    """Sum lines (n_lines, 14) into households (14, n_households)."""
    total = np.zeros((layout.households.n, DAYS_MAX))
    np.add.at(total, layout.lines.household, np.asarray(values, dtype=np.float64))
    return total.T


def _all_and_none(layout: Layout) -> tuple[Floats, Floats]:
    """Return P(all fruit planned for a day are edible) and P(none is), by household and day."""
    line, day, n_fruit = _planned_fruit(layout)
    lines, n = layout.lines, layout.households.n
    chance = lines.chance[line, day]
    consignment = lines.consignment[line]
    share = np.clip(layout.consignments.lot_share[consignment], 0.0, 1 - 1e-9)
    cell = lines.household[line] * DAYS_MAX + day
    held, group = np.unique(np.stack([cell, consignment]), axis=1, return_inverse=True)
    group = group.ravel()
    cut = ndtri(np.clip(chance, 1e-15, 1 - 1e-15))
    both = np.zeros((2, held.shape[1]))
    for node, weight in zip(_NODES, _WEIGHTS, strict=True):
        given = ndtr((cut + np.sqrt(share) * node) / np.sqrt(1 - share))
        for outcome, each in enumerate((given, 1 - given)):
            logs = n_fruit * np.log(np.maximum(each, _LEAST))
            both[outcome] += weight * np.exp(np.bincount(group, logs, held.shape[1]))
    every, none = (
        np.exp(np.bincount(held[0], np.log(np.maximum(each, _LEAST)), n * DAYS_MAX))
        for each in both
    )
    return every.reshape(n, DAYS_MAX), none.reshape(n, DAYS_MAX)


def _planned_fruit(layout: Layout) -> tuple[Ints, Ints, Ints]:
    """Return line, day and number of different fruit, for each line and day that is planned."""
    portions = layout.portions
    planned = portions.day < DAYS_MAX
    key = portions.fruit[planned] * DAYS_MAX + portions.day[planned]
    fruit, day = np.divmod(np.unique(key), DAYS_MAX)
    line = layout.fruit_line[fruit]
    both, n_fruit = np.unique(line * DAYS_MAX + day, return_counts=True)
    line, day = np.divmod(both, DAYS_MAX)
    return line, day, n_fruit
