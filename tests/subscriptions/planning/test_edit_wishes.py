"""The best mends of a box whose household wishes more: to spare, either/or, a least value; beside trying everything."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from subscriptions.planning.edit import Outcome, alone, outcome_of, outcome_of_lines
from subscriptions.planning.edit_mend import mends
from subscriptions.planning.problem import Problem
from tests.subscriptions.planning.test_edit import every_step
from tests.subscriptions.planning.wishes import weeks_with_wishes


@st.composite
def edited_boxes(draw: st.DrawFn) -> tuple[Problem, dict[int, int]]:
    """A household of its own, with all it wishes, and a few units of any lots."""
    problem = draw(weeks_with_wishes(max_households=1))
    units = st.dictionaries(st.integers(0, problem.n_lots - 1), st.integers(1, 2), max_size=3)
    return alone(problem, 0), draw(units)


def lacks(problem: Problem, outcome: Outcome) -> int:
    """What missing portions and stems of a box cost."""
    weights = problem.weights
    missing, stems = (
        np.sum(each, dtype=np.int64) for each in (outcome.missing, outcome.stems_missing)
    )
    return int(weights.uncovered_portion * missing + weights.uncovered_stem_day * stems)


@settings(max_examples=150, deadline=None)
@given(edited_boxes())
def test_the_best_mend_is_the_best_of_every_step(given_: tuple[Problem, dict[int, int]]) -> None:
    problem, units = given_
    edited = outcome_of(problem, units)
    if not edited.days and not edited.breaches:
        return
    good = []
    for box in every_step(problem, edited.lines, set(), set()):
        outcome = outcome_of_lines(problem, list(box))
        less, more = lacks(problem, edited), lacks(problem, outcome)
        if not outcome.breaches and (more < less or (edited.breaches and more <= less)):
            good.append(outcome.objective)

    found = mends(problem, edited, wanted=(), unwanted=(), most=1)

    assert [mend.outcome.objective for mend in found] == ([min(good)] if good else [])
