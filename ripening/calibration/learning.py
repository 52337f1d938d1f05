"""All reports on one cultivar turned into what is known of it, and of each of its lots.

With theta for the five factors (`grid`) and m for a lot's place,

    P(theta | everything)  ~  prior(theta) x product over lots of Z(theta),
    Z(theta) = sum over m of P(m | mean, lot) x product over its fruit of P(said | m, fruit, keep),

    P(m | everything) = sum over theta of P(theta | everything) x P(m | theta, this lot's reports).

Every sum is a sum over a grid. The grid is laid once widely and then closer around what is left.
"""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import numpy as np

from ripening.calibration.evidence import (
    FruitTable,
    LotEvidence,
    Report,
    chance_given_need,
    chance_when_ready,
    tables_of,
)
from ripening.calibration.grid import Grid, cell_chance, finer, first_grid, known_grid
from ripening.calibration.posterior import CultivarPosterior, LotPosterior
from ripening.course import Floats
from ripening.spread import Spread

Key = TypeVar("Key", bound=Hashable)

LOTS_AT_ONCE = 32
"""Lots in one array; more only cost memory."""

ROUNDS = 2
"""How often the grid is laid closer."""

_LEAST = 1e-300
NOTHING = LotEvidence()


def learn(ready: Spread, keep: Spread, lots: Mapping[Key, LotEvidence]) -> "Learning[Key]":
    """Learn from everything reported on the lots of one cultivar.

    Parameters
    ----------
    ready, keep
        Published times of the cultivar, by whether its lots were treated. [days at 20 °C]
    lots
        What is known of each lot; may be empty.

    Notes
    -----
    400 lots with 2,000 reports take a few seconds; `Learning.with_report` takes milliseconds.
    """
    grid = first_grid(ready, keep)
    learning = _weighed(grid, lots)
    for _ in range(ROUNDS if any(lot.reports or lot.checks for lot in lots.values()) else 0):
        grid = finer(grid, learning.weight)
        learning = _weighed(grid, lots)
    return learning


def take_as_known(ready: Spread, keep: Spread, lots: Mapping[Key, LotEvidence]) -> "Learning[Key]":
    """Learn of lots as if their cultivar were known, by what was learned (or published) of it."""
    return _weighed(known_grid(ready, keep), lots)


def learn_lot(ready: Spread, keep: Spread, lot: LotEvidence) -> LotPosterior:
    """Learn of one lot as if its cultivar were known.

    Takes a millisecond or two, for the answer to a tap; `learn` does it in full.
    """
    return take_as_known(ready, keep, {0: lot}).lot(0)


@dataclass(frozen=True, slots=True)
class Learning(Generic[Key]):
    """What all reports on a cultivar have taught.

    `told[lot]` is the chance of what was said of the lot, by (fruit, keep, width) and place, up to
    a constant; `log_weight` the log of the factors' posterior, up to another.
    """

    grid: Grid
    lots: Mapping[Key, LotEvidence]
    told: Mapping[Key, Floats]
    log_weight: Floats

    @property
    def weight(self) -> Floats:
        """Posterior chance of each node. Shape `grid.axes.shape`; sums to 1."""
        weight: Floats = np.exp(self.log_weight - self.log_weight.max())
        weight /= weight.sum()
        return weight

    @property
    def cultivar(self) -> CultivarPosterior:
        """What is known of the cultivar: where new lots start from."""
        n_reports = sum(len(lot.reports) for lot in self.lots.values())
        n_lots = sum(bool(lot.reports or lot.checks) for lot in self.lots.values())
        return CultivarPosterior(self.grid, self.weight, n_reports, n_lots)

    def lot(self, key: Key) -> LotPosterior:
        """Return what is known of one lot; of one nobody reported on, what is known of any."""
        lot = self.lots.get(key, NOTHING)
        told = self.told.get(key)
        if told is None:
            (told,) = _told(self.grid, [lot])
        place, _ = self.grid.place_chance(*lot.ahead())
        weight = self.weight.reshape(len(told), -1) / np.maximum(told @ place.T, _LEAST)
        return LotPosterior.of(
            self.cultivar,
            (told * (weight @ place)).sum(axis=0),
            n_reports=len(lot.reports),
            n_checks=len(lot.checks),
        )

    def with_report(self, key: Key, report: Report) -> "Learning[Key]":
        """Return what is known with one report more, on the same grid: only its lot is redone."""
        lot = self.lots.get(key, NOTHING)
        return self.with_lot(key, replace(lot, reports=(*lot.reports, report)))

    def with_lot(self, key: Key, lot: LotEvidence) -> "Learning[Key]":
        """Return what is known with another evidence for one lot, such as without an undone report."""
        grid = self.grid
        (told,) = _told(grid, [lot])
        log_weight = self.log_weight + _log_evidence(grid, told, *grid.place_chance(*lot.ahead()))
        if key in self.lots:
            before = grid.place_chance(*self.lots[key].ahead())
            log_weight = log_weight - _log_evidence(grid, self.told[key], *before)
        return Learning(grid, {**self.lots, key: lot}, {**self.told, key: told}, log_weight)


