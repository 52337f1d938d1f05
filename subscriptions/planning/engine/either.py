"""Groups of products of which a box holds one only."""

from subscriptions.planning.engine.bench import (
    BLOCKED,
    COST,
    FIRST,
    FIXED,
    FOLLOWS,
    GROUP,
    GROUPED,
    HIGH,
    LOW,
    N_BLOCKED,
    N_KINDS,
    N_PRODS,
    NEXT_OF_GROUP,
    PORTIONS,
    TRIAL,
    VALUE,
    Floats,
    Ints,
)
from subscriptions.planning.engine.compiled import compiled


@compiled
def is_blocked(w: Ints, group: int) -> bool:
    """Tell whether the other part of the box holds a product of the group."""
    for k in range(w[N_BLOCKED]):
        if w[BLOCKED + k] == group:
            return True
    return False


@compiled
def link_groups(w: Ints) -> None:
    """Link the products of each group, in the order in which they are."""
    w[GROUPED] = 0
    for p in range(w[N_PRODS]):
        w[FOLLOWS + p] = 0
        w[NEXT_OF_GROUP + p] = -1
        group = w[GROUP + w[FIRST + p]]
        if group == 0:
            continue
        for q in range(p - 1, -1, -1):
            if w[GROUP + w[FIRST + q]] == group:
                w[NEXT_OF_GROUP + q] = p
                w[FOLLOWS + p] = 1
                w[GROUPED] = 1
                break


@compiled
def is_broken(w: Ints) -> bool:
    """Tell whether units are fixed of two products of one group."""
    for p in range(w[N_KINDS]):
        if w[FIXED + p] > 0:
            q = w[NEXT_OF_GROUP + p]
            while q >= 0:
                if w[FIXED + q] > 0:
                    return True
                q = w[NEXT_OF_GROUP + q]
    return False


@compiled
def _close_others(w: Ints, first: int, chosen: int) -> None:
    """Allow no units of the products of a group but the chosen one."""
    p = first
    while p >= 0:
        if p != chosen:
            for i in range(w[FIRST + p], w[FIRST + p + 1]):
                w[LOW + i] = w[HIGH + i] = 0
        p = w[NEXT_OF_GROUP + p]


@compiled
def close_groups(w: Ints) -> bool:
    """Close what is of one group with what is fixed; false if two products of one group are."""
    if is_broken(w):
        return False
    for first in range(w[N_KINDS]):
        if w[FOLLOWS + first] == 0 and w[NEXT_OF_GROUP + first] >= 0:
            p = first
            while p >= 0:
                if w[FIXED + p] > 0:
                    _close_others(w, first, p)
                p = w[NEXT_OF_GROUP + p]
    return True


@compiled
def _worth_in_trial(w: Ints, r: Floats, p: int) -> float:
    """What the units of a product in TRIAL would be worth if all were eaten; below nought if there are none."""
    worth = -1e18
    for i in range(w[FIRST + p], w[FIRST + p + 1]):
        if w[TRIAL + i] > 0:
            worth = max(worth, 0.0) + w[TRIAL + i] * (r[VALUE] * w[PORTIONS + i] - r[COST + i])
    return worth


@compiled
def choose_in_groups(w: Ints, r: Floats) -> None:
    """Keep in TRIAL one product of each group, the one worth most."""
    for first in range(w[N_KINDS]):
        if w[FOLLOWS + first] == 1 or w[NEXT_OF_GROUP + first] < 0:
            continue
        chosen = -1
        most = -1e17
        p = first
        while p >= 0:
            worth = _worth_in_trial(w, r, p)
            if worth > most:
                chosen, most = p, worth
            p = w[NEXT_OF_GROUP + p]
        p = first
        while p >= 0:
            if p != chosen:
                for i in range(w[FIRST + p], w[FIRST + p + 1]):
                    w[TRIAL + i] = 0
            p = w[NEXT_OF_GROUP + p]


@compiled
def close_unchosen(w: Ints, r: Floats) -> None:
    """Allow no units of products that are of one group with what is in TRIAL."""
    for first in range(w[N_KINDS]):
        if w[FOLLOWS + first] == 0 and w[NEXT_OF_GROUP + first] >= 0:
            p = first
            while p >= 0:
                if _worth_in_trial(w, r, p) > -1e17:
                    _close_others(w, first, p)
                    break
                p = w[NEXT_OF_GROUP + p]


@compiled
def other_is_fixed(w: Ints, p: int) -> bool:
    """Tell whether units are fixed of another product of p's group."""
    group = w[GROUP + w[FIRST + p]]
    if group > 0:
        for q in range(w[N_KINDS]):
            if q != p and w[FIXED + q] > 0 and w[GROUP + w[FIRST + q]] == group:
                return True
    return False
