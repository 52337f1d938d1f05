"""What to tell people about an item: how ripe it is, how to keep it, and the small jobs of the
coming days.
"""

import datetime as dt
import math
from dataclasses import dataclass

from ripeday.kit.text import Message, marked, message
from ripening.produce import Produce
from ripening.reading import (
    HALF,
    MOST_IN_TEN,
    TURNING,
    Reading,
    homes_words,
    near_day_words,
    weekday_name_words,
)
from ripening.stage import stage_of_age
from ripening.unit import name_in_words

_COUNTER, _FRIDGE, _THEN_FRIDGE, _FRIDGE_FIRST = range(4)
_MOVES = {
    _THEN_FRIDGE: marked("Leave them on the counter, then into the fridge on {day}."),
    _FRIDGE_FIRST: marked("In the fridge until {day}, then on the counter."),
}
_BANANA_STAGES = (
    marked("stage 1, all green"),
    marked("stage 2, green with a trace of yellow"),
    marked("stage 3, half yellow"),
    marked("stage 4, more yellow than green"),
    marked("stage 5, yellow with green tips"),
    marked("stage 6, all yellow"),
    marked("stage 7, yellow with brown flecks"),
)
_CRISP = frozenset(
    ("pear_asian", "apple_fuji", "apple_gala", "apple_red_delicious", "persimmon_nonastringent")
)


@dataclass(frozen=True, slots=True)
class Stage:
    """How ripe an item is: a kind (unripe, turning, ripe, past) for its mark, and the words."""

    kind: str
    words: Message


@dataclass(frozen=True, slots=True)
class Job:
    """A small job, `day` days after delivery; `kind` is fridge, counter, squeeze or finish."""

    day: int
    kind: str
    heading: Message
    detail: Message


def stage(produce: Produce, age_days: float, *, treated: bool = True) -> Stage:
    """Return how ripe the mean fruit of a lot is at this age. [days at 20 °C]"""
    ready = produce.ready_spread(treated=treated).mean
    kept = (age_days - ready) / produce.keep_spread().mean
    grown = age_days / ready if ready else 1.0
    kind = "past" if kept > 1 else "ripe" if kept >= 0 else "turning" if grown >= 0.5 else "unripe"
    if produce.key == "banana":
        colour = math.floor(stage_of_age(produce, age_days, treated=treated) + 1e-9)
        return Stage(kind, message(_BANANA_STAGES[colour - 1]))
    if produce.is_flower:
        return Stage(kind, _flower_words(kind, kept))
    if not produce.ripens:
        return Stage(kind, _ready_words(produce, kept))
    return Stage(kind, _soft_words(kind, kept))


def handling(produce: Produce, mode: int, *, move_day: int | None, delivery_on: dt.date) -> Message:
    """Return how to keep it at home, in one sentence."""
    if produce.is_flower:
        return _vase_words(produce)
    if mode == _FRIDGE:
        return message("Straight into the fridge.")
    if mode in _MOVES and move_day is not None:
        day = weekday_name_words(delivery_on + dt.timedelta(days=move_day))
        return message(_MOVES[mode], day=day)
    if produce.fridge_ok_when_unripe or not produce.ripens:
        return message("On the counter, out of the sun.")
    return message("Leave them on the counter. In the fridge they would not ripen.")


def _vase_words(produce: Produce) -> Message:
    if produce.ethylene_sensitivity == "h":
        return message("Fresh water, a cool place, and away from ripe fruit.")
    return message("Fresh water and a cool place out of the sun.")


def jobs(
    produce: Produce,
    reading: Reading,
    *,
    mode: int,
    move_day: int | None,
    delivery_on: dt.date,
) -> tuple[Job, ...]:
    """Return the small jobs that an item asks for, in order of days: squeeze, fridge, counter,
    finish.
    """
    if reading.kind == "never":
        return ()
    found = (
        _squeeze(produce, reading, mode=mode, move_day=move_day),
        _into_fridge(produce, reading, mode=mode, move_day=move_day),
        _out_of_fridge(produce, reading, mode=mode, move_day=move_day),
        _finish(produce, reading, delivery_on),
    )
    return tuple(sorted((job for job in found if job is not None), key=_by_day))


def _by_day(job: Job) -> int:
    return job.day


