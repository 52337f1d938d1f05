"""Doing without a delivery, and taking that back; the box before it is planned to last until the next one."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

import structlog
from pendulum import DateTime

from ripeday.kit.adapters import audit
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.clock import local_day
from ripeday.kit.errors import Invalid, NotFound
from ripeday.kit.text import message
from subscriptions.adapters import share_store, skip_store
from subscriptions.adapters.skip_store import DatedBox, SkippableSubscription
from subscriptions.box_change import ChangeReason
from subscriptions.cutoff import DatedDelivery
from subscriptions.errors import PastCutoff
from subscriptions.lifecycle import CHANGEABLE, BoxStatus, SubscriptionStatus
from subscriptions.services.planning import HORIZON_MAX, PlanningService
from subscriptions.skipping import due_deliveries, n_skipped_next

log = structlog.get_logger("subscriptions.skipping")

SHOWN = 8
AHEAD_DAYS = 366
"""Nobody skips further ahead than a year."""


@dataclass(frozen=True, slots=True)
class ComingDelivery:
    """A delivery that a subscription is due on; `lasts_until` is the last day that its box is planned for."""

    on: dt.date
    cutoff_at: dt.datetime
    is_open: bool
    is_skipped: bool
    box_id: UUID | None
    lasts_until: dt.date


@dataclass(frozen=True, slots=True)
class SkippingService:
    """Skips deliveries until their cut-off, and takes that back until then.

    A skip, the box that goes with it and the box before it that leans to what lasts longer are one transaction.
    Boxes that the household has changed itself stay as they are.
    """

    planning: PlanningService

    async def deliveries(
        self, person_id: UUID, subscription_id: UUID, *, now: DateTime
    ) -> list[ComingDelivery]:
        """Return the next deliveries of a subscription, skipped ones too.

        Raises
        ------
        NotFound
        """
        held = await _subscription(person_id, subscription_id)
        today = local_day(now, held.rule.timezone)
        boxes = await skip_store.dated_boxes(held, since=today)
        skipped = await skip_store.skipped_days(subscription_id, since=today)
        return [
            _coming(held, delivery, boxes.get(delivery.delivery_on), skipped, now=now)
            for delivery in islice(_due(held, today), SHOWN)
        ]

    async def skip(
        self, person_id: UUID, subscription_id: UUID, on: dt.date, *, now: DateTime
    ) -> None:
        """Do without the delivery on a day: its box goes, and the one before it is planned to last; again is no change.

        Raises
        ------
        NotFound, Invalid, PastCutoff, PlanRejected
        """
        async with unit_of_work():
            held = await _subscription(person_id, subscription_id)
            await share_store.hold_depot(held.depot_id)
            boxes = await _still_open(held, on, now=now)
            if not await skip_store.skip(held, on, now=now):
                return
            gone = boxes.get(on)
            if gone is not None and gone.box_id is not None and gone.status in CHANGEABLE:
                await skip_store.drop_box(gone.box_id)
            n_boxes = await self._plan_before(held, on, boxes, now=now)
            await _note("delivery_skipped", held, person_id, on, n_boxes=n_boxes, now=now)

    async def withdraw(
        self, person_id: UUID, subscription_id: UUID, on: dt.date, *, now: DateTime
    ) -> None:
        """Have the delivery on a day after all, and the box before it as usual; again is no change.

        Raises
        ------
        NotFound, Invalid, PastCutoff, PlanRejected
        """
        async with unit_of_work():
            held = await _subscription(person_id, subscription_id)
            await share_store.hold_depot(held.depot_id)
            boxes = await _still_open(held, on, now=now)
            if not await skip_store.withdraw(subscription_id, on):
                return
            n_boxes = await self._plan_before(held, on, boxes, now=now)
            back = boxes.get(on)
            if back is not None and back.is_planned:
                n_boxes += await self._plan(held, back, now=now)
            await _note("skip_withdrawn", held, person_id, on, n_boxes=n_boxes, now=now)

    async def _plan_before(
        self,
        held: SkippableSubscription,
        on: dt.date,
        boxes: Mapping[dt.date, DatedBox],
        *,
        now: DateTime,
    ) -> int:
        """Plan the open boxes anew for which the days until the next one change; returns how many."""
        n_boxes = 0
        for day, box in boxes.items():
            reaches = on - dt.timedelta(days=HORIZON_MAX) <= day < on
            if reaches and box.status is BoxStatus.PROPOSED:
                n_boxes += await self._plan(held, box, now=now)
        return n_boxes

    async def _plan(self, held: SkippableSubscription, box: DatedBox, *, now: DateTime) -> int:
        return await self.planning.plan_boxes_again(
            box.delivery_day_id, [held.id], why=ChangeReason.ASKED, now=now
        )


async def _subscription(person_id: UUID, subscription_id: UUID) -> SkippableSubscription:
    held = await skip_store.subscription_of(person_id, subscription_id)
    if held is None:
        raise NotFound
    return held


def _due(held: SkippableSubscription, since: dt.date) -> Iterator[DatedDelivery]:
    return due_deliveries(
        held.rule, first_on=held.first_delivery_on, cadence_weeks=held.cadence_weeks, since=since
    )


async def _still_open(
    held: SkippableSubscription, on: dt.date, *, now: DateTime
) -> dict[dt.date, DatedBox]:
    """Return the boxes from today on, once it is clear that the delivery on a day may still be skipped.

    Raises
    ------
    Invalid, PastCutoff
    """
    today = local_day(now, held.rule.timezone)
    is_running = held.status is SubscriptionStatus.ACTIVE
    if not is_running or not today <= on <= today.add(days=AHEAD_DAYS):
        raise _never_due()
    delivery = next(_due(held, on))
    if delivery.delivery_on != on:
        raise _never_due()
    boxes = await skip_store.dated_boxes(held, since=today)
    if not _is_open(delivery, boxes.get(on), now=now):
        raise PastCutoff
    return boxes


def _is_open(delivery: DatedDelivery, box: DatedBox | None, *, now: DateTime) -> bool:
    if box is None:
        return now < delivery.cutoff_at
    may_change = box.status is None or box.status in CHANGEABLE
    return may_change and not box.is_locked and now < box.cutoff_at


def _coming(
    held: SkippableSubscription,
    delivery: DatedDelivery,
    box: DatedBox | None,
    skipped: set[dt.date],
    *,
    now: DateTime,
) -> ComingDelivery:
    on, weeks = delivery.delivery_on, held.cadence_weeks
    lasts = min(HORIZON_MAX, 7 * weeks * (1 + n_skipped_next(on, weeks, skipped)))
    if box is not None and box.horizon_days is not None:
        lasts = box.horizon_days
    return ComingDelivery(
        on=on,
        cutoff_at=delivery.cutoff_at if box is None else box.cutoff_at,
        is_open=held.status is SubscriptionStatus.ACTIVE and _is_open(delivery, box, now=now),
        is_skipped=on in skipped,
        box_id=None if box is None else box.box_id,
        lasts_until=on + dt.timedelta(days=lasts - 1),
    )


def _never_due() -> Invalid:
    return Invalid("on", message("No box of this subscription is to come on that day."))


async def _note(
    action: str,
    held: SkippableSubscription,
    person_id: UUID,
    on: dt.date,
    *,
    n_boxes: int,
    now: DateTime,
) -> None:
    await audit.write(
        action,
        subject="subscription",
        subject_id=held.id,
        merchant_id=held.merchant_id,
        actor_id=person_id,
        now=now,
        detail={"delivery_on": on.isoformat(), "boxes": n_boxes},
    )
    log.info(action, subscription=str(held.id), delivery_on=on.isoformat(), boxes=n_boxes)
