"""The days on which the portions of finished boxes, and of what is at home, are eaten."""

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.engine.bench import (
    DAYS,
    EDIBLE_DAYS,
    HORIZON,
    LACK,
    N_PRODS,
    N_SLOTS,
    ON_DAY,
    OTHER,
    PRODUCT,
    RESERVE,
    Floats,
    Ints,
)
from subscriptions.planning.engine.compiled import compiled
from subscriptions.planning.engine.flow import clear, open_slot, push
from subscriptions.planning.engine.lanes import FLOWER_BOX, Lines
from subscriptions.planning.engine.larder import postpone, push_later
from subscriptions.planning.engine.put import set_days
from subscriptions.planning.engine.week import Week, days_of

Portions = NDArray[np.uint8]


@compiled
def _place_of(w: Ints, product: np.int64) -> int:
    """Find the place of a product on the bench; it gets the next one if it is not there."""
    for p in range(w[N_PRODS]):
        if w[PRODUCT + p] == product:
            return p
    p = w[N_PRODS]
    w[PRODUCT + p] = product
    w[N_PRODS] += 1
    return int(p)


@compiled
def _begin(week: Week, w: Ints, n: int, first: int, end: int, plan: Lines) -> None:
    """Lay out the days of household n and the products of its lines and of what it has at home."""
    w[N_PRODS] = 0
    for i in range(first, end):
        _place_of(w, np.int64(week.lot_prod[plan[i] >> 16]))
    if len(week.carry_ptr) > 0:
        for k in range(week.carry_ptr[n], week.carry_ptr[n + 1]):
            _place_of(w, np.int64(week.carry[k, 0]))
    clear(w)
    postpone(w)


@compiled
def _push(w: Ints, product: np.int64, days: int, portions: int, line: int) -> None:
    """Eat portions of a line as long as there are days for them."""
    slot = open_slot(w, _place_of(w, product), days & w[EDIBLE_DAYS])
    if slot >= 0:
        w[LACK + slot] = portions - push(w, slot, portions)
        w[OTHER + slot] = line


@compiled
def _eat_at_home(week: Week, w: Ints, n: int) -> None:
    """Eat what household n has at home once its box is eaten."""
    first = w[N_SLOTS]
    postpone(w)
    for k in range(week.carry_ptr[n], week.carry_ptr[n + 1]):
        days = int(week.carry[k, 2])
        if w[RESERVE] > 0:
            days &= ~(1 << (w[HORIZON] - 1))
        if week.carry[k, 3]:
            _push(w, np.int64(week.carry[k, 0]), days, int(week.carry[k, 1]), k)
    push_later(w, first)


@compiled
def eat_boxes(
    week: Week,
    w: Ints,
    r: Floats,
    households: Ints,
    ptr: Ints,
    plan: Lines,
    eat: Portions,
    reserve: Portions,
    at_home: Portions,
) -> None:
    """Choose the days on which the portions of each line of these households' boxes are eaten.

    Line i is `plan[i]`, packed; `eat[i]` its portions by day, `reserve[i]` those kept in reserve; `at_home[k]` are the
    portions by day of an item that is at home.
    """
    for n in households:
        if week.plan[n] == FLOWER_BOX:
            continue
        set_days(week, w, r, n)
        _begin(week, w, n, ptr[n], ptr[n + 1], plan)
        for i in range(ptr[n], ptr[n + 1]):
            lot = plan[i] >> 16
            if week.fruit[lot]:
                days = days_of(week, week.kind[n], lot, (plan[i] >> 8) & 255)
                portions = (plan[i] & 255) * np.int64(week.lot_portions[lot])
                _push(w, np.int64(week.lot_prod[lot]), days, portions, i)
        of_box = w[N_SLOTS]
        push_later(w, 0)
        if len(week.carry_ptr) > 0:
            _eat_at_home(week, w, n)
        days_wanted = w[HORIZON] - (1 if w[RESERVE] > 0 else 0)
        for slot in range(w[N_SLOTS]):
            i = w[OTHER + slot]
            for t in range(days_wanted):
                if slot < of_box:
                    eat[i, t] = w[ON_DAY + DAYS * slot + t]
                else:
                    at_home[i, t] = w[ON_DAY + DAYS * slot + t]
            if slot < of_box and w[RESERVE] > 0:
                reserve[i] = w[ON_DAY + DAYS * slot + days_wanted]
