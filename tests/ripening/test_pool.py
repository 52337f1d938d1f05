"""Making one number of what several publications say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripening.observation import observations
from ripening.pool import Said, factor_between, pool

days = st.floats(0.5, 60.0)
rows = st.builds(
    lambda low, wide, source, weight: Said(low, low * wide, source, weight),
    days,
    st.floats(1.0, 3.0),
    st.sampled_from("abcde"),
    st.floats(0.25, 3.0),
)


def test_nothing_said_is_nothing_pooled() -> None:
    assert pool([]) is None


def test_one_range_is_read_at_its_middle() -> None:
    pooled = pool([Said(4.0, 6.0, "a", 1.0)])
    assert pooled is not None
    assert pooled.value == pytest.approx(5.0)


def test_ranges_that_overlap_are_met_where_they_do() -> None:
    pooled = pool([Said(2.0, 7.0, "a", 1.0), Said(5.0, 9.0, "b", 1.0)])
    assert pooled is not None
    assert 5.0 <= pooled.value <= 7.0


def test_one_odd_source_does_not_pull_the_value_away() -> None:
    sober = [Said(4.0, 5.0, source, 1.0) for source in "abc"]
    pooled = pool([*sober, Said(40.0, 50.0, "d", 1.0)])
    assert pooled is not None
    assert 4.0 <= pooled.value <= 5.0


def test_a_publication_counts_once_whatever_many_rows_it_prints() -> None:
    many = [Said(10.0, 12.0, "a", 1.0)] * 20
    pooled = pool([*many, Said(2.0, 3.0, "b", 1.2), Said(2.0, 3.0, "c", 1.0)])
    assert pooled is not None
    assert pooled.value < 4.0


@given(st.lists(rows, min_size=1, max_size=8))
def test_the_value_lies_within_what_was_said(said: list[Said]) -> None:
    pooled = pool(said)
    assert pooled is not None
    assert min(one.low for one in said) * 0.999 <= pooled.value
    assert pooled.value <= max(one.high for one in said) * 1.001
    assert set(pooled.source_ids) == {one.source_id for one in said}


@given(st.lists(rows, min_size=1, max_size=8), st.floats(0.2, 5.0))
def test_units_change_nothing(said: list[Said], factor: float) -> None:
    in_days, in_others = pool(said), pool([one.scaled(factor) for one in said])
    assert in_days is not None
    assert in_others is not None
    if min(one.low for one in said) * min(factor, 1) > 0.1:
        assert in_others.value == pytest.approx(in_days.value * factor)


def test_the_distance_to_a_range_is_the_factor_to_its_nearest_end() -> None:
    assert factor_between(5.0, 4.0, 6.0) == 1.0
    assert factor_between(2.0, 4.0, 6.0) == pytest.approx(2.0)
    assert factor_between(9.0, 4.0, 6.0) == pytest.approx(1.5)


def test_observations_say_how_warm_it_was_and_from_which_stage() -> None:
    (lychee,) = (seen for seen in observations("lychee") if seen.source_id == "ctahr_lychee"
                 and seen.quantity == "storage")  # fmt: skip
    assert (lychee.low, lychee.high, lychee.temperature_c) == (21.0, 35.0, 3.5)
    from_green = [seen for seen in observations("banana") if seen.stage == 1.0]
    assert {"ready", "total"} <= {seen.quantity for seen in from_green}
    assert all(seen.low <= seen.high for seen in observations("mango"))
