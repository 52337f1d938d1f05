"""What reports have changed about a produce, beside what was published: two ranges on one scale."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ripeday.kit.text import Message, message, plural
from ripening.learned_times import LearnedTimes
from ripening.parameter import central
from ripening.produce import Produce
from ripening.spread import Spread

_WIDTH = 100.0


@dataclass(frozen=True, slots=True)
class Range:
    """A time and the range of nine in ten, on a ground of 100: left edge, width, middle."""

    days: Spread
    left: float
    width: float
    middle: float


@dataclass(frozen=True, slots=True)
class Change:
    """One time before any report and after the last one."""

    label: Message
    before: Range
    after: Range
    most_days: int

    @property
    def said(self) -> Message:
        """Return "4.5 → 3.9 days"."""
        return message(
            "{before} → {after} days",
            before=f"{self.before.days.mean:.1f}",
            after=f"{self.after.days.mean:.1f}",
        )


@dataclass(frozen=True, slots=True)
class Changes:
    """What the reports on lots of one kind, treated or not, have changed."""

    heading: Message
    taught_by: Message
    changes: tuple[Change, ...]


def changes_of(produce: Produce, learned: Sequence[LearnedTimes]) -> tuple[Changes, ...]:
    """Lay what was learned of a produce beside what was published of it; treated lots come first."""
    own = [each for each in learned if each.produce_key == produce.key and each.n_reports]
    return tuple(_changes(produce, each) for each in sorted(own, key=_untreated))


def _untreated(learned: LearnedTimes) -> bool:
    return not learned.treated


def _changes(produce: Produce, learned: LearnedTimes) -> Changes:
    published = produce.ready_spread(treated=learned.treated)
    pairs = []
    if produce.ripens:
        label = message("days until it opens") if produce.is_flower else message("days until ripe")
        pairs.append((label, published, learned.ready))
    label = message("days in bloom") if produce.is_flower else message("days it stays good")
    pairs.append((label, produce.keep_spread(), learned.keep))
    most = max(central(spread)[1] for _, *both in pairs for spread in both)
    most_days = max(math.ceil(most), 1)
    reports = plural("{n} report", "{n} reports", learned.n_reports)
    lots = plural("{n} lot", "{n} lots", learned.n_lots)
    return Changes(
        _heading(produce, treated=learned.treated),
        message(
            "From {reports} on {lots}, last on {day}.",
            reports=reports,
            lots=lots,
            day=learned.learned_at.date(),
        ),
        tuple(
            Change(label, _range(before, most_days), _range(after, most_days), most_days)
            for label, before, after in pairs
        ),
    )


def _heading(produce: Produce, *, treated: bool) -> Message:
    if produce.is_flower or not produce.ripens or produce.ready == produce.ready_untreated:
        return message("All lots")
    return message("Ripened beforehand") if treated else message("Not ripened beforehand")


def _range(days: Spread, most_days: int) -> Range:
    low, high = central(days)
    scale = _WIDTH / most_days
    return Range(days, low * scale, (high - low) * scale, days.mean * scale)
