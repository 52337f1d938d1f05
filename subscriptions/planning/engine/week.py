"""A week as the compiled engine reads it, and one household of it put on the bench."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.engine.bench import (
    BUDGET,
    CENTS,
    COST,
    DAYS,
    DISTINCT,
    EVEN,
    FIRST,
    GRAMS,
    GRAMS_MAX,
    HORIZON,
    ITEMS_MAX,
    LOT,
    MASK,
    MISSING,
    MODE,
    MOST,
    MU,
    N_ITEMS,
    N_PRODS,
    NEED,
    PER_CENT,
    PER_GRAM,
    PER_PRODUCT,
    PORTIONS,
    PROD,
    PRODUCTS_MAX,
    SAME_A_DAY,
    UNITS_MAX,
    USABLE,
    VALUE,
    Floats,
    Ints,
)
from subscriptions.planning.engine.compiled import compiled

EXCLUDED = -128


class Week(NamedTuple):
    """Arrays of a problem, and per class of household (horizon, weekday, home) what it can keep and how.

    Offers of class k are `ptr[k]:ptr[k + 1]`, those of fruit before those of flowers (`flowers[k]` on), grouped by
    product: a lot, a way of keeping it, the days of its window before the horizon as bits, and what the risk of
    losing a unit costs.
    """

    lot_prod: NDArray[np.int16]
    lot_cost: NDArray[np.int32]
    lot_grams: NDArray[np.int32]
    lot_portions: NDArray[np.int8]
    lot_pv: NDArray[np.int8]
    lot_bonus: NDArray[np.int16]
    fruit: NDArray[np.bool_]
    plan: NDArray[np.int8]
    need: NDArray[np.int8]
    k_stem: NDArray[np.int8]
    horizon: NDArray[np.int8]
    weekday: NDArray[np.int8]
    pref: NDArray[np.int8]
    last_week: NDArray[np.uint8]
    budget: NDArray[np.int32]
    grams_max: NDArray[np.int32]
    u_max: NDArray[np.int8]
    c_day: NDArray[np.int8]
    min_dist: NDArray[np.int8]
    kind: NDArray[np.int32]
    """Class of each household."""
    ptr: Ints
    flowers: Ints
    offer_lot: NDArray[np.int32]
    offer_mode: NDArray[np.int8]
    offer_days: NDArray[np.int32]
    offer_risk: NDArray[np.int32]
    weights: Ints
    """Uncovered portion, stem-day, waste, liking, repetition, missing kind [cents]; lines of fruit in a box."""


@compiled
def _unit_cost(week: Week, n: int, lot: int) -> float:
    """Cost of a unit less liking and bonus, plus repetition. [1/100 cent]"""
    prod = week.lot_prod[lot]
    pv = week.lot_pv[lot]
    had = (week.last_week[n, prod >> 3] >> (prod & 7)) & 1
    liking = week.weights[3] * week.pref[n, prod]
    bonus = week.lot_bonus[lot, week.weekday[n]]
    return float(
        100 * (np.int64(week.lot_cost[lot]) - bonus) + pv * (100 * week.weights[4] * had - liking)
    )


@compiled
def _beaten(w: Ints, r: Floats, first: int, i: int) -> bool:
    """Tell whether an item before i of the same product does all that i does for no more; drops those that i beats."""
    for k in range(first, i):
        same = w[PORTIONS + k] == w[PORTIONS + i]
        if (
            same
            and w[MASK + k] | w[MASK + i] == w[MASK + k]
            and r[COST + k] <= r[COST + i]
            and w[GRAMS + k] <= w[GRAMS + i]
            and w[CENTS + k] <= w[CENTS + i]
            and w[MOST + k] >= w[UNITS_MAX]
        ):
            return True
    return False


@compiled
def _move(w: Ints, r: Floats, source: int, target: int) -> None:
    for row in (LOT, MODE, PROD, MASK, PORTIONS, CENTS, GRAMS, USABLE, MOST):
        w[row + target] = w[row + source]
    r[COST + target] = r[COST + source]


@compiled
def _drop_beaten(w: Ints, r: Floats, first: int, i: int) -> int:
    """Drop earlier items of the product that item i beats; returns the number of items then."""
    kept = first
    for k in range(first, i):
        beaten = (
            w[PORTIONS + k] == w[PORTIONS + i]
            and w[MASK + k] | w[MASK + i] == w[MASK + i]
            and r[COST + i] <= r[COST + k]
            and w[GRAMS + i] <= w[GRAMS + k]
            and w[CENTS + i] <= w[CENTS + k]
            and w[MOST + i] >= w[UNITS_MAX]
        )
        if not beaten:
            if kept != k:
                _move(w, r, k, kept)
            kept += 1
    if kept != i:
        _move(w, r, i, kept)
    return kept + 1


@compiled
def _days_used(w: Ints, mask: int) -> int:
    total = 0
    for t in range(w[HORIZON]):
        if (mask >> t) & 1:
            total += w[PER_PRODUCT + t]
    return total


@compiled
def _put_item(week: Week, w: Ints, r: Floats, n: int, offer: int, i: int, price: float) -> None:
    lot = week.offer_lot[offer]
    portions = np.int64(week.lot_portions[lot])
    w[LOT + i] = lot
    w[MODE + i] = week.offer_mode[offer]
    w[MASK + i] = week.offer_days[offer]
    w[PORTIONS + i] = portions
    w[CENTS + i] = week.lot_cost[lot]
    w[GRAMS + i] = week.lot_grams[lot]
    r[COST + i] = _unit_cost(week, n, lot) + price + week.offer_risk[offer]


@compiled
def set_days(week: Week, w: Ints, n: int) -> None:
    """Set the days of household n: what it wants on each, and how much of it may be of one product."""
    horizon = int(week.horizon[n])
    same = int(week.c_day[n])
    w[HORIZON] = horizon
    w[SAME_A_DAY] = same
    even = min(int(week.need[n, 0]), same)
    for t in range(horizon):
        w[NEED + t] = week.need[n, t]
        w[PER_PRODUCT + t] = min(int(week.need[n, t]), same)
        if w[NEED + t] != w[NEED]:
            even = 0
    w[EVEN] = even


@compiled
def put_fruit(
    week: Week, w: Ints, r: Floats, n: int, left: Ints, prices: Floats, cents: int, grams: int
) -> None:
    """Put household n's fruit on the bench; `cents` and `grams` of its limits are spent on flowers already."""
    set_days(week, w, n)
    w[UNITS_MAX] = week.u_max[n]
    w[DISTINCT] = week.min_dist[n]
    w[BUDGET] = week.budget[n] - cents
    w[GRAMS_MAX] = week.grams_max[n] - grams
    r[VALUE] = 100.0 * (week.weights[0] + week.weights[2])
    r[MISSING] = 100.0 * week.weights[5]
    m = q = first = 0
    last = -1
    kind = week.kind[n]
    for offer in range(week.ptr[kind], week.flowers[kind]):
        lot = week.offer_lot[offer]
        prod = int(week.lot_prod[lot])
        most = min(np.int64(week.u_max[n]), left[lot])
        if week.pref[n, prod] == EXCLUDED or most <= 0 or m >= ITEMS_MAX - 130:
            continue
        _put_item(week, w, r, n, offer, m, prices[lot])
        r[COST + m] += 100.0 * week.weights[2] * w[PORTIONS + m]
        w[USABLE + m] = _days_used(w, w[MASK + m])
        if w[USABLE + m] == 0 and r[COST + m] >= (r[MISSING] if w[DISTINCT] > 0 else 0.0):
            continue  # neither eaten nor liked enough
        if prod != last:
            if q >= PRODUCTS_MAX - 1:
                break
            w[FIRST + q] = first = m
            q += 1
            last = prod
        w[PROD + m] = q - 1
        w[MOST + m] = most
        if not _beaten(w, r, first, m):
            m = _drop_beaten(w, r, first, m)
    w[FIRST + q] = m
    w[N_ITEMS] = m
    w[N_PRODS] = q
    r[PER_GRAM] = r[PER_CENT] = 0.0
    r[MU] = min(2000.0, r[MISSING])


