"""Scarce produce goes round, at a price that can be told, and everybody can be told why."""

from dataclasses import replace
from itertools import pairwise
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subscriptions.adapters.plan_record import (
    pack_answers,
    pack_week,
    unpack_answers,
    unpack_week,
)
from subscriptions.planning.answer import Answer, Answers
from subscriptions.planning.checker import check
from subscriptions.planning.fairness import (
    PLENTY,
    TURNS_MOST,
    answers_of,
    best_lots,
    bonus_of,
    held_by,
    of_lots,
    plan_fairly,
    with_turns,
)
from subscriptions.planning.problem import EXCLUDED, FLOWER, FRUIT, LAYOUT, MIXED, Problem
from subscriptions.planning.record import PlanRecord, WeekRecord, missed_turns
from subscriptions.planning.solve import Params, solve
from tests.subscriptions.planning.brute_force import every_box
from tests.subscriptions.planning.instances import problem_of, problems

EXACT = Params(threads=1, exact=True)
APPLE, MANGO, ROSE = range(3)
APPLES: dict[str, Any] = {"prod": APPLE, "stock": 99, "cost": 20}
"""Enough apples for all; a mango at the same cost is what everybody below would rather have."""


def a_week(*households: dict[str, Any], mangoes: int = 1) -> Problem:
    lots = [APPLES, {"prod": MANGO, "stock": mangoes, "cost": 20, "portions": 2, "pv": 2}]
    return problem_of(list(households), lots, [FRUIT, FRUIT])


def lover(**said: Any) -> dict[str, Any]:
    return {"pref": [0, 50], "horizon": 4, "u_max": 4, **said}


def no_turns(problem: Problem) -> Any:
    return np.zeros((problem.n_subscribers, problem.n_products), dtype=np.uint8)


def turns(problem: Problem, *of_mango: int) -> Any:
    missed = no_turns(problem)
    missed[:, MANGO] = of_mango
    return missed


@given(problems(longest=5))
@settings(max_examples=30, deadline=None)
def test_without_turns_missed_the_plan_is_the_usual_one(problem: Problem) -> None:
    params = Params(threads=1, fast=True)
    fair = plan_fairly(problem, no_turns(problem), seed=5, params=params)
    usual = solve(problem, seed=5, params=params)
    for name in ("box_ptr", "line_lot", "line_mode", "line_units", "line_eat"):
        assert np.array_equal(getattr(fair.result.plan, name), getattr(usual.plan, name))
    assert with_turns(problem, no_turns(problem)) is problem


