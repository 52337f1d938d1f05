"""What a box costs by its rhythm."""

import pytest

from ripeday.kit.money import Money
from subscriptions.box_price import box_price


@pytest.mark.parametrize(
    ("plan_weeks", "weeks", "times"), [(1, 1, 1), (1, 2, 2), (1, 4, 2), (2, 2, 1), (2, 1, 1)]
)
def test_a_box_that_lasts_twice_as_long_costs_twice(
    plan_weeks: int, weeks: int, times: int
) -> None:
    price = box_price(Money(1990, "EUR"), plan_weeks=plan_weeks, weeks=weeks)

    assert price == Money(1990 * times, "EUR")
