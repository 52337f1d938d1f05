"""What a box is worth: its units at their costs, eaten as well as can be."""

from subscriptions.planning.engine.bench import (
    AT_HOME,
    BUDGET,
    CENTS,
    COST,
    DISTINCT,
    FIRST,
    FIXED,
    FLOW,
    FREE,
    GRAMS,
    GRAMS_MAX,
    GROUPED,
    LACK,
    LATER,
    LEAST_CENTS,
    LOST,
    LOT,
    MASK,
    MISSING,
    MOST,
    N_ITEMS,
    N_PRODS,
    N_SENT,
    PER_LEAST,
    PORTIONS,
    PROD,
    REACH,
    SUM_CENTS,
    SUM_GRAMS,
    TIGHT,
    UNITS_MAX,
    USABLE,
    Floats,
    Ints,
)
from subscriptions.planning.engine.compiled import compiled
from subscriptions.planning.engine.either import is_broken
from subscriptions.planning.engine.flow import clear, open_slot, push
from subscriptions.planning.engine.larder import (
    eat_at_home,
    lacking,
    postpone,
    push_later,
    worth_of_days,
)

NO_BOX = -1e18


@compiled
def oversold(w: Ints, row: int, i: int) -> bool:
    """Tell whether the lot of item i is taken beyond its stock, kept in one way or several."""
    if i >= w[N_SENT] or w[MOST + i] >= w[UNITS_MAX]:
        return False
    p = w[PROD + i]
    units = 0
    for k in range(w[FIRST + p], w[FIRST + p + 1]):
        if w[LOT + k] == w[LOT + i]:
            units += w[row + k]
    return bool(units > w[MOST + i])


@compiled
def box_worth(w: Ints, r: Floats, row: int) -> float:
    """What the box with units `item[row]` adds, eaten as well as can be; NO_BOX if it breaks a limit.

    TIGHT is left as the days that were too full for all its portions, LOST as the number that found no day.
    """
    clear(w)
    postpone(w)
    worth = 0.0
    cents = grams = kinds = lost = 0
    for p in range(w[N_PRODS]):
        w[FIXED + p] = 0
    broken = False
    for i in range(w[N_SENT]):
        units = w[row + i]
        if units == 0:
            continue
        p = w[PROD + i]
        cents += units * w[CENTS + i]
        grams += units * w[GRAMS + i]
        worth -= units * r[COST + i]
        kinds += 1 if w[FIXED + p] == 0 else 0
        w[FIXED + p] += units
        broken = broken or w[FIXED + p] > w[UNITS_MAX] or oversold(w, row, i)
        slot = open_slot(w, p, w[MASK + i])
        if slot >= 0:
            wanted = min(units * w[PORTIONS + i], w[USABLE + i])
            got = push(w, slot, wanted)
            w[LACK + slot] = wanted - got
            if got < wanted and w[FREE] != 0 and w[LATER] == 0:
                lost += wanted - got
                w[TIGHT] |= w[REACH]
    if w[LATER] != 0:
        push_later(w, 0)
        lost = lacking(w, 0)
    w[LOST] = lost
    if w[N_ITEMS] > w[N_SENT]:
        worth -= eat_at_home(w, r, row)
    w[SUM_GRAMS] = grams
    w[SUM_CENTS] = cents
    if broken or cents > w[BUDGET] or grams > w[GRAMS_MAX] or (w[GROUPED] and is_broken(w)):
        return NO_BOX
    kinds = min(kinds, w[DISTINCT])
    worth = worth + worth_of_days(w, r, w[FLOW]) + r[MISSING] * kinds - r[AT_HOME]
    return worth + r[PER_LEAST] * min(cents, w[LEAST_CENTS])
