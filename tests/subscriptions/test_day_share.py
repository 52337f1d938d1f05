"""The stock of a depot, dealt to the days that are planned side by side."""

from hypothesis import given
from hypothesis import strategies as st

from subscriptions.day_share import Demand, deal

DAYS = ("mon", "tue", "wed")
demands = st.fixed_dictionaries(
    {day: st.builds(Demand, st.integers(0, 5000), st.integers(0, 500)) for day in DAYS}
)
lots = st.lists(
    st.tuples(
        st.integers(-5, 400),
        st.sampled_from(["fruit", "flower"]),
        st.lists(st.sampled_from(DAYS), min_size=1, unique=True),
    ),
    max_size=12,
)


@given(lots, demands)
def test_no_unit_is_dealt_twice_and_none_that_somebody_wants_is_kept_back(
    lots: list[tuple[int, str, list[str]]], demand: dict[str, Demand]
) -> None:
    for (units, kind, days), shares in zip(lots, deal(lots, demand), strict=True):
        wanted = sum(demand[day].of(kind) for day in days)
        assert sum(shares.values()) == (max(0, units) if wanted else 0)
        assert set(shares) == set(days)
        assert all(share >= 0 for share in shares.values())
        assert all(not shares[day] for day in days if not demand[day].of(kind))


@given(st.lists(st.integers(1, 40), min_size=1, max_size=30), demands)
def test_over_many_lots_each_day_gets_what_it_is_due(
    units: list[int], demand: dict[str, Demand]
) -> None:
    wanted = sum(each.portions for each in demand.values())
    dealt = deal([(n, "fruit", DAYS) for n in units], demand)
    for day in DAYS:
        due = sum(units) * demand[day].portions / wanted if wanted else 0
        assert abs(sum(shares[day] for shares in dealt) - due) <= len(DAYS)


def test_a_scarce_lot_does_not_always_go_to_the_largest_day() -> None:
    demand = {"mon": Demand(60, 0), "tue": Demand(40, 0)}
    dealt = deal([(1, "fruit", ("mon", "tue"))] * 5, demand)
    assert [sum(shares[day] for shares in dealt) for day in demand] == [3, 2]
