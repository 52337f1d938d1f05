"""What one fruit or stem of a given stage will do at given temperatures: when it is ready, how long it
then keeps, how likely it is edible on each day, and what all of that rests on.

The rules are those of every curve of the house (`ripening.chance`, `course`, `clock`). Here there may
be any number of temperature steps, so that the time needed is taken at many quantiles instead of a few
nodes; what follows from each is closed as there.
"""

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtr, ndtri

from ripeday.kit.errors import Invalid, Refused
from ripeday.kit.text import Message, message
from ripening.basis import assumptions, publications
from ripening.chance import Maturity, edible_share
from ripening.chilling import harm, is_sensitive, is_too_cold
from ripening.clock import storage_days
from ripening.course import Course, Floats
from ripening.fact import Source
from ripening.floret import Florets, florets_of
from ripening.law import HOT_C, REFERENCE_C
from ripening.lot_state import MOST_AGE_DAYS, LotState
from ripening.produce import Produce
from ripening.stage import TRIGGERED_PACE, age_of_stage, read_stage, stage_of_age, stage_scale
from ripening.temperature import Steps, steady_at
from ripening.unit import name_in_words
from ripening.window import Handling, best_of, maturity_of, windows

CONFIDENCE = 0.8
DAYS = 20
MOST_DAYS = 120
LEAST_CONFIDENCE, MOST_CONFIDENCE = 0.05, 0.99
N_NEEDS, N_KEEPS = 400, 200
"""Quantiles of the time needed and of the time kept: both less than 0.005 from a finer grid."""

