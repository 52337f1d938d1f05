"""Mixes of the lots of one product, which share what may be eaten of it on a day."""

from subscriptions.planning.engine.bench import (
    CHOICES_MAX,
    FIRST,
    FIXED,
    FIXED_EATEN,
    GAIN,
    HIGH,
    HORIZON,
    HOUSEHOLD_KEY,
    ITEMS_MAX,
    KEY,
    KNOWN_EATEN,
    KNOWN_KEYS,
    KNOWN_MIXES,
    LAGRANGE,
    LOW,
    MARGIN,
    MASK,
    MIX,
    MIX_CODE,
    MIX_COST,
    MIX_DAYS,
    MIX_GAIN,
    MIX_KEY,
    MIX_LOTS,
    MIX_PORTIONS,
    MIX_WORTH,
    MIXED_MAX,
    NEXT,
    PART,
    PER_PRODUCT,
    PICK,
    PORTIONS,
    ROOM,
    TAKEN,
    UNITS_OF,
    USABLE,
    WANTED,
    Floats,
    Ints,
)
from subscriptions.planning.engine.compiled import compiled
from subscriptions.planning.engine.worth import portions_worth

IMPOSSIBLE = -1e18
MIXES_MAX = 600


@compiled
def gather_lots(w: Ints, p: int) -> tuple[int, int, int]:
    """Write the lots of a product that are in or may be to MIX, with the units that may be added.

    Returns their number, the most units any may add, and how many mixes there are, up to one more than are listed.
    """
    room = w[UNITS_OF + p] - w[FIXED + p]
    n_lots = most = 0
    mixes = 1
    for i in range(w[FIRST + p], w[FIRST + p + 1]):
        units = max(min(w[HIGH + i] - w[LOW + i], room), 0)
        if units > 0 or w[LOW + i] > 0:
            w[MIX + n_lots] = i
            w[MIX + ITEMS_MAX + n_lots] = units
            mixes = min(mixes * (units + 1), MIXES_MAX + 1)
            most = max(most, units)
            n_lots += 1
    return n_lots, most, mixes


@compiled
def next_unit(w: Ints, r: Floats, i: int, base: float) -> None:
    """Portions and gain of one more unit of item i, its portions at the base worth left out."""
    per_unit = w[PORTIONS + i]
    start = w[TAKEN + i] * per_unit
    added = start - w[LOW + i] * per_unit
    portions = min(per_unit, w[USABLE + i] - start, w[ROOM + i] - added)
    portions = max(portions, 0)
    gain = -r[LAGRANGE + i]
    if portions > 0:
        gain += portions_worth(w, r, w[MASK + i], start, portions) - base * portions
    w[NEXT + i] = portions
    r[MARGIN + i] = gain


@compiled
def counted_already(w: Ints, r: Floats, n_lots: int, base: float) -> float:
    """What the units that are in for certain are counted as already, lot by lot, apart from their cost."""
    total = 0.0
    for x in range(n_lots):
        i = w[MIX + x]
        fixed = min(w[LOW + i] * w[PORTIONS + i], w[USABLE + i])
        if fixed > 0:
            total += portions_worth(w, r, w[MASK + i], 0, fixed) - base * fixed
    return total


@compiled
def _begin_mixes(w: Ints, r: Floats, n_lots: int) -> None:
    """Begin with the mix of nothing but what is in for certain."""
    days = 0
    key = w[HOUSEHOLD_KEY]
    for x in range(n_lots):
        i = w[MIX + x]
        w[MIX + ITEMS_MAX * 2 + x] = 0
        key += w[LOW + i] * w[KEY + i]
        days |= w[MASK + i] if w[LOW + i] > 0 else 0
    for x in range(n_lots + 1):
        w[MIX_PORTIONS + x] = w[MIX_CODE + x] = w[MIX_LOTS + x] = 0
        w[MIX_DAYS + x] = days
        w[MIX_KEY + x] = key
        r[MIX_GAIN + x] = r[MIX_COST + x] = 0.0


