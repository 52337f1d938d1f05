"""What one box may cost, weigh and repeat, by what was sold. One place for these rules of thumb.

They are the merchant's craft, not science: about the proportions of the reference instances in tests/data/plans.
"""

from dataclasses import dataclass

GOODS_SHARE = 0.62
"""Share of the price without tax that may go into goods; the rest is packing, delivery and margin."""

_GRAMS_A_PORTION = 290
_GRAMS_A_STEM = 60


@dataclass(frozen=True, slots=True)
class BoxLimit:
    """Hard limits of one box."""

    budget_minor: int
    grams_max: int
    units_max: int
    same_a_day: int
    distinct_wished: int


def same_a_day(portions_a_day: int) -> int:
    """Return the most portions of one produce on one day.

    A household of one eats no product twice a day; four people may share two portions of the same.
    """
    return max(1, (portions_a_day + 1) // 2)


def limit_for(
    *, portions_a_day: int, stems_a_day: int, horizon_days: int, net_minor: int
) -> BoxLimit:
    """Return the limits of a box that lasts `horizon_days` and sells for `net_minor` without tax.

    A box for two weeks may weigh twice as much.
    """
    weeks = max(1.0, horizon_days / 7)
    grams = 7 * portions_a_day * _GRAMS_A_PORTION + 2 * stems_a_day * _GRAMS_A_STEM + 600
    return BoxLimit(
        budget_minor=int(net_minor * GOODS_SHARE),
        grams_max=int(grams * weeks),
        units_max=int((portions_a_day + 2) * weeks) if portions_a_day else int(3 * weeks),
        same_a_day=same_a_day(portions_a_day),
        distinct_wished=min(7, 3 + portions_a_day) if portions_a_day else 0,
    )
