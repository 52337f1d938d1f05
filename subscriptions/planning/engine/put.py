"""Puts one household of a week on the bench: its days, what it can be sent, and what it has at home."""

import numpy as np

from subscriptions.planning.engine.bench import (
    AT_HOME,
    BUDGET,
    CENTS,
    COST,
    DAYS,
    DAYS_OF,
    DISTINCT,
    EDIBLE_DAYS,
    EVEN,
    FIRST,
    FULL,
    GRAMS,
    GRAMS_MAX,
    GROUP,
    GROUPED,
    HORIZON,
    ITEMS_MAX,
    LATER,
    LEAST_CENTS,
    LOT,
    MASK,
    MISSING,
    MODE,
    MOST,
    MOST_VALUE,
    MU,
    N_BLOCKED,
    N_ITEMS,
    N_KINDS,
    N_PRODS,
    N_SENT,
    NEED,
    PER_CENT,
    PER_GRAM,
    PER_LEAST,
    PER_PRODUCT,
    PORTIONS,
    PROD,
    PRODUCT,
    PRODUCTS_MAX,
    RESERVE,
    SAME,
    UNITS_MAX,
    UNITS_OF,
    USABLE,
    VALUE,
    Floats,
    Ints,
)
from subscriptions.planning.engine.compiled import compiled
from subscriptions.planning.engine.either import is_blocked, link_groups
from subscriptions.planning.engine.larder import set_at_home
from subscriptions.planning.engine.week import Week

EXCLUDED = -128


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
def _beats(w: Ints, r: Floats, k: int, i: int) -> bool:
    """Tell whether item k does all that item i of the same product does, for no more."""
    return bool(
        w[PORTIONS + k] == w[PORTIONS + i]
        and w[MASK + k] | w[MASK + i] == w[MASK + k]
        and r[COST + k] + r[PER_LEAST] * (w[CENTS + i] - w[CENTS + k]) <= r[COST + i]
        and w[GRAMS + k] <= w[GRAMS + i]
        and w[CENTS + k] <= w[CENTS + i]
        and w[MOST + k] >= w[UNITS_MAX]
    )


@compiled
def _beaten(w: Ints, r: Floats, first: int, i: int) -> bool:
    """Tell whether an item of the product before i beats it."""
    for k in range(first, i):
        if _beats(w, r, k, i):
            return True
    return False


@compiled
def _move(w: Ints, r: Floats, source: int, target: int) -> None:
    for row in (LOT, MODE, PROD, MASK, PORTIONS, CENTS, GRAMS, USABLE, MOST, GROUP):
        w[row + target] = w[row + source]
    r[COST + target] = r[COST + source]


@compiled
def _drop_beaten(w: Ints, r: Floats, first: int, i: int) -> int:
    """Drop earlier items of the product that item i beats; returns the number of items then."""
    kept = first
    for k in range(first, i):
        if not _beats(w, r, i, k):
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
    w[MASK + i] = week.offer_days[offer] & w[EDIBLE_DAYS]
    w[PORTIONS + i] = portions
    w[CENTS + i] = week.lot_cost[lot]
    w[GRAMS + i] = week.lot_grams[lot]
    w[GROUP + i] = week.group[week.lot_prod[lot]]
    r[COST + i] = _unit_cost(week, n, lot) + price + week.offer_risk[offer]


@compiled
def set_days(week: Week, w: Ints, r: Floats, n: int) -> None:
    """Set the days of household n: what it wants on each, and how much of it may be of one product.

    The day behind the last is for what it wishes in reserve, if anything.
    """
    horizon = int(week.horizon[n])
    same = int(week.c_day[n])
    full = 100.0 * (week.weights[0] + week.weights[2])
    w[HORIZON] = horizon
    even = min(int(week.need[n, 0]), same)
    for t in range(horizon):
        w[NEED + t] = week.need[n, t]
        w[SAME + t] = same
        w[PER_PRODUCT + t] = min(int(week.need[n, t]), same)
        r[FULL + t] = full
        if w[NEED + t] != w[NEED]:
            even = 0
    w[EVEN] = even
    w[EDIBLE_DAYS] = (1 << horizon) - 1
    w[RESERVE] = w[LATER] = 0
    r[VALUE] = r[MOST_VALUE] = full
    if len(week.wishes) > 0 and week.wishes[n, 0] > 0:
        _set_reserve(week, w, r, int(week.wishes[n, 0]))


