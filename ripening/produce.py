"""What each fruit and flower does over time, as the facts tell it.

`load_profiles` turns `ripening/data/facts.csv` into one profile per crop. Nothing is filled in
silently: every value of a profile names its source in `sources`, and what no publication carries is
listed in `assumed`. A crop whose facts cannot carry a model is kept with `modelled=False` and a
reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from ripening.estimate import read_times
from ripening.fact import is_assumed, load_facts, rows
from ripening.profile import read_profile
from ripening.spread import Spread

MAX_UNIT_G = 3000.0
"""The heaviest single unit that goes into a weekly box. [g]"""


@dataclass(frozen=True, slots=True)
class UnitGrams:
    """Weight of one unit as sold: what is eaten and what is carried. [g]"""

    edible: float | None
    shipped: float


@dataclass(frozen=True, slots=True)
class Produce:
    """The ripening profile of one crop, times in days at 20 °C from the usual dispatch stage.

    `ready` is the time until edible (open, for flowers), `keep` the time it then stays so;
    `fridge_hold` is how long ripe fruit keeps at 0-5 °C and `storage_life` how long fruit keeps as
    shipped at `storage_c`: two different things. `ready_untreated` holds for fruit that got neither
    ethylene nor the cold it needs. Rates follow `q10 ** ((T - 20) / 10)`. `sources` names one source
    or rule for every value, `evidence` all the publications whose times were pooled into it.
    """

    key: str
    kind: str
    family: str
    name_en: str
    name_zh: str
    climacteric: bool | None
    ready: Spread | None
    ready_untreated: Spread | None
    keep: Spread | None
    fridge_hold: Spread | None
    storage_life: Spread | None
    q10_ripening: float
    q10_keeping: float
    chilling_threshold_c: float | None
    fridge_ok_when_unripe: bool
    storage_c: tuple[float, float] | None
    ethylene_production: str | None
    ethylene_sensitivity: str | None
    dispatch_stage: str
    unit: str
    pieces_per_unit: int
    unit_grams: UnitGrams
    portions_per_unit: int | None
    season: Mapping[str, str]
    sources: Mapping[str, str]
    evidence: Mapping[str, tuple[str, ...]]
    why_not_modelled: str | None = None

    @property
    def modelled(self) -> bool:
        """Whether the facts can carry a model of this crop."""
        return self.why_not_modelled is None

    @property
    def ripens(self) -> bool:
        """Whether it still has to ripen (or open) when it leaves the depot at the usual stage."""
        return self.ready is not None and self.ready.mean > 0

    @property
    def is_flower(self) -> bool:
        """Whether it stands in a vase instead of being eaten."""
        return self.kind == "flower"

    @property
    def assumed(self) -> tuple[str, ...]:
        """Names of the values that no publication carries, sorted."""
        return tuple(sorted(field for field, source in self.sources.items() if is_assumed(source)))

    def ready_spread(self, *, treated: bool) -> Spread:
        """Return the time until edible, by whether the lot was conditioned. [days at 20 °C]"""
        spread = self.ready if treated else self.ready_untreated
        if spread is None:
            raise ValueError(f"{self.key} is not modelled")
        return spread

    def keep_spread(self) -> Spread:
        """Return how long it stays edible (or in bloom). [days at 20 °C]"""
        if self.keep is None:
            raise ValueError(f"{self.key} is not modelled")
        return self.keep


@cache
def load_profiles() -> Mapping[str, Produce]:
    """Return the profile of every crop in the facts, by key, in file order."""
    units = {row["key"]: row for row in rows("units.csv")}
    keys = dict.fromkeys(fact.key for fact in load_facts())
    return MappingProxyType({key: _produce(key, units[key]) for key in keys})


def profile_without(key: str, source_id: str) -> Produce:
    """Return one crop's profile as it would be if one publication did not exist."""
    (unit,) = (row for row in rows("units.csv") if row["key"] == key)
    return _produce(key, unit, without=source_id)


@cache
def sellable_keys() -> tuple[str, ...]:
    """Return the crops that may be offered: modelled, of known portion size, light enough for a
    box.
    """
    return tuple(
        key
        for key, produce in load_profiles().items()
        if produce.modelled
        and produce.portions_per_unit is not None
        and produce.unit_grams.shipped <= MAX_UNIT_G
    )


def _produce(key: str, unit: Mapping[str, str], *, without: str | None = None) -> Produce:
    profile = read_profile(key, unit)
    read_times(profile, without=without)
    return Produce(
        key=key,
        kind=profile.kind,
        family=unit["family"],
        name_en=profile.words["name_en"],
        name_zh=profile.words["name_zh"],
        climacteric=profile.climacteric,
        ready=profile.spreads["ready"],
        ready_untreated=profile.spreads["ready_untreated"],
        keep=profile.spreads["keep"],
        fridge_hold=profile.spreads["fridge_hold"],
        storage_life=profile.spreads["storage_life"],
        q10_ripening=profile.q10_ripening,
        q10_keeping=profile.q10_keeping,
        chilling_threshold_c=profile.chilling_threshold_c,
        fridge_ok_when_unripe=profile.words["fridge_ok_when_unripe"] == "yes",
        storage_c=profile.storage_c,
        ethylene_production=profile.words["ethylene_production"] or None,
        ethylene_sensitivity=profile.words["ethylene_sensitivity"] or None,
        dispatch_stage=profile.words["dispatch_stage"],
        unit=unit["unit"],
        pieces_per_unit=int(unit["pieces"] or 1),
        unit_grams=UnitGrams(profile.edible_g, profile.shipped_g),
        portions_per_unit=profile.portions,
        season=MappingProxyType(profile.season),
        sources=MappingProxyType(profile.sources),
        evidence=MappingProxyType(profile.evidence),
        why_not_modelled=profile.why_not_modelled,
    )
