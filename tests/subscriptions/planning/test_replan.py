"""Mending a plan after the week has changed."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from ripeday.kit.errors import Invalid
from subscriptions.adapters.plan_file import read_problem
from subscriptions.planning.extras import Extras
from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import Problem
from subscriptions.planning.replan import ASKED, LOT_FAILED, MADE_ROOM, UNCHANGED, mend
from subscriptions.planning.solve import Params, Result, solve
from tests.subscriptions.planning.instances import DATA

ONE = Params(threads=1)


@pytest.fixture(scope="module")
def week() -> Problem:
    return read_problem(DATA / "n500.npz")


@pytest.fixture(scope="module")
def planned(week: Problem) -> Result:
    return solve(week, params=replace(ONE, fast=True))


def box(plan: Plan, n: int) -> list[tuple[int, int, int]]:
    return sorted(
        (int(plan.line_lot[i]), int(plan.line_mode[i]), int(plan.line_units[i]))
        for i in plan.lines_of(n)
    )


def failing(week: Problem, plan: Plan, left: float) -> tuple[Problem, int]:
    """The week with its most used lot cut to a share of what the plan takes of it."""
    used = np.bincount(plan.line_lot, weights=plan.line_units, minlength=week.n_lots)
    lot = int(used.argmax())
    stock = week.lot_stock.copy()
    stock[lot] = int(used[lot] * left)
    return replace(week, lot_stock=stock), lot


def nobody(week: Problem) -> NDArray[np.bool_]:
    return np.zeros(week.n_subscribers, dtype=np.bool_)


def test_a_week_that_has_not_changed_keeps_every_box(week: Problem, planned: Result) -> None:
    mended = mend(week, planned.plan, changed=nobody(week), prices=planned.prices, params=ONE)
    assert not mended.why.any()
    assert mended.result.verdict.objective == planned.verdict.objective


def test_a_lot_that_fails_changes_just_the_boxes_that_held_it(
    week: Problem, planned: Result
) -> None:
    now, lot = failing(week, planned.plan, 0.0)
    mended = mend(now, planned.plan, changed=nobody(week), prices=planned.prices, params=ONE)
    after = mended.result
    assert after.verdict.is_feasible
    for n in range(week.n_subscribers):
        held = lot in {each for each, _, _ in box(planned.plan, n)}
        assert mended.why[n] == (LOT_FAILED if held else UNCHANGED)
        if not held:
            assert box(after.plan, n) == box(planned.plan, n)


def test_of_a_lot_that_falls_short_only_as_many_boxes_change_as_it_takes(
    week: Problem, planned: Result
) -> None:
    now, lot = failing(week, planned.plan, 0.9)
    mended = mend(now, planned.plan, changed=nobody(week), params=ONE)
    plan = planned.plan
    held = (plan.line_lot == lot) & (mended.why == LOT_FAILED)[plan.line_subscriber]
    kept = (plan.line_lot == lot) & (mended.why == UNCHANGED)[plan.line_subscriber]
    assert mended.result.verdict.is_feasible
    assert plan.line_units[kept].sum() <= now.lot_stock[lot]
    # Without the last box to give up there would still be too little.
    assert plan.line_units[kept].sum() + plan.line_units[held].max() > now.lot_stock[lot]


def test_households_that_skip_get_no_box_and_nobody_elses_changes(
    week: Problem, planned: Result
) -> None:
    changed = nobody(week)
    changed[[3, 4]] = True
    wanted = {
        name: np.where(changed, 0, getattr(week, name)).astype(np.int8)
        for name in ("n_por", "k_stem", "min_dist")
    }
    mended = mend(replace(week, **wanted), planned.plan, changed=changed, params=ONE)
    assert np.flatnonzero(mended.why == ASKED).tolist() == [3, 4]
    assert [box(mended.result.plan, n) for n in (3, 4)] == [[], []]


def test_a_confirmed_box_is_the_last_to_give_up(week: Problem, planned: Result) -> None:
    now, lot = failing(week, planned.plan, 0.5)
    holders = np.unique(planned.plan.line_subscriber[planned.plan.line_lot == lot])
    keep = np.zeros(week.n_subscribers, dtype=np.uint8)
    keep[holders[: len(holders) // 3]] = 1
    mended = mend(
        replace(now, extras=Extras(keep=keep)), planned.plan, changed=nobody(week), params=ONE
    )
    assert not mended.why[keep == 1].any()
    assert mended.why.any()


def test_boxes_that_need_not_change_are_eaten_on_the_same_days(
    week: Problem, planned: Result
) -> None:
    now, _ = failing(week, planned.plan, 0.0)
    mended = mend(now, planned.plan, changed=nobody(week), prices=planned.prices, params=ONE)
    before, after = planned.plan, mended.result.plan
    for n in np.flatnonzero(mended.why == UNCHANGED):
        days = before.line_eat[before.lines_of(n)], after.line_eat[after.lines_of(n)]
        assert np.array_equal(*days)


def test_others_change_only_when_allowed_to_and_only_where_nothing_is_confirmed(
    week: Problem, planned: Result
) -> None:
    now, lot = failing(week, planned.plan, 0.0)
    free = np.unique(planned.plan.line_subscriber[planned.plan.line_lot != lot])
    keep = np.zeros(week.n_subscribers, dtype=np.uint8)
    keep[free[::2]] = 1
    now = replace(now, extras=Extras(keep=keep))
    alone, together = (
        mend(
            now,
            planned.plan,
            changed=nobody(week),
            prices=planned.prices,
            others=others,
            params=ONE,
        )
        for others in (0, 40)
    )
    room = together.why == MADE_ROOM
    assert 0 < room.sum() <= 40
    assert not (room & (keep == 1)).any()
    assert not (alone.why == MADE_ROOM).any()
    assert together.result.verdict.is_feasible
    assert together.result.verdict.objective < alone.result.verdict.objective
    for n in range(week.n_subscribers):
        if together.why[n] == UNCHANGED:
            assert box(together.result.plan, n) == box(planned.plan, n)
        elif room[n]:
            assert box(together.result.plan, n) != box(planned.plan, n)


def test_boxes_whose_lots_are_good_on_other_days_now_are_eaten_on_those(
    week: Problem, planned: Result
) -> None:
    later = np.minimum(week.win_a + 1, 127).astype(np.int8)
    now = replace(week, win_a=np.where(week.win_a <= week.win_b, later, week.win_a))
    now = replace(now, win_b=np.where(now.win_a > now.win_b, now.win_a, now.win_b))
    mended = mend(now, planned.plan, changed=nobody(week), prices=planned.prices, params=ONE)
    assert mended.result.verdict.is_feasible
    assert not mended.why.any()


def test_a_mended_plan_can_say_how_far_from_the_best_it_is(week: Problem, planned: Result) -> None:
    now, _ = failing(week, planned.plan, 0.5)
    params = replace(ONE, bound=True)
    mended = mend(now, planned.plan, changed=nobody(week), prices=planned.prices, params=params)
    assert mended.result.gap is not None
    assert 0 <= mended.result.gap < 0.2


@pytest.mark.parametrize("others", [-1, 501])
def test_as_many_others_as_there_are_not_are_refused(
    week: Problem, planned: Result, others: int
) -> None:
    with pytest.raises(Invalid):
        mend(week, planned.plan, changed=nobody(week), others=others, params=ONE)


def test_mending_the_same_week_twice_gives_the_same_boxes(week: Problem, planned: Result) -> None:
    now, _ = failing(week, planned.plan, 0.0)
    one, two = (mend(now, planned.plan, changed=nobody(week), params=ONE) for _ in range(2))
    assert one.result.verdict.objective == two.result.verdict.objective


def test_a_plan_of_other_households_is_refused(week: Problem, planned: Result) -> None:
    fewer = np.zeros(3, dtype=np.bool_)
    with pytest.raises(Invalid):
        mend(week, planned.plan, changed=fewer, params=ONE)
