"""The scales by which the trade says how ripe something is, and the age each stage stands for.

A scale has points (ripening/data/stages.csv): a stage, its word, and where published the day at which
fruit get there on the source's own clock. Three stages are marked: the one it is usually dispatched
at, the one it is edible (open) from, and the one it is past at. Between those three the source's clock
is stretched to the crop's own times, so that a scale says in which order and proportion stages follow
and the profile says how long that takes. A firmness without days falls log-linearly in time.
"""

import difflib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import numpy as np

from ripeday.kit.errors import Invalid
from ripeday.kit.text import Message, marked, message
from ripening.fact import facts_of, rows
from ripening.lot_state import MOST_AGE_DAYS
from ripening.produce import Produce
from ripening.unit import name_in_words

_NAMES = {
    "banana": marked("peel colour"),
    "tomato": marked("USDA colour"),
    "papaya": marked("part of the skin that is yellow"),
    "sunflower": marked("flower stage"),
    "cantaloupe": marked("slip from the stem"),
    "guava": marked("skin colour"),
    "softness": marked("softness"),
    "freshness": marked("freshness"),
    "bloom": marked("bloom"),
}
_FIRMNESS = marked("flesh firmness")
_UNITS = {"avocado_hass": "N", "kiwifruit_gold": "kgf"}
"""What the trade of a crop measures firmness in, where it is not pounds-force."""

NEWTONS = {"N": 1.0, "lbf": 4.4482216, "kgf": 9.80665}
_UNIT_NAMES = {
    "n": "N",
    "lb": "lbf",
    "lbs": "lbf",
    "lbf": "lbf",
    "kg": "kgf",
    "kgf": "kgf",
    "": "",
}
_NUMBER = re.compile(
    r"([-+]?\d+(?:\.\d+)?)(?:\s*/\s*(\d+))?\s*(%|[a-z]*)(?:\s*\(.*\))?", re.IGNORECASE
)


TRIGGERED_PACE = {"banana": 0.28}
"""Part of the time to the dispatch stage that is left when ethylene started the ripening. Banana: from
all green to colour 4 in 3 to 5 days at 20 °C (bananatower, ucd_slides_banana, huadianbang_banana), 8 by
the room lives left at each colour."""


_ALSO = {"open": "just open"}
"""Other words for a stage."""


@dataclass(frozen=True, slots=True)
class Point:
    """One stage of a scale: its number, its word (English, for translators; maybe empty), the day on
    the scale's own clock, and where it was read.
    """

    stage: float
    word: str
    at: float
    source_id: str


@dataclass(frozen=True, slots=True)
class StageScale:
    """How the trade says how ripe one crop is.

    `points` run from the greenest to the ripest; `dispatch`, `edible` and `past` are stages, `past`
    None where the scale ends before that. `unit` is empty for colours and words. A scale of `words`
    alone is one on which people say the word and not its number.
    """

    produce_key: str
    name: Message
    unit: str
    points: tuple[Point, ...]
    dispatch: float
    edible: float
    past: float | None
    in_words: bool
    marks: tuple[float, float, float | None]

    @property
    def low(self) -> float:
        """Return the lowest number that is on the scale."""
        return min(point.stage for point in self.points)

    @property
    def high(self) -> float:
        """Return the highest number that is on the scale."""
        return max(point.stage for point in self.points)

    @property
    def words(self) -> tuple[str, ...]:
        """Return the words of the scale, from the greenest to the ripest, in English."""
        return tuple(point.word for point in self.points if point.word)

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the source ids behind the scale, sorted."""
        return tuple(sorted({point.source_id for point in self.points}))

    def at(self, stage: float) -> float:
        """Return the day of a stage on the scale's own clock."""
        if self.unit:
            stage = math.log(stage)
        return float(np.interp(stage, *self._rising(by_stage=True)))

    def stage_at(self, at: float) -> float:
        """Return the stage of a day on the scale's own clock; its ends outside."""
        stage = float(np.interp(at, *self._rising(by_stage=False)))
        return math.exp(stage) if self.unit else stage

    def word(self, stage: float) -> str:
        """Return the word of the last stage reached; the word of the first before that."""
        reached = [p for p in self.points if p.word and p.at <= self.at(stage) + 1e-9]
        return reached[-1].word if reached else next(iter(self.words), "")

    def _rising(self, *, by_stage: bool) -> tuple[list[float], list[float]]:
        pairs = [(math.log(p.stage) if self.unit else p.stage, p.at) for p in self.points]
        if not by_stage:
            pairs = [(at, stage) for stage, at in pairs]
        stages, ats = zip(*sorted(pairs), strict=True)
        return list(stages), list(ats)


