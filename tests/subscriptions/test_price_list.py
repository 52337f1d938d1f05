"""What every box costs in each rhythm, and how long it lasts."""

from uuid import uuid4

import pytest

from ripeday.kit.errors import Invalid
from ripeday.kit.money import Money
from ripeday.translation import translator
from subscriptions.box_price import box_price
from subscriptions.first_week import PlanOffer
from subscriptions.lifecycle import PlanKind
from subscriptions.postcode import read_postcode
from subscriptions.price_list import price_list
from subscriptions.rhythm import RHYTHMS, rhythm_words, rhythms_of


def plan(kind: PlanKind, portions: int, stems: int, weeks: int, minor: int) -> PlanOffer:
    return PlanOffer(uuid4(), "Box", "箱", kind, portions, stems, weeks, Money(minor, "EUR"))


def test_a_portion_costs_its_share_and_longer_rhythms_cost_two_weeks() -> None:
    fruit, flowers, large = price_list(
        [
            plan(PlanKind.FRUIT, 2, 0, 1, 2590),
            plan(PlanKind.FLOWER, 0, 5, 1, 1990),
            plan(PlanKind.FRUIT, 1, 0, 2, 3000),
        ]
    )
    assert (fruit.weekly, fruit.double, fruit.portion) == (
        Money(2590, "EUR"), Money(5180, "EUR"), Money(185, "EUR"),
    )  # fmt: skip
    assert flowers.portion is None
    assert (large.weekly, large.double, large.portion) == (
        None, Money(3000, "EUR"), Money(214, "EUR"),
    )  # fmt: skip
    for weeks in rhythms_of(2):
        assert box_price(large.plan.price, plan_weeks=2, weeks=weeks) == large.double
    assert rhythms_of(2) == (2, 3, 4)


def test_every_rhythm_says_how_long_a_box_lasts() -> None:
    english = translator("en")
    said = [english.render(rhythm_words(weeks, PlanKind.FRUIT)) for weeks in RHYTHMS]
    assert said[0] == "Every week: a box lasts seven days"
    assert [("nothing ripe" in each) for each in said] == [False, False, True, True]
    assert "in bloom" in english.render(rhythm_words(4, PlanKind.FLOWER))


@pytest.mark.parametrize(
    ("typed", "country", "read"),
    [("10115", "DE", "10115"), (" bs1  4dj", "GB", "BS1 4DJ"), ("310012", "CN", "310012")],
)
def test_a_postcode_is_read_as_people_type_it(typed: str, country: str, read: str) -> None:
    assert read_postcode(typed, country) == read


@pytest.mark.parametrize("typed", ["", "1011", "١٠١١٥", "10115x", "<b>"])
def test_what_is_no_postcode_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Invalid):
        read_postcode(typed, "DE")
