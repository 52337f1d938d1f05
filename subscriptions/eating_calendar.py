"""The eating calendar of a box: day by day what is ready, what to move to the fridge, what to finish.

Pure: the box's lines with the chances they were planned with, in; what a page, a label or a feed says of each
day, out.
"""

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from ripeday.kit.text import Message
from ripening import advice
from ripening.produce import Produce
from ripening.reading import Reading, mark_of, read
from ripening.unit import name_in_words, pieces_in_words, units_in_words


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A line of a box as it was planned; day 0 of every array is the delivery day.

    `spare` portions are planned for no day. `carried` are the portions that should be left of a line of an earlier box,
    on which this one counts; None for a line of its own.
    """

    line_id: UUID
    lot_id: UUID
    lot_code: str
    produce_key: str
    units: int
    mode: int
    move_day: int | None
    ready_day: int
    last_day: int
    eat: Sequence[int]
    chance: Sequence[float]
    best: Sequence[float]
    spare: int = 0
    carried: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the box as a person sees it."""

    line: HeldLine
    produce: Produce
    name: Message
    amount: Message
    reading: Reading
    handling: Message
    jobs: tuple[advice.Job, ...]
    planned_days: tuple[int, ...]

    @property
    def is_flower(self) -> bool:
        """Whether it stands in a vase."""
        return self.produce.is_flower

    @property
    def is_carried(self) -> bool:
        """Whether it is still there from an earlier box."""
        return self.line.carried is not None

    @property
    def portions(self) -> int:
        """Return the portions there are of it when the box comes."""
        held = self.line
        return _portions(self.produce, held) if held.carried is None else held.carried

    @property
    def spare(self) -> int:
        """Return the portions that are there to take the place of what spoils."""
        return max(0, min(self.line.spare, self.portions - sum(self.line.eat)))

    def pieces(self, portions: int) -> int:
        """Return the pieces (packs) that so many portions are of; begun ones count."""
        return _pieces(self.produce, self.line, portions)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the calendar; what leads it has led the days before it least, so that days differ at a glance.

    `mark` (leaf, half, bare) is the chance that something planned for the day is edible; `vase_mark` that something
    is in bloom. None where the box has no fruit, or no flowers.
    """

    number: int
    on: dt.date
    items: tuple[Item, ...]
    blooms: tuple[Item, ...]
    mark: str | None
    vase_mark: str | None
    jobs: tuple[tuple[Item, advice.Job], ...]

    @property
    def is_bare(self) -> bool:
        """Whether nothing that the box promises is there that day."""
        return self.mark in ("bare", None) and self.vase_mark in ("bare", None)


@dataclass(frozen=True, slots=True)
class EatingCalendar:
    """A box from its delivery to the day before the next one."""

    delivery_on: dt.date
    days: tuple[Day, ...]
    items: tuple[Item, ...]

    @property
    def next_on(self) -> dt.date:
        """Return the day of the next box."""
        return self.delivery_on + dt.timedelta(days=len(self.days))

    @property
    def packed(self) -> tuple[Item, ...]:
        """Return what is in the box itself."""
        return tuple(item for item in self.items if not item.is_carried)

    @property
    def carried(self) -> tuple[Item, ...]:
        """Return what it counts on from the one before."""
        return tuple(item for item in self.items if item.is_carried)

    @property
    def n_bare(self) -> int:
        """Return on how many days there is nothing."""
        return sum(day.is_bare for day in self.days)

    def day_on(self, on: dt.date) -> Day | None:
        """Return the calendar's day, or None outside it."""
        number = (on - self.delivery_on).days
        return self.days[number] if 0 <= number < len(self.days) else None


