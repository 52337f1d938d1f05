"""How ripe a lot is found to be when it comes in: the words a packer chooses from, and the age each stands for."""

from dataclasses import dataclass

from delivery.errors import StageUnknown
from ripeday.kit.errors import Invalid
from ripeday.kit.text import Message
from ripening import advice
from ripening.lot_state import MOST_AGE_DAYS
from ripening.produce import Produce
from ripening.stage import age_of_stage, read_stage, stage_scale
from subscriptions.lifecycle import CheckScale

_RIPENING_FRACTIONS = (0.0, 0.75, 1.0)
"""Ages of a lot on its way, as parts of the days until edible: as usually sent, past the middle, just there."""

_KEEPING_FRACTIONS = (0.25, 0.75, 1.25)
"""Ages after that, as parts of the days it stays edible; the middle of what the words cover, which is assumed."""

_BANANA_COLOURS = range(1, 8)

MOST_FRUIT = 200
"""Nobody looks at more of a lot."""


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


@dataclass(frozen=True, slots=True)
class Measure:
    """A stage that was measured, on its scale, and the age it stands for. [days at 20 °C]"""

    scale: CheckScale
    stage: float
    age_days: float


def has_numbers(produce: Produce) -> bool:
    """Tell whether the trade measures how ripe it is, by colour or firmness, and not in words alone."""
    return not stage_scale(produce).in_words


def measured(produce: Produce, text: str, *, treated: bool) -> Measure:
    """Return what was measured, as typed: "4", "6.5 lbf", "30 N".

    Raises
    ------
    Invalid
        Of the field "measured".
    """
    scale = CheckScale.FIRMNESS if stage_scale(produce).unit else CheckScale.COLOUR
    try:
        stage = read_stage(produce, text)
        return Measure(scale, stage, age_of_stage(produce, stage, treated=treated))
    except Invalid as error:
        raise Invalid("measured", error.message) from None


def looked_at(produce: Produce, key: str, *, treated: bool) -> Measure:
    """Return a grade chosen in words as a measure.

    Raises
    ------
    StageUnknown
    """
    grade = graded(produce, key, treated=treated)
    return Measure(CheckScale.WORDS, float(grade.key), grade.age_days)
