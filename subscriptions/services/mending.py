"""Mending a planned day: a lot did not come, did not pass or came short, and boxes hold it.

Which days that is so for is asked of the rows (`delivery/adapters/promise_store.py`), so nothing has to be told and
nothing can be forgotten. Boxes change in one unit of work with their reasons; doing it again changes nothing.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from uuid import UUID

import structlog
from pendulum import DateTime

from ripeday.kit.adapters import audit, outbox
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.errors import NotFound
from ripeday.kit.money import Money
from subscriptions.adapters import (
    change_store,
    edit_store,
    fairness_store,
    mend_store,
    planned_store,
    planning_store,
    room_store,
    share_store,
)
from subscriptions.adapters.change_store import Cause
from subscriptions.adapters.mend_store import OpenBox
from subscriptions.adapters.planning_store import BoxToSave, DayToPlan, DueRow
from subscriptions.box_change import ChangeReason, reason_of
from subscriptions.box_price import price_of_part
from subscriptions.lifecycle import PROMISABLE, Consent
from subscriptions.making_room import TRIED_MOST, TRIED_PCT, others_of
from subscriptions.planning.assemble import BoxProposal
from subscriptions.planning.left_out import left_out
from subscriptions.planning.mending import (
    NO_ROOM,
    BoxToMend,
    Failure,
    MendedBoxes,
    Room,
    mended_boxes,
)
from subscriptions.services.choosing import PARAMS, PlanRejected, weights_in
from subscriptions.services.planning import PlanningService, household_of, lots_of
from subscriptions.services.sharing import Overtaken, refuse_overpromised
from subscriptions.services.shelf import Shelf

log = structlog.get_logger("subscriptions.mending")

TRIES = 3
"""So often a day is mended again when its boxes or its stock changed meanwhile; then it waits for the next sweep."""


@dataclass(frozen=True, slots=True)
class Damage:
    """What has failed on a day, the boxes that hold it or may make room, and why each failed lot did."""

    failure: Failure
    boxes: Sequence[OpenBox]
    causes: Mapping[UUID, ChangeReason]
    room: Room

    def stands(self, now: "Damage") -> bool:
        """Tell whether the same lots fail the same boxes; what is free elsewhere may have changed."""
        return (self.causes, self.boxes, self.room) == (now.causes, now.boxes, now.room)

    def cause_of(self, box: OpenBox) -> Cause:
        """Return why a box had to change: a lot that is gone goes before one that fell short.

        A box that holds nothing of what failed has made room for others.
        """
        held = [line.lot_id for line in box.lines if line.lot_id in self.causes]
        if not held:
            return Cause(ChangeReason.MADE_ROOM)
        gone = [lot for lot in held if lot in self.failure.gone]
        lot = (gone or held)[0]
        return Cause(self.causes[lot], lot)

    def due_without(self, box: OpenBox, currency: str) -> DueRow:
        """Return what a box costs without what has failed: its share of the goods comes off."""
        stays = [line.lot_id not in self.causes for line in box.lines]

        def left(minor: int) -> int:
            return price_of_part(Money(minor, currency), box.costs, stays).minor

        due = box.due
        usual = None if due.usual_minor is None else left(due.usual_minor)
        return replace(due, price_minor=left(due.price_minor), usual_minor=usual)


@dataclass(frozen=True, slots=True)
class MendingService:
    """Plans those boxes anew that can no longer be had as they were proposed."""

    planning: PlanningService

    async def mend_day(self, delivery_day_id: UUID, *, now: DateTime) -> int:
        """Mend the open boxes of a day; returns how many changed, none once the day is closed.

        A household that has edited its box is the last to lose a lot, keeps what else it chose, and gets a mail; so
        does one that wants to be asked. One that wants no substitutes goes without and pays less. As many other boxes
        make room as the merchant lets.

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

    async def let_make_room(
        self, merchant_id: UUID, pct: int, *, actor: UUID, now: DateTime
    ) -> None:
        """Let so many of the boxes that households leave to us make room when lots fail from now on. [%]"""
        async with unit_of_work():
            await room_store.set_others_pct(merchant_id, pct)
            await audit.write(
                "room_set", subject="merchant", subject_id=merchant_id, merchant_id=merchant_id,
                actor_id=actor, now=now, detail={"pct": pct},
            )  # fmt: skip

    async def _mend(self, delivery_day_id: UUID, *, now: DateTime) -> int:
        day = await planning_store.day_to_plan(delivery_day_id)
        if day is None:
            raise NotFound
        damage = await self._damage(day)
        if day.locked_at is not None or now >= day.cutoff_at or not damage.boxes:
            return 0
        shelf = await self.planning.shelf(day)
        made, changed = await self._choose(day, shelf, damage)
        async with unit_of_work():
            await share_store.hold_depot(day.depot_id)
            held = await planning_store.day_to_plan(day.id, held=True)
            if held is None or held.locked_at is not None:
                return 0
            if not damage.stands(await self._damage(day)):
                raise Overtaken
            await _save(day, damage, changed, now=now)
            if changed:
                await room_store.note_mended(
                    day, n_boxes=len(changed) - len(made.made_room), n_others=made.n_room, gain=made.gain,
                    is_trial=damage.room.is_trial, now=now,
                )  # fmt: skip
            await refuse_overpromised(day, lots_of(list(changed.values())), self.planning.supply)
        log.info("day_mended", delivery_day=str(day.id), boxes=len(changed))
        return len(changed)

    async def _damage(self, day: DayToPlan) -> Damage:
        """Find what has failed, and the boxes that hold it.

        Of a lot that falls short the boxes of the latest open day give up first: they have the longest to be mended.
        """
        held = await mend_store.held_lots(day)
        units = await self.planning.supply.promisable_units(day.merchant_id, day.depot_id)
        planned = await planned_store.units_planned(day, anew=False)
        shares = await share_store.shares_of(day)
        left = {lot: count - planned.get(lot, 0) for lot, count in units.items()}
        gone = {lot.id for lot in held if lot.status not in PROMISABLE}
        short = {lot.id for lot in held if left.get(lot.id, 0) < 0 and not lot.is_held_later} - gone
        failed = [lot for lot in held if lot.id in gone | short]
        free = {lot: n if n < 0 else max(0, shares.of(lot, n)) for lot, n in left.items()}
        kinds = {lot.produce_key: lot.kind for lot in held}
        room, boxes = NO_ROOM, list[OpenBox]()
        if failed:
            room = await _room(day)
            lots = [lot.id for lot in failed]
            boxes = await mend_store.holders(day, lots, with_free=room.most > 0)
        return Damage(
            Failure(frozenset(gone), frozenset(short), free, kinds),
            boxes,
            {lot.id: reason_of(lot.status, has_come=lot.has_come) for lot in failed},
            room,
        )

    async def _choose(
        self, day: DayToPlan, shelf: Shelf, damage: Damage
    ) -> tuple[MendedBoxes, dict[UUID, BoxToSave]]:
        """Choose boxes anew; returns what came of it, and the boxes as they are stored by their subscriptions."""
        profiles = self.planning.profiles
        boxes = [
            BoxToMend(household_of(box.due, day, shelf, profiles), box.is_edited, box.lines)
            for box in damage.boxes
        ]
        ids = [box.due.subscription_id for box in damage.boxes]
        made = await asyncio.to_thread(
            mended_boxes, boxes, shelf.offers, damage.failure, weights_in(day.currency), seed=0, params=PARAMS,
            waits=await fairness_store.turns_missed(ids, before=day.delivery_on), room=damage.room,
        )  # fmt: skip
        if made.breaches:
            raise PlanRejected(made.breaches)
        without = await asyncio.to_thread(_left_out, made.boxes, boxes, shelf, day, damage)
        due = {n: damage.boxes[n].due for n in made.boxes}
        for n in without:
            due[n] = damage.due_without(damage.boxes[n], day.currency)
        return made, {
            due[n].subscription_id: self.planning.box(due[n], without.get(n, box), day, shelf)
            for n, box in made.boxes.items()
        }


