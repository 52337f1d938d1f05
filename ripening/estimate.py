"""The times and temperature responses of a crop, pooled from everything published about it.

Times are brought to reference conditions (20 °C, a 4 °C fridge, the best storage) and pooled
(`ripening.pool`). Where nothing was published a rule stands in, and says so in the profile's
`sources`: the nearest other time of the same crop, else the middle of its kin.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from types import MappingProxyType

from ripening.fact import Fact, is_assumed, rows
from ripening.home import FRIDGE_C
from ripening.law import Q10_FLOWER, REFERENCE_C, flower_law, keeping_law, ripening_law
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
from ripening.pool import Pooled, Said, pool
from ripening.profile import Q10_DEFAULT, Q10_RIPENING, Profile
from ripening.spread import LEAST_CV, Spread

Q10_LEAST, Q10_MOST = 1.8, 3.3
RIPENING_LEAST, RIPENING_MOST = 1.5, 3.5
ABOVE_CHILLING_C = 3.0
UNTREATED_FACTOR = 1.5
Law = Callable[[float], float]
MOST_CV = 0.35
ROOM_FROM_C = 16.0
FRIDGE_UNTIL_C = 9.0
NEAR_STORAGE_C = 2.0
RATIO_UNTIL_C = 20.5
_AT_ROOM = {"ready": (READY, OPEN), "keep": (KEEP, VASE)}
PRIOR_WEIGHT = 1.0
"""How much the assumed Q10 of 2.5 counts beside one ratio measured over 10 °C."""


def read_times(profile: Profile, *, without: str | None = None) -> None:
    """Fill in the times of a profile; `without` leaves one source out, to see how well the others
    foretell it.
    """
    seen = [each for each in observations(profile.key) if each.source_id != without]
    if profile.kind == "flower":
        _read_flower(profile, seen)
    else:
        _read_fruit(profile, seen)
    if profile.spreads["ready"] is None or profile.spreads["keep"] is None:
        missing = "days until edible" if profile.spreads["ready"] is None else "days it keeps"
        profile.why_not_modelled = f"no fact and no honest rule for the {missing}"


def _read_flower(profile: Profile, seen: Sequence[Observation]) -> None:
    """Time to open, and display = vase life less time to open.

    A vase life is counted from the day the stem goes into water, so it holds the opening too:
    sunflower, the one flower with all three published, opens in 2-3 days, shows for 5-7 and lasts
    7-10.
    """
    profile.q10_ripening = profile.q10_keeping = Q10_FLOWER
    if profile.take("q10", "resp_q10_0_10C") is None:
        profile.sources["q10"] = "assumed: 3 in the cold, as measured in rose and gypsophila"
    opens = _said(seen, OPEN, flower_law, from_c=ROOM_FROM_C)
    opened = _taken(profile, "ready", opens) or _kin(profile, "ready")
    vase = _taken(profile, "keep", _said(seen, VASE, flower_law, from_c=ROOM_FROM_C))
    vase = vase or _kin(profile, "keep")
    fact = profile.facts.get("days_to_open_20C")
    if fact is not None and not fact.high:
        opened = Spread(0.0, 0.0)
    profile.spreads = {"ready": opened, "ready_untreated": opened, "fridge_hold": None}
    profile.spreads["storage_life"] = _storage(profile, seen, flower_law)
    profile.spreads["keep"] = None
    if opened is not None and vase is not None:
        profile.spreads["keep"] = Spread(max(vase.mean - opened.mean, 0.5), vase.sigma)
        if opened.mean and not is_assumed(profile.sources["keep"]):
            profile.sources["keep"] = f"derived<{profile.sources['keep']}: vase life less opening"


def _read_fruit(profile: Profile, seen: Sequence[Observation]) -> None:
    profile.q10_ripening = _ripening_q10(profile, seen)
    respired = _respired_q10(profile)
    keeping = partial(keeping_law, respired or Q10_DEFAULT)
    _read_ready(profile, seen)
    hold = _said(seen, KEEP, keeping, until_c=FRIDGE_UNTIL_C, at_c=FRIDGE_C)
    profile.spreads["fridge_hold"] = _taken(profile, "fridge_hold", hold) or _kin(
        profile, "fridge_hold"
    )
    profile.spreads["storage_life"] = _storage(profile, seen, keeping)
    keep = _taken(profile, "keep", _said(seen, KEEP, keeping, from_c=ROOM_FROM_C))
    keep = keep or _keep_by_rule(profile, seen) or _kin(profile, "keep")
    profile.spreads["keep"] = keep
    profile.q10_keeping = respired or _home_q10(profile, keep)


def _read_ready(profile: Profile, seen: Sequence[Observation]) -> None:
    """Time until edible of fruit as shipped, conditioned and left alone."""
    fact = profile.facts.get("days_to_edible_20C")
    if fact is not None and not fact.high:
        profile.sources["ready"] = fact.source_id
        profile.spreads["ready"] = profile.spreads["ready_untreated"] = Spread(0.0, 0.0)
        return
    warm = [
        each
        for each in seen
        if each.is_shipped
        and each.stage is None
        and each.temperature_c >= max(profile.chilling_threshold_c or 0.0, ROOM_FROM_C)
    ]
    ripening = partial(ripening_law, profile.q10_ripening)
    matters = any(each.treated for each in warm if each.quantity == READY)
    conditioned = [each for each in warm if each.treated is not False or not matters]
    ready = _taken(profile, "ready", _said(conditioned, READY, ripening))
    ready = ready or _kin(profile, "ready")
    profile.spreads["ready"] = profile.spreads["ready_untreated"] = ready
    if ready is None or not matters:
        return
    alone = [each for each in warm if each.treated is False]
    untreated = _taken(profile, "ready_untreated", _said(alone, READY, ripening))
    if untreated is None:
        profile.sources["ready_untreated"] = f"assumed: {UNTREATED_FACTOR:g} x the conditioned time"
    # What was not conditioned is never sooner than what was.
    if untreated is None or untreated.mean < ready.mean:
        untreated = ready.scaled(UNTREATED_FACTOR if untreated is None else 1.0)
    profile.spreads["ready_untreated"] = untreated


def _storage(profile: Profile, seen: Sequence[Observation], law: Law) -> Spread | None:
    """Return the life as shipped in the best storage."""
    if profile.storage_c is None:
        return _taken(profile, "storage_life", _said(seen, STORAGE, _no_law))
    best_c = sum(profile.storage_c) / 2
    low, high = profile.storage_c
    near = [
        each for each in seen if low - NEAR_STORAGE_C <= each.temperature_c <= high + NEAR_STORAGE_C
    ]
    return _taken(profile, "storage_life", _said(near, STORAGE, law, at_c=best_c))


def _said(
    seen: Iterable[Observation],
    quantity: str,
    law: Law,
    *,
    from_c: float = -10.0,
    until_c: float = 40.0,
    at_c: float = REFERENCE_C,
) -> list[Said]:
    """Return what was said of a quantity between two temperatures, brought to one by a law."""
    return [
        Said(each.low, each.high, each.source_id, each.weight).scaled(
            law(each.temperature_c) / law(at_c)
        )
        for each in seen
        if each.quantity == quantity
        and each.is_shipped
        and each.stage is None
        and from_c <= each.temperature_c <= until_c
    ]


def _no_law(temperature_c: float) -> float:  # noqa: ARG001
    """Take a time as it stands, where no best temperature is known to bring it to."""
    return 1.0


def _taken(profile: Profile, name: str, said: Sequence[Said]) -> Spread | None:
    """Pool what was said, and note who said it."""
    pooled = pool(said)
    if pooled is None:
        return None
    profile.evidence[name] = pooled.source_ids
    published = [source for source in pooled.source_ids if not is_assumed(source)]
    profile.sources[name] = (published or list(pooled.source_ids))[0]
    return _spread(pooled)


def _spread(pooled: Pooled) -> Spread:
    return Spread(pooled.value, pooled.value * min(max(pooled.cv, LEAST_CV), MOST_CV))


def _kin(profile: Profile, name: str) -> Spread | None:
    """Return the geometric middle of the same time of the crop's own family."""
    kin = [value for key, value in _own_values(name).items() if key != profile.key]
    family = _families()
    near = [
        value
        for key, value in _own_values(name).items()
        if key != profile.key and family[key] == family[profile.key]
    ]
    if not kin or not near:
        return None
    value = math.exp(sum(map(math.log, near)) / len(near))
    profile.sources[name] = "assumed: the middle of its kin"
    return Spread(value, value * MOST_CV)


