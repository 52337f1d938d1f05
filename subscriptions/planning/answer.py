"""Why a household has a produce in its box or not, in one word for programs and sentences for people."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ripeday.kit.text import Message, marked, message, plural


class Answer(StrEnum):
    """What stands in the way, the first that does. The last four went without something they wanted."""

    IN_BOX = "in_box"
    NOT_OFFERED = "not_offered"
    NOT_IN_PLAN = "not_in_plan"
    NEVER_LIST = "never_list"
    NOT_RIPE = "not_ripe"
    LIMITS = "limits"
    OVER_BUDGET = "over_budget"
    OVER_WEIGHT = "over_weight"
    SUITS_LESS = "suits_less"
    NOT_NEEDED = "not_needed"
    ALL_PROMISED = "all_promised"
    CHANGED_SINCE = "changed_since"
    """Not the planner's: it was in the box as planned."""
    WAITED_LONGER = "waited_longer"
    LIKED_MORE = "liked_more"
    WORTH_MORE = "worth_more"
    NOT_ENOUGH = "not_enough"

    @property
    def code(self) -> int:
        """Return its number in arrays."""
        return _CODES[self]

    @property
    def is_missed_turn(self) -> bool:
        """Tell whether the household wanted it, could have had it, and there was not enough."""
        return self.code >= FIRST_MISSED


_CODES: Final = {answer: code for code, answer in enumerate(Answer)}
_BY_CODE: Final = tuple(Answer)
FIRST_MISSED: Final = _CODES[Answer.WAITED_LONGER]

_SENTENCES: Final = {
    Answer.IN_BOX: marked("It is in your box."),
    Answer.NOT_OFFERED: marked("We have none for this delivery."),
    Answer.NOT_IN_PLAN: marked("Your box plan does not include it."),
    Answer.NEVER_LIST: marked("It is on your never-list."),
    Answer.NOT_RIPE: marked("None we have would be ripe in your kitchen before your next box."),
    Answer.LIMITS: marked("Your box may hold none of it."),
    Answer.OVER_BUDGET: marked("A single one would cost more than your plan allows."),
    Answer.OVER_WEIGHT: marked("A single one would make your box too heavy."),
    Answer.SUITS_LESS: marked(
        "Even with plenty of everything, other produce would suit your days and tastes better."
    ),
    Answer.NOT_NEEDED: marked("There was enough of it, but beside the rest of your box it would add too little."),
    Answer.ALL_PROMISED: marked("All of it had been promised before your box was planned."),
    Answer.CHANGED_SINCE: marked("It was planned for your box, which has been changed since."),
    Answer.WAITED_LONGER: marked("It all went to households that had waited longer."),
    Answer.LIKED_MORE: marked("It all went to households that had waited longer, or as long and like it more."),
    Answer.WORTH_MORE: marked("There was not enough for all, and other boxes gained more from it."),
    Answer.NOT_ENOUGH: marked("There was not enough for all who would have gained as much from it."),
}  # fmt: skip
_NO_BLOOM: Final = marked("None we have would bloom in your home before your next box.")


@dataclass(frozen=True, slots=True)
class Why:
    """The answer for one household and produce, and how it stands among others.

    Counts are of households in this plan: `wanted` it and could have had it, `got` it, `got_longer` of them had waited
    longer than this one, `ahead` went without too and have waited longer. `missed` turns in a row, this one included.
    """

    produce_key: str
    answer: Answer
    is_flower: bool
    missed: int
    wanted: int
    got: int
    got_longer: int
    ahead: int

    def as_held(self, *, is_held: bool) -> "Why":
        """Return the answer for the box as it is now, whatever was done to it since it was planned."""
        if is_held == (self.answer is Answer.IN_BOX):
            return self
        return replace(self, answer=Answer.IN_BOX if is_held else Answer.CHANGED_SINCE, missed=0)

    @property
    def message(self) -> Message:
        """Say why in a sentence."""
        if self.answer is Answer.NOT_RIPE and self.is_flower:
            return message(_NO_BLOOM)
        return message(_SENTENCES[self.answer])

    @property
    def standing(self) -> tuple[Message, ...]:
        """Say how the household stands among those who wanted it; nothing where it missed no turn."""
        if not self.answer.is_missed_turn:
            return ()
        shared = plural(
            "{n} household wanted it, {got} got it.",
            "{n} households wanted it, {got} got it.",
            self.wanted,
            got=self.got,
        )
        longer = plural(
            "{n} of them had waited longer than you.",
            "{n} of them had waited longer than you.",
            self.got_longer,
        )
        own = plural(
            "You have gone without it once.",
            "You have gone without it {n} times in a row.",
            self.missed,
        )
        ahead = plural(
            "{n} household that went without has waited longer than you.",
            "{n} households that went without have waited longer than you.",
            self.ahead,
        )
        first = message("Nobody who went without has waited longer than you.")
        return (
            shared,
            *((longer,) if self.got_longer else ()),
            own,
            ahead if self.ahead else first,
        )


@dataclass(frozen=True, slots=True)
class Scarcity:
    """A produce of which there was too little: who wanted it, who went without, and for how long.

    `waits[k]` households now have missed k + 1 turns in a row.
    """

    produce_key: str
    wanted: int
    got: int
    waits: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Why every household has or has not every produce in one plan.

    `reason` [N, P] holds codes of `Answer`, `missed` [N, P] the turns missed in a row before this plan.
    """

    products: Sequence[str]
    is_flower: NDArray[np.bool_]
    reason: NDArray[np.int8]
    missed: NDArray[np.uint8]

    @property
    def missed_now(self) -> NDArray[np.bool_]:
        """Mark who wanted a produce, could have had it and went without; shape (N, P)."""
        without: NDArray[np.bool_] = self.reason >= FIRST_MISSED
        return without

    def why(self, household: int, product: int) -> Why:
        """Answer for one household and produce."""
        reason, before = self.reason[:, product], self.missed[:, product]
        got, without = reason == Answer.IN_BOX.code, reason >= FIRST_MISSED
        own, answer = int(before[household]), _BY_CODE[reason[household]]
        return Why(
            produce_key=self.products[product],
            answer=answer,
            is_flower=bool(self.is_flower[product]),
            missed=own + answer.is_missed_turn if answer is not Answer.IN_BOX else 0,
            wanted=int(got.sum() + without.sum()),
            got=int(got.sum()),
            got_longer=int((got & (before > own)).sum()),
            ahead=int((without & (before > own)).sum()),
        )

    def why_key(self, household: int, produce_key: str) -> Why:
        """Answer for a produce by its key; of what is not among the lots, there is none."""
        if produce_key in self.products:
            return self.why(household, self.products.index(produce_key))
        return Why(produce_key, Answer.NOT_OFFERED, False, 0, 0, 0, 0, 0)  # noqa: FBT003

    def scarce(self) -> list[Scarcity]:
        """Return the produce that somebody missed a turn of, most missed first."""
        without = self.reason >= FIRST_MISSED
        found = []
        for p in np.argsort(-without.sum(axis=0), kind="stable").tolist():
            who = without[:, p]
            if not who.any():
                break
            got = int((self.reason[:, p] == Answer.IN_BOX.code).sum())
            waits = np.bincount(self.missed[who, p])
            found.append(
                Scarcity(self.products[p], got + int(who.sum()), got, tuple(waits.tolist()))
            )
        return found
