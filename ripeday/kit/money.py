"""Money: whole minor units of one currency, one rounding rule, parts that sum to the whole."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Self

from babel.numbers import get_currency_precision

from ripeday.kit.errors import Invalid
from ripeday.kit.text import message


def rounded(amount: Decimal) -> int:
    """Round to a whole minor unit, halves away from zero: the only rounding of money there is."""
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in minor units (cents, fen) of one ISO 4217 currency."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"minor must be a whole number, got {self.minor!r}")
        if len(self.currency) != 3 or not self.currency.isascii() or not self.currency.isupper():
            raise Invalid("currency", message("Give a currency as three letters, like EUR."))

    def __add__(self, other: Self) -> Self:
        return type(self)(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: Self) -> Self:
        return type(self)(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> Self:
        return type(self)(-self.minor, self.currency)

    def __mul__(self, n: int) -> Self:
        return type(self)(self.minor * n, self.currency)

    def _same(self, other: Self) -> Self:
        if other.currency != self.currency:
            raise ValueError(f"cannot mix {self.currency} with {other.currency}")
        return other

    @property
    def amount(self) -> Decimal:
        """Return the amount in major units, exactly (19.90 for 1990 cents)."""
        return Decimal(self.minor).scaleb(-get_currency_precision(self.currency))

    def part(self, fraction: Decimal) -> Self:
        """Return `fraction` of the amount, rounded by the one rule."""
        return type(self)(rounded(self.minor * fraction), self.currency)

    def split(self, weights: list[int]) -> list[Self]:
        """Share out in proportion to `weights`; the parts sum to the whole.

        Leftover minor units go to the largest remainders, earliest first. A negative amount is
        shared like the positive one of the same size.

        Raises
        ------
        ValueError
            When a weight is negative or all are zero.
        """
        if not weights or min(weights) < 0 or sum(weights) == 0:
            raise ValueError(f"weights must be non-negative, not all zero: {weights}")
        size, sign, total = abs(self.minor), (-1 if self.minor < 0 else 1), sum(weights)
        parts = [size * weight // total for weight in weights]
        remainders = [size * weight % total for weight in weights]
        by_remainder = sorted(range(len(weights)), key=lambda i: -remainders[i])
        for i in by_remainder[: size - sum(parts)]:
            parts[i] += 1
        return [type(self)(sign * part, self.currency) for part in parts]