@cache
def _families() -> Mapping[str, str]:
    return MappingProxyType({row["key"]: row["family"] for row in rows("units.csv")})


@cache
def _own_values(name: str) -> Mapping[str, float]:
    """Return what was published of a time, by crop; crops without it and zeros are left out."""
    found: dict[str, float] = {}
    usual = partial(keeping_law, Q10_DEFAULT)
    for key in _families():
        seen = observations(key)
        if name == "fridge_hold":
            said = _said(seen, KEEP, usual, until_c=FRIDGE_UNTIL_C, at_c=FRIDGE_C)
        else:
            said = [
                each
                for quantity in _AT_ROOM[name]
                for each in _said(seen, quantity, usual, from_c=ROOM_FROM_C)
            ]
        pooled = pool([each for each in said if each.high > 0])
        if pooled is not None:
            found[key] = pooled.value
    return MappingProxyType(found)


def _keep_by_rule(profile: Profile, seen: Sequence[Observation]) -> Spread | None:
    """Stand in for a missing keeping time at 20 °C, from the nearest thing that was published."""
    ready = profile.spreads["ready"]
    whole = [each for each in seen if each.quantity == TOTAL and each.stage is None]
    at_20 = [each for each in whole if each.is_shipped and each.temperature_c == REFERENCE_C]
    if at_20 and ready and ready.mean:
        mean = max(at_20[0].middle - ready.mean, 0.5)
        profile.sources["keep"] = f"derived<{at_20[0].source_id}: whole shelf life less ripening"
        return Spread(mean, max(ready.sigma, LEAST_CV * mean))
    return None if ready is None or ready.mean else _keep_from_cold(profile)


