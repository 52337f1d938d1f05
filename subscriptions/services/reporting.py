"""One tap: still hard, just right, too late. What one household finds reaches everybody who holds of the lot."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import structlog
from pendulum import DateTime

from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.clock import local_day
from ripeday.kit.errors import Invalid, NotFound
from ripeday.kit.text import message
from ripening.verdict import Verdict
from subscriptions.adapters import learning_store, report_store
from subscriptions.adapters.report_store import LineToJudge
from subscriptions.errors import NotAtHome
from subscriptions.lifecycle import PACKABLE
from subscriptions.services.learning import LearningService

log = structlog.get_logger("subscriptions.reporting")

LATEST_DAY = 20
"""Days after delivery after which nothing is learned from a look any more."""


@dataclass(frozen=True, slots=True)
class ReportingService:
    """Takes reports and takes them back."""

    learning: LearningService

    async def report(
        self, person_id: UUID, line_id: UUID, said: str, *, judged_on: dt.date, now: DateTime
    ) -> int:
        """Save what a person found of a line of theirs that day, and learn its lot; returns how many boxes moved.

        A verdict takes the place of an earlier one of that day; saying the same again changes nothing.

        Raises
        ------
        NotFound
            The line is somebody else's, or there is none.
        Invalid
            That is no verdict, or no day to judge.
        NotAtHome
            The box did not come.
        """
        verdict = _verdict(said)
        async with unit_of_work():
            line = await _held_line(person_id, line_id)
            _check_day(line, judged_on, now)
            if line.box_status not in PACKABLE:
                raise NotAtHome
            if not await report_store.say(
                line, verdict, judged_on=judged_on, person_id=person_id, now=now
            ):
                return 0
            n_boxes = await self.learning.learn_lot(line.lot_id, now=now)
        log.info("reported", lot=str(line.lot_id), verdict=verdict.value, boxes=n_boxes)
        return n_boxes

    async def take_back(
        self, person_id: UUID, line_id: UUID, *, judged_on: dt.date, now: DateTime
    ) -> int:
        """Learn the lot without what was said of a line that day; returns how many boxes moved.

        Raises
        ------
        NotFound
        """
        async with unit_of_work():
            line = await _held_line(person_id, line_id)
            if not await report_store.take_back(line, judged_on=judged_on, now=now):
                return 0
            n_boxes = await self.learning.learn_lot(line.lot_id, now=now)
        log.info("report_undone", lot=str(line.lot_id), boxes=n_boxes)
        return n_boxes


async def _held_line(person_id: UUID, line_id: UUID) -> LineToJudge:
    """Return a person's line with its lot held, and as it is now that nobody else changes it."""
    seen = await report_store.line_of(person_id, line_id)
    if seen is None:
        raise NotFound
    await learning_store.hold_lots([seen.lot_id])
    line = await report_store.line_of(person_id, line_id)
    if line is None:
        raise NotFound
    return line


def _verdict(said: str) -> Verdict:
    try:
        return Verdict(said)
    except ValueError:
        raise Invalid(
            "felt", message("Choose one of the three: still hard, just right or too late.")
        ) from None


def _check_day(line: LineToJudge, judged_on: dt.date, now: DateTime) -> None:
    if judged_on < line.delivery_on:
        raise Invalid("on", message("The box had not come by that day. Tell us of a later one."))
    if judged_on > local_day(now, line.timezone):
        raise Invalid("on", message("That day has not come yet. Tell us when it is there."))
    if (judged_on - line.delivery_on).days > LATEST_DAY:
        raise Invalid("on", message("That is too long after the box came to learn from."))
