"""Branch and bound over the units of one box."""

from subscriptions.planning.engine.bench import (
    BEST,
    BRANCH,
    BRANCH_UNITS,
    BUDGET,
    CENT_STEP,
    CHEAP,
    COUNT_NODES,
    DEAR,
    FLOW,
    FULL,
    GRAM_STEP,
    GRAMS_MAX,
    HEAVY,
    HIGH,
    HOMELESS,
    HORIZON,
    HOUSEHOLD_KEY,
    LEAST_CENTS,
    LOST,
    LOW,
    N_ITEMS,
    NODE_BOUND,
    NODE_NUMBER,
    NODE_SIZE,
    NODES,
    OVERFULL,
    PER_CENT,
    PER_GRAM,
    PER_LEAST,
    RULED_OUT,
    STEP,
    SUM_CENTS,
    SUM_GRAMS,
    TIGHT,
    TRIAL,
    WANTED,
    WORTH,
    WORTH_BEST,
    WORTH_ROOT,
    WORTH_SPARE,
    Floats,
    Ints,
)
from subscriptions.planning.engine.box import (
    copy_days,
    count_fixed,
    first_box,
    load_node,
    offer,
    prepare_node,
    propose,
    push_node,
    repair,
    swap_nodes,
    where_to_branch,
)
from subscriptions.planning.engine.compiled import compiled
from subscriptions.planning.engine.contents import NO_BOX
from subscriptions.planning.engine.learn import learn_prices
from subscriptions.planning.engine.narrow import narrow
from subscriptions.planning.engine.price import bound_at, open_all, rule_out
from subscriptions.planning.engine.worth import set_prices

CLOSE = 1e-6
HOUSEHOLD_STEP = 0x1E3779B97F4A7C15
"""Any large odd number."""
STEP_MAX = 1000.0
"""Largest change of a day's worth at once. [1/100 cent]"""


@compiled
def _move_days(w: Ints, r: Floats, tight: int, step: float) -> None:
    """Let overfull days lose worth; without any, let days differ less."""
    for t in range(w[HORIZON]):
        if tight == 0:
            r[WORTH + t] += (r[FULL + t] - r[WORTH + t]) * step
        elif (tight >> t) & 1:
            r[WORTH + t] = max(r[WORTH + t] - step, 0.0)


@compiled
def _days_differ(w: Ints, r: Floats) -> bool:
    for t in range(w[HORIZON]):
        if r[WORTH + t] < r[FULL + t] - 10.0:
            return True
    return False


@compiled
def _note_proposal(w: Ints, r: Floats, found: float) -> float:
    """Offer the proposal in TRIAL, note what is wrong with it and mend that; returns the worth of the best box."""
    found = offer(w, r, TRIAL, found)
    w[OVERFULL], w[HOMELESS] = w[TIGHT], w[LOST]
    w[HEAVY] = w[SUM_GRAMS] > w[GRAMS_MAX]
    w[DEAR] = w[SUM_CENTS] > w[BUDGET]
    w[CHEAP] = w[SUM_CENTS] < w[LEAST_CENTS]
    branch = where_to_branch(w, r)
    w[BRANCH] = branch
    if branch >= 0:
        w[BRANCH_UNITS] = max(w[TRIAL + branch], w[LOW + branch] + 1)
    if w[HOMELESS] > 0 or w[HEAVY] or w[DEAR] or w[CHEAP]:
        found = repair(w, r, found)
    return found


@compiled
def _move_prices(w: Ints, r: Floats, gram: float, cent: float) -> bool:
    """Change the prices of weight and budget towards what the proposal asks for; false if they do not matter."""
    if not (w[HEAVY] or w[DEAR] or w[CHEAP] or gram > 0.0 or cent != 0.0):
        return False
    if w[HEAVY] or gram > 0.0:
        if r[GRAM_STEP] < 0.0:
            r[GRAM_STEP] = 0.25 * gram + w[HEAVY]
        gram = max(gram + (r[GRAM_STEP] if w[HEAVY] else -r[GRAM_STEP]), 0.0)
    if cent < 0.0 or (cent == 0.0 and w[CHEAP]):
        if r[CENT_STEP] < 0.0:
            r[CENT_STEP] = 0.25 * r[PER_LEAST]
        cent += -r[CENT_STEP] if w[CHEAP] else r[CENT_STEP]
        cent = min(max(cent, -r[PER_LEAST]), 0.0)
    elif w[DEAR] or cent > 0.0:
        cent = max(cent, 0.0) * 1.3 + 5.0 if w[DEAR] else cent * 0.7
    set_prices(w, r, gram, cent)
    return True


