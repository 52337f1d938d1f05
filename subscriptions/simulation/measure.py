"""What one world brought, household by household: days covered, portions by how they were eaten, waste,
stems in display, and whether what was promised came true.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ripening.truth import MEAL_DAYS, Lives
from subscriptions.planning.problem import DAYS_MAX
from subscriptions.simulation.layout import Floats, Ints, Layout
from subscriptions.simulation.people import Days, Meals, good_days
from subscriptions.simulation.promise import Promise

N_BINS = 10
"""Promises are put together by tenths."""

BLOOM_SHARE = 0.5
"""Share of the stems wanted from which a household has flowers that day. Assumed: a bunch of which half is
open is a bunch in bloom."""

FATES = ("best", "acceptable", "unripe", "past", "thrown", "left")
"""What becomes of a portion: eaten at its best, while good, unripe, past; never eaten and past, or still
good (or yet to be) when the next box comes."""

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
    """Tables of one world, a row for each household, columns as named above."""

    household: Floats
    produce: Floats
    day_bins: Floats
    portion_bins: Floats
    after: Floats


def measure(layout: Layout, promise: Promise, lives: Lives, meals: Meals) -> Measure:
    """Measure one world; `lives` holds every fruit and then every stem."""
    fruit, stems = _split(lives, len(layout.fruit_line))
    opens, closes = good_days(fruit, layout.portions.fruit)
    fate = fates(layout, fruit, meals.eaten_on)
    kept = _is_good(layout.portions.day, opens, closes)
    by_day = _by_day(layout, promise, meals, kept, stems)
    by_portion = _portion_table(layout, fate, layout.portions.household, layout.households.n)
    household = np.concatenate(
        [np.ones((layout.households.n, 1)), by_day.sum(axis=1), by_portion], axis=1
    )
    after = by_day[:, :, : len(AFTER_COLUMNS)]
    return Measure(
        household=household,
        produce=_produce_table(layout, fate, kept, stems),
        day_bins=_day_bins(promise, by_day),
        portion_bins=_portion_bins(layout, kept),
        after=after,
    )


def fates(layout: Layout, fruit: Lives, eaten_on: Days) -> NDArray[np.int8]:
    """Return the place in `FATES` of what became of each portion."""
    of = layout.portions.fruit
    day = eaten_on.astype(np.float64)
    ready, past = fruit.ready[of], fruit.past[of]
    best = (fruit.best_from[of] <= day + MEAL_DAYS) & (fruit.best_until[of] >= day - MEAL_DAYS)
    is_past = past < np.maximum(day - MEAL_DAYS, 0.0)
    eaten = np.select([is_past, ready > day + MEAL_DAYS, best], [3, 2, 0], 1)
    # The next box comes at noon of the day after the last.
    gone = past < layout.households.horizon[layout.portions.household]
    return np.where(eaten_on >= 0, eaten, np.where(gone, 4, 5)).astype(np.int8)


def _split(lives: Lives, n_fruit: int) -> tuple[Lives, Lives]:
    parts = (lives.ready, lives.best_from, lives.best_until, lives.past)
    return Lives(*(part[:n_fruit] for part in parts)), Lives(*(part[n_fruit:] for part in parts))


def _is_good(day: Ints, opens: Days, closes: Days) -> NDArray[np.bool_]:
    return np.asarray((opens <= day) & (day <= closes) & (day < DAYS_MAX))


def _by_day(
    layout: Layout, promise: Promise, meals: Meals, kept: NDArray[np.bool_], stems: Lives
) -> Floats:
    """Return `DAY_COLUMNS` of every household and day; shape (n_households, days, columns)."""
    households, portions, days = layout.households, layout.portions, layout.days
    n = households.n
    wanted = households.wanted[:, None]
    is_day = meals.is_home & (wanted > 0)
    cell = portions.household[kept] * days + portions.day[kept]
    n_kept = np.bincount(cell, minlength=n * days).reshape(n, days)
    in_bloom = _stems_in_display(layout, stems)
    stems_wanted = households.stems[:, None]
    is_flower_day = (np.arange(days) < households.horizon[:, None]) & (stems_wanted > 0)
    share = np.minimum(in_bloom, stems_wanted) / np.maximum(stems_wanted, 1)
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
    return np.stack([np.asarray(column, dtype=np.float64) for column in columns], axis=-1)


def _stems_in_display(layout: Layout, stems: Lives) -> Ints:
    """Count the stems in bloom in each home on each day."""
    n, days = layout.households.n, layout.days
    household = layout.lines.household[layout.stem_line]
    counted = [np.bincount(household[stems.edible_on(day)], minlength=n) for day in range(days)]
    return np.stack(counted, axis=1)


def _portion_table(layout: Layout, fate: NDArray[np.int8], row: Ints, n: int) -> Floats:
    """Return `PORTION_COLUMNS` summed by row; shape (n, columns)."""
    grams, n_fates = layout.portions.grams, len(FATES)
    counts = np.bincount(row * n_fates + fate, minlength=n * n_fates).reshape(n, n_fates)
    by_grams = np.bincount(row * n_fates + fate, grams, n * n_fates).reshape(n, n_fates)
    weighed = np.stack([by_grams.sum(axis=1), by_grams[:, 4], by_grams[:, 5]], axis=1)
    return np.concatenate([counts, weighed], axis=1)


def _produce_table(
    layout: Layout, fate: NDArray[np.int8], kept: NDArray[np.bool_], stems: Lives
) -> Floats:
    """Return `PRODUCE_COLUMNS`; shape (n_households, n_cultivars, columns). Flowers count by stem and day."""
    n, n_cultivars = layout.households.n, len(layout.cultivars.keys)
    lines, portions, size = layout.lines, layout.portions, n * n_cultivars
    row = portions.household * n_cultivars + lines.cultivar[portions.line]
    planned = portions.day < layout.days
    promised = np.where(planned, portions.chance, 0.0)
    columns = [np.bincount(row, each, size) for each in (planned, promised, kept)]
    of_stem = layout.stem_line
    stem_row = lines.household[of_stem] * n_cultivars + lines.cultivar[of_stem]
    displayed = [np.bincount(stem_row, each, size) for each in _display(layout, stems)]
    both = np.stack(columns, axis=1) + np.stack(displayed, axis=1)
    table = np.concatenate([_portion_table(layout, fate, row, size), both], axis=1)
    return table.reshape(n, n_cultivars, -1)


def _display(layout: Layout, stems: Lives) -> tuple[Floats, Floats, Floats]:
    """Return each stem's days in the window, the chances promised for them, and days in display there."""
    lines, of_stem = layout.lines, layout.stem_line
    last = np.minimum(lines.last_day, layout.households.horizon[lines.household] - 1)
    n_days = np.maximum(last - lines.first_day + 1, 0)
    day = np.arange(DAYS_MAX)
    inside = (day >= lines.first_day[:, None]) & (day <= last[:, None])
    promised = (lines.chance * inside).sum(axis=1)
    opens, closes = good_days(stems, np.arange(len(of_stem)))
    first = np.maximum(opens, lines.first_day[of_stem])
    seen = np.maximum(np.minimum(closes, last[of_stem]) - first + 1, 0)
    return n_days[of_stem].astype(np.float64), promised[of_stem], seen.astype(np.float64)