@compiled
def _add_up(w: Ints, r: Floats, x: int) -> None:
    """Add up the mix from its x-th lot on, the lots before it having no units."""
    i, units = w[MIX + x], w[MIX + ITEMS_MAX * 2 + x]
    gain = r[MIX_GAIN + x + 1] + r[MIX_WORTH + MIXED_MAX * 0 + x * 16 + units]
    cost = r[MIX_COST + x + 1] + units * r[LAGRANGE + i]
    portions = w[MIX_PORTIONS + x + 1] + int(r[MIX_WORTH + MIXED_MAX * 1 + x * 16 + units])
    code = w[MIX_CODE + x + 1] | units << (4 * x)
    lots = w[MIX_LOTS + x + 1] + 1
    days = w[MIX_DAYS + x + 1] | w[MASK + i]
    key = w[MIX_KEY + x + 1] + units * w[KEY + i]
    for y in range(x + 1):
        r[MIX_GAIN + y] = gain
        r[MIX_COST + y] = cost
        w[MIX_PORTIONS + y] = portions
        w[MIX_CODE + y] = code
        w[MIX_LOTS + y] = lots
        w[MIX_DAYS + y] = days
        w[MIX_KEY + y] = key


@compiled
def next_mix(w: Ints, r: Floats, n_lots: int, total: int, room: int) -> int:
    """Count up to the next mix of units; returns its number of units, 0 after the last.

    The first lot counts fastest, so what the others come to is seldom added up again.
    """
    for x in range(n_lots):
        if w[MIX + ITEMS_MAX * 2 + x] < w[MIX + ITEMS_MAX + x] and total < room:
            w[MIX + ITEMS_MAX * 2 + x] += 1
            _add_up(w, r, x)
            return total + 1
        total -= w[MIX + ITEMS_MAX * 2 + x]
        w[MIX + ITEMS_MAX * 2 + x] = 0
    return 0


@compiled
def _count_edible(w: Ints, n_lots: int) -> int:
    """Portions of a mix that can be eaten within the daily limit of the product, earliest last day first."""
    for x in range(n_lots):
        i = w[MIX + x]
        w[MIX + ITEMS_MAX * 3 + x] = (w[MIX + ITEMS_MAX * 2 + x] + w[LOW + i]) * w[PORTIONS + i]
    total = 0
    for t in range(w[HORIZON]):
        left = w[PER_PRODUCT + t]
        while left > 0:
            soonest = -1
            ends = 1 << 40
            for x in range(n_lots):
                mask = w[MASK + w[MIX + x]]
                if w[MIX + ITEMS_MAX * 3 + x] > 0 and (mask >> t) & 1 and mask < ends:
                    soonest, ends = x, mask
            if soonest < 0:
                break
            k = min(w[MIX + ITEMS_MAX * 3 + soonest], left)
            w[MIX + ITEMS_MAX * 3 + soonest] -= k
            left -= k
            total += k
    return total


@compiled
def _edible(w: Ints, n_lots: int) -> int:
    """Portions of a mix that can be eaten within the daily limit of the product; each mix is counted once."""
    key = w[MIX_KEY]
    place = key & (KNOWN_MIXES - 1)
    if w[KNOWN_KEYS + place] != key:
        w[KNOWN_KEYS + place] = key
        w[KNOWN_EATEN + place] = _count_edible(w, n_lots)
    return int(w[KNOWN_EATEN + place])


