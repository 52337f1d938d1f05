"""Mending a planned day: a lot did not come, did not pass or came short, and boxes hold it.

Which days that is so for is asked of the rows (`delivery/adapters/promise_store.py`), so nothing has to be told and
nothing can be forgotten. Boxes change in one unit of work with their reasons; doing it again changes nothing.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

import structlog
from pendulum import DateTime

from ripeday.kit.adapters import outbox
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.errors import NotFound
from subscriptions.adapters import change_store, edit_store, mend_store, planning_store, share_store
from subscriptions.adapters.change_store import Cause
from subscriptions.adapters.mend_store import OpenBox
from subscriptions.adapters.planning_store import BoxToSave, DayToPlan
from subscriptions.box_change import ChangeReason, reason_of
from subscriptions.lifecycle import PROMISABLE
from subscriptions.planning.mending import BoxToMend, Failure, mended_boxes
from subscriptions.services.choosing import PARAMS, PlanRejected, weights_in
from subscriptions.services.planning import PlanningService, Shelf, household_of, lots_of
from subscriptions.services.sharing import Overtaken, refuse_overpromised

log = structlog.get_logger("subscriptions.mending")

TRIES = 3
"""So often a day is mended again when its boxes or its stock changed meanwhile; then it waits for the next sweep."""


@dataclass(frozen=True, slots=True)
class Damage:
    """What has failed on a day, the boxes that hold it, and why each failed lot did."""

    failure: Failure
    boxes: Sequence[OpenBox]
    causes: Mapping[UUID, ChangeReason]

    def stands(self, now: "Damage") -> bool:
        """Tell whether the same lots fail the same boxes; what is free elsewhere may have changed."""
        return (self.causes, self.boxes) == (now.causes, now.boxes)

    def cause_of(self, box: OpenBox) -> Cause:
        """Return why a box had to change: a lot that is gone goes before one that fell short."""
        held = [line.lot_id for line in box.lines if line.lot_id in self.causes]
        gone = [lot for lot in held if lot in self.failure.gone]
        lot = (gone or held)[0]
        return Cause(self.causes[lot], lot)


@dataclass(frozen=True, slots=True)
class MendingService:
    """Plans those boxes anew that can no longer be had as they were proposed."""

    planning: PlanningService

    async def mend_day(self, delivery_day_id: UUID, *, now: DateTime) -> int:
        """Mend the open boxes of a day; returns how many changed, none once the day is closed.

        A household that has edited its box is the last to lose a lot, and gets a mail.

        Raises
        ------
        NotFound, PlanRejected
        Overtaken
            Others kept taking what was to go into the boxes; the day is still due.
        """
        for _ in range(TRIES - 1):
            with suppress(Overtaken):
                return await self._mend(delivery_day_id, now=now)
        return await self._mend(delivery_day_id, now=now)

    async def _mend(self, delivery_day_id: UUID, *, now: DateTime) -> int:
        day = await planning_store.day_to_plan(delivery_day_id)
        if day is None:
            raise NotFound
        damage = await self._damage(day)
        if day.locked_at is not None or now >= day.cutoff_at or not damage.boxes:
            return 0
        shelf = await self.planning.shelf(day)
        changed = await self._choose(day, shelf, damage)
        async with unit_of_work():
            await share_store.hold_depot(day.depot_id)
            held = await planning_store.day_to_plan(day.id, held=True)
            if held is None or held.locked_at is not None:
                return 0
            if not damage.stands(await self._damage(day)):
                raise Overtaken
            await _save(day, damage, changed, now=now)
            await refuse_overpromised(day, lots_of(list(changed.values())), self.planning.supply)
        log.info("day_mended", delivery_day=str(day.id), boxes=len(changed))
        return len(changed)

    async def _damage(self, day: DayToPlan) -> Damage:
        """Find what has failed, and the boxes that hold it.

        Of a lot that falls short the boxes of the latest open day give up first: they have the longest to be mended.
        """
        held = await mend_store.held_lots(day)
        units = await self.planning.supply.promisable_units(day.merchant_id, day.depot_id)
        planned = await planning_store.units_planned(day, anew=False)
        shares = await share_store.shares_of(day)
        left = {lot: count - planned.get(lot, 0) for lot, count in units.items()}
        gone = {lot.id for lot in held if lot.status not in PROMISABLE}
        short = {lot.id for lot in held if left.get(lot.id, 0) < 0 and not lot.is_held_later} - gone
        failed = [lot for lot in held if lot.id in gone | short]
        free = {lot: n if n < 0 else max(0, shares.of(lot, n)) for lot, n in left.items()}
        kinds = {lot.produce_key: lot.kind for lot in held}
        return Damage(
            Failure(frozenset(gone), frozenset(short), free, kinds),
            await mend_store.holders(day, [lot.id for lot in failed]) if failed else [],
            {lot.id: reason_of(lot.status, has_come=lot.has_come) for lot in failed},
        )

    async def _choose(self, day: DayToPlan, shelf: Shelf, damage: Damage) -> dict[UUID, BoxToSave]:
        """Choose boxes anew; returns them by their subscriptions."""
        profiles = self.planning.profiles
        boxes = [
            BoxToMend(household_of(box.due, day, shelf, profiles), box.is_edited, box.lines)
            for box in damage.boxes
        ]
        made = await asyncio.to_thread(
            mended_boxes, boxes, shelf.offers, damage.failure, weights_in(day.currency), seed=0, params=PARAMS
        )  # fmt: skip
        if made.breaches:
            raise PlanRejected(made.breaches)
        due = {n: damage.boxes[n].due for n in made.boxes}
        return {
            due[n].subscription_id: self.planning.box(due[n], box, day, shelf)
            for n, box in made.boxes.items()
        }


async def _save(
    day: DayToPlan, damage: Damage, changed: Mapping[UUID, BoxToSave], *, now: DateTime
) -> None:
    """Put new contents into boxes, write down why, and have those told who had edited theirs."""
    boxes = {box.due.subscription_id: box for box in damage.boxes}
    mended = {key: boxes[key] for key in changed}
    ids = {key: box.id for key, box in mended.items()}
    before = {
        key: [(line.produce_key, line.units) for line in box.lines] for key, box in mended.items()
    }
    causes = {key: damage.cause_of(box) for key, box in mended.items()}
    await planning_store.replace_contents(day, list(changed.values()), ids)
    await edit_store.save_spans(list(changed.values()), ids)
    await change_store.note(day, list(changed.values()), before, causes, now=now)
    told = {
        f"box:{box.id}:changed:{now.isoformat()}": {"kind": "box_changed", "box": str(box.id)}
        for box in mended.values()
        if box.is_edited
    }
    await outbox.put_many("notice", told, now=now)
