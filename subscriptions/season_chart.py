"""The season at a glance: rows of produce, columns of weeks, and what may leave the depot in each.

A lot counts in every week in which it may be delivered: a keeper stands in several weeks, and weeks do not add up.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Kind = Literal["off", "open", "confirmed", "announced", "short"]
_WEEK = dt.timedelta(days=7)
_WIDEST = 999


@dataclass(frozen=True, slots=True)
class OfferSpan:
    """One offer: produce on sale in `[starts_on, ends_on)`."""

    id: UUID
    produce_key: str
    starts_on: dt.date
    ends_on: dt.date
    price_minor: int
    box_limit: int
    is_assumed: bool

    @property
    def last_on(self) -> dt.date:
        """Return the last day of sale."""
        return self.ends_on - dt.timedelta(days=1)

    def overlaps(self, starts_on: dt.date, ends_on: dt.date) -> bool:
        """Tell whether another span shares a day with it."""
        return self.starts_on < ends_on and starts_on < self.ends_on


@dataclass(frozen=True, slots=True)
class LotSpan:
    """A lot that may be delivered from `due_on` to `must_leave_on`; `left` of its units nobody was promised."""

    produce_key: str
    grower: str
    place: str
    due_on: dt.date
    must_leave_on: dt.date
    units: int
    left: int
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class Sold:
    """Produce as a row shows it."""

    key: str
    kind: str
    name: str
    name_zh: str
    n_wishes: int


@dataclass(frozen=True, slots=True)
class Week:
    """A calendar week; `starts_on` is its Monday."""

    starts_on: dt.date
    is_now: bool

    @property
    def number(self) -> int:
        """Return its ISO number."""
        return self.starts_on.isocalendar().week

    @property
    def last_on(self) -> dt.date:
        """Return its Sunday."""
        return self.starts_on + dt.timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Cell:
    """One produce in one week: how many units may go out, and how many of them are only announced."""

    kind: Kind
    units: int = 0
    announced: int = 0
    shown: int = 0


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One produce through the season."""

    sold: Sold
    offers: tuple[OfferSpan, ...]
    origins: tuple[tuple[str, str], ...]
    cells: tuple[Cell, ...]

    @property
    def is_assumed(self) -> bool:
        """Tell whether any of its weeks rests on an assumption instead of a published harvest."""
        return any(offer.is_assumed for offer in self.offers)

    @property
    def n_short(self) -> int:
        """Return in how many weeks nothing is left."""
        return sum(cell.kind == "short" for cell in self.cells)

    def offer_near(self, on: dt.date) -> OfferSpan:
        """Return the offer of that day, else the next one, else the last."""
        return next((offer for offer in self.offers if on < offer.ends_on), self.offers[-1])


@dataclass(frozen=True, slots=True)
class SeasonChart:
    """A whole season; numbers are shown in `scale` units."""

    weeks: tuple[Week, ...]
    rows: tuple[ChartRow, ...]
    scale: int

    def months(self) -> list[tuple[dt.date, int]]:
        """Return each month (its first week's Monday) and how many weeks it heads."""
        found: list[tuple[dt.date, int]] = []
        for week in self.weeks:
            first, n = found[-1] if found else (week.starts_on, 0)
            if (first.year, first.month) == (week.starts_on.year, week.starts_on.month):
                found[-1:] = [(first, n + 1)]
            else:
                found.append((week.starts_on, 1))
        return found


def weeks_of(starts_on: dt.date, ends_on: dt.date, *, today: dt.date) -> tuple[Week, ...]:
    """Return the calendar weeks that `[starts_on, ends_on)` touches."""

    def mondays() -> Iterator[dt.date]:
        monday = starts_on - dt.timedelta(days=starts_on.weekday())
        while monday < ends_on:
            yield monday
            monday += _WEEK

    return tuple(Week(monday, monday <= today < monday + _WEEK) for monday in mondays())


def chart(
    weeks: Sequence[Week],
    *,
    sold: Sequence[Sold],
    offers: Sequence[OfferSpan],
    lots: Sequence[LotSpan],
    open_weeks: Collection[dt.date],
) -> SeasonChart:
    """Put a season together.

    Parameters
    ----------
    open_weeks
        Mondays of weeks with a delivery that is planned and may still change: where nothing of a
        produce on sale is left there, its cell is short.
    """
    offered, supplied = defaultdict(list), defaultdict(list)
    for offer in sorted(offers, key=lambda each: each.starts_on):
        offered[offer.produce_key].append(offer)
    for lot in lots:
        supplied[lot.produce_key].append(lot)
    rows = []
    for produce in sold:
        spans, own = offered[produce.key], supplied[produce.key]
        cells = tuple(
            _cell(week, spans, own, is_open=week.starts_on in open_weeks) for week in weeks
        )
        origins = tuple(dict.fromkeys((lot.grower, lot.place) for lot in own))
        rows.append(ChartRow(produce, tuple(spans), origins, cells))
    scale = _scale(max((cell.units for row in rows for cell in row.cells), default=0))
    return SeasonChart(tuple(weeks), tuple(_scaled(row, scale) for row in rows), scale)


def _cell(
    week: Week, offers: Sequence[OfferSpan], lots: Sequence[LotSpan], *, is_open: bool
) -> Cell:
    if not any(offer.overlaps(week.starts_on, week.starts_on + _WEEK) for offer in offers):
        return Cell("off")
    there = [
        lot for lot in lots if lot.due_on <= week.last_on and lot.must_leave_on >= week.starts_on
    ]
    units = sum(lot.units for lot in there)
    announced = sum(lot.units for lot in there if not lot.is_confirmed)
    if is_open and sum(max(0, lot.left) for lot in there) == 0:
        return Cell("short", units, announced)
    if not there:
        return Cell("open")
    return Cell("announced" if announced else "confirmed", units, announced)


def _scale(most: int) -> int:
    scale = 1
    while most / scale > _WIDEST:
        scale *= 10
    return scale


def _scaled(row: ChartRow, scale: int) -> ChartRow:
    cells = tuple(
        Cell(c.kind, c.units, c.announced, max(1, round(c.units / scale)) if c.units else 0)
        for c in row.cells
    )
    return ChartRow(row.sold, row.offers, row.origins, cells)
