"""What reports teach: a lot for all its holders at once, a produce in due time, and the boxes still to come."""

import asyncio
import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import structlog
from pendulum import DateTime

from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.clock import local_day
from ripening.adapters import learned_store
from ripening.calibration import Learning, LotPosterior, learn, learn_lot
from ripening.learned_times import LearnedProfiles, LearnedTimes, overlaid
from ripening.lot_state import LotState
from ripening.produce import Produce
from subscriptions.adapters import carry_store, learning_store
from subscriptions.adapters.learning_store import LotToLearn
from subscriptions.box_change import ChangeReason
from subscriptions.holder import HolderBox, relearned, short_days
from subscriptions.keeping import HeldAs, outlooks
from subscriptions.lot_word import LotWord, evidence_of
from subscriptions.services.planning import PlanningService

log = structlog.get_logger("subscriptions.learning")

LOTS_MOST = 400
"""A produce is learned from this many lots at most, those of late."""


@dataclass(frozen=True, slots=True)
class LearningService:
    """Learns lots and produce; `profiles` are what the house counts with, and get better here."""

    profiles: LearnedProfiles
    planning: PlanningService

    async def refresh(self) -> None:
        """Lay what any process has learned over the published times."""
        self.profiles.lay(await learned_store.learned_times())

    async def learn_lot(self, lot_id: UUID, *, now: DateTime) -> int:
        """Learn a lot from all that stands reported of it, and tell its holders; returns how many boxes moved.

        Call it inside a unit of work: the lot's row is held, so that of two reports the later one counts both.
        """
        (lot,) = await learning_store.hold_lots([lot_id])
        boxes = await learning_store.hold_boxes([lot_id], now=now)
        words = await learning_store.words_of({lot.id: lot.state})
        evidence = evidence_of(words[lot.id], self.profiles.published)
        produce = self.profiles[lot.state.produce_key]
        ready = produce.ready_spread(treated=lot.state.treated)
        known = await asyncio.to_thread(learn_lot, ready, produce.keep_spread(), evidence)
        await learning_store.note_learned(lot_id, now=now)
        return await _teach(lot, known, boxes, profiles=self.profiles, now=now)

    async def learn_produce(self, key: str, *, now: DateTime) -> None:
        """Learn a produce from all its lots, and its lots by what is known of the produce then.

        `key` is "banana:treated" or "banana:untreated". All is one unit of work: done, or still to do.
        """
        produce_key, _, kind = key.partition(":")
        is_treated = kind == "treated"
        async with unit_of_work():
            lots = await learning_store.known_lots(
                produce_key, is_treated=is_treated, most=LOTS_MOST
            )
            held = await learning_store.hold_lots(await learning_store.lots_at_home(lots, now=now))
            boxes = await learning_store.hold_boxes([lot.id for lot in held], now=now)
            words = await learning_store.words_of(lots)
            learning = await asyncio.to_thread(
                _learn, words, self.profiles.published, produce_key, is_treated=is_treated
            )
            times = _times(learning, produce_key, is_treated=is_treated, now=now)
            await learned_store.save(times)
            profiles = overlaid(self.profiles.published, await learned_store.learned_times())
            for lot in held:
                await _teach(lot, learning.lot(lot.id), boxes, profiles=profiles, now=now)
        await self.refresh()
        log.info("produce_learned", produce=key, lots=times.n_lots, reports=times.n_reports)

    async def plan_moved_boxes(self, delivery_day_id: UUID, *, now: DateTime) -> int:
        """Plan the proposed boxes of an open day anew in which reports have moved meals; returns how many.

        So are those that count on food at home which is not to be had after all.
        """
        async with unit_of_work():
            moved = await learning_store.moved_boxes(delivery_day_id)
            less = await carry_store.boxes_with_less(delivery_day_id)
            n_less = await self.planning.plan_boxes_again(
                delivery_day_id, less, why=ChangeReason.LESS_AT_HOME, now=now
            )
            return n_less + await self.planning.plan_boxes_again(
                delivery_day_id,
                [each for each in moved if each not in less],
                why=ChangeReason.RIPENS_OTHERWISE,
                now=now,
            )