_SOME_DAY = dt.date(2026, 1, 1)
"""Everything is counted in days after arrival; no date and no season enters."""


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Days by which one, five and nine in ten have got there; None where they never do."""

    p10: float | None
    p50: float | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class Run:
    """Days in a row, first and last inclusive, on which it is edible with the confidence asked for.

    `best` is the likeliest best day. Where no day reaches the confidence, `holds` is False and the
    run is that of days which are likelier than not.
    """

    ready_from: int
    best: int
    eat_by: int
    holds: bool


@dataclass(frozen=True, slots=True)
class Warning:  # noqa: A001
    """Something to look out for; `code` is stable for programs."""

    code: str
    words: Message


@dataclass(frozen=True, slots=True)
class Forecast:
    """What becomes of one fruit or stem. Days count from arrival at noon of day 0.

    `keep_days` are those from the day it is ready (open), `life_days` those from arrival until it is
    past: for flowers the vase life. `edible_chance` has `days + 1` values, day 0 first.
    `storage_life_days` is how long it keeps as shipped at these temperatures, None where nothing was
    published.
    """

    produce: Produce
    stage: float
    age_days: float
    treated: bool
    steps: Steps
    confidence: float
    days: int
    ready_days: Quantiles
    keep_days: Quantiles
    life_days: Quantiles
    edible_chance: tuple[float, ...]
    storage_life_days: float | None
    run: Run | None
    florets: Florets | None
    warnings: tuple[Warning, ...]
    assumed: tuple[Message, ...]
    sources: tuple[Source, ...]


def forecast(
    produce: Produce,
    *,
    stage: str | float | None = None,
    age_days: float | None = None,
    treated: bool | None = None,
    steps: Steps | None = None,
    confidence: float = CONFIDENCE,
    days: int = DAYS,
) -> Forecast:
    """Return what becomes of one fruit or stem of this crop.

    Parameters
    ----------
    stage, age_days
        How ripe it arrives, as a stage of the crop's scale or in days at 20 °C since the usual
        dispatch stage; the usual dispatch stage unless one of them is given.
    treated
        Whether it got the ethylene or the cold that its kind needs; as the trade ships it unless given.
    steps
        Its temperatures; 20 °C unless given.
    confidence
        The chance that each day of `run` shall have.

    Raises
    ------
    Refused
        The facts cannot carry a model of this crop.
    Invalid
        A value is out of its range; names it.
    """
    _check(produce, confidence, days)
    treated = usually_treated(produce, stage) if treated is None else treated
    steps = steady_at(REFERENCE_C) if steps is None else steps
    age, at_stage = _maturity_at(produce, stage, age_days, treated=treated)
    lot = LotState(produce.key, age, _SOME_DAY, REFERENCE_C, treated)
    maturity = maturity_of([lot], profiles={produce.key: produce}, delivery_on=_SOME_DAY)
    course = steps.course(produce)
    needs = _needs(maturity)
    ready, keep = _times(maturity, course, needs)
    chance = _edible(maturity, course, needs, days=days + 1)
    found = Forecast(
        produce=produce,
        stage=at_stage,
        age_days=age,
        treated=treated,
        steps=steps,
        confidence=confidence,
        days=days,
        ready_days=_ready_quantiles(maturity, course),
        keep_days=_quantiles(keep[np.isfinite(ready)]),
        life_days=_quantiles((ready[:, None] + keep)[np.isfinite(ready)]),
        edible_chance=tuple(float(each) for each in chance),
        storage_life_days=_storage_life(produce, steps),
        run=_run(maturity, course, chance, confidence),
        florets=florets_of(produce) if produce.is_flower else None,
        warnings=(),
        assumed=assumptions(produce, steps),
        sources=publications(produce, steps),
    )
    return _with_warnings(found)


def usually_treated(produce: Produce, stage: str | float | None = None) -> bool:
    """Tell whether the trade ripens (or chills) this crop before it ships it at this stage.

    Bananas are triggered before they are shipped half yellow; what is greener than that is taken to
    have been left alone, as the room lives published for it say.
    """
    if produce.key in TRIGGERED_PACE:
        return stage is None or age_of_stage(produce, stage, treated=False) >= 0
    return produce.ready_untreated != produce.ready


def _check(produce: Produce, confidence: float, days: int) -> None:
    if not produce.modelled:
        raise Refused(
            message(
                "There is no forecast for {produce}: {why}.",
                produce=name_in_words(produce),
                why=produce.why_not_modelled or "",
            )
        )
    if not LEAST_CONFIDENCE <= confidence <= MOST_CONFIDENCE:
        raise Invalid(
            "confidence",
            message(
                "confidence: {low} to {high}, not {value}.",
                low=f"{LEAST_CONFIDENCE:g}",
                high=f"{MOST_CONFIDENCE:g}",
                value=f"{confidence:g}",
            ),
        )
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(
            "days",
            message("days: 1 to {high}, not {value}.", high=str(MOST_DAYS), value=str(days)),
        )


def _maturity_at(
    produce: Produce, stage: str | float | None, age_days: float | None, *, treated: bool
) -> tuple[float, float]:
    """Return the age and the stage it arrives at."""
    if age_days is not None:
        if not abs(age_days) <= MOST_AGE_DAYS:
            raise Invalid(
                "age_days",
                message(
                    "age_days: {low} to {high}, not {value}.",
                    low=f"{-MOST_AGE_DAYS:g}",
                    high=f"{MOST_AGE_DAYS:g}",
                    value=f"{age_days:g}",
                ),
            )
        return age_days, stage_of_age(produce, age_days, treated=treated)
    if stage is None:
        return 0.0, stage_scale(produce).dispatch
    return age_of_stage(produce, stage, treated=treated), read_stage(produce, stage)


def _needs(maturity: Maturity) -> Floats:
    """Return the time needed at evenly likely places; one place where it does not vary."""
    sigma = float(maturity.ready_sigma[0])
    places = ndtri((np.arange(N_NEEDS) + 0.5) / N_NEEDS) if sigma > 0 else np.zeros(1)
    needs: Floats = maturity.ready_mean[0] + sigma * places
    return needs


def _times(maturity: Maturity, course: Course, needs: Floats) -> tuple[Floats, Floats]:
    """Return the day each is ready, and the days it then keeps: shapes (n,) and (n, n_keeps)."""
    missing = needs - maturity.age[0]
    ready = course.reached(missing)
    mean, sigma = float(maturity.keep_mean[0]), float(maturity.keep_sigma[0])
    least = float(ndtr(-mean / sigma)) if sigma > 0 else 0.0
    places = (np.arange(N_KEEPS) + 0.5) / N_KEEPS if sigma > 0 else np.full(1, 0.5)
    keeps = mean + sigma * ndtri(least + (1 - least) * places)
    left = np.maximum(keeps - np.maximum(-missing, 0.0)[:, None], 0.0)
    begun = np.where(np.isfinite(ready), ready, 0.0)
    past = course.kept_until((course.kept(begun)[:, None] + left).ravel()).reshape(left.shape)
    return ready, past - begun[:, None]


def _edible(maturity: Maturity, course: Course, needs: Floats, *, days: int) -> Floats:
    """Return P(edible on day t): the mean over evenly likely needs of what each comes to."""
    n = len(needs)

    def repeat(values: Floats) -> Floats:
        return np.broadcast_to(values, (n, values.shape[-1]))

    rows = Maturity(
        repeat(maturity.age)[:, 0],
        needs,
        np.zeros(n),
        repeat(maturity.keep_mean)[:, 0],
        repeat(maturity.keep_sigma)[:, 0],
    )
    courses = Course(repeat(course.starts), repeat(course.ripen), repeat(course.keep))
    chance: Floats = edible_share(rows, courses, days=days).mean(axis=0)
    return chance


def _ready_quantiles(maturity: Maturity, course: Course) -> Quantiles:
    """Return when they are ready; a later need is never ready earlier, so quantiles carry over."""
    places = ndtri(np.array([0.1, 0.5, 0.9]))
    needs = maturity.ready_mean[0] + maturity.ready_sigma[0] * places
    return _written(course.reached(needs - maturity.age[0]))


def _quantiles(values: Floats) -> Quantiles:
    if not values.size:
        return Quantiles(None, None, None)
    return _written(np.quantile(values, (0.1, 0.5, 0.9)))


def _written(values: Floats) -> Quantiles:
    p10, p50, p90 = (float(each) if np.isfinite(each) else None for each in values)
    return Quantiles(p10, p50, p90)


def _storage_life(produce: Produce, steps: Steps) -> float | None:
    """Return when the parts of its storage life spent at each temperature make up the whole."""
    lives = [storage_days(produce, each) for each in steps.celsius]
    rates = np.array([1.0 / life for life in lives if life])
    if len(rates) < len(lives):
        return None
    return float(Course(np.array(steps.days), rates, rates).reached(np.ones(1))[0])


def _run(maturity: Maturity, course: Course, chance: Floats, confidence: float) -> Run | None:
    first, last = (int(each) for each in windows(chance, confidence))
    if first > last:
        return None
    one = (1, 1, 1, len(course.starts))
    alone = Course(course.starts.reshape(one), course.ripen.reshape(one), course.keep.reshape(one))
    handling = Handling(alone, np.ones((1, 1, 1), dtype=np.bool_))
    best = best_of(maturity, handling, chance.reshape(1, 1, 1, -1))[0, 0, 0]
    likeliest = first + int(best[first : last + 1].argmax())
    return Run(first, likeliest, last, holds=bool(chance.max() >= confidence))


def _with_warnings(found: Forecast) -> Forecast:
    checks = (_chilled(found), _too_hot(found), _never(found), _past(found), _unsure(found))
    return replace(found, warnings=tuple(each for each in checks if each is not None))


def _chilled(found: Forecast) -> Warning | None:
    """Tell of cold that harms what is not ripe; ripe fruit stands it."""
    produce, until = found.produce, float(found.days)
    if not produce.is_flower and found.ready_days.p50 is not None:
        until = min(until, found.ready_days.p50)
    spans = found.steps.spans(until)
    if not is_sensitive(produce) or harm(produce, spans) <= 1:
        return None
    coldest = min(each for _, each in spans if is_too_cold(produce, each))
    values = {"c": f"{coldest:g}", "threshold": f"{produce.chilling_threshold_c:g}"}
    if produce.is_flower:
        words = message("{c} °C is too cold: it is harmed below {threshold} °C.", **values)
    else:
        words = message(
            "Unripe and too long at {c} °C: below {threshold} °C the cold harms it, and it may never "
            "ripen well.",
            **values,
        )
    return Warning("chilling_damage", words)


def _too_hot(found: Forecast) -> Warning | None:
    hottest = max(each for _, each in found.steps.spans(float(found.days)))
    if hottest <= HOT_C:
        return None
    values = {"c": f"{hottest:g}", "hot": f"{HOT_C:g}"}
    if found.produce.ripens and not found.produce.is_flower:
        words = message("{c} °C: above {hot} °C it ripens badly, not faster.", **values)
    else:
        words = message("{c} °C: above {hot} °C it spoils in ways nobody has measured.", **values)
    return Warning("too_hot", words)


def _never(found: Forecast) -> Warning | None:
    """Tell of what spoils before it ripens: not half ready in twice the time that it keeps."""
    ready, life = found.ready_days.p50, found.storage_life_days
    if ready is not None and ready <= max(2 * (life or 0.0), float(found.days)):
        return None
    return Warning("never_ready", message("At this temperature it never gets ready."))


def _past(found: Forecast) -> Warning | None:
    life = found.life_days.p50
    if life is None or life > 0.25:
        return None
    return Warning("past_on_arrival", message("At this stage it is past on arrival."))


def _unsure(found: Forecast) -> Warning | None:
    if found.run is not None and found.run.holds:
        return None
    return Warning(
        "below_confidence",
        message(
            "On no day within {days} days is it edible with {pct}% confidence.",
            days=str(found.days),
            pct=f"{100 * found.confidence:g}",
        ),
    )
