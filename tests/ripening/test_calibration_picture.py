"""One report's work, shown."""

from xml.etree import ElementTree as ET

import numpy as np
import pytest

from ripening.calibration import (
    Lesson,
    LotEvidence,
    Report,
    Verdict,
    lesson_of,
    picture_of,
    take_as_known,
)
from ripening.course import steady
from ripening.spread import Spread

READY, KEEP = Spread(4.5, 0.9), Spread(2.5, 0.4)
SVG = "{http://www.w3.org/2000/svg}"


def lesson(verdict: Verdict, day: float, ready: Spread = READY) -> Lesson:
    """What a report from a kitchen of 20 °C teaches about a lot that nobody knew."""
    learning = take_as_known(ready, KEEP, {"A1": LotEvidence()})
    return lesson_of(learning, "A1", Report(verdict, 0.0, steady(1.0, 1.0), day), days=10)[0]


def test_before_any_report_a_lot_is_what_was_published() -> None:
    shown = lesson(Verdict.HARD, 5.0)

    assert shown.before == pytest.approx(shown.published, abs=0.005)


@pytest.mark.parametrize(("verdict", "side"), [(Verdict.HARD, -1), (Verdict.LATE, 1)])
def test_the_whole_curve_moves_the_way_the_report_says(verdict: Verdict, side: int) -> None:
    shown = lesson(verdict, 5.0)

    assert (side * (shown.after - shown.before)).min() > -0.01
    assert np.sign(shown.moved_days) == -side
    assert shown.at_report(shown.after) != pytest.approx(shown.at_report(shown.before), abs=0.05)


def test_of_what_comes_ready_the_curve_falls_and_late_makes_it_fall_earlier() -> None:
    shown = lesson(Verdict.LATE, 2.0, ready=Spread(0.0, 0.0))

    assert np.diff(shown.before).max() <= 1e-12
    assert shown.after[0] == pytest.approx(1.0, abs=0.01)
    assert (shown.after - shown.before).max() < 0.01
    assert shown.moved_days < 0


def test_a_second_lesson_begins_where_the_first_one_ended() -> None:
    learning = take_as_known(READY, KEEP, {"A1": LotEvidence()})
    report = Report(Verdict.HARD, 0.0, steady(1.0, 1.0), 5.0)
    first, learned = lesson_of(learning, "A1", report)

    second, _ = lesson_of(learned, "A1", report)

    assert second.before == pytest.approx(first.after)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_the_picture_holds_three_curves_and_the_report_on_its_day(verdict: Verdict) -> None:
    root = ET.fromstring(picture_of(lesson(verdict, 5.0), 'Lot "A1" & what was said'))

    curves = [path.get("class") for path in root.iter(f"{SVG}path") if path.get("class")]
    (dot,) = root.iter(f"{SVG}circle")
    assert curves == ["published", "before", "after"]
    assert float(dot.get("cx", "nan")) == 5 * 24
    assert root.get("aria-label") == 'Lot "A1" & what was said'
