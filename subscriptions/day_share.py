"""What each of several delivery days may have of a lot, when they are planned side by side. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

Day = TypeVar("Day")


@dataclass(frozen=True, slots=True)
class Demand:
    """What a day's households want until their next boxes: portions of fruit and stem-days of flowers."""

    portions: int
    stem_days: int

    def of(self, kind: str) -> int:
        """Return how much of a kind of lot is wanted."""
        return self.portions if kind == "fruit" else self.stem_days


def deal(
    lots: Sequence[tuple[int, str, Sequence[Day]]], demand: Mapping[Day, Demand]
) -> list[dict[Day, int]]:
    """Deal the units of each lot, (units, kind, days it can go out on), to days in proportion to what they want.

    All units are dealt, unless no day wants the kind. Whole units are as near to the exact shares as can be; what a
    day got too little of one lot it gets more of the next of its kind.
    """
    owed: dict[tuple[Day, str], float] = {}
    dealt = []
    for units, kind, days in lots:
        wanted = {day: demand[day].of(kind) for day in days}
        total = sum(wanted.values())
        if not total or units <= 0:
            dealt.append(dict.fromkeys(days, 0))
            continue
        exact = {
            day: units * want / total + owed.get((day, kind), 0.0) for day, want in wanted.items()
        }
        shares = {day: max(0, int(share)) for day, share in exact.items()}
        left = units - sum(shares.values())
        ranked = sorted(days, key=lambda day: shares[day] - exact[day])
        while left > 0:
            for day in ranked:
                if left > 0 and wanted[day]:
                    shares[day] += 1
                    left -= 1
        for day in reversed(ranked):
            taken = min(shares[day], max(0, -left))
            shares[day] -= taken
            left += taken
        for day in days:
            owed[day, kind] = exact[day] - shares[day]
        dealt.append(shares)
    return dealt
