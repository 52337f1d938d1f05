"""Reading one crop's facts into numbers, and the few rules that stand in where a fact is missing.

Each rule writes itself into `sources` in place of a source id, beginning with "assumed" or
"derived", so that it can be listed.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from ripening.fact import Fact, facts_of
from ripening.home import FRIDGE_C
from ripening.spread import Spread, spread_of

REFERENCE_C = 20.0
Q10_RIPENING = 2.5
Q10_DEFAULT = 2.5
Q10_FLOWER = 3.0
Q10_LEAST, Q10_MOST = 1.8, 3.3
UNTREATED_FACTOR = 1.5
PORTION_G = 80.0

_CLASSES = ((0.1, "vl"), (1.0, "l"), (10.0, "m"), (100.0, "h"))
_WORDS = (
    "name_en",
    "name_zh",
    "dispatch_stage",
    "fridge_ok_when_unripe",
    "ethylene_production",
    "ethylene_sensitivity",
)


@dataclass
class Profile:
    """What was read about one crop so far; `sources` grows with every value taken."""

    key: str
    kind: str
    facts: Mapping[str, Fact]
    sources: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    spreads: dict[str, Spread | None] = field(default_factory=dict)
    season: dict[str, str] = field(default_factory=dict)
    climacteric: bool | None = None
    chilling_threshold_c: float | None = None
    storage_c: tuple[float, float] | None = None
    q10_ripening: float = Q10_RIPENING
    q10_keeping: float = Q10_DEFAULT
    edible_g: float | None = None
    shipped_g: float = 0.0
    portions: int | None = None
    why_not_modelled: str | None = None

    def take(self, name: str, fact_field: str) -> Fact | None:
        """Return the chosen fact and note its source under the profile's own name for it."""
        fact = self.facts.get(fact_field)
        if fact is not None:
            self.sources[name] = fact.source_id
        return fact

    def days(self, name: str, fact_field: str) -> Spread | None:
        """Return a published range of days as a spread; a lone upper end is halved for its lower
        one.
        """
        fact = self.take(name, fact_field)
        if fact is None or (fact.low is None and fact.high is None):
            return None
        low, high = fact.low, fact.high
        if low is None and high is not None:
            low = high / 2
            self.sources[name] = f"derived<{fact.source_id}: at most {high:g}; half of it as least"
        elif high is None and low is not None:
            high = low
            self.sources[name] = f"derived<{fact.source_id}: at least {low:g}, taken as the mean"
        return spread_of(low or 0.0, high or 0.0)


def read_profile(key: str, unit: Mapping[str, str]) -> Profile:
    """Read everything the facts say about one crop sold in the given unit."""
    chosen = {fact.field: fact for fact in facts_of(key, chosen=True)}
    profile = Profile(key, chosen["name_en"].kind, chosen)
    for word in _WORDS:
        fact = profile.take(word, word)
        profile.words[word] = fact.text if fact else ""
    _read_season(profile)
    _read_conditions(profile)
    _read_unit(profile, unit)
    if profile.kind == "flower":
        _read_vase(profile)
    else:
        _read_fruit(profile)
    if profile.spreads["ready"] is None or profile.spreads["keep"] is None:
        missing = "days until edible" if profile.spreads["ready"] is None else "days it keeps"
        profile.why_not_modelled = f"no fact and no honest rule for the {missing}"
    return profile


def _read_season(profile: Profile) -> None:
    for name in ("season_ncn", "season_ca", "season_med", "season_nh"):
        fact = profile.take(name, name)
        if fact is not None:
            profile.season[name.removeprefix("season_")] = fact.text


def _read_conditions(profile: Profile) -> None:
    climacteric = profile.take("climacteric", "climacteric")
    profile.climacteric = None if climacteric is None else climacteric.text == "yes"
    threshold = profile.take("chilling_threshold_c", "chilling_threshold_C")
    profile.chilling_threshold_c = threshold.low if threshold else None
    storage = profile.take(
        "storage_c", "storage_C" if profile.kind == "flower" else "optimum_storage_C"
    )
    if storage is not None and storage.low is not None:
        profile.storage_c = (storage.low, storage.low if storage.high is None else storage.high)
    if not profile.words["ethylene_production"]:
        _read_ethylene(profile)


def _read_ethylene(profile: Profile) -> None:
    """Put the highest published rate into its class; above 100 µl/kg/h is very high."""
    rate = profile.facts.get("ethylene_ul_kg_h")
    if rate is None:
        return
    most = math.inf if rate.high is None else rate.high
    profile.words["ethylene_production"] = next(
        (name for end, name in _CLASSES if most <= end), "vh"
    )
    profile.sources["ethylene_production"] = f"derived<{rate.source_id}: class of the highest rate"


def _read_unit(profile: Profile, unit: Mapping[str, str]) -> None:
    """Weigh one unit as sold; what a unit is, is our own choice and so assumed."""
    profile.sources["unit"] = "label"
    if unit["unit"] == "bunch":
        profile.portions = int(unit["stems"])
        profile.shipped_g = float(unit["bunch_g"])
        profile.sources["unit_grams"] = "assumed: weight of such a bunch"
        return
    fraction = profile.take("edible_fraction", "edible_portion_fraction")
    edible_fraction = fraction.low if fraction and fraction.low else None
    if unit["unit"] == "punnet":
        profile.shipped_g = float(unit["net_g"])
        if edible_fraction is not None:
            profile.edible_g = profile.shipped_g * edible_fraction
        profile.sources["unit_grams"] = "label"
    else:
        fact = profile.take("unit_grams", "unit_edible_g")
        if fact is None or fact.low is None or edible_fraction is None:
            return
        profile.edible_g = fact.low * int(unit["pieces"])
        profile.shipped_g = profile.edible_g / edible_fraction
    if profile.edible_g is not None:
        profile.portions = max(1, math.floor(profile.edible_g / PORTION_G + 0.5))