def stage_scale(produce: Produce) -> StageScale:
    """Return the scale of a crop; what is shipped ready has no greener stages than that."""
    scale = _scales()[produce.key]
    if produce.ready is None or produce.ripens:
        return scale
    points = tuple(point for point in scale.points if point.at >= scale.marks[1] - 1e-9)
    firmer = scale.points if scale.unit else points
    _, edible, past = scale.marks
    return StageScale(
        scale.produce_key,
        scale.name,
        scale.unit,
        firmer,
        scale.edible,
        scale.edible,
        scale.past,
        scale.in_words,
        (edible, edible, past),
    )


def age_of_stage(produce: Produce, stage: str | float, *, treated: bool) -> float:
    """Return the age of the mean fruit at a stage. [days at 20 °C since the usual dispatch stage]

    Parameters
    ----------
    stage
        A number of the crop's scale ("4", "6.5 lbf", "30 N", "1/4", "75 %"), or one of its words.

    Raises
    ------
    Invalid
        It is not on the scale.
    """
    scale = stage_scale(produce)
    number = read_stage(produce, stage)
    return _clock(produce, scale, treated=treated).age(scale.at(number))


def stage_of_age(produce: Produce, age_days: float, *, treated: bool) -> float:
    """Return the stage of the mean fruit at an age; the inverse of `age_of_stage` within the scale."""
    scale = stage_scale(produce)
    return scale.stage_at(_clock(produce, scale, treated=treated).at(age_days))


def read_stage(produce: Produce, stage: str | float) -> float:
    """Return the number on the crop's scale that a person means by a number or a word.

    Raises
    ------
    Invalid
    """
    scale = stage_scale(produce)
    if isinstance(stage, str):
        found = _word(produce, scale, stage)
        number = _number(scale, stage) if found is None else found
    else:
        number = float(stage)
    if number is None or not scale.low - 1e-9 <= number <= scale.high + 1e-9:
        raise Invalid("stage", _outside(produce, scale, stage))
    return number


def stage_words(produce: Produce, stage: float) -> Message:
    """Return a stage for people: "4, more yellow than green", "3 lbf", "half open"."""
    scale = stage_scale(produce)
    word = message(scale.word(stage))
    if scale.in_words:
        return word
    number = f"{stage:.3g}"
    if scale.unit:
        return message("{number} {unit}", number=number, unit=scale.unit)
    return message("{number}, {word}", number=number, word=word)


def scale_words(produce: Produce) -> Message:
    """Return a crop's scale for people: its name and from where to where it goes."""
    scale = stage_scale(produce)
    if scale.in_words:
        words = _listed(scale.words)
        return message("{scale}: {words}", scale=scale.name, words=words)
    values = {"scale": scale.name, "low": f"{scale.low:g}", "high": f"{scale.high:g}"}
    if scale.unit:
        return message("{scale}, {low} to {high} {unit}", **values, unit=scale.unit)
    return message("{scale}, {low} to {high}", **values)


@dataclass(frozen=True, slots=True)
class _Clock:
    """A scale's clock against a crop's ages: days at the marks, and ages there, both rising."""

    days: tuple[float, ...]
    ages: tuple[float, ...]
    ripens: bool

    def age(self, at: float) -> float:
        found = _line(at, self.days, self.ages)
        found = found if self.ripens else max(found, 0.0)
        return min(max(found, -MOST_AGE_DAYS), MOST_AGE_DAYS)

    def at(self, age: float) -> float:
        return _line(age, self.ages, self.days)


def _clock(produce: Produce, scale: StageScale, *, treated: bool) -> _Clock:
    ready, keep = produce.ready_spread(treated=treated).mean, produce.keep_spread().mean
    dispatch, edible, past = scale.marks
    points = {dispatch: 0.0} if produce.ripens else {}
    points[edible] = ready
    if past is not None:
        points[past] = ready + keep
    if len(points) == 1:
        points[edible + 1.0] = ready + keep
    pace = TRIGGERED_PACE.get(produce.key)
    greenest = scale.points[0].at
    if treated and pace is not None and greenest < dispatch:
        speed = ready / (edible - dispatch)
        points = {greenest: (greenest - dispatch) * speed * pace, **points}
    return _Clock(tuple(points), tuple(points.values()), produce.ripens)


