"""The cut-off: lock, reserve, charge, then confirm or give the stock back.

Nobody pays for what cannot ship, so stock comes first. Each step is one transaction that finds out for itself
whether it is still due; running any of them again changes nothing.
"""

from dataclasses import dataclass
from uuid import UUID

import structlog
from pendulum import DateTime

from delivery.adapters import day_store, stock_store
from delivery.errors import NotYetCutOff
from ripeday.kit.adapters import outbox
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.errors import NotFound
from subscriptions.adapters import addon_store
from subscriptions.lifecycle import BoxStatus
from subscriptions.services.billing import BillingService

log = structlog.get_logger("delivery.cutoff")


@dataclass(frozen=True, slots=True)
class CutoffService:
    """Takes a delivery day from open to paid."""

    billing: BillingService

    async def lock_day(self, delivery_day_id: UUID, *, now: DateTime) -> int:
        """Close the day for changes; returns how many boxes were locked (0 when it was closed before).

        Raises
        ------
        NotFound, NotYetCutOff
        """
        async with unit_of_work():
            day = await day_store.day_head(delivery_day_id, locked=True)
            if day is None:
                raise NotFound
            if day.locked_at is not None:
                return 0
            if now < day.cutoff_at:
                raise NotYetCutOff(day.cutoff_at)
            n_boxes = await day_store.lock_boxes(delivery_day_id, now=now)
            await addon_store.fix_in_boxes(delivery_day_id)
        log.info("day_locked", delivery_day=str(delivery_day_id), boxes=n_boxes)
        return n_boxes

    async def reserve_day(self, delivery_day_id: UUID, *, now: DateTime) -> int:
        """Reserve stock for the locked boxes of a day; returns how many boxes have all their lines.

        A box that does not fit becomes short: it is not charged, and its household is told.
        """
        async with unit_of_work():
            day = await day_store.day_head(delivery_day_id, locked=True)
            if day is None:
                raise NotFound
            if day.locked_at is None or day.reserved_at is not None:
                return 0
            n_boxes, short = await stock_store.reserve_locked_boxes(delivery_day_id, now=now)
            await day_store.mark_reserved(delivery_day_id, now=now)
            told = {f"box:{box}:short": {"kind": "box_short", "box": str(box)} for box in short}
            await outbox.put_many("notice", told, now=now)
        log.info("day_reserved", delivery_day=str(delivery_day_id), boxes=n_boxes, short=len(short))
        return n_boxes

    async def charge_box(self, box_id: UUID, *, now: DateTime) -> BoxStatus:
        """Take the money for one reserved box; a declined card gives the stock back.

        Raises
        ------
        PaymentUnavailable
            The outcome is unknown; the box keeps its stock and is asked about later.
        """
        return await self.billing.charge(box_id, now=now)

    async def settle_box(self, box_id: UUID, *, now: DateTime) -> BoxStatus:
        """Find out what became of a charge whose outcome is unknown; never charges again."""
        return await self.billing.settle(box_id, now=now)
