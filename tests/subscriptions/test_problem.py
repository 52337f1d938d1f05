"""What a thing that came spoiled is worth, until when it may be told, and who looks first."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeday.kit.money import Money
from subscriptions.credit import LEAST_CHARGE_MINOR, usable
from subscriptions.problem import ReviewReason, Rule, credit_of, last_day_to_tell, review_of

TUESDAY = dt.date(2026, 12, 1)
PRICE = Money(2200, "EUR")


def test_it_may_be_told_so_long_after_the_last_day_it_was_planned_for() -> None:
    assert last_day_to_tell(TUESDAY, (0, 1, 1, 0), 3, Rule()) == dt.date(2026, 12, 5)


def test_flowers_may_be_told_of_as_long_as_they_stand_and_then_some() -> None:
    assert last_day_to_tell(TUESDAY, (0,) * 7, 6, Rule(days_after=3)) == dt.date(2026, 12, 10)


def test_a_line_is_worth_its_share_of_what_the_box_costs() -> None:
    assert credit_of(PRICE, [100, 300], 1, units=3, of=3) == Money(1650, "EUR")
    assert credit_of(PRICE, [100, 300], 1, units=1, of=3) == Money(550, "EUR")


@given(
    price=st.integers(0, 100_000),
    lines=st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 12)), min_size=1, max_size=12),
)
def test_all_of_a_box_is_worth_its_price_told_one_by_one_or_at_once(
    price: int, lines: list[tuple[int, int]]
) -> None:
    costs, total = [cost for cost, _ in lines], Money(price, "EUR")

    worth = [credit_of(total, costs, n, units=of, of=of).minor for n, (_, of) in enumerate(lines)]

    assert sum(worth) == price
    for n, (_, of) in enumerate(lines):
        upto = [credit_of(total, costs, n, units=k, of=of).minor for k in range(of + 1)]
        assert upto[0] == 0
        assert upto[-1] == worth[n]
        assert upto == sorted(upto), "one more unit is never worth less"


@pytest.mark.parametrize(
    ("before", "credit", "n_boxes", "why"),
    [
        (0, 1100, 0, None),
        (0, 1101, 0, ReviewReason.MUCH_OF_BOX),
        (1000, 101, 0, ReviewReason.MUCH_OF_BOX),
        (0, 10, 2, None),
        (0, 10, 3, ReviewReason.OFTEN),
    ],
)
def test_staff_look_first_at_much_of_a_box_and_at_many_boxes(
    before: int, credit: int, n_boxes: int, why: ReviewReason | None
) -> None:
    asked = Money(credit, "EUR")

    assert review_of(PRICE, asked, before=Money(before, "EUR"), n_boxes=n_boxes, rule=Rule()) is why


@given(
    price=st.integers(0, 50_000),
    balance=st.integers(-100, 100_000),
    currency=st.sampled_from(sorted(LEAST_CHARGE_MINOR)),
)
def test_an_account_pays_all_it_can_and_leaves_the_least_that_a_card_is_charged(
    price: int, balance: int, currency: str
) -> None:
    least = LEAST_CHARGE_MINOR[currency]

    taken = usable(Money(price, currency), Money(balance, currency)).minor

    assert taken >= 0
    assert taken <= max(0, balance)
    assert price - taken >= min(price, least)
    assert taken == max(0, min(balance, price - least))