def _line(x: float, xs: tuple[float, ...], ys: tuple[float, ...]) -> float:
    """Interpolate linearly, and go on as the end pieces do beyond them."""
    last = len(xs) - 2
    i = next((i for i in range(last) if x < xs[i + 1]), last)
    return ys[i] + (x - xs[i]) * (ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i])


def _number(scale: StageScale, text: str) -> float | None:
    """Read a number with its unit into the scale's own; None where it is not a number of it."""
    match = _NUMBER.fullmatch(text.strip())
    if match is None or match[2] == "0":
        return None
    value = float(match[1]) / float(match[2] or 1)
    if match[3] == "%":
        return value / 100 if scale.high == 1 else None
    unit = _UNIT_NAMES.get(match[3].casefold())
    if unit is None or (unit and not scale.unit):
        return None
    return value * NEWTONS[unit] / NEWTONS[scale.unit] if unit else value


def _word(produce: Produce, scale: StageScale, text: str) -> float | None:
    """Find a word of the scale, or one that the facts use for dispatch, edible and past."""
    wanted = " ".join(text.casefold().split())
    wanted = _ALSO.get(wanted, wanted)
    for point in scale.points:
        if point.word and point.word.casefold() == wanted:
            return point.stage
    for field, stage in (
        ("dispatch_stage", scale.dispatch),
        ("edible_from_stage", scale.edible),
        ("edible_to_stage", scale.past),
    ):
        texts = {fact.text.casefold() for fact in facts_of(produce.key, field, chosen=True)}
        if wanted in texts and stage is not None and not _NUMBER.fullmatch(wanted):
            return stage
    return None


def _outside(produce: Produce, scale: StageScale, stage: str | float) -> Message:
    said = stage.strip() if isinstance(stage, str) else f"{stage:g}"
    name = name_in_words(produce)
    close = difflib.get_close_matches(said.casefold(), scale.words, n=1)
    if close:
        return message(
            "Stage of {produce}: {scale}, not “{value}”. Did you mean “{close}”?",
            produce=name,
            scale=scale_words(produce),
            value=said,
            close=message(close[0]),
        )
    return message(
        "Stage of {produce}: {scale}, not “{value}”.",
        produce=name,
        scale=scale_words(produce),
        value=said,
    )


def _listed(words: tuple[str, ...]) -> Message:
    listed = message(words[0])
    for word in words[1:]:
        listed = message("{words}, {word}", words=listed, word=message(word))
    return listed


@cache
def _scales() -> Mapping[str, StageScale]:
    """Read the scale of every crop; a crop without a row in scales.csv has one of its own."""
    shared = {row["key"]: row for row in rows("scales.csv")}
    points: dict[str, list[Mapping[str, str]]] = {}
    for row in rows("stages.csv"):
        points.setdefault(row["scale"], []).append(row)
    own = {key: _scale(key, key, points[key], None) for key in points if key not in _SHARED}
    rest = {
        key: _scale(key, row["scale"], points[row["scale"]], row) for key, row in shared.items()
    }
    return MappingProxyType(own | rest)


_SHARED = ("softness", "freshness", "bloom")


def _scale(
    key: str, name: str, found: list[Mapping[str, str]], shared: Mapping[str, str] | None
) -> StageScale:
    unit = "" if name in _NAMES else _UNITS.get(key, "lbf")
    marks: dict[str, tuple[float | None, float]] = {}
    points: list[Point] = []
    for row in found:
        stage = float(row["stage"]) if row["stage"] else None
        # A firmness without days: the clock is minus its logarithm.
        at = float(row["at"]) if row["at"] else -math.log(stage or 1.0)
        is_dispatch = shared is not None and row["word"] == shared["dispatch"]
        for mark in (*row["mark"].split(), *(("dispatch",) if is_dispatch else ())):
            marks[mark] = (stage, at)
        if stage is not None:
            points.append(Point(stage, row["word"], at, row["source_id"]))
    past = marks.get("past", (None, None))
    return StageScale(
        produce_key=key,
        name=message(_NAMES.get(name, _FIRMNESS)),
        unit=unit,
        points=tuple(points),
        dispatch=marks["dispatch"][0] or 0.0,
        edible=marks["edible"][0] or 0.0,
        past=past[0],
        in_words=name in {*_SHARED, "cantaloupe", "guava"},
        marks=(marks["dispatch"][1], marks["edible"][1], past[1]),
    )
