"""The best fruit for one household at going prices: branch and bound over units.

Each node bounds its boxes by a table over portions and kinds (`choose.py`) at day values that are improved while that
helps: days that a proposed box overfills lose worth. Most boxes are settled at the first node.
"""

from subscriptions.planning.engine.bench import (
    BASE,
    BEST,
    BUDGET,
    CENTS,
    CHOICES,
    CONSTANT,
    COST,
    DAYS,
    DAYS_OF,
    DISTINCT,
    EATEN,
    FIRST,
    FIXED,
    FIXED_EATEN,
    FLOW,
    FULL,
    GRAMS,
    GRAMS_MAX,
    GROUPED,
    HIGH,
    HORIZON,
    ITEMS_MAX,
    KEPT_HIGH,
    KEPT_LOW,
    LAGRANGE,
    LEAST_CENTS,
    LOW,
    MASK,
    MU,
    N_ITEMS,
    N_KINDS,
    N_PRODS,
    N_SENT,
    N_SLOTS,
    NEED,
    NODE,
    NODE_BOUND,
    NODE_DAYS,
    NODE_NUMBER,
    NODE_PER_CENT,
    NODE_PER_GRAM,
    NODE_SIZE,
    OF_PRODUCT,
    OTHER,
    PER_CENT,
    PER_GRAM,
    PER_LEAST,
    PORTIONS,
    PROD,
    ROOM,
    SLOT,
    SUM_CENTS,
    SUM_GRAMS,
    TABLE_FIXED,
    TABLE_KINDS,
    TIGHT,
    TRIAL,
    UNITS_OF,
    VALUE,
    WANTED,
    WORTH,
    WORTH_SPARE,
    Floats,
    Ints,
)
from subscriptions.planning.engine.choose import list_choices
from subscriptions.planning.engine.compiled import compiled
from subscriptions.planning.engine.contents import box_worth, oversold
from subscriptions.planning.engine.either import (
    choose_in_groups,
    close_groups,
    close_unchosen,
    other_is_fixed,
)
from subscriptions.planning.engine.flow import open_slot, room_for
from subscriptions.planning.engine.price import (
    eat_fixed,
    fill_cheapest,
)
from subscriptions.planning.engine.table import fill_table, read_table
from subscriptions.planning.engine.worth import lift_days, set_prices, worth_of_limits

HIGH_SHIFT = 16
"""Bits of the fewest units of an item in a stored node; the most units are above them."""


@compiled
def _copy(w: Ints, source: int, target: int) -> None:
    for i in range(w[N_ITEMS]):
        w[target + i] = w[source + i]


@compiled
def copy_days(w: Ints, r: Floats, source: int, target: int) -> None:
    """Copy a row of day values."""
    for t in range(w[HORIZON]):
        r[target + t] = r[source + t]


@compiled
def _complete(w: Ints, r: Floats) -> None:
    """Keep the large fruit of TRIAL; choose single portions anew, day by day, cheapest first."""
    _copy(w, LOW, KEPT_LOW)
    _copy(w, HIGH, KEPT_HIGH)
    if w[GROUPED]:
        choose_in_groups(w, r)
        close_unchosen(w, r)
    for i in range(w[N_ITEMS]):
        if w[PORTIONS + i] > 1:
            w[LOW + i] = w[TRIAL + i]
            w[HIGH + i] = w[TRIAL + i]
    fill_cheapest(w, r, WORTH_SPARE)
    _copy(w, KEPT_LOW, LOW)
    _copy(w, KEPT_HIGH, HIGH)
    for p in range(w[N_PRODS]):
        w[FIXED + p] = 0
    for i in range(w[N_ITEMS]):
        if w[PORTIONS + i] == 1:
            w[TRIAL + i] = max(w[EATEN + i], w[LOW + i])
        w[FIXED + w[PROD + i]] += w[TRIAL + i]
    for i in range(w[N_SENT]):
        p = w[PROD + i]
        if w[FIXED + p] == 0 and r[LAGRANGE + i] < r[MU] and w[HIGH + i] > 0:
            if w[GROUPED] and other_is_fixed(w, p):
                continue
            w[TRIAL + i] = 1
            w[FIXED + p] = 1


@compiled
def _trim(w: Ints, r: Floats) -> None:
    """Drop units from TRIAL until no product and no lot is taken too often, last lots of a product first.

    Of products that exclude each other the one worth most is kept.
    """
    if w[GROUPED]:
        choose_in_groups(w, r)
    for p in range(w[N_PRODS]):
        first, end = w[FIRST + p], w[FIRST + p + 1]
        units = 0
        for i in range(first, end):
            units += w[TRIAL + i]
        for i in range(end - 1, first - 1, -1):
            while w[TRIAL + i] > 0 and (units > w[UNITS_OF + p] or oversold(w, TRIAL, i)):
                w[TRIAL + i] -= 1
                units -= 1


