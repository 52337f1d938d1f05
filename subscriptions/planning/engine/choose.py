"""What every product can add to a box when days are told apart by their worth only: so many portions for so much."""

from subscriptions.planning.engine.bench import (
    CHOICES,
    CHOICES_MAX,
    CONSTANT,
    FIRST,
    FIXED,
    FIXED_EATEN,
    GAIN,
    HIGH,
    HORIZON,
    ITEMS_MAX,
    KIND,
    LAGRANGE,
    LOW,
    MARGIN,
    MASK,
    MIX,
    MIX_WORTH,
    MIXED_MAX,
    N_PRODS,
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
from subscriptions.planning.engine.worth import portions_worth, sort_days

IMPOSSIBLE = -1e18
MIXES_MAX = 600


@compiled
def _next_unit(w: Ints, r: Floats, i: int, base: float) -> None:
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
def _single(w: Ints, r: Floats, p: int, i: int, units: int, base: float) -> int:
    """Choices of a product with one lot: one unit, two, ..."""
    gain = 0.0
    portions = 0
    n = 0
    while n < units:
        _next_unit(w, r, i, base)
        gain += r[MARGIN + i]
        portions += w[NEXT + i]
        w[TAKEN + i] += 1
        r[GAIN + CHOICES_MAX * p + n] = gain
        w[PART + CHOICES_MAX * p + n] = portions
        w[PICK + CHOICES_MAX * p + n] = i
        n += 1
        if portions >= w[WANTED] and r[LAGRANGE + i] >= 0.0:
            break
    return n


@compiled
def _line_up(
    w: Ints,
    r: Floats,
    p: int,
    n_lots: int,
    room: int,
    base: float,
    for_gain: float,
    for_part: float,
) -> int:
    """Take the best next unit again and again, by gain, portions or a sum of both; returns how many."""
    for x in range(n_lots):
        i = w[MIX + ITEMS_MAX * 0 + x]
        w[MIX + ITEMS_MAX * 2 + x] = 0
        w[TAKEN + i] = w[LOW + i]
        _next_unit(w, r, i, base)
    gain = 0.0
    portions = 0
    n = 0
    while n < room and n < CHOICES_MAX:
        best = -1
        most = -1e17
        for x in range(n_lots):
            i = w[MIX + ITEMS_MAX * 0 + x]
            worth = for_gain * r[MARGIN + i] + for_part * w[NEXT + i]
            if w[MIX + ITEMS_MAX * 2 + x] < w[MIX + ITEMS_MAX * 1 + x] and worth > most:
                best, most = x, worth
        if best < 0:
            break
        i = w[MIX + ITEMS_MAX * 0 + best]
        w[MIX + ITEMS_MAX * 2 + best] += 1
        gain += r[MARGIN + i]
        portions += w[NEXT + i]
        w[TAKEN + i] += 1
        if for_part == 0.0:
            r[GAIN + CHOICES_MAX * p + n] = gain
        elif for_gain == 0.0:
            w[PART + CHOICES_MAX * p + n] = portions
        else:
            w[PICK + CHOICES_MAX * p + n] = i
        n += 1
        _next_unit(w, r, i, base)
    return n


@compiled
def _merged(w: Ints, r: Floats, p: int, n_lots: int, room: int, base: float) -> int:
    """Choices of a product with many lots: the most portions and the most gain that so many units can have.

    No mix of so many units has more of either; where lots are alike one mix has both. The units picked are the best
    while more is wanted.
    """
    _line_up(w, r, p, n_lots, room, base, 1.0, 0.0)
    _line_up(w, r, p, n_lots, room, base, 0.0, 1.0)
    n = _line_up(w, r, p, n_lots, room, base, 1.0, max(base, 1e-9))
    _cap(w, r, p, n_lots, n, base)
    for j in range(1, n):
        enough = w[PART + CHOICES_MAX * p + j - 1] >= w[WANTED]
        if enough and r[GAIN + CHOICES_MAX * p + j] <= r[GAIN + CHOICES_MAX * p + j - 1]:
            return j
    return n


@compiled
def _cap(w: Ints, r: Floats, p: int, n_lots: int, n: int, base: float) -> None:
    """Lower choices to what the best days of all their lots together allow, at the cost of the cheapest units."""
    fixed = mask = most = 0
    for x in range(n_lots):
        i = w[MIX + x]
        w[MIX + ITEMS_MAX * 2 + x] = 0
        mask |= w[MASK + i]
        fixed += w[LOW + i] * w[PORTIONS + i]
    for t in range(w[HORIZON]):
        most += w[PER_PRODUCT + t] if (mask >> t) & 1 else 0
    counted = _counted(w, r, n_lots, base)
    cost = 0.0
    for j in range(n):
        cheapest = -1
        least = 1e300
        for x in range(n_lots):
            each = r[LAGRANGE + w[MIX + x]]
            if w[MIX + ITEMS_MAX * 2 + x] < w[MIX + ITEMS_MAX + x] and each < least:
                cheapest, least = x, each
        w[MIX + ITEMS_MAX * 2 + cheapest] += 1
        cost += least
        portions = w[PART + CHOICES_MAX * p + j]
        eaten = min(portions + fixed, most)
        gain = portions_worth(w, r, mask, 0, eaten) - base * eaten - counted - cost
        r[GAIN + CHOICES_MAX * p + j] = min(r[GAIN + CHOICES_MAX * p + j], gain)
        w[PART + CHOICES_MAX * p + j] = max(min(portions, most - w[FIXED_EATEN + p]), 0)


@compiled
def _counted(w: Ints, r: Floats, n_lots: int, base: float) -> float:
    """What the units that are in for certain are counted as already, lot by lot, apart from their cost."""
    total = 0.0
    for x in range(n_lots):
        i = w[MIX + x]
        fixed = min(w[LOW + i] * w[PORTIONS + i], w[USABLE + i])
        if fixed > 0:
            total += portions_worth(w, r, w[MASK + i], 0, fixed) - base * fixed
    return total


@compiled
def _edible(w: Ints, n_lots: int) -> int:
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
def _next_mix(w: Ints, n_lots: int, total: int, room: int) -> int:
    """Count up to the next mix of units; returns its number of units, 0 after the last."""
    for x in range(n_lots):
        if w[MIX + ITEMS_MAX * 2 + x] < w[MIX + ITEMS_MAX + x] and total < room:
            w[MIX + ITEMS_MAX * 2 + x] += 1
            return total + 1
        total -= w[MIX + ITEMS_MAX * 2 + x]
        w[MIX + ITEMS_MAX * 2 + x] = 0
    return 0


@compiled
def _together(w: Ints, r: Floats, n_lots: int, portions: int, base: float) -> float:
    """Most that a mix can gain apart from its cost, so many portions of it being eaten on the best days of any."""
    mask = 0
    for x in range(n_lots):
        i = w[MIX + x]
        if w[MIX + ITEMS_MAX * 2 + x] > 0 or w[LOW + i] > 0:
            mask |= w[MASK + i]
    return portions_worth(w, r, mask, 0, portions) - base * portions


@compiled
def _by_units(w: Ints, r: Floats, n_lots: int, base: float) -> int:
    """Add up gain and portions of each lot by its units, one lot beside the other; returns the units in for certain."""
    fixed = 0
    for x in range(n_lots):
        i = w[MIX + x]
        w[MIX + ITEMS_MAX * 2 + x] = 0
        r[MIX_WORTH + MIXED_MAX * 0 + x * 16] = 0.0
        r[MIX_WORTH + MIXED_MAX * 1 + x * 16] = 0.0
        for units in range(1, w[MIX + ITEMS_MAX + x] + 1):
            _next_unit(w, r, i, base)
            w[TAKEN + i] += 1
            k = x * 16 + units
            r[MIX_WORTH + MIXED_MAX * 0 + k] = r[MIX_WORTH + MIXED_MAX * 0 + k - 1] + r[MARGIN + i]
            r[MIX_WORTH + MIXED_MAX * 1 + k] = r[MIX_WORTH + MIXED_MAX * 1 + k - 1] + w[NEXT + i]
        fixed += w[LOW + i]
    return fixed


@compiled
def _mixed(w: Ints, r: Floats, p: int, n_lots: int, room: int, base: float) -> int:
    """Choices of a product with a few lots: every mix, with the portions its daily limit lets be eaten."""
    counted = _counted(w, r, n_lots, base)
    fixed = _by_units(w, r, n_lots, base)
    most = min(w[WANTED], 60)
    best = MIX_WORTH + MIXED_MAX * 2
    for k in range(most + 1):
        r[GAIN + CHOICES_MAX * p + k] = r[best + k] = IMPOSSIBLE
    total = _next_mix(w, n_lots, 0, room)
    while total > 0:
        gain = cost = 0.0
        portions = code = lots = 0
        for x in range(n_lots):
            units = w[MIX + ITEMS_MAX * 2 + x]
            if units > 0:
                code |= units << (4 * x)
                gain += r[MIX_WORTH + MIXED_MAX * 0 + x * 16 + units]
                portions += int(r[MIX_WORTH + MIXED_MAX * 1 + x * 16 + units])
                cost += units * r[LAGRANGE + w[MIX + x]]
                lots += 1
        portions = min(portions, most)
        if gain > r[best + portions]:
            if lots > 1 or fixed > 0:
                eaten = _edible(w, n_lots)
                portions = max(min(portions, eaten - w[FIXED_EATEN + p]), 0)
                gain = min(gain, _together(w, r, n_lots, eaten, base) - counted - cost)
            if gain > r[best + portions]:
                r[GAIN + CHOICES_MAX * p + portions] = gain
                w[PART + CHOICES_MAX * p + portions] = code
                for k in range(portions, -1, -1):
                    if r[best + k] >= gain:
                        break
                    r[best + k] = gain
        total = _next_mix(w, n_lots, total, room)
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


@compiled
def list_choices(w: Ints, r: Floats) -> float:
    """List what every product can add at the day values WORTH; returns the base worth of a portion."""
    base = sort_days(w, r)
    constant = 0.0
    for p in range(w[N_PRODS]):
        room = w[UNITS_OF + p] - w[FIXED + p]
        w[CHOICES + p] = 0
        n_lots = 0
        mixes = 1
        most = 0
        for i in range(w[FIRST + p], w[FIRST + p + 1]):
            low = w[LOW + i]
            w[TAKEN + i] = low
            if low > 0:
                portions = min(low * w[PORTIONS + i], w[USABLE + i])
                constant += portions_worth(w, r, w[MASK + i], 0, portions) - base * portions
                constant -= low * r[LAGRANGE + i]
            units = max(min(w[HIGH + i] - low, room), 0)
            if units > 0 or low > 0:
                w[MIX + n_lots] = i
                w[MIX + ITEMS_MAX + n_lots] = units
                mixes = min(mixes * (units + 1), MIXES_MAX + 1)
                most = max(most, units)
                n_lots += 1
        if most == 0:
            continue
        w[KIND + p] = 0
        if n_lots == 1:
            w[CHOICES + p] = _single(w, r, p, w[MIX], w[MIX + ITEMS_MAX], base)
        elif mixes <= MIXES_MAX and most < 16 and n_lots <= 14 and w[WANTED] <= 60:
            w[KIND + p] = 1
            w[CHOICES + p] = _mixed(w, r, p, n_lots, room, base)
        else:
            w[CHOICES + p] = _merged(w, r, p, n_lots, room, base)
    r[CONSTANT] = constant
    return base
