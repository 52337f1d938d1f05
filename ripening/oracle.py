"""The model against what was published: every comparable fact, foretold without its own source.

A fact sets the parameters that it is about, so comparing the two proves arithmetic. Here each fact is
compared with a profile that was made as if its publication did not exist. The distance is the factor
to the nearest end of the published range, 1 inside it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from ripening.clock import keeping_rate, ripening_rate, storage_days
from ripening.observation import (
    KEEP,
    OPEN,
    RATE_RATIO,
    READY,
    STORAGE,
    TOTAL,
    VASE,
    Observation,
    observations,
)
from ripening.pool import factor_between
from ripening.produce import Produce, load_profiles, profile_without
from ripening.stage import age_of_stage, stage_scale

CLOSE = 1.5
"""A factor within which published sources agree in two of three pairs."""

SAME_C = 2.5


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was published, what the model says without that source, and by which factor it misses."""

    seen: Observation
    foretold: float
    factor: float
    is_blind: bool


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two publications on the same quantity, and by which factor one misses the other."""

    one: Observation
    other: Observation
    factor: float


def foretell(produce: Produce, seen: Observation) -> float | None:
    """Return the model's median for what was observed, or None where it has nothing to say.

    Days, or for `RATE_RATIO` the speed of ripening against 20 °C.
    """
    if not produce.modelled or not seen.is_shipped:
        return None
    at_c = seen.temperature_c
    if seen.quantity == STORAGE:
        return storage_days(produce, at_c)
    if seen.quantity == RATE_RATIO:
        return ripening_rate(produce, at_c) if produce.ripens else None
    keep = produce.keep_spread().mean / keeping_rate(produce, at_c)
    if seen.quantity == KEEP:
        return keep
    ready = _days_to_ready(produce, seen)
    if ready is None:
        return None
    return {READY: ready, OPEN: ready, TOTAL: ready + keep, VASE: ready + keep}[seen.quantity]


def comparisons(profiles: Mapping[str, Produce] | None = None) -> Iterator[Comparison]:
    """Yield every fact that the model foretells, each without its own source.

    Given `profiles`, those stand in, as they are: how well the model fits what it has seen.
    """
    without: dict[tuple[str, str], Produce] = {}
    for key in load_profiles():
        for seen in observations(key):
            if profiles is None:
                at = (key, seen.source_id)
                produce = without.setdefault(at, profile_without(*at))
            else:
                produce = profiles[key]
            foretold = foretell(produce, seen)
            # "Ripe as sold" is a choice of stage, not a time that could be foretold.
            if foretold is None or not seen.high:
                continue
            factor = factor_between(foretold, seen.low, seen.high)
            yield Comparison(seen, foretold, factor, is_blind=profiles is None)


def disagreements() -> Iterator[Disagreement]:
    """Yield each pair of publications on one quantity of one crop in the same circumstances.

    The factor is from the middle of either to the nearest end of the other, the mean of both ways.
    """
    for key in load_profiles():
        kept = [seen for seen in observations(key) if seen.is_shipped and seen.high]
        for one, other in combinations(kept, 2):
            if one.source_id != other.source_id and _is_same(one, other):
                there = factor_between(one.middle, other.low, other.high)
                back = factor_between(other.middle, one.low, one.high)
                yield Disagreement(one, other, (there * back) ** 0.5)


def _is_same(one: Observation, other: Observation) -> bool:
    return (
        one.quantity == other.quantity
        and one.stage == other.stage
        and one.treated == other.treated
        and abs(one.temperature_c - other.temperature_c) <= SAME_C
    )


def _days_to_ready(produce: Produce, seen: Observation) -> float | None:
    usually = produce.ready_untreated != produce.ready
    treated = usually if seen.treated is None else seen.treated
    ready = produce.ready_spread(treated=treated).mean
    age = 0.0
    if seen.stage is not None:
        scale = stage_scale(produce)
        if not scale.low <= seen.stage <= scale.high:
            return None
        age = age_of_stage(produce, seen.stage, treated=treated)
    rate = ripening_rate(produce, seen.temperature_c)
    missing = ready - age
    if seen.quantity == TOTAL and missing < 0:
        return missing / keeping_rate(produce, seen.temperature_c)
    return max(missing, 0.0) / rate if rate > 0 else None
