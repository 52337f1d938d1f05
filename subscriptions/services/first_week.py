"""The week a visitor would get: planned by the house's own planner from what may still be promised."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from pendulum import DateTime

from ripeday.kit.errors import NotFound
from ripening.produce import Produce
from subscriptions.adapters import planning_store
from subscriptions.adapters.planning_store import BoxToSave, DayToPlan
from subscriptions.eating_calendar import EatingCalendar, HeldLine, eating_calendar
from subscriptions.first_week import FirstWeek, Home, PlanOffer, appetite_of, bare_reasons
from subscriptions.lifecycle import PlanKind
from subscriptions.services.planning import PlanningService
from subscriptions.services.shelf import Shelf

SHELF_KEPT_S = 20
"""A visitor who tries things out plans from stock this old at most; nothing is promised by looking."""


@dataclass(frozen=True, slots=True)
class _Kept:
    day: DayToPlan
    shelf: Shelf
    until: DateTime


@dataclass(frozen=True, slots=True)
class FirstWeekService:
    """Plans weeks for visitors; keeps each delivery day's shelf for some seconds."""

    planning: PlanningService
    profiles: Mapping[str, Produce]
    _shelves: dict[UUID, _Kept] = field(default_factory=dict, init=False)
    _loading: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    async def plan(
        self, delivery_day_id: UUID, plan: PlanOffer, home: Home, *, now: DateTime
    ) -> FirstWeek:
        """Return the week that a box of `plan` would bring from that delivery day on.

        Raises
        ------
        NotFound, PlanRejected
        """
        kept = await self._shelf(delivery_day_id, now=now)
        appetite = appetite_of(plan, home, country=kept.day.country)
        box = await self.planning.preview_from(kept.shelf, kept.day, appetite)
        uncovered = [(bare.day, bare.kind, bare.missing, bare.reason) for bare in box.bare]
        return FirstWeek(
            plan, self._calendar(box, kept.day), bare_reasons(uncovered, kept.day.delivery_on)
        )

    async def _shelf(self, delivery_day_id: UUID, *, now: DateTime) -> _Kept:
        async with self._loading:
            kept = self._shelves.get(delivery_day_id)
            if kept is not None and now < kept.until:
                return kept
            day = await planning_store.day_to_plan(delivery_day_id)
            if day is None:
                raise NotFound
            made = _Kept(day, await self.planning.shelf(day), now.add(seconds=SHELF_KEPT_S))
            for gone in [key for key, other in self._shelves.items() if now >= other.until]:
                del self._shelves[gone]
            self._shelves[delivery_day_id] = made
            return made

    def _calendar(self, box: BoxToSave, day: DayToPlan) -> EatingCalendar:
        lines = [
            HeldLine(
                uuid4(), line.lot_id, "", line.produce_key, line.units, line.mode, line.move_day, line.ready_day,
                line.last_day, line.eat, line.chance_fraction, line.best_fraction, line.spare,
            )
            for line in box.lines
        ]  # fmt: skip
        return eating_calendar(
            lines,
            profiles=self.profiles,
            delivery_on=day.delivery_on,
            horizon_days=box.horizon_days,
            wants_fruit=box.due.kind is not PlanKind.FLOWER,
            wants_flowers=box.due.kind is not PlanKind.FRUIT,
        )
