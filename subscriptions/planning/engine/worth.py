"""What portions are worth at given day values: an item eats on its best days first."""

from subscriptions.planning.engine.bench import (
    BUDGET,
    CENTS,
    COST,
    EVEN,
    FULL,
    GRAMS,
    GRAMS_MAX,
    HORIZON,
    LAGRANGE,
    LEAST_CENTS,
    LEVEL,
    LEVEL_DAYS,
    MASK,
    N_ITEMS,
    N_LEVELS,
    NEED,
    PER_CENT,
    PER_GRAM,
    PER_LEAST,
    PER_PRODUCT,
    PORTIONS,
    USABLE,
    VALUE,
    WORTH,
    Floats,
    Ints,
)
from subscriptions.planning.engine.compiled import compiled
from subscriptions.planning.engine.flow import lowest_bit, n_bits


@compiled
def sort_days(w: Ints, r: Floats) -> float:
    """Group the days by worth, best first; returns the lowest worth of a day that wants something, 0 if none does."""
    n = 0
    lowest = 1e300
    for t in range(w[HORIZON]):
        value = r[WORTH + t]
        if w[NEED + t] == 0:
            continue
        lowest = min(lowest, value)
        k = 0
        while k < n and r[LEVEL + k] > value:
            k += 1
        if k < n and r[LEVEL + k] == value:
            w[LEVEL_DAYS + k] |= 1 << t
            continue
        for j in range(n, k, -1):
            r[LEVEL + j] = r[LEVEL + j - 1]
            w[LEVEL_DAYS + j] = w[LEVEL_DAYS + j - 1]
        r[LEVEL + k] = value
        w[LEVEL_DAYS + k] = 1 << t
        n += 1
    w[N_LEVELS] = n
    return lowest if n > 0 else 0.0


@compiled
def portions_worth(w: Ints, r: Floats, mask: int, start: int, portions: int) -> float:
    """Worth of so many more portions of an item after the first `start`, each on the best day left for it."""
    total = 0.0
    place = 0
    end = start + portions
    even = w[EVEN]
    for k in range(w[N_LEVELS]):
        days = mask & w[LEVEL_DAYS + k]
        if even:
            here = n_bits(days) * even
        else:
            here = 0
            while days:
                here += w[PER_PRODUCT + lowest_bit(days)]
                days &= days - 1
        after = place + here
        used = min(after, end) - max(place, start)
        if used > 0:
            total += used * r[LEVEL + k]
        place = after
        if place >= end:
            break
    return total


@compiled
def unit_worth(w: Ints, r: Floats, i: int, units: int) -> float:
    """Worth of one more unit of item i after so many, less its cost."""
    per_unit = w[PORTIONS + i]
    start = units * per_unit
    portions = min(per_unit, w[USABLE + i] - start)
    if portions <= 0:
        return -r[LAGRANGE + i]
    return portions_worth(w, r, w[MASK + i], start, portions) - r[LAGRANGE + i]


@compiled
def set_prices(w: Ints, r: Floats, per_gram: float, per_cent: float) -> None:
    """Let weight and budget cost something."""
    r[PER_GRAM] = per_gram
    r[PER_CENT] = per_cent
    for i in range(w[N_ITEMS]):
        r[LAGRANGE + i] = r[COST + i] + per_gram * w[GRAMS + i] + per_cent * w[CENTS + i]


@compiled
def worth_of_limits(w: Ints, r: Floats) -> float:
    """What weight, budget and least value are worth at their prices.

    A negative price of cents is what they earn while the box is worth too little; the rest of what they would earn
    up to the least value is counted as earned.
    """
    cents = r[PER_CENT] * (w[BUDGET] if r[PER_CENT] >= 0.0 else w[LEAST_CENTS])
    return r[PER_GRAM] * w[GRAMS_MAX] + cents + r[PER_LEAST] * w[LEAST_CENTS]


@compiled
def lift_days(w: Ints, r: Floats) -> None:
    """Raise all day values alike until one is the full worth of a portion there.

    The number of portions is counted exactly, so only differences between days matter, and higher is tighter.
    """
    top = 0.0
    for t in range(w[HORIZON]):
        if w[NEED + t] > 0:
            top = max(top, r[WORTH + t] - (r[FULL + t] - r[VALUE]))
    for t in range(w[HORIZON]):
        r[WORTH + t] = min(r[WORTH + t] + r[VALUE] - top, r[FULL + t])
