"""Passes over many boxes that share stock. A lane is a part of the households with its own share of the stock."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.engine.bench import (
    BEST,
    BLOCKED,
    LOT,
    MODE,
    N_BLOCKED,
    N_SENT,
    PRODUCTS_MAX,
    Floats,
    Ints,
)
from subscriptions.planning.engine.compiled import compiled
from subscriptions.planning.engine.contents import NO_BOX
from subscriptions.planning.engine.put import put_flowers, put_fruit
from subscriptions.planning.engine.search import best_box
from subscriptions.planning.engine.vase import best_vase
from subscriptions.planning.engine.week import Week

Lines = NDArray[np.int32]
FRUIT_LINES = 8
"""Place in a week's numbers: lines of fruit a box has room for; those of flowers come after."""
MISSING_VALUE = 7
"""Place of what a cent costs that a box is worth too little."""
FRUIT_BOX = 0
FLOWER_BOX = 1


class Effort(NamedTuple):
    """How hard to look at one box."""

    slack: float
    """Gap to the first bound that is assumed, and widened where that proves wrong. [1/100 cent]"""
    eps: float
    """Gap that is good enough. [1/100 cent]"""
    nodes: int
    first_rounds: int
    """Rounds of better day values at the first node."""
    rounds: int
    """The same at the others."""
    price_rounds: int
    vase_nodes: int


@compiled
def _places(week: Week, lines: Lines, flowers: int) -> tuple[int, int]:
    """Where the lines of the fruit, or of the flowers, of a box begin and end."""
    if flowers:
        return int(week.weights[FRUIT_LINES]), lines.shape[1]
    return 0, int(week.weights[FRUIT_LINES])


@compiled
def _spent(week: Week, lines: Lines, n: int, flowers: int) -> tuple[int, int]:
    """Cents and grams of the fruit or the flowers in a box."""
    cents = grams = 0
    start, end = _places(week, lines, flowers)
    for k in range(start, end):
        line = lines[n, k]
        if line == 0:
            break
        lot = line >> 16
        units = np.int64(line & 255)
        cents += units * week.lot_cost[lot]
        grams += units * week.lot_grams[lot]
    return cents, grams


@compiled
def _price_of(week: Week, lines: Lines, n: int, flowers: int, prices: Floats) -> float:
    total = 0.0
    start, end = _places(week, lines, flowers)
    for k in range(start, end):
        line = lines[n, k]
        if line == 0:
            break
        total += prices[line >> 16] * (line & 255)
    return total


@compiled
def _give_back(week: Week, lines: Lines, n: int, flowers: int, left: Ints, sign: int) -> None:
    """Add the units of a box to what is left, or with sign -1 take them."""
    start, end = _places(week, lines, flowers)
    for k in range(start, end):
        line = lines[n, k]
        if line == 0:
            break
        left[line >> 16] += sign * (line & 255)


@compiled
def _write(week: Week, w: Ints, lines: Lines, n: int, flowers: int) -> bool:
    """Write the units in BEST as the lines of a box; false if they are too many, and nothing is written then."""
    count = 0
    for i in range(w[N_SENT]):
        count += 1 if w[BEST + i] > 0 else 0
    k, end = _places(week, lines, flowers)
    if count > end - k:
        return False
    for i in range(w[N_SENT]):
        if w[BEST + i] > 0:
            lines[n, k] = (w[LOT + i] << 16) | (w[MODE + i] << 8) | w[BEST + i]
            k += 1
    while k < end:
        lines[n, k] = 0
        k += 1
    return True


@compiled
def _counted_twice(week: Week, n: int, cents: int, other: int) -> float:
    """What both parts of a box, at these costs, earn towards its least value when each counts as if alone.

    Less what they earn together. [1/100 cent]
    """
    if len(week.wishes) == 0:
        return 0.0
    least = int(week.wishes[n, 1])
    twice = min(cents, least) + min(other, least) - min(cents + other, least)
    return 100.0 * week.weights[MISSING_VALUE] * twice


