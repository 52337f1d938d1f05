"""The season chart: which weeks there are, and what stands in a cell."""

import datetime as dt
from itertools import pairwise
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from subscriptions.season_chart import Cell, LotSpan, OfferSpan, Sold, Week, chart, weeks_of

MONDAY = dt.date(2026, 11, 30)
WEEKS = weeks_of(MONDAY, MONDAY + dt.timedelta(days=21), today=MONDAY)
PEAR = Sold("pear_european", "fruit", "Pear", "梨", 0)


def offer(starts: int, ends: int) -> OfferSpan:
    first, end = (MONDAY + dt.timedelta(days=n) for n in (starts, ends))
    return OfferSpan(uuid4(), PEAR.key, first, end, 120, 4, is_assumed=False)


def lot(due: int, leaves: int, units: int, *, left: int = 1, is_confirmed: bool = True) -> LotSpan:
    due_on, leave_on = (MONDAY + dt.timedelta(days=n) for n in (due, leaves))
    return LotSpan(PEAR.key, "Finca Luz", "Emilia", due_on, leave_on, units, left, is_confirmed)


def cells(offers: list[OfferSpan], lots: list[LotSpan], *open_weeks: dt.date) -> list[Cell]:
    drawn = chart(WEEKS, sold=[PEAR], offers=offers, lots=lots, open_weeks=open_weeks)
    return list(drawn.rows[0].cells)


@given(st.dates(dt.date(2020, 1, 1), dt.date(2090, 1, 1)), st.integers(1, 400))
def test_weeks_tile_the_season(starts_on: dt.date, n_days: int) -> None:
    """Every day of the season lies in exactly one of its weeks, and no week is outside."""
    ends_on = starts_on + dt.timedelta(days=n_days)

    weeks = weeks_of(starts_on, ends_on, today=starts_on)

    assert weeks[0].starts_on <= starts_on <= weeks[0].last_on
    assert weeks[-1].starts_on < ends_on <= weeks[-1].last_on + dt.timedelta(days=1)
    assert all(b.starts_on - a.starts_on == dt.timedelta(days=7) for a, b in pairwise(weeks))
    assert sum(week.is_now for week in weeks) == 1


def test_a_lot_counts_in_every_week_in_which_it_may_leave() -> None:
    found = cells([offer(0, 21)], [lot(-3, 7, 100), lot(7, 9, 40, is_confirmed=False)])

    assert [(cell.kind, cell.units, cell.announced) for cell in found] == [
        ("confirmed", 100, 0),
        ("announced", 140, 40),
        ("open", 0, 0),
    ]


def test_a_week_in_which_it_is_not_sold_is_off_whatever_there_is() -> None:
    assert [cell.kind for cell in cells([offer(7, 14)], [lot(0, 20, 5)])] == [
        "off",
        "confirmed",
        "off",
    ]


def test_a_week_that_can_still_be_planned_is_short_when_nothing_is_left() -> None:
    gone = [lot(0, 20, 50, left=0)]

    assert [cell.kind for cell in cells([offer(0, 21)], gone, MONDAY)] == [
        "short",
        "confirmed",
        "confirmed",
    ]
    assert cells([offer(0, 21)], [], MONDAY)[0].kind == "short"
    assert cells([offer(0, 21)], [lot(0, 6, 50, left=1)], MONDAY)[0].kind == "confirmed"


def test_numbers_never_need_more_than_three_digits() -> None:
    drawn = chart(
        WEEKS,
        sold=[PEAR],
        offers=[offer(0, 21)],
        lots=[lot(0, 6, 12_400), lot(7, 9, 3)],
        open_weeks=(),
    )

    assert drawn.scale == 100
    assert [cell.shown for cell in drawn.rows[0].cells] == [124, 1, 0]


def test_months_head_the_weeks_that_begin_in_them() -> None:
    drawn = chart(WEEKS, sold=[], offers=[], lots=[], open_weeks=())

    assert [(first.month, n) for first, n in drawn.months()] == [(11, 1), (12, 2)]
    assert WEEKS[0] == Week(MONDAY, is_now=True)