def _learn(
    words: Mapping[UUID, LotWord],
    published: Mapping[str, Produce],
    produce_key: str,
    *,
    is_treated: bool,
) -> Learning[UUID]:
    produce = published[produce_key]
    evidence = {lot: evidence_of(word, published) for lot, word in words.items()}
    return learn(produce.ready_spread(treated=is_treated), produce.keep_spread(), evidence)


def _times(
    learning: Learning[UUID], produce_key: str, *, is_treated: bool, now: DateTime
) -> LearnedTimes:
    """Return what is known of a produce. Reports of the last minutes may not be seen yet: they make it due again."""
    known = learning.cultivar
    grid = known.grid
    keeps = "mean" if grid.comes_ready else "keep"
    return LearnedTimes(
        produce_key=produce_key,
        treated=is_treated,
        ready=known.ready,
        keep=known.keep,
        ready_mean_sd_days=grid.ready.mean * known.factor("mean").sigma,
        keep_mean_sd_days=grid.keep.mean * known.factor(keeps).sigma,
        n_reports=known.n_reports,
        n_lots=known.n_lots,
        learned_at=now.subtract(minutes=learning_store.QUIET_MINUTES),
    )


async def _teach(
    lot: LotToLearn,
    known: LotPosterior,
    box_ids: Sequence[UUID],
    *,
    profiles: Mapping[str, Produce],
    now: DateTime,
) -> int:
    """Save what is known of a lot, and what follows for the held boxes with something of it."""
    state = _known_state(lot.state, known, profiles)
    await learning_store.save_shift(lot.id, state)
    today: dt.date = local_day(now, lot.timezone)
    before = await learning_store.holders(lot.id, box_ids, today=today)
    before = [box for box in before if box.delivery_on >= state.graded_on]
    after = await asyncio.to_thread(_relearned, before, lot, state, profiles=profiles, today=today)
    moved = await learning_store.save_lines(before, after)
    if moved:
        short = [
            day
            for box in after
            if box.id in moved
            for day in short_days(box, day=(today - box.delivery_on).days)
        ]
        await learning_store.save_short_days(
            list(moved), short, merchant_id=lot.merchant_id, since=today
        )
    log.info("lot_learned", lot=str(lot.id), shift=state.shift_days, boxes=len(moved))
    return len(moved)


def _known_state(state: LotState, known: LotPosterior, profiles: Mapping[str, Produce]) -> LotState:
    """Return the lot with what is known of it; with nothing said, as its papers say."""
    if not known.n_reports and not known.n_checks:
        return replace(state, shift_days=0.0, shift_sigma=None)
    produce = profiles[state.produce_key]
    law = produce.ready_spread(treated=state.treated) if produce.ripens else produce.keep_spread()
    return replace(
        state,
        shift_days=round(known.shift_from(law), 4),
        shift_sigma=round(known.shift_sigma, 4),
    )


def _relearned(
    boxes: Sequence[HolderBox],
    lot: LotToLearn,
    state: LotState,
    *,
    profiles: Mapping[str, Produce],
    today: dt.date,
) -> list[HolderBox]:
    """Work each kind of home, way of keeping and delivery day out once, however many boxes are of it."""
    cases: dict[dt.date, set[HeldAs]] = defaultdict(set)
    for box in boxes:
        cases[box.delivery_on] |= {box.case_of(line) for line in box.lines if line.lot_id == lot.id}
    told = {
        on: outlooks(
            state,
            held,
            profiles=profiles,
            delivery_on=on,
            day=(today - on).days,
            service_level=lot.service_level,
        )
        for on, held in cases.items()
    }
    return [
        relearned(box, lot.id, told[box.delivery_on], day=(today - box.delivery_on).days)
        for box in boxes
    ]
