"""What days, weight and variety are worth to one household, and what that rules out.

Two halves. `fill_cheapest` eats the cheapest portions first; for single portions that is the best there is (a
matroid), and the price at which days fill up says what a portion on a day is worth. `bound_at` takes any such day
values and adds up, product by product, the best units each could add: no box is worth more (Lagrange). It also says
how much the bound would fall if one more or one fewer unit of an item were forced.
"""

from subscriptions.planning.engine.bench import (
    AHEAD,
    AT_HOME,
    BEHIND,
    BOUND,
    CENTS,
    DAYS_OF,
    DISTINCT,
    EATEN,
    FEWER,
    FIRST,
    FIXED,
    FLOW,
    FOLLOWS,
    FOUND_CENTS,
    FOUND_GRAMS,
    FULL,
    GRAMS,
    GROUPED,
    HIGH,
    HORIZON,
    LAGRANGE,
    LAST,
    LOW,
    MARGIN,
    MASK,
    MISSING,
    MORE,
    MOST,
    MOST_VALUE,
    MU,
    N_ITEMS,
    N_KINDS,
    N_PRODS,
    N_SENT,
    NEED,
    NEXT_OF_GROUP,
    PORTIONS,
    PORTIONS_IN,
    PROD,
    REACH,
    SEGMENT,
    SEGMENTS_MAX,
    SLOPE,
    SLOT,
    TAKEN,
    TIGHT,
    TOTAL,
    UNITS_OF,
    USABLE,
    WANTED,
    WORTH,
    Floats,
    Ints,
)
from subscriptions.planning.engine.compiled import compiled
from subscriptions.planning.engine.flow import clear, lowest_bit, open_slot, push
from subscriptions.planning.engine.worth import sort_days, unit_worth, worth_of_limits

NEVER = -1e17
NEVER_BEHIND = 1e17
SCALE = 1024
"""Steps per 1/100 cent in which costs of portions are ordered."""


@compiled
def eat_fixed(w: Ints) -> None:
    """Eat the units that are in for certain (LOW); WANTED is what the days still lack."""
    clear(w)
    for p in range(w[N_PRODS]):
        w[FIXED + p] = 0
    for i in range(w[N_ITEMS]):
        w[EATEN + i] = 0
        w[SLOT + i] = -1
        units = w[LOW + i]
        if units > 0:
            p = w[PROD + i]
            w[FIXED + p] += units
            w[PORTIONS_IN + p] += units * w[PORTIONS + i]
            slot = open_slot(w, w[DAYS_OF + p], w[MASK + i])
            w[SLOT + i] = slot
            if slot >= 0:
                wanted = min(units * w[PORTIONS + i], w[USABLE + i])
                w[EATEN + i] = push(w, slot, wanted)
    w[WANTED] = w[TOTAL] - w[FLOW]


@compiled
def _add_segment(w: Ints, r: Floats, n: int, i: int, portions: int, cost: float) -> int:
    """Offer portions of an item at a cost each, unless they cost more than they are worth."""
    each = max(cost, 0.0) / portions
    if each >= r[MOST_VALUE]:
        return n
    w[SEGMENT + SEGMENTS_MAX * 0 + n] = int(each * SCALE) * 4096 + n
    w[SEGMENT + SEGMENTS_MAX * 1 + n] = i
    w[SEGMENT + SEGMENTS_MAX * 2 + n] = portions
    return n + 1


@compiled
def _segments(w: Ints, r: Floats) -> int:
    """Offer all units that are still open: the first of a product with the price of variety off, then the rest."""
    n = 0
    wanted = w[WANTED]
    for i in range(w[N_ITEMS]):
        p = w[PROD + i]
        units = min(w[HIGH + i] - w[LOW + i], w[UNITS_OF + p] - w[FIXED + p])
        room = min(w[USABLE + i] - w[EATEN + i], wanted)
        if units <= 0 or room <= 0 or n > 4090:
            continue
        per_unit = w[PORTIONS + i]
        cost = r[LAGRANGE + i]
        bonus = r[MU] if w[FIXED + p] == 0 and p < w[N_KINDS] else 0.0
        n = _add_segment(w, r, n, i, min(per_unit, room), cost - bonus)
        rest = min(per_unit * (units - 1), room - per_unit)
        if rest > 0:
            whole = rest // per_unit
            if whole > 0:
                n = _add_segment(w, r, n, i, whole * per_unit, cost * whole)
            if rest > whole * per_unit:
                n = _add_segment(w, r, n, i, rest - whole * per_unit, cost)
    return n


