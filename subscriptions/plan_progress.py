"""How far the plan of a delivery day is, in a phase for people and one share for a bar. Pure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ripeday.kit.text import Message, marked, message


class PlanPhase(StrEnum):
    """What the planner is at; `WAITING` days are planned as soon as a worker is free."""

    WAITING = "waiting"
    READING = "reading"
    PRICES = "prices"
    BOXES = "boxes"
    IMPROVING = "improving"
    SAVING = "saving"
    DONE = "done"

    @property
    def words(self) -> Message:
        """Return what is done right now."""
        return message(_WORDS[self])


_WORDS: Mapping[PlanPhase, str] = {
    PlanPhase.WAITING: marked("Waiting for a free worker"),
    PlanPhase.READING: marked("Reading households and lots"),
    PlanPhase.PRICES: marked("Learning what scarce lots are worth"),
    PlanPhase.BOXES: marked("Choosing boxes"),
    PlanPhase.IMPROVING: marked("Improving boxes"),
    PlanPhase.SAVING: marked("Checking and saving"),
    PlanPhase.DONE: marked("Planned"),
}
_STARTS: Mapping[PlanPhase, float] = {
    PlanPhase.WAITING: 0.0,
    PlanPhase.READING: 0.0,
    PlanPhase.PRICES: 0.1,
    PlanPhase.BOXES: 0.15,
    PlanPhase.IMPROVING: 0.5,
    PlanPhase.SAVING: 0.9,
    PlanPhase.DONE: 1.0,
}
"""Share of the whole that is done when a phase begins, as the seconds of a large week fall."""
_TOLD_AS: Mapping[str, PlanPhase] = {
    "prices": PlanPhase.PRICES,
    "boxes": PlanPhase.BOXES,
    "improve": PlanPhase.IMPROVING,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A phase and how much of the whole plan is done, 0 to 1."""

    phase: PlanPhase
    done_fraction: float

    @property
    def done_pct(self) -> int:
        """Return it in whole percent, never rounded up to all."""
        return int(100 * self.done_fraction)


@dataclass(frozen=True, slots=True)
class RunningPlan(Standing):
    """How far a day is; `ended_at` is None while it is planned."""

    began_at: dt.datetime
    ended_at: dt.datetime | None

    @property
    def is_running(self) -> bool:
        """Whether somebody works on it, or will."""
        return self.ended_at is None


def begun(phase: PlanPhase) -> Standing:
    """Return a phase at its beginning."""
    return Standing(phase, _STARTS[phase])


def standing_of(told: str, done: int, total: int) -> Standing:
    """Return how far the whole is when the planner tells that `done` of `total` of a phase are done."""
    phase = _TOLD_AS.get(told, PlanPhase.IMPROVING)
    phases = list(PlanPhase)
    start, end = _STARTS[phase], _STARTS[phases[phases.index(phase) + 1]]
    share = min(max(done / total, 0.0), 1.0) if total > 0 else 0.0
    return Standing(phase, start + share * (end - start))
