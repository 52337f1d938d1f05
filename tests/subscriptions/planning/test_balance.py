"""Prices that balance the boxes known: against the linear program they stand for, and in weeks planned with them."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import csr_array

from subscriptions.adapters.plan_file import read_problem
from subscriptions.planning.balance import Choice, Known, balance
from subscriptions.planning.balanced import hand_out_balanced
from subscriptions.planning.effort import QUICK
from subscriptions.planning.problem import Problem
from subscriptions.planning.run import Run
from tests.subscriptions.planning.instances import DATA, problems


def choices(seed: int) -> tuple[Choice, np.ndarray]:
    """Some households with a few boxes each, of lots of which there is less than wanted."""
    rng = np.random.default_rng(seed)
    households, lots = int(rng.integers(1, 20)), int(rng.integers(1, 6))
    boxes = rng.integers(1, 5, households)
    units = rng.integers(0, 4, (int(boxes.sum()), lots))
    units[units.sum(axis=1) == 0, 0] = 1
    worth = 1000.0 * rng.integers(1, 10, len(units)) * units.sum(axis=1)
    starts = np.concatenate([[0], np.cumsum(boxes)[:-1]])
    of = np.repeat(np.arange(households), boxes)
    stock = rng.integers(0, 2 * households, lots)
    return Choice(starts, of, worth, csr_array(units.astype(float))), stock


def dual(choice: Choice, stock: np.ndarray, prices: np.ndarray) -> float:
    """What stock and households are worth at these prices, by the plain formula. [1/100 cent]"""
    gain = np.maximum(choice.worth - choice.units @ prices, 0.0)
    return float(np.maximum.reduceat(gain, choice.starts).sum() + prices @ stock)


def best_choice(choice: Choice, stock: np.ndarray) -> float:
    """What the best fractional choice of boxes saves, by a solver."""
    one_each = np.equal.outer(np.arange(len(choice.starts)), choice.household).astype(float)
    rows = np.vstack([choice.units.toarray().T, one_each])
    limits = np.concatenate([stock, np.ones(len(choice.starts))])
    return -float(linprog(-choice.worth, A_ub=rows, b_ub=limits, method="highs").fun)


def waverings_above(seed: int, start: float) -> float:
    """How far prices found from `start` on are above the duals, in what wavering may come to at most."""
    choice, stock = choices(seed)
    prices = balance(choice, stock, np.full(len(stock), start), 1.0)
    most_boxes = float(np.diff(choice.starts, append=len(choice.worth)).max()) + 1.0
    wavering = len(choice.starts) * np.log(most_boxes) + len(stock)
    return (dual(choice, stock, prices) - best_choice(choice, stock)) / wavering


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from((0.0, 500.0, 20_000.0)))
def test_balanced_prices_bound_what_any_choice_of_boxes_saves(seed: int, start: float) -> None:
    choice, stock = choices(seed)
    prices = balance(choice, stock, np.full(len(stock), start), 1.0)
    best = best_choice(choice, stock)
    assert (prices > 0.0).all()
    assert dual(choice, stock, prices) >= best - 1e-6 * (1.0 + best)


def test_balanced_prices_are_duals_of_the_best_choice_in_all_but_a_few_weeks() -> None:
    cases = [(seed, start) for seed in range(100) for start in (0.0, 500.0, 20_000.0)]
    far = [case for case in cases if waverings_above(*case) > 3.0]
    assert len(far) <= 0.01 * len(cases), (
        far
    )  # Newton's method may end a little short of the lowest point


def test_without_any_box_prices_stay() -> None:
    empty = Choice(*(np.zeros(0, dtype=np.int64),) * 2, np.zeros(0), csr_array((0, 2)))
    assert balance(empty, np.array([3, 0]), np.array([0.0, 50.0]), 10.0).tolist() == [1.0, 50.0]


def run_of(problem: Problem) -> Run:
    stock = problem.lot_stock.astype(np.int64)
    return Run(problem, stock, 2, 1, lambda *_: None, lambda: False)


@settings(max_examples=50, deadline=None)
@given(problems(max_households=4))
def test_boxes_are_known_once_with_what_they_hold_and_save(problem: Problem) -> None:
    run = run_of(problem)
    known = Known(run)
    for _ in range(2):
        run.take_back()
        run.hand_out(1.0, QUICK, QUICK)
        known.note()
    known.note()
    choice = known.choice()
    assert len(choice.starts) <= problem.n_subscribers * 1
    assert len(choice.worth) <= 2 * len(choice.starts)
    held = run.lines > 0
    mine = np.bincount((run.lines >> 16)[held], (run.lines & 255)[held], problem.n_lots)
    assert (mine == run.stock - run.left).all()
    if run.lines.any():
        assert run.saved <= np.maximum.reduceat(choice.worth, choice.starts).sum() + 1e-6


def test_asking_takes_no_stock_and_raises_prices_of_what_is_short() -> None:
    problem = read_problem(DATA / "n500.npz")
    run = run_of(problem)
    for _ in range(4):
        run.ask(np.arange(500), 8.0, QUICK)
    assert (run.left == run.stock).all()
    held = run.lines > 0
    wanted = np.bincount((run.lines >> 16)[held], (run.lines & 255)[held], problem.n_lots)
    assert run.prices[wanted > run.stock].min(initial=np.inf) > 0.0
    run.take_back()
    assert not run.lines.any()
    assert run.saved == 0.0


def test_boxes_handed_out_in_balance_keep_to_the_stock() -> None:
    problem = read_problem(DATA / "n500.npz")
    run = run_of(problem)
    known = hand_out_balanced(run)
    held = run.lines > 0
    used = np.bincount((run.lines >> 16)[held], (run.lines & 255)[held], problem.n_lots)
    assert (used <= run.stock).all()
    assert (run.left == run.stock - used).all()
    assert len(known.choice().starts) == np.count_nonzero(problem.plan >= 0)
