"""The lessons of a lot as its page shows them: a picture, what was said, how far that moved the lot."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ripeday.kit.text import Message, Translator, message
from ripening.calibration import Lesson, picture_of
from ripening.produce import Produce
from ripening.verdict import Verdict
from subscriptions.services.lot_lesson import Taught

_SAID = {
    Verdict.HARD: message("Still hard"),
    Verdict.RIGHT: message("Just right"),
    Verdict.LATE: message("Too late"),
}
_SAID_OF_FLOWERS = {
    Verdict.HARD: message("Still closed"),
    Verdict.RIGHT: message("In bloom"),
    Verdict.LATE: message("Faded"),
}


@dataclass(frozen=True, slots=True)
class LessonView:
    """One figure; `said` and `moved` stand beside the picture and are read out in place of it."""

    judged_on: dt.date
    said: Message
    moved: Message
    lesson: Lesson

    def picture(self, translator: Translator) -> Markup:
        """Draw it."""
        title = f"{translator.render(self.said)}: {translator.render(self.moved)}"
        # Numbers and names that are ours; the title is escaped there.
        return Markup(picture_of(self.lesson, title))  # noqa: S704


def lessons_of(taught: Sequence[Taught], produce: Produce) -> dict[str, object]:
    """Return what the template needs."""
    said = _SAID_OF_FLOWERS if produce.is_flower else _SAID
    views = [
        LessonView(
            each.judged_on,
            said[each.verdict],
            _moved(each.moved_days),
            each.lesson,
        )
        for each in taught
    ]
    return {"lessons": views, "comes_ready": not produce.ripens}


def _moved(days: float) -> Message:
    by = f"{abs(days):.1f}"
    if by == "0.0":
        return message("moved nothing")
    if days > 0:
        return message("later by {days} days", days=by)
    return message("sooner by {days} days", days=by)
