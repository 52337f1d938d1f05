"""What a filled table rules out of a node.

The table from the front says what the products before one add at best, the same from behind what those after it add.
With both at hand, every choice of that product has a bound of its own: what all others add at best beside it. Units
that are in no choice above the goal are ruled out; what is left of the node has fewer lots to mix.
"""

from subscriptions.planning.engine.bench import (
    BASE,
    CHOICES,
    CHOICES_MAX,
    FIXED,
    GAIN,
    GROUPED,
    HIGH,
    ITEMS_MAX,
    KEPT_HIGH,
    KEPT_LOW,
    KIND,
    LAYERS,
    LOW,
    MARGIN,
    MISSING,
    MIX,
    MIX_GAIN,
    MIX_LOTS,
    MIX_PORTIONS,
    N_KINDS,
    NEXT,
    ORDER,
    PART,
    REACHED,
    RULED_OUT,
    STRIDE,
    TABLE,
    TABLE_FIXED,
    TABLE_KINDS,
    TAKEN,
    TOP,
    UNITS_OF,
    WANTED,
    Floats,
    Ints,
)
from subscriptions.planning.engine.choose import MIXED, SINGLE
from subscriptions.planning.engine.compiled import compiled
from subscriptions.planning.engine.mix import (
    IMPOSSIBLE,
    begin_mixed,
    gather_lots,
    mix_at_best,
    next_mix,
    next_unit,
)
from subscriptions.planning.engine.table import next_of_group


@compiled
def _step(w: Ints, p: int) -> int:
    """Kinds that a first unit of the product adds."""
    return 1 if w[FIXED + p] == 0 and p < w[N_KINDS] else 0


@compiled
def _behind(w: Ints) -> int:
    """Where it is written what the products after one add at best, by kinds and portions that are in without them."""
    return int(TABLE + w[STRIDE] * w[LAYERS])


@compiled
def _beside(w: Ints) -> int:
    """Where it is written what all others add at best beside so many portions of a product."""
    return int(TABLE + w[STRIDE] * (w[LAYERS] + 2))


@compiled
def _begin_behind(w: Ints, r: Floats) -> None:
    """Begin behind the last product: portions and kinds are worth what they are."""
    width, behind = w[WANTED] + 1, _behind(w)
    for d in range(w[TABLE_FIXED], w[TABLE_KINDS] + 1):
        for k in range(width):
            r[behind + d * width + k] = r[BASE] * k + r[MISSING] * d


@compiled
def _step_back(w: Ints, r: Floats, layer: int) -> None:
    """Add the products of a layer to what those after it add."""
    width, kinds, low = w[WANTED] + 1, w[TABLE_KINDS], w[TABLE_FIXED]
    last, behind, before = width - 1, _behind(w), _behind(w) + w[STRIDE]
    reached, top = w[REACHED + layer], min(low + layer, kinds)
    for s in range(low * width, (top + 1) * width):
        r[before + s] = r[behind + s]
    p = w[ORDER + layer]
    while p >= 0:
        step = _step(w, p)
        for j in range(w[CHOICES + p]):
            portions, gain = min(w[PART + CHOICES_MAX * p + j], last), r[GAIN + CHOICES_MAX * p + j]
            whole = min(width - portions, reached + 1)
            for d in range(low, top + 1):
                source = behind + min(d + step, kinds) * width
                target = before + d * width
                here = r[source + portions : source + portions + whole]
                there = r[target : target + whole]
                for k in range(whole):
                    there[k] = max(there[k], here[k] + gain)
                for k in range(whole, reached + 1):
                    r[target + k] = max(r[target + k], r[source + last] + gain)
        p = next_of_group(w, p)
    for s in range(low * width, (top + 1) * width):
        r[behind + s] = r[before + s]


@compiled
def _set_beside(w: Ints, r: Floats, layer: int, p: int, most: int) -> float:
    """Find what all others add at best beside 0 to `most` portions of product p; returns it beside none of it."""
    width, kinds, low = w[WANTED] + 1, w[TABLE_KINDS], w[TABLE_FIXED]
    last, behind, beside = width - 1, _behind(w), _beside(w)
    before = TABLE + w[STRIDE] * layer
    without = IMPOSSIBLE
    step = _step(w, p)
    for q in range(most + 1):
        r[beside + q] = IMPOSSIBLE
    for d in range(low, min(low + layer, kinds) + 1):
        after = behind + min(d + step, kinds) * width
        for k in range(w[REACHED + layer] + 1):
            here = r[before + d * width + k]
            if here < 0.5 * IMPOSSIBLE:
                continue
            without = max(without, here + r[behind + d * width + k])
            for q in range(most + 1):
                r[beside + q] = max(r[beside + q], here + r[after + min(k + q, last)])
    return without


@compiled
def _narrow_single(w: Ints, r: Floats, p: int, least: float) -> bool:
    """Keep the units of a product with one lot that are in a choice above `least`; tells whether any choice is."""
    beside, last = _beside(w), w[WANTED]
    fewest = most = 0
    n = w[CHOICES + p]
    for j in range(n):
        portions = min(w[PART + CHOICES_MAX * p + j], last)
        worth = r[beside + portions] + r[GAIN + CHOICES_MAX * p + j]
        if worth > least:
            fewest = j + 1 if fewest == 0 else fewest
            most = j + 1
        else:
            r[RULED_OUT] = max(r[RULED_OUT], worth)
    i = w[MIX]
    if most < n:
        w[HIGH + i] = w[LOW + i] + most
    w[KEPT_LOW + i] = fewest
    return bool(most > 0)


