"""Fair shares over the weeks: planning with the turns that were missed, and asking a stored plan why it is as it is."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from subscriptions.adapters import fairness_store
from subscriptions.adapters.planning_store import DayToPlan
from subscriptions.planning.answer import Scarcity, Why
from subscriptions.planning.assemble import DueHousehold, LotOffer
from subscriptions.planning.record import Proposed, propose_in_turn
from subscriptions.planning.solve import Progress
from subscriptions.services.choosing import PARAMS, PlanRejected, weights_in


async def plan_in_turn(
    day: DayToPlan,
    households: Sequence[DueHousehold],
    offers: Sequence[LotOffer],
    *,
    seed: int,
    progress: Progress | None,
) -> Proposed:
    """Plan boxes, scarce produce going first to those who went without it at the last deliveries.

    Raises
    ------
    PlanRejected
    """
    ids = [household.subscription_id for household in households]
    waits = await fairness_store.turns_missed(ids, before=day.delivery_on)
    weights = weights_in(day.currency)
    made = await asyncio.to_thread(
        propose_in_turn, households, offers, weights, waits,
        seed=seed, params=PARAMS, progress=progress,
    )  # fmt: skip
    if made.verdict.breaches:
        raise PlanRejected(made.verdict.breaches)
    return made


async def why_box(box_id: UUID, produce_key: str | None = None) -> list[Why] | None:
    """Answer for every produce of the plan that a box comes from, or for one, as the box now is.

    None where no record of its plan is kept: it was made before there were any, or more than twelve weeks ago.
    """
    return await _answered(box_id, None if produce_key is None else (produce_key,))


async def why_without(box_id: UUID) -> list[Why]:
    """Answer for the scarce produce that a household likes and that is not in its box."""
    keys = await fairness_store.missed_wishes(box_id)
    return await _answered(box_id, keys) or [] if keys else []


async def _answered(box_id: UUID, produce: Sequence[str] | None) -> list[Why] | None:
    box = await fairness_store.held_box(box_id)
    if box is None:
        return None
    for record_id in await fairness_store.records_of(box.delivery_day_id, box_id):
        row, answers = await fairness_store.row_in(record_id, box.subscription_id)
        if row is None:
            continue
        keys = answers.products if produce is None else produce
        return [
            why.as_held(is_held=why.produce_key in box.produce)
            for why in (answers.why_key(row, key) for key in keys)
        ]
    return None


async def scarce_in(delivery_day_id: UUID) -> list[list[Scarcity]]:
    """Return what was scarce in each kept plan of a day, newest first."""
    records = await fairness_store.records_of(delivery_day_id)
    return [(await fairness_store.answers_in(each)).scarce() for each in records]


async def replays(delivery_day_id: UUID) -> list[bool]:
    """Make every kept plan of a day again from its own record; whether each gives the same boxes, newest first."""
    weeks = [
        await fairness_store.week_in(each)
        for each in await fairness_store.records_of(delivery_day_id)
    ]
    return [await asyncio.to_thread(week.replays) for week in weeks]
