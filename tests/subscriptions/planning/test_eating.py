"""When portions are eaten: as many as can be, against trying everything."""

from hypothesis import given, settings
from hypothesis import strategies as st

from subscriptions.planning.eating import Serving, eat_again
from subscriptions.planning.problem import DAYS_MAX
from tests.subscriptions.planning.brute_force import most_eaten

HORIZON = 5


@st.composite
def lines(draw: st.DrawFn) -> list[tuple[int, int, int, int]]:
    """Up to four lines as (produce, portions, first day, last day)."""
    line = st.tuples(st.integers(0, 2), st.integers(0, 5), st.integers(0, 4), st.integers(0, 4))
    found = draw(st.lists(line, max_size=4))
    return [(prod, n, min(a, b), max(a, b)) for prod, n, a, b in found]


def eaten(servings: list[Serving], *, a_day: int, same_a_day: int) -> list[list[int]]:
    """Where nothing was planned before."""
    nothing = [[0] * DAYS_MAX for _ in servings]
    return eat_again(servings, nothing, portions_a_day=a_day, same_a_day=same_a_day)


def days(opens: int, closes: int) -> int:
    return (1 << (closes + 1)) - (1 << opens)


@settings(max_examples=150, deadline=None)
@given(lines(), st.integers(0, 3), st.integers(0, 3))
def test_as_much_is_eaten_as_can_be(
    found: list[tuple[int, int, int, int]], a_day: int, same_a_day: int
) -> None:
    """The portions served are the plain maximum, and every limit holds."""
    servings = [Serving(prod, n, days(a, b)) for prod, n, a, b in found]
    eat = eaten(servings, a_day=a_day, same_a_day=same_a_day)

    assert sum(map(sum, eat)) == most_eaten(found, HORIZON, a_day, same_a_day)
    for serving, row in zip(servings, eat, strict=True):
        assert sum(row) <= serving.portions
        assert all(serving.days >> day & 1 for day, n in enumerate(row) if n)
    for day in range(HORIZON):
        assert sum(row[day] for row in eat) <= a_day
        for prod in range(3):
            same = [row[day] for s, row in zip(servings, eat, strict=True) if s.prod == prod]
            assert sum(same) <= same_a_day


def test_what_spoils_first_is_eaten_first() -> None:
    eat = eaten([Serving(0, 2, days(0, 6)), Serving(1, 2, days(0, 1))], a_day=1, same_a_day=1)
    assert eat[1][:2] == [1, 1]
    assert eat[0][:4] == [0, 0, 1, 1]
