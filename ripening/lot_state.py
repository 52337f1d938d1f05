"""A lot, as far as ripening knows it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from ripeday.kit.errors import Invalid
from ripeday.kit.text import message
from ripening.clock import ripening_rate, store_rate
from ripening.produce import Produce

MOST_AGE_DAYS = 60.0
STORE_C = (-2.0, 35.0)


@dataclass(frozen=True, slots=True)
class LotState:
    """Maturity of a lot, as graded at the depot, and how it has been kept since.

    `age_days` are days at 20 °C lived since the usual dispatch stage: below 0 for a greener lot,
    past the days until edible for a ripe one. `shift_days` is what reports have taught: days at 20
    °C that the whole lot runs ahead of its grade. `treated` lots got the ethylene or the cold that
    their kind needs.
    """

    produce_key: str
    age_days: float
    graded_on: dt.date
    store_c: float
    treated: bool
    shift_days: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what no depot would write down."""
        low, high = STORE_C
        if not low <= self.store_c <= high:
            raise Invalid(
                "store_c",
                message(
                    "A store is between {low} and {high} °C, not {value}.",
                    low=f"{low:g}",
                    high=f"{high:g}",
                    value=f"{self.store_c:g}",
                ),
            )
        if not abs(self.age_days) <= MOST_AGE_DAYS:
            raise Invalid(
                "age_days",
                message(
                    "An age lies within {most} days of the dispatch stage, not {value}.",
                    most=f"{MOST_AGE_DAYS:g}",
                    value=f"{self.age_days:g}",
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


def age_at(lot: LotState, profiles: Mapping[str, Produce], *, delivery_on: dt.date) -> float:
    """Days at 20 °C that the lot has lived when it is delivered, learned shift included.

    Until the mean fruit is ready the ripening clock runs at the store's temperature, after that the
    keeping clock. A delivery before the grading is refused: nobody knows what a lot was like
    earlier.
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
    rate = ripening_rate(produce, lot.store_c)
    missing = max(ready - age, 0.0)
    if missing > rate * days:
        return age + rate * days
    spent = missing / rate if missing else 0.0
    return age + missing + (days - spent) * store_rate(produce, lot.store_c)
