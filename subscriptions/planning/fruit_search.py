"""The fruit of one box at given stock prices: greedy by cost per portion, then the best exchange until none helps.

Every candidate change is scored at once: the portions eaten after it are a least cut (`appetite`), so adds are a
matrix of lines × cuts and swaps a cube. Sums of two changes of one produce bound the truth from above, so what they
promise is tried before it is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.fruit_box import FruitBox, FruitMenu, Ints, Limits

_NEVER: Final = -(2**62)
# How wide the search is. Wider finds little more and takes much longer; measured on the 500-household instance.
_EXCHANGED: Final = 14  # dishes looked at on either side of an exchange of three units
_TRIED: Final = 12  # of those exchanges, how many of the most promising are tried
_CELLS_MAX: Final = 3_200_000  # larger tables of exchanges are not made
_FORCED: Final = 8  # large units that are put in on trial
_SETTLED: Final = 4  # swaps allowed to mend the box after one
_HOPE: Final = 8_000  # and not more than this behind: it will not catch up [1/100 minor unit]


def fill(menu: FruitMenu, limits: Limits, start: Sequence[int]) -> list[int]:
    """Return units of each dish such that no step tried here is better, beginning with `start`."""
    if menu.n == 0:
        return []
    box = FruitBox(menu, limits, list(start))
    while not box.fits():
        box.change([(max(range(menu.n), key=lambda i: (box.units[i] > 0, box.cost[i])), -1)])
    while True:
        _top_up(box)
        if not (_step(box) or _rebuild(box) or _exchange(box)):
            return box.units


@dataclass(frozen=True, slots=True)
class _Slack:
    """What one more unit meets: limits left after the box as it stands."""

    lot: Ints
    prod: Ints
    budget: int
    grams: int


def _slack(box: FruitBox) -> _Slack:
    menu, units = box.menu, np.array(box.units, dtype=np.int64)
    used = np.bincount(menu.lot, weights=units, minlength=len(box.limits.left)).astype(np.int64)
    return _Slack(
        lot=(box.limits.left - used)[menu.lot],
        prod=(menu.units_max - np.array(box.of_prod, dtype=np.int64))[menu.prod],
        budget=int(box.limits.budget_minor - units @ menu.cost_minor),
        grams=int(box.limits.grams_max - units @ menu.grams),
    )


def _top_up(box: FruitBox) -> None:
    """Add the unit with the most gain per portion eaten until none gains."""
    menu = box.menu
    while True:
        box.tabulate_more()
        slack = _slack(box)
        held = np.array(box.of_prod, dtype=np.int64)
        short = menu.distinct_wished > int((held > 0).sum())
        gain = menu.per_eaten * box.room - box.cost
        if short:
            gain = gain + menu.per_missing * (held[menu.prod] == 0)
        allowed = (
            (slack.lot > 0)
            & (slack.prod > 0)
            & (menu.cost_minor <= slack.budget)
            & (menu.grams <= slack.grams)
            & (gain > 0)
        )
        if not allowed.any():
            return
        best = int(np.where(allowed, gain / np.maximum(box.room, 1), -1.0).argmax())
        box.change([(best, 1)])


def _step(box: FruitBox) -> bool:
    """Take the best single removal or one-for-one swap; tell whether one helped."""
    menu = box.menu
    out = np.flatnonzero(np.array(box.units))
    if not len(out):
        return False
    eaten_without = _eaten_without(box, out)
    drop = _drop_gain(box, out, eaten_without)
    saved = box.cost[out][:, None] - box.cost[None, :] + _variety_gain(box, out)
    most = np.minimum(box.room[None, :], eaten_without[:, None] + menu.portions[None, :])
    hopeful = _swap_fits(box, out) & (menu.per_eaten * most + saved > 0)
    gain = np.full(hopeful.shape, _NEVER)
    rows, into = np.flatnonzero(hopeful.any(axis=1)), np.flatnonzero(hopeful.any(axis=0))
    if len(rows):
        eaten = _eaten_after_swaps(box, out[rows], into)
        part = np.ix_(rows, into)
        gain[part] = np.where(hopeful[part], menu.per_eaten * eaten + saved[part], _NEVER)
    best_drop, best_swap = int(drop.argmax()), int(gain.argmax())
    if drop[best_drop] <= 0 and gain.flat[best_swap] <= 0:
        return False
    if drop[best_drop] >= gain.flat[best_swap]:
        box.change([(int(out[best_drop]), -1)])
    else:
        row, i = divmod(best_swap, menu.n)
        box.change([(int(out[row]), -1), (i, 1)])
    return True


def _eaten_without(box: FruitBox, out: Ints) -> Ints:
    """Portions eaten more (never) or less with one unit of each of `out` gone; shape (len(out),)."""
    fewer: Ints = (box.cut + box.less[out]).min(axis=1).astype(np.int64) - box.eaten
    return fewer


def _eaten_after_swaps(box: FruitBox, out: Ints, into: Ints) -> Ints:
    """Portions eaten more or less after each one-for-one swap; shape (len(out), len(into)).

    Eating more than with the unit added and none removed is impossible, so only cuts near the least count.
    """
    portions = box.menu.portions[out]
    eaten = np.empty((len(out), len(into)), dtype=np.int64)
    for size in np.unique(portions).tolist():
        rows = np.flatnonzero(portions == size)
        near = _near(box, int(box.room[into].max()) + size)
        removed = box.cut[near] + box.less[out[rows]][:, near]
        added = box.more[into][:, near]
        eaten[rows] = (removed[:, None, :] + added[None, :, :]).min(axis=2)
    eaten -= box.eaten
    _mend_same_produce(box, out, into, eaten)
    return eaten


def _near(box: FruitBox, reach: int) -> NDArray[np.int64]:
    """Choose the cuts within `reach` portions of the least one."""
    return np.flatnonzero(box.cut <= box.eaten + reach)


def _mend_same_produce(box: FruitBox, out: Ints, into: Ints, eaten: Ints) -> None:
    """Put exact numbers where a swap stays within one produce and the sum of its halves is not exact."""
    prods = box.menu.prod
    for row, column in np.argwhere(prods[out][:, None] == prods[into][None, :]).tolist():
        j, i, prod = int(out[row]), int(into[column]), int(prods[out[row]])
        box.units[j] -= 1
        box.units[i] += 1
        cut = box.cut - box.supplied[prod] + box.supply_of(prod)
        box.units[i] -= 1
        box.units[j] += 1
        eaten[row, column] = int(cut.min()) - box.eaten


def _distinct_after(box: FruitBox, out: Ints) -> Ints:
    """Count different fruit after each one-for-one swap; shape (len(out), dishes)."""
    prod, held = box.menu.prod, np.array(box.of_prod, dtype=np.int64)
    same = prod[out][:, None] == prod[None, :]
    last = (held[prod[out]] == 1)[:, None] & ~same
    new = (held[prod] == 0)[None, :]
    after: Ints = int((held > 0).sum()) - last.astype(np.int64) + new
    return after


def _variety_gain(box: FruitBox, out: Ints) -> Ints:
    menu = box.menu
    distinct = sum(1 for n in box.of_prod if n)
    missing = max(0, menu.distinct_wished - distinct)
    after = np.maximum(0, menu.distinct_wished - _distinct_after(box, out))
    gain: Ints = menu.per_missing * (missing - after)
    return gain


def _breaks_variety(box: FruitBox, out: Ints) -> Ints:
    held = np.array(box.of_prod, dtype=np.int64)
    scarce = int((held > 0).sum()) <= box.menu.distinct_wished
    breaks: Ints = ((held[box.menu.prod[out]] == 1) & scarce).astype(np.int64)
    return breaks


def _swap_fits(box: FruitBox, out: Ints) -> NDArray[np.bool_]:
    menu, slack = box.menu, _slack(box)
    same_lot = menu.lot[out][:, None] == menu.lot[None, :]
    same_prod = menu.prod[out][:, None] == menu.prod[None, :]
    dearer = menu.cost_minor[None, :] - menu.cost_minor[out][:, None]
    heavier = menu.grams[None, :] - menu.grams[out][:, None]
    fits: NDArray[np.bool_] = (
        ((slack.lot > 0)[None, :] | same_lot)
        & ((slack.prod > 0)[None, :] | same_prod)
        & (dearer <= slack.budget)
        & (heavier <= slack.grams)
    )
    return fits


def _rebuild(box: FruitBox) -> bool:
    """Try one large unit for several small ones, and the other way round; keep the first that helps."""
    menu, before, units = box.menu, box.value(), list(box.units)
    slack, dear = _slack(box), box.cost / menu.portions
    large = [i for i in np.argsort(dear, kind="stable").tolist() if menu.portions[i] > 1]
    into = [i for i in large if slack.lot[i] > 0 and slack.prod[i] > 0]
    for i, n in [(i, 1) for i in into[:_FORCED]] + [(i, -1) for i in large if units[i]]:
        box.change([(i, n)])
        _shed(box, kept=i)
        _top_up(box)
        for _ in range(_SETTLED):
            if box.value() >= before + _HOPE or not _step(box):
                break
            _top_up(box)
        if box.fits() and box.value() < before:
            return True
        _restore(box, units)
    return False


def _shed(box: FruitBox, *, kept: int) -> None:
    """Take out the unit, but not of dish `kept`, that is least missed while that gains or a limit is broken."""
    while True:
        out = np.array([i for i, n in enumerate(box.units) if n and i != kept], dtype=np.int64)
        if not len(out):
            return
        drop = _drop_gain(box, out, _eaten_without(box, out))
        best = int(drop.argmax())
        if drop[best] <= 0 and box.fits():
            return
        box.change([(int(out[best]), -1)])


def _drop_gain(box: FruitBox, out: Ints, eaten_without: Ints) -> Ints:
    """Price taking one unit of each of `out` from the box; shape (len(out),). [1/100 minor unit]"""
    gain: Ints = box.menu.per_eaten * eaten_without + box.cost[out]
    return gain - box.menu.per_missing * _breaks_variety(box, out)


def _restore(box: FruitBox, units: Sequence[int]) -> None:
    box.change([(i, n - box.units[i]) for i, n in enumerate(units) if n != box.units[i]])


def _exchange(box: FruitBox) -> bool:
    """Try one unit for two, and two for one; keep the first that helps."""
    menu, slack = box.menu, _slack(box)
    box.tabulate_more()
    out = np.flatnonzero(np.array(box.units))
    worth = np.where(
        (slack.prod >= 0) & (box.limits.left[menu.lot] > 0), box.cost / menu.portions, np.inf
    )
    into = np.sort(np.argsort(worth, kind="stable")[:_EXCHANGED])
    into = into[np.isfinite(worth[into])]
    if not len(out) or not len(into):
        return False
    out = out[np.argsort(-(box.cost / menu.portions)[out], kind="stable")[:_EXCHANGED]]
    return _try(box, _pairs(box, out, into, two_in=True)) or _try(
        box, _pairs(box, into, out, two_in=False)
    )


def _pairs(
    box: FruitBox, single: Ints, double: Ints, *, two_in: bool
) -> list[list[tuple[int, int]]]:
    """Rank exchanges of one of `single` against two of `double` by what the sums promise."""
    menu = box.menu
    most = int(box.room.max())
    cut = _near(
        box,
        most * 2 + int(menu.portions[single].max())
        if two_in
        else most + 2 * int(menu.portions[double].max()),
    )
    one, two = (box.less, box.more) if two_in else (box.more, box.less)
    first, second = np.triu_indices(len(double))
    a, b = double[first], double[second]
    if not two_in:
        twice = (a != b) | (np.array(box.units)[a] > 1)
        a, b = a[twice], b[twice]
    if len(a) == 0 or len(single) * len(a) * len(cut) > _CELLS_MAX:
        return []
    pair = two[a][:, cut] + two[b][:, cut]
    alone = one[single][:, cut] + box.cut[cut]
    eaten = np.stack([(row + pair).min(axis=1) for row in alone]) - box.eaten
    sign = 1 if two_in else -1
    saved = sign * (box.cost[single][:, None] - (box.cost[a] + box.cost[b])[None, :])
    gain = menu.per_eaten * eaten.astype(np.int64) + saved
    room = menu.per_missing if menu.distinct_wished else 0
    order = np.argsort(-gain, axis=None, kind="stable")[:_TRIED]
    moves = []
    for flat in order.tolist():
        s, k = divmod(flat, len(a))
        if gain[s, k] + room > 0:
            moves.append([(int(single[s]), -sign), (int(a[k]), sign), (int(b[k]), sign)])
    return moves


def _try(box: FruitBox, moves: list[list[tuple[int, int]]]) -> bool:
    before = box.value()
    for move in moves:
        box.change(move)
        if min(box.units) >= 0 and box.fits() and box.value() < before:
            return True
        box.change([(i, -n) for i, n in move])
    return False