@compiled
def put_flowers(week: Week, w: Ints, r: Floats, n: int, left: Ints, prices: Floats) -> None:
    """Put household n's flowers on the bench."""
    horizon = np.int64(week.horizon[n])
    w[HORIZON] = horizon
    w[UNITS_MAX] = week.u_max[n]
    w[BUDGET] = week.budget[n]
    w[GRAMS_MAX] = week.grams_max[n]
    for t in range(DAYS):
        w[NEED + t] = week.k_stem[n] if t < horizon else 0
    r[VALUE] = 100.0 * week.weights[1]
    m = 0
    kind = week.kind[n]
    for offer in range(week.flowers[kind], week.ptr[kind + 1]):
        lot = week.offer_lot[offer]
        prod = int(week.lot_prod[lot])
        most = min(np.int64(week.u_max[n]), left[lot])
        if week.pref[n, prod] != EXCLUDED and most > 0 and m < ITEMS_MAX - 130:
            _put_item(week, w, r, n, offer, m, prices[lot])
            w[PROD + m] = prod
            w[MOST + m] = most
            m += 1
    w[N_ITEMS] = m


@compiled
def list_offers(
    order: Ints,
    usable: NDArray[np.bool_],
    opens: NDArray[np.int64],
    closes: NDArray[np.int64],
    risk: NDArray[np.int64],
    horizon: int,
    out: Ints,
) -> int:
    """Write (lot, mode, days, risk) of the lots in `order`; returns how many. Days beyond the horizon do not count.

    A way of keeping whose days lie within another's that risks no more is left out. `opens`, `closes` and `risk`
    have shape (L, M).
    """
    n = 0
    every = (1 << horizon) - 1
    for lot in order:
        if not usable[lot]:
            continue
        start = n
        for mode in range(opens.shape[1]):
            a, z = opens[lot, mode], closes[lot, mode]
            if a > z:
                continue
            days = np.int64(0)
            if a < horizon:
                days = ((1 << (min(z, np.int64(DAYS)) + 1)) - 1) & ~((1 << a) - 1) & every
            within = False
            for k in range(start, n):
                within = within or (days | out[k, 2] == out[k, 2] and out[k, 3] <= risk[lot, mode])
            if within:
                continue
            kept = start
            for k in range(start, n):
                if days | out[k, 2] != days or out[k, 3] < risk[lot, mode]:
                    for c in range(4):
                        out[kept, c] = out[k, c]
                    kept += 1
            out[kept, 0], out[kept, 1], out[kept, 2], out[kept, 3] = (
                lot,
                mode,
                days,
                risk[lot, mode],
            )
            n = kept + 1
    return n


@compiled
def days_of(week: Week, kind: int, lot: int, mode: int) -> int:
    """Days on which households of a class can eat a lot kept in a way, as bits."""
    for offer in range(week.ptr[kind], week.ptr[kind + 1]):
        if week.offer_lot[offer] == lot and week.offer_mode[offer] == mode:
            return int(week.offer_days[offer])
    return 0
