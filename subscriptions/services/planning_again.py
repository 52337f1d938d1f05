"""Planning a day again because somebody asked for it: noted at once, and done by a worker."""

from dataclasses import dataclass
from uuid import UUID

import structlog
from pendulum import DateTime

from ripeday.kit.errors import NotFound
from subscriptions.adapters import planning_store, share_store
from subscriptions.services.planning import PlannedDay, PlanningService

log = structlog.get_logger("subscriptions.planning")


@dataclass(frozen=True, slots=True)
class PlanningAgainService:
    """Takes the wish for another plan of a day, and makes the plan when its turn comes."""

    planning: PlanningService

    async def ask(self, delivery_day_id: UUID, *, now: DateTime) -> bool:
        """Have an open day planned again; asked twice, it is planned once. False when the day is closed for changes.

        Raises
        ------
        NotFound
        """
        day = await planning_store.day_to_plan(delivery_day_id)
        if day is None:
            raise NotFound
        if day.locked_at is not None or now >= day.cutoff_at:
            return False
        await share_store.ask(day, now=now)
        log.info("plan_asked_for", delivery_day=str(day.id))
        return True

    async def plan_asked(self, delivery_day_id: UUID, *, now: DateTime) -> PlannedDay | None:
        """Plan a day that somebody has asked for; None when that was done before, or the day is closed for changes.

        Boxes that nobody has edited are planned anew. Until that is saved, the day waits to be planned.

        Raises
        ------
        NotFound, PlanRejected, Overtaken
        """
        if not await share_store.is_asked(delivery_day_id):
            return None
        return await self.planning.plan_day(delivery_day_id, now=now, anew=True)