@given(problems(longest=5), st.data())
@settings(max_examples=60, deadline=None)
def test_a_turn_is_worth_what_it_says_and_changes_no_rule(
    problem: Problem, data: st.DataObject
) -> None:
    """Objective with turns = objective without - bonus of what boxes hold, for any plan; the rules are the same."""
    even = np.where(problem.pref == EXCLUDED, EXCLUDED, problem.pref // 2 * 2).astype(np.int8)
    problem = replace(problem, pref=even)
    missed = drawn_turns(problem, data)
    week = with_turns(problem, missed)
    plan = solve(problem, params=Params(threads=1, fast=True)).plan
    plain, fair = check(problem, plan), check(week, plan)
    prod, who = problem.lot_prod[plan.line_lot], plan.line_subscriber
    held = plan.line_units * problem.lot_pv[plan.line_lot].astype(np.int64)
    earned = problem.weights.pref_cents * int((bonus_of(missed)[who, prod] * held).sum())
    assert fair.objective == plain.objective - earned
    assert fair.is_feasible
    assert plain.is_feasible
    assert ((week.pref == EXCLUDED) == (problem.pref == EXCLUDED)).all()


def drawn_turns(problem: Problem, data: st.DataObject) -> Any:
    shape = problem.pref.shape
    drawn = data.draw(
        st.lists(st.integers(0, 7), min_size=problem.pref.size, max_size=problem.pref.size)
    )
    return np.array(drawn, dtype=np.uint8).reshape(shape)


@given(problems(max_households=1, max_lots=4, longest=4), st.data())
@settings(max_examples=60, deadline=None)
def test_more_turns_missed_never_bring_less_at_fixed_prices(
    problem: Problem, data: st.DataObject
) -> None:
    """By trying every box: what one more turn makes best holds as much of the produce as what was best."""
    problem = replace(problem, lot_stock=np.minimum(problem.lot_stock, 3))
    product = data.draw(st.integers(0, problem.n_products - 1))
    portions = np.where(problem.lot_prod == product, problem.lot_pv, 0).astype(int)
    least, most = [], []
    for n in range(TURNS_MOST + 2):
        missed = no_turns(problem)
        missed[:, product] = n
        boxes = every_box(with_turns(replace_odd(problem), missed), 0)
        best = min(boxes.values())
        held = [int(portions @ np.array(units)) for units, v in boxes.items() if v == best]
        least.append(min(held))
        most.append(max(held))
    assert all(a <= b for a, b in pairwise(most))
    assert all(a <= b for a, b in pairwise(least))


def replace_odd(problem: Problem) -> Problem:
    even = np.where(problem.pref == EXCLUDED, EXCLUDED, problem.pref // 2 * 2)
    return replace(problem, pref=even.astype(np.int8))


@given(problems(max_households=2, max_lots=4, longest=4))
@settings(max_examples=60, deadline=None)
def test_what_a_household_wants_is_in_its_best_box_were_there_plenty(problem: Problem) -> None:
    """Against every box that could be packed: the best with the produce is the best of all, to a cent."""
    problem = replace(problem, u_max=np.minimum(problem.u_max, 2))
    everything = np.ones(problem.n_lots, dtype=np.bool_)
    wants = of_lots(problem, best_lots(problem, np.zeros(problem.n_lots), EXACT), everything)
    plenty = replace(problem, lot_stock=np.full_like(problem.lot_stock, PLENTY))
    for n in range(problem.n_subscribers):
        boxes = every_box(plenty, n)
        best = min(boxes.values())
        for product in np.flatnonzero(wants[n]).tolist():
            lots = np.flatnonzero(problem.lot_prod == product)
            with_it = [v for units, v in boxes.items() if np.array(units)[lots].any()]
            assert min(with_it) <= best + 100


@given(problems(longest=5), st.data())
@settings(max_examples=40, deadline=None)
def test_households_in_another_order_get_the_same_answers(
    problem: Problem, data: st.DataObject
) -> None:
    order = np.array(data.draw(st.permutations(range(problem.n_subscribers))), dtype=int)
    missed = drawn_turns(problem, data)
    params = Params(threads=1, fast=True)
    shared = plan_fairly(problem, missed, params=params)
    moved = replace(
        problem,
        **{name: getattr(problem, name)[order] for name, (_, axes) in LAYOUT.items() if axes[0] == "N"},
    )  # fmt: skip
    plan = shared.result.plan
    lines = [i for n in order.tolist() for i in plan.lines_of(n)]
    sizes = np.diff(plan.box_ptr)[order]
    same = replace(
        plan,
        box_ptr=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        line_reserve=np.zeros(len(lines), dtype=np.uint8),
        **{name: getattr(plan, name)[lines] for name in ("line_lot", "line_mode", "line_units", "line_eat")},
    )  # fmt: skip
    result = replace(shared.result, plan=same)
    answers = answers_of(moved, result, missed[order], params=params)
    assert np.array_equal(answers.reason, shared.answers.reason[order])


@given(problems(longest=5), st.data())
@settings(max_examples=40, deadline=None)
def test_answers_agree_with_the_boxes_and_the_lists(problem: Problem, data: st.DataObject) -> None:
    shared = plan_fairly(problem, drawn_turns(problem, data), params=Params(threads=1, fast=True))
    answers, held = shared.answers, held_by(problem, shared.result.plan)
    assert ((answers.reason == Answer.IN_BOX.code) == held).all()
    assert (answers.reason[problem.pref == EXCLUDED] <= Answer.NEVER_LIST.code).all()
    used = np.bincount(
        shared.result.plan.line_lot, shared.result.plan.line_units, minlength=problem.n_lots
    )
    ran_out = set(problem.lot_prod[(used == problem.lot_stock) & (used > 0)].tolist())
    assert set(np.nonzero(answers.missed_now)[1].tolist()) <= ran_out
    for n, p in np.argwhere(answers.missed_now).tolist():
        why = answers.why(n, p)
        assert why.wanted > why.got
        assert why.missed == answers.missed[n, p] + 1
        assert why.got_longer <= why.got
        assert len(why.standing) == 3 + (why.got_longer > 0)


def test_who_has_waited_longer_gets_the_only_one() -> None:
    week = a_week(lover(), lover(), lover())
    for first in range(3):
        waited = [3 if n == first else n for n in range(3)]
        answers = plan_fairly(week, turns(week, *waited), params=EXACT).answers
        got = [n for n in range(3) if answers.why(n, MANGO).answer is Answer.IN_BOX]
        assert got == [first]
        others = [answers.why(n, MANGO) for n in range(3) if n != first]
        assert {why.answer for why in others} == {Answer.WAITED_LONGER}
        assert str(others[0].standing[0]) == "3 households wanted it, 1 got it."


def test_one_fruit_a_week_goes_round_all_who_want_it() -> None:
    week = a_week(*[lover() for _ in range(4)])
    missed, had = no_turns(week), []
    for k in range(8):
        shared = plan_fairly(week, missed, seed=k, params=EXACT)
        held = held_by(week, shared.result.plan)
        had.append(held[:, MANGO])
        missed = np.where(held, 0, missed + shared.answers.missed_now).astype(np.uint8)
    assert np.array(had).sum(axis=0).tolist() == [2, 2, 2, 2]


def test_a_turn_never_outbids_a_day_with_nothing_ripe() -> None:
    """The last fruit of the week goes where a day would be bare, however long the other has waited."""
    waited = lover(pref=[100, 100])
    alone = lover(pref=[EXCLUDED, -100], horizon=2)
    week = a_week(waited, alone)
    answers = plan_fairly(week, turns(week, 200, 0), params=EXACT).answers
    assert answers.why(1, MANGO).answer is Answer.IN_BOX
    assert answers.why(0, MANGO).answer is Answer.WORTH_MORE


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({}, Answer.IN_BOX),
        ({"pref": [0, EXCLUDED]}, Answer.NEVER_LIST),
        ({"plan": FLOWER, "n_por": 0, "k_stem": 3}, Answer.NOT_IN_PLAN),
        ({"horizon": 1, "weekday": 4}, Answer.NOT_RIPE),
        ({"u_max": 0}, Answer.LIMITS),
        ({"budget": 19}, Answer.OVER_BUDGET),
        ({"grams_max": 99}, Answer.OVER_WEIGHT),
        ({"pref": [0, -100]}, Answer.SUITS_LESS),
    ],
)
def test_the_first_thing_in_the_way_is_the_answer(said: dict[str, Any], answer: Answer) -> None:
    lots = [APPLES, {"prod": MANGO, "stock": 9, "cost": 20, "last": 3}]
    week = problem_of([lover(**said)], lots, [FRUIT, FRUIT])
    answers = plan_fairly(week, no_turns(week), params=EXACT).answers
    assert answers.why(0, MANGO).answer is answer
    assert answers.why(0, MANGO).standing == ()


