"""When each portion of a finished box is eaten, so that the least is likely to be lost: a cheapest flow per box.

Units, reserve and the portions of every day stay; what moves is which line they come from. A flow runs from lines
(what is not held in reserve) to days, through at most so many portions of one product on a day. Portions are placed
along cheapest paths, on which portions placed before may make room by moving to other days; with no cheaper round
trip left at any time the last flow is a cheapest one.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from subscriptions.planning.engine.bench import Ints
from subscriptions.planning.engine.compiled import compiled

FAR = 1 << 60

DAYS_MAX = 14


class Boxes(NamedTuple):
    """Columns of a problem and of a plan; `day_risk` [L, W, HC, M, 14] is what eating a portion on a day risks."""

    lot_prod: NDArray[np.int16]
    lot_portions: NDArray[np.int8]
    fruit: NDArray[np.bool_]
    win_a: NDArray[np.int8]
    win_b: NDArray[np.int8]
    day_risk: NDArray[np.uint8]
    weekday: NDArray[np.int8]
    home: NDArray[np.int8]
    horizon: NDArray[np.int8]
    c_day: NDArray[np.int8]
    ptr: Ints
    line_lot: NDArray[np.int32]
    line_mode: NDArray[np.int8]
    line_units: NDArray[np.int32]
    line_reserve: NDArray[np.uint8]
    carry_ptr: Ints
    carry_prod: NDArray[np.int16]
    carry_eat: NDArray[np.uint8]


class Table(NamedTuple):
    """One box: its lines of fruit by place, its products by place, and days.

    `eaten` and `cost` are by line and day, `of_product` is eaten by product and day, `room` is still to be placed by
    day. A search keeps the cheapest way to a line, a day, and a product's full day; which line came to a day last,
    and which day a line was moved from (-1: none), by whoever came to the day or to its own product's part of it.
    """

    line: Ints
    left: Ints
    product: Ints
    days: Ints
    cost: NDArray[np.int64]
    eaten: NDArray[np.int64]
    prod: Ints
    of_product: NDArray[np.int64]
    room: Ints
    to_line: Ints
    moved_from: Ints
    by_product: NDArray[np.bool_]
    to_day: Ints
    came_to_day: Ints
    to_full: NDArray[np.int64]
    came_to_full: NDArray[np.int64]
    queue: Ints
    waits: NDArray[np.bool_]


@compiled
def _table(lines: int) -> Table:
    """Lay out a table for boxes of at most so many lines."""
    return Table(
        np.zeros(lines, np.int64),
        np.zeros(lines, np.int64),
        np.zeros(lines, np.int64),
        np.zeros(lines, np.int64),
        np.zeros((lines, DAYS_MAX), np.int64),
        np.zeros((lines, DAYS_MAX), np.int64),
        np.zeros(lines, np.int64),
        np.zeros((lines, DAYS_MAX), np.int64),
        np.zeros(DAYS_MAX, np.int64),
        np.zeros(lines, np.int64),
        np.zeros(lines, np.int64),
        np.zeros(lines, np.bool_),
        np.zeros(DAYS_MAX, np.int64),
        np.zeros(DAYS_MAX, np.int64),
        np.zeros((lines, DAYS_MAX), np.int64),
        np.zeros((lines, DAYS_MAX), np.int64),
        np.zeros(lines, np.int64),
        np.zeros(lines, np.bool_),
    )


@compiled
def _place_of(table: Table, products: int, prod: np.int64) -> int:
    """Find the place of a product; -1 if the box has none of it."""
    for place in range(products):
        if table.prod[place] == prod:
            return place
    return -1


@compiled
def _put_line(boxes: Boxes, n: int, i: int, eat: NDArray[np.uint8], table: Table, k: int) -> None:
    """Put line i of box n at place k, with nothing of it eaten; its portions by day are still to be placed."""
    lot, mode = boxes.line_lot[i], boxes.line_mode[i]
    weekday, home = boxes.weekday[n], boxes.home[n]
    shipped = np.int64(boxes.lot_portions[lot]) * boxes.line_units[i]
    table.line[k] = i
    table.left[k] = shipped - boxes.line_reserve[i]
    days = 0
    for t in range(boxes.horizon[n]):
        table.room[t] += eat[i, t]
        table.eaten[k, t] = 0
        table.cost[k, t] = boxes.day_risk[lot, weekday, home, mode, t]
        if boxes.win_a[lot, weekday, home, mode] <= t <= boxes.win_b[lot, weekday, home, mode]:
            days |= 1 << t
    table.days[k] = days


@compiled
def _lay_out(boxes: Boxes, n: int, eat: NDArray[np.uint8], table: Table) -> int:
    """Put the fruit of box n on the table; returns the number of lines."""
    lines = products = 0
    table.room[:] = 0
    for i in range(boxes.ptr[n], boxes.ptr[n + 1]):
        lot = boxes.line_lot[i]
        if not boxes.fruit[lot]:
            continue
        _put_line(boxes, n, i, eat, table, lines)
        prod = np.int64(boxes.lot_prod[lot])
        place = _place_of(table, products, prod)
        if place < 0:
            place = products
            table.prod[place] = prod
            table.of_product[place, :] = 0
            products += 1
        table.product[lines] = place
        lines += 1
    for k in range(boxes.carry_ptr[n], boxes.carry_ptr[n + 1]):
        place = _place_of(table, products, np.int64(boxes.carry_prod[k]))
        if place >= 0:
            for t in range(DAYS_MAX):
                table.of_product[place, t] += boxes.carry_eat[k, t]
    return lines


@compiled
def _move_others(table: Table, lines: int, day: int, product: int, cost: int, tail: int) -> int:
    """Offer lines eaten on a day, all or one product's, to leave it for one that came; returns the queue's length."""
    for k in range(lines):
        if table.eaten[k, day] == 0 or (product >= 0 and table.product[k] != product):
            continue
        found = cost - table.cost[k, day]
        if found < table.to_line[k]:
            table.to_line[k] = found
            table.moved_from[k] = day
            table.by_product[k] = product >= 0
            if not table.waits[k]:
                table.waits[k] = True
                table.queue[tail % lines] = k
                tail += 1
    return tail


@compiled
def _begin(table: Table, lines: int) -> int:
    """Forget earlier ways and queue the lines with portions left; returns the queue's length."""
    table.to_day[:] = FAR
    table.to_full[:lines] = FAR
    tail = 0
    for k in range(lines):
        table.to_line[k] = FAR
        table.waits[k] = table.left[k] > 0
        if table.waits[k]:
            table.to_line[k] = 0
            table.moved_from[k] = -1
            table.queue[tail] = k
            tail += 1
    return tail


