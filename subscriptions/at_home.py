"""What lies in the kitchen today, from the boxes that are there: ripe, still good, to come, and small jobs."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from ripening import advice
from ripening.reading import HALF, is_cold
from ripening.verdict import Verdict
from subscriptions.eating_calendar import EatingCalendar, Item

JOBS_MOST = 3


@dataclass(frozen=True, slots=True)
class Kept:
    """One item of a box on one day; `day` counts from the box's delivery, `verdict` is what was said of it then."""

    item: Item
    calendar: EatingCalendar
    day: int
    verdict: Verdict | None = None

    @property
    def chance(self) -> float:
        """Return the chance that it is edible (in bloom) that day."""
        return self.item.line.chance[self.day]

    @property
    def is_planned(self) -> bool:
        """Whether the box has it for that day."""
        return self.day in self.item.planned_days

    @property
    def on(self) -> dt.date:
        """Return the day."""
        return self.calendar.delivery_on + dt.timedelta(days=self.day)

    @property
    def next_on(self) -> dt.date | None:
        """Return the next later day that the box has it for."""
        later = [day for day in self.item.planned_days if day > self.day]
        return self.calendar.delivery_on + dt.timedelta(days=later[0]) if later else None

    @property
    def has_days_ahead(self) -> bool:
        """Whether it is likelier good than not on a later day of the box."""
        rest = self.item.line.chance[self.day + 1 : len(self.calendar.days)]
        return any(chance >= HALF for chance in rest)

    @property
    def pieces_left(self) -> int:
        """Return the pieces (packs, bunches) left when each was eaten on its day; begun ones count."""
        line = self.item.line
        if self.item.is_flower:
            return line.units
        return self.item.pieces(self.item.portions - sum(line.eat[: self.day]))

    @property
    def pieces_today(self) -> int:
        """Return the pieces (packs, bunches) planned for the day, begun ones counted."""
        line = self.item.line
        if self.item.is_flower or not self.is_planned:
            return line.units if self.item.is_flower else 0
        return self.item.pieces(line.eat[self.day])

    @property
    def place(self) -> str:
        """Return where it lies that day: counter, fridge or vase."""
        if self.item.produce.is_flower:
            return "vase"
        line = self.item.line
        return "fridge" if is_cold(line.mode, line.move_day, self.day) else "counter"


@dataclass(frozen=True, slots=True)
class AtHome:
    """The kitchen on one day.

    `planned` are for today, likeliest first; `good` are good today though planned for other days; `vase` is in bloom;
    `coming` is not ready yet; `judged` is what the household has said something of that day, wherever else it stands;
    `jobs` are at most three, what spoils soonest first.
    """

    on: dt.date
    planned: tuple[Kept, ...]
    good: tuple[Kept, ...]
    vase: tuple[Kept, ...]
    coming: tuple[Kept, ...]
    judged: tuple[Kept, ...]
    jobs: tuple[tuple[Item, advice.Job], ...]

    @property
    def then(self) -> tuple[dt.date, tuple[Kept, ...]] | None:
        """Return the next day on which something begins that is not for today, and what."""
        starts = [(kept.next_on, kept) for kept in (*self.good, *self.coming) if kept.next_on]
        if not starts:
            return None
        first = min(on for on, _ in starts)
        return first, tuple(kept for on, kept in starts if on == first)


def at_home(
    calendars: Sequence[EatingCalendar],
    on: dt.date,
    *,
    said: Mapping[UUID, Verdict] | None = None,
) -> AtHome:
    """Return what the boxes of `calendars` have for a day; boxes that do not reach it have nothing.

    `said` is what the household said that day, by line.
    """
    said = said or {}
    kept = [
        Kept(item, calendar, (on - calendar.delivery_on).days, said.get(item.line.line_id))
        for calendar in calendars
        if calendar.day_on(on) is not None
        for item in calendar.items
    ]
    fruit = [each for each in kept if not each.item.is_flower and each.pieces_left]
    flowers = [each for each in kept if each.item.is_flower]
    planned = sorted((each for each in fruit if each.is_planned), key=_likeliest)
    rest = [each for each in fruit if not each.is_planned]
    vase = [each for each in flowers if each.chance >= HALF]
    closed = [each for each in flowers if each.chance < HALF]
    return AtHome(
        on=on,
        planned=tuple(planned),
        good=tuple(sorted((each for each in rest if each.chance >= HALF), key=_likeliest)),
        vase=tuple(vase),
        coming=tuple(
            each
            for each in (*rest, *closed)
            if each.chance < HALF and (each.has_days_ahead or each.next_on)
        ),
        judged=tuple(each for each in kept if each.verdict),
        jobs=_jobs(kept),
    )


def _likeliest(kept: Kept) -> float:
    return -kept.chance


_FIRST = {"finish": 0, "fridge": 1, "counter": 1, "squeeze": 2}


def _jobs(kept: Sequence[Kept]) -> tuple[tuple[Item, advice.Job], ...]:
    found = [
        (each.item, job)
        for each in kept
        if each.pieces_left
        for job in each.item.jobs
        if job.day == each.day
    ]
    found.sort(key=_urgency)
    return tuple(found[:JOBS_MOST])


def _urgency(job: tuple[Item, advice.Job]) -> int:
    return _FIRST.get(job[1].kind, len(_FIRST))
