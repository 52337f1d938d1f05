"""What every box costs: in each rhythm, and by the portion. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from ripeday.kit.money import Money
from ripeday.kit.text import Message
from subscriptions.box_price import LONGEST_WEEKS, box_price
from subscriptions.first_week import WEEK, PlanOffer, contents_words
from subscriptions.lifecycle import PlanKind


@dataclass(frozen=True, slots=True)
class PriceLine:
    """A box plan with what it holds and costs, delivery and tax included.

    `weekly` is absent for what is made for two weeks; `double` is a box for two weeks, which every longer rhythm has.
    `portion` is one portion of fruit of it; boxes that hold flowers have none.
    """

    plan: PlanOffer
    contents: Message
    weekly: Money | None
    double: Money
    portion: Money | None


def price_list(plans: Iterable[PlanOffer]) -> tuple[PriceLine, ...]:
    """Return a line for each box plan, in their order."""
    return tuple(_line(plan) for plan in plans)


def _line(plan: PlanOffer) -> PriceLine:
    portions = plan.portions_a_day * WEEK * plan.cadence_weeks
    is_fruit = plan.kind is PlanKind.FRUIT
    return PriceLine(
        plan,
        contents_words(plan),
        plan.price if plan.cadence_weeks == 1 else None,
        box_price(plan.price, plan_weeks=plan.cadence_weeks, weeks=LONGEST_WEEKS),
        plan.price.part(1 / Decimal(portions)) if is_fruit else None,
    )
