"""What a household eats of what it has at home, and what it keeps of its box in reserve.

Fruit of the box goes to the days first, what is at home after it: eaten, it does not count as waste. What is kept in
reserve is a day behind the last, without a limit per product. Days worth more are filled first; as what is eaten
stays eaten when more is added, all together is worth as much as can be.
"""

from subscriptions.planning.engine.bench import (
    AT_HOME,
    COST,
    DAYS_OF,
    FLOW,
    FREE,
    FULL,
    HORIZON,
    LACK,
    LATER,
    LOST,
    MASK,
    MOST,
    N_ITEMS,
    N_SENT,
    N_SLOTS,
    NEED,
    PROD,
    REACH,
    RESERVE,
    TIGHT,
    USED,
    VALUE,
    Floats,
    Ints,
)
from subscriptions.planning.engine.compiled import compiled
from subscriptions.planning.engine.flow import clear, open_slot, push


@compiled
def postpone(w: Ints) -> None:
    """Let nothing more be eaten on days that come later, but what moves to them stay there."""
    w[FREE] &= ~w[LATER]


@compiled
def push_later(w: Ints, first: int) -> None:
    """Open the days that come later; eat on them what slots from `first` on still lack days for."""
    if w[LATER] == 0:
        return
    for t in range(w[HORIZON]):
        if (w[LATER] >> t) & 1 and w[USED + t] < w[NEED + t]:
            w[FREE] |= 1 << t
    for slot in range(first, w[N_SLOTS]):
        if w[LACK + slot] > 0:
            w[LACK + slot] -= push(w, slot, w[LACK + slot])
            if w[LACK + slot] > 0 and w[FREE] != 0:
                w[TIGHT] |= w[REACH]


@compiled
def lacking(w: Ints, first: int) -> int:
    """Count the portions of slots from `first` on that found no day though there are days with room."""
    total = 0
    if w[FREE] != 0:
        for slot in range(first, w[N_SLOTS]):
            total += w[LACK + slot]
    return total


@compiled
def eat_at_home(w: Ints, r: Floats, row: int) -> float:
    """Eat of what is at home, after the box; returns what that costs, as items of the bench do.

    TIGHT and LOST take note of portions in `row` that find no day.
    """
    first = w[N_SLOTS]
    postpone(w)
    for i in range(w[N_SENT], w[N_ITEMS]):
        slot = open_slot(w, w[DAYS_OF + w[PROD + i]], w[MASK + i])
        if slot < 0:
            break
        w[LACK + slot] = w[MOST + i] - push(w, slot, w[MOST + i])
    tight = w[TIGHT]
    push_later(w, first)
    cost = 0.0
    for slot in range(first, w[N_SLOTS]):
        i = w[N_SENT] + slot - first
        eaten = w[MOST + i] - w[LACK + slot]
        cost += eaten * r[COST + i]
        if eaten < w[row + i] and w[FREE] != 0:
            w[LOST] += w[row + i] - eaten
            push(w, slot, 1)
            tight |= w[REACH]
    w[TIGHT] = tight
    return cost


@compiled
def worth_of_days(w: Ints, r: Floats, flow: int) -> float:
    """Worth of the portions on all days."""
    worth = r[VALUE] * flow
    if w[RESERVE] > 0:
        last = w[HORIZON] - 1
        worth += (r[FULL + last] - r[VALUE]) * w[USED + last]
    return worth


@compiled
def set_at_home(w: Ints, r: Floats) -> None:
    """Find what the food at home saves without a box."""
    r[AT_HOME] = 0.0
    if w[N_ITEMS] > w[N_SENT]:
        clear(w)
        cost = eat_at_home(w, r, MOST)
        r[AT_HOME] = worth_of_days(w, r, w[FLOW]) - cost