@compiled
def _block_groups(week: Week, w: Ints, lines: Lines, n: int, flowers: int) -> None:
    """Block products that are of one group with some in the fruit, or the flowers, of a box."""
    w[N_BLOCKED] = 0
    start, end = _places(week, lines, flowers)
    for k in range(start, end):
        line = lines[n, k]
        if line == 0:
            break
        group = week.group[week.lot_prod[line >> 16]]
        if group > 0 and w[N_BLOCKED] < PRODUCTS_MAX:
            w[BLOCKED + w[N_BLOCKED]] = group
            w[N_BLOCKED] += 1


@compiled
def _refill(
    week: Week,
    w: Ints,
    r: Floats,
    n: int,
    flowers: int,
    left: Ints,
    prices: Floats,
    lines: Lines,
    worth: Floats,
    effort: Effort,
) -> None:
    """Choose the fruit or the flowers of a box anew at these prices; what it has stays if nothing is better."""
    _give_back(week, lines, n, flowers, left, 1)
    cents, grams = _spent(week, lines, n, 1 - flowers)
    _block_groups(week, w, lines, n, 1 - flowers)
    held, _ = _spent(week, lines, n, flowers)
    before = worth[n, flowers] - _price_of(week, lines, n, flowers, prices)
    before -= _counted_twice(week, n, held, cents)
    if flowers:
        put_flowers(week, w, r, n, left, prices, cents, grams)
        found, _ = best_vase(w, r, effort.vase_nodes)
    else:
        put_fruit(week, w, r, n, left, prices, cents, grams)
        found, _ = best_box(
            w,
            r,
            before,
            effort.slack,
            effort.eps,
            effort.nodes,
            effort.first_rounds,
            effort.rounds,
            effort.price_rounds,
        )
    if found > before + 1e-6 and _write(week, w, lines, n, flowers):
        held, _ = _spent(week, lines, n, flowers)
        paid = _price_of(week, lines, n, flowers, prices)
        worth[n, flowers] = found + paid + _counted_twice(week, n, held, cents)
    _give_back(week, lines, n, flowers, left, -1)


@compiled
def hand_out(
    week: Week,
    w: Ints,
    r: Floats,
    order: Ints,
    left: Ints,
    prices: Floats,
    step: Floats,
    ahead: float,
    lines: Lines,
    worth: Floats,
    total: Floats,
    effort: Effort,
) -> None:
    """Fill boxes one after another from a lane's stock; prices follow what is left for the boxes `ahead`.

    `left`, `prices`, `lines` and `worth` are changed in place; `total` sums up the prices after each box.
    """
    lots = len(left)
    before = np.empty(lots, dtype=np.int64)
    for n in order:
        before[:] = left
        if week.plan[n] != FRUIT_BOX:
            _refill(week, w, r, n, 1, left, prices, lines, worth, effort)
        if week.plan[n] != FLOWER_BOX:
            _refill(week, w, r, n, 0, left, prices, lines, worth, effort)
        share = 1.0 / max(ahead, 1.0)
        for lot in range(lots):
            taken = before[lot] - left[lot]
            price = prices[lot] + step[lot] * (taken - before[lot] * share)
            prices[lot] = max(price, 0.0)
            total[lot] += prices[lot]
        ahead -= 1.0


