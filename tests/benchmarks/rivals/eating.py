"""From chosen units to a plan: when to eat what is in the boxes, exactly, by one maximum flow.

Every portion eaten in time is worth the same, so the most portions are the best ones.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from subscriptions.planning.plan import Plan, plan_of
from subscriptions.planning.problem import DAYS_MAX, FRUIT, Problem

Ints = NDArray[np.int64]


def plan_of_units(problem: Problem, who: Ints, lot: Ints, mode: Ints, units: Ints) -> Plan:
    """Pack `units` [lines] of `lot` kept by `mode` into the boxes of `who`; eat as many portions as can be."""
    packed = units > 0
    order = np.lexsort((mode[packed], lot[packed], who[packed]))
    who, lot, mode, units = (each[packed][order] for each in (who, lot, mode, units))
    ptr = np.searchsorted(who, np.arange(problem.n_subscribers + 1))
    return plan_of(ptr, lot, mode, units, most_eaten(problem, who, lot, mode, units))


def most_eaten(problem: Problem, who: Ints, lot: Ints, mode: Ints, units: Ints) -> Ints:
    """Return portions of each line eaten on each day, shape (lines, 14), in total as many as possible.

    The flow goes from a line's portions to its product on a day (at most `c_day`) to the day (`n_por`).
    """
    n_lines, days = len(who), np.arange(DAYS_MAX)
    prod = problem.lot_prod[lot].astype(np.int64)
    where = lot, problem.weekday[who], problem.home[who], mode
    opens, closes = problem.win_a[where][:, None], problem.win_b[where][:, None]
    edible = (opens <= days) & (days <= closes) & (days < problem.horizon[who][:, None])
    line, day = np.nonzero(edible & (problem.prod_kind[prod] == FRUIT)[:, None])
    eat = np.zeros((n_lines, DAYS_MAX), dtype=np.int64)
    if not len(line):
        return eat
    slots, slot = np.unique(
        (who[line] * problem.n_products + prod[line]) * DAYS_MAX + day, return_inverse=True
    )
    slot_who, slot_day = slots // DAYS_MAX // problem.n_products, slots % DAYS_MAX
    dates, date = np.unique(slot_who * DAYS_MAX + slot_day, return_inverse=True)
    source, sink, first_line = 0, 1, 2
    first_slot = first_line + n_lines
    first_date = first_slot + len(slots)
    portions = units * problem.lot_portions[lot]
    everything = np.arange(n_lines)
    arcs = [
        (np.full(n_lines, source), first_line + everything, portions),
        (first_line + line, first_slot + slot, portions[line]),
        (first_slot + np.arange(len(slots)), first_date + date, problem.c_day[slot_who]),
        (first_date + np.arange(len(dates)), np.full(len(dates), sink), problem.n_por[dates // DAYS_MAX]),
    ]  # fmt: skip
    tail, head, room = (np.concatenate(parts).astype(np.int32) for parts in zip(*arcs, strict=True))
    size = first_date + len(dates)
    network = csr_array((room, (tail, head)), shape=(size, size))
    flow = csr_array(maximum_flow(network, source, sink).flow)
    eat[line, day] = flow[first_line + line, first_slot + slot]
    return eat