@compiled
def _search(table: Table, lines: int, same: np.int64) -> int:
    """Find cheapest ways from lines with portions left to days; returns the day cheapest to add to, -1 if none.

    `same` is how much of one product is eaten on a day at most.
    """
    head, tail = 0, _begin(table, lines)
    while head < tail:
        k = table.queue[head % lines]
        head += 1
        table.waits[k] = False
        product = table.product[k]
        for t in range(DAYS_MAX):
            if (table.days[k] >> t) & 1 == 0:
                continue
            cost = table.to_line[k] + table.cost[k, t]
            if table.of_product[product, t] >= same:
                if cost < table.to_full[product, t]:
                    table.to_full[product, t] = cost
                    table.came_to_full[product, t] = k
                    tail = _move_others(table, lines, t, product, cost, tail)
            elif cost < table.to_day[t]:
                table.to_day[t] = cost
                table.came_to_day[t] = k
                if table.room[t] == 0:
                    tail = _move_others(table, lines, t, -1, cost, tail)
    best = -1
    for t in range(DAYS_MAX):
        if table.room[t] > 0 and table.to_day[t] < (FAR if best < 0 else table.to_day[best]):
            best = t
    return best


@compiled
def _place_portion(table: Table, last: int) -> None:
    """Eat one portion more on a day, along the cheapest way to it."""
    day, by_product, product = last, False, np.int64(0)
    while True:
        k = table.came_to_full[product, day] if by_product else table.came_to_day[day]
        product = table.product[k]
        table.eaten[k, day] += 1
        table.of_product[product, day] += 1
        if table.moved_from[k] < 0:
            break
        day, by_product = table.moved_from[k], table.by_product[k]
        table.eaten[k, day] -= 1
        table.of_product[product, day] -= 1
    table.left[k] -= 1
    table.room[last] -= 1


@compiled
def serve_boxes(boxes: Boxes, households: Ints, most_lines: int, eat: NDArray[np.uint8]) -> None:
    """Choose anew which line each portion of these households' days comes from, at the least risk in all.

    `eat` [lines, 14] is changed in place; a box has at most `most_lines` lines. What breaks the rules stays as it is.
    """
    table = _table(most_lines)
    for n in households:
        lines = _lay_out(boxes, n, eat, table)
        same = np.int64(boxes.c_day[n])
        missing = table.room.sum()
        while missing > 0:
            day = _search(table, lines, same)
            if day < 0:
                break
            _place_portion(table, day)
            missing -= 1
        if missing == 0:
            for k in range(lines):
                for t in range(boxes.horizon[n]):
                    eat[table.line[k], t] = table.eaten[k, t]
