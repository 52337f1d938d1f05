"""Until when a lot may still be delivered."""

import datetime as dt
import math
from collections.abc import Mapping, Sequence

from ripening.clock import storage_days
from ripening.home import PLANNED_MODES, WAYS, HomeClass, RoomClass
from ripening.lot_state import LotState, produce_of
from ripening.produce import Produce
from ripening.window import edible_chance, windows

USUAL_HOME = HomeClass(RoomClass.MILD, has_fridge=True)
LEAST_DAYS = 1


def last_delivery_on(
    lots: Sequence[LotState],
    *,
    profiles: Mapping[str, Produce],
    on: dt.date,
    ahead_days: int = 14,
    least_days: int = LEAST_DAYS,
) -> list[dt.date | None]:
    """Return for each lot the last delivery day that leaves a mild kitchen a window.

    The window is tested at the days it is eaten, not at the day of delivery: it must hold at least
    `least_days` days in some handling mode. A storage life that was published is never overrun,
    whatever the clocks say. Looks at deliveries on `on` and up to `ahead_days` later; None where
    even `on` is too late.
    """
    last: list[dt.date | None] = [None] * len(lots)
    ends = [_storage_ends_on(lot, profiles) for lot in lots]
    for day in range(ahead_days + 1):
        delivery_on = on + dt.timedelta(days=day)
        chance = edible_chance(
            lots,
            profiles=profiles,
            delivery_on=delivery_on,
            homes=[USUAL_HOME.home(delivery_on)],
            ways=WAYS[: len(PLANNED_MODES)],
        )
        first_day, last_day = windows(chance[:, 0])
        length = (last_day.astype(int) - first_day + 1).max(axis=-1, initial=0)
        for i, days in enumerate(length):
            end = ends[i]
            if days >= least_days and (end is None or delivery_on <= end):
                last[i] = delivery_on
    return last


def _storage_ends_on(lot: LotState, profiles: Mapping[str, Produce]) -> dt.date | None:
    """Return the day on which the lot has lain in store for as long as such produce keeps there.

    A day on the way uses up the part of a storage life that a day is at its own temperature.
    """
    produce = produce_of(lot, profiles)
    life = storage_days(produce, lot.store_c)
    if life is None:
        return None
    on_the_way, left = 0.0, life - lot.stored_days
    for stay in lot.transit:
        on_the_way += stay.days
        left -= life * stay.days / (storage_days(produce, stay.temperature_c) or life)
    return lot.graded_on + dt.timedelta(days=math.floor(on_the_way + max(left, 0.0)))
