"""Reading what is known of a crop: its names, conditions, seasons and weights.

A rule that stands in for a missing fact writes itself into `sources` in place of a source id,
beginning with "assumed" or "derived", so that it can be listed.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from ripening.fact import Fact, facts_of
from ripening.spread import Spread

Q10_RIPENING = 2.5
Q10_DEFAULT = 2.5
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
    """What was read about one crop so far.

    `sources` names one source (or the rule in its place) for every value taken, `evidence` all whose
    times were pooled into it.
    """

    key: str
    kind: str
    family: str
    facts: Mapping[str, Fact]
    evidence: dict[str, tuple[str, ...]] = field(default_factory=dict)
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


def read_profile(key: str, unit: Mapping[str, str]) -> Profile:
    """Read what the facts say about one crop sold in the given unit, all but its times
    (`ripening.estimate`).
    """
    chosen = {fact.field: fact for fact in facts_of(key, chosen=True)}
    profile = Profile(key, chosen["name_en"].kind, unit["family"], chosen)
    for word in _WORDS:
        fact = profile.take(word, word)
        profile.words[word] = fact.text if fact else ""
    _read_season(profile)
    _read_conditions(profile)
    _read_unit(profile, unit)
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
