"""Stems with many buds: how many florets are open on each day, and how likely at least one is.

Buds of a stem open one after the other, the first when the stem does. How many there are and how
long one floret lasts is published for some; the days between two are what makes the last one fade
when the whole stem's vase life ends. What a planner counts on is the whole stem (`ripening.window`);
this tells what is seen in the vase.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from ripening.chance import MEALS_DAYS
from ripening.course import Floats
from ripening.fact import Fact, facts_of
from ripening.law import flower_law
from ripening.pool import Said, pool
from ripening.produce import Produce

LIFE_SHARE = 0.6
"""Part of a stem's display that one floret lasts, where none was measured. Assumed; lilies show 0.6."""

_SHIFTS, _WEIGHTS = np.polynomial.hermite_e.hermegauss(9)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


@dataclass(frozen=True, slots=True)
class Florets:
    """The florets of one stem: how many, how long each is open and how long after the last the next
    one opens [days at 20 °C], and where the first two were read.
    """

    count: int
    life_days: float
    apart_days: float
    sources: tuple[str, ...]
    life_is_assumed: bool


def florets_of(produce: Produce) -> Florets | None:
    """Return the florets of a crop's stem; None for a single flower or where nobody counted."""
    counted = _pooled(produce.key, "buds_per_stem")
    if counted is None or produce.keep is None:
        return None
    count = max(round(counted[0]), 2)
    measured = _pooled(produce.key, "floret_life_days_20C")
    life = LIFE_SHARE * produce.keep.mean if measured is None else measured[0]
    life = min(life, produce.keep.mean)
    sources = counted[1] + (measured[1] if measured else ())
    return Florets(
        count,
        life,
        (produce.keep.mean - life) / (count - 1),
        tuple(dict.fromkeys(sources)),
        life_is_assumed=measured is None,
    )


def open_florets(produce: Produce, *, age_days: float, room_c: float, days: int) -> Floats:
    """Return the mean number of open florets of a stem on each day after delivery. Shape (days,)."""
    chance = _floret_chance(produce, age_days, room_c, days)
    count: Floats = np.einsum("s,sfd->d", _WEIGHTS, chance)
    return count


def some_open_chance(produce: Produce, *, age_days: float, room_c: float, days: int) -> Floats:
    """Return P(at least one floret is open on day t). Shape (days,).

    The union over florets given the stem's own shift, averaged over shifts: the florets of one stem
    are early or late together.
    """
    chance = _floret_chance(produce, age_days, room_c, days)
    some: Floats = np.einsum("s,sd->d", _WEIGHTS, 1.0 - np.prod(1.0 - chance, axis=1)).clip(
        0.0, 1.0
    )
    return some


def _floret_chance(produce: Produce, age_days: float, room_c: float, days: int) -> Floats:
    """Return P(floret f open on day t | stem shift s). Shape (n_shifts, n_florets, days)."""
    florets = florets_of(produce)
    if florets is None or produce.ready is None or produce.keep is None:
        raise ValueError(f"{produce.key} has no florets that were counted")
    rate = flower_law(room_c)
    day = np.arange(days, dtype=np.float64)
    morning, evening = np.maximum(day - MEALS_DAYS, 0.0) * rate, (day + MEALS_DAYS) * rate
    ready, keep = produce.ready, produce.keep
    first = ready.mean + _SHIFTS[:, None, None] * ready.lot_sigma
    opens = first + florets.apart_days * np.arange(florets.count)[None, :, None]
    # A floret's own spread, that of its life included; the stem's is in the shift.
    own = max(ready.fruit_sigma, 1e-6)
    life = max(keep.sigma * florets.life_days / keep.mean, 1e-6)
    open_by = ndtr((age_days + evening - opens) / own)
    fades = opens + florets.life_days
    faded_by = ndtr((age_days + morning - fades) / np.hypot(own, life))
    chance: Floats = np.clip(open_by - faded_by, 0.0, 1.0)
    return chance


def _pooled(key: str, field: str) -> tuple[float, tuple[str, ...]] | None:
    """Pool what was counted or timed; "five or more" is read as five."""
    said = [_said(fact) for fact in facts_of(key, field)]
    pooled = pool([one for one in said if one is not None])
    return None if pooled is None else (pooled.value, pooled.source_ids)


def _said(fact: Fact) -> Said | None:
    ends = [end for end in (fact.low, fact.high) if end is not None]
    return Said(min(ends), max(ends), fact.source_id, 1.0) if ends else None
