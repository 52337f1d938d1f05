"""How many deliveries of a season may be skipped one by one, and how many of them in a row. Pure."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from subscriptions.skipping import WEEK_DAYS


@dataclass(frozen=True, slots=True)
class DeliveryRule:
    """What a merchant lets its customers do; `notice_days` of boxes still come after a cancellation."""

    n_skips: int
    n_in_a_row: int
    notice_days: int


GENEROUS = DeliveryRule(n_skips=12, n_in_a_row=6, notice_days=0)
"""The rule of a merchant that has set none."""


@dataclass(frozen=True, slots=True)
class Season:
    """A merchant's season `[starts_on, ends_on)`; an end that is not fixed yet is None."""

    starts_on: dt.date | None
    ends_on: dt.date | None

    def holds(self, on: dt.date) -> bool:
        """Tell whether a day is in the season."""
        begun = self.starts_on is None or self.starts_on <= on
        return begun and (self.ends_on is None or on < self.ends_on)


@dataclass(frozen=True, slots=True)
class Allowance:
    """The skips of one season: `used` of `n_skips`."""

    n_skips: int
    used: int

    @property
    def left(self) -> int:
        """Return how many are left."""
        return max(0, self.n_skips - self.used)


def allowance(rule: DeliveryRule, season: Season, skipped: Collection[dt.date]) -> Allowance:
    """Return what is left of a season's skips; `skipped` are days skipped one by one, those of pauses not."""
    return Allowance(rule.n_skips, sum(season.holds(on) for on in skipped))


def n_in_a_row(on: dt.date, cadence_weeks: int, skipped: Collection[dt.date]) -> int:
    """Count the deliveries skipped one after the other if the one on a day is skipped, too."""
    step = dt.timedelta(days=WEEK_DAYS * cadence_weeks)
    first, last = on, on
    while first - step in skipped:
        first -= step
    while last + step in skipped:
        last += step
    return (last - first).days // step.days + 1
