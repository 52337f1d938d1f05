"""What a household should still have of its last box when the next one comes. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

SURE: Final = 0.9
"""Chance of a day that what is left is counted on for it."""


@dataclass(frozen=True, slots=True)
class HeldPortions:
    """Portions of a line at the time its box came: on which days they are eaten, and are good; day 0 is that day."""

    line_id: UUID
    produce_key: str
    portions: int
    eat: Sequence[int]
    chance: Sequence[float]


@dataclass(frozen=True, slots=True)
class Leftover:
    """Portions of a line of an earlier box to be counted on, and the days after the next delivery they are good for."""

    line_id: UUID
    produce_key: str
    portions: int
    first_day: int
    last_day: int


def left_over(held: Sequence[HeldPortions], *, days: int) -> list[Leftover]:
    """Return what of a box can be counted on when the next one comes, so many days after it.

    Whole portions of what is left on average: what spoils has been replaced by something else, and that is not there
    any more. As people take first what spoils first, what keeps longest is what is left.
    """
    expected, found = 0.0, []
    for each in held:
        expected -= sum(n * (1 - _at(each.chance, day)) for day, n in enumerate(each.eat[:days]))
        left = each.portions - sum(each.eat[:days])
        good = _good_days(each.chance, days)
        if left > 0 and good:
            expected += left * each.chance[good.start]
            found.append(
                Leftover(each.line_id, each.produce_key, left, good.start - days, good.stop - 1 - days)
            )  # fmt: skip
    return _most_lasting(found, math.floor(expected + 1e-9))


def _good_days(chance: Sequence[float], since: int) -> range:
    """Return the first days in a row, from one on, that are sure enough; none where there are none."""
    first = next((day for day in range(since, len(chance)) if chance[day] >= SURE), len(chance))
    end = next((day for day in range(first, len(chance)) if chance[day] < SURE), len(chance))
    return range(first, end)


def _most_lasting(found: Sequence[Leftover], most: int) -> list[Leftover]:
    """Return so many portions at most, of what keeps longest."""
    kept = []
    for each in sorted(found, key=lambda left: (-left.last_day, left.line_id)):
        portions = min(each.portions, most)
        if portions > 0:
            most -= portions
            kept.append(
                Leftover(each.line_id, each.produce_key, portions, each.first_day, each.last_day)
            )
    return kept


def _at(chance: Sequence[float], day: int) -> float:
    return chance[day] if day < len(chance) else 0.0


def carry_arrays(
    at_home: Sequence[Sequence[Leftover]], place: Mapping[str, int]
) -> dict[str, NDArray[Any]]:
    """Write what is at homes as the arrays `carry_*` of a problem, household by household; none where nothing is.

    `place` numbers the produce of the problem.
    """
    items = [each for household in at_home for each in household]
    if not items:
        return {}
    return {
        "carry_ptr": np.cumsum([0, *(len(household) for household in at_home)], dtype=np.int64),
        "carry_prod": np.array([place[each.produce_key] for each in items], dtype=np.int16),
        "carry_portions": np.array([each.portions for each in items], dtype=np.int8),
        "carry_a": np.array([each.first_day for each in items], dtype=np.int8),
        "carry_b": np.array([each.last_day for each in items], dtype=np.int8),
    }


@dataclass(frozen=True, slots=True)
class CarriedLine:
    """Portions of an earlier box that a plan counts on; `eat[t]` are eaten `t` days after delivery."""

    line_id: UUID
    portions: int
    eat: tuple[int, ...]


def carried_lines(
    at_home: Sequence[Leftover], eaten: NDArray[np.uint8], *, horizon: int
) -> tuple[CarriedLine, ...]:
    """Name what of a household's food at home is eaten; `eaten` has a row for each item, by day."""
    return tuple(
        CarriedLine(each.line_id, each.portions, tuple(days[:horizon]))
        for each, days in zip(at_home, eaten.tolist(), strict=True)
        if any(days)
    )