async def _room(day: DayToPlan) -> Room:
    """Return how many boxes may make room; where a merchant lets none, a few are tried if that takes no time."""
    pct, n_free = await room_store.others_pct(day.merchant_id), await mend_store.n_free(day)
    if pct:
        return Room(others_of(n_free, pct), is_trial=False)
    return Room(others_of(n_free, TRIED_PCT) if n_free <= TRIED_MOST else 0, is_trial=True)


def _left_out(
    made: Mapping[int, BoxProposal],
    boxes: Sequence[BoxToMend],
    shelf: Shelf,
    day: DayToPlan,
    damage: Damage,
) -> dict[int, BoxProposal]:
    """Return the boxes of households that want no substitutes, without what failed, by their places.

    Where what is left would be no box any more, it is planned anew like any other, and its household is told.
    """
    weights, failed = weights_in(day.currency), frozenset(damage.causes)
    found: dict[int, BoxProposal] = {}
    for n in made:
        if damage.boxes[n].consent is Consent.NEVER:
            box = left_out(boxes[n].household, boxes[n].lines, failed, shelf.offers, weights)
            if box is not None:
                found[n] = box
    return found


async def _save(
    day: DayToPlan, damage: Damage, changed: Mapping[UUID, BoxToSave], *, now: DateTime
) -> None:
    """Put new contents into boxes, write down why, and have those told who had edited theirs or want to be asked."""
    boxes = {box.due.subscription_id: box for box in damage.boxes}
    mended = {key: boxes[key] for key in changed}
    ids = {key: box.id for key, box in mended.items()}
    before = {
        key: [(line.produce_key, line.units) for line in box.lines] for key, box in mended.items()
    }
    causes = {key: damage.cause_of(box) for key, box in mended.items()}
    await planning_store.replace_contents(day, list(changed.values()), ids)
    await edit_store.save_spans(list(changed.values()), ids)
    await mend_store.mark_own(list(mended.values()))
    await _note_lost(day, damage, mended, changed)
    await change_store.note(day, list(changed.values()), before, causes, now=now)
    cheaper = {
        key: made
        for key, made in changed.items()
        if made.due.price_minor < mended[key].due.price_minor
    }
    for key, made in cheaper.items():
        price, tax = Money(made.due.price_minor, day.currency), Money(made.tax_minor, day.currency)
        usual = made.due.usual_minor
        without = None if usual is None else Money(usual, day.currency)
        await mend_store.save_price(ids[key], price, tax, without)
    told = {
        f"box:{box.id}:changed:{now.isoformat()}": {
            "kind": "box_left_out" if key in cheaper else "box_changed",
            "box": str(box.id),
        }
        for key, box in mended.items()
        if box.is_edited or box.consent is not Consent.BEST
    }
    await outbox.put_many("notice", told, now=now)


async def _note_lost(
    day: DayToPlan,
    damage: Damage,
    mended: Mapping[UUID, OpenBox],
    changed: Mapping[UUID, BoxToSave],
) -> None:
    """Count it as a missed turn where a box has nothing more of what failed, or of what it gave up for others."""
    waits = await fairness_store.turns_missed(list(mended), before=day.delivery_on)
    lost = []
    for key, box in mended.items():
        failed = {line.produce_key for line in box.lines if line.lot_id in damage.causes}
        now = {line.produce_key for line in changed[key].lines}
        given_up = (failed or {line.produce_key for line in box.lines}) - now
        lost += [(box.id, each, waits.get(key, {}).get(each, 0)) for each in sorted(given_up)]
    await fairness_store.note_lost(lost)
