"""One reading of one distribution: the columns, the marks and the sentence about an item, never at
odds.

Columns say how likely an item is edible that day; the sentence says within which days its best day
lies. Everything that a person sees of a chance is made here, so that a mark, a column and a
sentence cannot contradict each other.
"""

import datetime as dt
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ripeday.kit.text import Message, marked, message

LIKELY = 0.8
HALF = 0.5
TURNING = 0.3
SURE = 0.95
SURE_DAYS = 5
LONGEST_RUN = 4
MOST_IN_TEN = 9

_FRIDGE, _THEN_FRIDGE, _FRIDGE_FIRST = 1, 2, 3
_SHORT_DAYS = tuple(map(marked, ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")))
_LONG_DAYS = tuple(
    map(marked, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"))
)
_MONTHS = tuple(
    map(
        marked,
        (
            *("January", "February", "March", "April", "May", "June", "July"),
            *("August", "September", "October", "November", "December"),
        ),
    )
)
_IN_TEN = {n: marked(f"{n} in 10") for n in range(MOST_IN_TEN + 1)}
_HOMES = {n: marked(f"in {n} homes of 10") for n in range(MOST_IN_TEN + 1)}


@dataclass(frozen=True, slots=True)
class Column:
    """One day of a window bar.

    `height` is in fifths (0 = a dot), `kind` one of unripe, turning, ripe, keep, past, `mark` what
    a strip cell shows: leaf (8 in 10 or better), half (5 to 8) or bare. A planned column is
    underlined.
    """

    day: int
    on: dt.date
    chance: float
    height: int
    kind: str
    mark: str
    planned: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What a person is told about one item in one home.

    `kind` is run (its best day lies in `run`, in `in_ten` homes of ten), any_day (good on every day
    of `run`), unsure, past or never. `short` stands in lines ("Sun-Mon, 8 in 10"), `sentence`
    stands alone. `best_day` is the likeliest day.
    """

    columns: tuple[Column, ...]
    kind: str
    run: tuple[int, int] | None
    in_ten: int
    best_day: int
    short: Message
    sentence: Message


@dataclass(frozen=True, slots=True)
class _Finding:
    kind: str
    run: tuple[int, int] | None = None
    share: float = 0.0
    ready_now: bool = False
    open_end: bool = False
    look_again: int = 0


def read(
    chance: Sequence[float],
    *,
    best_chance: Sequence[float],
    mode: int,
    move_day: int | None,
    planned_days: Collection[int],
    delivery_on: dt.date,
    is_flower: bool = False,
    today: dt.date | None = None,
) -> Reading:
    """Read one item's chances by day.

    Parameters
    ----------
    chance, best_chance
        P(edible on day t) and P(day t is the best day), of `ripening.window`, for this home and
        mode.
    mode, move_day
        How the item is kept, and the day it moves: into the fridge in mode 2, out of it in mode 3.
    planned_days
        Days after delivery for which the item is planned.
    today
        So that "look again" never names a day gone by; the delivery day unless given.
    """
    chance = [float(value) for value in chance]
    best_day = max(range(len(chance)), key=chance.__getitem__)
    columns = tuple(
        Column(
            day,
            delivery_on + dt.timedelta(days=day),
            value,
            height_of(value),
            _kind_of(value, after=day > best_day, cold=is_cold(mode, move_day, day)),
            mark_of(value),
            day in planned_days,
        )
        for day, value in enumerate(chance)
    )
    passed = 0 if today is None else max((today - delivery_on).days, 0)
    finding = _find(chance, [float(value) for value in best_chance], passed)
    in_ten = min(math.floor(10 * finding.share + 1e-9), MOST_IN_TEN)
    short, sentence = _words(finding, chance, in_ten, delivery_on, is_flower=is_flower)
    return Reading(columns, finding.kind, finding.run, in_ten, best_day, short, sentence)


def is_cold(mode: int, move_day: int | None, day: int) -> bool:
    """Whether something kept in this way lies in the fridge on a day."""
    if mode == _FRIDGE:
        return True
    if move_day is None:
        return False
    return (mode == _THEN_FRIDGE and day >= move_day) or (mode == _FRIDGE_FIRST and day < move_day)


def height_of(chance: float) -> int:
    """Return the height of a column in fifths of the bar, halves up."""
    return math.floor(5 * chance + 0.5)


def mark_of(chance: float) -> str:
    """Return the mark of a day: leaf (8 in 10 or better), half (5 to 8) or bare."""
    if chance >= LIKELY:
        return "leaf"
    return "half" if chance >= HALF else "bare"


def weekday_words(day: dt.date) -> Message:
    """Return "Tue"."""
    return message(_SHORT_DAYS[day.weekday()])


def weekday_name_words(day: dt.date) -> Message:
    """Return "Tuesday"."""
    return message(_LONG_DAYS[day.weekday()])


def day_words(day: dt.date) -> Message:
    """Return "8 December", kept together."""
    return message(
        "{day}\N{NO-BREAK SPACE}{month}", day=day.day, month=message(_MONTHS[day.month - 1])
    )


def month_words(month: int) -> Message:
    """Return "December" for 12."""
    return message(_MONTHS[month - 1])


def near_day_words(day: dt.date, seen_from: dt.date) -> Message:
    """Return "Friday" within the six days after `seen_from`, else "4 December"."""
    near = 0 <= (day - seen_from).days < 7
    return weekday_name_words(day) if near else day_words(day)


def in_ten_words(n: int) -> Message:
    """Return "8 in 10"."""
    return message(_IN_TEN[min(n, MOST_IN_TEN)])


def homes_words(n: int) -> Message:
    """Return "in 8 homes of 10"."""
    return message(_HOMES[min(n, MOST_IN_TEN)])


def _kind_of(chance: float, *, after: bool, cold: bool) -> str:
    if height_of(chance) == 0:
        return "past" if after else "unripe"
    if cold:
        return "keep"
    if chance >= HALF or after:
        return "ripe"
    return "turning" if chance >= TURNING else "unripe"


def _find(chance: list[float], best: list[float], passed: int) -> _Finding:
    """Decide what can honestly be said; see the parts of LOOK's chance-to-sentence rule in order."""
    days, most = len(chance), max(chance)
    if most < 0.05:
        return _Finding("past" if passed else "never")
    ready_now = best[0] >= LIKELY
    sure = _longest(chance, SURE)
    if sure is not None and sure[1] - sure[0] + 1 >= SURE_DAYS:
        low = min(chance[sure[0] : sure[1] + 1])
        return _Finding("any_day", sure, low, ready_now, open_end=sure[1] == days - 1)
    if ready_now:
        run = _longest(chance, LIKELY)
        if run is not None:
            low = min(chance[run[0] : run[1] + 1])
            kind = "run" if run[1] - run[0] < LONGEST_RUN else "any_day"
            return _Finding(kind, run, low, ready_now=True)
    shortest = _shortest(best) if most >= HALF else None
    if shortest is not None:
        first, last = shortest
        likely = max(chance[first : last + 1]) >= HALF
        if likely and last - first < LONGEST_RUN:
            return _Finding("run", shortest, sum(best[first : last + 1]))
    return _Finding("unsure", look_again=_look_again(chance, passed))


def _longest(chance: list[float], level: float) -> tuple[int, int] | None:
    """Return the first of the longest runs of days that all reach the level."""
    found: tuple[int, int] | None = None
    start: int | None = None
    for day, value in enumerate([*chance, -1.0]):
        if value >= level:
            start = day if start is None else start
        elif start is not None:
            if found is None or day - 1 - start > found[1] - found[0]:
                found = (start, day - 1)
            start = None
    return found


def _shortest(best: list[float]) -> tuple[int, int] | None:
    """Return the shortest run holding the best day at `LIKELY`, the likeliest of equals."""
    for length in range(1, len(best) + 1):
        share, first = max(
            (sum(best[first : first + length]), -first) for first in range(len(best) - length + 1)
        )
        if share >= LIKELY:
            return -first, -first + length - 1
    return None


def _look_again(chance: list[float], passed: int) -> int:
    """Return the day before the item first stands a chance, at least tomorrow."""
    first = next((day for day, value in enumerate(chance) if value >= 0.2), len(chance) - 1)
    return max(first - 1, passed + 1)


def _words(
    finding: _Finding, chance: list[float], in_ten: int, delivery_on: dt.date, *, is_flower: bool
) -> tuple[Message, Message]:
    def on(day: int) -> dt.date:
        return delivery_on + dt.timedelta(days=day)

    if finding.kind == "never":
        return message("Not for this kitchen"), message("This does not get ripe in your kitchen.")
    if finding.kind == "past":
        return message("Past it"), message("It is past its best.")
    if finding.run is None:
        again = weekday_name_words(on(finding.look_again))
        return message("Not sure yet"), message("Not sure yet. Look again on {day}.", day=again)
    first, last = (on(day) for day in finding.run)
    if is_flower:
        bloom = _longest(chance, HALF) or finding.run
        return _flower_words(finding, (first, last), (on(bloom[0]), on(bloom[1])))
    if finding.kind == "any_day":
        return _any_day_words(finding, first, last)
    return _run_words(finding, first, last, in_ten)


def _run_words(
    finding: _Finding, first: dt.date, last: dt.date, in_ten: int
) -> tuple[Message, Message]:
    homes = homes_words(in_ten)
    one, two = weekday_name_words(first), weekday_name_words(last)
    if first == last:
        short = message("{day}, {chance}", day=weekday_words(first), chance=in_ten_words(in_ten))
        if finding.ready_now:
            return short, message("Good {day}, {homes}.", day=one, homes=homes)
        return short, message("Ready {day}, {homes}.", day=one, homes=homes)
    short = message(
        "{first}–{last}, {chance}",
        first=weekday_words(first),
        last=weekday_words(last),
        chance=in_ten_words(in_ten),
    )
    values = {"first": one, "last": two, "homes": homes}
    if finding.ready_now and (last - first).days == 1:
        return short, message("Good {first} and {last}, {homes}.", **values)
    if finding.ready_now:
        return short, message("Good {first} to {last}, {homes}.", **values)
    if (last - first).days == 1:
        return short, message("Ready {first} or {last}, {homes}.", **values)
    return short, message("Ready between {first} and {last}, {homes}.", **values)


def _any_day_words(finding: _Finding, first: dt.date, last: dt.date) -> tuple[Message, Message]:
    until = day_words(last)
    if finding.ready_now and finding.open_end:
        return (
            message("any day until {until} and beyond", until=until),
            message("Good any day until {until} and beyond.", until=until),
        )
    if finding.ready_now:
        return (
            message("any day until about {until}", until=until),
            message("Good any day until about {until}.", until=until),
        )
    return (
        message("{day} until about {until}", day=weekday_words(first), until=until),
        message(
            "Good any day from {day} until about {until}.",
            day=weekday_name_words(first),
            until=until,
        ),
    )


def _flower_words(
    finding: _Finding, opening: tuple[dt.date, dt.date], bloom: tuple[dt.date, dt.date]
) -> tuple[Message, Message]:
    if finding.ready_now:
        until = day_words(bloom[1])
        return (
            message("In bloom until about {until}", until=until),
            message("In bloom until about {until}.", until=until),
        )
    short = message("In bloom from {day}", day=weekday_words(bloom[0]))
    if finding.kind == "any_day":
        return short, message("In bud. It opens by {day}.", day=weekday_name_words(opening[0]))
    first, last = (weekday_name_words(day) for day in opening)
    if opening[0] == opening[1]:
        return short, message("In bud. It opens on {day}.", day=first)
    if (opening[1] - opening[0]).days == 1:
        return short, message("In bud. It opens on {first} or {last}.", first=first, last=last)
    return short, message("In bud. It opens between {first} and {last}.", first=first, last=last)