def _read_vase(profile: Profile) -> None:
    """Time to open, and display = vase life less time to open.

    A vase life is counted from the day the stem goes into water, so it holds the opening too:
    sunflower, the one flower with all three published, opens in 2-3 days, shows for 5-7 and lasts
    7-10.
    """
    ready = profile.days("ready", "days_to_open_20C")
    vase = profile.days("keep", "vase_life_days_20C")
    profile.spreads = dict.fromkeys(("fridge_hold", "storage_life"))
    profile.spreads["storage_life"] = profile.days("storage_life", "max_storage_days")
    profile.spreads["ready"] = profile.spreads["ready_untreated"] = ready
    if ready is not None and vase is not None:
        profile.spreads["keep"] = Spread(max(vase.mean - ready.mean, 0.5), vase.sigma)
        if ready.mean:
            profile.sources["keep"] = f"derived<{profile.sources['keep']}: vase life less opening"
    else:
        profile.spreads["keep"] = None
    q10 = profile.take("q10", "resp_q10_0_10C")
    profile.q10_ripening = profile.q10_keeping = Q10_FLOWER
    if q10 is None:
        profile.sources["q10"] = "assumed: 3, as measured in rose and gypsophila"


def _read_fruit(profile: Profile) -> None:
    profile.spreads["ready"] = profile.days("ready", "days_to_edible_20C")
    profile.spreads["fridge_hold"] = profile.days("fridge_hold", "fridge_hold_days_ripe")
    profile.spreads["storage_life"] = profile.days("storage_life", "storage_life_days")
    profile.sources["q10_ripening"] = f"assumed: {Q10_RIPENING}"
    keep = profile.days("keep", "edible_days_20C") or _keep_by_rule(profile)
    profile.spreads["keep"] = keep
    profile.spreads["ready_untreated"] = _untreated(profile)
    profile.q10_keeping = _keeping_q10(profile, keep)


def _untreated(profile: Profile) -> Spread | None:
    """Time until edible of fruit that was not conditioned, where the chosen fact is of conditioned
    fruit.
    """
    ready, fact = profile.spreads["ready"], profile.facts.get("days_to_edible_20C")
    if (
        ready is None
        or fact is None
        or not any(word in fact.condition for word in ("ethylene", "cold"))
    ):
        return ready
    for other in facts_of(profile.key, "days_to_edible_20C", chosen=False):
        left_out = "left out" in other.condition or "left alone" in other.condition
        if left_out and other.low is not None and other.high is not None:
            profile.sources["ready_untreated"] = other.source_id
            return spread_of(other.low, other.high)
    profile.sources["ready_untreated"] = f"assumed: {UNTREATED_FACTOR:g} x the conditioned time"
    return ready.scaled(UNTREATED_FACTOR)


def _keep_by_rule(profile: Profile) -> Spread | None:
    """Stand in for a missing keeping time at 20 °C, from the nearest thing that was published."""
    ready, facts = profile.spreads["ready"], profile.facts
    total = facts.get("shelf_life_20C")
    if total and total.low and ready and ready.mean:
        profile.sources["keep"] = f"derived<{total.source_id}: whole shelf life less ripening"
        mean = total.low - ready.mean
        return Spread(mean, max(ready.sigma, 0.15 * mean))
    hot, hold = facts.get("edible_days_30C"), profile.spreads["fridge_hold"]
    if hot and hot.low and hold:
        q10 = (hold.mean / hot.low) ** (10.0 / (30.0 - FRIDGE_C))
        profile.sources["keep"] = (
            f"derived<{hot.source_id}: between its days at 30 °C and in the cold"
        )
        return spread_of(hot.low * q10, hot.low * q10)
    return None if ready is None or ready.mean else _keep_from_cold(profile)


def _keep_from_cold(profile: Profile) -> Spread | None:
    """Bring a cold-storage time to 20 °C; only for fruit eaten as shipped, whose two lives are one."""
    for name, cold_c in (("fridge_hold", FRIDGE_C), ("storage_life", None)):
        cold = profile.spreads[name]
        at_c = cold_c if cold_c is not None else (sum(profile.storage_c or ()) / 2)
        # Pomelo has neither; a bare guess would not be a model.
        if cold is None or (cold_c is None and profile.storage_c is None):
            continue
        factor = Q10_DEFAULT ** ((at_c - REFERENCE_C) / 10.0)
        profile.sources["keep"] = f"assumed: {name} at {at_c:g} °C brought to 20 °C by Q10 2.5"
        return cold.scaled(factor)
    return None


def _keeping_q10(profile: Profile, keep: Spread | None) -> float:
    """Q10 of keeping above 20 °C: from respiration, else from fridge and counter times, else 2.5."""
    rates = [
        (float(name.removeprefix("resp_").removesuffix("C")), fact)
        for name, fact in profile.facts.items()
        if name.startswith("resp_") and fact.low and fact.high
    ]
    if len(rates) > 1:
        (cold_c, cold), (warm_c, warm) = min(rates, key=_first), max(rates, key=_first)
        # Rates at a few degrees' distance say more about the fruit that was taken than about
        # temperature.
        if warm_c - cold_c >= 10 and cold.unit == warm.unit:
            ratio = _middle(warm) / _middle(cold)
            source = f"derived<{cold.source_id}: respiration at {cold_c:g} and {warm_c:g} °C"
            return _bounded(profile, ratio ** (10.0 / (warm_c - cold_c)), source)
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
