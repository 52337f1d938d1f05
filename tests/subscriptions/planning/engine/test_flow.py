"""Laws of eating: against the maximum flow through items, products on days, and days."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from subscriptions.planning.engine import bench as at
from subscriptions.planning.engine.bench import Ints
from subscriptions.planning.engine.flow import clear, lowest_bit, n_bits, open_slot, push, room_for
from tests.subscriptions.planning.engine.households import (
    Fruit,
    Household,
    households,
    on_bench,
)
from tests.subscriptions.planning.engine.slowly import most_eaten

WEEKS = (3, 4, 5, 7, 14)


@st.composite
def meals(draw: st.DrawFn) -> tuple[Household, list[int]]:
    """A household and the portions of each item that it has."""
    household = draw(households(max_lots=8, horizons=WEEKS))
    household = replace(household, same_a_day=draw(st.integers(1, 4)))
    return household, [draw(st.integers(0, 9)) for _ in household.fruit]


def eat_all(w: Ints, portions: list[int]) -> None:
    """Push one item after another."""
    clear(w)
    for i, wanted in enumerate(portions):
        push(w, open_slot(w, w[at.PROD + i], w[at.MASK + i]), wanted)


def days_in(bits: int) -> list[int]:
    """Days that are set."""
    return [t for t in range(at.DAYS) if bits >> t & 1]


@given(st.integers(1, 2**62))
def test_the_lowest_bit_is_found(bits: int) -> None:
    assert lowest_bit(bits) == next(k for k in range(63) if bits >> k & 1)


@given(st.integers(0, 2**16 - 1))
def test_the_bits_of_a_set_of_days_are_counted(bits: int) -> None:
    assert n_bits(bits) == bits.bit_count()


@settings(max_examples=120, deadline=None)
@given(meals())
def test_after_every_item_as_much_is_eaten_as_can_be(meal: tuple[Household, list[int]]) -> None:
    household, portions = meal
    w, _ = on_bench(household)
    clear(w)
    given_so_far = [0] * len(portions)
    for i, wanted in enumerate(portions):
        given_so_far[i] = wanted
        before = int(w[at.FLOW])
        got = push(w, open_slot(w, w[at.PROD + i], w[at.MASK + i]), wanted)
        assert w[at.FLOW] == before + got == most_eaten(household, given_so_far)


@settings(max_examples=100, deadline=None)
@given(meals())
def test_what_is_eaten_keeps_to_the_days_the_portions_and_both_limits(
    meal: tuple[Household, list[int]],
) -> None:
    household, portions = meal
    w, _ = on_bench(household)
    eat_all(w, portions)
    horizon = len(household.need)
    on_day = [
        [int(w[at.ON_DAY + at.DAYS * s + t]) for t in range(horizon)] for s in range(len(portions))
    ]
    assert sum(map(sum, on_day)) == w[at.FLOW]
    for i, fruit in enumerate(household.fruit):
        assert 0 <= sum(on_day[i]) <= portions[i]
        assert {t for t in range(horizon) if on_day[i][t]} <= set(household.days_of(fruit))
    for t in range(horizon):
        eaten = sum(row[t] for row in on_day)
        assert w[at.USED + t] == eaten <= household.need[t]
        assert bool(w[at.FREE] >> t & 1) == (eaten < household.need[t])
        assert w[at.EATERS + t] == sum(1 << s for s, row in enumerate(on_day) if row[t])
        for p, number in enumerate(household.products):
            same = sum(
                row[t]
                for row, fruit in zip(on_day, household.fruit, strict=True)
                if fruit.product == number
            )
            assert w[at.OF_PRODUCT + at.DAYS * p + t] == same <= household.same_a_day
            assert bool(w[at.SATED + p] >> t & 1) == (same == household.same_a_day)


@settings(max_examples=100, deadline=None)
@given(meals())
def test_days_that_a_portion_in_vain_reaches_are_full_for_good(
    meal: tuple[Household, list[int]],
) -> None:
    household, portions = meal
    w, _ = on_bench(household)
    clear(w)
    given_so_far = [0] * len(portions)
    for i, wanted in enumerate(portions):
        given_so_far[i] = wanted
        if push(w, open_slot(w, w[at.PROD + i], w[at.MASK + i]), wanted) == wanted:
            continue
        most, full = most_eaten(household, given_so_far), days_in(int(w[at.REACH]))
        if w[at.FREE] == 0:
            assert most == sum(household.need)
            continue
        for t in full:
            if household.need[t] == 0:
                continue
            shorter = [n - (day == t) for day, n in enumerate(household.need)]
            assert most_eaten(household, given_so_far, shorter) == most - 1


@settings(max_examples=100, deadline=None)
@given(meals())
def test_no_other_product_gets_onto_days_that_are_full_for_good(
    meal: tuple[Household, list[int]],
) -> None:
    household, portions = meal
    stranger = Fruit(product=99, first=0, last=13)
    w, _ = on_bench(replace(household, fruit=(*household.fruit, stranger)))
    clear(w)
    for i, wanted in enumerate(portions):
        got = push(w, open_slot(w, w[at.PROD + i], w[at.MASK + i]), wanted)
        if got < wanted and w[at.REACH]:
            slot = open_slot(w, w[at.N_PRODS] - 1, w[at.REACH])
            assert push(w, slot, 1) == 0


@settings(max_examples=120, deadline=None)
@given(meals(), st.integers(1, 9))
def test_the_room_for_an_item_is_no_less_than_what_can_be_added_and_none_if_nothing_can(
    meal: tuple[Household, list[int]], more: int
) -> None:
    household, portions = meal
    w, _ = on_bench(household)
    *others, _ = portions
    eat_all(w, others)
    last = len(others)
    slot = open_slot(w, w[at.PROD + last], w[at.MASK + last])
    room = room_for(w, slot)
    eaten = most_eaten(household, [*others, 0])
    added = most_eaten(household, [*others, more]) - eaten
    assert added <= room
    assert (room == 0) == (most_eaten(household, [*others, 1]) == eaten)


def test_items_beyond_what_can_be_eaten_from_at_once_are_passed_over() -> None:
    w, _ = on_bench(Household(need=(1,), fruit=(Fruit(0),)))
    clear(w)
    slots = [open_slot(w, 0, 1) for _ in range(at.SLOTS + 1)]
    assert slots == [*range(at.SLOTS), -1]
