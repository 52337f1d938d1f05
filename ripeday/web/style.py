"""The style page: every component, in light and dark, as it really is. How a newcomer learns the look."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import pendulum
from litestar import get
from litestar.response import Template
from pendulum import Date

from ripeday.kit.entrypoints.form import Form
from ripeday.kit.entrypoints.strip import StripDay, strip_day
from ripeday.kit.errors import Invalid, InvalidForm
from ripeday.kit.money import Money
from ripeday.kit.text import Message, marked, message, plural
from ripening.reading import Reading, day_words, read, weekday_name_words
from subscriptions.cutoff_wording import cutoff_words

DELIVERY_ON = Date(2026, 12, 1)
TOKENS = (
    *("paper", "surface", "sunk", "line", "edge", "ink", "ink2", "act"),
    *("act-tint", "unripe", "turning", "ripe", "keep", "past", "warn", "ok"),
)
KINDS = ("unripe", "turning", "ripe", "keep", "past")


@dataclass(frozen=True, slots=True)
class Sample:
    """One line of the sample box."""

    picture: str
    name: Message
    reading: Reading


@dataclass(frozen=True, slots=True)
class Fix:
    """What would cover a bare day; the shape that `gap_warning` shows."""

    picture: str
    heading: Message
    detail: Message
    reading: Reading
    days: Sequence[dt.date]


@get("/style", sync_to_thread=False)
def style_page() -> Template:
    """Show every component twice: in the light and in the dark."""
    lines = _lines()
    days = [DELIVERY_ON.add(days=i) for i in range(7)]
    mango = _reading((0, 0, 0, 0.05, 0.42, 0.78, 0.94, 0.7, 0.4), planned=(6,))
    return Template(
        "pages/style.html",
        context={
            "tokens": TOKENS,
            "kinds": KINDS,
            "scale": _scale(),
            "days": days,
            "strip": _strip(lines),
            "lines": lines,
            "fix": Fix(
                "mango",
                message("Swap in {item}", item=plural("{n} mango", "{n} mangoes", 1)),
                mango.sentence,
                mango,
                days,
            ),
            "bare": (days[6],),
            "cutoffs": _cutoffs(),
            "receipt_rows": _receipt_rows(),
            "form": _form(),
            "steps": [message(each) for each in _STEPS],
        },
    )


_STEPS = tuple(map(marked, ("Proposed", "Open for changes", "Locked", "Charged", "Picking", "Out")))


def _reading(chance: Sequence[float], *, mode: int = 0, planned: Sequence[int] = ()) -> Reading:
    values = [*chance, *[0.0] * (14 - len(chance))]
    total = sum(values)
    return read(
        values,
        best_chance=[value**3 / sum(v**3 for v in values) for value in values] if total else values,
        mode=mode,
        move_day=None,
        planned_days=planned,
        delivery_on=DELIVERY_ON,
    )


def _scale() -> Reading:
    """Return a bar that shows every height and kind, as on a page about how bars are read."""
    return read(
        [0.02, 0.2, 0.4, 0.8, 0.97, 0.8, 0.6, *[0.0] * 7],
        best_chance=[0, 0, 0, 0.3, 0.5, 0.2, *[0.0] * 8],
        mode=2,
        move_day=5,
        planned_days=(4,),
        delivery_on=DELIVERY_ON,
    )


def _lines() -> list[Sample]:
    return [
        Sample(
            "persimmon_nonastringent",
            plural("{n} Fuyu persimmon", "{n} Fuyu persimmons", 2),
            _reading((0.8, 0.97, 0.75, 0.4), planned=(1,)),
        ),
        Sample(
            "banana",
            plural("{n} banana", "{n} bananas", 3),
            _reading((0, 0.35, 0.9, 0.95, 0.7, 0.4), planned=(2, 3)),
        ),
        Sample(
            "kiwifruit_green",
            plural("{n} kiwifruit", "{n} kiwifruit", 4),
            _reading((0, 0.06, 0.15, 0.45, 0.95, 0.95, 0.4), planned=(4, 5)),
        ),
    ]


def _strip(lines: Sequence[Sample]) -> list[StripDay]:
    order = (0, 0, 1, 1, 2, 2, None)
    cells = []
    for day, index in enumerate(order):
        line = None if index is None else lines[index]
        cells.append(
            strip_day(
                DELIVERY_ON.add(days=day),
                picture=line.picture if line else None,
                what=line.name if line else None,
                mark="half" if day == 5 else "leaf",
                today=DELIVERY_ON.add(days=2),
                href="#strip",
            )
        )
    return cells


def _cutoffs() -> list[object]:
    cutoff_at = pendulum.datetime(2026, 12, 6, 20, tz="UTC")
    before_h = (75.0, 30.0, 5.0, 2.2, 0.68, -60.0)
    return [
        cutoff_words(cutoff_at, now=cutoff_at.subtract(seconds=int(h * 3600)), timezone="UTC")
        for h in before_h
    ]


def _receipt_rows() -> list[tuple[Message, object]]:
    def at(day: Date) -> Message:
        return message("{weekday} {day}", weekday=weekday_name_words(day), day=day_words(day))

    return [
        (message("Asked"), at(Date(2026, 11, 26))),
        (message("Cut-off"), at(Date(2026, 12, 6))),
        (message("You pay"), message("{amount}", amount=Money(0, "GBP"))),
        (message("Next box"), at(Date(2026, 12, 15))),
        (message("Receipt"), "7F3A-21C9"),
    ]


def _form() -> Form:
    wrong = [
        Invalid("postcode", message("Enter a postcode, like {example}", example="BS1 4DJ")),
        Invalid("day", message("Choose a day of the week")),
    ]
    return Form({"postcode": "BS1", "people": 2, "what": "fruit"}).refused(InvalidForm(wrong))
