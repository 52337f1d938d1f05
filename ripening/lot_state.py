"""A lot, as far as ripening knows it."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ripeday.kit.errors import Invalid
from ripeday.kit.text import Message, message
from ripening.clock import ripening_rate, store_rate
from ripening.produce import Produce
from ripening.spread import Spread

MOST_AGE_DAYS = 60.0
STORE_C = (-2.0, 35.0)
MOST_STORED_DAYS = 400.0
STORAGE_LOSS = 0.3
"""Part of its good life that produce has lost when it comes out of a whole storage life. Assumed;
peonies lost a fifth of theirs in twelve weeks (peony2020)."""


@dataclass(frozen=True, slots=True)
class Stay:
    """Some days at one temperature, such as a night in a van."""

    days: float
    temperature_c: float


@dataclass(frozen=True, slots=True)
class LotState:
    """Maturity of a lot, as graded, and how it has been kept since.

    `age_days` are days at 20 °C lived since the usual dispatch stage: below 0 for a greener lot,
    past the days until edible for a ripe one. After the grading it lived through `transit`, and then
    lay at `store_c`; before it, it lay in cold storage for `stored_days`. `treated` lots got the
    ethylene or the cold that their kind needs.

    `shift_days` is what reports have taught: days at 20 °C that the whole lot runs ahead of its
    grade. `shift_sigma` is how unsure that still is; None before anything was learned.
    """

    produce_key: str
    age_days: float
    graded_on: dt.date
    store_c: float
    treated: bool
    shift_days: float = 0.0
    shift_sigma: float | None = None
    transit: tuple[Stay, ...] = ()
    stored_days: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what no depot would write down."""
        for field, value in (
            ("store_c", self.store_c),
            *(("transit", stay.temperature_c) for stay in self.transit),
        ):
            if not STORE_C[0] <= value <= STORE_C[1]:
                raise Invalid(field, _store_words(value))
        if not abs(self.age_days) <= MOST_AGE_DAYS:
            raise Invalid(
                "age_days",
                message(
                    "An age lies within {most} days of the dispatch stage, not {value}.",
                    most=f"{MOST_AGE_DAYS:g}",
                    value=f"{self.age_days:g}",
                ),
            )
        if not 0 <= self.stored_days <= MOST_STORED_DAYS:
            raise Invalid(
                "stored_days",
                message(
                    "Cold storage lasts 0 to {most} days, not {value}.",
                    most=f"{MOST_STORED_DAYS:g}",
                    value=f"{self.stored_days:g}",
                ),
            )


def produce_of(lot: LotState, profiles: Mapping[str, Produce]) -> Produce:
    """Return the profile of a lot's produce; refuses what is unknown or cannot be modelled."""
    produce = profiles.get(lot.produce_key)
    if produce is None or not produce.modelled:
        raise Invalid(
            "produce_key",
            message("There is no ripening model for “{produce}”.", produce=lot.produce_key),
        )
    return produce


def ready_of(lot: LotState, produce: Produce) -> Spread:
    """Return the time until edible over fruit of this lot, its own unknown shift included.

    What comes ready needs no time, and has the shift in how long it keeps.
    """
    ready = produce.ready_spread(treated=lot.treated)
    known = produce.ripens and lot.shift_sigma is not None
    return _known(ready, lot.shift_sigma or 0.0) if known else ready


def keep_of(lot: LotState, produce: Produce) -> Spread:
    """Return how long fruit of this lot stay edible, less what cold storage has cost.

    What came ready to eat has its lot's shift here.
    """
    keep = produce.keep_spread()
    life = produce.storage_life
    if lot.stored_days and life is not None and life.mean:
        keep = keep.scaled(1 - STORAGE_LOSS * min(lot.stored_days / life.mean, 1.0))
    return keep if produce.ripens or lot.shift_sigma is None else _known(keep, lot.shift_sigma)


def age_at(lot: LotState, profiles: Mapping[str, Produce], *, delivery_on: dt.date) -> float:
    """Days at 20 °C that the lot has lived when it is delivered, learned shift included.

    Until the mean fruit is ready the ripening clock runs, after that the keeping clock, each at the
    temperature of the day. A delivery before the grading is refused: nobody knows what a lot was
    like earlier.
    """
    produce = produce_of(lot, profiles)
    days = (delivery_on - lot.graded_on).days
    if days < 0:
        raise Invalid(
            "delivery_on",
            message("This lot was graded on {day}, after the delivery.", day=lot.graded_on),
        )
    age = lot.age_days + lot.shift_days
    ready = produce.ready_spread(treated=lot.treated).mean
    for stay in _stays(lot, float(days)):
        age = _older(produce, age, ready, stay)
    return age


def _older(produce: Produce, age: float, ready: float, stay: Stay) -> float:
    rate = ripening_rate(produce, stay.temperature_c)
    missing = max(ready - age, 0.0) if produce.ripens else 0.0
    if missing > rate * stay.days:
        return age + rate * stay.days
    spent = missing / rate if missing else 0.0
    return age + missing + (stay.days - spent) * store_rate(produce, stay.temperature_c)


def _stays(lot: LotState, days: float) -> Iterator[Stay]:
    """Yield what the lot lived through from its grading on, `days` days in all."""
    for stay in lot.transit:
        spent = min(stay.days, days)
        days -= spent
        yield Stay(spent, stay.temperature_c)
    yield Stay(days, lot.store_c)


def _known(spread: Spread, shift_sigma: float) -> Spread:
    """Put what is left unknown of a lot's shift in place of how lots differ."""
    fruit = spread.fruit_sigma
    total = (fruit**2 + shift_sigma**2) ** 0.5
    return Spread(spread.mean, total, shift_sigma**2 / total**2 if total else 0.0)


def _store_words(value: float) -> Message:
    low, high = STORE_C
    return message(
        "A store is between {low} and {high} °C, not {value}.",
        low=f"{low:g}",
        high=f"{high:g}",
        value=f"{value:g}",
    )
