"""The checker's view of what is still at home from earlier boxes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.checker_lines import DAYS, Ints, Marks
from subscriptions.planning.checker_verdict import Findings
from subscriptions.planning.plan import Plan
from subscriptions.planning.problem import DAYS_MAX, FRUIT, Problem


@dataclass(frozen=True, slots=True, eq=False)
class AtHome:
    """Items at home with the boxes from `first` on; `item` is the index of each among all of them.

    `eat` has shape (14, items). The items of a box lie between its `starts`.
    """

    first: int
    item: Ints
    box: Ints
    starts: Ints
    prod: Ints
    is_fruit: Marks
    portions: NDArray[np.int8]
    opens: NDArray[np.int8]
    closes: NDArray[np.int8]
    eat: NDArray[np.uint8]


def carry_eat_of(problem: Problem, plan: Plan, findings: Findings) -> NDArray[np.uint8]:
    """Return what is eaten of each item at home; nothing where the plan speaks of other items."""
    n = problem.extras.n_carried
    eat, fits = plan.carry_eat, len(plan.carry_eat) == n
    if not fits and len(eat):
        findings.note("carried", np.ones(1, dtype=np.bool_), found=len(eat), allowed=n)
    return eat if fits else np.zeros((n, DAYS_MAX), dtype=np.uint8)


def at_home(problem: Problem, carry_eat: NDArray[np.uint8], first: int, last: int) -> AtHome:
    """Look up the items at home with the boxes `first` to `last - 1`."""
    extras = problem.extras
    if (
        extras.carry_ptr is None
        or extras.carry_prod is None
        or extras.carry_portions is None
        or extras.carry_a is None
        or extras.carry_b is None
    ):
        return _nothing(first, last)
    ptr = extras.carry_ptr[first : last + 1]
    here = slice(int(ptr[0]), int(ptr[-1]))
    prod = extras.carry_prod[here].astype(np.intp)
    return AtHome(
        first=first,
        item=np.arange(here.start, here.stop),
        box=np.repeat(np.arange(last - first), np.diff(ptr)),
        starts=ptr - ptr[0],
        prod=prod,
        is_fruit=problem.prod_kind[prod] == FRUIT,
        portions=extras.carry_portions[here],
        opens=extras.carry_a[here],
        closes=extras.carry_b[here],
        eat=carry_eat[here].T,
    )


def _nothing(first: int, last: int) -> AtHome:
    none, byte = np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.int8)
    return AtHome(
        first, none, none, np.zeros(last - first + 1, dtype=np.intp), none,
        np.zeros(0, dtype=np.bool_), byte, byte, byte, np.zeros((DAYS_MAX, 0), dtype=np.uint8),
    )  # fmt: skip


def home_breaches(problem: Problem, home: AtHome, findings: Findings) -> None:
    """Rules about eating what is at home: ripe, before the next box, no more than is left, no flowers."""
    who, eaten = home.box + home.first, home.eat > 0
    outside = (home.opens > DAYS) | (home.closes < DAYS)
    fruit = eaten & home.is_fruit
    for rule, wrong in (
        ("carried_flower_eaten", eaten & ~home.is_fruit),
        ("carried_outside_window", fruit & outside),
        ("carried_after_horizon", fruit & (problem.horizon[who] <= DAYS)),
    ):
        findings.note(rule, wrong, subscriber=who, carried=home.item, day=DAYS, found=home.eat)
    taken = home.eat.sum(axis=0, dtype=np.int32)
    findings.note(
        "carried_more_than_left", home.is_fruit & (taken > home.portions), subscriber=who,
        carried=home.item, found=taken, allowed=home.portions,
    )  # fmt: skip
