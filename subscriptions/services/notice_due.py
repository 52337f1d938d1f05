"""Mails that the calendar asks for: previews, reminders, mornings and recalls, put into the outbox once each."""

from dataclasses import dataclass
from uuid import UUID

import structlog
from pendulum import DateTime

from ripeday.kit.adapters.unit_of_work import unit_of_work
from subscriptions.adapters import notice_choice_store, notice_due_store
from subscriptions.adapters.notice_due_store import STEP_MIN
from subscriptions.digest import hours_begun

log = structlog.get_logger("subscriptions.notice")

LATEST_H = 3
"""A morning's mail that could not be sent for so long is not sent any more. [hours]"""


@dataclass(frozen=True, slots=True)
class DueNoticeService:
    """Each use case may be begun again at any time: what was put into the outbox stays there once."""

    async def preview_day(self, day_id: UUID, *, now: DateTime) -> int:
        """Tell those who want it what is planned for their boxes of a day; returns how many."""
        return await self._about_open_boxes("box_preview", day_id, now=now)

    async def remind_day(self, day_id: UUID, *, now: DateTime) -> int:
        """Tell those who want it that their boxes of a day are about to close; returns how many."""
        return await self._about_open_boxes("box_reminder", day_id, now=now)

    async def _about_open_boxes(self, kind: str, day_id: UUID, *, now: DateTime) -> int:
        async with unit_of_work():
            if await notice_due_store.run_until(kind, day_id) is not None:
                return 0
            n = await notice_due_store.put_about_open_boxes(kind, day_id, now=now)
            await notice_due_store.set_run(kind, day_id, until=now)
        log.info("notices_due", kind=kind, day=str(day_id), n=n)
        return n

    async def tell_mornings(self, merchant_id: UUID, *, now: DateTime) -> int:
        """Put the digests of the hours that began since the last time into the outbox; returns how many."""
        zone = await notice_due_store.timezone_of(merchant_id)
        if zone is None:
            return 0
        until = now.set(minute=now.minute // STEP_MIN * STEP_MIN, second=0, microsecond=0)
        n = 0
        async with unit_of_work():
            before = await notice_due_store.run_until("digest", merchant_id)
            since = max(before or until.subtract(minutes=STEP_MIN), until.subtract(hours=LATEST_H))
            for on, minutes in hours_begun(since, until, timezone=zone):
                n += await notice_due_store.put_digests(merchant_id, on, minutes, now=now)
            await notice_due_store.set_run("digest", merchant_id, until=until)
        if n:
            log.info("notices_due", kind="digest", merchant=str(merchant_id), n=n)
        return n

    async def tell_recall(self, lot_id: UUID, *, now: DateTime) -> int:
        """Tell everybody who got something of a recalled lot, those first who should still have it."""
        async with unit_of_work():
            if await notice_due_store.run_until("recall", lot_id) is not None:
                return 0
            n = await notice_due_store.put_recalls(lot_id, now=now)
            await notice_due_store.set_run("recall", lot_id, until=now)
        log.info("notices_due", kind="recall", lot=str(lot_id), n=n)
        return n

    async def forget_told(self, _: str, *, now: DateTime) -> int:
        """Forget what was told so long ago that nothing can tell it again; returns how much that was."""
        n = await notice_choice_store.forget_told(now=now)
        log.info("told_forgotten", n=n)
        return n
