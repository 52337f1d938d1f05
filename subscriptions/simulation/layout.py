"""Stored plans as arrays: households, their lines, and every portion with the fruit it is cut from.

A household may stand here several times: it is drawn from its plan with replacement.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from ripening.home import MODES
from ripening.lot_state import LotState
from ripening.produce import Produce
from ripening.truth import Consignments, Cultivars, consignments_of, cultivars_of
from subscriptions.planning.problem import DAYS_MAX
from subscriptions.simulation.stored import StoredBox, StoredLine, StoredPlan

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]
Marks = NDArray[np.bool_]

NEVER = 99
"""A day after every box: of a portion that nobody is planned to eat, of what never moves."""


@dataclass(frozen=True, slots=True)
class Households:
    """Who eats; shape (n,) each. `stems` are stems a day, `wanted` portions on each day, shape (days, n)."""

    plan: Ints
    size: Ints
    wanted: Ints
    stems: Ints
    horizon: Ints
    rooms: Sequence[int]
    delivered_on: Sequence[dt.date]

    @property
    def n(self) -> int:
        """Count them."""
        return len(self.plan)


@dataclass(frozen=True, slots=True)
class Lines:
    """What lies in the boxes, household by household. Shape (n,), `eat` and `chance` (n, 14).

    By the advice it is in the fridge on the days `[cold_from, cold_until)`; a flower is in display on
    the days `[first_day, last_day]`.
    """

    household: Ints
    consignment: Ints
    cultivar: Ints
    is_flower: Marks
    cold_from: Ints
    cold_until: Ints
    first_day: Ints
    last_day: Ints
    eat: Ints
    chance: Floats


@dataclass(frozen=True, slots=True)
class Portions:
    """What is eaten, household by household; shape (n,). `day` is `NEVER` for what the plan leaves."""

    fruit: Ints
    line: Ints
    household: Ints
    day: Ints
    grams: Floats
    chance: Floats


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything a simulation lives through.

    `fruit_line` and `stem_line` name the line of each fruit and of each stem.
    """

    plans: tuple[str, ...]
    households: Households
    lines: Lines
    portions: Portions
    fruit_line: Ints
    stem_line: Ints
    cultivars: Cultivars
    consignments: Consignments

    @property
    def item_line(self) -> Ints:
        """Return the line of every fruit and then of every stem."""
        return np.concatenate([self.fruit_line, self.stem_line])

    @property
    def days(self) -> int:
        """Return the days that are looked at."""
        return int(self.households.horizon.max(initial=1))


def lay_out(
    plans: Sequence[StoredPlan],
    *,
    profiles: Mapping[str, Produce],
    rng: np.random.Generator,
    households: int | None = None,
) -> Layout:
    """Lay out plans, each with every box once, or with `households` boxes drawn from it."""
    drawn = [
        (i, plan.boxes[k]) for i, plan in enumerate(plans) for k in _drawn(plan, households, rng)
    ]
    rows = [(h, line, plan) for h, (plan, box) in enumerate(drawn) for line in box.lines]
    sent = {(line.lot_id, plan): None for _, line, plan in rows}
    place = {key: i for i, key in enumerate(sent)}
    lot_place = {lot: i for i, lot in enumerate(dict.fromkeys(lot for lot, _ in sent))}
    lots: list[tuple[int, LotState, dt.date]] = [
        (lot_place[lot], plans[plan].lots[lot], plans[plan].delivery_on) for lot, plan in sent
    ]
    keys = sorted({state.produce_key for _, state, _ in lots})
    cultivars = cultivars_of(keys, profiles)
    consignments = consignments_of(lots, cultivars, profiles)
    lines = _lines(rows, place, consignments, keys, profiles)
    portions, fruit_line, stem_line = _portions(rows, lines, profiles)
    return Layout(
        plans=tuple(plan.name for plan in plans),
        households=_households(drawn, plans),
        lines=lines,
        portions=portions,
        fruit_line=fruit_line,
        stem_line=stem_line,
        cultivars=cultivars,
        consignments=consignments,
    )


def _drawn(plan: StoredPlan, households: int | None, rng: np.random.Generator) -> list[int]:
    n = len(plan.boxes)
    if households is None or not n:
        return list(range(n))
    return sorted(rng.integers(n, size=households).tolist())


def _households(drawn: Sequence[tuple[int, StoredBox]], plans: Sequence[StoredPlan]) -> Households:
    boxes = [box for _, box in drawn]
    return Households(
        plan=_ints([plan for plan, _ in drawn]),
        size=_ints([box.n_people for box in boxes]),
        wanted=_wanted(boxes),
        stems=_ints([box.stems_a_day for box in boxes]),
        horizon=_ints([box.horizon_days for box in boxes]),
        rooms=[box.room_class for box in boxes],
        delivered_on=[plans[plan].delivery_on for plan, _ in drawn],
    )


