"""The best flowers for one household at going prices: a small search over bunches.

A bunch shows its stems on every day of its window, so there is nothing to schedule.
"""

from subscriptions.planning.engine.bench import (
    BEST,
    BUDGET,
    CENTS,
    COST,
    GRAMS,
    GRAMS_MAX,
    GROUP,
    HORIZON,
    ITEMS_MAX,
    LEAST_CENTS,
    LOT,
    MASK,
    MOST,
    N_ITEMS,
    NEED,
    NEXT,
    PER_LEAST,
    PORTIONS,
    PROD,
    TRIAL,
    UNITS_MAX,
    USED,
    VALUE,
    Floats,
    Ints,
)
from subscriptions.planning.engine.compiled import compiled

CLOSE = 1e-6


@compiled
def _saved(w: Ints, r: Floats, i: int) -> float:
    """What one more bunch of item i saves, apart from its cost."""
    stems = 0
    mask, shows = w[MASK + i], w[PORTIONS + i]
    for t in range(w[HORIZON]):
        missing = w[NEED + t] - w[USED + t]
        if (mask >> t) & 1 and missing > 0:
            stems += min(shows, missing)
    return stems * r[VALUE]


@compiled
def _earned(w: Ints, r: Floats, i: int, cents: int) -> float:
    """What one more bunch earns for its cost, as goods for so many cents are in already."""
    left = max(w[LEAST_CENTS] - cents, 0)
    return r[PER_LEAST] * min(left, w[CENTS + i])


@compiled
def _show(w: Ints, i: int, bunches: int) -> None:
    for t in range(w[HORIZON]):
        if (w[MASK + i] >> t) & 1:
            w[USED + t] += bunches * w[PORTIONS + i]
    w[TRIAL + i] += bunches


@compiled
def _allowed(w: Ints, i: int, cents: int, grams: int) -> bool:
    """Tell whether one more bunch of item i keeps to stock, budget, weight and the limit of its kind."""
    if cents + w[CENTS + i] > w[BUDGET] or grams + w[GRAMS + i] > w[GRAMS_MAX]:
        return False
    of_kind = of_lot = 0
    for k in range(w[N_ITEMS]):
        same_group = w[GROUP + k] == w[GROUP + i] and w[GROUP + i] > 0
        if same_group and w[TRIAL + k] > 0 and w[PROD + k] != w[PROD + i]:
            return False
        if w[PROD + k] == w[PROD + i]:
            of_kind += w[TRIAL + k]
        if w[LOT + k] == w[LOT + i]:
            of_lot += w[TRIAL + k]
    return bool(of_kind < w[UNITS_MAX] and of_lot < w[MOST + i])


@compiled
def _most_to_gain(w: Ints, r: Floats, first: int, per_cent: float) -> float:
    """No bunches of the items from `first` on can add more than this if each cent of their cost earns `per_cent`.

    Each stem that is still missing is worth a fixed sum and costs at least as much as in the item that covers most
    for its price; a bunch that is wanted for its own sake counts as often as it may be taken.
    """
    missing = 0
    for t in range(w[HORIZON]):
        missing += max(w[NEED + t] - w[USED + t], 0)
    best = 0.0
    own = 0.0
    for i in range(first, w[N_ITEMS]):
        left = w[MOST + i] - w[TRIAL + i]
        saved = _saved(w, r, i)
        cost = r[COST + i] - per_cent * w[CENTS + i]
        if left <= 0:
            continue
        if cost < 0.0:
            own -= cost * left
            cost = 0.0
        if saved > cost:
            best = max(best, (saved - cost) / saved)
    return own + best * missing * r[VALUE]


@compiled
def _hope(w: Ints, r: Floats, first: int, cents: int) -> float:
    """The same with what bunches earn while all cost less than the box should be worth."""
    left = w[LEAST_CENTS] - cents
    if left <= 0:
        return _most_to_gain(w, r, first, 0.0)
    apart = _most_to_gain(w, r, first, 0.0) + r[PER_LEAST] * left
    return min(apart, _most_to_gain(w, r, first, r[PER_LEAST]))


@compiled
def _keep(w: Ints) -> None:
    for i in range(w[N_ITEMS]):
        w[BEST + i] = w[TRIAL + i]


@compiled
def _start(w: Ints) -> None:
    for t in range(w[HORIZON]):
        w[USED + t] = 0
    for i in range(w[N_ITEMS]):
        w[TRIAL + i] = 0
    _keep(w)


@compiled
def best_vase(w: Ints, r: Floats, nodes: int) -> tuple[float, float]:
    """Find the best bunches; their units are left in BEST.

    NEED holds the stems wanted by day, VALUE what a missing one costs, PORTIONS the stems of a bunch. Returns the
    worth (what is saved less the cost) and a bound on the worth of any choice. [1/100 cent]
    """
    _start(w)
    found = worth = left = 0.0
    cents = grams = used = depth = i = 0
    while True:
        hope = worth + _hope(w, r, i, cents) if i < w[N_ITEMS] else 0.0
        if used >= nodes:
            left = max(left, hope)
        elif hope > found + CLOSE and depth < ITEMS_MAX:
            used += 1
            gain = _saved(w, r, i) - r[COST + i] + _earned(w, r, i, cents)
            if gain <= 0.0 or not _allowed(w, i, cents, grams):
                i += 1
                continue
            worth += gain
            cents += w[CENTS + i]
            grams += w[GRAMS + i]
            _show(w, i, 1)
            w[NEXT + depth] = i
            depth += 1
            if worth > found:
                found = worth
                _keep(w)
            continue
        if depth == 0:
            return found, max(found, left)
        depth -= 1
        i = w[NEXT + depth]
        _show(w, i, -1)
        cents -= w[CENTS + i]
        worth -= _saved(w, r, i) - r[COST + i] + _earned(w, r, i, cents)
        grams -= w[GRAMS + i]
        i += 1