def _keep_from_cold(profile: Profile) -> Spread | None:
    """Bring a cold-storage time to 20 °C; only for fruit eaten as shipped, whose two lives are one."""
    for name, cold_c in (("fridge_hold", FRIDGE_C), ("storage_life", None)):
        cold = profile.spreads[name]
        at_c = cold_c if cold_c is not None else (sum(profile.storage_c or ()) / 2)
        if cold is None or (cold_c is None and profile.storage_c is None):
            continue
        factor = Q10_DEFAULT ** ((at_c - REFERENCE_C) / 10.0)
        profile.sources["keep"] = f"assumed: {name} at {at_c:g} °C brought to 20 °C by Q10 2.5"
        return cold.scaled(factor)
    return None


def _ripening_q10(profile: Profile, seen: Sequence[Observation]) -> float:
    """Return the Q10 of ripening below 20 °C: 2.5, drawn towards ratios that one source measured at
    two temperatures above the chilling threshold.
    """
    found = list(_ratios(seen, max((profile.chilling_threshold_c or 0.0) + ABOVE_CHILLING_C, 10.0)))
    if not found:
        profile.sources["q10_ripening"] = f"assumed: {Q10_RIPENING}"
        return Q10_RIPENING
    total = PRIOR_WEIGHT * math.log(Q10_RIPENING) + sum(
        weight * value for value, weight, _ in found
    )
    log = total / (PRIOR_WEIGHT + sum(weight for _, weight, _ in found))
    profile.evidence["q10_ripening"] = tuple(dict.fromkeys(source for _, _, source in found))
    profile.sources["q10_ripening"] = (
        f"derived<{found[0][2]}: between {Q10_RIPENING} and its ratio of two temperatures"
    )
    return min(max(math.exp(log), RIPENING_LEAST), RIPENING_MOST)


def _ratios(seen: Sequence[Observation], least_c: float) -> Iterable[tuple[float, float, str]]:
    """Yield (log Q10, weight, source) for each pair of temperatures of one source and stage."""
    times = [
        each
        for each in seen
        if each.quantity == READY and least_c <= each.temperature_c <= RATIO_UNTIL_C
    ]
    for i, cold in enumerate(times):
        for warm in times[i + 1 :]:
            span = (warm.temperature_c - cold.temperature_c) / 10.0
            same = (warm.source_id, warm.stage, warm.treated) == (
                cold.source_id,
                cold.stage,
                cold.treated,
            )
            if same and abs(span) >= 0.4 and min(warm.middle, cold.middle) > 0:
                yield (
                    math.log(cold.middle / warm.middle) / span,
                    warm.weight * span**2,
                    warm.source_id,
                )
    for each in seen:
        span = (each.temperature_c - REFERENCE_C) / 10.0
        if (
            each.quantity == RATE_RATIO
            and least_c <= each.temperature_c <= RATIO_UNTIL_C
            and each.low > 0
        ):
            yield math.log(each.middle) / span, each.weight * span**2, each.source_id


def _respired_q10(profile: Profile) -> float | None:
    """Return the Q10 of keeping from respiration at two temperatures at least 10 °C apart."""
    rates = [
        (float(name.removeprefix("resp_").removesuffix("C")), fact)
        for name, fact in profile.facts.items()
        if name.startswith("resp_") and fact.low and fact.high
    ]
    if len(rates) < 2:
        return None
    (cold_c, cold), (warm_c, warm) = min(rates, key=_first), max(rates, key=_first)
    # Rates at a few degrees' distance say more about the fruit that was taken than about
    # temperature.
    if warm_c - cold_c < 10 or cold.unit != warm.unit:
        return None
    ratio = _middle(warm) / _middle(cold)
    source = f"derived<{cold.source_id}: respiration at {cold_c:g} and {warm_c:g} °C"
    return _bounded(profile, ratio ** (10.0 / (warm_c - cold_c)), source)


def _home_q10(profile: Profile, keep: Spread | None) -> float:
    """Return the Q10 of keeping from days in the fridge and on the counter, else 2.5."""
    hold = profile.spreads["fridge_hold"]
    if hold is not None and keep is not None and hold.mean > keep.mean:
        ratio = (hold.mean / keep.mean) ** (10.0 / (REFERENCE_C - FRIDGE_C))
        return _bounded(profile, ratio, "derived: days in the fridge and on the counter")
    profile.sources["q10_keeping"] = f"assumed: {Q10_DEFAULT}"
    return Q10_DEFAULT


def _bounded(profile: Profile, q10: float, source: str) -> float:
    """Keep a Q10 within what fruit show; rates that mix green and ripe fruit run past it."""
    bounded = min(max(q10, Q10_LEAST), Q10_MOST)
    if bounded != q10:
        source += f" ({q10:.2f}), held to {bounded:g}"
    profile.sources["q10_keeping"] = source
    return bounded


def _first(pair: tuple[float, Fact]) -> float:
    return pair[0]


def _middle(fact: Fact) -> float:
    return ((fact.low or 0.0) + (fact.high or 0.0)) / 2