@compiled
def _lighten(w: Ints, r: Floats) -> None:
    """Drop units from TRIAL until it keeps to weight and budget, least worth for what they weigh first."""
    grams = cents = 0
    for i in range(w[N_ITEMS]):
        grams += w[TRIAL + i] * w[GRAMS + i]
        cents += w[TRIAL + i] * w[CENTS + i]
    while grams > w[GRAMS_MAX] or cents > w[BUDGET]:
        row = GRAMS if grams > w[GRAMS_MAX] else CENTS
        worst = -1
        least = 1e300
        for i in range(w[N_ITEMS]):
            if w[TRIAL + i] > 0 and w[row + i] > 0:
                worth = r[VALUE] * w[PORTIONS + i] - r[COST + i]
                if worth < least * w[row + i]:
                    worst, least = i, worth / w[row + i]
        if worst < 0:
            return
        w[TRIAL + worst] -= 1
        grams -= w[GRAMS + worst]
        cents -= w[CENTS + worst]


@compiled
def offer(w: Ints, r: Floats, row: int, found: float) -> float:
    """Keep the box in `row` if it is worth more than the best so far; returns the worth of the best."""
    worth = box_worth(w, r, row)
    if worth > found:
        _copy(w, row, BEST)
        return worth
    return found


@compiled
def repair(w: Ints, r: Floats, found: float) -> float:
    """Make a box that can be eaten and carried from a proposal that cannot; TRIAL is left as it was."""
    _copy(w, TRIAL, OTHER)
    per_gram, per_cent = r[PER_GRAM], r[PER_CENT]
    gram, cent = per_gram, per_cent
    for _ in range(8):
        _complete(w, r)
        box_worth(w, r, TRIAL)
        heavy = w[SUM_GRAMS] > w[GRAMS_MAX]
        dear = w[SUM_CENTS] > w[BUDGET]
        cheap = w[SUM_CENTS] < w[LEAST_CENTS]
        if not heavy and not dear and not cheap:
            break
        if heavy:
            gram = gram * 1.5 + 1.0
        if dear:
            cent = max(cent, 0.0) * 1.5 + 10.0
        if cheap:
            found = offer(w, r, TRIAL, found)
            cent = max(cent - 0.125 * r[PER_LEAST], -r[PER_LEAST])
        set_prices(w, r, gram, cent)
    _trim(w, r)
    _lighten(w, r)
    found = offer(w, r, TRIAL, found)
    set_prices(w, r, per_gram, per_cent)
    _copy(w, OTHER, TRIAL)
    return found


