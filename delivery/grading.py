"""How ripe a lot is found to be when it comes in: the words a packer chooses from, and the age each stands for."""

from dataclasses import dataclass

from delivery.errors import StageUnknown
from ripeday.kit.text import Message
from ripening import advice
from ripening.lot_state import MOST_AGE_DAYS
from ripening.produce import Produce
from ripening.stage import age_of_stage

_RIPENING_FRACTIONS = (0.0, 0.75, 1.0)
"""Ages of a lot on its way, as parts of the days until edible: as usually sent, past the middle, just there."""

_KEEPING_FRACTIONS = (0.25, 0.75, 1.25)
"""Ages after that, as parts of the days it stays edible; the middle of what the words cover, which is assumed."""

_BANANA_COLOURS = range(1, 8)


@dataclass(frozen=True, slots=True)
class Grade:
    """One answer to "how ripe is it?"; `age_days` are days at 20 °C since the usual dispatch stage."""

    key: str
    kind: str
    words: Message
    age_days: float


def grades(produce: Produce, *, treated: bool) -> tuple[Grade, ...]:
    """Return the grades that can be told apart by looking and feeling, from hard to past."""
    found: dict[str, Grade] = {}
    for age_days in sorted(_ages(produce, treated=treated)):
        stage = advice.stage(produce, age_days, treated=treated)
        grade = Grade(str(len(found) + 1), stage.kind, stage.words, round(age_days, 2))
        found.setdefault(str(stage.words), grade)
    return tuple(found.values())


def _ages(produce: Produce, *, treated: bool) -> list[float]:
    if produce.key == "banana":
        return [age_of_stage(produce, colour, treated=treated) for colour in _BANANA_COLOURS]
    ready = produce.ready_spread(treated=treated).mean
    keep = produce.keep_spread().mean
    ages = [ready * part for part in _RIPENING_FRACTIONS if produce.ripens]
    ages += [ready + keep * part for part in _KEEPING_FRACTIONS]
    return [min(age, MOST_AGE_DAYS) for age in ages]


def graded(produce: Produce, key: str, *, treated: bool) -> Grade:
    """Return the grade that was chosen.

    Raises
    ------
    StageUnknown
    """
    for grade in grades(produce, treated=treated):
        if grade.key == key:
            return grade
    raise StageUnknown
