"""What a household has on its account, and how much of it a box may be paid from. Pure."""

from collections.abc import Mapping
from typing import Final

from ripeday.kit.money import Money

LEAST_CHARGE_MINOR: Final[Mapping[str, int]] = {"EUR": 50, "GBP": 30, "CNY": 400}
"""The provider takes no less from a card, in minor units."""


def usable(price: Money, balance: Money) -> Money:
    """Return what a box of `price` is paid from the account: all of it, but never so that too little is left to charge.

    What does not go off this box stays for the next one.
    """
    least = Money(LEAST_CHARGE_MINOR[price.currency], price.currency)
    nothing = Money(0, price.currency)
    return max(nothing, min(balance, price - least))
