"""Delivery rounds: dated deliveries, cut-offs and who is due."""

import datetime as dt

import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscriptions.cutoff import RoundRule, dated, deliveries_from, first_open_delivery, is_due

TUESDAYS = RoundRule(1, 2, 1200, 1, "Europe/Berlin")


def test_a_delivery_has_its_cut_off_and_its_pack_day() -> None:
    delivery = dated(TUESDAYS, dt.date(2026, 12, 1))

    assert delivery.cutoff_at == pendulum.datetime(2026, 11, 29, 19, tz="UTC")
    assert delivery.pack_on == dt.date(2026, 11, 30)


def test_a_round_does_not_run_on_other_days() -> None:
    with pytest.raises(ValueError, match="weekday"):
        dated(TUESDAYS, dt.date(2026, 12, 2))


def test_the_last_second_before_the_cut_off_still_counts_and_the_cut_off_does_not() -> None:
    cutoff = pendulum.datetime(2026, 11, 29, 19, tz="UTC")

    before = first_open_delivery(TUESDAYS, cutoff.subtract(seconds=1))
    at = first_open_delivery(TUESDAYS, cutoff)

    assert before.delivery_on == dt.date(2026, 12, 1)
    assert at.delivery_on == dt.date(2026, 12, 8)


@given(
    st.builds(
        RoundRule,
        weekday=st.integers(0, 6),
        cutoff_days_before=st.integers(0, 6),
        cutoff_minute=st.integers(0, 1439),
        pack_days_before=st.just(0),
        timezone=st.sampled_from(["Europe/Berlin", "Asia/Shanghai", "Australia/Lord_Howe"]),
    ),
    st.dates(dt.date(2024, 1, 1), dt.date(2034, 1, 1)),
)
def test_every_instant_of_a_year_has_exactly_one_open_delivery(
    rule: RoundRule, on: dt.date
) -> None:
    coming = deliveries_from(rule, on)
    previous = next(coming)
    for _ in range(52):
        following = next(coming)
        assert (following.delivery_on - previous.delivery_on).days == 7
        assert following.cutoff_at > previous.cutoff_at
        assert first_open_delivery(rule, previous.cutoff_at).delivery_on == following.delivery_on
        previous = following


def test_a_fortnightly_household_is_due_every_second_week() -> None:
    first = dt.date(2026, 10, 6)
    days = [first + dt.timedelta(weeks=week) for week in range(-1, 5)]

    due = [is_due(day, first_on=first, cadence_weeks=2) for day in days]

    assert due == [False, True, False, True, False, True]
