"""What one box costs: a box that lasts twice as long as its plan's costs twice the plan's price."""

from ripeday.kit.money import Money

LONGEST_WEEKS = 2
"""No box is planned for longer, however seldom a household wants one."""


def box_price(plan_price: Money, *, plan_weeks: int, weeks: int) -> Money:
    """Return the price of one box of a household that gets one every `weeks` weeks."""
    return plan_price * max(1, min(weeks, LONGEST_WEEKS) // plan_weeks)
