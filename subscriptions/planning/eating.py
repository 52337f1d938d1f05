"""When the portions of a planned box are eaten after all: a maximum flow from lines over produce-days to days."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from subscriptions.planning.problem import DAYS_MAX


@dataclass(frozen=True, slots=True)
class Serving:
    """One line of a box: its produce, the portions it holds and the days (bit mask) they may be eaten."""

    prod: int
    portions: int
    days: int


@dataclass(slots=True)
class _Table:
    """Portions eaten so far, by line and day, by produce and day, and by day."""

    servings: Sequence[Serving]
    a_day: int
    same_a_day: int
    eat: list[list[int]] = field(init=False)
    of_prod: dict[int, list[int]] = field(init=False)
    of_day: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.eat = [[0] * DAYS_MAX for _ in self.servings]
        self.of_prod = {serving.prod: [0] * DAYS_MAX for serving in self.servings}
        self.of_day = [0] * DAYS_MAX

    def move(self, line: int, day: int, n: int) -> None:
        """Eat `n` portions more of a line on a day."""
        self.eat[line][day] += n
        self.of_prod[self.servings[line].prod][day] += n
        self.of_day[day] += n


def eat_again(
    servings: Sequence[Serving],
    planned: Sequence[Sequence[int]],
    *,
    portions_a_day: int,
    same_a_day: int,
) -> list[list[int]]:
    """Return portions eaten by line and day, shape (lines, 14), moving no more of what was planned than has to move.

    `planned` are portions by line and day. A portion stays on its day if its line may be eaten then. Of the others,
    lines that spoil first are served first, each on the emptiest day it may be eaten; portions already served move to
    other days where that makes room (augmenting paths), so the total is the greatest there is.
    """
    table = _Table(servings, portions_a_day, same_a_day)
    for line, (serving, days) in enumerate(zip(servings, planned, strict=True)):
        left = serving.portions
        for day, n in enumerate(days):
            stays = min(n, left) if serving.days >> day & 1 else 0
            table.move(line, day, stays)
            left -= stays
    order = sorted(
        range(len(servings)),
        key=lambda i: (servings[i].days.bit_length(), servings[i].days.bit_count()),
    )
    for line in order:
        for _ in range(servings[line].portions - sum(table.eat[line])):
            if not _serve(table, line):
                break
    return table.eat


def _serve(table: _Table, line: int) -> bool:
    """Find room for one more portion of a line by a shortest augmenting path; tell whether there was."""
    came: dict[tuple[int, int], tuple[int, int] | None] = {}
    queue: deque[tuple[int, tuple[int, int] | None]] = deque([(line, None)])
    seen, full_days = {line}, set[int]()
    while queue:
        eater, before = queue.popleft()
        for day in _days_by_room(table, eater):
            step = (eater, day)
            if step in came:
                continue
            came[step] = before
            prod = table.servings[eater].prod
            same_full = table.of_prod[prod][day] >= table.same_a_day
            if not same_full and table.of_day[day] < table.a_day:
                _shift(table, came, step)
                return True
            if not same_full and day in full_days:
                continue
            if not same_full:
                full_days.add(day)
            for other, serving in enumerate(table.servings):
                displaced = table.eat[other][day] and (serving.prod == prod or not same_full)
                if displaced and other not in seen:
                    seen.add(other)
                    queue.append((other, step))
    return False


def _days_by_room(table: _Table, line: int) -> list[int]:
    """List the days a line may be eaten, the emptiest first and the earlier of equals first."""
    days = table.servings[line].days
    of_prod = table.of_prod[table.servings[line].prod]
    return sorted(
        (day for day in range(DAYS_MAX) if days >> day & 1),
        key=lambda day: (table.of_day[day], of_prod[day], day),
    )


def _shift(
    table: _Table, came: dict[tuple[int, int], tuple[int, int] | None], last: tuple[int, int]
) -> None:
    """Serve along the path: each displaced line leaves the day its displacer takes."""
    step: tuple[int, int] | None = last
    while step is not None:
        line, day = step
        table.move(line, day, 1)
        before = came[step]
        if before is not None:
            table.move(line, before[1], -1)
        step = before
