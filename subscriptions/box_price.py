"""What one box costs: a box that lasts twice as long as its plan's costs twice the plan's price."""

from collections.abc import Sequence

from ripeday.kit.money import Money

LONGEST_WEEKS = 2
"""No box is planned for longer, however seldom a household wants one."""


def box_price(plan_price: Money, *, plan_weeks: int, weeks: int) -> Money:
    """Return the price of one box of a household that gets one every `weeks` weeks."""
    return plan_price * max(1, min(weeks, LONGEST_WEEKS) // plan_weeks)


def price_of_part(price: Money, costs: Sequence[int], stays: Sequence[bool]) -> Money:
    """Return what is left of a box's price when only some of its lines stay: their share by what lots cost."""
    weights = list(costs) if sum(costs) else [1] * len(costs)
    shares = price.split(weights)
    gone = sum(share.minor for share, kept in zip(shares, stays, strict=True) if not kept)
    return Money(price.minor - gone, price.currency)