def eating_calendar(
    lines: Sequence[HeldLine],
    *,
    profiles: Mapping[str, Produce],
    delivery_on: dt.date,
    horizon_days: int,
    wants_fruit: bool,
    wants_flowers: bool,
    today: dt.date | None = None,
) -> EatingCalendar:
    """Return the calendar of a box of `lines`; items stand in the order in which they are ready."""
    items = sorted(
        (_item(line, profiles[line.produce_key], delivery_on, horizon_days, today) for line in lines),
        key=lambda item: (item.is_flower, item.planned_days[:1] or (item.line.ready_day,), item.line.ready_day),
    )  # fmt: skip
    days = tuple(
        _day(
            number,
            planned,
            items,
            delivery_on,
            wants_fruit=wants_fruit,
            wants_flowers=wants_flowers,
        )
        for number, planned in enumerate(_in_turn(items, horizon_days))
    )
    return EatingCalendar(delivery_on, days, tuple(items))


def _in_turn(items: Sequence[Item], horizon_days: int) -> Iterator[list[Item]]:
    """Yield what is planned for each day; what has led the fewest days leads, then what is there on the fewest."""
    led: Counter[int] = Counter()
    for number in range(horizon_days):
        planned = [(id(item), item) for item in items if number in item.planned_days]
        planned.sort(key=lambda each: (led[each[0]], len(each[1].planned_days)))
        for is_flower in (False, True):
            led.update([key for key, item in planned if item.is_flower is is_flower][:1])
        yield [item for _, item in planned]


def _item(
    line: HeldLine, produce: Produce, delivery_on: dt.date, horizon_days: int, today: dt.date | None
) -> Item:
    if produce.is_flower:
        planned = tuple(range(line.ready_day, min(line.last_day + 1, horizon_days)))
    else:
        planned = tuple(day for day, portions in enumerate(line.eat) if portions)
    reading = read(
        line.chance,
        best_chance=line.best,
        mode=line.mode,
        move_day=line.move_day,
        planned_days=planned,
        delivery_on=delivery_on,
        is_flower=produce.is_flower,
        today=today,
    )
    kept = {"mode": line.mode, "move_day": line.move_day, "delivery_on": delivery_on}
    return Item(
        line=line,
        produce=produce,
        name=name_in_words(produce),
        amount=units_in_words(produce, line.units)
        if line.carried is None
        else pieces_in_words(produce, _pieces(produce, line, line.carried)),
        reading=reading,
        handling=advice.handling(produce, **kept),  # type: ignore[arg-type]
        jobs=() if line.carried is not None else advice.jobs(produce, reading, **kept),  # type: ignore[arg-type]
        planned_days=planned,
    )


def _portions(produce: Produce, line: HeldLine) -> int:
    return max(line.units * (produce.portions_per_unit or 1), sum(line.eat))


def _pieces(produce: Produce, line: HeldLine, portions: int) -> int:
    whole = line.units * (1 if produce.unit == "punnet" else produce.pieces_per_unit)
    return math.ceil(whole * portions / _portions(produce, line) - 1e-9)


def _day(
    number: int,
    planned: Sequence[Item],
    items: Sequence[Item],
    delivery_on: dt.date,
    *,
    wants_fruit: bool,
    wants_flowers: bool,
) -> Day:
    fruit = tuple(item for item in planned if not item.is_flower)
    blooms = tuple(item for item in planned if item.is_flower)
    return Day(
        number=number,
        on=delivery_on + dt.timedelta(days=number),
        items=fruit,
        blooms=blooms,
        mark=_mark(fruit, number) if wants_fruit else None,
        vase_mark=_mark(blooms, number) if wants_flowers else None,
        jobs=tuple((item, job) for item in items for job in item.jobs if job.day == number),
    )


def _mark(items: Sequence[Item], day: int) -> str:
    """Return the mark for the chance that at least one of the day's items is there.

    Items of one lot ripen together and count once; lots are independent of each other.
    """
    by_lot: dict[UUID, float] = {}
    for item in items:
        chance = item.line.chance[day]
        by_lot[item.line.lot_id] = max(chance, by_lot.get(item.line.lot_id, 0.0))
    none = 1.0
    for chance in by_lot.values():
        none *= 1 - chance
    return mark_of(1 - none)