@compiled
def try_prices(
    week: Week,
    w: Ints,
    r: Floats,
    order: Ints,
    stock: Ints,
    prices: Floats,
    step: Floats,
    share: Floats,
    lines: Lines,
    worth: Floats,
    total: Floats,
    effort: Effort,
) -> None:
    """Move prices by what boxes would take if there were enough for each: above its share a lot gets dearer."""
    lots = len(stock)
    left = stock.copy()
    for n in order:
        left[:] = stock
        lines[0, :] = 0
        worth[0, :] = NO_BOX
        if week.plan[n] != FRUIT_BOX:
            w[N_BLOCKED] = 0
            put_flowers(week, w, r, n, left, prices, 0, 0)
            best_vase(w, r, effort.vase_nodes)
            _write(week, w, lines, 0, 1)
            _give_back(week, lines, 0, 1, left, -1)
        if week.plan[n] != FLOWER_BOX:
            cents, grams = _spent(week, lines, 0, 1)
            _block_groups(week, w, lines, 0, 1)
            put_fruit(week, w, r, n, left, prices, cents, grams)
            best_box(
                w,
                r,
                NO_BOX,
                effort.slack,
                effort.eps,
                effort.nodes,
                effort.first_rounds,
                effort.rounds,
                effort.price_rounds,
            )
            _write(week, w, lines, 0, 0)
            _give_back(week, lines, 0, 0, left, -1)
        for lot in range(lots):
            prices[lot] = max(prices[lot] + step[lot] * (stock[lot] - left[lot] - share[lot]), 0.0)
            total[lot] += prices[lot]


@compiled
def improve(
    week: Week,
    w: Ints,
    r: Floats,
    order: Ints,
    left: Ints,
    prices: Floats,
    lines: Lines,
    worth: Floats,
    effort: Effort,
) -> None:
    """Take back one box at a time and fill it again from what is left at these prices, if that is better."""
    for n in order:
        if week.plan[n] != FRUIT_BOX:
            _refill(week, w, r, n, 1, left, prices, lines, worth, effort)
        if week.plan[n] != FLOWER_BOX:
            _refill(week, w, r, n, 0, left, prices, lines, worth, effort)


@compiled
def price_out(
    week: Week,
    w: Ints,
    r: Floats,
    order: Ints,
    stock: Ints,
    prices: Floats,
    lines: Lines,
    worth: Floats,
    bounds: Floats,
    effort: Effort,
) -> None:
    """Find the best box of each household at fixed prices, each with all the stock at hand.

    `lines[n]` and `worth[n]` become the box found and what it saves at no price, `bounds[n]` no less than what any
    box of the household saves at these prices.
    """
    for n in order:
        lines[n, :] = 0
        worth[n, :] = 0.0
        bounds[n] = 0.0
        if week.plan[n] != FRUIT_BOX:
            w[N_BLOCKED] = 0
            put_flowers(week, w, r, n, stock, prices, 0, 0)
            found, bound = best_vase(w, r, effort.vase_nodes)
            bounds[n] += bound
            _write(week, w, lines, n, 1)
            worth[n, 1] = found + _price_of(week, lines, n, 1, prices)
        if week.plan[n] != FLOWER_BOX:
            bounds[n] += _price_out_fruit(week, w, r, n, stock, prices, lines, worth, effort)


@compiled
def _price_out_fruit(
    week: Week,
    w: Ints,
    r: Floats,
    n: int,
    stock: Ints,
    prices: Floats,
    lines: Lines,
    worth: Floats,
    effort: Effort,
) -> float:
    """Do so for the fruit; where flowers take of its weight or budget, the bound is of the box without them."""
    cents, grams = _spent(week, lines, n, 1)
    _block_groups(week, w, lines, n, 1)
    put_fruit(week, w, r, n, stock, prices, cents, grams)
    found, bound = _look(w, r, effort)
    if _write(week, w, lines, n, 0):
        held, _ = _spent(week, lines, n, 0)
        paid = _price_of(week, lines, n, 0, prices)
        worth[n, 0] = found + paid + _counted_twice(week, n, held, cents)
    if cents > 0 or grams > 0 or w[N_BLOCKED] > 0:
        w[N_BLOCKED] = 0
        put_fruit(week, w, r, n, stock, prices, 0, 0)
        _, bound = _look(w, r, effort)
    return bound


@compiled
def _look(w: Ints, r: Floats, effort: Effort) -> tuple[float, float]:
    return best_box(
        w,
        r,
        NO_BOX,
        effort.slack,
        effort.eps,
        effort.nodes,
        effort.first_rounds,
        effort.rounds,
        effort.price_rounds,
    )
