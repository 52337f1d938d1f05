"""Small stored plans, planned with the model the way the product does it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID, uuid5

from ripening.home import HomeClass, RoomClass
from ripening.lot_state import LotState
from ripening.produce import Produce, load_profiles
from ripening.spread import Spread
from ripening.window import edible_chance, switch_day, windows
from subscriptions.planning.eating import Serving, eat_again
from subscriptions.planning.problem import DAYS_MAX
from subscriptions.simulation.stored import StoredBox, StoredLine, StoredPlan

PROFILES = load_profiles()
ON = dt.date(2026, 11, 24)
FRUIT = ("banana", "avocado_hass", "mango", "kiwifruit_green", "apple_fuji", "mandarin", "grape")
_SPACE = UUID(int=7)


def certain(profiles: Mapping[str, Produce] = PROFILES) -> dict[str, Produce]:
    """Take away every difference between fruit."""

    def sure(produce: Produce) -> Produce:
        if not produce.modelled:
            return produce
        spreads = {
            name: Spread(getattr(produce, name).mean, 0.0)
            for name in ("ready", "ready_untreated", "keep")
        }
        return replace(produce, **spreads)

    return {key: sure(produce) for key, produce in profiles.items()}


def lots_of(keys: Sequence[str], on: dt.date = ON) -> dict[UUID, LotState]:
    """Return a lot of each produce, a day in the depot."""
    before = on - dt.timedelta(days=1)
    return {uuid5(_SPACE, key): LotState(key, 0.5, before, 12.0, treated=True) for key in keys}


def make_plan(
    *,
    profiles: Mapping[str, Produce] = PROFILES,
    keys: Sequence[str] = FRUIT,
    boxes: int = 12,
    merchant: str = "greengate",
    on: dt.date = ON,
    units: int = 3,
) -> StoredPlan:
    """Plan boxes for homes of every class: every produce that some way of keeping has a window for."""
    lots = lots_of(keys, on)
    chance = edible_chance(list(lots.values()), profiles=profiles, delivery_on=on)
    first, last = windows(chance)
    made = []
    for number in range(boxes):
        home = HomeClass(RoomClass(number % 3), has_fridge=bool(number % 2))
        n_people = 1 + number % 4
        lines = []
        for i, (lot_id, lot) in enumerate(lots.items()):
            if (i + number) % 3 == 0:
                continue
            ways = chance[i, home.index, :4].sum(axis=-1)
            mode = int(ways.argmax())
            a, b = int(first[i, home.index, mode]), int(last[i, home.index, mode])
            if a > b or a > 6:
                continue
            produce = profiles[lot.produce_key]
            lines.append(
                StoredLine(
                    lot_id, lot.produce_key, units, units * (produce.portions_per_unit or 1), 90.0, mode,
                    switch_day(lot, home, mode, profiles=profiles, delivery_on=on), a, b, [],
                    [float(p) for p in chance[i, home.index, mode]],
                )
            )  # fmt: skip
        made.append(_box(lines, n_people, home, profiles))
    return StoredPlan(merchant, on, lots, made)


def _box(
    lines: Sequence[StoredLine], wanted: int, home: HomeClass, profiles: Mapping[str, Produce]
) -> StoredBox:
    servings = [
        Serving(i, line.portions, sum(1 << day for day in range(line.ready_day, min(line.last_day, 6) + 1)))
        for i, line in enumerate(lines)
    ]  # fmt: skip
    fruit = [not profiles[line.produce_key].is_flower for line in lines]
    served = [s for s, f in zip(servings, fruit, strict=True) if f]
    eat = eat_again(
        served,
        [[0] * DAYS_MAX for _ in served],
        portions_a_day=wanted,
        same_a_day=wanted,
    )
    days = iter(eat)
    eaten = [
        replace(line, eat=next(days) if is_fruit else [0] * 14)
        for line, is_fruit in zip(lines, fruit, strict=True)
    ]
    stems = 0 if all(fruit) else 5
    return StoredBox(wanted, stems, 7, wanted, home.room, home.has_fridge, eaten)
