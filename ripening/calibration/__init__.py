"""Learning from what eaters and the warehouse report: a posterior on a grid.

`evidence` says what a report is worth, `grid` lays out what is unknown about a cultivar,
`learning` multiplies the two, `posterior` is what comes out, `lesson` shows one report's work
and `picture` draws it.
"""

from ripening.calibration.evidence import LotEvidence, Report, StageCheck
from ripening.calibration.learning import Learning, learn, learn_lot, take_as_known
from ripening.calibration.lesson import Lesson, lesson_of
from ripening.calibration.picture import picture_of
from ripening.calibration.posterior import CultivarPosterior, Factor, LotPosterior
from ripening.verdict import Verdict

__all__ = [
    "CultivarPosterior",
    "Factor",
    "Learning",
    "Lesson",
    "LotEvidence",
    "LotPosterior",
    "Report",
    "StageCheck",
    "Verdict",
    "learn",
    "learn_lot",
    "lesson_of",
    "picture_of",
    "take_as_known",
]
