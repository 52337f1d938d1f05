"""Days planned side by side: each takes from its own share of the stock, so none waits and none takes another's.

The shares of all days of a depot that are due together are dealt at once and kept until each is planned. So what a
day is planned from does not depend on which worker plans it, when, how many there are, or how often one is killed.
"""

import asyncio
import contextvars
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from uuid import UUID

import structlog
from pendulum import DateTime

from ripeday.kit.adapters.unit_of_work import unit_of_work
from ripeday.kit.errors import Unavailable
from ripeday.kit.text import message
from ripening.produce import Produce
from subscriptions.adapters import planned_store, planning_store, share_store
from subscriptions.adapters.planning_store import DayToPlan
from subscriptions.day_share import Demand, deal
from subscriptions.plan_progress import PlanPhase, Standing, begun, standing_of
from subscriptions.planning.solve import Progress
from subscriptions.supply import Supply

log = structlog.get_logger("subscriptions.sharing")

TELL_EVERY_S = 0.5


class Overtaken(Unavailable):
    """Others took stock that a plan had counted on, so nothing was saved; it is made again."""

    code = "overtaken"

    def __init__(self) -> None:
        super().__init__(
            message("The stock has changed while this was planned. It is planned again.")
        )


async def begin_first_plan(
    day: DayToPlan, supply: Supply, profiles: Mapping[str, Produce], *, now: DateTime
) -> None:
    """Deal the stock to all days of the depot that are due to be planned, unless that was done before.

    Raises
    ------
    Overtaken
        Other days are just being planned; this one is dealt with after them.
    """
    async with unit_of_work():
        await share_store.hold_depot(day.depot_id)
        at_work = await share_store.days_at_work(day.depot_id, now=now)
        if day.id in at_work:
            return
        if at_work:
            raise Overtaken
        demand = await share_store.waiting_days(day, now=now)
        await share_store.begin(day.merchant_id, {day.id, *demand}, now=now)
        if len(demand) > 1:
            shares = await _shares(day, demand, supply, profiles)
            await share_store.keep(day.merchant_id, shares)


async def _shares(
    day: DayToPlan, demand: Mapping[UUID, Demand], supply: Supply, profiles: Mapping[str, Produce]
) -> dict[UUID, dict[UUID, int]]:
    units = dict(await supply.promisable_units(day.merchant_id, day.depot_id))
    for lot_id, planned in (await planned_store.units_planned(day, anew=False)).items():
        units[lot_id] = units.get(lot_id, 0) - planned
    days_of: dict[UUID, list[UUID]] = {}
    kinds: dict[UUID, str] = {}
    for other_id in demand:
        other = await planning_store.day_to_plan(other_id)
        if other is None:
            continue
        for row in await planning_store.lots_for(
            day.merchant_id, day.depot_id, delivery_on=other.delivery_on, pack_on=other.pack_on
        ):
            if row.state.produce_key in profiles:
                days_of.setdefault(row.lot_id, []).append(other_id)
                kinds[row.lot_id] = profiles[row.state.produce_key].kind
    lots = [(units.get(lot, 0), kinds[lot], days) for lot, days in days_of.items()]
    shares: dict[UUID, dict[UUID, int]] = {other: {} for other in demand}
    for lot, dealt in zip(days_of, deal(lots, demand), strict=True):
        for day_id, count in dealt.items():
            shares[day_id][lot] = count
    return shares


async def refuse_overpromised(day: DayToPlan, lot_ids: Collection[UUID], supply: Supply) -> None:
    """Refuse a plan that was just written where boxes now hold more of these lots than there is.

    Call it inside the unit of work that wrote the plan and holds the depot.

    Raises
    ------
    Overtaken
    """
    units = await supply.promisable_units(day.merchant_id, day.depot_id)
    planned = await planned_store.units_planned(day, anew=False)
    if any(planned.get(lot_id, 0) > units.get(lot_id, 0) for lot_id in lot_ids):
        log.info("plan_overtaken", delivery_day=str(day.id))
        raise Overtaken


class Teller:
    """Where a plan says how far it is; the planner calls it from threads of its own, and nobody waits for it."""

    def __init__(self, also: Progress | None) -> None:
        self.latest: Standing = begun(PlanPhase.READING)
        self._also = also

    def __call__(self, phase: str, done: int, total: int) -> None:
        """Hear from the planner."""
        self.latest = standing_of(phase, done, total)
        if self._also is not None:
            self._also(phase, done, total)

    def reach(self, phase: PlanPhase) -> None:
        """Begin a phase."""
        self.latest = begun(phase)


@asynccontextmanager
async def told(delivery_day_id: UUID, also: Progress | None) -> AsyncIterator[Teller]:
    """Note now and then how far the plan of a day is, for as long as the context lasts."""
    teller = Teller(also)
    # Outside any unit of work of the plan's: what is noted has to be seen at once.
    telling = asyncio.create_task(_tell(delivery_day_id, teller), context=contextvars.Context())
    try:
        yield teller
    finally:
        telling.cancel()
        with suppress(asyncio.CancelledError):
            await telling


async def _tell(delivery_day_id: UUID, teller: Teller) -> None:
    said: Standing | None = None
    while True:
        if teller.latest != said:
            said = teller.latest
            await share_store.tell(delivery_day_id, said)
        await asyncio.sleep(TELL_EVERY_S)
