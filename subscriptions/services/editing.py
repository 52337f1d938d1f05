"""A household's own changes to a box before its cut-off: what they would do, and making them."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import structlog
from pendulum import DateTime

from ripeday.kit.adapters import audit
from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.errors import NotFound
from ripeday.kit.text import message
from ripening.produce import Produce
from subscriptions.adapters import edit_store, planning_store, share_store
from subscriptions.adapters.edit_store import BoxToEdit, StandingEdit
from subscriptions.box_change import ChangeReason
from subscriptions.box_edit import EditEffect, Idea, over_words
from subscriptions.box_effect import OpenBox, effect_of, ideas_of
from subscriptions.errors import BoxChanged, GivenAway, OverLimit, PastCutoff
from subscriptions.lifecycle import CHANGEABLE, BoxStatus
from subscriptions.planning.assemble import build_problem, read_boxes
from subscriptions.planning.checker import check
from subscriptions.planning.edit import Outcome, alone
from subscriptions.services.choosing import weights_in
from subscriptions.services.edit_look import EditCase, EditLook, shunned_lots
from subscriptions.services.planning import PlanningService, household_of

log = structlog.get_logger("subscriptions.editing")


@dataclass(frozen=True, slots=True)
class EditingService:
    """Shows what a change would do, makes it, and takes it back; all only until the cut-off.

    A box that was changed is the household's own: it is not planned anew. What may come in is what no other box of
    the depot holds, and every box that is stored has passed the independent checker.
    """

    planning: PlanningService
    profiles: Mapping[str, Produce]

    async def preview(
        self, person_id: UUID, box_id: UUID, asked: Mapping[UUID, int], *, now: DateTime
    ) -> EditLook:
        """Say what a box would be with so many units of these lots, and what would mend it; stores nothing.

        Raises
        ------
        NotFound, PastCutoff, Invalid
        """
        case = await self._case(await _open_box(person_id, box_id, now=now))
        return await _looked_at(case, asked)

    async def ideas(
        self, person_id: UUID, box_id: UUID, *, instead_of: str | None, now: DateTime
    ) -> tuple[EditCase, list[Idea]]:
        """Say what could come into a box, instead of a produce that it holds or besides all; stores nothing.

        Raises
        ------
        NotFound
            There is no such box, or it holds nothing of that produce.
        PastCutoff
        """
        case = await self._case(await _open_box(person_id, box_id, now=now))
        out = [line.lot_id for line in case.box.lines if line.produce_key == instead_of]
        if instead_of is not None and not out:
            raise NotFound
        return case, await asyncio.to_thread(ideas_of, case.open, out)

    async def change(
        self,
        person_id: UUID,
        box_id: UUID,
        asked: Mapping[UUID, int],
        *,
        seen: str | None,
        now: DateTime,
    ) -> EditLook:
        """Have so many units of these lots in a box; asked again, nothing more happens.

        `seen` names the box that the household looked at (`EditEffect.seen`).

        Raises
        ------
        NotFound, PastCutoff, Invalid, OverLimit, BoxChanged
        """
        async with unit_of_work():
            case = await self._held_case(person_id, box_id, now=now)
            after, effect = await asyncio.to_thread(effect_of, case.open, asked, with_mends=False)
            is_own = case.box.status is BoxStatus.EDITED or not asked
            if not is_own or after.units != case.open.units:
                if seen not in (None, effect.seen):
                    raise BoxChanged
                case = await self._save(case, after, effect, person_id=person_id, now=now)
        return await _looked_at(case, {})

    async def undo(
        self, person_id: UUID, box_id: UUID, *, seen: str | None, now: DateTime
    ) -> EditLook:
        """Take back the last change that stands; with the first one gone, the box is the planner's again.

        Raises
        ------
        NotFound, PastCutoff, Invalid, OverLimit, BoxChanged
        """
        async with unit_of_work():
            case = await self._held_case(person_id, box_id, now=now)
            if case.edits:
                last = case.edits[-1]
                asked = {each.lot_id: each.units_before for each in last.lots}
                after, effect = await asyncio.to_thread(
                    effect_of, case.open, asked, with_mends=False
                )
                if seen not in (None, effect.seen):
                    raise BoxChanged
                case = await self._save(
                    case, after, effect, person_id=person_id, undone=last, now=now
                )
        return await _looked_at(case, {})

    async def withdraw(self, person_id: UUID, box_id: UUID, *, now: DateTime) -> EditLook:
        """Give a box back to the planner, who fills it anew; one that was not changed stays as it is.

        Raises
        ------
        NotFound, PastCutoff, PlanRejected
        """
        async with unit_of_work():
            box = await _open_box(person_id, box_id, held=True, now=now)
            if box.status is BoxStatus.EDITED:
                edits = await edit_store.standing_edits(box_id)
                await edit_store.mark_undone([edit.id for edit in edits], now=now)
                await edit_store.mark_proposed(box_id, now=now)
                await self.planning.plan_boxes_again(
                    box.delivery_day_id, [box.subscription_id], why=ChangeReason.ASKED, now=now
                )
                await _note("box_edit_withdrawn", box, person_id, now=now)
        return await self.preview(person_id, box_id, {}, now=now)

    async def _held_case(self, person_id: UUID, box_id: UUID, *, now: DateTime) -> EditCase:
        """Keep a box, its day and its depot's stock from changing until the unit of work ends."""
        box = await _open_box(person_id, box_id, now=now)
        head = await planning_store.day_to_plan(box.delivery_day_id)
        if head is None:
            raise NotFound
        await share_store.hold_depot(head.depot_id)
        await planning_store.day_to_plan(box.delivery_day_id, held=True)
        return await self._case(await _open_box(person_id, box_id, held=True, now=now))

    async def _case(self, box: BoxToEdit) -> EditCase:
        day = await planning_store.day_to_plan(box.delivery_day_id)
        if day is None:
            raise NotFound
        due = await edit_store.due_of(day, box.id)
        shelf = await self.planning.shelf(day)
        held = box.units
        offers = [
            replace(offer, units_available=offer.units_available + held.get(offer.lot_id, 0))
            for offer in shelf.offers
        ]
        household = household_of(due, day, shelf, self.profiles)
        week = build_problem([household], offers, weights_in(day.currency))
        own = frozenset(line.lot_id for line in box.lines if line.is_override)
        edits = await edit_store.standing_edits(box.id)
        shunned = shunned_lots(edits, held)
        opened = OpenBox(day.delivery_on, offers, alone(week, 0), held, own, shunned)
        return EditCase(box, day, due, shelf, household, opened, edits)

    async def _save(
        self,
        case: EditCase,
        after: Outcome,
        effect: EditEffect,
        *,
        person_id: UUID,
        now: DateTime,
        undone: StandingEdit | None = None,
    ) -> EditCase:
        """Store a box that keeps every limit, as its household's own; returns the case as it is then."""
        if effect.over:
            over = effect.over[0]
            raise OverLimit(over.rule, over_words(over, self.profiles))
        if not after.units:
            raise OverLimit("empty", message("An empty box is not sent. Skip it instead."))
        problem, offers, box = case.open.problem, case.open.offers, case.box
        verdict = check(problem, after.plan)
        (proposal,) = read_boxes(problem, after.plan, verdict, [case.household], offers)
        made = self.planning.box(case.due, proposal, case.day, case.shelf)
        ids = {box.subscription_id: box.id}
        await planning_store.replace_contents(case.day, [made], ids)
        await edit_store.save_spans([made], ids)
        held = {offers[lot].lot_id: n for lot, n in after.units.items()}
        edits = await _written(case, held, undone, now=now)
        wanted: list[UUID] = []
        if undone is not None and not edits:
            await edit_store.mark_proposed(box.id, now=now)
        else:
            wanted = [offers[lot].lot_id for lot in case.open.wanted(after.units)]
            await edit_store.mark_edited(box.id, wanted, now=now)
        await _note("box_edited" if undone is None else "box_edit_undone", box, person_id, now=now)
        stored = await edit_store.box_to_edit(person_id, box.id)
        return replace(
            case,
            box=stored or box,
            open=replace(
                case.open, held=held, own=frozenset(wanted), shunned=shunned_lots(edits, held)
            ),
            edits=edits,
        )