@compiled
def _set_reserve(week: Week, w: Ints, r: Floats, wished: int) -> None:
    """Add the day for the reserve; the days or it come later, whichever are worth less."""
    last = w[HORIZON]
    days = w[EDIBLE_DAYS] if w[SAME] > 0 else 0
    w[HORIZON] = last + 1
    w[NEED + last] = w[PER_PRODUCT + last] = w[RESERVE] = wished
    w[SAME + last] = 1 << 20
    w[EVEN] = 0
    r[FULL + last] = 100.0 * (week.weights[6] + week.weights[2])
    r[MOST_VALUE] = max(r[VALUE], r[FULL + last])
    w[LATER] = 1 << last if r[VALUE] >= r[FULL + last] else days
    w[EDIBLE_DAYS] = days | 1 << last


@compiled
def _set_least(week: Week, w: Ints, r: Floats, n: int, cents: int) -> None:
    """Set up to what cost goods earn for it, `cents` being spent on the other part of the box."""
    r[PER_LEAST] = 0.0
    w[LEAST_CENTS] = 0
    if len(week.wishes) > 0:
        least = min(np.int64(week.wishes[n, 1]) - cents, np.int64(w[BUDGET]))
        if least > 0 and week.weights[7] > 0:
            r[PER_LEAST] = 100.0 * week.weights[7]
            w[LEAST_CENTS] = least


@compiled
def _put_at_home(week: Week, w: Ints, r: Floats, n: int) -> None:
    """Put what household n has at home behind the items of its box: a portion costs what its waste would."""
    m, q = w[N_ITEMS], w[N_PRODS]
    if len(week.carry_ptr) > 0:
        for k in range(week.carry_ptr[n], week.carry_ptr[n + 1]):
            days = week.carry[k, 2] & w[EDIBLE_DAYS]
            if w[RESERVE] > 0:
                days &= ~(1 << (w[HORIZON] - 1))
            most = min(int(week.carry[k, 1]), _days_used(w, days))
            if week.carry[k, 3] == 0 or most == 0 or m >= ITEMS_MAX - 2 or q >= PRODUCTS_MAX - 1:
                continue
            w[LOT + m] = w[MODE + m] = -1
            w[PROD + m] = q
            w[MASK + m] = days
            w[PORTIONS + m] = 1
            w[CENTS + m] = w[GRAMS + m] = w[GROUP + m] = 0
            w[USABLE + m] = w[MOST + m] = w[UNITS_OF + q] = most
            r[COST + m] = 100.0 * week.weights[2]
            _put_product(w, q, m, int(week.carry[k, 0]))
            m += 1
            q += 1
    w[FIRST + q] = m
    w[N_ITEMS] = m
    w[N_PRODS] = q


@compiled
def _put_product(w: Ints, q: int, first: int, product: int) -> None:
    """Let a product of the bench begin; it shares its days with the first that is the same."""
    w[FIRST + q] = first
    w[PRODUCT + q] = product
    w[DAYS_OF + q] = q
    for p in range(q):
        if w[PRODUCT + p] == product:
            w[DAYS_OF + q] = p
            break


