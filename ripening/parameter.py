"""Every value of a profile for people: in words, with its spread, and with what stands behind it."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from ripeday.kit.text import Message, marked, message
from ripening.fact import is_assumed, publication_id, publications_of
from ripening.produce import Produce
from ripening.spread import CENTRAL_90, Spread
from ripening.stage import scale_words, stage_scale, stage_words

_LABELS: Mapping[str, str] = {
    "ready": marked("days until ripe"),
    "ready_untreated": marked("days until ripe, not ripened beforehand"),
    "keep": marked("days it stays good"),
    "fridge_hold": marked("days in the fridge"),
    "storage_life": marked("days in storage"),
    "storage_c": marked("storage temperature"),
    "chilling_threshold_c": marked("how cold is too cold"),
    "fridge_ok_when_unripe": marked("whether the fridge harms it before it is ripe"),
    "climacteric": marked("whether it ripens after harvest"),
    "ethylene_production": marked("how much ripening gas it gives off"),
    "ethylene_sensitivity": marked("how much ripening gas harms it"),
    "q10": marked("how warmth speeds it up"),
    "q10_ripening": marked("how warmth speeds up ripening"),
    "q10_keeping": marked("how warmth shortens its life"),
    "unit_grams": marked("weight"),
    "edible_fraction": marked("how much of it is eaten"),
}
"""Values of a profile that mean something to a reader, in reading order."""

_FLOWER_LABELS = {
    "ready": marked("days until it opens"),
    "keep": marked("days in bloom"),
    "ethylene_sensitivity": marked("how much ripening gas makes it fade"),
}
_GAS_MADE = {
    "vl": marked("next to none"),
    "l": marked("little"),
    "m": marked("some"),
    "h": marked("much"),
    "vh": marked("very much"),
}
_GAS_HARM = {
    "l": marked("hardly"),
    "m": marked("somewhat"),
    "h": marked("very much"),
}
_COMMON_WHY = {
    "derived": marked("worked out from its other numbers"),
    "label": marked("our own description, not a measurement"),
    "unverified": marked("common knowledge; no publication was found"),
    "assumed": marked("taken from experience"),
}


@dataclass(frozen=True, slots=True)
class Origin:
    """A publication behind a value; linked only if its address cannot be tampered with on the way."""

    citation: str
    link: str | None


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value: in words, from where, and why it had to be assumed if it was."""

    label: Message
    value: Message
    is_assumed: bool
    origins: tuple[Origin, ...] = ()
    why: Message | None = None


def parameters_of(produce: Produce) -> tuple[Parameter, ...]:
    """Return what the model holds about a produce, in reading order."""
    found = []
    for name in _LABELS:
        value = _value(produce, name)
        if value is not None and name in produce.sources and _matters(produce, name):
            found.append(_parameter(produce, name, value))
    if produce.modelled:
        found += [*_stages(produce), _lot_share(produce)]
    return tuple(found)


def _lot_share(produce: Produce) -> Parameter:
    spread = produce.ready if produce.ripens and produce.ready else produce.keep_spread()
    return Parameter(
        message("what fruit of one lot have in common"),
        message("{pct}% of how they differ", pct=round(100 * spread.lot_share)),
        is_assumed=True,
        why=message("no printed value was found"),
    )


def _stages(produce: Produce) -> list[Parameter]:
    """Return the scale that stages are told by, and the three that matter."""
    scale = stage_scale(produce)
    origins = _origins(tuple(publication_id(each) for each in scale.sources))
    found = [
        Parameter(message("how its stages are told"), scale_words(produce), not origins, origins)
    ]
    if produce.is_flower:
        labels = (message("leaves the depot at"), message("open from"), message("faded from"))
    else:
        labels = (message("leaves the depot at"), message("ripe from"), message("past it from"))
    for label, stage in zip(labels, (scale.dispatch, scale.edible, scale.past), strict=True):
        if stage is not None:
            found.append(Parameter(label, stage_words(produce, stage), not origins, origins))
    return [each if origins else replace(each, why=message(_COMMON_WHY["label"])) for each in found]


def secure(url: str) -> str | None:
    """Return an address that may be linked: https, to a named host."""
    parts = urlsplit(url)
    return url if parts.scheme == "https" and parts.hostname else None


def spread_words(days: Spread) -> Message:
    """Return "4.5 days, nine in ten within 3-6"."""
    if not days.mean:
        return message("none: it comes ready")
    low, high = central(days)
    return message(
        "{mean} days, nine in ten within {low}–{high}",
        mean=_short(days.mean),
        low=_short(low),
        high=_short(high),
    )


def central(days: Spread) -> tuple[float, float]:
    """Return the range that nine in ten stay within; never below 0."""
    half = days.sigma * CENTRAL_90 / 2
    return max(days.mean - half, 0.0), days.mean + half


def _matters(produce: Produce, name: str) -> bool:
    if name == "ready_untreated":
        return produce.ready_untreated != produce.ready
    return not (produce.is_flower and name == "fridge_ok_when_unripe")


def _parameter(produce: Produce, name: str, value: Message) -> Parameter:
    rule = produce.sources[name]
    labels = {**_LABELS, **_FLOWER_LABELS} if produce.is_flower else _LABELS
    assumed = is_assumed(rule)
    ids = (publication_id(rule), *produce.evidence.get(name, ()))
    why = _why(rule) if assumed else None
    return Parameter(message(labels[name]), value, assumed, _origins(ids), why)


