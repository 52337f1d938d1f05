"""What a box has to spare: how much of it is wished for, and what that may not cost."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscriptions.planning.assemble import BoxProposal, LotOffer, build_problem, read_boxes
from subscriptions.planning.problem import PlanWeights
from subscriptions.planning.solve import Params, solve
from subscriptions.planning.spare import SPARE_PCT_MOST, SPARE_WORTH, spare_portions
from tests.subscriptions.planning.test_assemble import OFFERS, household, lot

WEIGHTS = PlanWeights(missing_reserve=SPARE_WORTH)


@pytest.mark.parametrize(
    ("wanted", "pct", "spare"),
    [(7, 10, 1), (14, 10, 2), (42, 10, 5), (10, 10, 1), (7, 0, 0), (0, 10, 0), (100, 7, 7)],
)
def test_a_begun_portion_to_spare_counts_as_a_whole_one(wanted: int, pct: int, spare: int) -> None:
    assert spare_portions(wanted, pct) == spare


@given(st.integers(0, 400), st.integers(0, SPARE_PCT_MOST), st.integers(0, 20))
def test_more_people_or_more_percent_never_spare_less(wanted: int, pct: int, more: int) -> None:
    spare = spare_portions(wanted, pct)
    assert spare_portions(wanted + more, pct) >= spare
    assert spare_portions(wanted, pct + more) >= spare
    assert wanted * pct <= 100 * spare < wanted * pct + 100


def boxes_of(
    *spare: int, lots: list[LotOffer] = OFFERS, budget_minor: int = 2000
) -> list[BoxProposal]:
    due = [
        replace(household(n), spare=each, budget_minor=budget_minor)
        for n, each in enumerate(spare, 1)
    ]
    problem = build_problem(due, lots, WEIGHTS)
    made = solve(problem, params=Params(threads=1))
    assert made.verdict.is_feasible
    return read_boxes(problem, made.plan, made.verdict, due, lots)


def test_what_is_to_spare_is_good_on_the_last_day_and_eaten_on_none() -> None:
    without, with_two = boxes_of(0, 2)
    assert [line.spare for line in without.lines] == [0, 0]
    assert {line.produce_key: line.spare for line in with_two.lines} == {"apple": 2, "banana": 0}
    for box, portions in ((without, 7), (with_two, 9)):
        assert box.uncovered == ()
        assert sum(line.units for line in box.lines) == portions
        assert sum(sum(line.eat) + line.spare for line in box.lines) == portions


def test_no_day_goes_without_for_what_is_to_spare() -> None:
    few = [replace(each, units_available=7) for each in OFFERS]
    boxes = boxes_of(3, 3, lots=few)
    wanted, there = 14, sum(each.units_available for each in few[:2])
    bare = sum(len(box.uncovered) for box in boxes)
    assert there == wanted
    assert bare == 0
    assert sum(line.spare for box in boxes for line in box.lines) == 0


def test_what_is_to_spare_stays_within_the_price_of_the_box() -> None:
    (box,) = boxes_of(3, budget_minor=8 * 40)
    assert box.uncovered == ()
    assert sum(line.spare for line in box.lines) == 1
    assert box.cost_minor <= 8 * 40


def test_where_nobody_spares_the_week_says_nothing_of_it() -> None:
    assert build_problem([household()], [lot(1, "banana")], WEIGHTS).extras.reserve is None
    spared = build_problem([replace(household(), spare=2), household(2)], OFFERS, WEIGHTS)
    assert spared.extras.reserve is not None
    assert spared.extras.reserve.tolist() == [2, 0]
