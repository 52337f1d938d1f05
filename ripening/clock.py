"""Two clocks, ripening and keeping, as rates against life at 20 °C.

A rate of 0.5 means that a day counts for half a day at 20 °C; temperature steps add up in that
biological time.
"""

from ripening.home import FRIDGE_C
from ripening.law import REFERENCE_C, flower_law, keeping_law, ripening_law
from ripening.produce import Produce

GENTLE_C = 10.0
"""Above it the Q10 law is taken as it stands; below it measured cold lives take over."""

Q10_CHILLED = 17.0
"""Q10 of ripening below the chilling threshold: mature-green tomato, 5-15 °C (k_pai1990). Cold does
not slow chilling-sensitive fruit, it nearly stops it."""

COLD_SAFE_C = 2.0
"""What is best stored at this temperature or below is not harmed by a little less."""


def ripening_rate(produce: Produce, temperature_c: float) -> float:
    """Days at 20 °C that ripening advances in a day at `temperature_c`.

    No faster above `HOT_C`. Next to nothing below the chilling threshold of a sensitive fruit. For
    fruit that stands the cold unripe, the storage life bounds the rate: what stays unripe for months
    at 0 °C does not follow a Q10 of 2.5 down there.
    """
    if produce.is_flower:
        return flower_law(temperature_c)
    law = ripening_law(produce.q10_ripening, temperature_c)
    threshold = produce.chilling_threshold_c
    if threshold is not None and temperature_c < threshold:
        below = (temperature_c - threshold) / 10.0
        return float(ripening_law(produce.q10_ripening, threshold) * Q10_CHILLED**below)
    cold = _cold_ripening(produce)
    if temperature_c >= GENTLE_C or cold is None:
        return law
    gentle = ripening_law(produce.q10_ripening, GENTLE_C)
    cold_c, rate = cold
    part = (temperature_c - cold_c) / (GENTLE_C - cold_c)
    return float(min(law, rate * (gentle / rate) ** part))


def keeping_rate(produce: Produce, temperature_c: float) -> float:
    """Days at 20 °C of its good life that ripe produce spends in a day at `temperature_c`."""
    if produce.is_flower:
        return flower_law(temperature_c)
    if temperature_c >= REFERENCE_C:
        return keeping_law(produce.q10_keeping, temperature_c)
    in_fridge = fridge_rate(produce)
    if in_fridge is None:
        return keeping_law(produce.q10_keeping, temperature_c)
    if in_fridge < 1:
        return float(in_fridge ** ((REFERENCE_C - temperature_c) / (REFERENCE_C - FRIDGE_C)))
    # Cold harms this one: the law down to 10 °C, then up to what the fridge does.
    gentle = keeping_law(produce.q10_keeping, max(temperature_c, GENTLE_C))
    part = max(0.0, GENTLE_C - temperature_c) / (GENTLE_C - FRIDGE_C)
    return float(gentle + (in_fridge - gentle) * min(part, 1.0))


def fridge_rate(produce: Produce) -> float | None:
    """Return the keeping rate in a home fridge, or None where nothing says how long it holds there."""
    if produce.fridge_hold is None or produce.keep is None:
        return None
    return produce.keep.mean / produce.fridge_hold.mean


def fridge_helps(produce: Produce) -> bool:
    """Tell whether ripe fruit keeps longer in the fridge than on the counter."""
    rate = fridge_rate(produce)
    return rate is not None and rate < 1


def store_rate(produce: Produce, temperature_c: float) -> float:
    """Days at 20 °C that ready produce ages in a day in the depot's store.

    Storage life is measured on produce as shipped. What is shipped ready lives it in good storage;
    of what ripened on the way it says nothing, and the keeping clock stands.
    """
    rate = keeping_rate(produce, temperature_c)
    life, storage = produce.storage_life, produce.storage_c
    if produce.is_flower or produce.ripens or life is None or storage is None:
        return rate
    over_c = max(0.0, temperature_c - storage[1])
    stored = produce.keep_spread().mean / life.mean * produce.q10_keeping ** (over_c / 10.0)
    return float(min(rate, stored))


def storage_days(produce: Produce, temperature_c: float) -> float | None:
    """Return how long produce keeps as shipped at a temperature, in good storage air. [days]

    The published life holds at the published best temperatures; above them it shortens by the
    keeping Q10. Below them it stays for what the cold does not harm, and halves every 5 °C for what
    it does (assumed). None where no storage life was published.
    """
    life, best = produce.storage_life, produce.storage_c
    if life is None or best is None:
        return None
    coldest, warmest = best
    if temperature_c < coldest:
        harmed = produce.chilling_threshold_c is not None and coldest > COLD_SAFE_C
        return float(life.mean * 0.5 ** ((coldest - temperature_c) / 5.0)) if harmed else life.mean
    if produce.is_flower:
        return life.mean * flower_law(warmest) / flower_law(max(temperature_c, warmest))
    over_c = max(temperature_c - warmest, 0.0)
    return float(life.mean / produce.q10_keeping ** (over_c / 10.0))


def _cold_ripening(produce: Produce) -> tuple[float, float] | None:
    """Return (storage temperature, ripening rate there) of fruit that is stored cold and unripe."""
    life, ready, storage = produce.storage_life, produce.ready, produce.storage_c
    if life is None or ready is None or storage is None or not ready.mean:
        return None
    return (storage[1], ready.mean / life.mean) if storage[1] < GENTLE_C else None