@compiled
def put_fruit(
    week: Week, w: Ints, r: Floats, n: int, left: Ints, prices: Floats, cents: int, grams: int
) -> None:
    """Put household n's fruit on the bench; `cents` and `grams` of its limits are spent on flowers already."""
    set_days(week, w, r, n)
    _set_limits(week, w, r, n, cents, grams)
    units_max = np.int64(week.u_max[n])
    w[DISTINCT] = week.min_dist[n]
    r[MISSING] = 100.0 * week.weights[5]
    m = q = first = grouped = 0
    last = -1
    kind = week.kind[n]
    for offer in range(week.ptr[kind], week.flowers[kind]):
        lot = week.offer_lot[offer]
        prod = int(week.lot_prod[lot])
        most = min(units_max, left[lot])
        if week.pref[n, prod] == EXCLUDED or most <= 0 or m >= ITEMS_MAX - 130:
            continue
        if w[N_BLOCKED] > 0 and is_blocked(w, week.group[prod]):
            continue
        _put_item(week, w, r, n, offer, m, prices[lot])
        r[COST + m] += 100.0 * week.weights[2] * w[PORTIONS + m]
        w[USABLE + m] = _days_used(w, w[MASK + m])
        own = r[COST + m] - r[PER_LEAST] * w[CENTS + m]
        if w[USABLE + m] == 0 and own >= (r[MISSING] if w[DISTINCT] > 0 else 0.0):
            continue  # neither eaten nor liked enough
        if prod != last:
            if q >= PRODUCTS_MAX - 1:
                break
            w[FIRST + q] = first = m
            w[UNITS_OF + q] = units_max
            w[PRODUCT + q] = prod
            w[DAYS_OF + q] = q
            grouped += w[GROUP + m]
            q += 1
            last = prod
        w[PROD + m] = q - 1
        w[MOST + m] = most
        if not _beaten(w, r, first, m):
            m = _drop_beaten(w, r, first, m)
    _close_box(week, w, r, n, m, q, grouped)
    r[PER_GRAM] = r[PER_CENT] = 0.0
    r[MU] = min(2000.0, r[MISSING])


@compiled
def _set_limits(week: Week, w: Ints, r: Floats, n: int, cents: int, grams: int) -> None:
    """Set household n's limits; `cents` and `grams` of them are spent on the other part of its box."""
    w[UNITS_MAX] = week.u_max[n]
    w[BUDGET] = week.budget[n] - cents
    w[GRAMS_MAX] = week.grams_max[n] - grams
    _set_least(week, w, r, n, cents)


@compiled
def _close_box(week: Week, w: Ints, r: Floats, n: int, m: int, q: int, grouped: int) -> None:
    """End the m items of q products that can be sent to household n, and put behind them what it has at home."""
    w[FIRST + q] = m
    w[N_ITEMS] = w[N_SENT] = m
    w[N_PRODS] = w[N_KINDS] = q
    r[AT_HOME] = 0.0
    if len(week.carry_ptr) > 0:
        _put_at_home(week, w, r, n)
        set_at_home(w, r)
    w[GROUPED] = 0
    if grouped > 0:
        link_groups(w)


@compiled
def _set_stems(week: Week, w: Ints, n: int) -> None:
    """Set the stems household n wants each day, beside those it has at home."""
    horizon = int(week.horizon[n])
    w[HORIZON] = horizon
    w[EDIBLE_DAYS] = (1 << horizon) - 1
    for t in range(DAYS):
        w[NEED + t] = week.k_stem[n] if t < horizon else 0
    if len(week.carry_ptr) > 0:
        for k in range(week.carry_ptr[n], week.carry_ptr[n + 1]):
            if week.carry[k, 3] == 0:
                for t in range(horizon):
                    if (week.carry[k, 2] >> t) & 1:
                        w[NEED + t] = max(w[NEED + t] - week.carry[k, 1], 0)


@compiled
def put_flowers(
    week: Week, w: Ints, r: Floats, n: int, left: Ints, prices: Floats, cents: int, grams: int
) -> None:
    """Put household n's flowers on the bench; `cents` and `grams` of its limits are spent on fruit already."""
    _set_stems(week, w, n)
    _set_limits(week, w, r, n, cents, grams)
    r[VALUE] = 100.0 * week.weights[1]
    m = 0
    kind = week.kind[n]
    for offer in range(week.flowers[kind], week.ptr[kind + 1]):
        lot = week.offer_lot[offer]
        prod = int(week.lot_prod[lot])
        most = min(np.int64(week.u_max[n]), left[lot])
        if w[N_BLOCKED] > 0 and is_blocked(w, week.group[prod]):
            continue
        if week.pref[n, prod] != EXCLUDED and most > 0 and m < ITEMS_MAX - 130:
            _put_item(week, w, r, n, offer, m, prices[lot])
            w[PROD + m] = prod
            w[MOST + m] = most
            m += 1
    w[N_ITEMS] = w[N_SENT] = m
