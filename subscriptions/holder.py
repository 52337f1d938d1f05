"""Boxes that hold something of a lot, and what changes in them when the lot is known better.

Pure: a box as it stands and the day it is, in; on which days its portions are eaten from now on, and which days
are short, out.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from ripening.reading import HALF, TURNING
from ripening.verdict import Verdict
from subscriptions.box_limit import same_a_day
from subscriptions.keeping import HeldAs, Keeping, Outlook
from subscriptions.planning.eating import Serving, eat_again
from subscriptions.planning.problem import DAYS_MAX


@dataclass(frozen=True, slots=True)
class HolderLine:
    """A line of a box.

    `planned` and `planned_eat` are what the plan said, `kept` and `eat` what holds now; `spare` portions are for
    no day until one is short. `verdict` is the household's own last word on it, on `judged_day` after delivery.
    """

    id: UUID
    lot_id: UUID
    produce_key: str
    is_flower: bool
    units: int
    unit_portions: int
    planned: Keeping
    kept: Keeping
    ready_day: int
    last_day: int
    planned_eat: tuple[int, ...]
    eat: tuple[int, ...]
    chance: tuple[float, ...]
    best: tuple[float, ...]
    verdict: Verdict | None = None
    judged_day: int = -1
    spare: int = 0


@dataclass(frozen=True, slots=True)
class CarriedMeals:
    """Portions by day that a box counts on at home."""

    produce_key: str
    eat: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class HolderBox:
    """A box with all its lines; `home` is the index of its home class. An open one may still be planned anew.

    `need` are the portions wanted on each day, where not `portions_a_day` on all; `carried` is eaten besides, from
    earlier boxes.
    """

    id: UUID
    delivery_on: dt.date
    horizon_days: int
    home: int
    is_open: bool
    portions_a_day: int
    stems_a_day: int
    lines: tuple[HolderLine, ...]
    need: Sequence[int] | None = None
    carried: tuple[CarriedMeals, ...] = ()

    def wanted_on(self, day: int) -> int:
        """Return the portions that were planned to be wanted of the box itself on a day."""
        wanted = self.portions_a_day if self.need is None else self.need[day]
        return wanted - sum(int(_at(meals.eat, day)) for meals in self.carried)

    def stems_on(self, day: int) -> int:
        """Return the stems that were promised for a day: of a bridge box for the days that it is paid for."""
        if self.need is not None and day * self.portions_a_day >= sum(self.need):
            return 0
        return self.stems_a_day

    def case_of(self, line: HolderLine) -> HeldAs:
        """Return how a line is held."""
        return HeldAs(self.home, line.planned, line.kept)


@dataclass(frozen=True, slots=True)
class Short:
    """A day of a box that lacks portions (fruit) or stems (flower)."""

    box_id: UUID
    on: dt.date
    kind: str
    missing: int


def relearned(
    box: HolderBox, lot_id: UUID, told: Mapping[HeldAs, Outlook], *, day: int
) -> HolderBox:
    """Return the box as it stands once its lines of a lot are kept and eaten by what is known now."""
    lines = [
        _kept_so(line, told[box.case_of(line)], box)
        if line.lot_id == lot_id and _may_be_kept_so(box, line, told[box.case_of(line)])
        else line
        for line in box.lines
    ]
    return _eaten_anew(replace(box, lines=tuple(lines)), max(day, 0))


def short_days(box: HolderBox, *, day: int) -> list[Short]:
    """Return the days from `day` on that lack something."""
    found = []
    for number in range(max(day, 0), box.horizon_days):
        on = box.delivery_on + dt.timedelta(days=number)
        eaten = sum(int(_at(line.eat, number)) for line in box.lines if not line.is_flower)
        stems = sum(
            line.units * line.unit_portions
            for line in box.lines
            if line.is_flower and line.ready_day <= number <= line.last_day
        )
        for kind, missing in (
            ("fruit", box.wanted_on(number) - eaten),
            ("flower", box.stems_on(number) - stems),
        ):
            if missing > 0:
                found.append(Short(box.id, on, kind, missing))
    return found


def _kept_so(line: HolderLine, outlook: Outlook, box: HolderBox) -> HolderLine:
    end = box.horizon_days - 1
    return replace(
        line,
        kept=outlook.keeping,
        ready_day=min(outlook.first, end),
        last_day=min(outlook.last, end),
        chance=outlook.chance,
        best=outlook.best,
    )


def _may_be_kept_so(box: HolderBox, line: HolderLine, outlook: Outlook) -> bool:
    """Tell whether no other line of the box holds the same lot in the same mode."""
    return all(
        other is line or other.lot_id != line.lot_id or other.kept.mode != outlook.keeping.mode
        for other in box.lines
    )


def _eaten_anew(box: HolderBox, day: int) -> HolderBox:
    """Give each portion still to be eaten a day on which its line is ripe, the planned one where that still holds."""
    fruit = [line for line in box.lines if not line.is_flower]
    kinds = [line.produce_key for line in fruit] + [meals.produce_key for meals in box.carried]
    number_of = {key: n for n, key in enumerate(dict.fromkeys(kinds))}
    servings = [
        Serving(
            number_of[line.produce_key],
            max(0, sum(line.planned_eat) + _to_step_in(box, line) - sum(line.eat[:day])),
            _days_mask(line, day, box.horizon_days),
        )
        for line in fruit
    ]
    planned = [[n if i >= day else 0 for i, n in enumerate(line.planned_eat)] for line in fruit]
    # What is eaten from earlier boxes stays, day by day, and takes its place.
    at_home = [
        (number_of[meals.produce_key], number, portions)
        for meals in box.carried
        for number, portions in enumerate(meals.eat)
        if portions and number >= day
    ]
    servings += [Serving(key, portions, 1 << number) for key, number, portions in at_home]
    planned += [[0] * number + [portions] for _, number, portions in at_home]
    eaten = eat_again(
        servings,
        planned,
        portions_a_day=box.portions_a_day,
        same_a_day=same_a_day(box.portions_a_day),
    )
    by_line = {
        line.id: (*line.eat[:day], *days[day : box.horizon_days])
        for line, days in zip(fruit, eaten[: len(fruit)], strict=True)
    }
    lines = [replace(line, eat=by_line.get(line.id, line.eat)) for line in box.lines]
    return replace(box, lines=tuple(lines))


def _to_step_in(box: HolderBox, line: HolderLine) -> int:
    """Return the portions that may take the place of others; a bridge box wants no more on any day than it has."""
    return line.spare if box.need is None else 0


def _days_mask(line: HolderLine, day: int, horizon: int) -> int:
    """Return the days from `day` on that a line may be eaten on, as bits.

    Those of its window; where none is left, those likelier than not. What a household says of its own fruit goes
    before what is thought of the lot.
    """
    if line.verdict is Verdict.LATE and line.judged_day <= day:
        return 0
    ahead = list(range(day, min(horizon, DAYS_MAX)))
    days = [number for number in ahead if line.ready_day <= number <= line.last_day]
    days = days or [number for number in ahead if _at(line.chance, number) >= HALF]
    if line.judged_day == day and line.verdict is Verdict.RIGHT:
        days = [day, *(number for number in days if number != day)]
    if line.judged_day == day and line.verdict is Verdict.HARD:
        ahead = [number for number in ahead if number > day]
        days = [number for number in days if number > day]
        days = days or [number for number in ahead if _at(line.chance, number) >= TURNING]
    return sum(1 << number for number in days)


def _at(values: Sequence[float], day: int) -> float:
    return values[day] if day < len(values) else 0