@compiled
def _next_values(w: Ints, r: Floats, better: int, gap: float) -> bool:
    """Change what days and limits are worth after a proposal; false if nothing is left to try."""
    moved = _move_prices(w, r, r[PER_GRAM], r[PER_CENT])
    if w[HOMELESS] > 0 and w[OVERFULL] != 0:
        if better:
            r[STEP] = min(0.5 * gap / w[HOMELESS], STEP_MAX)
        _move_days(w, r, w[OVERFULL], r[STEP])
        return True
    if moved:
        return True
    if better:
        r[STEP] = 0.5
    if r[STEP] < 0.02 or not _days_differ(w, r):
        return False
    _move_days(w, r, 0, r[STEP])
    return True


@compiled
def _explore_node(
    w: Ints, r: Floats, bound: float, found: float, eps: float, rounds: int
) -> tuple[float, float]:
    """Improve the node's bound and look for boxes; returns (bound, worth of the best box).

    BRANCH is -1 when the node is settled. WORTH and the prices are left at the best bound.
    """
    wanted, fixed_flow = w[WANTED], w[FLOW]
    lowest = 1e300
    gram, cent = r[PER_GRAM], r[PER_CENT]
    r[STEP] = r[GRAM_STEP] = r[CENT_STEP] = -1.0
    w[BRANCH] = -1
    copy_days(w, r, WORTH, WORTH_BEST)
    for k in range(rounds):
        here = propose(w, r, fixed_flow, wanted)
        bound = min(bound, here)
        better = here < lowest - CLOSE
        if better and bound > found + eps:
            found = _note_proposal(w, r, found)
            lowest, gram, cent = here, r[PER_GRAM], r[PER_CENT]
            copy_days(w, r, WORTH, WORTH_BEST)
        if bound <= found + eps:
            w[BRANCH] = -1
            break
        if not better:
            r[STEP] *= 0.35
            r[GRAM_STEP] *= 0.5
            r[CENT_STEP] *= 0.5
        count_fixed(w)
        copy_days(w, r, WORTH_BEST, WORTH)
        set_prices(w, r, gram, cent)
        if k == rounds - 1 or w[BRANCH] < 0 or not _next_values(w, r, better, bound - found):
            break
    copy_days(w, r, WORTH_BEST, WORTH)
    set_prices(w, r, gram, cent)
    return bound, found


@compiled
def _most_promising(w: Ints, r: Floats, n: int) -> None:
    """Put the open node with the highest bound last."""
    best = n - 1
    for k in range(n - 1):
        if r[NODE_NUMBER + NODE_SIZE * k] > r[NODE_NUMBER + NODE_SIZE * best]:
            best = k
    if best < n - 1:
        swap_nodes(w, r, best, n - 1)


@compiled
def _branch(w: Ints, r: Floats, n: int, bound: float) -> int:
    """Split a node at BRANCH: fewer units than BRANCH_UNITS, and, explored first, as many or more."""
    i, units = w[BRANCH], w[BRANCH_UNITS]
    low, high = w[LOW + i], w[HIGH + i]
    if units > low:
        w[HIGH + i] = min(units - 1, high)
        push_node(w, r, n, bound)
        n += 1
    if units <= high:
        w[LOW + i] = max(units, low)
        w[HIGH + i] = high
        push_node(w, r, n, bound)
        n += 1
    return n


@compiled
def _narrow_node(
    w: Ints, r: Floats, fixed_flow: int, wanted: int, goal: float
) -> tuple[bool, float]:
    """Rule out of a node what its table does at the day values it has; false if nothing is left.

    Returns with it the highest bound of what is ruled out.
    """
    bound = propose(w, r, fixed_flow, wanted)
    some = narrow(w, r, bound, goal)
    return some, min(bound, r[RULED_OUT])


