"""Delivery rounds as rules, and the dated deliveries they give.

A cut-off is local wall time: "Sunday 20:00" in the merchant's zone, whatever the clocks do that week.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from pendulum import Date, DateTime

from ripeday.kit.clock import as_date, instant, local_day

PLANNED_DAYS = 8
"""The boxes of a delivery are planned so many days before its cut-off."""


@dataclass(frozen=True, slots=True)
class RoundRule:
    """A weekly round: its day (0 Monday to 6 Sunday), its cut-off and its pack day."""

    weekday: int
    cutoff_days_before: int
    cutoff_minute: int
    pack_days_before: int
    timezone: str

    @property
    def cutoff_wall(self) -> dt.time:
        """Return the wall-clock time of the cut-off."""
        return dt.time(self.cutoff_minute // 60, self.cutoff_minute % 60)


@dataclass(frozen=True, slots=True)
class DatedDelivery:
    """One run of a round."""

    delivery_on: Date
    cutoff_at: DateTime
    pack_on: Date


def dated(rule: RoundRule, delivery_on: dt.date) -> DatedDelivery:
    """Return the delivery on that day with its cut-off in UTC.

    Raises
    ------
    ValueError
        When the round does not run on that weekday.
    """
    if delivery_on.weekday() != rule.weekday:
        raise ValueError(f"the round runs on weekday {rule.weekday}, not on {delivery_on}")
    day = as_date(delivery_on)
    cutoff_at = instant(day.subtract(days=rule.cutoff_days_before), rule.cutoff_wall, rule.timezone)
    return DatedDelivery(day, cutoff_at, day.subtract(days=rule.pack_days_before))


def deliveries_from(rule: RoundRule, first_on: dt.date) -> Iterator[DatedDelivery]:
    """Yield the round's deliveries on and after `first_on`, week after week, without end."""
    start = as_date(first_on)
    day = start.add(days=(rule.weekday - start.weekday()) % 7)
    while True:
        yield dated(rule, day)
        day = day.add(weeks=1)


def first_open_delivery(rule: RoundRule, now: DateTime) -> DatedDelivery:
    """Return the first delivery whose cut-off is still to come; at the cut-off itself it is too late."""
    today = local_day(now, rule.timezone)
    return next(d for d in deliveries_from(rule, today) if now < d.cutoff_at)


def is_due(delivery_on: dt.date, *, first_on: dt.date, cadence_weeks: int) -> bool:
    """Tell whether a subscription that began on `first_on` gets a box on `delivery_on`."""
    days = (delivery_on - first_on).days
    return days >= 0 and days % (7 * cadence_weeks) == 0
