"""What is left of a box when the next one comes, and that it is eaten before anything is bought for it."""

from dataclasses import replace
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from subscriptions.planning.assemble import BoxProposal, build_problem, read_boxes
from subscriptions.planning.leftover import HeldPortions, Leftover, left_over
from subscriptions.planning.solve import Params, solve
from tests.subscriptions.planning.test_assemble import OFFERS, household

SURE_FOR_TEN = [1.0] * 10 + [0.0] * 4


def held(n: int, portions: int, eat: list[int], chance: list[float]) -> HeldPortions:
    return HeldPortions(UUID(int=n), "apple", portions, eat, chance)


def test_what_is_planned_for_no_day_is_left_for_as_long_as_it_is_good() -> None:
    apples = held(1, 9, [1] * 7, SURE_FOR_TEN)
    assert left_over([apples], days=7) == [Leftover(UUID(int=1), "apple", 2, 0, 2)]


def test_what_was_planned_for_days_after_the_next_box_is_left() -> None:
    apples = held(1, 9, [0] * 5 + [1] * 9, SURE_FOR_TEN)
    assert [each.portions for each in left_over([apples], days=7)] == [7]


def test_what_is_past_by_then_is_not_left() -> None:
    berries = held(1, 5, [1, 1], [1.0] * 6 + [0.89] * 8)
    assert left_over([berries], days=7) == []


def test_what_ripens_later_is_left_from_then_on() -> None:
    pears = held(1, 3, [], [0.2] * 9 + [0.95] * 3 + [0.5] * 2)
    assert left_over([pears], days=7) == [Leftover(UUID(int=1), "apple", 2, 2, 4)]


def test_what_probably_took_the_place_of_spoilt_fruit_is_not_counted_on() -> None:
    unsure = held(1, 7, [1] * 7, [0.8] * 7 + [0.0] * 7)
    to_spare = held(2, 3, [], [1.0] * 14)
    assert [each.portions for each in left_over([unsure, to_spare], days=7)] == [1]
    nothing = held(2, 1, [], [1.0] * 14)
    assert left_over([unsure, nothing], days=7) == []


def test_what_keeps_longest_is_what_is_left() -> None:
    lost = held(1, 7, [1] * 7, [0.85] * 7 + [0.0] * 7)
    short, long = held(2, 1, [], SURE_FOR_TEN), held(3, 2, [], [1.0] * 14)
    assert left_over([lost, short, long], days=7) == [Leftover(UUID(int=3), "apple", 1, 0, 6)]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 9),
            st.lists(st.integers(0, 2), max_size=14),
            st.lists(st.floats(0, 1), max_size=14),
        ),
        max_size=4,
    ),
    st.integers(1, 14),
)
def test_never_more_is_left_than_there_was(
    lines: list[tuple[int, list[int], list[float]]], days: int
) -> None:
    lines = [each for each in lines if sum(each[1]) <= each[0]]
    box = [held(n, *each) for n, each in enumerate(lines)]
    uneaten = sum(portions - sum(eat[:days]) for portions, eat, _ in lines)
    left = left_over(box, days=days)
    assert sum(each.portions for each in left) <= uneaten
    for each in left:
        chance = lines[each.line_id.int][2]
        assert 0 <= each.first_day <= each.last_day
        assert min(chance[days + each.first_day : days + each.last_day + 1]) >= 0.9


def boxes_of(*at_home: Leftover) -> BoxProposal:
    due = [replace(household(), at_home=at_home)]
    problem = build_problem(due, OFFERS)
    made = solve(problem, params=Params(threads=1))
    assert made.verdict.is_feasible
    (box,) = read_boxes(problem, made.plan, made.verdict, due, OFFERS)
    return box


def test_what_is_at_home_is_eaten_first_and_not_sent_again() -> None:
    without = boxes_of()
    assert without.carried == ()
    for key in ("apple", "quince"):  # of the second nothing is offered any more
        box = boxes_of(Leftover(UUID(int=7), key, 2, 0, 1))
        (carried,) = box.carried
        assert (carried.line_id, carried.portions) == (UUID(int=7), 2)
        assert carried.eat == (1, 1, 0, 0, 0, 0, 0)
        assert box.uncovered == ()
        assert sum(line.units for line in box.lines) == 5
        assert box.cost_minor == without.cost_minor - 80


def test_what_is_past_before_the_first_day_is_not_eaten() -> None:
    assert boxes_of(Leftover(UUID(int=7), "apple", 2, 8, 9)).carried == ()
