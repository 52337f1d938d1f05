"""What the checker says of a plan: its objective to the last 1/100 minor unit, its shares, its breaches."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ripeday.kit.text import Message, marked, message

LISTED: Final = 10_000
"""So many breaches are listed; all are counted. A hostile plan can hold more than memory can."""

_SENTENCES: Final = {
    "boxes": marked("The plan has {found} boxes for {allowed} households."),
    "unknown_lot": marked("Box {subscriber} names lot {found}; the lots end at {allowed}."),
    "unknown_mode": marked(
        "Box {subscriber} keeps lot {lot} in way {found}; the ways end at {allowed}."
    ),
    "units": marked(
        "Box {subscriber} has a line of {found} units of lot {lot}; at least {allowed} is needed."
    ),
    "duplicate": marked("Box {subscriber} names lot {lot} twice in the same way of keeping."),
    "stock": marked("Lot {lot} is planned {found} times; there are {allowed} units."),
    "plan_kind": marked("Box {subscriber} holds lot {lot}, which its plan does not include."),
    "excluded": marked("Box {subscriber} holds lot {lot}, which is on its never-list."),
    "must_use_by": marked(
        "Lot {lot} in box {subscriber} leaves on weekday {found}; its last is {allowed}."
    ),
    "mode_unavailable": marked("Lot {lot} in box {subscriber} cannot be kept that way there."),
    "outside_window": marked(
        "Lot {lot} in box {subscriber} is eaten on day {day}, when it is not ripe."
    ),
    "after_horizon": marked(
        "Lot {lot} in box {subscriber} is eaten on day {day}, after the next box."
    ),
    "flower_eaten": marked("Lot {lot} in box {subscriber} is a flower and is eaten on day {day}."),
    "more_than_shipped": marked(
        "Box {subscriber} eats {found} portions of lot {lot}; {allowed} are in the box."
    ),
    "portions_a_day": marked(
        "Box {subscriber} eats {found} portions on day {day}; {allowed} are wanted."
    ),
    "product_a_day": marked(
        "Box {subscriber} eats {found} portions of the produce of lot {lot} on day {day}; {allowed} is the limit."
    ),
    "product_units": marked(
        "Box {subscriber} holds {found} units of the produce of lot {lot}; {allowed} is the limit."
    ),
    "budget": marked("Box {subscriber} costs {found}; {allowed} is the limit."),
    "weight": marked("Box {subscriber} weighs {found} g; {allowed} g is the limit."),
    "reserve_gone_by": marked(
        "Box {subscriber} holds {found} portions of lot {lot} in reserve, which are not good on the last day."
    ),
    "reserve": marked(
        "Box {subscriber} holds {found} portions in reserve; {allowed} are wished for."
    ),
    "either_or": marked(
        "Box {subscriber} holds {found} kinds of produce, that of lot {lot} among them, where {allowed} may be."
    ),
    "confirmed": marked("Box {subscriber} is confirmed and was changed."),
    "carried": marked("The plan eats of {found} items at home; there are {allowed}."),
    "carried_outside_window": marked(
        "Item {carried}, at home with box {subscriber}, is eaten on day {day}, when it is not ripe."
    ),
    "carried_after_horizon": marked(
        "Item {carried}, at home with box {subscriber}, is eaten on day {day}, after the next box."
    ),
    "carried_flower_eaten": marked(
        "Item {carried}, at home with box {subscriber}, is a flower and is eaten on day {day}."
    ),
    "carried_more_than_left": marked(
        "Box {subscriber} eats {found} portions of item {carried} at home; {allowed} are left."
    ),
}


@dataclass(frozen=True, slots=True)
class Breach:
    """One broken rule: what was found and what is allowed.

    -1 where no subscriber, lot or day is meant; `carried` is the index of an item at home, else -1.
    """

    rule: str
    subscriber: int
    lot: int
    day: int
    found: int
    allowed: int
    carried: int = -1

    @property
    def message(self) -> Message:
        """Say it in a sentence."""
        return message(
            _SENTENCES[self.rule],
            subscriber=self.subscriber,
            lot=self.lot,
            day=self.day,
            found=self.found,
            allowed=self.allowed,
            carried=self.carried,
        )


class Findings:
    """Collects breaches: all are counted, the first `LISTED` are kept."""

    def __init__(self) -> None:
        self.n = 0
        self.listed: list[Breach] = []

    def note(self, rule: str, wrong: NDArray[np.bool_], **told: NDArray[Any] | int) -> None:
        """Note a breach at each mark of `wrong`; `told` are a breach's fields, of a shape that fits it."""
        if not wrong.any():
            return
        places = np.nonzero(wrong)
        self.n += len(places[0])
        places = tuple(axis[: LISTED - len(self.listed)] for axis in places)
        usual = {"subscriber": -1, "lot": -1, "day": -1, "found": 1, "allowed": 0, "carried": -1}
        fields = {**usual, **told}
        columns = [np.broadcast_to(each, wrong.shape)[places].tolist() for each in fields.values()]
        self.listed += [Breach(rule, *row) for row in zip(*columns, strict=True)]


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """What a plan is worth and what is wrong with it.

    `objective` and `preference` (what taste earns, a part of the objective) are exact, in 1/100 minor
    unit; `goods_minor` is the cost of the goods. `uncovered` and `stems_missing` have shape (N, 14) and lie
    between 0 and what is wanted; `fruit_kinds` (N) counts the different fruit in each box. Days are household
    days on which something is wanted: fruit, flowers, or (`days`) any of the two. `boxes` are those that want
    something. Shipped, wasted and reserved portions are of fruit. A plan with breaches is priced on the lines
    that exist; of its `n_breaches`, the first `LISTED` are in `breaches`.
    """

    objective: int
    n_breaches: int
    breaches: tuple[Breach, ...]
    uncovered: NDArray[np.int8]
    stems_missing: NDArray[np.int8]
    fruit_kinds: NDArray[np.int32]
    goods_minor: int
    preference: int
    shipped_portions: int
    waste_portions: int
    reserve_portions: int
    days: int
    covered_days: int
    fruit_days: int
    covered_fruit_days: int
    flower_days: int
    covered_flower_days: int
    boxes: int
    covered_boxes: int

    @property
    def is_feasible(self) -> bool:
        """Tell whether the plan may be stored."""
        return not self.n_breaches

    @property
    def cover_fraction(self) -> float:
        """Share of household days with enough portions and stems; 1 when no day is asked for."""
        return _share(self.covered_days, self.days)

    @property
    def fruit_cover_fraction(self) -> float:
        """Share of household days with enough portions, of those that want fruit; 1 when none does."""
        return _share(self.covered_fruit_days, self.fruit_days)

    @property
    def flower_cover_fraction(self) -> float:
        """Share of household days with enough stems, of those that want flowers; 1 when none does."""
        return _share(self.covered_flower_days, self.flower_days)

    @property
    def covered_boxes_fraction(self) -> float:
        """Share of boxes that cover all their days; 1 when no box wants anything."""
        return _share(self.covered_boxes, self.boxes)

    @property
    def waste_fraction(self) -> float:
        """Share of shipped portions that nobody eats or keeps in reserve; 0 when none is shipped."""
        return self.waste_portions / self.shipped_portions if self.shipped_portions else 0.0

    @property
    def kinds_per_box(self) -> float:
        """Different fruit in a box, on average over the boxes with fruit; 0 when there is none."""
        return float(self.fruit_kinds.sum() / max(1, np.count_nonzero(self.fruit_kinds)))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
