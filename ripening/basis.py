"""What a forecast rests on: publications, and what had to be assumed."""

from ripeday.kit.text import Message, message
from ripening.chilling import is_sensitive, is_too_cold, tolerance
from ripening.fact import Source, publication_id, publications_of
from ripening.floret import florets_of
from ripening.parameter import parameters_of
from ripening.produce import Produce
from ripening.stage import stage_scale
from ripening.temperature import Steps

_TIMES = (
    *("ready", "ready_untreated", "keep", "fridge_hold", "storage_life", "storage_c"),
    *("chilling_threshold_c", "q10", "q10_ripening", "q10_keeping", "fridge_ok_when_unripe"),
    "dispatch_stage",
)
"""Values of a profile that set when it is ready and how long it keeps."""

_UNCONCERNED = frozenset(("weight", "how much of it is eaten"))


def publications(produce: Produce, steps: Steps) -> tuple[Source, ...]:
    """Return all publications behind a forecast, each once."""
    ids: list[str] = []
    for name in _TIMES:
        ids += [publication_id(produce.sources.get(name, "")), *produce.evidence.get(name, ())]
    ids += [publication_id(each) for each in stage_scale(produce).sources]
    ids += [publication_id(each) for each in _tolerated(produce, steps)]
    florets = florets_of(produce) if produce.is_flower else None
    ids += florets.sources if florets else ()
    return publications_of(ids)


def assumptions(produce: Produce, steps: Steps) -> tuple[Message, ...]:
    """Return what had to be assumed, in words."""
    found = [
        message("{label}: {value} ({why})", label=each.label, value=each.value, why=each.why)
        if each.why is not None
        else message("{label}: {value}", label=each.label, value=each.value)
        for each in parameters_of(produce)
        if each.is_assumed and each.label.text not in _UNCONCERNED
    ]
    found.append(message("a published “a to b days” is read as nine fruit in ten"))
    florets = florets_of(produce) if produce.is_flower else None
    if florets is not None and florets.life_is_assumed:
        found.append(
            message("how long one floret lasts: {days} days", days=f"{florets.life_days:.1f}")
        )
    if "assumed" in _tolerated(produce, steps):
        days = tolerance(produce, min(steps.celsius)).days
        found.append(message("days it stands the cold unripe: {days}", days=f"{days:g}"))
    return tuple(found)


def _tolerated(produce: Produce, steps: Steps) -> list[str]:
    if not is_sensitive(produce):
        return []
    cold = [each for each in steps.celsius if is_too_cold(produce, each)]
    return [tolerance(produce, each).source_id for each in cold]
