"""From households and lots to a problem, and from a plan to boxes."""

from dataclasses import replace
from uuid import UUID

import numpy as np
import pytest

from ripeday.kit.errors import Invalid
from subscriptions.planning.assemble import (
    BoxProposal,
    DueHousehold,
    LotOffer,
    build_problem,
    read_boxes,
)
from subscriptions.planning.problem import EXCLUDED, PlanWeights, Problem
from subscriptions.planning.solve import Params, solve


def household(n: int = 1) -> DueHousehold:
    return DueHousehold(
        subscription_id=UUID(int=n),
        plan_kind="fruit",
        portions_a_day=1,
        stems_a_day=0,
        horizon_days=7,
        weekday=0,
        home_class=3,
        tastes={"banana": 40, "durian": -100},
        excluded=frozenset({"kiwi"}),
        last_week=frozenset({"apple"}),
        budget_minor=2000,
        grams_max=5000,
        u_max=5,
        c_day=1,
        min_distinct=2,
    )


def lot(n: int, key: str, *, cost: int = 40, first: int = 0, last: int = 6) -> LotOffer:
    """Edible on the counter from `first` to `last`, and not to be put in a fridge."""
    win_a, win_b = np.full((8, 4), 9, dtype=np.int8), np.zeros((8, 4), dtype=np.int8)
    win_a[:, 0], win_b[:, 0] = first, last
    return LotOffer(
        lot_id=UUID(int=100 + n),
        produce_key=key,
        kind="fruit",
        units_available=9,
        cost_minor=cost,
        grams=150,
        portions=1,
        pv=1,
        last_weekday=4,
        bonus_minor=(0, 1, 2, 3, 4),
        win_a=win_a,
        win_b=win_b,
    )


def planned(problem: Problem, due: list[DueHousehold], offers: list[LotOffer]) -> list[BoxProposal]:
    made = solve(problem, params=Params(threads=1))
    assert made.verdict.is_feasible
    return read_boxes(problem, made.plan, made.verdict, due, offers)


OFFERS = [lot(1, "banana", last=3), lot(2, "apple", first=2, last=20), lot(3, "kiwi", cost=1)]


def test_tastes_never_lists_and_last_week_reach_the_arrays() -> None:
    problem = build_problem([household()], OFFERS)
    place = {key: p for p, key in enumerate(problem.products)}
    assert problem.pref[0, place["banana"]] == 40
    assert problem.pref[0, place["kiwi"]] == EXCLUDED
    assert problem.last_week[0, 0] == 1 << place["apple"]
    assert problem.lot_bonus[0].tolist() == [0, 1, 2, 3, 4]


def test_boxes_name_their_lots_and_days() -> None:
    due = [household(1), household(2)]
    problem = build_problem(due, OFFERS)

    boxes = planned(problem, due, OFFERS)

    assert [box.subscription_id for box in boxes] == [UUID(int=1), UUID(int=2)]
    for box in boxes:
        assert {line.produce_key for line in box.lines} == {"apple", "banana"}
        assert box.uncovered == ()
        assert box.cost_minor == sum(40 * line.units for line in box.lines)
        assert [sum(days) for days in zip(*(line.eat for line in box.lines), strict=True)] == [
            1
        ] * 7
        apple = next(line for line in box.lines if line.produce_key == "apple")
        assert (apple.lot_id, apple.mode) == (UUID(int=102), "counter")
        assert (apple.ready_day, apple.last_day) == (2, 6)


def test_a_box_brings_its_bare_days_with_it() -> None:
    due = [household(1), replace(household(2), excluded=frozenset({"kiwi", "banana"}))]
    problem = build_problem(due, OFFERS)
    first, second = planned(problem, due, OFFERS)
    assert first.uncovered == ()
    assert [(day.day, day.reason.value) for day in second.uncovered] == [
        (0, "excluded"),
        (1, "excluded"),
    ]


def test_a_two_week_household_is_planned_to_its_next_box() -> None:
    due = [replace(household(), horizon_days=14, u_max=9, c_day=1, budget_minor=5000)]
    offers = [lot(1, "banana", last=6), lot(2, "apple", first=5, last=13)]
    problem = build_problem(due, offers)
    (box,) = planned(problem, due, offers)
    assert box.uncovered == ()
    assert all(len(line.eat) == 14 for line in box.lines)


@pytest.mark.parametrize(
    ("field", "due", "offers"),
    [
        ("kind", [replace(household(), plan_kind="cheese")], OFFERS),
        ("kind", [household()], [replace(OFFERS[0], kind="cheese")]),
        ("kind", [household()], [OFFERS[0], replace(OFFERS[0], kind="flower")]),
        ("u_max", [replace(household(), u_max=300)], OFFERS),
        ("horizon", [replace(household(), horizon_days=15)], OFFERS),
        ("home", [replace(household(), home_class=8)], OFFERS),
    ],
)
def test_nonsense_is_refused_by_name(
    field: str, due: list[DueHousehold], offers: list[LotOffer]
) -> None:
    with pytest.raises(Invalid) as refused:
        build_problem(due, offers)
    assert refused.value.field == field


def test_no_lots_at_all_leaves_every_day_bare() -> None:
    problem = build_problem([household()], [])
    (box,) = planned(problem, [household()], [])
    assert box.lines == ()
    assert {day.reason.value for day in box.uncovered} == {"nothing_ripe_that_day"}


def test_what_may_be_lost_reaches_the_arrays_in_the_money_of_the_weights() -> None:
    assert build_problem([household()], OFFERS).extras.given() == {}
    loss, by_day = np.zeros((2, 8, 4)), np.zeros((8, 4, 14))
    loss[:, 3, 0], by_day[3, 0, 5] = (0.1, 0.3), 0.2
    offers = [OFFERS[0], replace(OFFERS[1], loss=loss, loss_by_day=by_day)]
    yuan = PlanWeights(uncovered_portion=1250)
    for weights, risk in ((PlanWeights(), 2500), (yuan, 12_500)):
        extras = build_problem([household()], offers, weights).extras
        assert extras.win_risk is not None
        assert extras.day_risk is not None
        assert extras.win_risk[1, :, 3, 0].tolist() == [risk] * 5
        assert extras.win_risk.sum() == 5 * risk
        assert extras.day_risk[1, :, 3, 0, 5].tolist() == [51] * 5
        assert extras.day_risk.sum() == 5 * 51


def test_what_may_be_lost_depends_on_when_the_next_box_comes() -> None:
    loss = np.zeros((2, 8, 4))
    loss[:, 3, 0] = 0.1, 0.3
    due = [household(1), replace(household(2), horizon_days=14)]
    problem = build_problem(due, [replace(OFFERS[1], loss=loss)])
    assert problem.home.tolist() == [3, 11]
    assert problem.extras.win_risk is not None
    assert problem.extras.win_risk[0, 0, [3, 11], 0].tolist() == [2500, 7500]


def test_what_is_not_ready_before_the_next_box_is_not_sent() -> None:
    """However much it is liked, and though another kind of fruit is wished for."""
    liked = {"apple": 100, "banana": 0}
    due = [replace(household(n), tastes=liked, horizon_days=7 * n) for n in (1, 2)]
    offers = [lot(1, "banana"), lot(2, "apple", cost=1, first=7, last=13)]
    one, two = planned(build_problem(due, offers), due, offers)
    assert {line.produce_key for line in one.lines} == {"banana"}
    assert {line.produce_key for line in two.lines} == {"banana", "apple"}
