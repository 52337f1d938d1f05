"""What each of the last reports on a lot has taught, one picture a report: before, said, after."""

import asyncio
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ripening.calibration import Lesson, lesson_of, take_as_known
from ripening.produce import Produce, load_profiles
from ripening.verdict import Verdict
from subscriptions.adapters import learning_store
from subscriptions.adapters.lot_page import LotView
from subscriptions.lot_word import LotWord, evidence_of

LESSONS_MOST = 4


@dataclass(frozen=True, slots=True)
class Taught:
    """One report on a lot and what it changed; `moved_days` below 0 is earlier. [days at 20 °C]"""

    delivery_on: dt.date
    judged_on: dt.date
    verdict: Verdict
    lesson: Lesson

    @property
    def moved_days(self) -> float:
        """Return by how much later the lot is thought to be since."""
        return self.lesson.moved_days


async def lot_lessons(lot: LotView, profiles: Mapping[str, Produce]) -> tuple[Taught, ...]:
    """Return the lessons of the last reports, the newest first; the lot is one that its reader may see."""
    words = await learning_store.words_of({lot.id: lot.state})
    word = words[lot.id]
    if not word.said:
        return ()
    produce = profiles[lot.state.produce_key]
    return await asyncio.to_thread(_lessons, word, produce)


def _lessons(word: LotWord, produce: Produce) -> tuple[Taught, ...]:
    said = sorted(word.said, key=lambda each: (each.judged_on, str(each.line_id)))
    said = [each for each in said if each.delivery_on >= word.state.graded_on]
    published = load_profiles()
    evidence = evidence_of(replace(word, said=tuple(said)), published)
    first = max(len(said) - LESSONS_MOST, 0)
    known = replace(evidence, reports=evidence.reports[:first])
    ready = produce.ready_spread(treated=word.state.treated)
    learning = take_as_known(ready, produce.keep_spread(), {0: known})
    found = []
    for each, report in zip(said[first:], evidence.reports[first:], strict=True):
        lesson, learning = lesson_of(learning, 0, report)
        found.append(Taught(each.delivery_on, each.judged_on, each.verdict, lesson))
    return tuple(reversed(found))