def _squeeze(produce: Produce, reading: Reading, *, mode: int, move_day: int | None) -> Job | None:
    """Ask for a squeeze on the first day that it may be ready, where a squeeze tells."""
    if produce.is_flower or not produce.ripens or produce.key == "banana":
        return None
    first = next((col.day for col in reading.columns if col.chance >= TURNING), None)
    if first is None or first == 0:
        return None
    if mode == _THEN_FRIDGE and move_day is not None and first > move_day:
        return None
    heading = message("Give the {fruit} a gentle squeeze", fruit=name_in_words(produce))
    if mode == _THEN_FRIDGE:
        return Job(
            first, "squeeze", heading, message("If they give a little, put them in the fridge.")
        )
    return Job(first, "squeeze", heading, message("If they give a little, they are ready."))


def _into_fridge(
    produce: Produce, reading: Reading, *, mode: int, move_day: int | None
) -> Job | None:
    day = {_FRIDGE: 0, _THEN_FRIDGE: move_day, _FRIDGE_FIRST: 0}.get(mode)
    if day is None:
        return None
    heading = message("Put the {fruit} in the fridge", fruit=name_in_words(produce))
    if mode == _FRIDGE_FIRST:
        if move_day is None or move_day >= len(reading.columns):
            return None
        out = weekday_name_words(reading.columns[move_day].on)
        return Job(day, "fridge", heading, message("They wait there until {day}.", day=out))
    good = [col for col in reading.columns if col.chance >= HALF and col.day >= day]
    if not good or good[-1].day == day:
        return Job(day, "fridge", heading, message("The cold holds them a little longer."))
    if good[-1].day == reading.columns[-1].day:
        return Job(day, "fridge", heading, message("The cold holds them for a good while."))
    until = near_day_words(good[-1].on, reading.columns[day].on)
    return Job(day, "fridge", heading, message("The cold holds them until {day}.", day=until))


def _out_of_fridge(
    produce: Produce, reading: Reading, *, mode: int, move_day: int | None
) -> Job | None:
    if mode != _FRIDGE_FIRST or move_day is None:
        return None
    heading = message("Take the {fruit} out of the fridge", fruit=name_in_words(produce))
    ready = next(
        (col for col in reading.columns if col.day > move_day and col.chance >= HALF), None
    )
    if ready is None:
        return Job(move_day, "counter", heading, message("On the counter they go on ripening."))
    by = near_day_words(ready.on, reading.columns[0].on + dt.timedelta(days=move_day))
    return Job(
        move_day, "counter", heading, message("On the counter they are ready by {day}.", day=by)
    )


def _finish(produce: Produce, reading: Reading, delivery_on: dt.date) -> Job | None:
    """Ask to finish it on the last day that it is likelier good than not."""
    if produce.is_flower:
        return None
    good = [col.day for col in reading.columns if col.chance >= HALF]
    if not good or good[-1] + 1 >= len(reading.columns):
        return None
    last = good[-1]
    past = min(math.floor(10 * (1 - reading.columns[last + 1].chance) + 1e-9), MOST_IN_TEN)
    next_day = delivery_on + dt.timedelta(days=last + 1)
    return Job(
        last,
        "finish",
        message("Finish the {fruit} tonight", fruit=name_in_words(produce)),
        message(
            "By {day} they are past it {homes}.",
            day=weekday_name_words(next_day),
            homes=homes_words(past),
        ),
    )


def _soft_words(kind: str, kept: float) -> Message:
    if kind == "unripe":
        return message("firm")
    if kind == "turning":
        return message("starting to give")
    if kind == "past":
        return message("very soft")
    return message("ripe") if kept < 0.5 else message("ripe, eat first")


def _ready_words(produce: Produce, kept: float) -> Message:
    if kept > 1:
        return message("past its best")
    if kept >= 0.5:
        return message("ripe, eat first")
    return message("crisp, ready to eat") if produce.key in _CRISP else message("ripe")


def _flower_words(kind: str, kept: float) -> Message:
    if kind == "unripe":
        return message("in bud")
    if kind == "turning":
        return message("half open")
    if kind == "past":
        return message("faded")
    return message("in bloom") if kept < 0.5 else message("in full bloom")
