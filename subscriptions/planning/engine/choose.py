"""What every product can add to a box when days are told apart by their worth only: so many portions for so much."""

from subscriptions.planning.engine.bench import (
    CHOICES,
    CHOICES_MAX,
    CONSTANT,
    FIRST,
    FIXED,
    FIXED_EATEN,
    GAIN,
    HORIZON,
    ITEMS_MAX,
    KIND,
    LAGRANGE,
    LOW,
    MARGIN,
    MASK,
    MIX,
    N_PRODS,
    NEXT,
    PART,
    PER_PRODUCT,
    PICK,
    PORTIONS,
    TAKEN,
    UNITS_OF,
    USABLE,
    WANTED,
    Floats,
    Ints,
)
from subscriptions.planning.engine.compiled import compiled
from subscriptions.planning.engine.mix import (
    MIXES_MAX,
    counted_already,
    gather_lots,
    list_mixes,
    next_unit,
)
from subscriptions.planning.engine.worth import portions_worth, sort_days

SINGLE, MIXED, MERGED = 0, 1, 2
"""How the choices of a product were listed: of its one lot, of every mix, or of lots one after another."""


@compiled
def _single(w: Ints, r: Floats, p: int, i: int, units: int, base: float) -> int:
    """Choices of a product with one lot: one unit, two, ..."""
    gain = 0.0
    portions = 0
    n = 0
    while n < units:
        next_unit(w, r, i, base)
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
    """Take the best next unit again and again, by gain, portions or a sum of both; returns how many.

    MIX holds how many units of each lot were taken when they were lined up before, if not 0 its next unit is looked at.
    """
    for x in range(n_lots):
        i = w[MIX + ITEMS_MAX * 0 + x]
        if w[MIX + ITEMS_MAX * 2 + x] != 0:
            w[MIX + ITEMS_MAX * 2 + x] = 0
            w[TAKEN + i] = w[LOW + i]
            next_unit(w, r, i, base)
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
        next_unit(w, r, i, base)
    return n


@compiled
def _merged(w: Ints, r: Floats, p: int, n_lots: int, room: int, base: float) -> int:
    """Choices of a product with many lots: the most portions and the most gain that so many units can have.

    No mix of so many units has more of either; where lots are alike one mix has both. The units picked are the best
    while more is wanted.
    """
    for x in range(n_lots):
        w[MIX + ITEMS_MAX * 2 + x] = -1
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
    counted = counted_already(w, r, n_lots, base)
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
def _fixed_gain(w: Ints, r: Floats, p: int, base: float) -> float:
    """Gain of the units of a product that are in for certain, lot by lot."""
    total = 0.0
    for i in range(w[FIRST + p], w[FIRST + p + 1]):
        low = w[LOW + i]
        w[TAKEN + i] = low
        if low > 0:
            portions = min(low * w[PORTIONS + i], w[USABLE + i])
            total += portions_worth(w, r, w[MASK + i], 0, portions) - base * portions
            total -= low * r[LAGRANGE + i]
    return total


@compiled
def list_choices(w: Ints, r: Floats) -> float:
    """List what every product can add at the day values WORTH; returns the base worth of a portion."""
    base = sort_days(w, r)
    constant = 0.0
    for p in range(w[N_PRODS]):
        room = w[UNITS_OF + p] - w[FIXED + p]
        w[CHOICES + p] = 0
        constant += _fixed_gain(w, r, p, base)
        n_lots, most, mixes = gather_lots(w, p)
        if most == 0:
            continue
        w[KIND + p] = SINGLE
        if n_lots == 1:
            w[CHOICES + p] = _single(w, r, p, w[MIX], w[MIX + ITEMS_MAX], base)
        elif mixes <= MIXES_MAX and most < 16 and n_lots <= 14 and w[WANTED] <= 60:
            w[KIND + p] = MIXED
            w[CHOICES + p] = list_mixes(w, r, p, n_lots, room, base)
        else:
            w[KIND + p] = MERGED
            w[CHOICES + p] = _merged(w, r, p, n_lots, room, base)
    r[CONSTANT] = constant
    return base
