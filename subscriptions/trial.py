"""Trial boxes: the first boxes that come cost less, as agreed when a subscription was signed. Pure."""

from dataclasses import dataclass

from ripeday.kit.money import Money

MOST_BOXES = 6
"""A trial is no longer than that."""
TOLD_H = 72
"""So long before the cut-off of the last trial box its people are told. [hours]"""


@dataclass(frozen=True, slots=True)
class TrialOffer:
    """So many first boxes of a plan, each at a price; in a longer rhythm it counts as the plan's own does."""

    n_boxes: int
    price: Money


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial that an order is in: until its first box at the usual price has closed.

    `price` is that of one box in the order's rhythm; `n_used` trial boxes have closed.
    """

    n_boxes: int
    price: Money
    n_used: int

    @property
    def n_left(self) -> int:
        """Return how many trial boxes are still to close."""
        return max(0, self.n_boxes - self.n_used)


def price_of(usual: Money, trial: Money | None, *, n_boxes: int, n_trial: int) -> Money:
    """Return what boxes that come together cost, `n_trial` of them at the trial's price."""
    if trial is None:
        return usual * n_boxes
    return trial * n_trial + usual * (n_boxes - n_trial)
