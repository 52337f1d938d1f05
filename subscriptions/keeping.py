"""How holders of a lot should keep what they have of it, and how likely it then is on each day.

Pure: the lot as it is known now, and how its holders were told to keep it, in; what to tell them from today on, out.
What has happened stays: fruit that has gone into the fridge does not come out of it in the past.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

from ripening.course import Floats
from ripening.home import (
    COUNTER,
    FRIDGE,
    FRIDGE_FIRST,
    HOME_CLASSES,
    MODES,
    THEN_FRIDGE,
    Way,
)
from ripening.lot_state import LotState
from ripening.produce import Produce
from ripening.window import Handling, best_of, chance_of, handling_of, maturity_of, windows

DAYS = 14
_LATEST_MOVE = 20


@dataclass(frozen=True, slots=True)
class Keeping:
    """A handling mode, and the day after delivery on which it moves things."""

    mode: int
    move_day: int | None


@dataclass(frozen=True, slots=True)
class HeldAs:
    """A kind of home, how the plan wanted the lot kept there, and how it is kept there now."""

    home: int
    planned: Keeping
    kept: Keeping


@dataclass(frozen=True, slots=True)
class Outlook:
    """What to tell a holder: how to keep it, the chances by day, and the days to count on.

    `first` to `last` is the window; the likeliest day alone where no day is likelier than not.
    """

    keeping: Keeping
    chance: tuple[float, ...]
    best: tuple[float, ...]
    first: int
    last: int


def outlooks(
    lot: LotState,
    cases: Collection[HeldAs],
    *,
    profiles: Mapping[str, Produce],
    delivery_on: dt.date,
    day: int,
    service_level: float,
) -> dict[HeldAs, Outlook]:
    """Return what holds from `day` (after delivery; negative before it) on, for each way in which a lot is held."""
    advised = _advised(lot, profiles=profiles, delivery_on=delivery_on)
    now = {case: _kept_now(case, advised, day) for case in cases}
    keepings = sorted(set(now.values()), key=_in_order)
    handling = handling_of(
        [lot],
        profiles=profiles,
        delivery_on=delivery_on,
        days=DAYS,
        ways=[Way(MODES[keeping.mode], keeping.move_day) for keeping in keepings],
    )
    # Told or not, good for it or not: this is how it is kept.
    handling = replace(handling, allowed=np.ones_like(handling.allowed))
    maturity = maturity_of([lot], profiles=profiles, delivery_on=delivery_on)
    chance = chance_of(maturity, handling, days=DAYS)
    best = best_of(maturity, handling, chance)[0]
    first, last = windows(chance, service_level=service_level)
    found = {}
    for case, keeping in now.items():
        at = case.home, keepings.index(keeping)
        likely = chance[0][at]
        window = int(first[0][at]), int(last[0][at])
        if window[0] > window[1]:
            window = (int(likely.argmax()),) * 2
        found[case] = Outlook(keeping, _fractions(likely), _fractions(best[at]), *window)
    return found


@dataclass(frozen=True, slots=True)
class _Advised:
    """What the lot as it is known asks for: the day for the fridge by home, and whether it may lie there at once."""

    fridge_day: tuple[float, ...]
    may_be_cold: tuple[bool, ...]


def _advised(lot: LotState, *, profiles: Mapping[str, Produce], delivery_on: dt.date) -> _Advised:
    handling: Handling = handling_of(
        [lot],
        profiles=profiles,
        delivery_on=delivery_on,
        days=DAYS,
        ways=[Way(MODES[THEN_FRIDGE]), Way(MODES[FRIDGE])],
    )
    return _Advised(
        tuple(float(day) for day in handling.course.starts[0, :, 0, 1]),
        tuple(bool(allowed) for allowed in handling.allowed[0, :, 1]),
    )


def _kept_now(case: HeldAs, advised: _Advised, day: int) -> Keeping:
    planned, kept = case.planned, case.kept
    if planned.mode == THEN_FRIDGE:
        if kept.mode == THEN_FRIDGE and kept.move_day is not None and kept.move_day < day:
            return kept
        moves = max(advised.fridge_day[case.home], day, 0)
        return Keeping(THEN_FRIDGE, int(min(moves, _LATEST_MOVE)))
    if planned.mode == FRIDGE:
        was_taken_out = kept.mode == FRIDGE_FIRST
        if was_taken_out and kept.move_day is not None and kept.move_day < day:
            return kept
        if not advised.may_be_cold[case.home] and HOME_CLASSES[case.home].has_fridge:
            return Keeping(FRIDGE_FIRST, day) if day > 0 else Keeping(COUNTER, None)
    return planned


def _in_order(keeping: Keeping) -> tuple[int, int]:
    return keeping.mode, -1 if keeping.move_day is None else keeping.move_day


def _fractions(chances: Floats) -> tuple[float, ...]:
    return tuple(round(float(chance), 4) for chance in chances)
