"""Money: whole minor units, one rounding rule, parts that sum to the whole."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeday.kit.errors import Invalid
from ripeday.kit.money import Money, rounded

AMOUNTS = st.integers(-(10**12), 10**12)


@given(AMOUNTS, st.lists(st.integers(0, 10**6), min_size=1, max_size=20).filter(sum))
def test_parts_sum_to_the_whole(minor: int, weights: list[int]) -> None:
    parts = Money(minor, "EUR").split(weights)

    assert sum(part.minor for part in parts) == minor
    assert all(part.minor == 0 for part, weight in zip(parts, weights, strict=True) if not weight)


@given(AMOUNTS, st.lists(st.integers(1, 10**6), min_size=1, max_size=20))
def test_no_part_is_a_whole_unit_away_from_its_share(minor: int, weights: list[int]) -> None:
    total = sum(weights)
    for part, weight in zip(Money(minor, "CNY").split(weights), weights, strict=True):
        assert abs(part.minor * total - minor * weight) < total


@pytest.mark.parametrize(
    ("amount", "whole"),
    [("0.5", 1), ("1.5", 2), ("2.5", 3), ("-0.5", -1), ("-2.5", -3), ("2.49", 2)],
)
def test_halves_round_away_from_zero(amount: str, whole: int) -> None:
    assert rounded(Decimal(amount)) == whole


def test_currencies_do_not_mix() -> None:
    with pytest.raises(ValueError, match="cannot mix"):
        Money(1, "EUR") + Money(1, "CNY")


@pytest.mark.parametrize("currency", ["eur", "EURO", "", "€€€"])
def test_a_currency_is_three_capital_letters(currency: str) -> None:
    with pytest.raises(Invalid) as refused:
        Money(1, currency)
    assert refused.value.field == "currency"


def test_money_is_never_a_float() -> None:
    with pytest.raises(TypeError):
        Money(1.5, "EUR")  # type: ignore[arg-type]
