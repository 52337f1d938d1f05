"""Branch and bound over the units of one box."""

from subscriptions.planning.engine.bench import (
    BUDGET,
    COUNT_NODES,
    FLOW,
    GRAMS_MAX,
    HIGH,
    HORIZON,
    LOST,
    LOW,
    MU,
    NODE_BOUND,
    NODE_NUMBER,
    NODE_SIZE,
    NODES,
    PER_CENT,
    PER_GRAM,
    SUM_CENTS,
    SUM_GRAMS,
    TIGHT,
    TRIAL,
    VALUE,
    WANTED,
    WORTH,
    WORTH_BEST,
    WORTH_ROOT,
    Floats,
    Ints,
)
from subscriptions.planning.engine.box import (
    NO_BOX,
    _copy_days,
    _count_fixed,
    _load_node,
    _offer,
    _prepare_node,
    _propose,
    _push_node,
    _repair,
    _swap_nodes,
    _where_to_branch,
    first_box,
)
from subscriptions.planning.engine.compiled import compiled
from subscriptions.planning.engine.price import bound_at, learn_prices, open_all, rule_out
from subscriptions.planning.engine.worth import set_prices

CLOSE = 1e-6
STEP_MAX = 1000.0
"""Largest change of a day's worth at once. [1/100 cent]"""


@compiled
def _move_days(w: Ints, r: Floats, tight: int, step: float) -> None:
    """Let overfull days lose worth; without any, let days differ less."""
    for t in range(w[HORIZON]):
        if tight == 0:
            r[WORTH + t] += (r[VALUE] - r[WORTH + t]) * step
        elif (tight >> t) & 1:
            r[WORTH + t] = max(r[WORTH + t] - step, 0.0)


@compiled
def _days_differ(w: Ints, r: Floats) -> bool:
    for t in range(w[HORIZON]):
        if r[WORTH + t] < r[VALUE] - 10.0:
            return True
    return False


@compiled
def _explore_node(
    w: Ints, r: Floats, bound: float, found: float, eps: float, rounds: int
) -> tuple[float, float, int, int]:
    """Improve the node's bound and look for boxes; returns (bound, best worth, item to branch on, its units).

    The item is -1 when the node is settled. WORTH and the prices are left at the best bound.
    """
    wanted, fixed_flow = w[WANTED], w[FLOW]
    lowest = 1e300
    gram, cent = r[PER_GRAM], r[PER_CENT]
    step = gram_step = -1.0
    tight = lost = branch = units = 0
    heavy = dear = False
    _copy_days(w, r, WORTH, WORTH_BEST)
    for k in range(rounds):
        here = _propose(w, r, fixed_flow, wanted)
        bound = min(bound, here)
        if bound <= found + eps:
            return bound, found, -1, 0
        better = here < lowest - CLOSE
        if better:
            found = _offer(w, r, TRIAL, found)
            tight, lost = w[TIGHT], w[LOST]
            heavy = w[SUM_GRAMS] > w[GRAMS_MAX]
            dear = w[SUM_CENTS] > w[BUDGET]
            branch = _where_to_branch(w, r)
            units = max(w[TRIAL + branch], w[LOW + branch] + 1) if branch >= 0 else 0
            if lost > 0 or heavy or dear:
                found = _repair(w, r, found)
            if bound <= found + eps:
                return bound, found, -1, 0
            lowest, gram, cent = here, r[PER_GRAM], r[PER_CENT]
            _copy_days(w, r, WORTH, WORTH_BEST)
        else:
            step *= 0.35
            gram_step *= 0.5
        _count_fixed(w)
        _copy_days(w, r, WORTH_BEST, WORTH)
        set_prices(w, r, gram, cent)
        if k == rounds - 1 or branch < 0:
            break
        moved = False
        if heavy or gram > 0.0:
            if gram_step < 0.0:
                gram_step = 0.25 * gram + (1.0 if heavy else 0.0)
            set_prices(w, r, max(gram + (gram_step if heavy else -gram_step), 0.0), cent)
            moved = True
        if dear or cent > 0.0:
            set_prices(w, r, r[PER_GRAM], cent * 1.3 + 5.0 if dear else cent * 0.7)
            moved = True
        if lost > 0 and tight != 0:
            if better:
                step = min(0.5 * (bound - found) / lost, STEP_MAX)
            _move_days(w, r, tight, step)
        elif not moved:
            if better:
                step = 0.5
            if not _days_differ(w, r) or step < 0.02:
                break
            _move_days(w, r, 0, step)
    return bound, found, branch, units


@compiled
def _search(
    w: Ints,
    r: Floats,
    bound: float,
    found: float,
    eps: float,
    nodes: int,
    first_rounds: int,
    rounds: int,
) -> tuple[float, float]:
    """Explore boxes between LOW and HIGH, most promising node first after each dive.

    Returns the worth of the best box (BEST) and a bound on the worth of any.
    """
    _push_node(w, r, 0, bound)
    n = 1
    used = 0
    left = NO_BOX
    dive = True
    while n > 0:
        if not dive:
            best = n - 1
            for k in range(n - 1):
                if (
                    r[NODE_NUMBER + NODE_SIZE * k + NODE_BOUND]
                    > r[NODE_NUMBER + NODE_SIZE * best + NODE_BOUND]
                ):
                    best = k
            if best < n - 1:
                _swap_nodes(w, r, best, n - 1)
        n -= 1
        dive = False
        here = r[NODE_NUMBER + NODE_SIZE * n + NODE_BOUND]
        if here <= found + eps or used >= nodes:
            left = max(left, here)
            continue
        _load_node(w, r, n)
        used += 1
        if not _prepare_node(w):
            continue
        here, found, branch, units = _explore_node(
            w, r, here, found, eps, first_rounds if used == 1 else rounds
        )
        if branch < 0 or n + 2 > NODES:
            left = max(left, here)
            continue
        dive = True
        high = w[HIGH + branch]
        w[HIGH + branch] = units - 1
        _push_node(w, r, n, here)
        w[HIGH + branch] = high
        w[LOW + branch] = units
        _push_node(w, r, n + 1, here)
        n += 2
    w[COUNT_NODES] += used
    return found, max(found, left)


@compiled
def best_box(
    w: Ints,
    r: Floats,
    found: float,
    slack: float,
    eps: float,
    nodes: int,
    first_rounds: int,
    rounds: int,
    price_rounds: int,
) -> tuple[float, float]:
    """Find the best fruit for the household on the bench; its units are left in BEST.

    `found` is the worth of the box that BEST holds already, or NO_BOX. It is first assumed that the best box is
    within `slack` of the price bound, which rules out most items; where that proves wrong the search is widened.
    Returns (worth, bound on the worth of any box). [1/100 cent]
    """
    bound = learn_prices(w, r, price_rounds)
    mu, gram, cent = r[MU], r[PER_GRAM], r[PER_CENT]
    _copy_days(w, r, WORTH_BEST, WORTH_ROOT)
    if found < bound - slack:
        found = first_box(w, r, found)
    w[COUNT_NODES] = 0
    while True:
        goal = max(bound - slack, found)
        open_all(w)
        set_prices(w, r, gram, cent)
        _copy_days(w, r, WORTH_ROOT, WORTH)
        bound = bound_at(w, r)
        rule_out(w, r, goal)
        found, highest = _search(w, r, bound, found, eps, nodes, first_rounds, rounds)
        if found >= goal - CLOSE or slack > 1e12:
            return found, max(highest, goal)
        slack *= 5.0
