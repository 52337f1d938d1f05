"""Deliveries that a subscription does without: which come instead, and how long boxes have to last. Pure."""

import datetime as dt
from collections.abc import Collection, Iterator

from subscriptions.cutoff import DatedDelivery, RoundRule, deliveries_from, is_due

WEEK_DAYS = 7


def due_deliveries(
    rule: RoundRule, *, first_on: dt.date, cadence_weeks: int, since: dt.date
) -> Iterator[DatedDelivery]:
    """Yield the deliveries of its round on which a subscription is due, from a day on, without end."""
    for delivery in deliveries_from(rule, max(since, first_on)):
        if is_due(delivery.delivery_on, first_on=first_on, cadence_weeks=cadence_weeks):
            yield delivery


def n_skipped_next(on: dt.date, cadence_weeks: int, skipped: Collection[dt.date]) -> int:
    """Count the deliveries skipped one after the other right after the one on a day."""
    n, step = 0, dt.timedelta(days=WEEK_DAYS * cadence_weeks)
    while on + (n + 1) * step in skipped:
        n += 1
    return n
