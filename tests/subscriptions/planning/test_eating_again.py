"""Meals move only where they must, and then as few as can be."""

from hypothesis import given
from hypothesis import strategies as st

from subscriptions.planning.eating import Serving, eat_again
from subscriptions.planning.problem import DAYS_MAX

DAYS = 7
masks = st.integers(0, 2**DAYS - 1)
boxes = st.lists(
    st.tuples(st.integers(0, 2), st.integers(1, 5), masks, masks), min_size=1, max_size=4
)


@given(boxes, st.integers(1, 3), st.integers(1, 2))
def test_what_still_holds_stays_and_as_much_is_eaten_as_can_be(
    box: list[tuple[int, int, int, int]], a_day: int, same_a_day: int
) -> None:
    then = [Serving(prod, portions, mask) for prod, portions, mask, _ in box]
    now = [Serving(prod, portions, mask) for prod, portions, _, mask in box]
    limits = {"portions_a_day": a_day, "same_a_day": same_a_day}
    nothing = [[0] * DAYS_MAX for _ in box]
    planned = eat_again(then, nothing, **limits)

    eaten = eat_again(now, planned, **limits)

    assert eat_again(then, planned, **limits) == planned
    most = sum(map(sum, eat_again(now, nothing, **limits)))
    assert sum(map(sum, eaten)) == most
    for serving, days in zip(now, eaten, strict=True):
        assert sum(days) <= serving.portions
        assert all(not n or serving.days >> day & 1 for day, n in enumerate(days))
    for day in range(DAYS_MAX):
        assert sum(days[day] for days in eaten) <= a_day
        for prod in range(3):
            of_prod = (days[day] for s, days in zip(now, eaten, strict=True) if s.prod == prod)
            assert sum(of_prod) <= same_a_day


def test_a_line_that_is_late_moves_and_the_others_stay_where_they_are() -> None:
    kiwifruit, apple = Serving(0, 2, 0b0011000), Serving(1, 2, 0b1111111)
    planned = [[0] * DAYS_MAX, [0] * DAYS_MAX]
    planned[0][1] = planned[0][3] = 1
    planned[1][5] = planned[1][6] = 1

    eaten = eat_again([kiwifruit, apple], planned, portions_a_day=1, same_a_day=1)

    assert eaten[0][:DAYS] == [0, 0, 0, 1, 1, 0, 0]
    assert eaten[1] == planned[1]