@compiled
def _widens(w: Ints, n_lots: int) -> bool:
    """Tell whether a mix has fewer or more units of a lot than those that are kept."""
    for x in range(n_lots):
        units, i = w[MIX + ITEMS_MAX * 2 + x], w[MIX + x]
        if units < w[KEPT_LOW + i] or units > w[KEPT_HIGH + i]:
            return True
    return False


@compiled
def _narrow_mixed(w: Ints, r: Floats, p: int, n_lots: int, most: int, least: float) -> bool:
    """Keep the units of a product's lots that are in a mix above `least`; tells whether any mix is."""
    fixed, counted = begin_mixed(w, r, n_lots, r[BASE])
    beside, room = _beside(w), w[UNITS_OF + p] - w[FIXED + p]
    for x in range(n_lots):
        w[KEPT_LOW + w[MIX + x]], w[KEPT_HIGH + w[MIX + x]] = ITEMS_MAX, -1
    kept = False
    total = next_mix(w, r, n_lots, 0, room)
    while total > 0:
        worth = r[beside + min(w[MIX_PORTIONS], most)] + r[MIX_GAIN]
        if worth > least and _widens(w, n_lots):
            if w[MIX_LOTS] > 1 or fixed > 0:
                portions, gain = mix_at_best(w, r, p, n_lots, counted, r[BASE])
                worth = r[beside + min(portions, most)] + gain
            if worth > least:
                kept = True
                for x in range(n_lots):
                    i, units = w[MIX + x], w[MIX + ITEMS_MAX * 2 + x]
                    w[KEPT_LOW + i] = min(w[KEPT_LOW + i], units)
                    w[KEPT_HIGH + i] = max(w[KEPT_HIGH + i], units)
        if worth <= least:
            r[RULED_OUT] = max(r[RULED_OUT], worth)
        total = next_mix(w, r, n_lots, total, room)
    for x in range(n_lots):
        i = w[MIX + x]
        w[HIGH + i] = w[LOW + i] + max(w[KEPT_HIGH + i], 0)
    return kept


@compiled
def _best_with(w: Ints, r: Floats, p: int, most: int, room: int, portions: int) -> float:
    """Most that units of other lots of a product can add beside so many portions of one, at most `room` units."""
    beside = _beside(w)
    best = r[beside + min(portions, most)]
    for j in range(min(w[CHOICES + p], room)):
        others = portions + w[PART + CHOICES_MAX * p + j]
        best = max(best, r[beside + min(others, most)] + r[GAIN + CHOICES_MAX * p + j])
    return best


@compiled
def _narrow_merged(w: Ints, r: Floats, p: int, n_lots: int, most: int, least: float) -> bool:
    """Keep the units of lots that are, with what is best of the others, above `least`; tells whether any is."""
    room = w[UNITS_OF + p] - w[FIXED + p]
    kept = False
    for x in range(n_lots):
        i, high = w[MIX + x], 0
        gain, portions = 0.0, 0
        w[TAKEN + i] = w[LOW + i]
        for units in range(1, w[MIX + ITEMS_MAX + x] + 1):
            next_unit(w, r, i, r[BASE])
            w[TAKEN + i] += 1
            gain += r[MARGIN + i]
            portions += w[NEXT + i]
            worth = gain + _best_with(w, r, p, most, room - units, portions)
            if worth > least:
                high = units
            else:
                r[RULED_OUT] = max(r[RULED_OUT], worth)
        w[HIGH + i] = w[LOW + i] + high
        w[KEPT_LOW + i] = 0
        kept = kept or high > 0
    return kept


@compiled
def _narrow_product(w: Ints, r: Floats, layer: int, p: int, least: float) -> bool:
    """Narrow the units of one product; false if no box of the node is above `least`."""
    most = 0
    for j in range(w[CHOICES + p]):
        most = max(most, min(w[PART + CHOICES_MAX * p + j], w[WANTED]))
    without = _set_beside(w, r, layer, p, most)
    n_lots, _, _ = gather_lots(w, p)
    if w[KIND + p] == SINGLE:
        kept = _narrow_single(w, r, p, least)
    elif w[KIND + p] == MIXED:
        kept = _narrow_mixed(w, r, p, n_lots, most, least)
    else:
        kept = _narrow_merged(w, r, p, n_lots, most, least)
    if without > least or w[GROUPED] or p >= w[N_KINDS]:
        return True
    r[RULED_OUT] = max(r[RULED_OUT], without)
    if kept:
        for x in range(n_lots):
            w[LOW + w[MIX + x]] += w[KEPT_LOW + w[MIX + x]]
    return kept


@compiled
def narrow(w: Ints, r: Floats, bound: float, goal: float) -> bool:
    """Narrow LOW..HIGH to units that are in some choice whose bound is above `goal`; false if there is none.

    The table must be filled, at a bound of `bound`. RULED_OUT becomes the highest bound of what is ruled out.
    """
    least = r[TOP] - (bound - goal)
    r[RULED_OUT] = IMPOSSIBLE
    some = True
    layer = 0
    while w[ORDER + layer] >= 0:
        layer += 1
    _begin_behind(w, r)
    while layer > 0 and some:
        layer -= 1
        p = w[ORDER + layer]
        while p >= 0 and some:
            some = _narrow_product(w, r, layer, p, least)
            p = next_of_group(w, p)
        _step_back(w, r, layer)
    r[RULED_OUT] += bound - r[TOP]
    return some
