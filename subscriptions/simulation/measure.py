"""What one world brought, household by household: days covered, portions by how they were eaten, waste,
stems in display, and whether what was promised came true.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ripening.truth import Lives
from subscriptions.planning.problem import DAYS_MAX
from subscriptions.simulation.layout import Floats, Ints, Layout
from subscriptions.simulation.people import Meals, first_days, last_days
from subscriptions.simulation.promise import Promise

N_BINS = 10
"""Promises are put together by tenths."""

BLOOM_SHARE = 0.5
"""Share of the stems wanted from which a household has flowers that day. Assumed: a bunch of which half is
open is a bunch in bloom."""

FATES = ("best", "acceptable", "unripe", "past", "thrown", "left")
"""What becomes of a portion: eaten at its best, while good, unripe, past; never eaten and past, or still
good (or yet to be) when the next box comes."""

_BEST, _ACCEPTABLE, _UNRIPE, _PAST, _THROWN, _LEFT = range(len(FATES))

DAY_COLUMNS = (
    "days", "planned", "promised", "kept", "seen", "any_promised", "any_seen",
    "flower_days", "flower_planned", "stems_promised", "stems_seen", "bloom_seen",
)  # fmt: skip
PORTION_COLUMNS = (*FATES, "grams_sent", "grams_thrown", "grams_left")
HOUSEHOLD_COLUMNS = ("boxes", *DAY_COLUMNS, *PORTION_COLUMNS)
PRODUCE_COLUMNS = (*PORTION_COLUMNS, "planned", "promised", "kept")
BIN_COLUMNS = ("n", "promised", "kept", "seen")
AFTER_COLUMNS = ("days", "planned", "promised", "kept", "seen")

Table = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Measure:
    """Tables of one world; the last axis is that of the households, the one before it that of the columns
    named above.
    """

    household: Table
    produce: Table
    day_bins: Table
    portion_bins: Table
    after: Table


@dataclass(frozen=True, slots=True)
class Sent:
    """What no world changes: tables of what was sent, planned and promised, still without what came of it.

    `produce` is of shape (n_cultivars, `PRODUCE_COLUMNS`, n_households) and counts flowers by stem and day;
    `portion_bins` puts planned portions together by the chance of one fruit, shape (bins, 3, n_households).
    """

    produce: Table
    portion_bins: Table


def measure(
    layout: Layout, promise: Promise, sent: Sent, *, lives: tuple[Lives, Lives], meals: Meals
) -> Measure:
    """Measure one world: the lives of fruit and of stems; `sent` is what `sent_out` says of the layout."""
    fruit, stems = lives
    day = layout.portions.day
    kept = np.flatnonzero((meals.opens <= day) & (day <= meals.closes) & (day < layout.days))
    by_day = _by_day(layout, promise, meals, kept, stems)
    produce = _produce_table(layout, sent, fates(layout, fruit, meals), kept, stems)
    by_portion = produce[:, : len(PORTION_COLUMNS)].sum(axis=0)
    boxes = np.ones((1, layout.households.n), dtype=np.float32)
    return Measure(
        household=np.concatenate([boxes, by_day.sum(axis=1), by_portion]),
        produce=produce,
        day_bins=_day_bins(promise, by_day),
        portion_bins=_kept_bins(layout, sent, kept),
        after=by_day[: len(AFTER_COLUMNS)].swapaxes(0, 1),
    )


def fates(layout: Layout, fruit: Lives, meals: Meals) -> NDArray[np.int8]:
    """Return the place in `FATES` of what became of each portion."""
    of, eaten_on = layout.portions.fruit, meals.eaten_on
    best = (first_days(fruit.best_from)[of] <= eaten_on) & (
        last_days(fruit.best_until)[of] >= eaten_on
    )
    eaten = np.where(best, np.int8(_BEST), np.int8(_ACCEPTABLE))
    eaten = np.where(meals.opens > eaten_on, np.int8(_UNRIPE), eaten)
    eaten = np.where(meals.closes < eaten_on, np.int8(_PAST), eaten)
    # The next box comes at noon of the day after the last.
    horizon = layout.households.horizon[layout.portions.household]
    never = np.where(fruit.past[of] < horizon, np.int8(_THROWN), np.int8(_LEFT))
    return np.where(eaten_on >= 0, eaten, never)


def _by_day(layout: Layout, promise: Promise, meals: Meals, kept: Ints, stems: Lives) -> Table:
    """Return `DAY_COLUMNS` of every day and household; shape (columns, days, n_households)."""
    households, portions, days = layout.households, layout.portions, layout.days
    n, wanted = households.n, households.wanted
    is_day = meals.is_home & (wanted > 0)
    cell = portions.day[kept] * n + portions.household[kept]
    n_kept = np.bincount(cell, minlength=n * days).reshape(days, n)
    in_bloom = _stems_in_display(layout, stems)
    is_flower_day = (np.arange(days)[:, None] < households.horizon) & (households.stems > 0)
    share = np.minimum(in_bloom, households.stems) / np.maximum(households.stems, 1)
    columns = (
        is_day,
        is_day & promise.is_planned,
        is_day * promise.enough,
        is_day & promise.is_planned & (n_kept >= promise.planned),
        is_day & (meals.n_good >= wanted),
        is_day * promise.any,
        is_day & (meals.n_good > 0),
        is_flower_day,
        is_flower_day & promise.stems_planned,
        is_flower_day * promise.stems,
        is_flower_day * share,
        is_flower_day & (share >= BLOOM_SHARE),
    )
    table = np.empty((len(columns), days, n), dtype=np.float32)
    for place, column in enumerate(columns):
        table[place] = column
    return table


def _stems_in_display(layout: Layout, stems: Lives) -> Ints:
    """Count the stems in bloom on each day in each home."""
    household = layout.lines.household[layout.stem_line]
    n, days = layout.households.n, layout.days
    counted = [
        np.bincount(household[np.flatnonzero(stems.edible_on(day))], minlength=n)
        for day in range(days)
    ]
    return np.stack(counted)


def sent_out(layout: Layout) -> Sent:
    """Return what was sent, planned and promised."""
    lines, portions, n = layout.lines, layout.portions, layout.households.n
    table = np.zeros((len(layout.cultivars.keys), len(PRODUCE_COLUMNS), n), dtype=np.float32)
    row, stem_row = _rows(layout)
    planned = np.flatnonzero(portions.day < layout.days)
    _add(table, "grams_sent", row, portions.grams)
    _add(table, "planned", row[planned])
    _add(table, "promised", row[planned], portions.chance[planned])
    last, day = _last_shown(layout), np.arange(DAYS_MAX)
    inside = (day >= lines.first_day[:, None]) & (day <= last[:, None])
    _add(table, "planned", stem_row, inside.sum(axis=1)[layout.stem_line])
    _add(table, "promised", stem_row, (lines.chance * inside).sum(axis=1)[layout.stem_line])
    bins, in_bin = np.zeros((N_BINS, 3, n), dtype=np.float32), _portion_bin(layout)[planned]
    bins[:, 0] = np.bincount(in_bin, minlength=N_BINS * n).reshape(N_BINS, n)
    bins[:, 1] = np.bincount(in_bin, portions.chance[planned], N_BINS * n).reshape(N_BINS, n)
    return Sent(table, bins)


def _produce_table(
    layout: Layout, sent: Sent, fate: NDArray[np.int8], kept: Ints, stems: Lives
) -> Table:
    """Return `PRODUCE_COLUMNS` of one world."""
    lines, portions, of_stem = layout.lines, layout.portions, layout.stem_line
    n_cultivars, _, n = sent.produce.shape
    n_fates, table = len(FATES), sent.produce.copy()
    row, stem_row = _rows(layout)
    cultivar = lines.cultivar[portions.line]
    cell = (cultivar * n_fates + fate) * n + portions.household
    counts = np.bincount(cell, minlength=n_cultivars * n_fates * n)
    table[:, :n_fates] = counts.reshape(n_cultivars, n_fates, n)
    for column, wasted in (("grams_thrown", _THROWN), ("grams_left", _LEFT)):
        some = np.flatnonzero(fate == wasted)
        _add(table, column, row[some], portions.grams[some])
    _add(table, "kept", row[kept])
    first = np.maximum(first_days(stems.ready), lines.first_day[of_stem])
    last = np.minimum(last_days(stems.past), _last_shown(layout)[of_stem])
    _add(table, "kept", stem_row, np.maximum(last - first + 1, 0))
    return table


def _rows(layout: Layout) -> tuple[Ints, Ints]:
    """Return cultivar and household as one number, of each portion and of each stem."""
    row = layout.lines.cultivar * layout.households.n + layout.lines.household
    return row[layout.portions.line], row[layout.stem_line]


def _add(table: Table, column: str, rows: Ints, weights: NDArray[Any] | None = None) -> None:
    n_cultivars, _, n = table.shape
    counted = np.bincount(rows, weights, n_cultivars * n).reshape(n_cultivars, n)
    table[:, PRODUCE_COLUMNS.index(column)] += counted


def _last_shown(layout: Layout) -> Ints:
    """Return the last day of each line's window before the next box."""
    lines = layout.lines
    return np.minimum(lines.last_day, layout.households.horizon[lines.household] - 1)


def _bin(chance: Floats) -> Ints:
    return np.minimum((chance * N_BINS + 1e-9).astype(np.intp), N_BINS - 1)


def _day_bins(promise: Promise, by_day: Table) -> Table:
    """Put planned days together by what was promised; shape (bins, `BIN_COLUMNS`, n_households)."""
    n = promise.enough.shape[1]
    some = np.nonzero(by_day[1])
    row = _bin(promise.enough[some]) * n + some[1]
    columns = [np.bincount(row, by_day[place][some], n * N_BINS) for place in (1, 2, 3, 4)]
    return np.stack(columns, axis=0).reshape(-1, N_BINS, n).swapaxes(0, 1).astype(np.float32)


def _portion_bin(layout: Layout) -> Ints:
    """Return bin and household of each portion as one number."""
    portions = layout.portions
    return _bin(portions.chance) * layout.households.n + portions.household


def _kept_bins(layout: Layout, sent: Sent, kept: Ints) -> Table:
    """Return the bins of portions with those that were edible on their day."""
    bins = sent.portion_bins.copy()
    n = bins.shape[2]
    bins[:, 2] = np.bincount(_portion_bin(layout)[kept], minlength=N_BINS * n).reshape(N_BINS, n)
    return bins