def _wanted(boxes: Sequence[StoredBox]) -> Ints:
    """Portions wanted on each day; shape (days, n)."""
    days = max((box.horizon_days for box in boxes), default=0)
    wanted = np.tile(_ints([box.portions_a_day for box in boxes]), (days, 1))
    for n, box in enumerate(boxes):
        if box.need is not None:
            wanted[:, n] = 0
            wanted[: len(box.need), n] = box.need
    return wanted


def _lines(
    rows: Sequence[tuple[int, StoredLine, int]],
    place: Mapping[tuple[UUID, int], int],
    consignments: Consignments,
    keys: Sequence[str],
    profiles: Mapping[str, Produce],
) -> Lines:
    consignment = _ints([place[line.lot_id, plan] for _, line, plan in rows])
    cultivar = consignments.cultivar[consignment]
    flower = np.array([profiles[key].is_flower for key in keys], dtype=np.bool_)
    cold = np.array([_cold_days(line) for _, line, _ in rows], dtype=np.intp).reshape(-1, 2)
    return Lines(
        household=_ints([h for h, _, _ in rows]),
        consignment=consignment,
        cultivar=cultivar,
        is_flower=flower[cultivar],
        cold_from=cold[:, 0],
        cold_until=cold[:, 1],
        first_day=_ints([line.ready_day for _, line, _ in rows]),
        last_day=_ints([line.last_day for _, line, _ in rows]),
        eat=_by_day([line.eat for _, line, _ in rows]).astype(np.intp),
        chance=_by_day([line.chance for _, line, _ in rows]),
    )


def _cold_days(line: StoredLine) -> tuple[int, int]:
    """Return the days `[from, until)` that the advice keeps it in the fridge."""
    moves = NEVER if line.move_day is None else line.move_day
    return {
        "fridge": (0, NEVER),
        "counter_then_fridge": (moves, NEVER),
        "fridge_then_counter": (0, moves),
    }.get(MODES[line.mode], (NEVER, NEVER))


def _portions(
    rows: Sequence[tuple[int, StoredLine, int]], lines: Lines, profiles: Mapping[str, Produce]
) -> tuple[Portions, Ints, Ints]:
    """Cut fruit into portions, the first ones for the first days; count flowers by the stem."""
    n = np.array([line.portions for _, line, _ in rows], dtype=np.intp)
    grams = np.array([line.portion_g for _, line, _ in rows], dtype=np.float64)
    pieces = _ints([_pieces(line, profiles[line.produce_key]) for _, line, _ in rows])
    stem_line = np.repeat(np.arange(len(rows)), np.where(lines.is_flower, n, 0))
    n, n_fruit = (
        np.where(lines.is_flower, 0, n),
        np.where(lines.is_flower, 0, np.minimum(pieces, n)),
    )
    line = np.repeat(np.arange(len(rows)), n)
    first, first_fruit = np.cumsum(n) - n, np.cumsum(n_fruit) - n_fruit
    number = np.arange(len(line)) - first[line]
    fruit = first_fruit[line] + number * n_fruit[line] // np.maximum(n[line], 1)
    day = _planned_day(lines.eat, line, number)
    portions = Portions(
        fruit=fruit,
        line=line,
        household=lines.household[line],
        day=day,
        grams=grams[line],
        chance=np.where(day < DAYS_MAX, lines.chance[line, np.minimum(day, DAYS_MAX - 1)], 0.0),
    )
    return portions, np.repeat(np.arange(len(rows)), n_fruit), stem_line


def _planned_day(eat: Ints, line: Ints, number: Ints) -> Ints:
    """Return the day on which each line's `number`-th portion is planned."""
    by_then = np.cumsum(eat, axis=1)
    day = (number[:, None] >= by_then[line]).sum(axis=1)
    return np.where(day < DAYS_MAX, day, NEVER)


def _pieces(line: StoredLine, produce: Produce) -> int:
    """Count what ripens by itself in a line; of a punnet, every handful counts as one."""
    if produce.is_flower or produce.unit == "punnet":
        return line.portions
    return line.units * produce.pieces_per_unit


def _by_day(values: Sequence[Sequence[float]]) -> Floats:
    table = np.zeros((len(values), DAYS_MAX))
    for row, value in zip(table, values, strict=True):
        row[: len(value)] = value[:DAYS_MAX]
    return table


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.intp)
