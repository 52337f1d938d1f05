"""Cold harm to what has not ripened yet: how long a sensitive crop stands it below its threshold.

Days in the cold count as parts of what is tolerated at that temperature, and the parts add up; from
one whole on, harm is likely. Published tolerances are in ripening/data/chilling.csv.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from ripening.fact import rows
from ripening.produce import Produce

TOLERATED_DAYS = 3.0
"""Days below its threshold that a sensitive crop stands unripe. Assumed where no source says."""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Days at a temperature after which harm was seen, and where that was read."""

    temperature_c: float
    days: float
    source_id: str


def is_sensitive(produce: Produce) -> bool:
    """Tell whether cold harms a crop as it is shipped: flowers with a threshold, and fruit that still
    has to ripen.
    """
    return produce.chilling_threshold_c is not None and (produce.is_flower or produce.ripens)


def is_too_cold(produce: Produce, temperature_c: float) -> bool:
    """Tell whether a temperature harms a crop in the long run; never where it is best stored."""
    threshold, storage = produce.chilling_threshold_c, produce.storage_c
    if threshold is None or temperature_c >= threshold:
        return False
    return storage is None or not storage[0] <= temperature_c <= storage[1]


def tolerance(produce: Produce, temperature_c: float) -> Tolerance:
    """Return how long a crop stands a temperature below its threshold.

    What was seen at this temperature or at a warmer one cannot take longer here; where only colder
    ones were tried, the warmest of them.
    """
    known = _tolerances().get(produce.key, ())
    warmer = [each for each in known if each.temperature_c >= temperature_c]
    if warmer:
        return min(warmer, key=_days)
    if known:
        return max(known, key=_temperature)
    return Tolerance(temperature_c, TOLERATED_DAYS, "assumed")


def harm(produce: Produce, spans: Iterable[tuple[float, float]]) -> float:
    """Return the part of its tolerance that some (days, °C) take from an unripe crop; 1 is all."""
    if not is_sensitive(produce):
        return 0.0
    return sum(
        days / tolerance(produce, temperature_c).days
        for days, temperature_c in spans
        if is_too_cold(produce, temperature_c)
    )


def _days(tolerance: Tolerance) -> float:
    return tolerance.days


def _temperature(tolerance: Tolerance) -> float:
    return tolerance.temperature_c


@cache
def _tolerances() -> Mapping[str, tuple[Tolerance, ...]]:
    found: dict[str, tuple[Tolerance, ...]] = {}
    for row in rows("chilling.csv"):
        one = Tolerance(float(row["temperature_c"]), float(row["days"]), row["source_id"])
        found[row["key"]] = (*found.get(row["key"], ()), one)
    return MappingProxyType(found)