async def _looked_at(case: EditCase, asked: Mapping[UUID, int]) -> EditLook:
    _, effect = await asyncio.to_thread(effect_of, case.open, asked)
    return EditLook(case, effect)


async def _written(
    case: EditCase, held: Mapping[UUID, int], undone: StandingEdit | None, *, now: DateTime
) -> Sequence[StandingEdit]:
    """Write a change down, or strike out the one that is undone; returns the changes that stand then."""
    if undone is None:
        await edit_store.note_edit(case.box, case.open.held, held, now=now)
    else:
        await edit_store.mark_undone([undone.id], now=now)
    return await edit_store.standing_edits(case.box.id)


async def _open_box(
    person_id: UUID, box_id: UUID, *, now: DateTime, held: bool = False
) -> BoxToEdit:
    box = await edit_store.box_to_edit(person_id, box_id, held=held)
    if box is None:
        raise NotFound
    if box.status not in CHANGEABLE or box.locked_at is not None or now >= box.cutoff_at:
        raise PastCutoff
    if box.is_given:
        raise GivenAway
    return box


async def _note(action: str, box: BoxToEdit, person_id: UUID, *, now: DateTime) -> None:
    await audit.write(
        action,
        subject="box",
        subject_id=box.id,
        merchant_id=box.merchant_id,
        actor_id=person_id,
        now=now,
    )
    log.info(action, box=str(box.id))
