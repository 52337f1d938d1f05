"""What a simulation found, as plain values that can be written as JSON or drawn."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from subscriptions.simulation.layout import Floats
from subscriptions.simulation.measure import (
    AFTER_COLUMNS,
    BIN_COLUMNS,
    FATES,
    HOUSEHOLD_COLUMNS,
    N_BINS,
    PRODUCE_COLUMNS,
)
from subscriptions.simulation.tally import Estimate, Tally, estimate


@dataclass(frozen=True, slots=True)
class Cover:
    """Days with enough edible portions, as shares of all days on which people were at home.

    `planned` is what the planner counted on, `promised` follows from the chances in the plan's own
    lines, `kept` are days on which everything planned for them was edible, `seen` days on which people
    had enough edible portions, whatever was planned. `any_…` is of days with at least one. For flowers
    only: `stems_…` are shares of the stems wanted, `bloom_seen` days with at least half of them.
    """

    planned: Estimate | None
    promised: Estimate | None
    kept: Estimate | None
    seen: Estimate | None
    any_promised: Estimate | None
    any_seen: Estimate | None
    flower_planned: Estimate | None
    stems_promised: Estimate | None
    stems_seen: Estimate | None
    bloom_seen: Estimate | None


@dataclass(frozen=True, slots=True)
class Portions:
    """What became of all portions, as shares of them; eaten but unripe or past counts as eaten."""

    n: float
    best: Estimate | None
    acceptable: Estimate | None
    unripe: Estimate | None
    past: Estimate | None
    thrown: Estimate | None
    left: Estimate | None


@dataclass(frozen=True, slots=True)
class Waste:
    """Fruit nobody ate, in grams a box: `thrown` was past, `left` was still to be eaten when the next box
    came.
    """

    sent_g: Estimate | None
    thrown_g: Estimate | None
    left_g: Estimate | None


@dataclass(frozen=True, slots=True)
class Group:
    """Some households: those of a plan, of a size, of a habit."""

    name: str
    households: int
    cover: Cover
    portions: Portions
    waste: Waste


@dataclass(frozen=True, slots=True)
class ProduceFate:
    """One produce in all boxes; `promised` and `kept` are of one fruit on its planned day (a stem in its
    window), `waste_g` of a portion.
    """

    key: str
    is_flower: bool
    promised: Estimate | None
    kept: Estimate | None
    portions: Portions
    waste_g: Estimate | None


@dataclass(frozen=True, slots=True)
class Bin:
    """Promises between `low` and `high`: how many (in one world), their mean, how many came true; `seen` is of
    days that were covered all the same.
    """

    low: float
    high: float
    n: float
    promised: Estimate | None
    kept: Estimate | None
    seen: Estimate | None


@dataclass(frozen=True, slots=True)
class AfterDelivery:
    """All boxes on one day after delivery."""

    day: int
    planned: Estimate | None
    promised: Estimate | None
    kept: Estimate | None
    seen: Estimate | None


@dataclass(frozen=True, slots=True)
class Report:
    """What came of living through plans many times."""

    plans: tuple[str, ...]
    misfit: str
    followers: float
    heat_wave: str | None
    seed: int
    worlds: int
    households: int
    fruit: int
    fruit_days: int
    total: Group
    per_plan: tuple[Group, ...]
    per_size: tuple[Group, ...]
    per_habit: tuple[Group, ...]
    per_produce: tuple[ProduceFate, ...]
    per_day: tuple[AfterDelivery, ...]
    day_calibration: tuple[Bin, ...]
    fruit_calibration: tuple[Bin, ...]

    def values(self) -> dict[str, Any]:
        """Return it as plain values for JSON."""
        return asdict(self)


_OF_DAYS = ("planned", "promised", "kept", "seen", "any_promised", "any_seen")
_OF_FLOWER_DAYS = ("flower_planned", "stems_promised", "stems_seen", "bloom_seen")


def group_of(tally: Tally, table: str, *, name: str, households: int, worlds: int) -> Group:
    """Read one group off the tally."""
    totals = tally.totals(table)
    column = {each: totals[:, i] for i, each in enumerate(HOUSEHOLD_COLUMNS)}
    days = {each: estimate(column[each], column["days"]) for each in _OF_DAYS}
    flowers = {each: estimate(column[each], column["flower_days"]) for each in _OF_FLOWER_DAYS}
    grams = ("sent", "thrown", "left")
    waste = {f"{each}_g": estimate(column[f"grams_{each}"], column["boxes"]) for each in grams}
    return Group(
        name=name,
        households=households,
        cover=Cover(**days, **flowers),
        portions=_portions(column, worlds),
        waste=Waste(**waste),
    )


def produce_of(
    tally: Tally, keys: Sequence[str], flowers: Sequence[bool], *, worlds: int
) -> Iterator[ProduceFate]:
    """Yield what became of each produce."""
    totals = tally.totals("produce")
    for place, (key, is_flower) in enumerate(zip(keys, flowers, strict=True)):
        column = {each: totals[:, place, i] for i, each in enumerate(PRODUCE_COLUMNS)}
        n_portions = sum(column[fate] for fate in FATES)
        yield ProduceFate(
            key=key,
            is_flower=is_flower,
            promised=estimate(column["promised"], column["planned"]),
            kept=estimate(column["kept"], column["planned"]),
            portions=_portions(column, worlds),
            waste_g=estimate(column["grams_thrown"] + column["grams_left"], n_portions),
        )


def bins_of(tally: Tally, table: str, *, worlds: int) -> Iterator[Bin]:
    """Yield the tenths in which anything was promised."""
    totals = tally.totals(table)
    names = BIN_COLUMNS[: totals.shape[-1]]
    for place in range(N_BINS):
        column = {name: totals[:, place, i] for i, name in enumerate(names)}
        if not column["n"][0]:
            continue
        yield Bin(
            low=place / N_BINS,
            high=(place + 1) / N_BINS,
            n=round(float(column["n"][0]) / worlds, 2),
            promised=estimate(column["promised"], column["n"]),
            kept=estimate(column["kept"], column["n"]),
            seen=estimate(column["seen"], column["n"]) if "seen" in column else None,
        )


def after_delivery(tally: Tally) -> Iterator[AfterDelivery]:
    """Yield cover by day after delivery."""
    totals = tally.totals("after")
    for day in range(totals.shape[1]):
        column = {name: totals[:, day, i] for i, name in enumerate(AFTER_COLUMNS)}
        if column["days"][0]:
            shares = {name: estimate(column[name], column["days"]) for name in AFTER_COLUMNS[1:]}
            yield AfterDelivery(day, **shares)


def _portions(column: dict[str, Floats], worlds: int) -> Portions:
    whole = sum((column[fate] for fate in FATES), start=0.0 * column[FATES[0]])
    shares = {fate: estimate(column[fate], whole) for fate in FATES}
    return Portions(n=round(float(whole[0]) / worlds, 2), **shares)
