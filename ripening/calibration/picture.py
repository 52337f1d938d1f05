"""The picture of one lesson: two outlines and a dot, as an SVG that a page may hold."""

from html import escape

import numpy as np

from ripening.calibration.lesson import Lesson
from ripening.course import Floats
from ripening.verdict import Verdict

_DAY, _HEIGHT, _FOOT = 24.0, 120.0, 18.0
_WIDTH_OF = {"published": 1.0, "before": 1.5, "after": 3.0}
_DASH = {"published": "1 4", "before": "6 4", "after": "none"}
_DOT_RADIUS = 5.0


def picture_of(lesson: Lesson, title: str) -> str:
    """Draw what was published (dotted), thought before (dashed) and after (solid), and the report.

    Height is the chance that a fruit of the lot is ready (of what comes ready: still good) by the
    day below. The report is a dot on its day: hollow on the ground for hard, filled on the new curve
    for right, a crossed one on top for late. Only shapes tell them apart: it prints in grey.
    `title` is read out in place of the picture.
    """
    n_days = int(lesson.days[-1])
    width, height = n_days * _DAY, _HEIGHT + _FOOT
    curves = "".join(
        f'<path class="{name}" fill="none" stroke="currentColor" stroke-width="{_WIDTH_OF[name]:g}"'
        f' stroke-dasharray="{_DASH[name]}" d="{_path(lesson.days, curve)}"/>'
        for name, curve in (
            ("published", lesson.published),
            ("before", lesson.before),
            ("after", lesson.after),
        )
    )
    ticks = "".join(
        f'<text x="{day * _DAY:g}" y="{height - 4:g}" font-size="12" text-anchor="middle"'
        f' fill="currentColor">{day}</text>'
        for day in range(0, n_days + 1, 2)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-12 -12 {width + 24:g} {height + 12:g}"'
        f' role="img" aria-label="{escape(title)}">'
        f'<path stroke="currentColor" stroke-width="1.5" d="M0 {_HEIGHT:g}H{width:g}"/>'
        f"{curves}{_dot(lesson)}{ticks}</svg>"
    )


def _path(days: Floats, curve: Floats) -> str:
    points = zip(days * _DAY, (1 - np.clip(curve, 0.0, 1.0)) * _HEIGHT, strict=True)
    return "M" + "L".join(f"{x:g} {y:.1f}" for x, y in points)


def _dot(lesson: Lesson) -> str:
    report = lesson.report
    share = {
        Verdict.HARD: 0.0,
        Verdict.RIGHT: lesson.at_report(lesson.after),
        Verdict.LATE: 1.0,
    }[report.verdict]
    x, y = report.day * _DAY, (1 - share) * _HEIGHT
    fill = "none" if report.verdict is Verdict.HARD else "currentColor"
    cross = f"M{x - 8:g} {y - 8:.1f}l16 16m0 -16l-16 16" if report.verdict is Verdict.LATE else ""
    return (
        f'<g class="report {report.verdict}" stroke="currentColor" stroke-width="2">'
        f'<circle cx="{x:g}" cy="{y:.1f}" r="{_DOT_RADIUS:g}" fill="{fill}"/>'
        f'<path fill="none" d="M{x:g} {_HEIGHT:g}v6{cross}"/></g>'
    )
