"""The best box when days are told apart by their worth only: a table over portions and kinds of fruit.

A table over (kinds, portions) finds the best sum of what the products can add (`choose.py`), with limits per product,
whole units, the number of portions wanted and the wish for variety all exact. Products of which a box holds one only
share a layer. Its value bounds what any box is worth; its box is often the best there is.
"""

from subscriptions.planning.engine.bench import (
    CHOICES,
    CHOICES_MAX,
    CONSTANT,
    FIRST,
    FIXED,
    FOLLOWS,
    GAIN,
    GROUPED,
    HIGH,
    KIND,
    LAYERS,
    LOW,
    MISSING,
    N_ITEMS,
    N_KINDS,
    N_PRODS,
    NEXT_OF_GROUP,
    ORDER,
    PART,
    PICK,
    REACHED,
    STRIDE,
    TABLE,
    TOP,
    TRIAL,
    UNITS_OF,
    WANTED,
    Floats,
    Ints,
)
from subscriptions.planning.engine.choose import MIXED
from subscriptions.planning.engine.compiled import compiled
from subscriptions.planning.engine.mix import IMPOSSIBLE


@compiled
def _extend(w: Ints, r: Floats, layer: int, p: int, kinds: int, low: int, width: int) -> int:
    """Add one product's choices to a layer of the table that holds what is without them.

    Returns how many portions that tells of.
    """
    before = TABLE + w[STRIDE] * layer
    after = before + w[STRIDE]
    last = width - 1
    reached = w[REACHED + layer]
    most = reached
    step = 1 if w[FIXED + p] == 0 and p < w[N_KINDS] else 0
    for j in range(w[CHOICES + p]):
        portions, gain = min(w[PART + CHOICES_MAX * p + j], last), r[GAIN + CHOICES_MAX * p + j]
        whole = min(width - portions, reached + 1)
        most = max(most, min(reached + portions, last))
        for d in range(low, min(low + layer, kinds) + 1):
            source = before + d * width
            target = after + min(d + step, kinds) * width
            here = r[source : source + whole]
            there = r[target + portions : target + portions + whole]
            for k in range(whole):
                there[k] = max(there[k], here[k] + gain)
            for k in range(whole, reached + 1):
                r[target + last] = max(r[target + last], r[source + k] + gain)
    return most


@compiled
def next_of_group(w: Ints, p: int) -> int:
    """Next product of the group of p that has choices, -1 if there is none."""
    p = w[NEXT_OF_GROUP + p] if w[GROUPED] else -1
    while p >= 0 and w[CHOICES + p] == 0:
        p = w[NEXT_OF_GROUP + p]
    return int(p)


@compiled
def fill_table(w: Ints, r: Floats, kinds: int, low: int, base: float) -> int:
    """Find the best sum of choices for each number of kinds and portions; returns the best end, TOP its worth.

    `low` kinds are fixed already. The order of products is left in ORDER, their number in the first unused place.
    """
    width = w[WANTED] + 1
    for s in range((kinds + 1) * width):
        r[TABLE + w[STRIDE] * 0 + s] = IMPOSSIBLE
    r[TABLE + w[STRIDE] * 0 + low * width] = 0.0
    w[REACHED] = 0
    layer = 0
    for first in range(w[N_PRODS]):
        if w[GROUPED] and w[FOLLOWS + first]:
            continue
        p = first if w[CHOICES + first] > 0 else next_of_group(w, first)
        if p >= 0 and layer + 1 < w[LAYERS]:
            w[ORDER + layer] = p
            for s in range((kinds + 1) * width):
                r[TABLE + w[STRIDE] * (layer + 1) + s] = r[TABLE + w[STRIDE] * layer + s]
            w[REACHED + layer + 1] = w[REACHED + layer]
            while p >= 0:
                most = _extend(w, r, layer, p, kinds, low, width)
                w[REACHED + layer + 1] = max(w[REACHED + layer + 1], most)
                p = next_of_group(w, p)
            layer += 1
    w[ORDER + layer] = -1
    top = IMPOSSIBLE
    end = -1
    for d in range(low, kinds + 1):
        for k in range(width):
            worth = r[TABLE + w[STRIDE] * layer + d * width + k] + base * k + r[MISSING] * d
            if worth > top:
                top, end = worth, d * width + k
    r[CONSTANT] += top
    r[TOP] = top
    return end


@compiled
def _source(w: Ints, r: Floats, layer: int, p: int, j: int, end: int, kinds: int) -> int:
    """Find the place in the table that choice j leads from to `end`; -1 if it does not."""
    width = w[WANTED] + 1
    last = width - 1
    worth = r[TABLE + w[STRIDE] * (layer + 1) + end]
    portions, gain = min(w[PART + CHOICES_MAX * p + j], last), r[GAIN + CHOICES_MAX * p + j]
    d, k = end // width, end % width
    step = 1 if w[FIXED + p] == 0 and p < w[N_KINDS] else 0
    least = d - step
    most = d if d == kinds else least
    for d_before in range(max(least, 0), most + 1):
        first, after = (k - portions, k - portions + 1) if k < last else (last - portions, width)
        for k_before in range(max(first, 0), after):
            if r[TABLE + w[STRIDE] * layer + d_before * width + k_before] + gain == worth:
                return d_before * width + k_before
    return -1


@compiled
def read_table(w: Ints, r: Floats, end: int, kinds: int) -> None:
    """Write the units of the best box to TRIAL."""
    for i in range(w[N_ITEMS]):
        w[TRIAL + i] = w[LOW + i]
    layer = 0
    while w[ORDER + layer] >= 0:
        layer += 1
    while layer > 0:
        layer -= 1
        if r[TABLE + w[STRIDE] * layer + end] == r[TABLE + w[STRIDE] * (layer + 1) + end]:
            continue
        p = w[ORDER + layer]
        source = -1
        while p >= 0 and source < 0:
            for j in range(w[CHOICES + p]):
                source = _source(w, r, layer, p, j, end, kinds)
                if source >= 0:
                    _add_choice(w, p, j)
                    end = source
                    break
            p = next_of_group(w, p)


@compiled
def _add_choice(w: Ints, p: int, j: int) -> None:
    room = w[UNITS_OF + p] - w[FIXED + p]
    if w[KIND + p] != MIXED:
        for k in range(min(j + 1, room)):
            w[TRIAL + w[PICK + CHOICES_MAX * p + k]] += 1
        return
    code = w[PICK + CHOICES_MAX * p + j]
    for i in range(w[FIRST + p], w[FIRST + p + 1]):
        if min(w[HIGH + i] - w[LOW + i], room) > 0 or w[LOW + i] > 0:
            w[TRIAL + i] += code & 15
            code >>= 4
