"""Published times as observations of what the model predicts: which quantity, how warm, from which
stage, treated or not.

Facts of the first table say so in their field's name and in words; those of the second have columns
for it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from ripening.fact import Fact, load_facts, load_sources, rows
from ripening.home import FRIDGE_C
from ripening.law import REFERENCE_C

READY: Final = "ready"
KEEP: Final = "keep"
STORAGE: Final = "storage"
TOTAL: Final = "total"
OPEN: Final = "open"
VASE: Final = "vase"
RATE_RATIO: Final = "rate_ratio"

CHOSEN_WEIGHT = 3.0


_FIELDS = {
    "days_to_edible_20C": (READY, REFERENCE_C),
    "edible_days_20C": (KEEP, REFERENCE_C),
    "edible_days_30C": (KEEP, 30.0),
    "fridge_hold_days_ripe": (KEEP, FRIDGE_C),
    "ripe_storage_life_days": (KEEP, None),
    "storage_life_days": (STORAGE, None),
    "max_storage_days": (STORAGE, None),
    "ambient_life_25C": (TOTAL, None),
    "shelf_life_20C": (TOTAL, REFERENCE_C),
    "days_to_open_20C": (OPEN, REFERENCE_C),
    "vase_life_days_20C": (VASE, REFERENCE_C),
}
_ROOM_LIFE = "room_life_from_stage_"
_DEGREES = re.compile(r"(-?\d+(?:\.\d+)?)(?:\s*(?:-|to|–)\s*(-?\d+(?:\.\d+)?))?\s*C\b")
_FROM_STAGE = re.compile(r"from stage (\d+)")

_AS_SHIPPED = frozenset(
    (
        *("", "hard", "firm", "unripe", "mature-green", "retail firm", "firm green"),
        *("coloured, firm", "mature", "cold-stored, hard", "imported, firm", "hard 18 lb"),
        *("hard, 4 weeks at -1 C", "rather unripe", "as shipped", "as shipped, bud", "bud"),
        *("fully coloured soft bud", "soft marshmallow bud", "loose bud"),
    )
)
"""Words for the stage at which such produce is usually shipped. Greener fruit, fresh from the tree, is
another matter and is not compared."""


_OTHER_LIVES = frozenset(("1-4 mixed", "antique", "fresh from harvest", "ripe, fresh harvest"))
"""Stages whose keeping says nothing about what a shop or a depot hands out."""

_NUMBERED_SCALES = frozenset(("banana", "tomato", "papaya", "sunflower"))
_NUMBERED = {
    ("tomato", "mature-green"): "1",
    ("papaya", "25-50% yellow"): "0.375",
    ("papaya", "colour break"): "0",
}
"""Words that stand for a number of such a scale."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One published time [days] (or ratio of speeds) and the circumstances it holds for.

    `low` is below `high` or both are the same; a lone end was given a partner by `_ends`. `stage` is
    a number on the crop's own scale, None for "as usually shipped". `is_shipped` is False where
    another stage was meant that no scale of ours knows.
    """

    key: str
    quantity: str
    low: float
    high: float
    temperature_c: float
    stage: float | None
    is_shipped: bool
    treated: bool | None
    source_id: str
    condition: str
    weight: float

    @property
    def middle(self) -> float:
        """Middle of the published range."""
        return (self.low + self.high) / 2


@cache
def observations(key: str) -> tuple[Observation, ...]:
    """Return every published time of one crop that the model has something to say about."""
    return tuple(seen for seen in _all() if seen.key == key)


@cache
def _all() -> tuple[Observation, ...]:
    return tuple(_observed())


def _observed() -> Iterator[Observation]:
    for fact in load_facts():
        measured = _measured(fact)
        ends = _ends(fact)
        if measured is None or ends is None:
            continue
        quantity, temperature_c = measured
        stage, is_shipped = _stage(fact)
        if stage is not None and stage == _dispatched().get(fact.key):
            stage = None
        yield Observation(
            key=fact.key,
            quantity=quantity,
            low=ends[0],
            high=ends[1],
            temperature_c=temperature_c,
            stage=stage,
            is_shipped=is_shipped,
            treated=_treated(fact),
            source_id=fact.source_id,
            condition=fact.condition,
            weight=_weight(fact),
        )


def _measured(fact: Fact) -> tuple[str, float] | None:
    """Return the quantity and how warm it was, or None where the fact is about something else."""
    if fact.quantity:
        return None if fact.temperature_c is None else (fact.quantity, fact.temperature_c)
    if fact.field.startswith(_ROOM_LIFE):
        return TOTAL, REFERENCE_C
    if fact.field not in _FIELDS:
        return None
    quantity, temperature_c = _FIELDS[fact.field]
    written = _DEGREES.search(fact.condition)
    if written and (temperature_c is None or fact.field == "fridge_hold_days_ripe"):
        low, high = written.groups()
        return quantity, (float(low) + float(high or low)) / 2
    return quantity, _optimum(fact) if temperature_c is None else temperature_c


def _optimum(fact: Fact) -> float:
    """Return the storage temperature of the same crop, which is what a bare storage life is of."""
    fields = ("optimum_storage_C", "storage_C")
    found = [
        other
        for other in load_facts()
        if other.key == fact.key and other.field in fields and other.chosen
    ]
    if not found or found[0].low is None:
        return 0.0
    return (found[0].low + (found[0].high or found[0].low)) / 2


def _ends(fact: Fact) -> tuple[float, float] | None:
    """Return a range; "up to 7" reaches down to half of it, "7 or more" up to half as much again."""
    low, high = fact.low, fact.high
    if low is None and high is None:
        return None
    if low is None or high is None:
        low, high = (
            (high or 0.0) / 2 if low is None else low,
            (low or 0.0) * 1.5 if high is None else high,
        )
    return min(low, high), max(low, high)


def _stage(fact: Fact) -> tuple[float | None, bool]:
    """Return the stage on the crop's scale, and whether it is one that the model can start from."""
    if fact.field.startswith(_ROOM_LIFE):
        return float(fact.field.removeprefix(_ROOM_LIFE)), True
    from_stage = _FROM_STAGE.match(fact.condition)
    if not fact.quantity:
        # Of two stages of one scale the table's own is the one that is shipped.
        return (float(from_stage[1]) if from_stage else None), True
    if fact.quantity in {KEEP, STORAGE, VASE, RATE_RATIO}:
        return None, fact.stage not in _OTHER_LIVES
    number = _NUMBERED.get((fact.key, fact.stage), fact.stage)
    try:
        return float(number), True
    except ValueError:
        return None, fact.stage in _AS_SHIPPED


@cache
def _dispatched() -> Mapping[str, float]:
    """Return the stage at which crops with a numbered scale are shipped."""
    return {
        row["scale"]: float(row["stage"])
        for row in rows("stages.csv")
        if row["mark"] == "dispatch" and row["scale"] in _NUMBERED_SCALES
    }


def _treated(fact: Fact) -> bool | None:
    """Return whether the fruit had the ethylene or the cold that its kind needs; None if not told."""
    if fact.quantity:
        return fact.treated
    words = fact.condition.lower()
    if "left out" in words or "left alone" in words:
        return False
    return True if re.search(r"ethylene|cold\b|paper bag", words) else None


def _weight(fact: Fact) -> float:
    """Return how much a row counts: thrice where it was chosen among others with care, half where
    nobody published it or only a shop's list says it, and half for "up to" or "at least".
    """
    one_ended = 0.5 if fact.low is None or fact.high is None else 1.0
    source = load_sources().get(fact.source_id)
    doubtful = fact.is_assumed or (source is not None and source.is_weak)
    chosen = CHOSEN_WEIGHT if fact.chosen else 1.0
    return one_ended * chosen * (0.5 if doubtful else 1.0)
