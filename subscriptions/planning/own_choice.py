"""Boxes that households have changed themselves and that lose a lot: what they chose stays, and they are filled up.

Such boxes come before all others: first each keeps what is left of what it held, then each is filled up in turn.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.edit import Outcome, alone
from subscriptions.planning.edit_mend import refilled
from subscriptions.planning.part import boxes_of, with_boxes
from subscriptions.planning.plan import Plan, plan_of
from subscriptions.planning.problem import Problem

Ints = NDArray[np.int64]
Marks = NDArray[np.bool_]


def filled_up(problem: Problem, before: Plan, who: Ints, others: Marks) -> tuple[Plan, Ints]:
    """Fill boxes up around what is left of what they held; all other boxes stay as they are.

    Parameters
    ----------
    problem
        The week as it is now.
    before
        The plan with the boxes as they were.
    who
        Households whose boxes have lost something.
    others : shape (n_subscribers,)
        Boxes whose contents are theirs; none of `who`.

    Returns
    -------
    tuple[Plan, Ints]
        The plan, and the households whose box is mended. The rest of `who` are as they were: nothing of what they
        held is left, or what is left breaks a rule of today.
    """
    held = np.repeat(others, np.diff(before.box_ptr))
    taken = np.bincount(before.line_lot[held], before.line_units[held], minlength=problem.n_lots)
    left = np.maximum(problem.lot_stock.astype(np.int64) - taken.astype(np.int64), 0)
    kept = [_what_is_left(boxes_of(problem, before, who[k : k + 1]), left) for k in range(len(who))]
    found: dict[int, Outcome] = {}
    for n, own in zip(who.tolist(), kept, strict=True):
        left += own
        units = {lot: int(own[lot]) for lot in np.flatnonzero(own).tolist()}
        made = (
            refilled(alone(problem, n, left), units, wanted=units, unwanted=()) if units else None
        )
        if made is not None:
            found[n] = made
            for lot, count in made.units.items():
                left[lot] -= count
    done = np.array(list(found), dtype=np.int64)
    if not found:
        return before, done
    boxes = _joined([outcome.plan for outcome in found.values()])
    return with_boxes(problem, before, done, boxes), done


def _what_is_left(box: Plan, left: Ints) -> Ints:
    """Take what there still is of what a box held off what is left; returns its units by lot, shape (L,)."""
    held = np.bincount(box.line_lot, box.line_units, minlength=len(left)).astype(np.int64)
    own = np.minimum(held, left)
    left -= own
    return own


def _joined(plans: Sequence[Plan]) -> Plan:
    """Put the boxes of plans one after another."""

    def all_of(name: str) -> Any:
        return np.concatenate([getattr(plan, name) for plan in plans])

    counts = np.concatenate([[0], *(np.diff(plan.box_ptr) for plan in plans)])
    names = ("line_lot", "line_mode", "line_units", "line_eat")
    return plan_of(
        np.cumsum(counts),
        *(all_of(name) for name in names),
        line_reserve=all_of("line_reserve"),
        carry_eat=all_of("carry_eat"),
    )