@compiled
def _first_node(
    w: Ints, r: Floats, bound: float, found: float, goal: float, eps: float, nodes: int, rounds: int
) -> tuple[float, float, float]:
    """Explore the first node, its units narrowed by its table before, where many are open, and after.

    Returns its bound, the worth of the best box, and the highest bound of what was ruled out.
    """
    w[BRANCH] = -1
    out = NO_BOX
    if not prepare_node(w):
        return bound, found, out
    if goal <= found:
        some, out = _narrow_node(w, r, w[FLOW], w[WANTED], found + eps)
        if not some or not prepare_node(w):
            return min(out, bound), found, out
    flow, wanted = w[FLOW], w[WANTED]
    here, found = _explore_node(w, r, bound, found, eps, rounds)
    if w[BRANCH] >= 0 and found >= goal - CLOSE and nodes > 1:
        some, more = _narrow_node(w, r, flow, wanted, found + eps)
        out = max(out, min(more, here))
        if not some:
            w[BRANCH] = -1
            here = out
    return here, found, out


@compiled
def _forget_one(w: Ints, r: Floats, n: int, left: float) -> float:
    """Overwrite the open node with the lowest bound by the last; returns the highest bound of what is left out."""
    worst = 0
    for k in range(1, n):
        if r[NODE_NUMBER + NODE_SIZE * k] < r[NODE_NUMBER + NODE_SIZE * worst]:
            worst = k
    swap_nodes(w, r, worst, n - 1)
    return max(left, r[NODE_NUMBER + NODE_SIZE * (n - 1) + NODE_BOUND])


@compiled
def _search(
    w: Ints,
    r: Floats,
    bound: float,
    found: float,
    goal: float,
    eps: float,
    nodes: int,
    first_rounds: int,
    rounds: int,
) -> tuple[float, float]:
    """Explore boxes between LOW and HIGH, most promising node first after each dive.

    Returns the worth of the best box (BEST) and a bound on the worth of any. Ends after the first node if no box as
    good as `goal` is found there: what may be in a better one has been ruled out then.
    """
    push_node(w, r, 0, bound)
    n = 1
    used = 0
    left = NO_BOX
    dive = True
    while n > 0:
        if not dive:
            _most_promising(w, r, n)
        n -= 1
        dive = False
        here = r[NODE_NUMBER + NODE_SIZE * n + NODE_BOUND]
        if here <= found + eps or used >= nodes:
            left = max(left, here)
            continue
        load_node(w, r, n)
        used += 1
        if used == 1:
            here, found, out = _first_node(w, r, here, found, goal, eps, nodes, first_rounds)
            left = max(left, out)
        elif prepare_node(w):
            here, found = _explore_node(w, r, here, found, eps, rounds)
        else:
            continue
        if w[BRANCH] < 0 or (used == 1 and found < goal - CLOSE):
            left = max(left, here)
            continue
        if n + 2 > NODES:
            left = _forget_one(w, r, n, left)
            n -= 1
        dive = True
        n = _branch(w, r, n, here)
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

    `found` is the worth of the box that BEST holds already, or NO_BOX; an empty box is worth nothing.
    It is first assumed that the best box is within `slack` of the price bound, which rules out most items; where none
    is found there, only what cannot be in a better box than the best one found is ruled out.
    Returns (worth, bound on the worth of any box). [1/100 cent]
    """
    w[HOUSEHOLD_KEY] += HOUSEHOLD_STEP
    if found < 0.0:
        found = 0.0
        for i in range(w[N_ITEMS]):
            w[BEST + i] = 0
    bound = learn_prices(w, r, price_rounds)
    gram, cent = r[PER_GRAM], r[PER_CENT]
    copy_days(w, r, WORTH_BEST, WORTH_ROOT)
    if found < bound - slack:
        found = first_box(w, r, found)
    w[COUNT_NODES] = 0
    goal = max(bound - slack, found)
    _rule_out_at(w, r, gram, cent, goal)
    found, highest = _search(w, r, bound, found, goal, eps, nodes, first_rounds, rounds)
    if found < goal - CLOSE:
        goal = found
        copy_days(w, r, WORTH, WORTH_SPARE)
        per_gram, per_cent = r[PER_GRAM], r[PER_CENT]
        _rule_out_at(w, r, gram, cent, goal)
        copy_days(w, r, WORTH_SPARE, WORTH)
        set_prices(w, r, per_gram, per_cent)
        found, highest = _search(w, r, bound, found, goal, eps, nodes, first_rounds, rounds)
    return found, max(highest, goal)


@compiled
def _rule_out_at(w: Ints, r: Floats, gram: float, cent: float, goal: float) -> None:
    """Open all units but those without which the bound at the root's day values falls below `goal`."""
    open_all(w)
    set_prices(w, r, gram, cent)
    copy_days(w, r, WORTH_ROOT, WORTH)
    bound_at(w, r)
    rule_out(w, r, goal)
