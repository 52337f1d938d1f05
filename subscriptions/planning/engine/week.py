"""A week as the compiled engine reads it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.engine.bench import (
    DAYS,
    Ints,
)
from subscriptions.planning.engine.compiled import compiled


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
    wishes: NDArray[np.int32]
    """Of each household: portions wished in reserve, cents its box should be worth. No rows: nothing is wished."""
    group: NDArray[np.int32]
    """Group of each product of which a box holds one only, 0 for none."""
    carry_ptr: Ints
    """Items at home of household n are `carry_ptr[n]:carry_ptr[n + 1]`, fruit before flowers. Empty: there are none."""
    carry: NDArray[np.int32]
    """Product, portions (or stems), days as bits, 1 for fruit; a row an item."""
    ptr: Ints
    flowers: Ints
    offer_lot: NDArray[np.int32]
    offer_mode: NDArray[np.int8]
    offer_days: NDArray[np.int32]
    offer_risk: NDArray[np.int32]
    weights: Ints
    """Uncovered portion, stem-day, waste, liking, repetition, missing kind, portion of reserve, cent of value [cents];
    lines of fruit in a box."""


@compiled
def list_offers(
    order: Ints,
    usable: NDArray[np.bool_],
    opens: NDArray[np.int64],
    closes: NDArray[np.int64],
    risk: NDArray[np.int64],
    horizon: int,
    spare: int,
    out: Ints,
) -> int:
    """Write (lot, mode, days, risk) of the lots in `order`; returns how many. Days beyond the horizon do not count.

    With `spare` 1 the day behind the last is added to what is still good on the last, or later. A way of keeping whose
    days lie within another's that risks no more is left out. `opens`, `closes` and `risk` have shape (L, M).
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
            if z >= horizon - 1:
                days |= spare << horizon
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