def test_what_was_gone_before_is_not_a_turn_missed() -> None:
    week = a_week(lover(), mangoes=0)
    answers = plan_fairly(week, no_turns(week), params=EXACT).answers
    assert answers.why(0, MANGO).answer is Answer.ALL_PROMISED
    assert not answers.missed_now.any()
    assert answers.scarce() == []


def test_flowers_are_spoken_of_as_flowers() -> None:
    week = problem_of(
        [{"plan": MIXED, "k_stem": 1, "pref": [0, 0, 0]}],
        [APPLES, {"prod": ROSE, "windows": [(9, 0)] * 3}],
        [FRUIT, FRUIT, FLOWER],
    )
    answers = plan_fairly(week, no_turns(week), params=EXACT).answers
    assert "bloom" in str(answers.why(0, ROSE).message)
    assert answers.why(0, MANGO).answer is Answer.NOT_OFFERED


def test_a_box_that_was_changed_answers_for_what_it_holds_now() -> None:
    week = a_week(lover(), lover())
    answers = plan_fairly(week, turns(week, 1, 0), params=EXACT).answers
    got, without = answers.why(0, MANGO), answers.why(1, MANGO)
    assert got.as_held(is_held=True) == got
    assert got.as_held(is_held=False).answer is Answer.CHANGED_SINCE
    assert without.as_held(is_held=False) == without
    swapped = without.as_held(is_held=True)
    assert (swapped.answer, swapped.missed, swapped.standing) == (Answer.IN_BOX, 0, ())


def test_a_record_is_read_back_and_replays_to_the_same_boxes() -> None:
    week = replace(a_week(lover(), lover(), lover()), products=("apple", "mango"))
    ids = [UUID(int=n + 1) for n in range(3)]
    missed = missed_turns(
        {ids[1]: {"mango": 2, "pear": 9}, ids[2]: {"mango": 999}}, ids, week.products
    )
    assert missed[:, MANGO].tolist() == [0, 2, 255]
    shared = plan_fairly(week, missed, seed=7, params=Params())
    kept = WeekRecord(week, missed, 7, Params().threads, shared.result.plan)
    record = PlanRecord(ids, shared.answers, kept)

    back_ids, answers = unpack_answers(pack_answers(record))
    back = unpack_week(pack_week(kept), answers.missed)

    assert back_ids == ids
    assert [answers.why(n, MANGO) for n in range(3)] == [
        shared.answers.why(n, MANGO) for n in range(3)
    ]
    assert back.replays()
    assert [produce for _, produce, _ in record.missed_now()] == ["mango", "mango"]
    other = replace(back.plan, line_units=back.plan.line_units + 1)
    assert not replace(back, plan=other).replays()


def test_scarcity_sums_up_who_waits_and_how_long() -> None:
    reason = np.array([[0, 12], [0, 13], [0, 12], [0, 0]], dtype=np.int8)
    missed = np.array([[0, 2], [0, 0], [0, 0], [0, 1]], dtype=np.uint8)
    answers = Answers(("apple", "mango"), np.zeros(2, dtype=np.bool_), reason, missed)
    (scarce,) = answers.scarce()
    assert (scarce.produce_key, scarce.wanted, scarce.got) == ("mango", 4, 1)
    assert scarce.waits == (2, 0, 1)