@compiled
def begin_mixed(w: Ints, r: Floats, n_lots: int, base: float) -> tuple[int, float]:
    """Add up gain and portions of each lot by its units, one lot beside the other, and begin to count mixes.

    Returns the units in for certain, and what they are counted as already apart from their cost.
    """
    fixed = 0
    for x in range(n_lots):
        i = w[MIX + x]
        r[MIX_WORTH + MIXED_MAX * 0 + x * 16] = 0.0
        r[MIX_WORTH + MIXED_MAX * 1 + x * 16] = 0.0
        w[TAKEN + i] = w[LOW + i]
        for units in range(1, w[MIX + ITEMS_MAX + x] + 1):
            next_unit(w, r, i, base)
            w[TAKEN + i] += 1
            k = x * 16 + units
            r[MIX_WORTH + MIXED_MAX * 0 + k] = r[MIX_WORTH + MIXED_MAX * 0 + k - 1] + r[MARGIN + i]
            r[MIX_WORTH + MIXED_MAX * 1 + k] = r[MIX_WORTH + MIXED_MAX * 1 + k - 1] + w[NEXT + i]
        fixed += w[LOW + i]
    _begin_mixes(w, r, n_lots)
    return fixed, counted_already(w, r, n_lots, base) if fixed > 0 else 0.0


@compiled
def mix_at_best(
    w: Ints, r: Floats, p: int, n_lots: int, counted: float, base: float
) -> tuple[int, float]:
    """Portions of a mix that can be eaten, and the most it can gain.

    They are eaten on the best days of any lot of it. `counted` is what is in for certain, see `begin_mixed`.
    """
    eaten = _edible(w, n_lots)
    portions = max(min(w[MIX_PORTIONS], eaten - w[FIXED_EATEN + p]), 0)
    together = portions_worth(w, r, w[MIX_DAYS], 0, eaten) - base * eaten
    return portions, min(r[MIX_GAIN], together - counted - r[MIX_COST])


@compiled
def list_mixes(w: Ints, r: Floats, p: int, n_lots: int, room: int, base: float) -> int:
    """Choices of a product with a few lots: every mix, with the portions its daily limit lets be eaten."""
    fixed, counted = begin_mixed(w, r, n_lots, base)
    most = min(w[WANTED], 60)
    best = MIX_WORTH + MIXED_MAX * 2
    for k in range(most + 1):
        r[GAIN + CHOICES_MAX * p + k] = r[best + k] = IMPOSSIBLE
    total = next_mix(w, r, n_lots, 0, room)
    while total > 0:
        portions, gain = min(w[MIX_PORTIONS], most), r[MIX_GAIN]
        if gain > r[best + portions]:
            if w[MIX_LOTS] > 1 or fixed > 0:
                portions, gain = mix_at_best(w, r, p, n_lots, counted, base)
                portions = min(portions, most)
            if gain > r[best + portions]:
                r[GAIN + CHOICES_MAX * p + portions] = gain
                w[PART + CHOICES_MAX * p + portions] = w[MIX_CODE]
                for k in range(portions, -1, -1):
                    if r[best + k] >= gain:
                        break
                    r[best + k] = gain
        total = next_mix(w, r, n_lots, total, room)
    return _thin_out(w, r, p, most)


@compiled
def _thin_out(w: Ints, r: Floats, p: int, most: int) -> int:
    """Keep only mixes that no mix with more portions beats; `gain` and `part` were indexed by portions."""
    n = 0
    best = IMPOSSIBLE
    for k in range(most, -1, -1):
        if r[GAIN + CHOICES_MAX * p + k] > best:
            best = r[GAIN + CHOICES_MAX * p + k]
            r[MIX_WORTH + MIXED_MAX * 2 + n] = best
            w[PICK + CHOICES_MAX * p + n] = w[PART + CHOICES_MAX * p + k]
            r[MIX_WORTH + MIXED_MAX * 1 + n] = k
            n += 1
    for j in range(n):
        r[GAIN + CHOICES_MAX * p + j] = r[MIX_WORTH + MIXED_MAX * 2 + j]
        w[PART + CHOICES_MAX * p + j] = int(r[MIX_WORTH + MIXED_MAX * 1 + j])
    return n
