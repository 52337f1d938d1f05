"""How lots will read in a kitchen, before anybody has one: what a merchant looks at when planning."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ripening.home import PLANNED_MODES, HomeClass, RoomClass
from ripening.lot_state import LotState
from ripening.produce import Produce
from ripening.reading import Reading, read
from ripening.window import both_chances, switch_day

DAYS = 14


def lot_readings(
    lots: Sequence[LotState],
    room: RoomClass,
    *,
    profiles: Mapping[str, Produce],
    delivery_on: dt.date,
    days: int = DAYS,
) -> list[Reading]:
    """Read each lot in a kitchen with a fridge, kept in the way that gives it the most good days.

    No lot may be graded after `delivery_on`.
    """
    if not lots:
        return []
    home = HomeClass(room, has_fridge=True)
    chance, best = both_chances(lots, profiles=profiles, delivery_on=delivery_on, days=days)
    readings = []
    for i, lot in enumerate(lots):
        mode = int(chance[i, home.index, : len(PLANNED_MODES)].sum(axis=-1).argmax())
        readings.append(
            read(
                list(chance[i, home.index, mode]),
                best_chance=list(best[i, home.index, mode]),
                mode=mode,
                move_day=switch_day(lot, home, mode, profiles=profiles, delivery_on=delivery_on),
                planned_days=(),
                delivery_on=delivery_on,
                is_flower=profiles[lot.produce_key].is_flower,
            )
        )
    return readings


def as_graded(lot: LotState) -> LotState:
    """Return the lot as it was before anything was reported of it."""
    return replace(lot, shift_days=0.0, shift_sigma=None)


def is_learned(lot: LotState) -> bool:
    """Tell whether reports or checks have taught anything about the lot."""
    return lot.shift_sigma is not None