def _bin(chance: Floats) -> Ints:
    return np.minimum((chance * N_BINS + 1e-9).astype(np.intp), N_BINS - 1)


def _day_bins(promise: Promise, by_day: Floats) -> Floats:
    """Put planned days together by what was promised; shape (n_households, bins, `BIN_COLUMNS`)."""
    n = len(promise.enough)
    row = np.arange(n)[:, None] * N_BINS + _bin(promise.enough)
    is_planned = by_day[..., 1] > 0
    columns = [
        np.bincount(row[is_planned], by_day[..., place][is_planned], n * N_BINS)
        for place in (1, 2, 3, 4)
    ]
    return np.stack(columns, axis=1).astype(np.float64).reshape(n, N_BINS, -1)


def _portion_bins(layout: Layout, kept: NDArray[np.bool_]) -> Floats:
    """Put planned portions together by the chance of one fruit; shape (n_households, bins, 3)."""
    portions, n = layout.portions, layout.households.n
    planned = portions.day < layout.days
    row = (portions.household * N_BINS + _bin(portions.chance))[planned]
    columns = [
        np.bincount(row, each, n * N_BINS)
        for each in (None, portions.chance[planned], kept[planned])
    ]
    return np.stack(columns, axis=1).astype(np.float64).reshape(n, N_BINS, -1)