def _weighed(grid: Grid, lots: Mapping[Key, LotEvidence]) -> Learning[Key]:
    """Multiply the evidence of all lots into the prior over this grid."""
    told: dict[Key, Floats] = {}
    log_weight = grid.log_prior().copy()
    unmeasured = grid.place_chance()
    keys = sorted(lots, key=lambda key: bool(lots[key].checks))
    for first in range(0, len(keys), LOTS_AT_ONCE):
        some = keys[first : first + LOTS_AT_ONCE]
        of_lots = _told(grid, [lots[key] for key in some])
        told.update(zip(some, of_lots, strict=True))
        n_plain = sum(not lots[key].checks for key in some)
        log_weight += _log_evidence(grid, of_lots[:n_plain], *unmeasured)
        for key in some[n_plain:]:
            log_weight += _log_evidence(grid, told[key], *grid.place_chance(*lots[key].ahead()))
    return Learning(grid, dict(lots), told, log_weight)


def _log_evidence(grid: Grid, told: Floats, place: Floats, measured: Floats) -> Floats:
    """Log of Z(theta), summed over the lots in `told`. Shape `grid.axes.shape`."""
    evidence = (told.reshape(-1, len(grid.place)) @ place.T) * measured
    log: Floats = np.log(np.maximum(evidence, _LEAST)).reshape(-1, *grid.axes.shape)
    return np.asarray(log.sum(axis=0))


def _told(grid: Grid, lots: list[LotEvidence]) -> Floats:
    """Chance of all that was said of each lot, by case and place; each lot's largest is 1.

    Shape (n_lots, n_fruit x n_keep x n_width, n_places).
    """
    cases = (len(grid.fruit_sigmas), 1 if grid.comes_ready else len(grid.keeps))
    log_told = np.zeros((len(lots), *cases, len(grid.place)))
    for table in tables_of(lots):
        lot, first = np.unique(table.lot, return_index=True)
        for i, chance in enumerate(_chance_of_said(grid, table)):
            log_told[lot, i] += np.add.reduceat(np.log(chance), first, axis=0)
    log_told -= log_told.max(axis=(1, 2, 3), keepdims=True)
    told: Floats = np.exp(log_told).reshape(len(lots), -1, len(grid.place))
    return told


def _chance_of_said(grid: Grid, table: FruitTable) -> Iterator[Floats]:
    """Yield the chance of what was said of each fruit, for each of `grid.fruit_sigmas`.

    Shape (n_fruit, n_keep x n_width, n_places).
    """
    if grid.comes_ready:
        chance = chance_when_ready(table, grid.place, grid.fruit_sigmas)
        yield from (chance[:, i : i + 1] for i in range(len(grid.fruit_sigmas)))
        return
    given_need = chance_given_need(table, grid.place, grid.keeps)
    for sigma in grid.fruit_sigmas:
        # A lot's fruit lie around its place: sum over the cells in which each may lie.
        around = cell_chance(grid.place, np.full(len(grid.place), sigma), grid.place)
        yield given_need @ around.T