@compiled
def first_box(w: Ints, r: Floats, found: float) -> float:
    """Round the cheapest filling to whole units and mend it."""
    fill_cheapest(w, r, WORTH_SPARE)
    for i in range(w[N_ITEMS]):
        per_unit = w[PORTIONS + i]
        w[TRIAL + i] = (w[EATEN + i] + per_unit // 2) // per_unit
    return repair(w, r, found)


@compiled
def prepare_node(w: Ints) -> bool:
    """Eat what is fixed and say how many portions each item could still add; false if the node has no box."""
    eat_fixed(w)
    if w[GROUPED] and not close_groups(w):
        return False
    wanted = w[WANTED]
    for p in range(w[N_PRODS]):
        w[FIXED_EATEN + p] = 0
        if w[FIXED + p] > w[UNITS_OF + p]:
            return False
        if w[FIXED + p] > 0:
            for t in range(w[HORIZON]):
                w[FIXED_EATEN + p] += w[OF_PRODUCT + DAYS * p + t]
    some = w[FLOW] > 0
    for i in range(w[N_ITEMS]):
        p = w[PROD + i]
        room = w[UNITS_OF + p] - w[FIXED + p]
        w[HIGH + i] = min(w[HIGH + i], w[LOW + i] + room)
        w[ROOM + i] = wanted
        if some and wanted > 0 and w[HIGH + i] > w[LOW + i]:
            slot = w[SLOT + i]
            if slot < 0:
                slot = open_slot(w, w[DAYS_OF + p], w[MASK + i])
            if slot >= 0:
                w[ROOM + i] = min(wanted, room_for(w, slot))
                if w[SLOT + i] < 0:
                    w[N_SLOTS] -= 1
    return True


@compiled
def count_fixed(w: Ints) -> None:
    """Count the fixed units of each product again."""
    for p in range(w[N_PRODS]):
        w[FIXED + p] = 0
    for i in range(w[N_ITEMS]):
        w[FIXED + w[PROD + i]] += w[LOW + i]


@compiled
def propose(w: Ints, r: Floats, fixed_flow: int, wanted: int) -> float:
    """Bound of the node at the day values WORTH; the box it comes from goes to TRIAL."""
    lift_days(w, r)
    w[WANTED] = wanted
    base = list_choices(w, r)
    kinds = fixed = 0
    for p in range(w[N_KINDS]):
        kinds += 1 if w[CHOICES + p] > 0 or w[FIXED + p] > 0 else 0
        fixed += 1 if w[FIXED + p] > 0 else 0
    kinds = min(kinds, w[DISTINCT])
    r[BASE], w[TABLE_KINDS], w[TABLE_FIXED] = base, kinds, min(fixed, kinds)
    end = fill_table(w, r, kinds, w[TABLE_FIXED], base)
    bound = r[CONSTANT] + base * fixed_flow
    bound += worth_of_limits(w, r)
    for t in range(w[HORIZON]):
        bound += w[NEED + t] * (r[FULL + t] - r[WORTH + t])
    read_table(w, r, end, kinds)
    return bound


@compiled
def where_to_branch(w: Ints, r: Floats) -> int:
    """The item of the proposal that does most to overfill days or the weight; -1 if nothing is open."""
    best = -1
    most = -1.0
    tight = w[TIGHT]
    heavy = w[SUM_GRAMS] > w[GRAMS_MAX]
    for i in range(w[N_SENT]):
        if w[TRIAL + i] <= w[LOW + i]:
            continue
        score = 1.0 + w[PORTIONS + i] + r[COST + i] * 1e-5
        if heavy:
            score = float(w[GRAMS + i])
        elif w[MASK + i] & tight:
            score += 100.0 * w[PORTIONS + i]
            score += 1000.0 if w[MASK + i] & ~tight == 0 else 0.0
        if score > most:
            best, most = i, score
    if best < 0:
        for i in range(w[N_SENT]):
            if w[HIGH + i] > w[LOW + i]:
                return i
    return best


@compiled
def push_node(w: Ints, r: Floats, n: int, bound: float) -> None:
    """Store what is on the bench as node n."""
    for i in range(w[N_ITEMS]):
        w[NODE + ITEMS_MAX * n + i] = w[LOW + i] | w[HIGH + i] << HIGH_SHIFT
    r[NODE_NUMBER + NODE_SIZE * n + NODE_BOUND] = bound
    r[NODE_NUMBER + NODE_SIZE * n + NODE_PER_GRAM] = r[PER_GRAM]
    r[NODE_NUMBER + NODE_SIZE * n + NODE_PER_CENT] = r[PER_CENT]
    for t in range(w[HORIZON]):
        r[NODE_NUMBER + NODE_SIZE * n + NODE_DAYS + t] = r[WORTH + t]


@compiled
def load_node(w: Ints, r: Floats, n: int) -> None:
    """Put node n on the bench."""
    for i in range(w[N_ITEMS]):
        units = w[NODE + ITEMS_MAX * n + i]
        w[LOW + i] = units & (1 << HIGH_SHIFT) - 1
        w[HIGH + i] = units >> HIGH_SHIFT
    for t in range(w[HORIZON]):
        r[WORTH + t] = r[NODE_NUMBER + NODE_SIZE * n + NODE_DAYS + t]
    set_prices(
        w,
        r,
        r[NODE_NUMBER + NODE_SIZE * n + NODE_PER_GRAM],
        r[NODE_NUMBER + NODE_SIZE * n + NODE_PER_CENT],
    )


@compiled
def swap_nodes(w: Ints, r: Floats, n: int, m: int) -> None:
    """Exchange two stored nodes."""
    for i in range(w[N_ITEMS]):
        w[NODE + ITEMS_MAX * n + i], w[NODE + ITEMS_MAX * m + i] = (
            w[NODE + ITEMS_MAX * m + i],
            w[NODE + ITEMS_MAX * n + i],
        )
    for k in range(NODE_DAYS + w[HORIZON]):
        here = r[NODE_NUMBER + NODE_SIZE * n + k]
        r[NODE_NUMBER + NODE_SIZE * n + k] = r[NODE_NUMBER + NODE_SIZE * m + k]
        r[NODE_NUMBER + NODE_SIZE * m + k] = here
