"""Plans at random, plausible ones and hostile ones, and what a week may say beyond the plain format."""

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from subscriptions.planning.extras import Extras
from subscriptions.planning.plan import Plan, plan_of
from subscriptions.planning.problem import FLOWER, PlanWeights, Problem
from tests.subscriptions.planning.instances import problems

LARGE = 2**31 - 1
HUGE_COSTS = st.sampled_from([0, 1, 2**16, LARGE - 1, LARGE])


@st.composite
def plans(draw: st.DrawFn, problem: Problem, *, hostile: bool) -> Plan:
    """Some lines in each box, in any order; a hostile plan also names what is not there, and in any number."""
    n_lots, n_modes = problem.n_lots, problem.win_a.shape[3]
    lots, modes = st.integers(0, n_lots - 1), st.integers(0, n_modes - 1)
    units, portions = st.integers(1, 3), st.sampled_from([0, 0, 0, 0, 0, 1, 1, 2])
    reserves = st.sampled_from([0, 0, 0, 1])
    n_boxes = problem.n_subscribers
    if hostile:
        lots |= st.sampled_from([-(2**31), -1, n_lots, LARGE])
        modes |= st.sampled_from([-128, -1, n_modes, 127])
        units |= st.sampled_from([-(2**31), -1, 0, LARGE])
        portions |= st.sampled_from([254, 255])
        reserves |= st.just(255)
        n_boxes = draw(st.integers(0, n_boxes + 1))
    lines = st.tuples(lots, modes, units, st.lists(portions, min_size=14, max_size=14), reserves)
    boxes = [draw(st.lists(lines, max_size=6)) for _ in range(n_boxes)]
    flat = [line for box in boxes for line in box]
    n_items = problem.extras.n_carried + (draw(st.integers(0, 1)) if hostile else 0)
    eaten = [draw(st.lists(portions, min_size=14, max_size=14)) for _ in range(n_items)]
    return plan_of(
        np.cumsum([0, *map(len, boxes)]),
        [line[0] for line in flat],
        [line[1] for line in flat],
        [line[2] for line in flat],
        np.array([line[3] for line in flat], dtype=np.int64).reshape(-1, 14),
        line_reserve=[line[4] for line in flat],
        carry_eat=np.array(eaten, dtype=np.int64).reshape(-1, 14),
    )


@st.composite
def extras_of(draw: st.DrawFn, problem: Problem) -> Extras:
    """Any of the optional arrays, or none."""
    n, n_products, byte = problem.n_subscribers, problem.n_products, st.integers(0, 5)
    arrays: dict[str, Any] = {}

    def some(
        name: str, dtype: type, values: st.SearchStrategy[int], shape: tuple[int, ...]
    ) -> None:
        size = int(np.prod(shape))
        drawn = draw(st.lists(values, min_size=size, max_size=size))
        arrays[name] = np.array(drawn, dtype=dtype).reshape(shape)

    if draw(st.booleans()):
        some("day_need", np.int8, byte, (n, 14))
        arrays["day_need"][problem.plan == FLOWER] = 0
    if draw(st.booleans()):
        some("reserve", np.int8, byte, (n,))
        arrays["reserve"][problem.plan == FLOWER] = 0
    if draw(st.booleans()):
        sizes = draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))
        arrays["carry_ptr"] = np.cumsum([0, *sizes], dtype=np.int64)
        items = (sum(sizes),)
        some("carry_prod", np.int16, st.integers(0, n_products - 1), items)
        some("carry_portions", np.int8, st.sampled_from([0, 1, 4, 127]), items)
        some("carry_a", np.int8, st.integers(0, 8), items)
        some("carry_b", np.int8, st.integers(-1, 20), items)
    if draw(st.booleans()):
        some("prod_group", np.int16, st.sampled_from([-1, 0, 0, 7]), (n_products,))
    if draw(st.booleans()):
        some("min_cost", np.int32, st.integers(0, 900) | st.just(LARGE), (n,))
    if draw(st.booleans()):
        some("keep", np.uint8, st.integers(0, 1), (n,))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    if draw(st.booleans()):
        most = draw(st.sampled_from([9000, 2**24 - 1]))
        arrays["win_risk"] = rng.integers(0, most + 1, problem.win_a.shape).astype(np.int32)
    if draw(st.booleans()):
        arrays["day_risk"] = rng.integers(0, 256, (*problem.win_a.shape, 14)).astype(np.uint8)
    return Extras(**arrays)


@st.composite
def full_problems(draw: st.DrawFn, *, hostile: bool) -> Problem:
    """A small week with extras; a hostile one has costs, grams and weights at their largest."""
    problem = draw(problems())
    weights = PlanWeights(missing_reserve=draw(st.integers(0, 90)), missing_value=3)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    if draw(st.booleans()):
        problem = _varied(problem, rng)
    problem = replace(problem, extras=draw(extras_of(problem)), weights=weights)
    if not hostile:
        return problem
    n = problem.n_lots
    of_lots = st.lists(HUGE_COSTS, min_size=n, max_size=n)
    huge = PlanWeights(*[draw(st.sampled_from([0, 1, 10_000_000])) for _ in range(8)])
    return replace(
        problem,
        lot_cost=np.array(draw(of_lots), dtype=np.int32),
        lot_grams=np.array(draw(of_lots), dtype=np.int32),
        weights=huge,
    )


def _varied(problem: Problem, rng: np.random.Generator) -> Problem:
    """Give every weekday and every home its own windows and bonus, and every household its home."""
    n_homes, shape = problem.win_a.shape[2], problem.win_a.shape
    return replace(
        problem,
        home=rng.integers(0, n_homes, problem.n_subscribers).astype(np.int8),
        win_a=rng.integers(0, 10, shape).astype(np.int8),
        win_b=rng.integers(-1, 20, shape).astype(np.int8),
        lot_bonus=rng.integers(-50, 50, problem.lot_bonus.shape).astype(np.int16),
    )
