"""One report's work, as a picture: what was thought before, what was said, what is thought after."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from scipy.special import ndtr

from ripening.calibration.evidence import Report
from ripening.calibration.learning import Learning
from ripening.calibration.posterior import LotPosterior
from ripening.course import Floats

Key = TypeVar("Key", bound=Hashable)

POINTS_A_DAY = 8


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one report taught about its lot, for the home it came from.

    The curves are P(a fruit of the lot is ready by each of `days` after delivery) in that home; of
    what comes ready they are P(it is still good then). `published` knows no report at all, `before`
    all others, `after` this one too. The report itself is a point: its day and its verdict.
    """

    report: Report
    days: Floats
    published: Floats
    before: Floats
    after: Floats
    lot_before: LotPosterior
    lot_after: LotPosterior

    def at_report(self, curve: Floats) -> float:
        """Return the height of one of the curves on the day of the report."""
        return float(np.interp(self.report.day, self.days, curve))

    @property
    def moved_days(self) -> float:
        """By how much later (or, below 0, earlier) the lot is now thought to be. [days at 20 °C]

        For what comes ready: by how much longer it is thought to keep.
        """
        return self.lot_after.mean_days - self.lot_before.mean_days


def lesson_of(
    learning: Learning[Key], key: Key, report: Report, *, days: int = 14
) -> tuple[Lesson, Learning[Key]]:
    """Return what one more report on a lot teaches, and all that is known with it.

    Parameters
    ----------
    learning
        What was known before it.
    days
        How many days after delivery the curves run.
    """
    learned = learning.with_report(key, report)
    lots = learning.lot(key), learned.lot(key)
    at = np.linspace(0.0, days, days * POINTS_A_DAY + 1)
    grid = learning.grid
    if grid.comes_ready:
        lived = (report.age_days + report.course.kept(at)) / learned.lots[key].keep_factor
    else:
        lived = report.age_days + report.course.ripened(at)
    before, after = (share(lived) for share in (lots[0].time_chance, lots[1].time_chance))
    published = ndtr((lived - grid.law.mean) / grid.law.sigma)
    if grid.comes_ready:
        published, before, after = 1 - published, 1 - before, 1 - after
    return Lesson(report, at, published, before, after, *lots), learned