def _origins(source_ids: Iterable[str]) -> tuple[Origin, ...]:
    return tuple(Origin(each.citation, secure(each.url)) for each in publications_of(source_ids))


def _value(produce: Produce, name: str) -> Message | None:
    if name in _SPREADS:
        spread = getattr(produce, name)
        return None if spread is None else spread_words(spread)
    return _VALUES[name](produce)


_SPREADS = frozenset(("ready", "ready_untreated", "keep", "fridge_hold", "storage_life"))


def _storage(produce: Produce) -> Message | None:
    if produce.storage_c is None:
        return None
    low, high = (f"{value:g}" for value in produce.storage_c)
    return (
        message("{c} °C", c=low)
        if low == high
        else message("{low} to {high} °C", low=low, high=high)
    )


def _threshold(produce: Produce) -> Message | None:
    c = produce.chilling_threshold_c
    return None if c is None else message("below {c} °C", c=f"{c:g}")


def _fridge(produce: Produce) -> Message:
    return message("no") if produce.fridge_ok_when_unripe else message("yes")


def _climacteric(produce: Produce) -> Message | None:
    if produce.climacteric is None:
        return None
    return message("yes") if produce.climacteric else message("no")


def _gas_made(produce: Produce) -> Message | None:
    words = _GAS_MADE.get(produce.ethylene_production or "")
    return message(words) if words else None


def _gas_harm(produce: Produce) -> Message | None:
    words = _GAS_HARM.get(produce.ethylene_sensitivity or "")
    return message(words) if words else None


def _faster(q10: float) -> Message:
    return message("{times} times as fast for every 10 °C more", times=_short(q10))


def _weight(produce: Produce) -> Message | None:
    grams = produce.unit_grams
    if not grams.shipped:
        return None
    if grams.edible is None:
        return message("{grams} g", grams=f"{grams.shipped:.0f}")
    return message(
        "{shipped} g, of it {edible} g eaten",
        shipped=f"{grams.shipped:.0f}",
        edible=f"{grams.edible:.0f}",
    )


def _edible(produce: Produce) -> Message | None:
    grams = produce.unit_grams
    if grams.edible is None or not grams.shipped:
        return None
    return message("{pct}%", pct=round(100 * grams.edible / grams.shipped))


_VALUES: Mapping[str, Callable[[Produce], Message | None]] = {
    "storage_c": _storage,
    "chilling_threshold_c": _threshold,
    "fridge_ok_when_unripe": _fridge,
    "climacteric": _climacteric,
    "ethylene_production": _gas_made,
    "ethylene_sensitivity": _gas_harm,
    "q10": lambda produce: _faster(produce.q10_ripening),
    "q10_ripening": lambda produce: _faster(produce.q10_ripening) if produce.ripens else None,
    "q10_keeping": lambda produce: _faster(produce.q10_keeping),
    "unit_grams": _weight,
    "edible_fraction": _edible,
}


_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (
            r"between (?P<q>[\d.]+) and its ratio of two temperatures",
            marked("between {q}, as in other fruit, and what two temperatures showed of it"),
        ),
        (r"the middle of its kin", marked("the middle of its kin; of itself nothing was found")),
        (r"class of the highest rate", marked("the class of the highest rate published")),
        (r"whole shelf life less ripening", marked("whole shelf life less the days to ripen")),
        (r"vase life less opening", marked("vase life less the days it takes to open")),
        (
            r"respiration at (?P<a>[\d.]+) and (?P<b>[\d.]+) °C \((?P<q>[\d.]+)\), held to (?P<to>[\d.]+)",
            marked("from its breathing at {a} and {b} °C ({q}), held to {to}"),
        ),
        (
            r"respiration at (?P<a>[\d.]+) and (?P<b>[\d.]+) °C",
            marked("from its breathing at {a} and {b} °C"),
        ),
        (
            r"days in the fridge and on the counter \((?P<q>[\d.]+)\), held to (?P<to>[\d.]+)",
            marked("from its days in the fridge and on the counter ({q}), held to {to}"),
        ),
        (
            r"days in the fridge and on the counter",
            marked("from its days in the fridge and on the counter"),
        ),
        (
            r"(?P<times>[\d.]+) x the conditioned time",
            marked("{times} times that of fruit ripened beforehand"),
        ),
        (r"weight of such a bunch", marked("the weight of such a bunch")),
        (
            r"(?P<q>[\d.]+), as measured in rose and gypsophila",
            marked("{q} was measured in roses and gypsophila"),
        ),
        (
            r"\w+ at (?P<c>-?[\d.]+) °C brought to 20 °C by Q10 (?P<q>[\d.]+)",
            marked("its days at {c} °C brought to 20 °C at {q} times as fast for 10 °C"),
        ),
        (r"[\d.]+$", marked("what other fruit showed between 10 and 30 °C")),
    )
)
"""What the rules that stand in for a missing fact say of themselves (`ripening.profile`), for people."""


def _why(rule: str) -> Message:
    """Say why a value is called assumed."""
    kind = re.split(r"[<:]", rule, maxsplit=1)[0]
    said = rule.partition(":")[2].strip()
    for pattern, words in _RULES if said else ():
        found = pattern.match(said)
        if found:
            return message(words, **found.groupdict())
    return message(_COMMON_WHY[kind])


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0") if value < 100 else f"{value:.0f}"
