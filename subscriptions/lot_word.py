"""What was said of a lot, at home and in the warehouse, as the evidence that ripening learns from. Pure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from ripening.calibration import LotEvidence, Report, StageCheck
from ripening.course import Course
from ripening.home import HOME_CLASSES, MODES, Way
from ripening.lot_state import LotState, age_at, keep_of, produce_of
from ripening.produce import Produce
from ripening.verdict import Verdict
from ripening.window import handling_of

DAYS = 21


@dataclass(frozen=True, slots=True)
class Said:
    """A household's verdict that stands, and how it had kept the fruit until then."""

    line_id: UUID
    delivery_on: dt.date
    judged_on: dt.date
    verdict: Verdict
    home: int
    mode: int
    move_day: int | None


@dataclass(frozen=True, slots=True)
class Checked:
    """A check of the warehouse: the age measured, the age its papers say, over how many fruit. [days at 20 °C]"""

    age_days: float
    expected_days: float
    n_fruit: int


@dataclass(frozen=True, slots=True)
class LotWord:
    """Everything said of one lot; `state` may hold what was learned before, which counts for nothing here."""

    state: LotState
    said: tuple[Said, ...]
    checks: tuple[Checked, ...]


def evidence_of(word: LotWord, published: Mapping[str, Produce]) -> LotEvidence:
    """Return what was said as evidence, measured against the published times.

    What a household says of one line on several days is taken to be said of one and the same fruit.
    """
    bare = replace(word.state, shift_days=0.0, shift_sigma=None)
    produce = produce_of(bare, published)
    courses: dict[tuple[dt.date, int, int, int | None], Course] = {}
    reports = []
    for said in word.said:
        if said.delivery_on < bare.graded_on:
            continue  # it was graded again since; nobody knows how that box was
        kept = said.delivery_on, said.home, said.mode, said.move_day
        if kept not in courses:
            courses[kept] = _course(bare, said, published)
        age = age_at(bare, published, delivery_on=said.delivery_on)
        day = float((said.judged_on - said.delivery_on).days)
        reports.append(Report(said.verdict, age, courses[kept], day, fruit=str(said.line_id)))
    sigma = produce.ready_spread(treated=bare.treated).fruit_sigma
    checks = tuple(
        StageCheck.of_sample(
            check.age_days, check.expected_days, n_fruit=check.n_fruit, fruit_sigma=sigma
        )
        for check in word.checks
    )
    kept_part = keep_of(bare, produce).mean / produce.keep_spread().mean
    return LotEvidence(tuple(reports), checks, kept_part)


def _course(lot: LotState, said: Said, published: Mapping[str, Produce]) -> Course:
    """Return what that home did to the lot: by the day on which it moved, not by the one that was best."""
    handling = handling_of(
        [lot],
        profiles=published,
        delivery_on=said.delivery_on,
        days=DAYS,
        homes=[HOME_CLASSES[said.home].home(said.delivery_on)],
        ways=[Way(MODES[said.mode], said.move_day)],
    )
    course = handling.course
    return Course(course.starts[0, 0, 0], course.ripen[0, 0, 0], course.keep[0, 0, 0])