@compiled
def _sort_segments(w: Ints, n: int) -> None:
    for j in range(1, n):
        key = w[SEGMENT + SEGMENTS_MAX * 0 + j]
        k = j - 1
        while k >= 0 and w[SEGMENT + SEGMENTS_MAX * 0 + k] > key:
            w[SEGMENT + SEGMENTS_MAX * 0 + k + 1] = w[SEGMENT + SEGMENTS_MAX * 0 + k]
            k -= 1
        w[SEGMENT + SEGMENTS_MAX * 0 + k + 1] = key


@compiled
def _take(w: Ints, i: int, portions: int) -> int:
    """Eat portions of an item within the limit of its product; returns how many were wanted but did not fit."""
    p = w[PROD + i]
    room = w[UNITS_OF + p] * w[PORTIONS + i] - w[PORTIONS_IN + p]
    portions = min(portions, room)
    if portions <= 0:
        return 0
    slot = w[SLOT + i]
    if slot < 0:
        slot = open_slot(w, w[DAYS_OF + p], w[MASK + i])
        if slot < 0:
            return 0
        w[SLOT + i] = slot
    got = push(w, slot, portions)
    w[EATEN + i] += got
    w[PORTIONS_IN + p] += got
    return portions - got


@compiled
def fill_cheapest(w: Ints, r: Floats, row: int) -> None:
    """Eat the cheapest open portions first; what a portion on each day is worth goes to `worth[row]`."""
    eat_fixed(w)
    n = _segments(w, r)
    _sort_segments(w, n)
    each = 0.0
    for j in range(n):
        if w[FLOW] == w[TOTAL]:
            break
        k = w[SEGMENT + SEGMENTS_MAX * 0 + j] % 4096
        i = w[SEGMENT + SEGMENTS_MAX * 1 + k]
        if w[MASK + i] & ~w[TIGHT] == 0:
            continue
        each = (w[SEGMENT + SEGMENTS_MAX * 0 + j] // 4096) / SCALE
        if _take(w, i, w[SEGMENT + SEGMENTS_MAX * 2 + k]) > 0:
            closed = w[REACH] & ~w[TIGHT]
            w[TIGHT] |= closed
            while closed:
                r[row + lowest_bit(closed)] = each
                closed &= closed - 1
    left = each if w[FLOW] == w[TOTAL] else r[MOST_VALUE]
    for t in range(w[HORIZON]):
        worth = r[row + t] if (w[TIGHT] >> t) & 1 else left
        r[row + t] = min(worth, r[FULL + t])


@compiled
def _best_units(w: Ints, r: Floats, p: int) -> float:
    """Take the best units of one product at the day values; sets MORE and FEWER; returns their worth."""
    first, end = w[FIRST + p], w[FIRST + p + 1]
    mu = r[MU] if p < w[N_KINDS] else 0.0
    for i in range(first, end):
        w[TAKEN + i] = 0
        r[MARGIN + i] = unit_worth(w, r, i, 0) if w[HIGH + i] > 0 else NEVER
    used = 0
    opening = 0.0
    total = 0.0
    while used < w[UNITS_OF + p]:
        i = first
        for k in range(first + 1, end):
            if r[MARGIN + k] > r[MARGIN + i]:
                i = k
        margin = r[MARGIN + i]
        if margin + (mu if used == 0 else 0.0) <= 0.0:
            break
        if used == 0:
            opening = margin
            total += mu
        total += margin
        used += 1
        w[TAKEN + i] += 1
        r[LAST + i] = margin
        more = w[TAKEN + i] < w[HIGH + i]
        r[MARGIN + i] = unit_worth(w, r, i, w[TAKEN + i]) if more else NEVER
    _set_changes(w, r, first, end, used, opening, mu)
    return total


@compiled
def _set_changes(
    w: Ints, r: Floats, first: int, end: int, used: int, opening: float, mu: float
) -> None:
    other = NEVER
    for i in range(first, end):
        other = max(other, r[MARGIN + i])
    for i in range(first, end):
        more = r[MARGIN + i]
        if used == 0:
            more += mu
        elif w[TAKEN + i] == 0:
            more -= min(opening, 0.0)
        r[MORE + i] = more
        r[FEWER + i] = 0.0
        if w[TAKEN + i] > 0 and used == 1:
            r[FEWER + i] = max(mu + other, 0.0) - (mu + opening)
        elif w[TAKEN + i] > 0:
            r[FEWER + i] = max(other, 0.0) - r[LAST + i]


@compiled
def _best_of_group(w: Ints, r: Floats, first: int) -> tuple[int, float]:
    """Find the product of a group that adds most to the bound, and how much; sets BEHIND and AHEAD."""
    best = first
    most = second = -1.0
    p = first
    while p >= 0:
        r[BEHIND + p] = _best_units(w, r, p)
        if r[BEHIND + p] > most:
            best, most, second = p, r[BEHIND + p], most
        else:
            second = max(second, r[BEHIND + p])
        p = w[NEXT_OF_GROUP + p]
    p = first
    while p >= 0:
        r[BEHIND + p] = most - r[BEHIND + p]
        r[AHEAD + p] = most - second if p == best else 0.0
        p = w[NEXT_OF_GROUP + p]
    return best, most


@compiled
def bound_at(w: Ints, r: Floats) -> float:
    """No box is worth more than this at the day values WORTH, the price of variety, weight and budget."""
    sort_days(w, r)
    mu, wished = r[MU], w[DISTINCT]
    total = (r[MISSING] - mu) * wished - r[AT_HOME]
    total += worth_of_limits(w, r)
    for t in range(w[HORIZON]):
        total += w[NEED + t] * (r[FULL + t] - r[WORTH + t])
    kinds = 0
    grams = cents = 0
    for each in range(w[N_PRODS]):
        p = each
        if w[GROUPED] and w[FOLLOWS + p]:
            continue
        if w[GROUPED] and w[NEXT_OF_GROUP + p] >= 0:
            p, worth = _best_of_group(w, r, p)
        else:
            worth = _best_units(w, r, p)
            r[BEHIND + p] = 0.0
            r[AHEAD + p] = NEVER_BEHIND
        total += worth
        used = 0
        for i in range(w[FIRST + p], w[FIRST + p + 1]):
            units = w[TAKEN + i]
            used += units
            grams += units * w[GRAMS + i]
            cents += units * w[CENTS + i]
        kinds += 1 if used > 0 and p < w[N_KINDS] else 0
    r[BOUND] = total
    r[SLOPE] = kinds - wished
    r[FOUND_GRAMS] = grams
    r[FOUND_CENTS] = cents
    return total


@compiled
def rule_out(w: Ints, r: Floats, goal: float) -> None:
    """Narrow LOW..HIGH to units without which the bound, and so any box, falls below `goal`."""
    for i in range(w[N_ITEMS]):
        p = w[PROD + i]
        units = w[TAKEN + i]
        low, high = 0, w[MOST + i]
        gap = r[BOUND] - goal - r[BEHIND + p]
        fall = -r[MORE + i]
        if gap < 0.0 < r[BEHIND + p]:
            high = 0
        elif fall > 0.0 and gap < fall * 100.0:
            high = min(high, units + int(gap / fall))
        fall = -r[FEWER + i]
        if fall > 0.0 and gap < fall * 100.0 and gap < r[AHEAD + p] and i < w[N_SENT]:
            low = max(low, units - int(gap / fall))
        w[LOW + i] = low
        w[HIGH + i] = max(high, low)


@compiled
def open_all(w: Ints) -> None:
    """Allow every unit again."""
    for i in range(w[N_ITEMS]):
        w[LOW + i] = 0
        w[HIGH + i] = w[MOST + i]
